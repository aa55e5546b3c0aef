"""
Measure the shipped detectors: Presidio's recogniser cases, coverage of private spans, false alarms, and speed.

Usage::

    python tools/measure_detectors.py --data ../shared/data [--only cases|coverage|alarms|speed] [--verbose [LABEL]]
        [--default]

The patterns are measured alone, or with ``--default`` the detectors that a policy has by default. The alarms are
counted for the project's own prompts too, the private ones among them; a clean prompt is above the lowest level by
mistake, a private one below it.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from recognizer_cases import measure_cases

from hybrid_guard.detectors import build_detector
from hybrid_guard.errors import DetectionError
from hybrid_guard.ports import Detector
from hybrid_guard.sensitivity import score
from hybrid_guard.types import DetectionSettings, Finding, Segment, SensitivitySettings

PATTERNS = DetectionSettings(detectors=("patterns.v1", "secrets.v1"))
PROMPTS = Path(__file__).parents[1] / "tests" / "golden" / "prompts"
PRIVATE = ("safe_trigger_dev2000", "meddocan_dev", "pl_pii_core")
PROSE = (
    "The committee met on a rainy morning to discuss the plans for the new library building and how to fund it. "
    "Several members asked whether the roof would have to be replaced within 10 years, and the architect said so. "
)


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def find(detector: Detector, text: str) -> Sequence[Finding]:
    return detector.detect([Segment(path="", text=text)], language="en").spans[0]


def measure_coverage(detector: Detector, data: Path, *, verbose: str | None) -> None:
    """
    Share of the private spans that findings cover whole, per label, and of their characters that they leave bare.
    """
    for name in PRIVATE:
        table: dict[str, Counter[str]] = defaultdict(Counter)
        for row in read_lines(data / "pii" / f"{name}.jsonl"):
            text = row["text"]
            covered = bytearray(len(text))
            for finding in find(detector, text):
                covered[finding.start : finding.end] = b"\1" * (finding.end - finding.start)
            for span in row["spans"]:
                start, end = span["start"], span["end"]
                bare = sum(not covered[index] and text[index].isalnum() for index in range(start, end))
                table[span["label"]].update(
                    spans=1, whole=not bare, bare=bare, characters=sum(map(str.isalnum, text[start:end]))
                )
                if bare and verbose in (span["label"], "all"):
                    print(f"  {span['label']}: {text[max(0, start - 60) : start]!r} {text[start:end]!r}")
        total: Counter[str] = Counter()
        for label, cells in sorted(table.items(), key=lambda row: -row[1]["spans"]):
            total.update(cells)
            print(f"{label:36} whole {cells['whole'] / cells['spans']:.2f} of {cells['spans']}")
        print(f"{name}: leaked characters {total['bare'] / total['characters']:.3f}")


def read_prompts(data: Path) -> Iterator[tuple[str, str]]:
    """
    Prompts with nothing private, each with the name of its set, and those of the project of both kinds.
    """
    for kind in ("clean", "private"):
        for line in (PROMPTS / f"{kind}.txt").read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                yield f"own {kind} prompts", line.split("\t")[1].replace("\\n", "\n")
    for row in read_lines(data / "pii" / "safe_trigger_dev2000.jsonl"):
        if not row["spans"]:
            yield "safe_trigger_dev2000", row["text"]
    for row in read_lines(data / "prompts" / "mt_bench_question.jsonl"):
        for turn in row["turns"]:
            yield "mt_bench", turn
    for row in read_lines(data / "prompts" / "self_instruct_seed_tasks.jsonl"):
        yield "seed_tasks", "\n".join([row["instruction"], *(one["input"] for one in row["instances"])])


def measure_alarms(detector: Detector, data: Path, *, verbose: bool) -> None:
    """
    Share of the clean prompts in which something is found, and of those whose sensitivity is above the lowest level.
    """
    settings = SensitivitySettings()
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for name, text in read_prompts(data):
        segments = [Segment(path="", text=text)]
        found = detector.detect(segments, language="en")
        raised = score(found, segments, settings).level != settings.levels[0][0]
        table[name].update(texts=1, found=bool(found.spans[0]), raised=raised)
        table[name].update(finding.entity for finding in found.spans[0])
        if verbose:
            for finding in found.spans[0]:
                print(f"  {finding.entity} {finding.score:.2f} {text[max(0, finding.start - 30) : finding.end + 20]!r}")
    for name, row in table.items():
        print(f"{name}: {dict(row.most_common())}")


def measure_speed(settings: DetectionSettings) -> None:
    """
    Milliseconds per text, after one warm-up; the best of a few runs.
    """
    start = time.perf_counter()
    detector = build_detector(settings)
    print(f"build: {time.perf_counter() - start:.2f} s")
    rng = random.Random(7)
    kinds: dict[str, Callable[[int], str]] = {
        "prose": lambda n: (PROSE * (n // len(PROSE) + 1))[:n],
        "accented prose": lambda n: (PROSE.replace("e", "é") * (n // len(PROSE) + 1))[:n],
        "zero-width prose": lambda n: (PROSE.replace("e", "e\u200b") * (n // len(PROSE) + 1))[:n],
        "a. and e-mail": lambda n: ("a." * (n // 2))[: n - 20] + " jane.doe@example.com",
        "1-": lambda n: "1-" * (n // 2),
        "digits": lambda n: "".join(rng.choices("0123456789", k=n)),
        "digits in groups": lambda n: "".join(rng.choices("0123456789 -", weights=[*[6] * 10, 5, 3], k=n)),
        "all sorts": lambda n: "".join(rng.choices("abcXYZ0123456789 -./@:+=_\"'", k=n)),
        "a@": lambda n: "a@" * (n // 2),
        "password=": lambda n: "password=" * (n // 9),
    }
    for name, make in kinds.items():
        cells = []
        for size in (200, 1000, 10_000, 100_000, 1 << 20):
            text = make(size)
            runs = []
            for run in range(4 if size <= 100_000 else 1):
                start = time.perf_counter()
                try:
                    # What was read before is remembered, so no two texts are the same.
                    find(detector, f"{run}{text}")
                except DetectionError:
                    break
                runs.append(time.perf_counter() - start)
            cells.append(f"{min(runs) * 1000:9.2f}" if runs else f"{'closed':>9}")
        print(f"{name:20}" + " ".join(cells))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--only", choices=("cases", "coverage", "alarms", "speed"))
    parser.add_argument("--verbose", nargs="?", const="all", metavar="LABEL", help="print what is missed, or alarms")
    parser.add_argument("--default", action="store_true", help="measure the default detectors, not the patterns alone")
    options = parser.parse_args()
    settings = DetectionSettings() if options.default else PATTERNS
    detector = build_detector(settings)
    if options.only in (None, "cases"):
        measure_cases(detector, options.data, verbose=bool(options.verbose))
    if options.only in (None, "coverage"):
        measure_coverage(detector, options.data, verbose=options.verbose)
    if options.only in (None, "alarms"):
        measure_alarms(detector, options.data, verbose=bool(options.verbose))
    if options.only in (None, "speed"):
        measure_speed(settings)


if __name__ == "__main__":
    main()
