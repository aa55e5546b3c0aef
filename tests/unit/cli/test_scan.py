"""`scan`: a text for a person, JSON Lines for programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import Shell

TEXT = "Write to anna.keller@example.org, SSN 536-90-4399"
SECRET = "zebra-quartz-7731"


def rows(text: str) -> list[dict[str, Any]]:
    """JSON Lines as objects."""
    return [json.loads(line) for line in text.splitlines()]


def test_a_table_tells_where_and_not_what(hg: Shell) -> None:
    """Values are shown only when they are asked for."""
    hidden, shown = hg("scan", TEXT), hg("scan", "--show-values", TEXT)

    assert hidden.code == shown.code == 0
    assert "EMAIL_ADDRESS" in hidden.out
    assert "level high" in hidden.out
    assert "anna.keller" not in hidden.out
    assert "anna.keller@example.org" in shown.out


def test_nothing_found_is_told(hg: Shell) -> None:
    """A clean text has no table."""
    assert hg("scan", "Good morning").out == "nothing found\nsensitivity 0.00, level low\n"


def test_a_text_that_hides_something_is_told(hg: Shell) -> None:
    """Invisible characters inside of words are suspicious."""
    assert "suspicious:" in hg("scan", "p\u200ba\u200bs\u200bs\u200bword").out


def test_a_text_as_json(hg: Shell) -> None:
    """The object of a text is that of a line, without an id."""
    shown = json.loads(hg("scan", "--json", TEXT).out)

    assert [TEXT[one["start"] : one["end"]] for one in shown["findings"]] == ["anna.keller@example.org", "536-90-4399"]
    assert {one["entity"] for one in shown["findings"]} == {"EMAIL_ADDRESS", "US_SSN"}
    assert all(one["detector"] == "patterns.v1" for one in shown["findings"])
    assert shown["sensitivity"] == {"score": 1.0, "level": "high"}
    assert shown["suspicious"] is False


def test_each_line_gives_one_line(hg: Shell) -> None:
    """Ids are kept, blank lines are passed over, offsets are code points."""
    Path("in.jsonl").write_text(
        '{"id": 7, "text": "no names"}\n\n{"id": "b", "text": "👩‍👩‍👧 ä a@example.org", "lang": "de", "more": 1}\n',
        "utf-8",
    )
    result = hg("scan", "--jsonl", "in.jsonl", "--out", "out.jsonl")
    first, second = rows(Path("out.jsonl").read_text("utf-8"))

    assert (result.code, result.out, result.err) == (0, "", "2 lines, 1 findings\n")
    assert first == {"id": 7, "findings": [], "sensitivity": {"score": 0.0, "level": "low"}, "suspicious": False}
    assert second["id"] == "b"
    assert second["findings"] == [
        {"entity": "EMAIL_ADDRESS", "start": 8, "end": 21, "score": 1.0, "detector": "patterns.v1"}
    ]


def test_lines_can_come_and_go_by_pipe(hg: Shell) -> None:
    """`-` stands for standard input and standard output."""
    result = hg("scan", "--jsonl", "-", "--out", "-", stdin='{"id": "a", "text": "hi"}\n')

    assert [row["id"] for row in rows(result.out)] == ["a"]
    assert result.err == ""


def test_the_run_can_be_summed_up_as_json(hg: Shell) -> None:
    """With `--json` a program learns how many lines there were."""
    Path("in.jsonl").write_text('{"id": "a", "text": "a@example.org"}\n')
    result = hg("scan", "--jsonl", "in.jsonl", "--out", "out.jsonl", "--json")

    assert json.loads(result.out) == {"lines": 1, "findings": 1}


def test_a_policy_says_what_is_looked_for(hg: Shell) -> None:
    """Lists, weights and levels are those of the policy; `policy.yaml` is found by itself."""
    Path("policy.yaml").write_text(
        "version: 1\nname: x\ndeployments: {a: {model: hg_llamacpp/tiny, zone: local}}\n"
        "detection: {detectors: [patterns.v1], deny: [Bluebird]}\n"
        "sensitivity: {levels: {middling: 0.4}}\n"
    )
    shown = json.loads(hg("scan", "--json", "Project Bluebird").out)

    assert [one["entity"] for one in shown["findings"]] == ["DENIED_TEXT"]
    assert shown["sensitivity"] == {"score": 1.0, "level": "middling"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (f"{{{SECRET}".encode(), "no JSON at column 2"),
        (f'["{SECRET}"]'.encode(), "the line should be an object"),
        (f'{{"text": "{SECRET}"}}'.encode(), "`id` is missing"),
        (b'{"id": 1}', "`text` is missing"),
        (f'{{"id": 1, "text": ["{SECRET}"]}}'.encode(), "`text` should be a string"),
        (f'{{"id": ["{SECRET}"], "text": ""}}'.encode(), "`id` should be"),
        (b'{"id": true, "text": ""}', "`id` should be"),
        (f'{{"id": 1, "text": "", "lang": "{SECRET}"}}'.encode(), "`lang` should be"),
        (b'{"id": 1, "text": "' + b"a" * 300_000 + b'"}', "`text` has more than 262144 characters"),
        (b'{"id": 1, "text": "' + b"a" * 3_300_000 + b'"}', "the line is too long"),
        (b'{"id": ' + b"1" * 5000 + b"}", "a number that is too long"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"id": 1, "text": "\xff\xfe"}', "not UTF-8"),
    ],
    ids=[
        "json",
        "list",
        "id",
        "text",
        "text-list",
        "id-list",
        "id-bool",
        "lang",
        "long",
        "longer",
        "number",
        "deep",
        "utf-8",
    ],
)
def test_a_broken_line_is_named_by_its_number(hg: Shell, line: bytes, words: str) -> None:
    """Nothing of the line is shown, and no half-written file is left."""
    Path("in.jsonl").write_bytes(b'{"id": "first", "text": "hi"}\n' + line + b"\n")
    result = hg("scan", "--jsonl", "in.jsonl", "--out", "out.jsonl")

    assert result.code == 2
    assert result.err.startswith("error: [HG903] in.jsonl:2: ")
    assert words in result.err
    assert SECRET not in result.out + result.err
    assert [file.name for file in Path().iterdir()] == ["in.jsonl"]


def test_lines_before_a_broken_one_stay_on_standard_output(hg: Shell) -> None:
    """What was printed is printed."""
    result = hg("scan", "--jsonl", "-", stdin='{"id": "a", "text": "hi"}\nbroken\n')

    assert result.code == 2
    assert [row["id"] for row in rows(result.out)] == ["a"]
    assert "standard input:2:" in result.err


def test_a_failed_run_leaves_the_old_file(hg: Shell) -> None:
    """OUT is replaced all at once or not at all."""
    Path("out.jsonl").write_text("old\n")
    result = hg("scan", "--jsonl", "-", "--out", "out.jsonl", stdin="broken\n")

    assert result.code == 2
    assert Path("out.jsonl").read_text() == "old\n"


def test_the_file_is_for_its_owner_only(hg: Shell) -> None:
    """Offsets of private spans are private."""
    hg("scan", "--jsonl", "-", "--out", "out.jsonl", stdin='{"id": "a", "text": "hi"}\n')

    assert Path("out.jsonl").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("source", "target", "code"),
    [("none.jsonl", "-", "HG901"), (".", "-", "HG901"), ("-", "no/such/folder", "HG904"), ("-", "/dev/null", "HG904")],
    ids=["missing", "folder", "no-folder", "device"],
)
def test_files_that_cannot_be_used_are_told(hg: Shell, source: str, target: str, code: str) -> None:
    """A missing file is no empty one, and a device is not replaced."""
    result = hg("scan", "--jsonl", source, "--out", target, stdin='{"id": "a", "text": "hi"}\n')

    assert result.code == 2
    assert f"[{code}]" in result.err
