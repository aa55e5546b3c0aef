"""The values that a category is drawn from: by entity, in groups whose values have more in common than others."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["CHOICES"]

_TABLES = {
    "MEDICAL_CONDITION": (
        "asthma, bronchitis, pneumonia, emphysema, sleep apnea",
        "hypertension, angina, atrial fibrillation, heart failure, coronary artery disease",
        "diabetes, hypothyroidism, gout, obesity, high cholesterol",
        "depression, anxiety, bipolar disorder, schizophrenia, insomnia",
        "influenza, hepatitis, tuberculosis, HIV, malaria",
        "breast cancer, lung cancer, leukemia, melanoma, lymphoma",
        "migraine, epilepsy, multiple sclerosis, Parkinson's disease, dementia",
        "arthritis, osteoporosis, psoriasis, eczema, back pain",
    ),
    "MEDICATION": (
        "ibuprofen, paracetamol, aspirin, naproxen, tramadol",
        "lisinopril, amlodipine, metoprolol, losartan, ramipril",
        "metformin, insulin, levothyroxine, prednisone, atorvastatin",
        "sertraline, fluoxetine, citalopram, quetiapine, lithium",
        "amoxicillin, doxycycline, azithromycin, ciprofloxacin, penicillin",
    ),
    "OCCUPATION": (
        "teacher, professor, librarian, social worker, coach",
        "nurse, doctor, pharmacist, dentist, physiotherapist",
        "engineer, electrician, mechanic, carpenter, plumber",
        "accountant, lawyer, consultant, manager, clerk",
        "cook, waiter, hairdresser, driver, farmer",
    ),
    "NRP": (
        "German, French, Italian, Spanish, Polish",
        "American, Canadian, Mexican, Brazilian, Argentinian",
        "Chinese, Japanese, Indian, Korean, Vietnamese",
        "Nigerian, Egyptian, Kenyan, Moroccan, South African",
        "Christian, Muslim, Jewish, Hindu, Buddhist",
    ),
    "LOCATION": (
        "Germany, France, Italy, Spain, Poland",
        "United States, Canada, Mexico, Brazil, Argentina",
        "China, Japan, India, South Korea, Vietnam",
        "Nigeria, Egypt, Kenya, Morocco, South Africa",
    ),
    "MARITAL_STATUS": ("single, divorced, widowed", "married, engaged, separated"),
    "GENDER": ("female", "male", "non-binary"),
}

CHOICES: Mapping[str, tuple[tuple[str, ...], ...]] = MappingProxyType(
    {entity: tuple(tuple(group.split(", ")) for group in groups) for entity, groups in _TABLES.items()}
)
"""
Entity to groups of values.

INVARIANT: what a table holds never depends on the value that is treated, or the domain would give the value away.
"""
