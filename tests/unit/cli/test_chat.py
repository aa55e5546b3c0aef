"""`chat`: a conversation, one line a turn."""

from __future__ import annotations

import json
import sys

import pytest

from hybrid_guard.testing import fail, faults, in_turn, say
from tests.unit.cli.conftest import Lab, Shell, sent


def test_each_line_is_a_turn_of_one_conversation(hg: Shell, lab: Lab) -> None:
    """A turn is sent with those before it; blank lines are none."""
    lab.far.reply = say("Yes.")
    result = hg("chat", stdin="first\n\nsecond\n")

    assert result.code == 0
    assert result.out == "Yes.\nYes.\n"
    assert sent(lab.far)[1] == [
        {"role": "user", "content": "first"},
        {"role": "assistant", "content": "Yes."},
        {"role": "user", "content": "second"},
    ]
    assert result.err.count("far (external)") == 2


def test_a_conversation_does_not_become_less_sensitive(hg: Shell, lab: Lab) -> None:
    """After a private turn a harmless one stays, too."""
    result = hg("chat", stdin="hello\nMy SSN is 536-90-4399\nthanks\n")

    assert result.out == "hello\nForty-two.\nForty-two.\n"
    assert b"536-90" not in lab.far.received


def test_quit_ends_and_nothing_after_it_is_read(hg: Shell, lab: Lab) -> None:
    """A turn behind /quit is not sent."""
    result = hg("chat", stdin="one\n/quit\ntwo\n")

    assert result.out == "one\n"


@pytest.mark.parametrize("typed", ["/hlep", "/help", "/Why", "/QUIT", "/", "//", "  /qiut  ", "/whyy?", "/536-90-4399"])
@pytest.mark.parametrize("person", [True, False], ids=["terminal", "pipe"])
def test_a_mistyped_command_is_sent_nowhere(
    hg: Shell, lab: Lab, monkeypatch: pytest.MonkeyPatch, typed: str, person: bool
) -> None:
    """Neither outside nor to the local model; the commands that there are are told, and the conversation goes on."""
    monkeypatch.setattr("hybrid_guard.cli.chat.interactive", lambda: person)
    result = hg("chat", stdin=f"{typed}\nhello\n{typed}\n")

    assert result.code == 0
    assert result.err.count("no such command; there are /why and /quit") == 2
    assert "536-90" not in result.err
    assert sent(lab.far) == [[{"role": "user", "content": "hello"}]]
    assert lab.near.connections == 0


def test_a_turn_may_begin_with_a_slash(hg: Shell, lab: Lab) -> None:
    """A command is one word, so a sentence that begins with a path is none."""
    hg("chat", stdin="/etc/hosts holds what?\n")

    assert sent(lab.far) == [[{"role": "user", "content": "/etc/hosts holds what?"}]]


def test_why_explains_the_last_decision(hg: Shell, lab: Lab) -> None:
    """Before the first turn there is none; after a block there are reasons and no answer."""
    result = hg("chat", stdin="/why\nThe museum in Hamburg\n/why\n")

    assert "there is no decision to explain yet" in result.out
    assert "far (external) answered; level moderate, score 0.45\nfound: 1 LOCATION\n" in result.out
    assert "  masked: external: everything placeholder" in result.out


def test_why_explains_a_block(hg: Shell, lab: Lab) -> None:
    """Nobody answered, and the rule that saw to it is named."""
    result = hg("chat", "--tag", "forbidden", stdin="hello\n/why\n")

    assert result.code == 3
    assert "nobody answered" in result.out
    assert "  never: only nowhere" in result.out


def test_without_a_rule_why_says_so(hg: Shell, lab: Lab) -> None:
    """A decision without reasons is explained by that."""
    assert "  no rule applied" in hg("chat", stdin="hello\n/why\n").out


def test_a_turn_that_fails_is_taken_back(hg: Shell, lab: Lab) -> None:
    """The conversation goes on without it, and the exit code tells that it happened."""
    lab.far.reply = in_turn(say("A."), fail(faults.Status(code=500, echo=True)), say("C."))
    result = hg("chat", "--tag", "cloud", stdin="first\nsecond\nthird\n")

    assert result.code == 4
    assert result.out == "A.\nC.\n"
    assert "error: [HG80" in result.err
    assert "second" not in result.err
    assert [message["content"] for message in sent(lab.far)[2]] == ["first", "A.", "third"]


def test_a_blocked_turn_is_not_forgotten(hg: Shell, lab: Lab) -> None:
    """What was private in a turn that was blocked keeps the rest of the conversation from leaving."""
    result = hg("chat", "--tag", "cloud", stdin="one\nMy SSN is 536-90-4399\nthree\n")

    assert result.code == 3
    assert result.out == "one\n"
    assert result.err.count("error: [HG801]") == 2
    assert "536-90" not in result.err
    assert sent(lab.far) == [[{"role": "user", "content": "one"}]]


def test_turns_as_json_lines(hg: Shell, lab: Lab) -> None:
    """One object per turn, answers, explanations and failures alike."""
    result = hg("chat", "--json", stdin="hello\n/why\n")
    answer, why = (json.loads(line) for line in result.out.splitlines())

    assert answer["answer"] == "hello"
    assert answer["hybrid_guard"]["source"] == "far"
    assert why == {"why": []}

    failed = hg("chat", "--json", "--tag", "forbidden", stdin="hello\n/why\n")
    error, why = (json.loads(line) for line in failed.out.splitlines())

    assert error["error"]["code"] == "HG801"
    assert why["why"] == [{"reason": "never", "meaning": "only nowhere"}]


def test_input_that_is_not_utf8_is_refused(hg: Shell, lab: Lab) -> None:
    """The turns before it were answered."""
    result = hg("chat", stdin=b"one\n\xff\xfe\n")

    assert (result.code, result.out) == (2, "one\n")
    assert "[HG902]" in result.err


@pytest.mark.parametrize("ending", ["", "/quit\n"], ids=["ctrl-d", "quit"])
def test_a_person_is_prompted_and_sees_pieces(
    hg: Shell, lab: Lab, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    """On a terminal there is a prompt, answers are streamed, and a failed turn is no failed command."""
    monkeypatch.setattr("hybrid_guard.cli.chat.interactive", lambda: True)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    result = hg("chat", stdin=f"hello\n{ending}")

    assert result.code == 0
    assert "> " in result.out
    assert "hello\n" in result.out
    assert "/why explains" in result.err
