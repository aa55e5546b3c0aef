"""
Texts as people type them: other cases, lost marks and accents, slips of the finger.  Spans follow.
"""

from __future__ import annotations

import random
import re
import tomllib
import unicodedata
from collections.abc import Callable
from pathlib import Path

from ner_data import Labelled, edit

__all__ = ["roughen"]

Change = tuple[int, int, str]
_WORD = re.compile(r"[^\W\d_]{4,}")
_CHAT: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_name("small.toml").read_text(encoding="utf-8"))[
    "chat"
]


def roughen(labelled: Labelled, rng: random.Random, language: str) -> Labelled:
    """
    *labelled* as somebody in a hurry types it; more than half of the texts stay as they are.
    """
    draw = rng.random()
    if draw < 0.52:
        return labelled
    if draw < 0.62:
        return _recase(labelled, str.lower)
    if draw < 0.66:
        return _recase(labelled, str.upper)
    if draw < 0.72:
        return _drop_marks(labelled)
    if draw < 0.79:
        return _drop_marks(_recase(labelled, str.lower))
    if draw < 0.87:
        return _slip(labelled, rng)
    if draw < 0.90:
        return _shorten(_recase(labelled, str.lower), rng, language)
    if draw < 0.93:
        return _wrap(labelled, rng)
    if draw < 0.95:
        return _decorate(labelled, rng)
    if draw < 0.97:
        return _squash(labelled)
    return _plain_letters(labelled)


def _recase(labelled: Labelled, change: Callable[[str], str]) -> Labelled:
    text = change(labelled.text)
    if len(text) != len(labelled.text):
        # Letters that grow in the other case stay as they are.
        text = "".join(new if len(new := change(char)) == 1 else char for char in labelled.text)
    return Labelled(text=text, spans=labelled.spans)


def _drop_marks(labelled: Labelled) -> Labelled:
    marks = (match.start() for match in re.finditer(r"[,.!?;:](?=\s|$)", labelled.text))
    changes = [(at, at + 1, "") for at in marks if not _inside(labelled, at)]
    return edit(labelled, changes)


def _slip(labelled: Labelled, rng: random.Random) -> Labelled:
    changes: list[Change] = []
    for match in _WORD.finditer(labelled.text):
        if rng.random() > 0.08:
            continue
        at = rng.randrange(match.start() + 1, match.end() - 1)
        pair, letter = labelled.text[at : at + 2], labelled.text[at]
        touched = [bound for start, end, _ in labelled.spans for bound in (start, end) if at < bound < at + 2]
        if not touched:
            new = rng.choice((pair[::-1], pair[1], letter + pair, rng.choice("aeiorstn") + pair[1]))
            changes.append((at, at + 2, new))
    return edit(labelled, changes)


def _shorten(labelled: Labelled, rng: random.Random, language: str) -> Labelled:
    changes: list[Change] = []
    for word, short in _CHAT[language].items():
        for match in re.finditer(rf"\b{re.escape(word)}\b", labelled.text):
            free = not any(start < match.end() and match.start() < end for start, end, _ in labelled.spans)
            taken = any(start < match.end() and match.start() < end for start, end, _ in changes)
            if free and not taken and rng.random() < 0.7:
                changes.append((match.start(), match.end(), short))
    return edit(labelled, changes)


def _wrap(labelled: Labelled, rng: random.Random) -> Labelled:
    """
    Lines broken at a width, as mail programs do; a span may go over two lines.
    """
    width, column = rng.randint(40, 80), 0
    chars = list(labelled.text)
    last_blank = -1
    for at, char in enumerate(chars):
        if char == "\n":
            column, last_blank = 0, -1
            continue
        last_blank = at if char == " " else last_blank
        column += 1
        if column > width and last_blank >= 0:
            chars[last_blank] = "\n"
            column, last_blank = at - last_blank, -1
    return Labelled(text="".join(chars), spans=labelled.spans)


def _decorate(labelled: Labelled, rng: random.Random) -> Labelled:
    """
    Marks of emphasis, quotation or markup around some spans.
    """
    before, after = rng.choice(
        (("**", "**"), ("*", "*"), ('"', '"'), ("“", "”"), ("<b>", "</b>"), ("`", "`"), ("(", ")"), ("'", "'"))
    )
    chosen = [span for span in labelled.spans if rng.random() < 0.4 and "\n" not in labelled.text[span[0] : span[1]]]
    text, spans, cursor, shift = [], [], 0, 0
    for span in labelled.spans:
        start, end, label = span
        text.append(labelled.text[cursor:start])
        if span in chosen:
            text += [before, labelled.text[start:end], after]
            spans.append((start + shift + len(before), end + shift + len(before), label))
            shift += len(before) + len(after)
        else:
            text.append(labelled.text[start:end])
            spans.append((start + shift, end + shift, label))
        cursor = end
    return Labelled(text="".join([*text, labelled.text[cursor:]]), spans=tuple(spans))


def _squash(labelled: Labelled) -> Labelled:
    """
    Line breaks lost, as in a form field that was pasted.
    """
    return Labelled(text=labelled.text.replace("\n", " ").replace("\t", " "), spans=labelled.spans)


def _plain_letters(labelled: Labelled) -> Labelled:
    """
    Accents left out, typewriter quotes turned into printed ones.
    """
    printed = labelled.text.translate({ord("'"): "’", ord("ł"): "l", ord("Ł"): "L", ord("ø"): "o"})
    plain = [unicodedata.normalize("NFKD", char)[:1] if char.isalpha() else char for char in printed]
    return Labelled(text="".join(char or " " for char in plain), spans=labelled.spans)


def _inside(labelled: Labelled, at: int) -> bool:
    return any(start <= at < end for start, end, _ in labelled.spans)
