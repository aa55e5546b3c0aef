"""
YAML without its traps: plain mappings, sequences and scalars, each with its place in the file.

Refused: duplicate keys, anchors, aliases, tags, merge keys, directives, more than one document, keys that are no
scalars, and whatever is too large or too deep. Scalars are read by YAML 1.2: ``no``, ``on`` and ``22:30`` are strings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn

import yaml

from hybrid_guard.errors import PolicyError
from hybrid_guard.policies.quoting import quote

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_NODES", "Document", "Mark", "Path", "Value", "read"]

MAX_BYTES = 256 * 1024
"""Bytes of UTF-8 that a file may have."""

MAX_DEPTH = 20
"""Mappings and sequences that may lie inside each other."""

MAX_NODES = 10_000
"""Mappings, sequences, keys and values that a file may have; more would take seconds to read."""

Value = dict[str, "Value"] | list["Value"] | str | int | float | bool | None
"""What a file holds."""

Path = tuple[str | int, ...]
"""Keys and positions from the root to a value."""

Mark = tuple[int, int]
"""Line and column, both from 1."""

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})
# Decimal only, and no leading zeros: YAML 1.1 and 1.2 read `017` and `0o17` as different numbers.
_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_UNFIT = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """
    A file that was read.

    Attributes:
        content: The value at the root.
        values: Path of each value to where it begins.
        keys: Path of each value that has a key to where the key begins.
    """

    content: Value = field(repr=False)
    values: dict[Path, Mark] = field(repr=False)
    keys: dict[Path, Mark] = field(repr=False)

    def key(self, path: Path) -> Mark:
        """Where the key of *path* stands; for an item of a sequence and for the root, where the value begins."""
        return self.keys.get(path, self.values[path])

    def value(self, path: Path) -> Mark:
        """Where the value of *path* begins; for a path that the file lacks, the key of its nearest parent."""
        if path in self.values:
            return self.values[path]
        while path not in self.values:
            path = path[:-1]
        return self.key(path)


def read(text: str, *, file: str) -> Document:
    """
    Read one YAML document.

    Raises:
        PolicyError: HG102 text that is no YAML or is empty, HG103 a part of YAML that is refused, HG104 a key twice,
            HG105 too large or too deep.
    """
    text = text.removeprefix("\ufeff")
    return _Reader(text, file).document()


class _Reader:
    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self._values: dict[Path, Mark] = {}
        self._keys: dict[Path, Mark] = {}
        self._nodes = 0

    def document(self) -> Document:
        if len(self._text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
            self._refuse("HG105", (1, 1), f"the file is too large; {MAX_BYTES // 1024} KiB are allowed")
        try:
            content = self._stream(self._events())
        except yaml.MarkedYAMLError as exc:
            self._refuse("HG102", _place(exc.problem_mark), _problem(exc))
        except yaml.reader.ReaderError as exc:
            before = self._text[: exc.position].split("\n")
            problem = f"character U+{exc.character:04X} is not allowed; remove it, or escape it in double quotes"
            self._refuse("HG102", (len(before), len(before[-1]) + 1), problem)
        return Document(content=content, values=self._values, keys=self._keys)

    def _events(self) -> Iterator[yaml.Event]:
        loader = yaml.SafeLoader(self._text)
        try:
            while loader.check_event():
                yield loader.get_event()  # type: ignore[no-untyped-call]  # the stubs lack it
        except (OverflowError, ValueError):
            problem = "an escape beyond `\\U0010FFFF`, which is no character; write the character itself"
            self._refuse("HG102", _place(loader.get_mark()), problem)

    def _stream(self, events: Iterator[yaml.Event]) -> Value:
        content: Value = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._refuse("HG103", _place(event.start_mark), "a second document; keep one document in the file")
                if event.version or event.tags:
                    self._refuse("HG103", _place(event.start_mark), "a directive; remove the line that begins with `%`")
            elif isinstance(event, yaml.NodeEvent):
                content = self._node(event, events, ())
        if content is None:
            self._refuse("HG102", (1, 1), "the file is empty; begin with `version: 1`")
        return content

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], path: Path) -> Value:
        # INVARIANT: recursion ends at MAX_DEPTH, before the children of a collection are looked at.
        mark = self._admit(event)
        self._values[path] = mark
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if len(path) >= MAX_DEPTH:
            self._refuse("HG105", mark, f"too deep; {MAX_DEPTH} levels are allowed")
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, path)
        return self._mapping(events, path)

    def _sequence(self, events: Iterator[yaml.Event], path: Path) -> Value:
        items: list[Value] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(self._node(event, events, (*path, len(items))))
        return items

    def _mapping(self, events: Iterator[yaml.Event], path: Path) -> Value:
        entries: dict[str, Value] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            mark = self._admit(event)
            if not isinstance(event, yaml.ScalarEvent):
                self._refuse("HG103", mark, "a key that is a mapping or a sequence; use a name")
            key = event.value
            if event.style is None and key == "<<":
                self._refuse("HG103", mark, "a merge key `<<`; write the keys out")
            if not key:
                self._refuse("HG103", mark, "an empty key; give it a name")
            if key in entries:
                first = self._keys[(*path, key)][0]
                self._refuse("HG104", mark, f"duplicate key {quote(key)}; it is on line {first} already")
            self._keys[(*path, key)] = mark
            entries[key] = self._node(next(events), events, (*path, key))
        return entries

    def _admit(self, event: yaml.Event) -> Mark:
        """Where *event* begins, once it is known to be a plain node."""
        mark = _place(event.start_mark)
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._refuse("HG105", mark, f"too many keys and values; {MAX_NODES} are allowed")
        if isinstance(event, yaml.AliasEvent):
            self._refuse("HG103", mark, "an alias `*...`; write the value out")
        if getattr(event, "anchor", None) is not None:
            self._refuse("HG103", mark, "an anchor `&...`; remove it")
        if getattr(event, "tag", None) is not None:
            self._refuse("HG103", mark, "a tag `!...`; remove it")
        if isinstance(event, yaml.ScalarEvent) and _UNFIT.search(event.value):
            problem = "an escape `\\0`, or `\\uD800` to `\\uDFFF`, which is no character; write the character itself"
            self._refuse("HG102", mark, problem)
        return mark

    def _refuse(self, code: str, mark: Mark, problem: str) -> NoReturn:
        # The cause is dropped: PyYAML's own message quotes the file.
        raise PolicyError(problem, file=self._file, line=mark[0], column=mark[1], code=code) from None


def _place(mark: yaml.error.Mark | yaml._yaml.Mark | None) -> Mark:
    assert mark is not None  # INVARIANT: PyYAML's own parser gives every event and every error its place
    return mark.line + 1, mark.column + 1


def _problem(exc: yaml.MarkedYAMLError) -> str:
    """PyYAML's finding, which names characters and tokens but never values, and a remedy."""
    problem = exc.problem or "it cannot be read"
    if r"'\t'" in problem:
        return "a tab where YAML wants spaces; indent with spaces"
    return f"not YAML: {problem.replace(chr(10), ' ')}; check indentation, quotes and brackets up to here"


def _scalar(event: yaml.ScalarEvent) -> Value:
    text: str = event.value
    if event.style is not None:
        return text
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
