"""
Measure the shipped detectors beside Presidio's on the public data sets, and write the figures into the documentation.

Both read the same texts in one run. Presidio's analyzer has all its recognisers for the language of a text and a spaCy
pipeline without a model; the least score that counts is the same for both.

Usage::

    python tools/write_detection.py --data ../data [--only safe_trigger_dev2000,wnut17_dev] [--page FILE]
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

# The page says one core; on a busy machine two threads that wait for each other take ten times as long.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from hybrid_guard.detectors import build_detector
from hybrid_guard.evaluation import Example, Judgement, Label, Table, judge, summarise
from hybrid_guard.sensitivity import score
from hybrid_guard.types import LOWEST_LEVEL, DetectionSettings, Finding, Findings, Segment, SensitivitySettings

__all__ = ["BEGIN", "END", "SETS", "DataSet", "fill"]

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "why" / "detection.md"

BEGIN = "<!-- Figures: written by tools/write_detection.py. -->"
END = "<!-- End of the figures. -->"

WEAK = 0.5
"""A label of which less than that is covered is said to be not found."""

FEW = 10
"""A label with fewer spans than that says too little to be named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """
    One file of labelled texts.

    Attributes:
        title: What the texts are.
        source: Who made it, and its licence.
        file: Under the data folder, without its end.
    """

    title: str
    source: str
    file: str


SETS = (
    DataSet(
        title="Chat prompts", source="Safe-Trigger, development part, CC BY-ND 4.0", file="pii/safe_trigger_dev2000"
    ),
    DataSet(
        title="E-mail, reviews, forums",
        source="Universal NER, English EWT, development part, CC BY-SA 4.0",
        file="pii/uner_en_ewt_dev",
    ),
    DataSet(title="New names in noisy text", source="WNUT 2017, development part, CC BY 4.0", file="pii/wnut17_dev"),
    DataSet(title="Tweets", source="Broad Twitter Corpus, development part, CC BY 4.0", file="pii/btc_dev"),
    DataSet(title="Spanish clinical records", source="MEDDOCAN, development part, CC BY 4.0", file="pii/meddocan_dev"),
    DataSet(title="Portuguese legal texts", source="LeNER-Br, development part, MIT", file="pii/lener_br_dev"),
    DataSet(title="Polish documents", source="pl-pii-bench, core part, CC BY 4.0", file="pii/pl_pii_core"),
    DataSet(title="Questions, public names included", source="MT-Bench, Apache-2.0", file="prompts/mt_bench_question"),
    DataSet(
        title="Tasks, public names included",
        source="Self-Instruct seed tasks, Apache-2.0",
        file="prompts/self_instruct_seed_tasks",
    ),
)
"""What is measured, in the order of the page."""

Find = Callable[[str, str], Sequence[Finding]]


@dataclass(slots=True)
class Run:
    """
    What one of the two did with one data set.
    """

    judgement: Judgement = field(default_factory=Judgement)
    seconds: float = 0.0


def ours() -> Find:
    """
    The default detectors, built once for each language that turns up.
    """
    built: dict[str, Any] = {}

    def find(text: str, language: str) -> Sequence[Finding]:
        if language not in built:
            languages = tuple(dict.fromkeys(("en", language)))
            built[language] = build_detector(DetectionSettings(languages=languages))
        found: Findings = built[language].detect([Segment(path="", text=text)], language=language)
        return found.spans[0]

    return find


def presidio() -> Find:
    """
    Presidio's analyzer with its recognisers and a pipeline without a model.
    """
    import spacy
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
    engines: dict[str, Any] = {}

    def engine(language: str) -> Any:
        if language not in engines:
            nlp = SpacyNlpEngine(models=[{"lang_code": language, "model_name": language}])
            nlp.nlp = {language: spacy.blank(language)}  # type: ignore[assignment]  # it is untyped there
            registry = RecognizerRegistry(supported_languages=[language])
            registry.load_predefined_recognizers(languages=[language], nlp_engine=nlp)
            engines[language] = AnalyzerEngine(
                registry=registry,
                nlp_engine=nlp,
                supported_languages=[language],
                default_score_threshold=DetectionSettings().min_score,
            )
        return engines[language]

    def find(text: str, language: str) -> Sequence[Finding]:
        results = engine(language).analyze(text=text, language=language)
        return [
            Finding(start=one.start, end=one.end, entity=one.entity_type, score=one.score, detector="presidio")
            for one in results
        ]

    return find


def examples(path: Path) -> Iterator[tuple[Example, str]]:
    """
    The texts of a file with their labels, and their language.
    """
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            labels = tuple(
                Label(start=one["start"], end=one["end"], label=one["label"]) for one in row.get("spans", ())
            )
            for text in [row["text"]] if "text" in row else prompts(row):
                yield Example(text=text, labels=labels), row.get("lang", "en")


def prompts(row: dict[str, Any]) -> list[str]:
    """
    The texts of a row without a text: the turns of a conversation, or a task with its first input.
    """
    if "turns" in row:
        return list(row["turns"])
    return ["\n".join(filter(None, (row["instruction"], row["instances"][0]["input"])))]


def measure(find: Find, path: Path) -> Run:
    """
    Run *find* over a file, after it has read one text.
    """
    run = Run()
    weights = SensitivitySettings()
    warm: set[str] = set()
    for example, language in examples(path):
        if language not in warm:
            find("Good morning.", language)
            warm.add(language)
        start = time.perf_counter()
        found = find(example.text, language)
        run.seconds += time.perf_counter() - start
        segments = [Segment(path="", text=example.text, role="user")]
        level = score(Findings(spans=(tuple(found),)), segments, weights).level
        run.judgement += judge(example, found, raised=level != LOWEST_LEVEL)
    return run


def fill(page: str, figures: str) -> str:
    """
    *page* with *figures* between its two marks.
    """
    head, begin, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"the page lacks `{BEGIN}` or `{END}`; put both where the figures belong")
    return f"{head}{BEGIN}\n\n{figures.strip()}\n\n{END}{tail}"


def write(runs: Sequence[tuple[DataSet, Run, Run]]) -> Iterator[str]:
    """
    The figures as Markdown.
    """
    yield f"Measured on {datetime.now(tz=UTC).date():%d %B %Y}, in one run on one core of a shared machine."
    yield ""
    for data, mine, theirs in runs:
        table, other = summarise(mine.judgement), summarise(theirs.judgement)
        if table.rows:
            yield f"### {data.title}"
            yield ""
            yield f"{data.source}; {table.texts} texts."
            yield ""
            yield from write_groups(table, other)
            yield ""
    yield "### Texts without a label, in which something is found"
    yield ""
    yield from write_alarms(runs)
    yield ""
    yield "### What is not found"
    yield ""
    yield f"Labels of which less than {WEAK:.0%} of the spans are covered to the last character, the weakest first."
    yield ""
    yield from write_gaps(runs)


def write_groups(table: Table, other: Table) -> Iterator[str]:
    """
    One row for each group: ours before Presidio's in each cell.
    """
    yield "| group | spans | found | covered | leaked | all mentions | precision |"
    yield "|---|---|---|---|---|---|---|"
    theirs = {row.group: row for row in other.rows}
    for row in table.rows:
        beside = theirs[row.group]
        pairs = (
            (row.recall, beside.recall),
            (row.coverage, beside.coverage),
            (row.leaked, beside.leaked),
            (row.mentions, beside.mentions),
            (row.precision, beside.precision),
        )
        cells = " | ".join(f"{share(one)} / {share(two)}" for one, two in pairs)
        yield f"| {row.group.lower().replace('_', ' ')} | {row.spans} | {cells} |"


def write_alarms(runs: Sequence[tuple[DataSet, Run, Run]]) -> Iterator[str]:
    """
    False alarms and speed.
    """
    titles = ("texts", "without a label", "something found", "level above low", "findings beside every label, per 1000")
    yield f"| {' | '.join(titles)} characters | ms per 1000 characters |"
    yield "|---|---|---|---|---|---|"
    for data, mine, theirs in runs:
        table, other = summarise(mine.judgement), summarise(theirs.judgement)
        speeds = [1e6 * run.seconds / run.judgement.characters for run in (mine, theirs)]
        pairs = (
            (table.clean_found, other.clean_found),
            (table.clean_raised, other.clean_raised),
            (table.alarms, other.alarms),
        )
        cells = " | ".join(f"{share(one)} / {share(two)}" for one, two in pairs)
        yield f"| {data.title} | {table.clean} | {cells} | {speeds[0]:.1f} / {speeds[1]:.1f} |"


def write_gaps(runs: Sequence[tuple[DataSet, Run, Run]]) -> Iterator[str]:
    """
    The weakest labels of each data set.
    """
    yield "| texts | label | spans | covered |"
    yield "|---|---|---|---|"
    for data, mine, theirs in runs:
        theirs_by_label = {row.group: row.coverage for row in summarise(theirs.judgement).labels}
        rows = [row for row in summarise(mine.judgement).labels if row.spans >= FEW and (row.coverage or 0.0) < WEAK]
        for row in sorted(rows, key=lambda row: row.coverage or 0.0):
            cells = f"{share(row.coverage)} / {share(theirs_by_label[row.group])}"
            yield f"| {data.title} | {row.group} | {row.spans} | {cells} |"


def share(value: float | None) -> str:
    """
    A share in a cell.
    """
    return "-" if value is None else f"{value:.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with `pii/` and `prompts/`")
    parser.add_argument("--only", help="names of files, with commas between them")
    parser.add_argument("--page", type=Path, default=PAGE, help="the page to write the figures into")
    options = parser.parse_args()
    wanted = None if options.only is None else set(options.only.split(","))
    sides = ours(), presidio()
    runs = []
    for data in SETS:
        path = (options.data / data.file).with_suffix(".jsonl")
        if wanted is None or path.stem in wanted:
            print(f"{path.stem}: {data.title}", flush=True)
            runs.append((data, measure(sides[0], path), measure(sides[1], path)))
    page = options.page.read_text(encoding="utf-8")
    options.page.write_text(fill(page, "\n".join(write(runs))), encoding="utf-8")


if __name__ == "__main__":
    main()
