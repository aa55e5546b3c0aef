"""
Patterns that a policy brings: whether each can run, and the entities that they declare.

An entity that is not shipped is known in the whole policy once a pattern finds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hybrid_guard.policies.yaml_strict import Value

__all__ = ["declared_entities", "find_flaw"]

_LOOKS_AROUND = ("(?=", "(?!", "(?<=", "(?<!")
_MEMORY = 1 << 18
# Bytes for what RE2 makes of one pattern: about ten thousand steps. Larger ones take seconds to prepare.

_PROBES = (b"", b"a", b"0", b" ", b"a 0", b"A-0.a_0\n")
# Texts in which a pattern of no characters is found.


def declared_entities(content: Value) -> frozenset[str]:
    """The names after ``entity`` in the patterns of the file *content*, whatever else is wrong with it."""
    found: Value = content
    for key in ("detection", "patterns"):
        found = found.get(key) if isinstance(found, dict) else None
    entries: Iterable[Value] = found if isinstance(found, list) else ()
    names = (entry.get("entity") for entry in entries if isinstance(entry, dict))
    return frozenset(name for name in names if isinstance(name, str))


def find_flaw(regex: str) -> str | None:
    """Why *regex* cannot be used, and what to do about it, in words that hold nothing of it; None if it can."""
    import re2

    from hybrid_guard.linear import latin_options

    options = latin_options(cased=False)
    options.max_mem = _MEMORY
    # PRIVACY: a pattern may be as private as what it is to find, so of what RE2 says only the kind is told.
    try:
        # How a letter beyond Latin-1 is written in a view makes no difference to whether the pattern is right.
        compiled = re2.compile(regex.encode("latin-1", errors="replace"), options)
    except re2.error as exc:
        return next(_explain(regex, exc))
    if compiled.groupindex.keys() - {b"span"}:
        return "has a group of another name than `span`, which nothing reads; name it `span`, or write `(?:...)`"
    group = compiled.groupindex.get(b"span", 0)
    for probe in _PROBES:
        found = compiled.search(probe)
        if found is not None and found.start(group) == found.end(group):
            return "matches a text of nothing; ask for at least one character, with `+` instead of `*`"
    return None


def _explain(regex: str, error: Exception) -> Iterator[str]:
    if any(one in regex for one in _LOOKS_AROUND):
        yield "uses look-around; match what stands beside the value, and put the value in the group `(?P<span>...)`"
    said = error.args[0] if error.args else b""
    reason = (said.decode("latin-1") if isinstance(said, bytes) else str(said)).partition(":")[0]
    if reason == "invalid escape sequence":
        yield "uses a back-reference or an escape that RE2 does not know; write it without"
    if "too large" in reason:
        yield "is too large; ask for fewer repetitions"
    yield f"is refused by RE2 ({reason}); see its syntax"
