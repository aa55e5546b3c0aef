"""Signs of illness, findings and treatments of someone, by their words and by how such words are built."""

from __future__ import annotations

import re

from hybrid_guard.detectors.context import PERSONAL, far_words
from hybrid_guard.detectors.matching import Pattern
from hybrid_guard.detectors.tables.labels import LETTERS, WORD_START, any_of
from hybrid_guard.detectors.views import WORD

__all__ = ["HEALTH", "HEALTH_CONTEXT", "refute_great"]

HEALTH_CONTEXT = (
    *PERSONAL,
    *far_words(
        "symptoms, he has, she has, she's been, he's been, suffers from, suffering from, my doctor"
        ", surgery, treatment for, appointment, tested positive, allergic to, medications"
        ", medication list, dosage, blood pressure was, lab results, test results, rash, er visit"
        ", emergency room, therapist, pain level, follow-up, post-op, pediatrician, hospitalized"
    ),
)
"""Words of texts about the health of someone, beside those about someone."""

_SIGNS = (
    (
        "cholera, malaria, measles, mumps, rubella, polio, tetanus, varicella, chickenpox, yellow fever, typhoid"
        ", tuberculosis, morning sickness, jock itch, athlete's foot, reflux, acid reflux, dehydrated, dehydration"
        ", insulin resistance, herniated disc, bulging disc, slipped disc, heart condition, bedsore, bedsores"
        ", limited mobility, sensitivity to light, lethargic, low iron, digestive issues, constipated, fainted"
    ),
    (
        "pain, pains, ache, aches, headache, headaches, migraine, migraines, nausea, vomiting, diarrhea, constipation"
        ", fever, chills, cough, coughing, sore throat, runny nose, congestion, shortness of breath, wheezing"
        ", fatigue, dizziness, lightheadedness, vertigo, fainting, numbness, tingling, swelling, rash, hives, itching"
        ", itchiness, bleeding, bruising, bruise, cramps, cramping, bloating, heartburn, insomnia, nightmares"
        ", flashbacks, panic attack, panic attacks, mood swings, suicidal thoughts, suicidal ideation, self-harm"
        ", palpitations, chest tightness, chest pain, back pain, joint pain, stiffness, soreness, spasms, tremor"
        ", tremors, seizure, seizures, blurred vision, double vision, tinnitus, ringing in my ears, hot flashes"
        ", night sweats, weight loss, weight gain, loss of appetite, hair loss, brain fog, memory loss, lump, lesion"
        ", blister, blisters, infection, fracture, sprain, concussion, whiplash, wound, stitches, tumor, cyst"
        ", polyp, polyps, nodule, clot, hernia, ulcer, stroke, heart attack, heart murmur, miscarriage, pregnancy"
        ", pregnant, infertility, menopause, contractions, relapse, hangover, sobriety, overdose, addiction, allergy"
        ", allergies, allergic reaction, anaphylaxis, flare-up, flare-ups, disability, wheelchair, hearing loss"
        ", vision loss, sleep apnea, snoring, itchy"
    ),
    (
        "swollen, nauseous, dizzy, sore, numb, bloody stool, jaundice, dehydration, low-grade fever, high fever"
        ", body aches, muscle aches"
    ),
    (
        "schmerzen, kopfschmerzen, rückenschmerzen, bauchschmerzen, fieber, husten, übelkeit, erbrechen, durchfall"
        ", schwindel, müdigkeit, ausschlag, atemnot, schwangerschaft, schwanger, herzinfarkt, schlaganfall"
        ", bluthochdruck, zuckerkrankheit, krebs, allergie, depressionen, angststörung, bandscheibenvorfall"
        ", knochenbruch"
    ),
    (
        "douleur, douleurs, mal de tête, maux de tête, fièvre, toux, nausées, vomissements, diarrhée, vertiges"
        ", fatigue, éruption"
    ),
    (
        "essoufflement, enceinte, grossesse, crise cardiaque, avc, hypertension artérielle, diabète, cancer, allergie"
        ", dépression"
    ),
    (
        "dolor, dolores, dolor de cabeza, fiebre, tos, náuseas, vómitos, diarrea, mareos, cansancio, erupción"
        ", embarazo, embarazada, infarto, ictus, hipertensión, hipertensión arterial, diabetes, cáncer, alergia"
        ", depresión, ansiedad, asma, artritis"
    ),
    (
        "dolore, dolori, mal di testa, febbre, tosse, nausea, vomito, diarrea, vertigini, stanchezza, gravidanza"
        ", incinta, infarto, ictus, ipertensione, diabete, cancro, tumore, allergia, depressione, ansia, asma"
        ", artrite"
    ),
    (
        "dor, dores, dor de cabeça, febre, tosse, náuseas, vômitos, diarreia, tontura, cansaço, gravidez, grávida"
        ", infarto, avc, hipertensão, pressão alta, câncer, cancro, alergia, depressão, ansiedade, artrite"
    ),
    (
        "pijn, hoofdpijn, rugpijn, koorts, hoest, misselijkheid, braken, diarree, duizeligheid, vermoeidheid, uitslag"
        ", zwanger, zwangerschap, hartaanval, beroerte, hoge bloeddruk, suikerziekte, kanker, allergie, depressie"
        ", angststoornis"
    ),
    (
        "ból, bóle, ból głowy, gorączka, kaszel, nudności, wymioty, biegunka, zawroty głowy, zmęczenie, wysypka"
        ", ciąża, w ciąży, zawał, udar, nadciśnienie, cukrzyca, rak, nowotwór, alergia, depresja, lęk, astma"
    ),
)
_PARTS = (
    r"(?:head|neck|back|lower\sback|upper\sback|chest|stomach|abdomen|abdominal|pelvis|pelvic|arm|leg|knee|knees|hip"
    r"|hips|shoulder|shoulders|elbow"
    r"|wrist|hand|hands|finger|fingers|foot|feet|ankle|toe|toes|joint|joints|muscle|jaw|tooth|ear|ears|eye|eyes|throat"
    r"|lung|liver|kidney|breast"
    r"|skin|face|scalp|spine|groin|nerve|sciatic\snerve|blood)"
)
_GRADE = (
    r"(?:(?:great|mild|moderate|severe|extreme|intense|chronic|acute|persistent|constant|recurring|recurrent|sharp|dull"
    r"|throbbing|stabbing|burning|shooting"
    r"|sudden|bad|terrible|widespread|unusual|unusually|low-grade|high|dry|bloody|red|scaly|large|small|painful|visual"
    r"|generalized|major|clinical"
    r"|seasonal|gestational|postpartum|early|late|advanced|stage\s\w+|type\s[12]|bilateral|left|right|allergic|viral"
    r"|bacterial|fungal|yeast|urinary"
    r"|starke|leichte|chronische|akute|fuerte|leve|cr\xf3nic[oa]|agud[oa]|forte|aigu[e\xeb]?|chronique|cronic[oa]|silny"
    r"|przewlek\xffy)\s){0,3}"
)
_BUILT = (
    # Words for illnesses are built from few endings, in all the languages.
    rf"[{LETTERS}-]{{3,}}(?:itis|itides|osis|emia|aemia|algia|opathy|opathies|plegia|phobia|penia|uria|pnea|rrhea"
    r"|rrhoea|sclerosis|dystrophy"
    r"|carcinoma|sarcoma|lymphoma|melanoma|myeloma|leukemia|leukaemia|blastoma|adenoma|fibroma|syndrome|disorder"
    r"|neuropathy|insufficiency"
    r"|ectomy|ostomy|otomy|plasty|oscopy|\xe4mie|pathie|algie|itide|emie|opat\xeda|zapalenie|emia)|[{LETTERS}-]*(?:thr"
    r"|kler|irrh|omb|kul|neur|psych|li|por|fibr|end)o(?:se|si|za)|zapalenie\s[{LETTERS}]+)"
)
_ORDINARY = re.compile(
    r"(?i)(?:diagnosis|prognosis|hypnosis|osmosis|symbiosis|mitosis|meiosis|metamorphosis|apotheosis"
    r"|academia|bohemia|macedonia|dichotomy|lobotomy|autonomy|xenophobia|homophobia|anomalie|nostalgie|nostalgia"
    r"|sympathie|antipathie|empathie"
    r"|pandemie|akademie|chemie|economia)"
)
_OWNER = (
    r"(?:my|his|her|their|mein(?:e[mnrs]?)?|sein(?:e[mnrs]?)?|ihr(?:e[mnrs]?)?|mon|ma|mes|sa|ses|mi|mis|su|sus|mio|mia"
    r"|miei|suo|sua|meu|minha|seu|mijn|haar|mój|moja|moje|moj\xff|mojej|jego|jej)"
)
_HAVING = (
    r"(?:on|needs?|needed|starts?|started|starting|began|gets?|got|getting|having|has|had|have|undergoing|underwent"
    r"|bekommt|braucht|macht|zur|an\sder|sous|fait|commence|en|tiene|hace|fa|in|faz|aan|krijgt|na|ma)"
)
_TREATMENTS = (
    r"(?:(?:kidney|peritoneal|home)\s)?(?:dialysis|ha?emodialysis|chemo|chemotherapy|radiotherapy|immunotherapy"
    r"|methadone|rehab|ivf|hospice\scare|palliative\scare|dialyse|chemotherapie|strahlentherapie|chimiothérapie"
    r"|radiothérapie|diálisis|quimioterapia|radioterapia|dialisi|chemioterapia|diálise|bestraling|dializie|chemioterapii)"
)
_DRUGS = (
    rf"[{LETTERS}]{{2,}}(?:pril|sartan|statin|olol|azole|prazole|cillin|mycin|floxacin|cycline|azepam|azolam|oxetine"
    r"|ipramine|triptyline|triptan|gliptin"
    r"|gliflozin|glutide|parin|dipine|thiazide|semide|setron|profen|fenac|codone|morphone|fentanil|tinib|ciclib|lukast"
    r"|terol|sonide|olone|asone|vir"
    r"|vudine|conazole|dronate|mab|zepine|giline|caine|barbital|idone|apine|pirazole|lamide|formin|xaban|grel|tropium"
    r"|phylline|nacin|zosin|afil)"
)
_NO_DRUG = re.compile(
    r"(?i)(?:april|avril|abril|cocaine|caine|propane|refrain|reservoir|devoir|savoir|pouvoir|avoir|terminal|mcafil"
    r"|elvir|zafir|souvenir|profil|april.*)"
)


def refute_great(value: str) -> bool | None:
    """The Great Depression was no illness."""
    return False if value.lower().startswith("great") else None


def _refute_ordinary(value: str) -> bool | None:
    return False if _ORDINARY.fullmatch(value.rsplit(maxsplit=1)[-1]) else None


HEALTH: tuple[Pattern, ...] = (
    Pattern(
        name="sign of illness",
        entity="MEDICAL_CONDITION",
        regex=(
            rf"{WORD_START}(?P<span>{_GRADE}(?:{_PARTS}\s)?{any_of(_SIGNS)}(?:\s(?:in|on|of|to|around|down)\s(?:my|his"
            r"|her|the|both)\s"
            rf"(?:left\s|right\s|lower\s|upper\s)?{_PARTS}(?:\sand\s{_PARTS})?)?)(?:$|[^{WORD}])"
        ),
        score=0.3,
        context=HEALTH_CONTEXT,
        check=refute_great,
    ),
    Pattern(
        name="illness by how its name is built",
        entity="MEDICAL_CONDITION",
        regex=rf"{WORD_START}(?P<span>{_GRADE}{_BUILT}(?:$|[^{WORD}])",
        score=0.3,
        context=HEALTH_CONTEXT,
        check=_refute_ordinary,
        fit=lambda value: len(value.rstrip(" .,;:!?)\"'\n\r\t/")),
    ),
    Pattern(
        name="illness that is someone's",
        entity="MEDICAL_CONDITION",
        regex=(rf"\b{_OWNER}\s(?P<span>{_GRADE}(?:{_PARTS}\s)?(?:{any_of(_SIGNS)}|(?:{_BUILT}))(?:$|[^{WORD}])"),
        score=0.6,
        check=_refute_ordinary,
    ),
    Pattern(
        name="treatment that someone has",
        entity="MEDICAL_CONDITION",
        regex=(
            rf"\b(?:{_OWNER}|{_HAVING})\s(?:(?:a|another|more|the|daily|weekly)\s)?(?P<span>{_TREATMENTS})(?:$|[^{WORD}])"
        ),
        score=0.6,
    ),
    Pattern(
        name="what someone is diagnosed with",
        entity="MEDICAL_CONDITION",
        regex=(
            r"\b(?:diagnosed\s(?:me\s|him\s|her\s)?(?:with|as(?:\shaving)?)|suffer(?:s|ing|ed)?\sfrom|treated\sfor"
            r"|being\streated\sfor|(?:am|'m|is|was|'s|severely|highly|be)\sallergic\sto"
            r"|allergy\sto|intolerant\sto|tested\spositive\sfor|diagnostiziert\smit|leide\san|leidet\san|erkrankt\san"
            r"|atteinte?\sd[e']|souffre\sde|diagnosticad[oa]"
            r"\s(?:de|con|com)|padece|sufre\sde|affett[oa]\sda|soffre?\sdi|sofre\sde|lijd\saan|lijdt\saan|choruje\sna"
            r"|cierpi\sna|chorujr\xff\sna)\s(?:a\s|an\s|the\s)?"
            rf"(?P<span>[{LETTERS}'-]+(?:\s(?:I{{1,3}}|IV|[1-4]|[{LETTERS}'-]{{3,}})){{0,3}}?)(?:$|[.,;:)!?\n]|\s(?:and"
            r"|or|in|on|by|at|two|three|last|this|a|an|but|when|which"
            r"|after|since|for|with|und|et|y|e|en|i|seit|depuis|desde|dal|od)\b)"
        ),
        score=0.6,
    ),
    Pattern(
        name="allergy with its grade",
        entity="MEDICAL_CONDITION",
        regex=(
            rf"{WORD_START}(?P<span>{_GRADE}(?:life-threatening\s)?allerg(?:y|ies)\sto\s(?:all\s|the\s|a\s)?[{LETTERS}-]+"
            r"(?:\s(?:nuts?|drugs?|antibiotics?|vaccines?|products?|bites?|stings?|hair|fur|pollen))?"
            rf"(?:\s(?:and|or)\s[{LETTERS}-]+)?)(?:$|[^{WORD}])"
        ),
        score=0.3,
        context=HEALTH_CONTEXT,
        evidence=0.7,
    ),
    Pattern(
        name="injury of someone",
        entity="MEDICAL_CONDITION",
        regex=(
            r"\b(?P<span>(?:broke|fractured|dislocated|sprained|tore|twisted|injured|injuring|herniated|hurt|bruised)\s"
            rf"(?:my|his|her|their|both|two)\s(?:(?:left|right|lower|upper|L\d|C\d|and)\s){{0,4}}"
            rf"(?:{_PARTS}|arms?|legs?|backs?|wrists?|ribs?|hips?|vertebrae|discs?|acl|meniscus|collarbone|tendon|nose)"
            rf"(?:\sin\smy\s(?:lower\s|upper\s)?(?:back|neck|spine))?)(?:$|[^{WORD}])"
        ),
        score=0.5,
    ),
    Pattern(
        name="measurement of a body",
        entity="MEDICAL_CONDITION",
        regex=(
            r"\b(?P<span>(?:(?:fasting\s)?(?:blood\s(?:pressure|sugar|glucose|count)|heart\srate|pulse|bmi|a1c|hba1c"
            r"|hemoglobin\sa1c|cholesterol|ldl|hdl|triglycerides|psa|tsh"
            r"|creatinine|egfr|temperature|weight|phq-9\sscore|gad-7\sscore|t-score)(?:\s(?:was|is|of|at|level|reading"
            r"|result|results|this|morning|came|back|readings|:))*[\s:]{0,2}"
            r"\d{1,3}(?:[./]\d{1,3})?\s?(?:mg/dl|mmol/l|mmhg|bpm|%|kg|lbs?|\xb0?[fc])?|\d{1,3}(?:\.\d)?\s?(?:mg/dl"
            r"|mmol/l|mmhg|bpm|ng/ml|\xb0[fc])))"
            r"(?:$|\W)"
        ),
        score=0.3,
        context=HEALTH_CONTEXT,
    ),
    Pattern(
        name="medicine by how its name is built",
        entity="MEDICATION",
        regex=(
            rf"{WORD_START}(?P<span>{_DRUGS}(?:\s\d{{1,4}}(?:[.,]\d+)?\s?(?:mg|mcg|ug|\xb5g|g|ml|units|iu)\b)?)(?:$"
            rf"|[^{WORD}])"
        ),
        score=0.3,
        context=HEALTH_CONTEXT,
        check=lambda value: False if _NO_DRUG.fullmatch(value.split()[0]) else None,
    ),
    Pattern(
        name="dose",
        entity="MEDICATION",
        regex=(
            rf"{WORD_START}(?P<span>(?:[{LETTERS}-]{{4,}}\s)?\d{{1,4}}(?:[.,]\d+)?\s?(?:mg|mcg|\xb5g|units|iu|ml)"
            rf"(?:\s[{LETTERS}]+)?"
            r"(?:\s(?:once|twice|three\stimes)\s(?:a\sday|daily)|\sdaily|\sbid|\stid|\sqhs|\sprn|\st\xe4glich"
            r"|\spar\sjour|\sal\sd\xeda|\sal\sgiorno|\spor\sdia|\sdaags|\sdziennie)?)(?:$|\W)"
        ),
        score=0.3,
        context=(
            "take",
            "takes",
            "taking",
            "prescribed",
            "dose",
            "daily",
            "tablet",
            "medication",
            "pill",
            "nehme",
            "prends",
            "tomo",
            "prendo",
            "slik",
            "bior\u0119",
            *HEALTH_CONTEXT[-8:],
        ),
    ),
    Pattern(
        name="mental health of someone",
        entity="MEDICAL_CONDITION",
        regex=(
            r"\b(?:my|his|her|i\shave|i've\shad|struggling\swith|living\swith|battling|coping\swith|dealing\swith"
            r"|recovering\sfrom|in\sremission\sfrom)\s(?:\w+\s){0,2}?"
            r"(?P<span>anxiety|depression|ptsd|ocd|adhd|add|bpd|bipolar(?:\sdisorder)?|autism|asperger'?s|schizophrenia"
            r"|eating\sdisorder|anorexia|bulimia|addiction|alcoholism"
            r"|dyslexia|hiv|aids|herpes|hpv|std|sti|cancer|diabetes|epilepsy|asthma|lupus|crohn'?s|celiac|ibs|pcos"
            r"|endometriosis|arthritis|ms|als|copd|gout|eczema|psoriasis)\b"
        ),
        score=0.6,
    ),
)
"""``MEDICAL_CONDITION`` and ``MEDICATION`` in texts about someone."""
