"""Names of parameters, as the arguments and answers of tools are full of: a network takes some of them for people."""

from __future__ import annotations

import re

from hybrid_guard.detectors.public.wording import words

__all__ = ["is_parameter"]

_LONGEST = 40
# A capital letter first is that of a name.
_SHAPE = re.compile(r"[a-z][A-Za-z]*(?:[_-]?[A-Za-z0-9]+)*")
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")

# Words of interfaces. None of them is a name that people have, but for `max`, which is the commonest bound there is.
_WORDS = words(
    "at by has of",
    "abs acc accept action active alt amount api app arg args array asc attr attrs auth avg axis base batch bias bin",
    "bits body bool bound bounds box branch bucket buffer bytes cache call calls case cat category cell cents char",
    "charset child chunk client cmd code col color cols column columns commit conf config cookie cost count cpu",
    "created cron cursor cwd data date db debug default delta depth desc diff dim dir dist doc docs domain dst",
    "duration elapsed enabled encoding end endpoint entry enum env epoch err error errors event exit ext field fields",
    "file filter flag flags float fmt format from func function group hash head header headers height hex hits host",
    "hour http icon id ids img index info init input int interval is item items iter job json key keys kind label",
    "labels lang lat lc left len length level lib limit line lines link list lng loc locale lock log lon loss lower",
    "lr main map mask match max mean media merge meta method min mode model module month ms msg mtime mu name names",
    "net new next node null num object offset ok old op opt options order org origin out output page pages param",
    "params parent part parts path pattern pct per pid pixel pkg port pos prefix prev price prob proc prompt property",
    "proto proxy px qty quantity query queue radius range rank rate ratio raw ref regex rel repo req res reset resp",
    "result results retries retry role root rot round row rows rpc rule run scale schema scope score sec seconds seed",
    "sep seq session set sha shape sid sigma size skip sku slug sort source span spec speed sql src ssl start state",
    "stats status std step steps stop str stream string style sub sum svc sync sys tab table tag tags target task",
    "temp temperature text theme thread threshold tid time timeout timestamp title tls tmp to token tokens took top",
    "total tpl ts tx txt type tz ui uid unit units unix updated upper uri url urls usage user username utc uuid val",
    "value values var vec ver version view visible wait weight weights where width word words xml yaml year zone zoom",
)


def is_parameter(text: str) -> bool:
    """Whether *text* is nothing but the name of a parameter: ``max_tokens``, ``createdAt``, ``lon``."""
    if len(text) > _LONGEST or _SHAPE.fullmatch(text) is None:
        return False
    parts = _PART.findall(text)
    return all(part.lower() in _WORDS or part.isdigit() or len(part) == 1 for part in parts) and any(
        part.lower() in _WORDS for part in parts
    )
