"""How sensitive a request is: the most private thing in it, how many there are, and whether they are one's own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from hybrid_guard.types import Finding, Findings, Segment, Sensitivity, SensitivitySettings

__all__ = [
    "BARE_SCORE",
    "BARE_SHARE",
    "DECLARED_WEIGHT",
    "DEFAULT_WEIGHTS",
    "FIRST_PERSON_FROM",
    "FIRST_PERSON_RAISE",
    "MENTIONS",
    "UNKNOWN_WEIGHT",
    "is_bare",
    "score",
]

UNKNOWN_WEIGHT = 0.2
"""S(e) of an entity that neither the policy nor the built-in table names (PRISM's value)."""

FIRST_PERSON_RAISE = 0.25
"""Share of the way to 1 that S(e) goes up when the text speaks in the first person: S + 0.25 * (1 - S)."""

FIRST_PERSON_FROM = 0.3
"""Least S(e) that goes up: an occupation describes as many people in the first person as in any other."""

MENTIONS = frozenset(
    [
        "AGE",
        "BIOMETRIC",
        "DATE_TIME",
        "EDUCATION",
        "GENDER",
        "LOCATION",
        "MARITAL_STATUS",
        "MEDICAL_CONDITION",
        "MEDICATION",
        "MONEY",
        "NRP",
        "OCCUPATION",
        "ORGANIZATION",
        "PERSON",
        "SEXUAL_ORIENTATION",
        "TRADE_UNION",
    ]
)
"""Entities that are somebody's only where something says whose they are; all others point at somebody themselves."""

BARE_SCORE = 0.4
"""Highest score of a bare mention, of which nothing says whose it is."""

BARE_SHARE = 0.25
"""Share of its S(e) that a bare mention has."""

# Entities by what they let a stranger do: the weight of a group, then its members. PRISM (AAAI 2026) gives SSN 1.0,
# credit card .95, person, e-mail and passport .9, medical licence .85, phone .8, religious and political group .7,
# money and IP address .6, organisation .5, location .4, date and URL .3; the others have the weight of their kin.
_GROUPS: tuple[tuple[float, str], ...] = (
    (1.0, "SECRET DENIED_TEXT"),
    # National, tax and social-insurance numbers of people: one of them is enough to impersonate someone.
    (1.0, "AU_TFN CA_SIN DE_SOCIAL_SECURITY DE_TAX_ID ES_NIE ES_NIF FI_PERSONAL_IDENTITY_CODE IN_AADHAAR IN_PAN"),
    (1.0, "IT_FISCAL_CODE KR_FRN KR_RRN NG_NIN PH_UMID PL_PESEL SE_PERSONNUMMER SG_NRIC_FIN TH_TNIN TR_NATIONAL_ID"),
    (1.0, "UK_NINO US_ITIN US_SSN ZA_ID_NUMBER"),
    (0.95, "CREDIT_CARD CRYPTO CVV IBAN_CODE US_BANK_NUMBER"),
    (0.9, "PERSON EMAIL_ADDRESS"),
    # Passports, identity cards and driving licences.
    (0.9, "DE_FUEHRERSCHEIN DE_ID_CARD DE_PASSPORT ES_PASSPORT IN_PASSPORT IN_VOTER IT_DRIVER_LICENSE"),
    (0.9, "IT_IDENTITY_CARD IT_PASSPORT KR_DRIVER_LICENSE KR_PASSPORT PH_PASSPORT UK_DRIVING_LICENCE UK_PASSPORT"),
    (0.9, "US_DRIVER_LICENSE US_PASSPORT ZA_DRIVER_LICENSE ZA_PASSPORT ZA_TRAFFIC_REGISTER_NUMBER"),
    # Numbers of patients, then of those who treat them.
    (0.9, "AU_MEDICARE DE_HEALTH_INSURANCE UK_NHS US_CLAIM_NUMBER US_HEALTH_INSURANCE_MEMBER_ID US_MBI"),
    (0.9, "US_PRESCRIPTION_NUMBER US_PRIOR_AUTHORIZATION_NUMBER US_REFERRAL_NUMBER"),
    (0.85, "DE_BSNR DE_LANR MEDICAL_LICENSE US_NPI US_PROVIDER_TAX_ID"),
    (0.8, "DE_TAX_NUMBER ID_NUMBER PHONE_NUMBER PH_TIN ZA_INCOME_TAX_NUMBER"),
    # What Article 9 of the GDPR calls special categories; NRP is nationality, religion, ethnic and political group.
    (0.7, "BIOMETRIC MEDICAL_CONDITION MEDICATION NRP SEXUAL_ORIENTATION TRADE_UNION"),
    (0.6, "DATE_OF_BIRTH GEO_COORDINATES IP_ADDRESS MAC_ADDRESS MONEY USERNAME UUID"),
    # Vehicles point at their keeper.
    (0.6, "DE_KFZ IN_VEHICLE_REGISTRATION NG_VEHICLE_REGISTRATION TR_LICENSE_PLATE UK_VEHICLE_REGISTRATION"),
    (0.6, "LICENSE_PLATE VIN ZA_LICENSE_PLATE"),
    (0.5, "ADDRESS AGE ORGANIZATION"),
    # Numbers of companies, most of them in a public register.
    (0.4, "ABA_ROUTING_NUMBER AU_ABN AU_ACN DE_HANDELSREGISTER DE_VAT_ID IN_GSTIN IT_VAT_CODE KR_BRN"),
    (0.4, "SE_ORGANISATIONSNUMMER SG_UEN ZA_COMPANY_REGISTRATION ZA_VAT_NUMBER"),
    (0.4, "CA_POSTAL_CODE DE_PLZ LOCATION UK_POSTCODE"),
    (0.3, "DATE_TIME URL"),
    # Alone they describe many people; with others they single one out, which the number of findings accounts for.
    (0.2, "EDUCATION GENDER MARITAL_STATUS OCCUPATION"),
)

DEFAULT_WEIGHTS: Mapping[str, float] = MappingProxyType(
    dict(sorted((entity, weight) for weight, members in _GROUPS for entity in members.split()))
)
"""S(e) in [0, 1] of every entity that the shipped detectors give, by entity."""

DECLARED_WEIGHT = DEFAULT_WEIGHTS["ID_NUMBER"]
"""S(e) of an entity that a pattern of the policy's own declares: what somebody writes a pattern for is private."""

_FIRST_PERSON = re.compile(
    r"\b(?:"
    r"I|(?i:i['’ ]?(?:m|am|ve|have|had|was|got|need|want|live|work|take|feel)|my|mine|me|myself|our|ours|we|we're)"
    r"|(?i:ich|mir|mich|mein(?:e[mnrs]?)?|wir|unser(?:e[mnrs]?)?)"
    r"|(?i:mi|mis|mío|mía|yo|nuestr[oa]s?|moi|mon|ma|mes|je|notre|nous)|(?i:j['’])(?=\w)"
    r"|(?i:io|mio|mia|miei|nostr[oaie]|minha|minhas|meus?|nosso|nossa|mijn|ik|onze)"
    r"|(?i:mój|moj[aei]|mojego|mojej|moich|jestem|nasz[aey]?)"
    r")\b"
)


def score(findings: Findings, segments: Sequence[Segment], settings: SensitivitySettings) -> Sensitivity:
    """
    How much *findings* would reveal: S(q) = min(1, max S(e) + alpha * |E|), |E| being the number of findings that are
    not bare.

    S(e) is the weight of the entity, raised by `FIRST_PERSON_RAISE` where its segment speaks in the first person ("my",
    "I am", "mein", "mon"): a diagnosis that someone has says more than one that someone asks about. A weight below
    `FIRST_PERSON_FROM` stays: one's occupation alone says as little as anybody's, and with a second finding it counts
    through |E|. A bare mention, one of `MENTIONS` with a score of at most `BARE_SCORE`, has `BARE_SHARE` of its S(e),
    for nothing says whose it is; the counts have it all the same. The whole segment counts as context, so neither one
    more finding, nor a surer one, nor more text around one ever lowers the score.

    Args:
        findings: Of *segments*, in the same order.
        segments: Read for their first-person words only.
        settings: Weights over the built-in table, alpha and levels.

    Raises:
        ValueError: *findings* and *segments* differ in length.
    """
    highest = 0.0
    for spans, segment in zip(findings.spans, segments, strict=True):
        if not spans:
            continue
        weight = max(_weigh(finding, settings) for finding in spans)
        if weight >= FIRST_PERSON_FROM and _FIRST_PERSON.search(segment.text):
            weight += FIRST_PERSON_RAISE * (1.0 - weight)
        highest = max(highest, weight)
    counts = findings.counts()
    telling = sum(not is_bare(finding) for spans in findings.spans for finding in spans)
    total = min(1.0, highest + settings.alpha * telling)
    level = [name for name, lower in settings.levels if lower <= total][-1]
    return Sensitivity(score=total, level=level, counts=MappingProxyType(dict(sorted(counts.items()))))


def is_bare(finding: Finding) -> bool:
    """Whether nothing says whose a finding is: it is one of `MENTIONS`, with a score of at most `BARE_SCORE`."""
    return finding.score <= BARE_SCORE and finding.entity in MENTIONS


def _weigh(finding: Finding, settings: SensitivitySettings) -> float:
    weight = _weight(finding.entity, settings)
    return BARE_SHARE * weight if is_bare(finding) else weight


def _weight(entity: str, settings: SensitivitySettings) -> float:
    if entity == "DENIED_TEXT":
        # INVARIANT: what a policy calls always private cannot be weighed down by the same policy.
        return DEFAULT_WEIGHTS[entity]
    return settings.weights.get(entity, DEFAULT_WEIGHTS.get(entity, UNKNOWN_WEIGHT))
