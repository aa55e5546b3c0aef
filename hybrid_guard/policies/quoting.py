"""How a message quotes a word of the file."""

from __future__ import annotations

__all__ = ["quote"]


def quote(name: object) -> str:
    """*name* in backticks, on one line, cut after 80 characters."""
    text = "".join(char if char.isprintable() and char != "`" else "?" for char in str(name))
    return f"`{text[:80]}...`" if len(text) > 80 else f"`{text}`"
