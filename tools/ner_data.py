"""
Texts for training the bundled name finder: corpora are read, their labels mapped, their texts varied.

Spans are half-open, in code points of their text, and carry one of `LABELS`.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from zlib import crc32

from ner_corpora import CORPORA, LABELS, MADE, UNSURE

__all__ = [
    "CORPORA",
    "LABELS",
    "UNSURE",
    "Labelled",
    "Span",
    "edit",
    "read_texts",
    "recase",
    "split_templates",
    "vary",
]

Span = tuple[int, int, str]

_TITLE = re.compile(r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Sir|Madam)\b\.?\s*)+", re.IGNORECASE)
_HANDLE = re.compile(r"(?<!\w)@\w{2,}")
_CLOSING = re.compile(r"[.,;:!?)\]}%…]|['’](?:s|S|ve|re|m|ll|d|t)|n['’]t")
_OPENING = frozenset("([{$£€#@")
_CONTRACTED = frozenset({"s", "S", "t", "T", "re", "ve", "m", "ll", "d"})
_ELIDED = frozenset("ODL")


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """
    A text with its labelled spans.

    *raw* is the same text as its corpus spaces it (a blank before each full stop), `None` where it was
    never tokenised.
    *template* names the template that the text was made from; ``""`` for natural text.
    *known* are the labels that the text is fully marked with; `None`: all of `LABELS`.
    """

    text: str = field(repr=False)
    spans: tuple[Span, ...] = field(repr=False)
    raw: Labelled | None = field(default=None, repr=False)
    template: str = ""
    known: frozenset[str] | None = None


def edit(labelled: Labelled, changes: Iterable[tuple[int, int, str]]) -> Labelled:
    """
    Replace [start, end) pieces of the text that do not overlap; spans follow, empty spans are dropped.
    """
    text = labelled.text
    pieces: list[str] = []
    moved: dict[int, int] = {}
    bounds = sorted({bound for start, end, _ in labelled.spans for bound in (start, end)})
    cursor = length = 0
    for start, end, new in [*sorted(changes), (len(text), len(text), "")]:
        moved.update({bound: length + bound - cursor for bound in bounds if cursor <= bound <= start})
        pieces += [text[cursor:start], new]
        length += start - cursor
        moved.update({bound: length + (len(new) if bound == end else 0) for bound in bounds if start < bound <= end})
        length += len(new)
        cursor = end
    spans = tuple(
        (moved[start], moved[end], label) for start, end, label in labelled.spans if moved[start] < moved[end]
    )
    return Labelled(text="".join(pieces), spans=spans, known=labelled.known)


def recase(labelled: Labelled, change: Callable[[str], str]) -> Labelled:
    """
    The text in another case, or as it is where that would move the spans (some letters grow).
    """
    text = change(labelled.text)
    return replace(labelled, text=text, raw=None) if len(text) == len(labelled.text) else labelled


def read_texts(path: Path) -> Iterator[Labelled]:
    """
    The texts of the JSONL file of one of `CORPORA`, with our labels.

    Titles stay outside of names, the pieces of one address are joined, social handles are user names.
    """
    corpus = CORPORA[path.stem]
    made = corpus.labels is MADE
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            text = str(row["text"])
            if made and "{" in text:
                continue  # A template whose slots were never filled.
            marks = sorted((int(mark["start"]), int(mark["end"]), str(mark["label"])) for mark in row["spans"])
            spans = [(start, end, corpus.labels[label]) for start, end, label in marks if label in corpus.labels]
            labelled = Labelled(text=text, spans=tuple(_tidy(text, spans)), known=corpus.known)
            if row.get("tokenised"):
                yield replace(_label_handles(_detokenise(labelled)), raw=_label_handles(labelled))
            elif made:
                yield replace(labelled, template=f"{row.get('template_id', '')}\n{_skeleton(text, marks)}")
            else:
                yield labelled


def split_templates(made: Iterable[Labelled], held_out: float = 0.2) -> tuple[list[Labelled], list[Labelled]]:
    """
    Training and held-out texts of corpora that templates made; texts of one template stay together.
    """
    found = list(made)
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while parent.setdefault(key, key) != key:
            key = parent[key]
        return key

    for labelled in found:
        number, _, skeleton = labelled.template.partition("\n")
        if number:
            parent[root(skeleton)] = root(number)
    train: list[Labelled] = []
    held: list[Labelled] = []
    for labelled in found:
        key = root(labelled.template.partition("\n")[2])
        (held if crc32(key.encode()) % 1000 < held_out * 1000 else train).append(labelled)
    return train, held


def vary(labelled: Labelled, rng: random.Random, mentions: Mapping[str, Sequence[str]]) -> Labelled:
    """
    A natural text as people type it: lower case, no commas, capitals, other names, or as it is.

    *mentions* holds, by label, what takes the place of other mentions of several words.
    """
    if labelled.raw is not None and rng.random() < 0.45:
        labelled = labelled.raw
    if rng.random() < 0.3:
        changes = [
            (start, end, rng.choice(mentions[label]))
            for start, end, label in labelled.spans
            if label in mentions and " " in labelled.text[start:end] and rng.random() < 0.6
        ]
        labelled = edit(labelled, changes)
    draw = rng.random()
    if draw < 0.16:
        labelled = recase(labelled, str.lower)
    elif draw < 0.19:
        labelled = recase(labelled, str.upper)
    if rng.random() < 0.12:
        marks = (match.start() for match in re.finditer(r"[,.!?;](?=\s|$)", labelled.text))
        labelled = edit(
            labelled,
            [(at, at + 1, "") for at in marks if not any(start <= at < end for start, end, _ in labelled.spans)],
        )
    return labelled


def _detokenise(labelled: Labelled) -> Labelled:
    """
    Take out the blanks that tokenisation put around punctuation.
    """
    tokens = [(match.group(), match.start(), match.end()) for match in re.finditer(r"\S+", labelled.text)]
    words = ["", *(token for token, _, _ in tokens), "", ""]
    quoted = False
    drops: list[tuple[int, int, str]] = []
    for index in range(len(tokens) - 1):
        before, token, after, later = words[index : index + 4]
        glued = bool(_CLOSING.fullmatch(after)) or token in _OPENING
        if token == '"':
            quoted = not quoted
            glued = glued or quoted
        glued = glued or (after == '"' and quoted)
        glued = glued or (token == "'" and (after in _CONTRACTED or before in _ELIDED))
        glued = glued or (after == "'" and (later in _CONTRACTED or token in _ELIDED or token.endswith("s")))
        if glued:
            drops.append((tokens[index][2], tokens[index + 1][1], ""))
    return edit(labelled, drops)


def _skeleton(text: str, marks: Sequence[Span]) -> str:
    for start, end, _ in reversed(marks):
        text = text[:start] + "_" + text[end:]
    return re.sub(r"[\W\d_]+", " ", text).strip().lower()


def _tidy(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    last: Span | None = None
    for span in spans:
        start, end, label = _trim(text, span)
        if start >= end or (last is not None and start < last[1]):
            continue
        if last is not None and label == last[2] and _joined(text, last, start):
            last = (last[0], end, label)
            continue
        if last is not None:
            yield last
        last = (start, end, label)
    if last is not None:
        yield last


def _trim(text: str, span: Span) -> Span:
    start, end, label = span
    title = _TITLE.match(text, start, end) if label == "PERSON" else None
    start = title.end() if title else start
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip(" ,;\n\t")), label


def _joined(text: str, last: Span, start: int) -> bool:
    mention, gap = text[last[0] : last[1]], text[last[1] : start]
    address = last[2] == "ADDRESS" and len(gap) < 4 and any(map(str.isdigit, mention))
    return mention == "@" or (address and not gap.strip(" ,\n"))


def _label_handles(labelled: Labelled) -> Labelled:
    """
    Social handles are user names, whoever they stand for; behind a blank ("@ handle") they are what the corpus says.
    """
    handles = [(match.start(), match.end(), "USERNAME") for match in _HANDLE.finditer(labelled.text)]
    others = [
        (start, end, label)
        for start, end, label in labelled.spans
        if not any(first < end and start < last for first, last, _ in handles)
    ]
    return replace(labelled, spans=tuple(sorted([*others, *handles])))
