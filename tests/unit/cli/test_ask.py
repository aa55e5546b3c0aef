"""`ask`: one guarded call."""

from __future__ import annotations

import json
import sys

import pytest

from hybrid_guard.cli.turn import source_line
from hybrid_guard.testing import Answer, RecordedRequest, fail, faults, say, say_chunks
from hybrid_guard.types import Provenance, Restoration, Zone
from tests.unit.cli.conftest import Lab, Shell, sent

PRIVATE = "My SSN is 536-90-4399"
MODERATE = "The museum in Hamburg"


def test_the_answer_is_on_standard_output_alone(hg: Shell, lab: Lab) -> None:
    """Where it came from is told on standard error, on one line."""
    result = hg("ask", "hello")

    assert result.code == 0
    assert result.out == "hello\n"
    assert result.err.startswith("far (external) | low 0.00 | no rule applied | audit ")
    assert result.err.count("\n") == 1


def test_what_must_stay_stays(hg: Shell, lab: Lab) -> None:
    """A private prompt goes to the local server, and the cloud hears nothing."""
    result = hg("ask", PRIVATE)

    assert result.out == "Forty-two.\n"
    assert result.err.startswith("near (local) | high 1.00 | high-stays, masked | ")
    assert lab.far.received == b""
    assert "536-90" not in result.err


def test_what_leaves_is_treated_and_restored(hg: Shell, lab: Lab) -> None:
    """The cloud sees a placeholder, the caller the original."""
    result = hg("ask", MODERATE)

    assert result.out == f"{MODERATE}\n"
    assert b"Hamburg" not in lab.far.received


def test_the_answer_as_json(hg: Shell, lab: Lab) -> None:
    """One object with the answer and its provenance; nothing on standard error."""
    result = hg("ask", "--json", PRIVATE)
    shown = json.loads(result.out)

    assert result.err == ""
    assert shown["answer"] == "Forty-two."
    assert shown["hybrid_guard"].pop("audit_id")
    assert shown["hybrid_guard"] == {
        "source": "near",
        "zone": "local",
        "score": 1.0,
        "level": "high",
        "reasons": ["high-stays", "masked"],
        "entities": {"US_SSN": 1},
        "confidence": None,
        "degraded": False,
        "cost": 0.0,
        "dropped": 0,
        "restoration": {
            "sent": 0,
            "returned": 0,
            "restored": 0,
            "repaired": 0,
            "withheld": 0,
            "invented": 0,
            "unfinished": 0,
            "lost": 0,
        },
    }


def test_wishes_narrow(hg: Shell, lab: Lab) -> None:
    """A mode or an alias keeps a harmless request here; an unknown alias is refused."""
    assert hg("ask", "--mode", "only_local", "hello").out == "Forty-two.\n"
    assert hg("ask", "--model", "near", "--session", "s", "hello").out == "Forty-two.\n"

    unknown = hg("ask", "--model", "other", "hello")

    assert (unknown.code, "[HG210]" in unknown.err) == (2, True)


def test_a_block_has_its_own_exit_code(hg: Shell, lab: Lab) -> None:
    """A policy that permits nothing is 3, and nobody is called."""
    result = hg("ask", "--tag", "forbidden", PRIVATE)

    assert (result.code, result.out) == (3, "")
    assert result.err.startswith("error: [HG801]")
    assert "536-90" not in result.err
    assert lab.near.connections == lab.far.connections == 0


def test_no_healthy_deployment_has_its_own_exit_code(hg: Shell, lab: Lab) -> None:
    """A permitted server that does not answer is 4, and no other is called instead."""
    lab.near.reply = fail(faults.Status(code=500, echo=True))
    result = hg("ask", PRIVATE)

    assert (result.code, result.out) == (4, "")
    assert lab.far.received == b""


def test_in_a_pipe_the_answer_to_consent_is_no(hg: Shell, lab: Lab) -> None:
    """Nobody can be asked, so it stays here."""
    result = hg("ask", "--tag", "research", "hello", stdin="y\n")

    assert result.out == "Forty-two.\n"
    assert "consent-refused" in result.err
    assert "[y/N]" not in result.err
    assert lab.far.received == b""


@pytest.mark.parametrize(
    ("typed", "asked"), [("y\n", "far"), ("YES\n", "far"), ("n\n", "near"), ("\n", "near"), ("", "near")]
)
def test_on_a_terminal_a_person_is_asked(
    hg: Shell, lab: Lab, monkeypatch: pytest.MonkeyPatch, typed: str, asked: str
) -> None:
    """Zone, deployment and counts are told first; anything but a yes is a no."""
    monkeypatch.setattr("hybrid_guard.cli.turn.interactive", lambda: True)
    result = hg("ask", "--tag", "research", MODERATE, stdin=typed)

    assert "to `far`, zone external" in result.err
    assert "1 LOCATION" in result.err
    assert "Hamburg" not in result.err
    assert f"{asked} (" in result.err
    assert len(lab.far.requests) == (asked == "far")


def test_on_a_terminal_the_answer_comes_in_pieces(hg: Shell, lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is certain is shown at once; with `--no-stream` the answer comes whole."""
    shown: list[str] = []
    lab.far.reply = say_chunks("One ", "two ", "three.")
    monkeypatch.setattr("hybrid_guard.cli.ask.write", shown.append)

    for whole in (True, False):
        shown.clear()
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        hg("ask", "hello", *(["--no-stream"] if whole else []))

        assert "".join(shown) == "One two three.\n"
        assert (len(shown) == 2) == whole


def test_a_stream_that_breaks_off_is_told_on_a_line_of_its_own(
    hg: Shell, lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was shown stays; the failure does not stick to it."""
    lab.far.reply = fail(faults.Reset(after=600), say_chunks(*["word "] * 50))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    result = hg("ask", "hello")

    assert result.code == 4
    assert result.out.startswith("word ")
    assert result.out.endswith("\n")
    assert "[HG608]" in result.err


def test_an_answer_cannot_write_to_the_terminal(hg: Shell, lab: Lab) -> None:
    """Control characters of a model are dropped, and escaped in JSON."""
    lab.far.reply = say("a\x1b[2Jb\u202ec")

    assert hg("ask", "hello").out == "a[2Jbc\n"
    assert json.loads(hg("ask", "--json", "hello").out)["answer"] == "a\x1b[2Jb\u202ec"


def test_an_answer_without_text_is_empty(hg: Shell, lab: Lab) -> None:
    """A model that says nothing gives an empty line."""

    def silent(_request: RecordedRequest) -> Answer:
        return Answer(text="")

    lab.far.reply = silent

    assert hg("ask", "hello").out == "\n"


def test_the_trail_is_written(hg: Shell, lab: Lab) -> None:
    """A call has an intent and an outcome, and the line on standard error finds them."""
    result = hg("ask", "hello")
    audit_id = result.err.split()[-1]
    trail = (lab.policy.parent / "audit.jsonl").read_text()

    assert trail.count(audit_id) == 2
    assert sent(lab.far) == [[{"role": "user", "content": "hello"}]]


def test_all_that_is_known_is_on_the_line() -> None:
    """Confidence, dropped arguments and the price are told where there are any."""
    known = Provenance(
        source="near",
        zone=Zone.LOCAL,
        score=0.5,
        level="moderate",
        reasons=("masked",),
        entities={"PERSON": 1},
        confidence=0.41,
        degraded=True,
        cost=0.0015,
        dropped=2,
        restoration=Restoration(sent=3, returned=2, restored=4, invented=1),
        audit_id="a1",
    )

    assert source_line(known) == (
        "near (local) | moderate 0.50 | masked | confidence 0.41, weak | 2 of 3 placeholders came back, 1 damaged | "
        "2 dropped | $0.001500 | audit a1"
    )
