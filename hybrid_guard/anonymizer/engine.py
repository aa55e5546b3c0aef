"""
Treat the texts of a request: which values need placeholders, and the texts with every finding replaced.

Two pure steps with the vault between them: `plan` says what the vault must know, `apply` builds the texts from what the
vault answered. Both look at each character once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from hybrid_guard.anonymizer.operators.redact import label
from hybrid_guard.anonymizer.tokens import TOKEN_LITERAL, token_like_spans
from hybrid_guard.anonymizer.vault import identity
from hybrid_guard.errors import DetectionError, VaultError
from hybrid_guard.ports import SpanOperator
from hybrid_guard.types import Finding, Findings, Operator, Segment, Treatment, VaultEntry, VaultItem

__all__ = ["Treated", "apply", "plan"]

_Span = tuple[int, int, str, Operator]


@dataclass(frozen=True, slots=True, kw_only=True)
class Treated:
    """
    A text after its treatment.

    Attributes:
        text: What may leave.
        replaced: For each replacement its place in *text* and what it stands for in the text as given:
            (start, end, original start, original end), in code points, sorted and disjoint.
    """

    text: str = field(repr=False)
    replaced: tuple[tuple[int, int, int, int], ...]


def plan(segments: Sequence[Segment], findings: Findings, treatment: Treatment) -> tuple[VaultItem, ...]:
    """
    The originals that need placeholders, each once, in the order of the texts.

    Besides the findings that *treatment* gives a placeholder these are all texts that look like one (entity
    ``TOKEN_LITERAL``), found or not: otherwise a text could name a placeholder and have its value read out.

    Raises:
        DetectionError: If *findings* do not fit *segments*.
    """
    items: dict[tuple[str, str, bool], VaultItem] = {}
    for segment, spans in _match(segments, findings):
        for start, end, entity, operator in _spans(segment.text, spans, treatment):
            if operator is Operator.PLACEHOLDER:
                item = VaultItem(entity=entity, original=segment.text[start:end], role=segment.role)
                items.setdefault(identity(item), item)
    return tuple(items.values())


def apply(
    segments: Sequence[Segment],
    findings: Findings,
    treatment: Treatment,
    entries: Sequence[VaultEntry],
    operators: Mapping[Operator, SpanOperator],
) -> tuple[Treated, ...]:
    """
    The treated texts, in the order of *segments*.

    Args:
        segments, findings, treatment: As given to `plan`.
        entries: At least the entries of what `plan` asked for.
        operators: What does each operator's work; ``keep`` and ``placeholder`` need none.

    Raises:
        DetectionError: If *findings* do not fit *segments*.
        VaultError: If an entry is missing.
    """
    placeholders = {identity(entry.item): entry.placeholder for entry in entries}
    return tuple(
        _treat(segment, _spans(segment.text, spans, treatment), placeholders, operators)
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


def _spans(text: str, findings: Sequence[Finding], treatment: Treatment) -> list[_Span]:
    """What is to be replaced: the treated findings, and between them whatever looks like a placeholder."""
    spans: list[_Span] = []
    end = 0
    for finding in findings:
        operator = treatment.operator(finding.entity)
        if operator is Operator.KEEP:
            continue
        spans += _literals(text, end, finding.start)
        spans.append((finding.start, finding.end, finding.entity, operator))
        end = finding.end
    return spans + _literals(text, end, len(text))


def _literals(text: str, start: int, end: int) -> list[_Span]:
    return [(first, last, TOKEN_LITERAL, Operator.PLACEHOLDER) for first, last in token_like_spans(text, start, end)]


def _treat(
    segment: Segment,
    spans: Sequence[_Span],
    placeholders: Mapping[tuple[str, str, bool], str],
    operators: Mapping[Operator, SpanOperator],
) -> Treated:
    def replace(start: int, end: int, entity: str, operator: Operator) -> str:
        original = segment.text[start:end]
        if operator is not Operator.PLACEHOLDER:
            return operators[operator].apply(original, entity=entity)
        item = VaultItem(entity=entity, original=original, role=segment.role)
        try:
            return placeholders[identity(item)]
        except KeyError:
            raise VaultError(f"the vault gave no placeholder for a finding of `{entity}`", code="HG407") from None

    replaced = [replace(*span) for span in spans]
    treated = _join(segment.text, spans, replaced)
    issued = {
        end for (_, end, _, _), span in zip(treated.replaced, spans, strict=True) if span[3] is Operator.PLACEHOLDER
    }
    if any(last not in issued for _, last in token_like_spans(treated.text)):
        # PRIVACY: what an operator left beside the text around it must not add up to a placeholder, or a text could
        # name one in two halves; brackets cannot be part of one.
        replaced = [
            old if span[3] is Operator.PLACEHOLDER else label(span[2], instead_of=segment.text[span[0] : span[1]])
            for span, old in zip(spans, replaced, strict=True)
        ]
        treated = _join(segment.text, spans, replaced)
    return treated


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
    return Treated(text="".join((*pieces, text[done:])), replaced=tuple(places))
