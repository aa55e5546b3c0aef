"""`explain`: what would happen, without a call."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from hybrid_guard.anonymizer.keys import KEY_VARIABLE
from hybrid_guard.cli.explain import NoTrail
from hybrid_guard.cli.reasons import describe
from hybrid_guard.errors import AuditError
from hybrid_guard.policies import load_policy
from hybrid_guard.policies.engine import BUILT_IN_REASONS
from hybrid_guard.types import AuditRecord
from tests.unit.cli.conftest import Lab, Shell

PROMPT = "Maria Schneider lives in Hamburg"
MODERATE = "The museum in Hamburg"


def test_a_request_that_would_leave_is_shown_as_it_would_leave(hg: Shell, lab: Lab) -> None:
    """The body has placeholders; findings, rules and destination are told."""
    result = hg("explain", MODERATE)

    assert result.code == 0
    assert "LOCATION" in result.out
    assert "level moderate" in result.out
    assert "masked" in result.out
    assert "external: everything placeholder" in result.out
    assert "far (external, openai/far)" in result.out
    before, _, body = result.out.partition("what would leave, to `far`\n")
    assert "Hamburg" not in before
    assert json.loads(body)["messages"][0]["content"].startswith("The museum in LOCATION")


def test_a_local_request_is_said_to_stay(hg: Shell, lab: Lab) -> None:
    """For a local decision nothing leaves; what the local deployment would get is shown."""
    result = hg("explain", "SSN 536-90-4399")

    assert "near (local, openai/near)" in result.out
    assert "what would leave: nothing; `near` on this machine would get" in result.out
    assert "high-stays" in result.out
    assert "only local" in result.out


def test_a_block_is_explained(hg: Shell, lab: Lab) -> None:
    """A block has reasons and no body."""
    result = hg("explain", "--tag", "forbidden", "hello")

    assert result.code == 0
    assert "blocked: no deployment is permitted" in result.out
    assert "never" in result.out
    assert "only nowhere" in result.out
    assert result.out.endswith("what would leave: nothing\n")


def test_consent_is_announced(hg: Shell, lab: Lab) -> None:
    """Nobody is asked, but it is said that somebody would be."""
    assert "far (external, openai/far), if a person agrees" in hg("explain", "--tag", "research", "hello").out


def test_without_a_rule_that_is_said(hg: Shell, lab: Lab) -> None:
    """A harmless request has no findings and no reasons."""
    result = hg("explain", "hello")

    assert "nothing found" in result.out
    assert "no rule applies" in result.out


def test_nothing_is_called_or_recorded(hg: Shell, lab: Lab) -> None:
    """No server is asked and no audit trail is made."""
    hg("explain", PROMPT)

    assert lab.near.connections == lab.far.connections == 0
    assert [file.name for file in Path().iterdir()] == ["policy.yaml"]


def test_the_explanation_as_json(hg: Shell, lab: Lab) -> None:
    """Facts, decision, findings with offsets, and the body."""
    shown = json.loads(hg("explain", "--json", MODERATE).out)

    assert shown["findings"] == [
        {
            "path": "/messages/0/content",
            "entity": "LOCATION",
            "start": 14,
            "end": 21,
            "score": pytest.approx(1.0, abs=0.01),
            "detector": "ner.v2",
        }
    ]
    assert shown["sensitivity"]["level"] == "moderate"
    assert shown["facts"]["sensitivity"]["counts"] == {"LOCATION": 1}
    assert shown["decision"]["deployment"] == "far"
    assert shown["decision"]["reasons"] == ["masked"]
    assert shown["body"]["messages"][0]["content"].startswith("The museum in LOCATION")
    assert shown["dropped"] == 0
    assert shown["problems"] == []


def test_only_what_leaves_is_shown(hg: Shell, lab: Lab) -> None:
    """The body as JSON, the same as in the whole explanation; null for what stays here or is blocked."""
    whole = json.loads(hg("explain", "--json", MODERATE).out)
    body = json.loads(hg("explain", "--what-leaves", MODERATE).out)

    assert body["messages"][0]["content"].startswith("The museum in LOCATION")
    # Placeholders are new each time.
    assert body.keys() == whole["body"].keys()
    assert hg("explain", "--what-leaves", "--mode", "only_local", "hello").out == "null\n"
    assert hg("explain", "--what-leaves", "--tag", "forbidden", "hello").out == "null\n"


def test_wishes_narrow(hg: Shell, lab: Lab) -> None:
    """A mode, a tag and an alias are explained like any other reason."""
    only_local = json.loads(hg("explain", "--json", "--mode", "only_local", "hello").out)
    wanted = json.loads(hg("explain", "--json", "--model", "near", "hello").out)

    assert only_local["decision"]["deployment"] == wanted["decision"]["deployment"] == "near"
    assert "override:mode" in only_local["decision"]["reasons"]
    assert "override:alias" in wanted["decision"]["reasons"]


def test_control_characters_of_a_prompt_are_escaped(hg: Shell, lab: Lab) -> None:
    """A prompt cannot write to the terminal."""
    result = hg("explain", "hello \x1b[2J\u202e")

    assert "\x1b" not in result.out
    assert "\u202e" not in result.out


def test_a_command_without_a_trail_refuses_records() -> None:
    """If something tried to call, it would fail before it could."""
    with pytest.raises(AuditError):
        NoTrail().write(AuditRecord(kind="intent", audit_id="a", time=0.0))


def test_every_built_in_reason_has_words(lab: Lab) -> None:
    """No reason of the engine is left without a meaning."""
    policy = load_policy(lab.policy)
    families = ("failure:detection", "mode:only_local", "override:alias", "override:mode", "override:zones")
    obstacles = ("unhealthy:near", "tried:near", "lacks-tools:near", "lacks-context:near")

    for reason in (*BUILT_IN_REASONS, *families, *obstacles, *(rule.id for rule in policy.rules)):
        assert "unknown" not in describe(reason, policy)
        assert describe(reason, policy)


def test_a_text_that_hides_something_is_told(hg: Shell, lab: Lab) -> None:
    """It stays here, and it is said why."""
    result = hg("explain", "p\u200ba\u200bs\u200bs\u200bword")

    assert "suspicious: a text looks as if" in result.out
    assert "suspicious-text" in result.out


def test_options_in_a_file_count(hg: Shell, lab: Lab) -> None:
    """A body that restricts itself is explained as restricted; the command line adds to it."""
    body = {"messages": [{"role": "user", "content": "hello"}], "hybrid_guard": {"zones": ["local"]}}
    Path("body.json").write_text(json.dumps(body))
    shown = json.loads(hg("explain", "--json", "--messages", "body.json", "--tag", "research").out)

    assert shown["decision"]["deployment"] == "near"
    assert shown["decision"]["reasons"] == ["ask-first", "override:zones"]


def test_what_is_dropped_is_told(hg: Shell, lab: Lab) -> None:
    """An argument that no deployment is sent is counted."""
    body = {"messages": [{"role": "user", "content": "hello"}], "unheard_of": 1}

    assert "dropped: 1 arguments" in hg("explain", "--messages", "-", stdin=json.dumps(body)).out


def test_a_terminal_gets_colours_and_a_pipe_none(hg: Shell, lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """The body is highlighted for a person only."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[" not in hg("explain", MODERATE).out

    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert "\x1b[" in hg("explain", MODERATE).out


@pytest.mark.parametrize(
    "section", ["{store: sqlite, path: vault.db}", "{store: redis, url: 'unix:///nowhere/socket', key: nobody}"]
)
def test_a_shared_store_is_left_alone(hg: Shell, lab: Lab, monkeypatch: pytest.MonkeyPatch, section: str) -> None:
    """Its key and its server are not needed, and no file is made; the explanation is the same."""
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    without = json.loads(hg("explain", "--json", MODERATE).out)
    lab.policy.write_text(f"{lab.policy.read_text()}vault: {section}\n")
    shown = json.loads(hg("explain", "--json", MODERATE).out)

    assert shown["problems"] == []
    assert shown["body"]["messages"][0]["content"].startswith("The museum in LOCATION")
    assert shown["decision"]["reasons"] == without["decision"]["reasons"]
    assert [file.name for file in Path().iterdir()] == ["policy.yaml"]
