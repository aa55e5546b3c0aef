"""
The grammar of the phrase files: rules of alternatives, written as templates, parsed once.

A phrase file holds rules.  ``== name`` opens one; ``== name LABEL`` opens one whose whole value is a labelled
span; ``words`` after that says that the lines list words between commas instead of holding one template each.
A line ``<<<`` opens a template of several lines, ``>>>`` closes it.  In a template:

- ``{rule}`` is a slot, ``{rule!}`` its value without the label, ``{^rule}`` with a capital,
  ``{rule#1}`` the same value each time, ``{an rule}`` with an English article before the span;
- ``{int 1 90}``, ``{num 1000 90000 ,}`` and ``{pat @@-####}`` make numbers and ids;
- ``{a.full}`` is a trait of the person ``a``, the same person in the whole text;
- ``{LABEL:...}`` labels the template inside; a label inside a label is dropped;
- ``[one|other|]`` chooses, ``[a~he|she]`` by the gender of the person ``a``; brackets without a bar are text;
- a backslash takes a brace or bracket literally, ``\n`` and ``\t`` are what they look like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Alternatives", "Choice", "Grammar", "Marked", "Node", "Rule", "Slot", "Template", "parse", "read_rules"]

_SLOT = re.compile(r"\{(\^)?([A-Za-z_]\w*(?:\.\w+)?)(!)?(?:#(\w+))?(?: ([^{}\n]*))?\}")
_MARKED = re.compile(r"\{([A-Z_]{3,}):")
_GENDERED = re.compile(r"(\w+)~")
_LITERAL = re.compile(r"[^\\\[\]{}|]+")
_DOUBLE_BRACES = re.compile(r"\{\{[^{}\n]*\}\}")
_ESCAPED = {"n": "\n", "t": "\t"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """
    A place for a value: *name* is a rule, a maker or ``person.trait``.
    """

    name: str
    argument: str = ""
    capital: bool = False
    bare: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """
    A labelled piece of a template.
    """

    label: str
    template: Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """
    Alternatives; *person* names the one whose gender decides between two, `""` leaves it to chance.
    """

    options: tuple[Template, ...]
    person: str = ""


Node = str | Slot | Marked | Choice
Template = tuple[Node, ...]
Alternatives = tuple[Template, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """
    A named set of templates; *label* is `""` where its value is no span.
    """

    name: str
    label: str
    templates: Alternatives


Grammar = dict[str, Rule]


def parse(source: str) -> Template:
    """
    The template written as *source*.

    Raises:
        ValueError: A brace or bracket is left open.
    """
    template, at = _parse_until(source, 0, "")
    if at != len(source):
        raise ValueError(f"unbalanced template near character {at}: {source!r}")
    return template


def read_rules(folder: Path) -> Grammar:
    """
    The rules of all phrase files in *folder*; a rule that two files open has the templates of both.
    """
    found: dict[str, tuple[str, list[Template]]] = {}
    for path in sorted(folder.glob("*.txt")):
        for name, label, source in _sources(path):
            known_label, templates = found.setdefault(name, (label, []))
            if known_label != label:
                raise ValueError(f"rule `{name}` has two labels, see {path.name}")
            templates.append(parse(source))
    return {name: Rule(name=name, label=label, templates=tuple(parts)) for name, (label, parts) in found.items()}


def _sources(path: Path) -> Iterator[tuple[str, str, str]]:
    name, label, listed = "", "", False
    block: list[str] | None = None
    for line in path.read_text(encoding="utf-8").splitlines():
        if block is not None:
            if line == ">>>":
                yield name, label, "\n".join(block)
                block = None
            else:
                block.append(line)
        elif line.startswith("== "):
            _, name, *rest = line.split()
            listed = "words" in rest
            label = next((word for word in rest if word != "words"), "")
        elif line == "<<<":
            block = []
        elif listed:
            yield from ((name, label, word.strip()) for word in line.split(",") if word.strip())
        elif line and not line.startswith("# "):
            yield name, label, line
    if block is not None:
        raise ValueError(f"a block is left open in {path.name}")


def _parse_until(source: str, at: int, closing: str) -> tuple[Template, int]:
    nodes: list[Node] = []
    while at < len(source):
        char = source[at]
        if char in closing:
            break
        if char == "\\" and at + 1 < len(source):
            nodes.append(_ESCAPED.get(source[at + 1], source[at + 1]))
            at += 2
            continue
        node, at = _parse_one(source, at)
        nodes.append(node)
    return _joined(nodes), at


def _parse_one(source: str, at: int) -> tuple[Node, int]:
    char = source[at]
    if char == "[":
        return _parse_bracket(source, at)
    if char != "{":
        literal = _LITERAL.match(source, at)
        return (literal.group(), literal.end()) if literal else (char, at + 1)
    if double := _DOUBLE_BRACES.match(source, at):
        return double.group(), double.end()
    if marked := _MARKED.match(source, at):
        inside, end = _parse_until(source, marked.end(), "}")
        if end == len(source):
            raise ValueError(f"unbalanced brace: {source!r}")
        return Marked(label=marked.group(1), template=inside), end + 1
    if slot := _SLOT.match(source, at):
        capital, name, bare, key, argument = slot.groups()
        made = Slot(name=name, argument=argument or "", capital=bool(capital), bare=bool(bare), key=key or "")
        return made, slot.end()
    return char, at + 1


def _parse_bracket(source: str, at: int) -> tuple[Node, int]:
    options: list[Template] = []
    gendered = _GENDERED.match(source, at + 1)
    cursor = gendered.end() if gendered else at + 1
    while True:
        option, cursor = _parse_until(source, cursor, "|]")
        options.append(option)
        if cursor == len(source):
            # Nothing closes the bracket: it is text, such as the "[" of a time stamp.
            return "[", at + 1
        if source[cursor] == "]":
            break
        cursor += 1
    if len(options) == 1:
        return "[", at + 1
    return Choice(options=tuple(options), person=gendered.group(1) if gendered else ""), cursor + 1


def _joined(nodes: list[Node]) -> Template:
    joined: list[Node] = []
    for node in nodes:
        if isinstance(node, str) and joined and isinstance(joined[-1], str):
            joined[-1] += node
        else:
            joined.append(node)
    return tuple(joined)
