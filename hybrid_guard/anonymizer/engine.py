"""
Treat the texts of a request: which values need placeholders, and the texts with every finding replaced.

Pure steps with the vault between them: `plan` says what the vault must know, `propose` which stand-ins it should
remember beside that, `apply` builds the texts from what the vault answered. All look at each character once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from hybrid_guard.anonymizer.operators.redact import label
from hybrid_guard.anonymizer.standins import STAND_IN, StandIns, alike, fits, record, words_of
from hybrid_guard.anonymizer.tokens import TOKEN_LITERAL, token_like_spans
from hybrid_guard.anonymizer.vault import identity
from hybrid_guard.errors import DetectionError, VaultError
from hybrid_guard.ports import SpanOperator
from hybrid_guard.types import Finding, Findings, Operator, Segment, Treatment, VaultEntry, VaultItem

__all__ = ["Treated", "apply", "plan", "propose"]

_Span = tuple[int, int, str, Operator]
_NONE = StandIns(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Treated:
    """
    A text after its treatment.

    Attributes:
        text: What may leave.
        replaced: For each replacement its place in *text* and what it stands for in the text as given:
            (start, end, original start, original end), in code points, sorted and disjoint.
        issued: The placeholders and stand-ins among the replacements, each once.
    """

    text: str = field(repr=False)
    replaced: tuple[tuple[int, int, int, int], ...]
    issued: frozenset[str] = field(default=frozenset(), repr=False)


def plan(
    segments: Sequence[Segment], findings: Findings, treatment: Treatment, stand_ins: StandIns = _NONE
) -> tuple[VaultItem, ...]:
    """
    The originals that need placeholders, each once, in the order of the texts.

    Besides the findings that *treatment* gives a reversible operator these are all texts that look like a placeholder
    or are a stand-in of this conversation (entity ``TOKEN_LITERAL``), found or not: otherwise a text could name a
    placeholder and have its value read out.

    Raises:
        DetectionError: If *findings* do not fit *segments*.
    """
    items: dict[tuple[str, str, bool], VaultItem] = {}
    for segment, spans in _match(segments, findings):
        for start, end, entity, operator in _spans(segment.text, spans, treatment, stand_ins):
            if operator.reversible:
                item = VaultItem(entity=entity, original=segment.text[start:end], role=segment.role)
                items.setdefault(identity(item), item)
    return tuple(items.values())


def propose(
    segments: Sequence[Segment],
    findings: Findings,
    treatment: Treatment,
    entries: Sequence[VaultEntry],
    stand_ins: StandIns,
) -> tuple[VaultItem, ...]:
    """
    The stand-ins that the vault should remember, for values that have none yet.

    Args:
        segments, findings, treatment: As given to `plan`.
        entries: All of the vault, what `plan` asked for included.
        stand_ins: Those of *entries*, with what makes new ones.

    Raises:
        DetectionError: If *findings* do not fit *segments*.
    """
    texts = [segment.text.casefold() for segment in segments]
    originals = {entry.item.original.casefold() for entry in entries if entry.item.entity != STAND_IN}
    words = {word for one in originals for word in words_of(one)}
    anchors = {identity(entry.item): entry.placeholder for entry in entries}
    new: dict[tuple[Operator, str], VaultItem] = {}
    chosen: list[tuple[str, VaultItem]] = []
    for segment, spans in _match(segments, findings):
        for start, end, entity, operator in _spans(segment.text, spans, treatment, _NONE):
            maker = stand_ins.makers.get(operator)
            if maker is None:
                continue
            original = segment.text[start:end]
            item = VaultItem(entity=entity, original=original, role=segment.role)
            anchor = _anchor(stand_ins, item, operator, anchors)
            if anchor is None or (operator, anchor) in new or stand_ins.text(operator, anchor) is not None:
                continue
            for text in maker.propose(original, entity=entity):
                clash = operator.reversible and (
                    stand_ins.clashes(text, item)
                    or any(alike(text, item, other, its) for other, its in chosen)
                    or not fits(text, entity=entity, texts=texts, originals=originals, words=words)
                )
                if not clash:
                    new[operator, anchor] = record(operator, anchor, text)
                    # What is never restored may be like anything.
                    if operator.reversible:
                        chosen.append((text, item))
                    break
    return tuple(new.values())


def apply(  # noqa: PLR0917 - in the order in which they come about
    segments: Sequence[Segment],
    findings: Findings,
    treatment: Treatment,
    entries: Sequence[VaultEntry],
    operators: Mapping[Operator, SpanOperator],
    stand_ins: StandIns = _NONE,
) -> tuple[Treated, ...]:
    """
    The treated texts, in the order of *segments*.

    A value without a stand-in, or whose stand-in could not be told from the text around it, has its placeholder.

    Args:
        segments, findings, treatment: As given to `plan`.
        entries: At least the entries of what `plan` asked for.
        operators: What does the work of the operators that the vault takes no part in.
        stand_ins: All of the vault, what `propose` asked for included.

    Raises:
        DetectionError: If *findings* do not fit *segments*.
        VaultError: If an entry is missing.
    """
    anchors = {identity(entry.item): entry.placeholder for entry in entries}
    return tuple(
        _treat(segment, _spans(segment.text, spans, treatment, stand_ins), anchors, operators, stand_ins)
        for segment, spans in _match(segments, findings)
    )


def _match(segments: Sequence[Segment], findings: Findings) -> Iterator[tuple[Segment, tuple[Finding, ...]]]:
    if len(segments) != len(findings.spans):
        raise DetectionError(
            f"there are findings for {len(findings.spans)} of {len(segments)} texts; give one tuple per text",
            code="HG310",
        )
    for segment, spans in zip(segments, findings.spans, strict=True):
        end = 0
        for span in spans:
            if not end <= span.start < span.end <= len(segment.text):
                raise DetectionError(
                    f"a finding of `{span.entity}` at {span.start}..{span.end} overlaps another or lies outside its "
                    f"text of {len(segment.text)} characters; give sorted and disjoint spans",
                    code="HG311",
                )
            end = span.end
        yield segment, spans


def _spans(text: str, findings: Sequence[Finding], treatment: Treatment, stand_ins: StandIns) -> list[_Span]:
    """What is to be replaced: the treated findings, and between them whatever could be taken for one of ours."""
    spans: list[_Span] = []
    end = 0
    for finding in findings:
        operator = treatment.operator(finding.entity)
        if operator is Operator.KEEP:
            continue
        spans += _literals(text, end, finding.start, stand_ins)
        spans.append((finding.start, finding.end, finding.entity, operator))
        end = finding.end
    return spans + _literals(text, end, len(text), stand_ins)


def _literals(text: str, start: int, end: int, stand_ins: StandIns) -> list[_Span]:
    places = token_like_spans(text, start, end)
    place = start
    while stand_ins and (found := stand_ins.find(text, place, end)) is not None:
        if all(found.end <= first or last <= found.start for first, last in places):
            places.append((found.start, found.end))
        place = found.end
    return [(first, last, TOKEN_LITERAL, Operator.PLACEHOLDER) for first, last in sorted(places)]


def _anchor(
    stand_ins: StandIns, item: VaultItem, operator: Operator, anchors: Mapping[tuple[str, str, bool], str]
) -> str | None:
    """What the vault knows the stand-in of *item* by."""
    if operator.reversible:
        return anchors.get(identity(item))
    return stand_ins.makers[operator].memory(item.original, entity=item.entity)


def _treat(
    segment: Segment,
    spans: Sequence[_Span],
    anchors: Mapping[tuple[str, str, bool], str],
    operators: Mapping[Operator, SpanOperator],
    stand_ins: StandIns,
) -> Treated:
    def placeholder(start: int, end: int, entity: str) -> str:
        item = VaultItem(entity=entity, original=segment.text[start:end], role=segment.role)
        try:
            return anchors[identity(item)]
        except KeyError:
            raise VaultError(f"the vault gave no placeholder for a finding of `{entity}`", code="HG407") from None

    def replace(start: int, end: int, entity: str, operator: Operator) -> str:
        original = segment.text[start:end]
        if operator in stand_ins.makers:
            item = VaultItem(entity=entity, original=original, role=segment.role)
            anchor = _anchor(stand_ins, item, operator, anchors)
            text = None if anchor is None else stand_ins.text(operator, anchor)
            if text is not None:
                return text
        if operator.reversible:
            return placeholder(start, end, entity)
        if operator in operators:
            return operators[operator].apply(original, entity=entity)
        return label(entity, instead_of=original)

    replaced = [replace(*span) for span in spans]
    treated = _join(segment.text, spans, replaced)
    if stand_ins and not _told_apart(treated, spans, replaced, stand_ins):
        # INVARIANT: a stand-in leaves only where restoring finds it again, and nothing else passes for one.
        replaced = [
            placeholder(*span[:3]) if span[3].reversible else old for span, old in zip(spans, replaced, strict=True)
        ]
        treated = _join(segment.text, spans, replaced)
        if stand_ins.find(treated.text, 0) is not None:
            replaced = [
                old if span[3].reversible else label(span[2], instead_of=segment.text[span[0] : span[1]])
                for span, old in zip(spans, replaced, strict=True)
            ]
            treated = _join(segment.text, spans, replaced)
    issued = {end for (_, end, _, _), span in zip(treated.replaced, spans, strict=True) if span[3].reversible}
    if any(last not in issued for _, last in token_like_spans(treated.text)):
        # PRIVACY: what an operator left beside the text around it must not add up to a placeholder, or a text could
        # name one in two halves; brackets cannot be part of one.
        replaced = [
            old if span[3].reversible else label(span[2], instead_of=segment.text[span[0] : span[1]])
            for span, old in zip(spans, replaced, strict=True)
        ]
        treated = _join(segment.text, spans, replaced)
    return treated


def _told_apart(treated: Treated, spans: Sequence[_Span], replaced: Sequence[str], stand_ins: StandIns) -> bool:
    """Whether restoring would find every stand-in in its place, and none anywhere else."""
    expected = [
        (first, last)
        for (first, last, _, _), (_, _, entity, operator), text in zip(treated.replaced, spans, replaced, strict=True)
        if operator.reversible and operator in stand_ins.makers and entity != TOKEN_LITERAL and stand_ins.knows(text)
    ]
    found: list[tuple[int, int]] = []
    place = 0
    while (one := stand_ins.find(treated.text, place)) is not None:
        found.append((one.start, one.end))
        place = one.end
    return found == expected


def _join(text: str, spans: Sequence[_Span], replaced: Sequence[str]) -> Treated:
    pieces: list[str] = []
    places: list[tuple[int, int, int, int]] = []
    done = length = 0
    for (start, end, _, _), new in zip(spans, replaced, strict=True):
        pieces += (text[done:start], new)
        length += start - done
        places.append((length, length + len(new), start, end))
        length += len(new)
        done = end
    issued = frozenset(new for (_, _, _, operator), new in zip(spans, replaced, strict=True) if operator.reversible)
    return Treated(text="".join((*pieces, text[done:])), replaced=tuple(places), issued=issued)
