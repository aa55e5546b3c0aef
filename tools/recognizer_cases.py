"""
How far detectors agree with the cases by which Presidio tests its recognizers.

A case is a text and either the places that one recognizer finds in it, or how many, or that it finds none. Cases about
deny lists, flags of regular expressions and computed check digits say nothing of a text and are left out.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hybrid_guard.ports import Detector
from hybrid_guard.sensitivity import DEFAULT_WEIGHTS
from hybrid_guard.types import Finding, Segment

__all__ = ["Case", "measure_cases", "read_cases"]

# Files of cases that are not called after the entity.
_ENTITIES = {
    "aba_routing": "ABA_ROUTING_NUMBER",
    "certificate_number": "MEDICAL_LICENSE",
    "date": "DATE_TIME",
    "email": "EMAIL_ADDRESS",
    "ip": "IP_ADDRESS",
    "mac": "MAC_ADDRESS",
    "ph_mobile_number": "PHONE_NUMBER",
    "phone": "PHONE_NUMBER",
    "sg_fin": "SG_NRIC_FIN",
    "tr_phone_number": "PHONE_NUMBER",
    "us_bank": "US_BANK_NUMBER",
}
# Engines that name several entities.
_ENGINES = ("spacy", "stanza", "transformers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """
    One text with what a recognizer says of it.

    Attributes:
        recognizer: Name of the recognizer.
        entity: What it finds; empty for an engine that names several.
        text: The text.
        spans: Places of the values in it; empty if there are none or they are only counted.
        count: How many values there are.
    """

    recognizer: str
    entity: str
    text: str
    spans: tuple[tuple[int, int], ...]
    count: int


def read_cases(path: Path) -> tuple[list[Case], Counter[str]]:
    """
    The cases in the file *path*, and how many others it has, by the reason why they are left out.

    Raises:
        KeyError: A recognizer is of no known entity.
    """
    cases: list[Case] = []
    others: Counter[str] = Counter()
    with path.open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            reason = next((key for key in ("deny_list", "flag", "expected") if key in row), None)
            if reason is None:
                cases.append(_read(row))
            else:
                others[reason] += 1
    return cases, others


def _read(row: dict[str, Any]) -> Case:
    name = re.sub(r"^test_|_recognizers?\.py$|\.py$", "", row["file"])
    entity = "" if name in _ENGINES else _ENTITIES.get(name, name.upper())
    if entity and entity not in DEFAULT_WEIGHTS:
        raise KeyError(f"no entity is called `{entity}`, as the cases of `{name}` should be; name theirs in this file")
    places = row.get("expected_positions") or ([row["expected_position"]] if row.get("expected_position") else [])
    spans = tuple((start, end) for start, end in places)
    if not all(0 <= start < end <= len(row["text"]) for start, end in spans):
        # Places outside of the text stand for none.
        return Case(recognizer=name, entity=entity, text=row["text"], spans=(), count=0)
    count = row.get("expected_len", len(spans))
    return Case(
        recognizer=name, entity=entity, text=row["text"], spans=spans if count == len(spans) else (), count=count
    )


def measure_cases(detector: Detector, data: Path, *, verbose: bool) -> None:
    """
    Print per recognizer how many expected values are found, and how many cases agree.

    A value is found if one finding, of whatever entity, covers it whole, for it is as private under another name; where
    a case only counts, the findings are counted. A case with values agrees if each is found; one without agrees if the
    recognizer's own entity is not found in it.
    """
    table: dict[str, Counter[str]] = defaultdict(Counter)
    cases, others = read_cases(data / "recognizer_cases" / "presidio_cases.jsonl")
    for case in cases:
        row = table[case.recognizer]
        found = detector.detect([Segment(path="", text=case.text)], language="en").spans[0]
        row["cases"] += 1
        if case.count:
            missed = list(_missed(case, found))
            row["values"] += case.count
            row["found"] += case.count - len(missed)
            row["agreed"] += not missed
            if verbose and missed:
                print(f"  missed by {case.recognizer}: {case.text[:110]!r} {missed}, found {found}")
            continue
        alarms = [finding for finding in found if finding.entity == case.entity]
        row["without"] += 1
        row["alarms"] += bool(alarms)
        row["agreed"] += not alarms
        if verbose and alarms:
            print(f"  false by {case.recognizer}: {case.text[:110]!r} {alarms}")
    total: Counter[str] = Counter()
    for name, row in sorted(table.items()):
        total.update(row)
        print(f"{name:28} {_line(row)}")
    print(f"{'all':28} {_line(total)}, agreement {total['agreed'] / total['cases']:.3f}")
    print(f"left out: {', '.join(f'{count} about {reason}' for reason, count in others.items())}")


def _missed(case: Case, found: Sequence[Finding]) -> Iterator[tuple[int, int]]:
    if case.spans:
        yield from (
            (start, end)
            for start, end in case.spans
            if not any(finding.start <= start and end <= finding.end for finding in found)
        )
    else:
        yield from [(0, len(case.text))] * max(0, case.count - len(found))


def _line(row: Counter[str]) -> str:
    return (
        f"found {row['found']:3}/{row['values']:3} false {row['alarms']:3}/{row['without']:3} "
        f"agreed {row['agreed']:4}/{row['cases']:4}"
    )
