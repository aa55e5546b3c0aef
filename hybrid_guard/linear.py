"""Regular expressions over views that take linear time."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import re2

__all__ = ["compile_linear", "latin_options", "search_on"]

_MEMORY = 8 << 20
# Bytes for the states that were seen. RE2 stays linear when they are not enough.


def latin_options(*, cased: bool) -> re2.Options:
    """How RE2 reads views: bytes of Latin-1, a point matches every byte, bounded memory, nothing is logged."""
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.case_sensitive = cased
    options.log_errors = False
    options.dot_nl = True
    options.max_mem = _MEMORY
    return options


def compile_linear(regex: bytes, *, cased: bool = True) -> re2._Regexp:
    """*regex*, in Latin-1, where a point matches every byte."""
    return re2.compile(regex, latin_options(cased=cased))


def search_on(regex: re2._Regexp, data: bytes, after: Callable[[re2._Match], int]) -> Iterator[re2._Match]:
    """Each match of *regex* in *data*; *after* says from where on the next is looked for: later than one begins."""
    position = 0
    while (found := regex.search(data, position)) is not None:
        yield found
        position = after(found)
