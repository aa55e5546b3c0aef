"""A detection service beyond the local zone is a way out like a deployment: behind the permit, on record, or closed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hybrid_guard import AuditError, Guard, HybridGuardError
from hybrid_guard.policies import parse_policy
from hybrid_guard.testing import Answer, Fault, RecordedRequest, RecordingServer, TaintOracle, fail, faults
from hybrid_guard.testing.canaries import Canary
from hybrid_guard.types import AuditRecord
from tests.promises.rig import WAYS, Way, call
from tests.promises.test_t4_any_failure_closes import ERRORS, Tracer

FOUR = pytest.mark.parametrize("way", WAYS)
CARD = Canary(value="4929 6418 2297 5133", label="card")
NAME = Canary(value="Zorah Quillfeather", label="name")
ORACLE = TaintOracle([CARD])
NAMES = TaintOracle([NAME])
STAYS = "[{id: stays, when: {level: moderate}, zones: [local]}]"
MASK = "[{id: masks, when: {level: moderate}, treat: {external: {default: placeholder}}}]"
POLICY = """
version: 1
name: services
deployments:
  here: {{model: hosted_vllm/here, api_base: "{here}", zone: local, tier: edge, supports: [vision]}}
  cloud: {{model: openai/cloud, api_base: "{cloud}", zone: external}}
detection:
  detectors: [patterns.v1, "presidio-service:ward"]
  services: {{ward: {{url: "{ward}", zone: private}}}}
  on_error: {on_error}
sensitivity: {{levels: {{moderate: 0.05}}}}
rules: {rules}
routing: {{mode: prefer_cloud}}
audit: {{path: "{audit}"}}
"""


def reading(request: RecordedRequest) -> Answer:
    """What an analyzer answers that knows one name."""
    text = request.json()["text"]
    start = text.find(NAME.value)
    found = {"start": start, "end": start + len(NAME.value), "entity_type": "PERSON", "score": 0.9}
    return Answer(body=[found] if start >= 0 else [])


@dataclass(frozen=True)
class Ward:
    """A guard whose policy asks a service of zone private."""

    guard: Guard
    service: RecordingServer
    here: RecordingServer
    cloud: RecordingServer
    trail: Path

    @property
    def records(self) -> list[dict[str, Any]]:
        """Of the audit trail."""
        return [json.loads(line) for line in self.trail.read_text(encoding="utf-8").splitlines()]

    @property
    def texts(self) -> list[str]:
        """What the service was given."""
        return [one.json()["text"] for one in self.service.requests]


@contextmanager
def ward(
    folder: Path,
    *,
    rules: str = MASK,
    on_error: str = "local",
    reply: Callable[[RecordedRequest], Answer] = reading,
    audit: Any = None,
) -> Iterator[Ward]:
    """Set it up between servers that record every byte."""
    trail = folder / "audit.jsonl"
    with (
        RecordingServer("ward", reply) as service,
        RecordingServer("here") as here,
        RecordingServer("cloud") as cloud,
    ):
        text = POLICY.format(
            here=here.base_url,
            cloud=cloud.base_url,
            ward=service.url,
            on_error=on_error,
            rules=rules,
            audit=trail,
        )
        with Guard(parse_policy(text), audit=audit) as guard:
            yield Ward(guard=guard, service=service, here=here, cloud=cloud, trail=trail)


def messages(text: str) -> list[dict[str, Any]]:
    """One message."""
    return [{"role": "user", "content": text}]


@FOUR
@pytest.mark.parametrize(
    "rules",
    [
        STAYS,
        "[{id: skips, when: {level: moderate}, zones: [local, external], treat: {external: {default: placeholder}}}]",
        "[{id: masks, when: {level: moderate}, treat: {private: {default: mask}, external: {default: mask}}}]",
        "[{id: asks, when: {level: moderate}, consent: true, treat: {external: {default: mask}}}]",
    ],
    ids=["stays", "skips the zone", "treated", "consent"],
)
def test_no_byte_reaches_a_service_that_the_findings_of_this_machine_forbid(
    tmp_path: Path, rules: str, way: Way
) -> None:
    """Not even a connection is made; the answer is local."""
    with ward(tmp_path, rules=rules) as setup:
        said = call(setup.guard, way, model="auto", messages=messages(f"My card is {CARD.value}."))

        assert setup.service.connections == 0
        assert setup.cloud.received == b""
        assert CARD.value in said
        (record,) = setup.records
        assert record["errors"] == ["HG313"]
        assert record["facts"]["failures"] == ["detection"]


@FOUR
@pytest.mark.parametrize(
    "arguments",
    [
        {"hybrid_guard": {"zones": ["local"]}},
        {"hybrid_guard": {"mode": "only_local"}},
        {"model": "here"},
    ],
    ids=["zones", "mode", "model"],
)
def test_no_byte_reaches_a_service_that_the_caller_keeps_it_from(
    tmp_path: Path, arguments: Mapping[str, Any], way: Way
) -> None:
    """Whatever is in the text."""
    with ward(tmp_path) as setup:
        call(setup.guard, way, **{"model": "auto", "messages": messages("Hello."), **arguments})

        assert setup.service.connections == 0
        assert len(setup.here.requests) == 1


@FOUR
def test_no_byte_reaches_a_service_that_an_earlier_turn_forbids(tmp_path: Path, way: Way) -> None:
    """The session keeps its mark."""
    with ward(tmp_path, rules=STAYS) as setup:
        for text in (f"My card is {CARD.value}.", "And now?"):
            call(setup.guard, way, model="auto", messages=messages(text), hybrid_guard={"session": "s"})

        assert setup.service.connections == 0
        assert setup.cloud.received == b""


@FOUR
def test_an_image_keeps_the_texts_beside_it_from_a_service(tmp_path: Path, way: Way) -> None:
    """Nobody here can see what is in it."""
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    content = [{"type": "text", "text": "What is this?"}, picture]
    with ward(tmp_path) as setup:
        call(setup.guard, way, model="auto", messages=[{"role": "user", "content": content}])

        assert setup.service.connections == 0


@FOUR
def test_a_service_finds_what_is_treated_then(tmp_path: Path, way: Way) -> None:
    """The deployment sees a placeholder; at the second reading the service does too. Each reading is on record."""
    with ward(tmp_path) as setup:
        said = call(setup.guard, way, model="cloud", messages=messages(f"I am {NAME.value}."))

        assert NAME.value in said
        NAMES.assert_clean("cloud", setup.cloud.received.decode())
        first, *later = setup.texts
        assert first == f"I am {NAME.value}."
        assert later
        NAMES.assert_clean("second reading", " ".join(later))
        kinds = [(one["kind"], one["service"], one["deployment"]) for one in setup.records]
        assert kinds == [
            ("intent", "ward", None),
            ("intent", "ward", None),
            ("intent", None, "cloud"),
            ("outcome", None, "cloud"),
        ]
        NAMES.assert_clean("trail", setup.trail.read_text())


@FOUR
def test_the_record_is_durable_before_the_first_byte(tmp_path: Path, way: Way) -> None:
    """The service looks into the trail when it is asked."""
    seen: list[list[dict[str, Any]]] = []

    def look(request: RecordedRequest) -> Answer:
        lines = (tmp_path / "audit.jsonl").read_text(encoding="utf-8").splitlines()
        seen.append([json.loads(line) for line in lines])
        return reading(request)

    with ward(tmp_path, reply=look) as setup:
        call(setup.guard, way, model="auto", messages=messages("Hello."))

    (record,) = seen[0]
    assert (record["kind"], record["service"], record["zone"]) == ("intent", "ward", "private")
    assert record["bytes_out"] >= len("Hello.")


class Full:
    """A sink whose disk is full when a text is about to leave."""

    def write(self, record: AuditRecord) -> None:
        if record.kind == "intent":
            raise AuditError("full", code="HG501")

    def close(self) -> None:
        """Nothing is open."""


@FOUR
@pytest.mark.parametrize("on_error", ["local", "block"])
def test_no_record_no_request(tmp_path: Path, on_error: str, way: Way) -> None:
    """Where the intent cannot be written, no connection is made."""
    with ward(tmp_path, audit=Full(), on_error=on_error) as setup:
        if on_error == "block":
            with pytest.raises(HybridGuardError) as caught:
                call(setup.guard, way, model="auto", messages=messages("Hello."))
            assert caught.value.code == "HG801"
        else:
            call(setup.guard, way, model="auto", messages=messages("Hello."))

        assert setup.service.connections == 0
        assert setup.cloud.received == b""
        assert len(setup.here.requests) == (on_error == "local")


@FOUR
@pytest.mark.parametrize(
    "fault",
    [
        faults.Status(code=500, echo=True),
        faults.Status(code=200, echo=True),
        faults.Empty(),
        faults.WrongType(),
        faults.BadJson(),
        faults.Truncate(after=60),
        faults.Reset(),
    ],
    ids=lambda fault: f"{type(fault).__name__}{getattr(fault, 'code', '')}",
)
def test_whatever_a_service_does_wrong_closes_the_request(tmp_path: Path, fault: Fault, way: Way) -> None:
    """The answer is local, and nobody quotes the text."""
    with ward(tmp_path, reply=fail(fault)) as setup:
        call(setup.guard, way, model="auto", messages=messages(f"I am {NAME.value}."))

        assert len(setup.service.requests) == 1
        assert setup.cloud.received == b""
        assert len(setup.here.requests) == 1
        assert setup.records[-1]["facts"]["failures"] == ["detection"]
        NAMES.assert_clean("trail", setup.trail.read_text())


@FOUR
def test_a_service_that_fails_blocks_where_no_local_deployment_may_be_called(tmp_path: Path, way: Way) -> None:
    """Never outward: the named cloud is not called."""
    with ward(tmp_path, reply=fail(faults.Empty())) as setup:
        with pytest.raises(HybridGuardError) as caught:
            call(setup.guard, way, model="cloud", messages=messages("Hello."))

        assert caught.value.code == "HG801"
        assert setup.cloud.received == setup.here.received == b""


@FOUR
def test_a_rule_for_what_only_a_service_finds_holds(tmp_path: Path, way: Way) -> None:
    """The service has read it, and nobody farther does."""
    with ward(tmp_path, rules=f"[{{id: names-stay, when: {{entity: PERSON}}, zones: [local]}}, {MASK[1:]}") as setup:
        call(setup.guard, way, model="auto", messages=messages(f"I am {NAME.value}."))

        assert setup.cloud.received == b""
        assert len(setup.here.requests) == 1
        assert "names-stay" in setup.records[-1]["decision"]["reasons"]


def test_an_explanation_asks_nobody(tmp_path: Path) -> None:
    """It puts nothing on record; it says that it did not look everywhere."""
    with ward(tmp_path) as setup:
        seen = setup.guard.explain(model="auto", messages=messages("Hello."))

        assert setup.service.connections == 0
        assert seen.problems == ("HG314",)
        assert seen.decision.deployment == "here"
        assert setup.trail.read_text() == ""


@pytest.mark.parametrize("rules", [STAYS, MASK], ids=["stays", "masks"])
def test_an_error_at_any_call_sends_a_service_nothing_that_is_kept_from_it(tmp_path: Path, rules: str) -> None:
    """T4 at this door: a card is kept from the service, or a name that it alone finds from the cloud."""
    text, oracle = (f"My card is {CARD.value}.", ORACLE) if rules == STAYS else (f"I am {NAME.value}.", NAMES)

    def attempt(tracer: Tracer) -> None:
        with suppress(BaseException), tracer.tracing():
            call(setup.guard, "sync", model="auto", messages=messages(text))

    with ward(tmp_path, rules=rules) as setup:
        call(setup.guard, "sync", model="auto", messages=messages(text))
        listing = Tracer()
        attempt(listing)
        sites = list(listing.sites)
        met = 0
        for shift, make in enumerate(ERRORS):
            for site in sites[shift :: len(ERRORS)]:
                tracer = Tracer(site, make())
                attempt(tracer)
                met += tracer.raised

        assert met > len(sites) / 2
        oracle.assert_clean("cloud", setup.cloud.received.decode())
        if rules == STAYS:
            assert setup.service.connections == 0
        else:
            # Each reading has its record.
            announced = sum(one["service"] == "ward" for one in setup.records)
            assert 0 < len(setup.service.requests) <= announced
