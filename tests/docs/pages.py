"""The pages of the documentation, cut into the blocks that a test can run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["PAGES", "ROOT", "WRITTEN", "Block", "Shell", "blocks", "matches", "shells"]

ROOT = Path(__file__).resolve().parents[2]

PAGES = tuple(sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]))
"""Pages whose blocks are run."""

WRITTEN = tuple(sorted([*PAGES, *(ROOT / "policy_examples").rglob("*.md")]))
"""Pages whose links are followed."""

_FENCE = re.compile(r"^(`{3,})([^`\n]*)\n(.*?)^\1`*[ ]*$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"\A# ([\w.-]+\.(?:yaml|py))\n")
_ANYTHING = re.compile(r"\.\.\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """
    One fenced block.

    Attributes:
        page: The file.
        line: Of its opening fence, from 1.
        info: What stands behind the opening fence.
        text: What is in it.
    """

    page: Path
    line: int
    info: str
    text: str = field(repr=False)

    @property
    def place(self) -> str:
        """For messages: the file and the line."""
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    @property
    def file(self) -> str | None:
        """The name of the file that the block is, if its first line is a comment with one."""
        found = _FILE.match(self.text)
        return found[1] if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """
    One line behind a `$`, and what is shown below it.

    Attributes:
        line: Of the page.
        command: What is typed.
        shown: What is printed; ``...`` stands for anything.
    """

    line: int
    command: str
    shown: str


def blocks(page: Path) -> tuple[Block, ...]:
    """The fenced blocks of *page*, in order."""
    text = page.read_text(encoding="utf-8")
    return tuple(
        Block(page=page, line=text.count("\n", 0, found.start()) + 1, info=found[2].strip(), text=found[3])
        for found in _FENCE.finditer(text)
    )


def shells(block: Block) -> Iterator[Shell]:
    """The commands of a ``console`` block; a line that ends in a backslash goes on in the next one."""
    command, start, going_on = "", 0, False
    shown: list[str] = []
    for number, line in enumerate(block.text.splitlines(), block.line + 1):
        if going_on:
            command += line.strip()
        elif line.startswith("$ "):
            if command:
                yield Shell(line=start, command=command, shown="\n".join(shown))
            command, shown, start = line[2:], [], number
        else:
            shown.append(line)
        going_on = command.endswith("\\") and not shown
        command = command.removesuffix("\\") if going_on else command
    yield Shell(line=start, command=command, shown="\n".join(shown))


def matches(shown: str, printed: str) -> bool:
    """Whether *printed* is what a page shows; ``...`` stands for anything, and blanks count as one."""
    pattern = ".*?".join(re.escape(piece) for piece in _ANYTHING.split(_bare(shown)))
    return re.fullmatch(pattern, _bare(printed), re.DOTALL) is not None


def _bare(text: str) -> str:
    return "\n".join(line for line in (" ".join(line.split()) for line in text.splitlines()) if line)
