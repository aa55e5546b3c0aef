"""How old someone is, in eight languages."""

from __future__ import annotations

import re

from hybrid_guard.detectors.context import PERSONAL, near_words
from hybrid_guard.detectors.matching import Pattern
from hybrid_guard.detectors.tables.labels import WORD_START

__all__ = ["AGES"]

_HUMANS = (
    *near_words(
        "man, woman, male, female, boy, girl, lady, guy, son, daughter, baby, infant, patient, mother, father, mom, dad"
    ),
    *near_words(
        "brother, sister, wife, husband, nephew, niece, cousin, grandmother, grandfather, i, he, she, his, her, who"
    ),
    *near_words("mann, frau, sohn, tochter, kind, er, sie, man, vrouw, zoon, dochter"),
    *PERSONAL,
)


def _check_age(value: str) -> bool | None:
    return None if 0 < int(re.sub(r"\D", "", value)[:4]) <= 120 else False


AGES: tuple[Pattern, ...] = (
    Pattern(
        name="age with its unit",
        entity="AGE",
        regex=(
            r"\b(?P<span>1?\d{1,2}(?:[- ]?(?:years?|yrs?|months?|weeks?)[- ]olds?|\s(?:Jahre\salt|jaar\soud)))(?:$|\W)"
        ),
        score=0.3,
        context=_HUMANS,
        check=_check_age,
    ),
    Pattern(
        name="age as doctors write it",
        entity="AGE",
        regex=(
            r"\b(?P<span>1?\d{1,2}(?:\s?(?:yo|y/o|y\.o\.)|[- ]?j\xe4hrige[rnsm]?|-?jarige|[- ]letni[aem]?(?:go|mu)?"
            r"|\s(?:anni\sdi\set\xe0|a\xf1os\sde\sedad|anos\sde\sidade|ans\sr\xe9volus)))(?:$|\W)"
        ),
        score=0.7,
        check=_check_age,
    ),
    Pattern(
        name="age after its label",
        entity="AGE",
        regex=(
            rf"{WORD_START}(?:aged?|ages|alter|edad|\xe2ge|et\xe0|idade|leeftijd|wiek)(?:\sof|\sis|\sde)?[\"'*]{{0"
            rf",3}}\s?[:=|\t]?\s{{0,2}}"
            r"[\"'*]?(?P<span>1?\d{1,2}(?:\s(?:years?|yrs?|a\xf1os|anos|ans|anni|jahre|jaar|lat[a]?|months|meses|mois"
            r"|mesi)\b)?)"
            r"(?:$|[^\w.%-]|\.(?:\s|$))"
        ),
        score=0.6,
        check=_check_age,
    ),
    Pattern(
        name="age of someone",
        entity="AGE",
        regex=(
            r"\b(?:I'?m|I am|he's|she's|he is|she is|who is|just turned|turned|turning|(?:ich bin|er ist|sie ist)"
            r"(?:\sjetzt)?|ik ben"
            r"|(?:is|ist) jetzt|mam)\s"
            r"(?P<span>1?\d{1,2}\s(?:years|jahre|jaar|lata?)\b|1?\d{2})(?:\s(?:and|but|now|years|und|en|i|old|alt"
            r"|oud)\b|[,.;!?](?:\s|$)|$)"
        ),
        score=0.5,
        check=_check_age,
    ),
    Pattern(
        name="age in years",
        entity="AGE",
        regex=(
            r"(?:^|[^\w.,])(?P<span>1?\d{1,2}\s(?:a\xf1os|anos|ans|anni|jahren?|jaar|lat|lata|meses|mois))"
            r"(?:$|\W)"
        ),
        score=0.3,
        context=(
            *near_words(
                "tiene, tengo, cumplí, tem, tenho, j'ai, il, a, elle, a, âgé, âgée, ha, ho, paciente, varón"
                ", mujer, hombre, niño"
            ),
            *near_words(
                "niña, patient, patiente, paziente, uomo, donna, homem, mulher, frau, mann, w, wieku, ma, mam"
                ", man, woman, boy, girl, edad"
            ),
        ),
        check=_check_age,
    ),
    Pattern(
        name="age and sex",
        entity="AGE",
        regex=(
            r"(?:^|[\s(\[])(?P<span>(?:[1-9]\d\s?/?[FM]|[FM]\s?/?[1-9]\d))(?:[)\],;]|\s(?:here|with|presents|who"
            r"|c/o)\b)"
        ),
        score=0.5,
        check=_check_age,
        cased=True,
    ),
)
"""``AGE``."""
