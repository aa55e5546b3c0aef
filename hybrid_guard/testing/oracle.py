"""
The taint oracle: whether bytes hold a protected value, in the clear or behind an encoding.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hybrid_guard.testing.canaries import Canary
from hybrid_guard.testing.traces import ENOUGH_BITS, SQUEEZED_BITS, TraceIndex, trace_exactly, trace_loosely
from hybrid_guard.testing.views import fold, squeeze_base64, unfold

__all__ = ["Leak", "TaintOracle", "report_leaks"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """
    A piece of a canary in a sink. Names the canary and never quotes it.

    Attributes:
        sink: Where it was found.
        label: The canary's label.
        transform: What had to be done to see it, such as `escapes+nfkc` or `casefold+rot13`.
        offset: In bytes, of the piece in the transformed sink.
    """

    sink: str
    label: str
    transform: str
    offset: int

    def __repr__(self) -> str:
        return f"<Leak {self.label} in {self.sink} by {self.transform} at {self.offset}>"


WINDOW = 6
"""Bytes of a value in a row that are a leak where the strict rule is used."""


class TaintOracle:
    """
    Looks for canaries in the bytes of a sink.

    A canary has leaked where a piece of it is found that tells as much as six letters or nine digits (see
    `traces.ENOUGH_BITS`), after any chain of percent, JSON, HTML, UTF-16, base64, chunk, gzip, deflate and brotli
    decoding, with case, compatibility form and separators ignored, also reversed, in rot13, in hexadecimal, in base64
    at any alignment, and as a SHA-256 or MD5 digest of the value. Natural and short values are looked for whole.

    The precision is that of the canaries: see `make_canary` for values that nothing else holds by chance.
    """

    def __init__(self, canaries: Iterable[Canary]) -> None:
        known = tuple(canaries)
        self._windows = {window: canary.label for canary in known for window in windows(canary)}
        self._loose = TraceIndex(trace for canary in known for trace in trace_loosely(canary))
        self._exact = TraceIndex(trace for canary in known for trace in trace_exactly(canary))

    def leaks(self, sink: str, data: bytes | str, *, strict: bool = False) -> list[Leak]:
        """
        What has leaked into *data*, one entry for each canary and transformation.

        Args:
            sink: What reports call the sink.
            data: Its content; a text is read as UTF-8.
            strict: Any six bytes of a value in a row are a leak, digits too. For sinks that hold no time stamps, such
                as what a cloud was sent: six digits occur in every other time stamp. `blank_measures` takes them out
                of an audit trail.
        """
        raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
        found: dict[tuple[str, str], Leak] = {}

        def note(index: TraceIndex, transform: str, view: bytes, *, needed: float) -> None:
            for trace, offset in index.search(view, needed=needed):
                name = f"{transform}+{trace.encoding}" if trace.encoding else transform
                name = name.removeprefix("identity+")
                leak = Leak(sink=sink, label=trace.label, transform=name, offset=offset)
                found.setdefault((trace.label, name), leak)

        for chain, view in unfold(raw):
            for window, label in self._windows.items() if strict else ():
                offset = view.lower().find(window)
                if offset >= 0:
                    leak = Leak(sink=sink, label=label, transform=f"{chain}+window", offset=offset)
                    found.setdefault((label, leak.transform), leak)
            note(self._exact, chain, squeeze_base64(view), needed=ENOUGH_BITS)
            for name, folded in fold(view):
                needed = SQUEEZED_BITS if name in {"alnum", "digits"} else ENOUGH_BITS
                note(self._loose, f"{chain}+{name}", folded, needed=needed)
        return list(found.values())

    def assert_clean(self, sink: str, data: bytes | str, *, strict: bool = False) -> None:
        """
        Require that nothing has leaked into *data*; for *strict* see `leaks`.

        Raises:
            AssertionError: Something has; the message holds no byte of *data*, which a plain `assert` would print.
        """
        report_leaks(self.leaks(sink, data, strict=strict))


def windows(canary: Canary) -> Iterator[bytes]:
    """Every six bytes in a row of the value, in lower case; none of a natural value or inside of its stop parts."""
    value = canary.value.lower()
    if canary.natural or len(value.encode()) < WINDOW:
        return
    for stop in canary.stop:
        value = value.replace(stop.lower(), "\n")
    for part in value.split("\n"):
        encoded = part.encode()
        for start in range(len(encoded) - WINDOW + 1):
            yield encoded[start : start + WINDOW]


def report_leaks(leaks: list[Leak]) -> None:
    """
    Raise when there are *leaks*.

    Raises:
        AssertionError: Names sink, canary, transformation and offset of each.
    """
    if leaks:
        raise AssertionError(f"{len(leaks)} leaks: " + ", ".join(map(repr, leaks)))
