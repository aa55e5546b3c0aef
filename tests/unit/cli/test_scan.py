"""`scan`: a text for a person, JSON Lines for programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hybrid_guard.testing import Answer, RecordingServer
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


def test_many_lines_keep_their_order_and_their_languages(hg: Shell) -> None:
    """They are read in batches, which nobody can see in what comes out."""
    texts = [f"mail {number} to user{number}@example.org" if number % 3 else "Good morning" for number in range(300)]
    lines = [
        json.dumps({"id": number, "text": text, **({"lang": "de"} if number % 7 == 0 else {})})
        for number, text in enumerate(texts)
    ]
    result = hg("scan", "--jsonl", "-", stdin="\n".join(lines))
    shown = rows(result.out)

    assert [row["id"] for row in shown] == list(range(300))
    for row, text in zip(shown, texts, strict=True):
        found = [text[one["start"] : one["end"]] for one in row["findings"] if one["entity"] == "EMAIL_ADDRESS"]
        assert found == ([text.rpartition(" ")[2]] if "@" in text else [])


def test_a_value_is_not_put_together_from_two_lines(hg: Shell) -> None:
    """They are no conversation: each is read as if it were alone."""
    halves = ["my card is 4111 1111", "1111 1111 is my card"]
    lines = [json.dumps({"id": text, "text": text}) for text in halves]
    together = rows(hg("scan", "--jsonl", "-", stdin="\n".join(lines)).out)
    alone = [rows(hg("scan", "--jsonl", "-", stdin=line).out)[0] for line in lines]

    assert together == alone
    assert not any(found["entity"] == "CREDIT_CARD" for row in together for found in row["findings"])


def test_only_the_line_that_hides_something_is_suspicious(hg: Shell) -> None:
    """Its neighbours in the batch are not."""
    texts = ["Good morning", "p\u200ba\u200bs\u200bs\u200bword", "Good evening"]
    result = hg("scan", "--jsonl", "-", stdin="\n".join(json.dumps({"id": text, "text": text}) for text in texts))
    assert [row["suspicious"] for row in rows(result.out)] == [False, True, False]


def test_lines_before_a_broken_one_of_the_same_batch_are_given(hg: Shell) -> None:
    """However many there are."""
    lines = [json.dumps({"id": number, "text": "hi"}) for number in range(200)]
    result = hg("scan", "--jsonl", "-", stdin="\n".join([*lines, "broken", *lines]))

    assert result.code == 2
    assert [row["id"] for row in rows(result.out)] == list(range(200))
    assert "standard input:201:" in result.err


def test_a_line_that_a_detector_fails_on_is_named(hg: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the batch that it was read in."""
    from hybrid_guard.cli import detection
    from hybrid_guard.errors import DetectionError
    from hybrid_guard.types import Findings, Segment

    class Failing:
        name = "failing.v1"

        def detect(self, segments: tuple[Segment, ...], *, language: str) -> Findings:
            if any(SECRET in segment.text for segment in segments):
                raise DetectionError("detector `failing.v1` failed")
            return Findings(spans=tuple(() for _ in segments))

    monkeypatch.setattr(detection, "detectors_by_language", lambda settings: lambda language: Failing())
    lines = [json.dumps({"id": number, "text": SECRET if number == 7 else "hi"}) for number in range(12)]
    result = hg("scan", "--jsonl", "-", stdin="\n".join(lines))

    assert result.code == 2
    assert [row["id"] for row in rows(result.out)] == list(range(7))
    assert "[HG300] standard input:8: detector `failing.v1` failed" in result.err
    assert SECRET not in result.out + result.err


def test_a_line_is_answered_before_the_next_one_comes() -> None:
    """A program that writes one line and waits for the answer does not wait for ever."""
    import subprocess
    import sys

    command = [sys.executable, "-m", "hybrid_guard", "scan", "--jsonl", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        for number in range(2):
            program.stdin.write(json.dumps({"id": number, "text": "a@example.org"}) + "\n")
            program.stdin.flush()
            assert json.loads(program.stdout.readline())["id"] == number
        program.stdin.close()
        assert program.wait(60) == 0


def test_no_text_is_sent_to_a_service_elsewhere(hg: Shell) -> None:
    """Nothing is put on record here, so nothing may leave; a service of this machine is asked."""
    with RecordingServer("ward", lambda _: Answer(body=[])) as server:
        service = f"services: {{ward: {{url: '{server.url}', zone: ZONE}}}}"
        text = (
            "version: 1\nname: x\ndeployments: {a: {model: hg_llamacpp/tiny, zone: local}}\n"
            f"detection: {{detectors: ['presidio-service:ward'], {service}}}\n"
        )
        Path("far.yaml").write_text(text.replace("ZONE", "private"), "utf-8")
        Path("near.yaml").write_text(text.replace("ZONE", "local"), "utf-8")

        far = hg("scan", "--policy", "far.yaml", SECRET)
        received = server.received
        near = hg("scan", "--policy", "near.yaml", SECRET)

        assert "HG314" in far.err
        assert far.code == 2
        assert received == b""
        assert near.code == 0
        assert SECRET.encode() in server.received


def test_a_file_is_not_written_over_itself(hg: Shell, tmp_path: Path) -> None:
    """However its name is written: the texts would be lost."""
    file = tmp_path / "in.jsonl"
    file.write_text('{"id": "1", "text": "hello"}\n', encoding="utf-8")

    result = hg("scan", "--jsonl", str(file), "--out", str(tmp_path / "." / "in.jsonl"))

    assert result.code == 2
    assert "HG900" in result.err
    assert "hello" in file.read_text(encoding="utf-8")
