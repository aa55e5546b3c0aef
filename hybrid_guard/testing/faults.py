"""
What can go wrong with an answer, each as a value.
"""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = [
    "BadJson",
    "Drip",
    "Empty",
    "Fault",
    "InvalidUtf8",
    "LongLine",
    "OneByte",
    "Redirect",
    "Reset",
    "Silent",
    "Status",
    "Truncate",
    "WrongModel",
    "WrongType",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """
    An HTTP error.

    Attributes:
        code: Such as 400, 401, 413, 429, 500 or 503.
        echo: Quote the request body in the error text, as careless servers do.
    """

    code: int
    echo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reset:
    """
    A TCP reset: after *after* bytes of the answer's body, or before the answer when it is None.
    """

    after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drip:
    """
    The answer's body in tiny pieces, *pause* seconds apart, *total* seconds at most.
    """

    pause: float = 0.001
    total: float = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BadJson:
    """
    JSON that stops in the middle of an object, in an answer that is otherwise whole.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongType:
    """
    An HTML page with status 200 where JSON or an event stream was due.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Truncate:
    """
    A clean close after *after* bytes of a body that was announced as longer.
    """

    after: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """
    A redirect to the URL *to*, which asks for the request to be sent there again.
    """

    to: str = field(repr=False)
    code: int = 307


@dataclass(frozen=True, slots=True, kw_only=True)
class Empty:
    """
    Status 200 and no body.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """
    No answer until the server is closed.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongModel:
    """
    An answer signed by a model that nobody asked for.
    """

    name: str = "another-model"


@dataclass(frozen=True, slots=True, kw_only=True)
class OneByte:
    """
    The right answer, every byte in a write of its own.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class LongLine:
    """
    An answer of *size* bytes on a single line.
    """

    size: int = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class InvalidUtf8:
    """
    An answer whose text holds bytes that are not UTF-8.
    """


Fault = (
    BadJson
    | Drip
    | Empty
    | InvalidUtf8
    | LongLine
    | OneByte
    | Redirect
    | Reset
    | Silent
    | Status
    | Truncate
    | WrongModel
    | WrongType
)
