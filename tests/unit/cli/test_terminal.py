"""What is shown is clean."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybrid_guard.cli.terminal import clean, complain, console, progress, say, to_json


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[2Jb", "a[2Jb"),
        ("a\rb", "ab"),
        ("a\x9b31mb", "a31mb"),
        ("a\u202eb\u2066c", "abc"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("half \ud800 pair", "half  pair"),
        ("Grüße, 世界 👩‍👩‍👧", "Grüße, 世界 👩‍👩‍👧"),
    ],
    ids=["escape", "carriage-return", "c1", "direction", "layout", "surrogate", "letters"],
)
def test_control_characters_are_dropped(text: str, shown: str) -> None:
    """Nothing shown can move the cursor or turn the direction of the text."""
    assert clean(text) == shown


@given(st.text(st.characters()))
def test_json_is_exact_and_clean(text: str) -> None:
    """JSON gives every text back, and holds no character that must not be shown."""
    written = to_json({"text": text})

    assert json.loads(written) == {"text": text}
    assert clean(written) == written


def test_an_error_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """A name with line breaks in it cannot forge a second error."""
    complain("error: `a\nerror: b\x1b[0m`")

    assert capsys.readouterr().err == "error: `a error: b [0m`\n"


def test_nothing_is_markup(capsys: pytest.CaptureFixture[str]) -> None:
    """Brackets are shown as they are."""
    console().print("[red]a[/red] :smile:")
    say("[bold]b")

    assert capsys.readouterr().out == "[red]a[/red] :smile:\n[bold]b\n"


def test_a_pipe_sees_no_progress(capsys: pytest.CaptureFixture[str]) -> None:
    """A progress bar is for terminals."""
    with progress("working", total=2) as bar:
        bar.advance(bar.task_ids[0])

    captured = capsys.readouterr()
    assert captured.out + captured.err == ""
