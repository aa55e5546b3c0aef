"""`anonymize` and `restore`: a round trip through files."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from hybrid_guard.anonymizer import FileVault, Restorer
from hybrid_guard.cli.anonymize import hide
from hybrid_guard.errors import DetectionError
from hybrid_guard.types import Finding, Findings, Segment
from tests.unit.cli.conftest import Shell

TEXTS = (
    "Anna Keller wrote to anna.keller@example.org.",
    "anna.keller@example.org and ANNA KELLER and Anna Keller",
    "No names here.",
    "",
    'Quotes " and \\ and {"a": "b@example.org"} and line\nbreaks\r\nand tabs\t.',
    "Emoji 👩‍👩‍👧 before a@example.org, 電話 after.",
    "[link](https://example.org/?q=c@example.org)",
    "It looks like a placeholder: PERSON7K2M9X4Q8 and EMAILADDRESS2A3B4C5D6.",
    "Control \x1b[2J and direction \u202e marks of d@example.org",
)


def write(name: str, texts: Sequence[str]) -> None:
    """JSON Lines of *texts*."""
    Path(name).write_text("".join(f"{json.dumps({'id': str(i), 'text': text})}\n" for i, text in enumerate(texts)))


def read(name: str) -> list[str]:
    """The texts of JSON Lines."""
    rows = [json.loads(line) for line in Path(name).read_text("utf-8").split("\n")[:-1]]
    assert all(row.keys() == {"id", "text"} for row in rows)
    return [row["text"] for row in rows]


def test_the_round_trip_is_exact(hg: Shell) -> None:
    """What was hidden is gone from OUT, and `restore` gives every text back as it was."""
    write("in.jsonl", TEXTS)
    hidden = hg("anonymize", "--jsonl", "in.jsonl", "--out", "hidden.jsonl", "--vault", "vault")
    restored = hg("restore", "--jsonl", "hidden.jsonl", "--out", "back.jsonl", "--vault", "vault", "--json")

    assert hidden.code == restored.code == 0
    assert "@example.org" not in Path("hidden.jsonl").read_text()
    assert "Keller" not in Path("hidden.jsonl").read_text()
    assert tuple(read("back.jsonl")) == TEXTS
    assert json.loads(restored.out)["lines"] == len(TEXTS)
    assert json.loads(restored.out)["restored"] > 5


def test_a_value_has_one_placeholder_in_all_files(hg: Shell) -> None:
    """The same value looks the same in every line, and in a later file with the same vault."""
    write("one.jsonl", ["a@example.org"] * 2)
    write("two.jsonl", ["see a@example.org"])
    hg("anonymize", "--jsonl", "one.jsonl", "--out", "1", "--vault", "vault")
    hg("anonymize", "--jsonl", "two.jsonl", "--out", "2", "--vault", "vault")
    first, second = read("1")

    assert first == second
    assert read("2") == [f"see {first}"]


def test_the_vault_is_encrypted(hg: Shell) -> None:
    """The originals are not in the file, and its key is for the owner only."""
    write("in.jsonl", TEXTS)
    hg("anonymize", "--jsonl", "in.jsonl", "--out", "out", "--vault", "vault")

    assert b"example.org" not in Path("vault").read_bytes()
    assert Path("vault.key").stat().st_mode & 0o777 == 0o600


def test_it_works_by_pipe(hg: Shell) -> None:
    """More lines than are held back go out in order, and their originals are in the vault."""
    lines = "".join(f"{json.dumps({'id': i, 'text': f'user{i}@example.org'})}\n" for i in range(150))
    hidden = hg("anonymize", "--jsonl", "-", "--vault", "vault", stdin=lines)
    back = hg("restore", "--jsonl", "-", "--vault", "vault", stdin=hidden.out)

    assert "example.org" not in hidden.out
    assert [json.loads(line) for line in back.out.splitlines()] == [json.loads(line) for line in lines.splitlines()]


def test_what_was_printed_before_a_broken_line_can_be_restored(hg: Shell) -> None:
    """No placeholder is given out before its original is on disk."""
    hidden = hg("anonymize", "--jsonl", "-", "--vault", "vault", stdin='{"id": 1, "text": "a@example.org"}\nbroken\n')
    back = hg("restore", "--jsonl", "-", "--vault", "vault", stdin=hidden.out)

    assert hidden.code == 2
    assert json.loads(back.out)["text"] == "a@example.org"


def test_a_broken_line_leaves_no_file(hg: Shell) -> None:
    """Neither OUT nor a part of it is left behind."""
    result = hg(
        "anonymize", "--jsonl", "-", "--out", "out", "--vault", "vault", stdin='{"id": 1, "text": "a@b.org"}\nx\n'
    )

    assert result.code == 2
    assert "standard input:2:" in result.err
    assert not Path("out").exists()


def test_a_policy_says_what_is_looked_for(hg: Shell) -> None:
    """All that the policy's detectors find gets placeholders, whatever operators its rules name."""
    Path("strict.yaml").write_text(
        "version: 1\nname: x\ndeployments: {a: {model: hg_llamacpp/tiny, zone: local}}\n"
        "detection: {detectors: [patterns.v1], deny: [Bluebird]}\n"
        "rules: [{id: r, treat: {local: {default: redact}}}]\n"
    )
    write("in.jsonl", ["Bluebird and Anna Keller"])
    hg("anonymize", "--jsonl", "in.jsonl", "--out", "out", "--vault", "vault", "--policy", "strict.yaml")

    assert read("out")[0].startswith("DENIEDTEXT")
    assert read("out")[0].endswith(" and Anna Keller")


@pytest.mark.parametrize("damage", ["vault", "key", "none"])
def test_a_vault_that_cannot_be_opened_is_told(hg: Shell, damage: str) -> None:
    """A wrong key, a broken file and a missing file each end the command before it writes anything."""
    write("in.jsonl", ["a@example.org"])
    hg("anonymize", "--jsonl", "in.jsonl", "--out", "hidden", "--vault", "vault")
    match damage:
        case "vault":
            Path("vault").write_bytes(Path("vault").read_bytes()[:-1])
        case "key":
            Path("vault.key").unlink()
        case "none":
            Path("vault").unlink()
    result = hg("restore", "--jsonl", "hidden", "--out", "back", "--vault", "vault")

    assert result.code == 2
    assert "vault" in result.err
    assert not Path("back").exists()


class Scripted:
    """Finds the first of its words that stands in a text, so a second one comes to light only when that is gone."""

    name = "scripted.v1"

    def __init__(self, *words: str) -> None:
        self._words = words

    def detect(self, segments: Sequence[Segment], *, language: str) -> Findings:
        """One finding per text at most."""
        return Findings(spans=tuple(self._spans(segment.text) for segment in segments))

    def _spans(self, text: str) -> tuple[Finding, ...]:
        for word in self._words:
            start = text.find(word)
            if start >= 0:
                end = start + len(word)
                return (Finding(start=start, end=end, entity="PERSON", score=1.0, detector=self.name),)
        return ()


def test_what_comes_to_light_later_is_hidden_too(tmp_path: Path) -> None:
    """The last scan decides, not the first."""
    vault = FileVault(tmp_path / "vault", environ=os.environ)
    text = "one ann, two bob."
    hidden = hide(text, Scripted("ann", "bob"), vault, language="en")

    assert "ann" not in hidden
    assert "bob" not in hidden
    assert Restorer(vault.entries(), trusted=True).restore(hidden) == text


def test_a_text_that_never_gets_clean_is_refused(tmp_path: Path) -> None:
    """It is an error, and not given out."""
    vault = FileVault(tmp_path / "vault", environ=os.environ)
    with pytest.raises(DetectionError) as caught:
        hide("ann bob eve joe", Scripted("ann", "bob", "eve", "joe"), vault, language="en")

    assert caught.value.code == "HG303"
    assert "ann" not in str(caught.value)


def test_the_run_is_summed_up(hg: Shell) -> None:
    """For a person on standard error, for a program on standard output."""
    write("in.jsonl", ["a@example.org", "b@example.org"])
    first = hg("anonymize", "--jsonl", "in.jsonl", "--out", "out", "--vault", "vault")
    second = hg("anonymize", "--jsonl", "in.jsonl", "--out", "out", "--vault", "vault", "--json")

    assert (first.out, first.err) == ("", "2 lines; the vault holds 2 originals\n")
    assert json.loads(second.out) == {"lines": 2, "originals": 2}
    assert hg("restore", "--jsonl", "out", "--out", "back", "--vault", "vault").err == (
        "2 lines, 2 placeholders restored\n"
    )
