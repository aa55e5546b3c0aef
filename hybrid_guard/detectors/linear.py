"""Regular expressions over views that take linear time."""

from __future__ import annotations

import re2

__all__ = ["compile_linear"]

_MEMORY = 8 << 20


def compile_linear(regex: bytes, *, cased: bool = True) -> re2._Regexp:
    """*regex*, in Latin-1, where a point matches every byte."""
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.case_sensitive = cased
    options.log_errors = False
    options.dot_nl = True
    options.max_mem = _MEMORY
    return re2.compile(regex, options)
