"""Where a text is the value of an HTML attribute."""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["TagContext"]

_BLANKS = " \t\n\r\f\v"
# Without a colon: `<https://` begins no tag but a link.
_TAG_NAME = re.compile(r"[A-Za-z0-9_-]")

_State = Callable[["TagContext", str], None]


class TagContext:
    """
    Follows a text character by character, however it is cut into pieces.

    A tag ends at ``>`` and nowhere else: a blank line ends one in Markdown, but not in HTML.

    Attributes:
        inside: Whether the next character belongs to the value of an attribute.
    """

    __slots__ = ("_state", "inside")

    def __init__(self) -> None:
        self._state: _State = TagContext._plain
        self.inside = False

    def advance(self, text: str) -> None:
        """Read *text*."""
        place = 0
        while place < len(text):
            if self._state is TagContext._plain:
                place = text.find("<", place)
                if place < 0:
                    return
            self._state(self, text[place])
            place += 1

    def _go(self, state: _State, *, inside: bool = False) -> None:
        self._state = state
        self.inside = inside

    def _again(self, char: str) -> None:
        self._go(TagContext._plain)
        self._plain(char)

    def _plain(self, char: str) -> None:
        if char == "<":
            self._go(TagContext._angle)

    def _angle(self, char: str) -> None:
        if _TAG_NAME.match(char) or char == "/":
            self._go(TagContext._name)
        else:
            self._again(char)

    def _name(self, char: str) -> None:
        if char in _BLANKS or char == "/":
            self._go(TagContext._tag)
        elif not _TAG_NAME.match(char):
            self._again(char)

    def _tag(self, char: str) -> None:
        if char == "=":
            self._go(TagContext._value, inside=True)
        elif char == ">":
            self._go(TagContext._plain)

    def _value(self, char: str) -> None:
        if char == '"':
            self._go(TagContext._double_quoted, inside=True)
        elif char == "'":
            self._go(TagContext._single_quoted, inside=True)
        elif char == ">":
            self._go(TagContext._plain)
        elif char not in _BLANKS:
            self._go(TagContext._bare, inside=True)

    def _bare(self, char: str) -> None:
        if char in _BLANKS:
            self._go(TagContext._tag)
        elif char == ">":
            self._go(TagContext._plain)

    def _double_quoted(self, char: str) -> None:
        if char == '"':
            self._go(TagContext._tag)

    def _single_quoted(self, char: str) -> None:
        if char == "'":
            self._go(TagContext._tag)
