"""
Put originals back into tool arguments: JSON, whole or in chunks.

Each string and each key is restored as a text of its own and written as JSON again, so quotes, backslashes and line
breaks in an original cannot break out of it. Everything between the strings stays as the model wrote it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence, Set

from hybrid_guard.anonymizer.matcher import Matcher
from hybrid_guard.anonymizer.restore import Passage, Tally
from hybrid_guard.types import VaultEntry

__all__ = ["JsonRestorer"]

_STOP = re.compile(r'["\\]')
_LONE = re.compile("[\ud800-\udfff]")
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_HEX = frozenset("0123456789abcdefABCDEF")
_UNICODE = 6


class JsonRestorer:
    """
    Restores tool arguments. Not thread-safe; one for each tool call.

    A text that does not begin like an object, an array or a string is no JSON and is restored as plain text. A text
    that breaks off is restored up to there.

    Args:
        entries: Of the conversation's vault.
        entities, trusted: As `Restorer` has them.

    Attributes:
        tally: What happened so far, over all texts.
    """

    def __init__(
        self, entries: Sequence[VaultEntry], *, entities: Set[str] | None = None, trusted: bool = False
    ) -> None:
        self.tally = Tally()
        self._plain: bool | None = None
        self._inside = False
        self._escape = ""
        self._read: list[str] = []
        self._matcher = Matcher(entries)
        self._entities = entities
        self._trusted = trusted
        self._text = self._begin()

    def __repr__(self) -> str:
        return f"<JsonRestorer {self.tally!r}>"

    def feed(self, chunk: str) -> str:
        """What can be said for sure now; the same in total for every way to cut the arguments into chunks."""
        if self._plain is None:
            begun = chunk.lstrip()
            if not begun:
                return chunk
            self._plain = begun[0] not in '{["'
        return self._text.feed(chunk) if self._plain else self._feed_json(chunk)

    def flush(self) -> str:
        """The rest of the arguments. The next chunk begins others."""
        if self._inside:
            rest = self._take(last=True) + _write(self._text.finish(truncated=not self._trusted)) + self._escape
        else:
            rest = self._text.finish(truncated=not self._trusted)
        self._plain, self._inside, self._escape, self._text = None, False, "", self._begin()
        return rest

    def restore(self, text: str) -> str:
        """The whole of *text*, restored."""
        return self.feed(text) + self.flush()

    def _begin(self) -> Passage:
        return Passage(self._matcher, self.tally, entities=self._entities, trusted=self._trusted)

    def _feed_json(self, chunk: str) -> str:
        pieces: list[str] = []
        place = 0
        while place < len(chunk):
            if not self._inside:
                quote = chunk.find('"', place)
                if quote < 0:
                    pieces.append(chunk[place:])
                    break
                pieces.append(chunk[place : quote + 1])
                self._inside, self._text = True, self._begin()
                place = quote + 1
            elif self._escape:
                place += self._unescape(chunk[place])
            else:
                stop = _STOP.search(chunk, place)
                end = len(chunk) if stop is None else stop.start()
                self._read.append(chunk[place:end])
                place = end + 1
                if stop is not None and stop.group() == "\\":
                    self._escape = "\\"
                elif stop is not None:
                    pieces += (self._take(last=True), _write(self._text.finish(truncated=False)), '"')
                    self._inside = False
        if self._inside:
            pieces.append(self._take())
        return "".join(pieces)

    def _unescape(self, char: str) -> int:
        """Read one more character of an escape; how many were used, which is none if *char* cannot belong to it."""
        escape = self._escape + char
        if escape[1] != "u":
            self._read.append(_ESCAPES.get(char, escape))
        elif len(escape) > 2 and char not in _HEX:
            self._read.append(self._escape)
            self._escape = ""
            return 0
        elif len(escape) < _UNICODE:
            self._escape = escape
            return 1
        else:
            self._read.append(chr(int("0x" + escape[2:], base=16)))
        self._escape = ""
        return 1

    def _take(self, *, last: bool = False) -> str:
        """Restore what was read of the string so far and write it as JSON."""
        text = "".join(self._read)
        self._read.clear()
        if _LONE.search(text):
            # INVARIANT: the halves of a surrogate pair come as two escapes; they are one character from here on.
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
            if not last and "\ud800" <= text[-1] <= "\udbff":
                self._read.append(text[-1])
                text = text[:-1]
        return _write(self._text.feed(text))


def _write(text: str) -> str:
    written = json.dumps(text, ensure_ascii=False)[1:-1]
    return _LONE.sub(lambda match: f"\\u{ord(match.group()):04x}", written)
