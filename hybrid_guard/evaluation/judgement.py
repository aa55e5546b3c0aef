"""One text, its labels and its findings: what was found, what leaks, and what was found for nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from types import MappingProxyType

from hybrid_guard.evaluation.groups import group_of_entity, group_of_label
from hybrid_guard.types import Finding

__all__ = ["Example", "Judgement", "Label", "Tally", "judge"]

_SHORTEST = 3
_NO_TALLIES: Mapping[str, Tally] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """
    One private span of a text, as somebody marked it.

    Attributes:
        start: First code point, from 0.
        end: One past the last code point; greater than *start*.
        label: In the words of the data set.
    """

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """
    A labelled text.

    Attributes:
        text: In code points.
        labels: Its private spans, inside the text; they may overlap.
    """

    text: str = field(repr=False)
    labels: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """
    Counts of one group. Tallies add up.

    Attributes:
        spans: Labelled spans.
        overlapped: Spans that a finding of any entity overlaps.
        covered: Spans that findings of any entity cover to the last character.
        named: Spans that a finding of the same group overlaps.
        characters: In all spans.
        leaked: Of these, characters that no finding covers.
        values: Distinct texts of spans, counted once in each text.
        hidden: Values that are covered wherever they stand in their text, labelled there or not.
        findings: Findings of the group.
        right: Findings of the group that overlap a span of the same group.
    """

    spans: int = 0
    overlapped: int = 0
    covered: int = 0
    named: int = 0
    characters: int = 0
    leaked: int = 0
    values: int = 0
    hidden: int = 0
    findings: int = 0
    right: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(**{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(self)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """
    What detection did with some texts. Judgements add up, in any order.

    Attributes:
        groups: Group to its counts.
        labels: Label of the data to the counts of its spans; findings have no part in these.
        texts: How many texts.
        characters: In all of them.
        alarms: Findings that overlap no labelled span.
        clean: Texts without a labelled span.
        clean_found: Of these, texts in which something was found.
        clean_raised: Of these, texts whose level is above low.
    """

    groups: Mapping[str, Tally] = field(default_factory=lambda: _NO_TALLIES)
    labels: Mapping[str, Tally] = field(default_factory=lambda: _NO_TALLIES)
    texts: int = 0
    characters: int = 0
    alarms: int = 0
    clean: int = 0
    clean_found: int = 0
    clean_raised: int = 0

    def __add__(self, other: Judgement) -> Judgement:
        return Judgement(
            groups=_sum(self.groups, other.groups),
            labels=_sum(self.labels, other.labels),
            texts=self.texts + other.texts,
            characters=self.characters + other.characters,
            alarms=self.alarms + other.alarms,
            clean=self.clean + other.clean,
            clean_found=self.clean_found + other.clean_found,
            clean_raised=self.clean_raised + other.clean_raised,
        )


def judge(example: Example, findings: Sequence[Finding], *, raised: bool) -> Judgement:
    """
    Compare *findings* with the labels of *example*.

    Args:
        example: A labelled text.
        findings: Of its text; they may overlap.
        raised: Whether the sensitivity of the text is above the lowest level.
    """
    labels = sorted(example.labels, key=lambda label: (label.start, label.end))
    grouped = [(label, group_of_label(label.label)) for label in labels]
    covered = _covered(findings, len(example.text))
    groups: dict[str, Tally] = {}
    names: dict[str, Tally] = {}
    for label, group in grouped:
        leaked = covered[label.start : label.end].count(0)
        near = [one for one in findings if one.start < label.end and label.start < one.end]
        tally = Tally(
            spans=1,
            overlapped=int(bool(near)),
            covered=int(not leaked),
            named=int(any(group_of_entity(one.entity) == group for one in near)),
            characters=label.end - label.start,
            leaked=leaked,
        )
        _add(groups, group, tally)
        _add(names, label.label, tally)
    alarms = 0
    for one in findings:
        group = group_of_entity(one.entity)
        hit = {other for label, other in grouped if one.start < label.end and label.start < one.end}
        alarms += not hit
        _add(groups, group, Tally(findings=1, right=int(group in hit)))
    for group, places in _values(example.text, grouped):
        hidden = not any(covered[start:end].count(0) for start, end in places)
        _add(groups, group, Tally(values=1, hidden=int(hidden)))
    return Judgement(
        groups=groups,
        labels=names,
        texts=1,
        characters=len(example.text),
        alarms=alarms,
        clean=int(not labels),
        clean_found=int(not labels and bool(findings)),
        clean_raised=int(not labels and raised),
    )


def _add(tallies: dict[str, Tally], name: str, tally: Tally) -> None:
    tallies[name] = tallies.get(name, Tally()) + tally


def _sum(one: Mapping[str, Tally], other: Mapping[str, Tally]) -> Mapping[str, Tally]:
    # Most sums are of a long run and one text, which has few names.
    return {**one, **{name: one.get(name, Tally()) + tally for name, tally in other.items()}}


def _covered(findings: Iterable[Finding], length: int) -> bytearray:
    covered = bytearray(length)
    for one in findings:
        covered[one.start : one.end] = b"\x01" * (one.end - one.start)
    return covered


def _values(text: str, grouped: Sequence[tuple[Label, str]]) -> Iterable[tuple[str, list[tuple[int, int]]]]:
    """The distinct values of each group, with every place where they stand in *text* as a word of their own."""
    places: dict[tuple[str, str], set[tuple[int, int]]] = {}
    for label, group in grouped:
        value = text[label.start : label.end]
        places.setdefault((group, value.casefold()), set()).add((label.start, label.end))
    for (group, _), found in places.items():
        start, end = min(found)
        value = text[start:end]
        # A short one, such as an age, stands elsewhere with another meaning.
        if len(value) >= _SHORTEST:
            pattern = rf"(?<!\w){re.escape(value)}(?!\w)"
            found.update(match.span() for match in re.finditer(pattern, text, re.IGNORECASE))
        yield group, sorted(found)
