"""What a guarded call adds to a call, and what its parts cost. Run by `make bench`; nothing here has a time limit."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from bench.texts import prose
from hybrid_guard.anonymizer import MemoryVault, Restorer, apply, build_operators, plan
from hybrid_guard.core import Chain, Ports, build, run
from hybrid_guard.detectors import build_detector
from hybrid_guard.guard.assembly import SystemClock, assemble
from hybrid_guard.policies import decide, parse_policy
from hybrid_guard.sensitivity import score
from hybrid_guard.text import rebuild, visit
from hybrid_guard.types import (
    AuditRecord,
    Call,
    Candidate,
    Chunk,
    DetectionSettings,
    Facts,
    Operator,
    Reply,
    Request,
    Segment,
    SensitivitySettings,
    Treatment,
)

SIZES = (200, 1000, 10_000)
POLICY = """
version: 1
name: bench
deployments:
  here: {{model: hosted_vllm/x, api_base: "http://127.0.0.1:9/v1", zone: local}}
  gpt: {{model: openai/x, api_base: "http://127.0.0.1:9/v1", zone: external}}
detection: {{detectors: [{detectors}]}}
rules:
  - {{id: mask, when: {{level: moderate}}, treat: {{external: {{default: placeholder}}}}}}
routing: {{mode: prefer_cloud}}
"""
PATTERNS = "patterns.v1, secrets.v1"
ALL = "patterns.v1, ner.v2, secrets.v1"
KEY = b"0123456789abcdef"


class Echo:
    """A deployment that costs nothing: it repeats the last message."""

    def complete(self, call: Call) -> Reply:
        said = call.body.content["messages"][-1]["content"]
        return Reply(body={"choices": [{"index": 0, "message": {"role": "assistant", "content": said}}]})

    async def acomplete(self, call: Call) -> Reply:
        return self.complete(call)

    def stream(self, call: Call) -> Iterator[Chunk]:
        raise AssertionError(call)

    def astream(self, call: Call) -> AsyncIterator[Chunk]:
        raise AssertionError(call)

    def survey(self) -> Mapping[str, bool]:
        return {}

    def close(self) -> None:
        return

    async def aclose(self) -> None:
        return


class Forgetful:
    """An audit trail that is not kept: a disk's fsync is the disk's figure, see `test_record`."""

    def write(self, record: AuditRecord) -> None:
        del record

    def close(self) -> None:
        return


def guard_with(detectors: str) -> tuple[Chain, Ports]:
    """A chain whose deployment and disk cost nothing."""
    policy = parse_policy(POLICY.format(detectors=detectors))
    chain, ports = assemble(policy, consent=None, audit=Forgetful())
    return chain, Ports(
        workers=ports.workers,
        detector=ports.detector,
        services=ports.services,
        backend=Echo(),
        vault=ports.vault,
        audit=ports.audit,
        clock=ports.clock,
        levels=ports.levels,
    )


def request(size: int) -> Request:
    """A request with one message."""
    return Request(body={"messages": [{"role": "user", "content": prose(size)}]})


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("detectors", [PATTERNS, ALL], ids=["patterns", "patterns+ner"])
def test_guarded_call(benchmark: BenchmarkFixture, detectors: str, size: int) -> None:
    """A whole guarded call, without the deployment and without the disk."""
    chain, ports = guard_with(detectors)
    flow = build(chain)
    run(flow(request(size)), ports)

    outcome = benchmark(lambda: run(flow(request(size)), ports))

    assert outcome.body is not None


@pytest.mark.parametrize("size", SIZES)
def test_walk_and_rebuild(benchmark: BenchmarkFixture, size: int) -> None:
    """Body to segments and back."""
    body = request(size).body

    def both() -> Any:
        seen = visit(body)
        return rebuild(seen, [segment.text for segment in seen.segments], Treatment())

    benchmark(both)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("detector", ["patterns.v1", "secrets.v1", "ner.v2"])
def test_detect(benchmark: BenchmarkFixture, detector: str, size: int) -> None:
    """One detector over one text."""
    finder = build_detector(DetectionSettings(detectors=(detector,)))
    segments = [Segment(path="", text=prose(size))]
    finder.detect(segments, language="en")

    benchmark(lambda: finder.detect(segments, language="en"))


@pytest.mark.parametrize("size", SIZES)
def test_detect_as_presidio_does(benchmark: BenchmarkFixture, size: int) -> None:
    """The peer: Presidio's own engine with its pattern recognisers and a blank pipeline."""
    import spacy
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    class Blank(SpacyNlpEngine):
        def __init__(self) -> None:
            super().__init__()
            self.nlp: Any = {"en": spacy.blank("en")}

    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"])
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=Blank(), supported_languages=["en"])
    text = prose(size, private=1).replace("@example.org", " at example")

    benchmark(lambda: analyzer.analyze(text, language="en"))


def test_score_and_decide(benchmark: BenchmarkFixture) -> None:
    """Findings to decision."""
    policy = parse_policy(POLICY.format(detectors=PATTERNS))
    segments = [Segment(path="", text=prose(1000))]
    findings = build_detector(policy.detection).detect(segments, language="en")
    candidates = {one.alias: Candidate() for one in policy.deployments}

    def both() -> Any:
        sensitivity = score(findings, segments, SensitivitySettings())
        return decide(policy, Facts(sensitivity=sensitivity, candidates=candidates))

    benchmark(both)


@pytest.mark.parametrize("size", SIZES)
def test_anonymise(benchmark: BenchmarkFixture, size: int) -> None:
    """Findings to placeholders, with the vault."""
    segments = [Segment(path="", text=prose(size))]
    findings = build_detector(DetectionSettings(detectors=("patterns.v1",))).detect(segments, language="en")
    treatment = Treatment(default=Operator.PLACEHOLDER)
    operators = build_operators(KEY)

    def whole() -> Any:
        vault = MemoryVault(ttl=60, clock=SystemClock())
        entries = vault.put("k", plan(segments, findings, treatment))
        return apply(segments, findings, treatment, entries, operators)

    benchmark(whole)


@pytest.mark.parametrize("entries", [1, 20, 200])
def test_restore_a_chunk(benchmark: BenchmarkFixture, entries: int) -> None:
    """One chunk of a stream: a word of five letters, or a quarter of a placeholder."""
    from hybrid_guard.types import VaultItem

    vault = MemoryVault(ttl=60, clock=SystemClock())
    items = [VaultItem(entity="PERSON", original=f"Person Number {i}") for i in range(entries)]
    issued = vault.put("k", items)
    text = " ".join(f"hello {entry.placeholder} there" for entry in issued[:20])
    chunks = [text[i : i + 5] for i in range(0, len(text), 5)]
    restorer = Restorer(issued)

    def all_chunks() -> None:
        for chunk in chunks:
            restorer.feed(chunk)
        restorer.flush()

    benchmark.extra_info["chunks"] = len(chunks)
    benchmark(all_chunks)


def test_record(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """One audit record on stable storage; most of it is the disk's fsync."""
    from hybrid_guard.audit import JsonlSink

    sink = JsonlSink(tmp_path / "audit.jsonl", clock=SystemClock())
    record = AuditRecord(kind="intent", audit_id="a" * 32, time=1.0, facts=Facts())

    benchmark(lambda: sink.write(record))
    sink.close()


@pytest.mark.parametrize("module", ["hybrid_guard", "hybrid_guard.guard"])
def test_import(benchmark: BenchmarkFixture, module: str) -> None:
    """A fresh process that imports *module*; subtract the one that imports nothing."""
    start(benchmark, f"import {module}")


def test_import_nothing(benchmark: BenchmarkFixture) -> None:
    """A fresh process that imports nothing."""
    start(benchmark, "")


def start(benchmark: BenchmarkFixture, program: str) -> None:
    """Time a fresh process that runs *program*."""
    time: Any = benchmark.pedantic
    time(lambda: subprocess.run([sys.executable, "-c", program], check=True), rounds=10, warmup_rounds=1)
