"""A Presidio analyzer behind HTTP: Presidio's own engine and request reader, as its server puts them together."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.analyzer_request import AnalyzerRequest
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import EmailRecognizer, SpacyRecognizer

from hybrid_guard import Guard
from hybrid_guard.backends import services
from hybrid_guard.backends.services import connect
from hybrid_guard.detectors import build_detector
from hybrid_guard.errors import DetectionError, EgressError
from hybrid_guard.policies import parse_policy
from hybrid_guard.types import DetectionService, DetectionSettings, Segment, Zone

Answer = Callable[[dict[str, Any]], tuple[int, dict[str, str], bytes]]
TEXT = "👩‍👩‍👧 write to mary@example.org"


class BlankEngine(SpacyNlpEngine):
    """A pipeline without a model."""

    def __init__(self) -> None:
        import spacy

        super().__init__()
        self.nlp = {"en": spacy.blank("en")}  # type: ignore[assignment]  # it is untyped there


@contextmanager
def serving(answer: Answer) -> Iterator[tuple[str, list[tuple[str, dict[str, Any]]]]]:
    """A server on this machine: its address, and the path and body of each request."""
    asked: list[tuple[str, dict[str, Any]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            asked.append((self.path, body))
            status, headers, content = answer(body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def presidio() -> Answer:
    """Presidio's analyzer with its recogniser of e-mail addresses."""
    registry = RecognizerRegistry(recognizers=[EmailRecognizer(), SpacyRecognizer()])
    engine = AnalyzerEngine(registry=registry, nlp_engine=BlankEngine(), supported_languages=["en"])

    def analyze(body: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        request = AnalyzerRequest(body)
        try:
            results = engine.analyze(text=request.text or "", language=request.language or "")
        except ValueError as error:
            return 500, {}, json.dumps({"error": str(error)}).encode()
        return 200, {}, json.dumps([one.to_dict() for one in results]).encode()

    return analyze


def detect(address: str, *texts: str, language: str = "en") -> list[list[tuple[str, str]]]:
    """Entities and what they cover."""
    detector = build_detector(DetectionSettings(detectors=(f"presidio-service:{address}",)), connect=connect)
    answers = detector.detect([Segment(path="", text=text) for text in texts], language=language).spans
    return [
        [(one.entity, text[one.start : one.end]) for one in spans] for text, spans in zip(texts, answers, strict=True)
    ]


def test_presidio_is_asked_and_its_spans_are_code_points(presidio: Answer) -> None:
    """One request for each text that has something in it."""
    with serving(presidio) as (address, asked):
        assert detect(address, TEXT, " \n", "nothing") == [[("EMAIL_ADDRESS", "mary@example.org")], [], []]
    assert asked == [
        ("/analyze", {"text": TEXT, "language": "en"}),
        ("/analyze", {"text": "nothing", "language": "en"}),
    ]


def test_half_a_character_can_be_sent(presidio: Answer) -> None:
    """At the same length."""
    with serving(presidio) as (address, asked):
        assert detect(address, "\ud800 mary@example.org") == [[("EMAIL_ADDRESS", "mary@example.org")]]
    assert asked[0][1]["text"] == "\ufffd mary@example.org"


def test_a_language_that_it_does_not_know_is_a_failure(presidio: Answer) -> None:
    """Presidio answers with an error, which is no empty list."""
    with serving(presidio) as (address, _), pytest.raises(DetectionError, match="status 500") as caught:
        detect(address, TEXT, language="xx")
    assert caught.value.code == "HG309"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        b"{}",
        b"[1]",
        b'[{"entity_type": "PERSON", "start": 0, "end": 999, "score": 0.5}]',
        b'[{"entity_type": "PERSON", "start": 5, "end": 5, "score": 0.5}]',
        b'[{"entity_type": "PERSON", "start": 0, "end": 4, "score": 5}]',
        b'[{"entity_type": "PERSON", "start": 0, "end": 4, "score": NaN}]',
        b'[{"entity_type": "PERSON", "start": true, "end": 4, "score": 0.5}]',
        b'[{"start": 0, "end": 4, "score": 0.5}]',
        b"[" * 100_000,
    ],
)
def test_an_answer_of_another_form_is_a_failure(content: bytes) -> None:
    """Whatever it is, it is not "nothing found"."""
    with serving(lambda _: (200, {}, content)) as (address, _), pytest.raises(DetectionError) as caught:
        detect(address, TEXT)
    assert caught.value.code == "HG308"
    assert "mary" not in str(caught.value)


def test_a_redirect_is_not_followed(presidio: Answer) -> None:
    """The text goes to the one address that the policy names."""
    with serving(presidio) as (elsewhere, asked):
        moved = {"location": f"{elsewhere}/analyze"}
        with serving(lambda _: (307, moved, b"")) as (address, _), pytest.raises(DetectionError, match="FenceError"):
            detect(address, TEXT)
    assert asked == []


def test_a_proxy_of_the_environment_is_not_asked(presidio: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody in between reads along."""
    with serving(presidio) as (proxy, overheard), serving(presidio) as (address, asked):
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        assert detect(address, TEXT) == [[("EMAIL_ADDRESS", "mary@example.org")]]
    assert (len(asked), overheard) == (1, [])


def test_a_server_that_does_not_answer_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """In time, without a second attempt, and with its name."""
    monkeypatch.setattr(services, "SECONDS", 0.05)
    answered = threading.Event()

    def wait(_: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        answered.wait(60)
        return 200, {}, b"[]"

    with serving(wait) as (address, asked):
        with pytest.raises(DetectionError, match="did not answer: ReadTimeout"):
            detect(address, TEXT)
        answered.set()
    assert len(asked) == 1


def test_a_server_that_is_not_there_is_a_failure() -> None:
    """Nothing found means that somebody has looked."""
    with serving(lambda _: (200, {}, b"[]")) as (address, _):
        pass
    with pytest.raises(DetectionError, match="did not answer") as caught:
        detect(address, TEXT)
    assert "mary" not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("url", "zone"),
    [
        ("http://192.0.2.7:5002", Zone.LOCAL),
        ("https://pii.example", Zone.LOCAL),
        ("http://pii.example", Zone.PRIVATE),
        ("https://pii.example", Zone.EXTERNAL),
        ("https://user@pii.example", Zone.PRIVATE),
        ("https://pii.example?to=me", Zone.PRIVATE),
        ("ftp://127.0.0.1", Zone.LOCAL),
    ],
)
def test_an_address_outside_of_its_zone_gets_no_connection(url: str, zone: Zone) -> None:
    """However the settings came to be."""
    with pytest.raises(EgressError) as caught:
        connect(DetectionService(alias="ward", url=url, zone=zone))
    assert caught.value.code == "HG702"


def test_a_guard_asks_the_service_that_its_policy_declares(presidio: Answer, tmp_path: Any) -> None:
    """From the file to the finding, and without the service to a failure that stays local."""
    with serving(presidio) as (address, asked):
        policy = parse_policy(
            "version: 1\nname: x\ndeployments: {a: {model: hg_llamacpp/tiny, zone: local}}\n"
            "detection:\n  detectors: ['presidio-service:ward']\n"
            f"  services: {{ward: {{url: '{address}', zone: local}}}}\n"
            f"audit: {{path: '{tmp_path / 'audit.jsonl'}'}}\n"
        )
        with Guard(policy) as guard:
            seen = guard.explain(messages=[{"role": "user", "content": TEXT}])
    assert seen.facts.sensitivity.counts == {"EMAIL_ADDRESS": 1}
    assert len(asked) == 1
    with Guard(policy) as guard:
        assert guard.explain(messages=[{"role": "user", "content": TEXT}]).facts.failures == {"detection"}
