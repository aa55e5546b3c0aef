"""
Whether detection keeps memory for what it has read: many short texts, each another one, with and without names.

    python tools/measure_memory.py --texts 200000

Prints the resident memory of the process after every tenth, and how much it grew over the second half, in percent for
each 100,000 texts. Memory of the first half is for the cache of findings and the vectors of words, which have a bound.
"""

from __future__ import annotations

import argparse
import gc
import random
from collections.abc import Iterator
from pathlib import Path

from hybrid_guard.detectors import build_detector
from hybrid_guard.types import DetectionSettings, Segment

TENTHS = 10
WORDS = (
    "report",
    "says",
    "that",
    "our",
    "team",
    "has",
    "moved",
    "the",
    "meeting",
    "because",
    "a",
    "part",
    "is",
    "late",
)
NAMES = ("Anna Meyer", "Ines Okoye", "John Whitaker", "Piotr Nowak", "Lucía Romero", "Chloé Martin", "Daan Visser")


def texts(count: int) -> Iterator[str]:
    """*count* short texts by a fixed seed; no two are the same."""
    rng = random.Random(count)
    for number in range(count):
        words = " ".join(rng.choices(WORDS, k=8))
        yield f"{rng.choice(NAMES)} wrote {number}@example.org: {words} +1 415 555 {number % 10000:04}"


def resident() -> float:
    """Resident memory of this process, in MiB (Linux)."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 2**20


def main() -> None:
    """Read them all, and print the memory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=200_000, help="how many (default: %(default)s)")
    count = parser.parse_args().texts
    detector = build_detector(DetectionSettings())
    seen: list[float] = []
    for number, text in enumerate(texts(count), 1):
        detector.detect([Segment(path="/messages/0/content", text=text, role="user")], language="en")
        if number % max(1, count // TENTHS) == 0:
            seen.append(resident())
            print(f"{number:>8} texts: {seen[-1]:.1f} MiB", flush=True)
    half, last = seen[len(seen) // 2 - 1], seen[-1]
    growth = (last / half - 1) * 100 / (count / 2) * 100_000
    print(f"growth over the second half: {growth:.2f} % for each 100,000 texts")


if __name__ == "__main__":
    main()
