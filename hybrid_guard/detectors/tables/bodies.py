"""What is measured of someone's body, what is written in the genes, and membership of a union, in eight languages."""

from __future__ import annotations

from hybrid_guard.detectors.matching import Pattern
from hybrid_guard.detectors.tables.health import HEALTH_CONTEXT
from hybrid_guard.detectors.tables.labels import WORD_START
from hybrid_guard.detectors.views import WORD

__all__ = ["BODIES"]

_EDGE = rf"(?:$|[^{WORD}])"
_MY = (
    r"(?:my|his|her|our|their|your|mein(?:e[rmn]?)?|sein(?:e[rmn]?)?|ihr(?:e[rmn]?)?|mon|ma|mes|ses|mi|mis|sus|mio|mia"
    r"|mie|miei|sue|meu|minha|meus|minhas|mijn|m\xf3j|moja|moje|moj[ae]j)"
)
_MEASURED = (
    r"(?:finger\s?prints?(?:\sdata)?|thumb\s?prints?|palm[\s-]?(?:prints?|scans?|veins?)|hand\sgeometry"
    r"|(?:face|facial|iris|retinal?|eye|fingerprint|vein)\s(?:scans?|templates?|images?)"
    r"|(?:face|facial)\s(?:recognition|geometry|features)(?:\s(?:data|profile|template|record|scan))?|face\s?id"
    r"|voice\s?prints?|voice\s(?:biometrics?|signature|sample)|gait\s(?:data|profile)"
    r"|biometrics|biometric\s(?:data|id|template|profile|record)"
    r"|dna\s(?:samples?|profile|tests?|results?)|genetic\s(?:data|tests?|profile|results?|material)"
    r"|genome|genotype|exome|karyotype"
    r"|fingerabdr[u\xfc]cke?|gesichtsscan|gesichtserkennung|irisscan|stimmabdruck|stimmprofil|gentest|erbgut"
    r"|empreintes?(?:\s(?:digitales?|vocales?|g\xe9n\xe9tiques?))?|reconnaissance\sfaciale|test\sadn"
    r"|huellas?(?:\s(?:dactilar(?:es)?|digital(?:es)?))?|reconocimiento\sfacial|iris\sescaneado"
    r"|impront[ae](?:\s(?:digital[ie]|vocal[ei]))?|riconoscimento\sfacciale|test\sdel\sdna"
    r"|impress(?:\xe3o|\xf5es)\sdigita(?:l|is)|reconhecimento\sfacial"
    r"|vingerafdruk(?:ken)?|gezichtsscan|stemafdruk|odciski?\spalc\w+|skan\s(?:twarzy|t\xffcz\xf3wki))"
)
# A gene that is named in full tells an illness; of those with short names the word beside it shows what they are.
_GENES = (
    r"(?:brca\s?[12]|palb2|mlh1|msh[26]|tp53|cftr|apoe[\s-]?(?:e|\xff)?4|hla-b27|factor\sv\sleiden|mthfr|jak2|dmd"
    r"|(?:apc|htt|atm|chek2|egfr|kras|braf|fmr1|smn1)(?:\s(?:gene|mutation|variant)))"
)
_UNIONS = (
    r"(?:trade\sunion|labou?r\sunion|workers'?\sunion|union|teamsters|united\sauto\sworkers|afl-cio|seiu|uaw|unison"
    r"|unite\sthe\sunion|gmb|gewerkschaft|ver\.?di|ig\s(?:metall|bau|bce)|gew|syndicat|cgt|cfdt|force\souvri\xe8re"
    r"|sindicato|comisiones\sobreras|ccoo|ugt|sindacato|cgil|cisl|uil|fnv|vakbond|solidarno\xff\xff?|opzz"
    r"|zwi\xffzku?\szawodow\w*)"
)

BODIES: tuple[Pattern, ...] = (
    Pattern(
        name="biometric data of someone",
        entity="BIOMETRIC",
        regex=(
            rf"\b(?:{_MY}|patient'?s|employee'?s|employees'|student'?s)\s(?:[{WORD}]+\s)?(?P<span>{_MEASURED}){_EDGE}"
        ),
        score=0.5,
    ),
    Pattern(
        name="genes of one person",
        entity="BIOMETRIC",
        # What is in "our" genes is a habit.
        regex=rf"\b(?:my|his|her|meine?|mon|mi|il\smio|meu|mijn|moje)\s(?P<span>dna|dns|adn){_EDGE}",
        score=0.5,
    ),
    Pattern(
        name="biometric data, then whose they are",
        entity="BIOMETRIC",
        regex=(
            rf"\b(?P<span>{_MEASURED})\s(?:of|from|von|de|di|van)\s"
            rf"(?:me|mine|him|us|them|mir|ihm|ihr|moi|lui|m\xed|mim|(?:{_MY}|the\s(?:patient|employee|suspect))){_EDGE}"
        ),
        score=0.5,
    ),
    Pattern(
        name="part of the body that is taken down",
        entity="BIOMETRIC",
        regex=(
            r"\b(?:scan(?:ned|s)?|stor(?:es|ed)|record(?:s|ed)|captur(?:es|ed)|enroll?ed|registered|photographed)\s"
            r"(?:my|his|her|our|their|the\spatient's)\s(?P<span>iris(?:es)?|retinas?|face|palms?|veins|eyes|voice)"
            rf"{_EDGE}"
        ),
        score=0.5,
    ),
    Pattern(
        name="gene of someone",
        entity="MEDICAL_CONDITION",
        regex=(rf"\b(?P<span>{_GENES}(?:[\s-](?:gene|mutation|variant|carrier|positive|negative|status))?){_EDGE}"),
        score=0.3,
        context=(*HEALTH_CONTEXT, "carry", "carrier", "inherited", "positive"),
    ),
    Pattern(
        name="membership of a union",
        entity="TRADE_UNION",
        regex=(
            rf"{WORD_START}(?:member|rep|representative|steward|delegate|mitglied|membre|afiliad[oa]|miembro|syndiqu\xe9e?"
            r"|iscritt[oa]|membro|lid|cz\xffonek|cz\xffonkini|joined|joining)"
            r"\s(?:of|in|at|bei|der|in\sder|de|del|du|da|do|van|al|alla|a|\xe0)?"
            r"\s?(?:the\s|a\s|my\s|la\s|le\s|el\s|das\s|der\s)?"
            rf"(?P<span>(?:[{WORD}'-]+\s){{0,4}}?{_UNIONS}){_EDGE}"
        ),
        score=0.5,
    ),
    Pattern(
        name="part in a union",
        entity="TRADE_UNION",
        regex=(
            rf"{WORD_START}(?:i'?m|i\sam|i\swas|he'?s|she'?s|is|are|am|was|were|bin|ist|suis|est|soy|es|sono|sou|\xe9"
            rf"|jestem|jest|{_MY}|as|became|become)\s(?:(?:an?|the|our|ein|une?|una?|um|uma|active)\s){{0,2}}"
            r"(?P<span>(?:trade\s|labou?r\s)?union(?:ised|ized)?\s(?:member|rep|representative|delegate|organi[sz]er"
            r"|steward|official|activist)|shop\ssteward|trade\sunionist|gewerkschaft(?:smitglied|er(?:in)?|ssekret\xe4r)"
            r"|vertrauensmann|syndicaliste|d\xe9l\xe9gu\xe9e?\ssyndicale?|syndiqu\xe9e?|sindicalista|delegad[oa]\ssindical"
            r"|sindacalista|vakbondslid|zwi\xffzkowiec)"
            rf"{_EDGE}"
        ),
        score=0.5,
    ),
)
"""``BIOMETRIC`` and ``TRADE_UNION``, and ``MEDICAL_CONDITION`` where a gene tells it."""
