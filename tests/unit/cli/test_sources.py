"""Where prompts, conversations and policies come from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hybrid_guard.cli.sources import stand_ins
from tests.unit.cli.conftest import Lab, Shell, sent

SECRET = "zebra-quartz-7731"


def test_a_prompt_can_be_an_argument_or_standard_input(hg: Shell, lab: Lab) -> None:
    """The three ways to give a prompt mean the same."""
    hg("ask", "one two")
    hg("ask", "-", stdin="one two\n")
    hg("ask", stdin="one two\n")

    assert sent(lab.far) == [[{"role": "user", "content": "one two"}]] * 3


@pytest.mark.parametrize(
    ("stdin", "code"),
    [("", "HG906"), (" \n", "HG906"), (b"\xff" + SECRET.encode(), "HG902")],
    ids=["empty", "blank", "utf-16"],
)
def test_a_prompt_that_cannot_be_read_is_refused(hg: Shell, lab: Lab, stdin: str | bytes, code: str) -> None:
    """Nothing is sent, and the bytes are not shown."""
    result = hg("ask", stdin=stdin)

    assert result.code == 2
    assert f"[{code}]" in result.err
    assert SECRET not in result.err
    assert lab.near.requests == lab.far.requests == []


@pytest.mark.parametrize("command", [("ask",), ("ask", "--json"), ("explain",), ("explain", "--json")], ids=" ".join)
@pytest.mark.parametrize("name", ["letter.txt", "./letter.txt", "folder/letter.txt", "link"])
def test_a_prompt_that_is_the_name_of_a_file_is_refused(
    hg: Shell, lab: Lab, tmp_path: Path, command: tuple[str, ...], name: str
) -> None:
    """A name says nothing private, so an answer about it would reassure falsely; the remedy is told."""
    (tmp_path / "folder").mkdir()
    for file in (tmp_path / "letter.txt", tmp_path / "folder" / "letter.txt"):
        file.write_text(SECRET)
    (tmp_path / "link").symlink_to("letter.txt")
    result = hg(*command, name)

    assert result.code == 2
    assert "[HG907]" in result.err
    assert "`< FILE`" in result.err
    assert SECRET not in result.out + result.err
    assert lab.near.connections == lab.far.connections == 0


def test_a_file_on_standard_input_and_a_name_of_nothing_are_prompts(hg: Shell, lab: Lab, tmp_path: Path) -> None:
    """What is typed in words of its own, the name of a directory, a name too long for one, and a file that is piped."""
    (tmp_path / "letter.txt").write_text("one two")
    (tmp_path / "folder").mkdir()
    prompts = ["what is in letter.txt", "folder", "x" * 5000, "other.txt"]
    for prompt in prompts:
        hg("ask", prompt)
    hg("ask", stdin=(tmp_path / "letter.txt").read_bytes())
    hg("ask", stdin="letter.txt")

    assert [said[0]["content"] for said in sent(lab.far)] == [*prompts, "one two", "letter.txt"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (f'["{SECRET}"', "HG902"),
        (f'{{"prompt": "{SECRET}"}}', "HG902"),
        (f'"{SECRET}"', "HG902"),
        ("[" * 5000, "HG902"),
        ("1" * 5000, "HG902"),
        (f'[{{"role": "user", "content": "{SECRET}\\u0000"}}]', "HG205"),
        (f'[{{"role": "{SECRET}"}}]', "HG20"),
    ],
    ids=["broken", "no-messages", "no-list", "deep", "number", "nul", "role"],
)
def test_broken_messages_are_told_without_their_content(hg: Shell, lab: Lab, content: str, code: str) -> None:
    """What is wrong with a file of messages is told by its place."""
    Path("messages.json").write_text(content)
    result = hg("explain", "--messages", "messages.json")

    assert result.code == 2
    assert f"[{code}" in result.err
    assert SECRET not in result.out + result.err


def test_messages_that_are_not_there_are_told(hg: Shell, lab: Lab) -> None:
    """A file that is missing is named."""
    result = hg("explain", "--messages", "none.json")

    assert (result.code, result.err) == (
        2,
        "error: [HG901] cannot read `none.json`: no such file or directory; check its path\n",
    )


def test_without_a_policy_the_remedy_is_told(hg: Shell) -> None:
    """There is no built-in policy."""
    for command in ("ask", "chat", "explain"):
        result = hg(command, "hello") if command != "chat" else hg(command, stdin="hello\n")

        assert result.code == 2
        assert "[HG905]" in result.err
        assert "policy_examples" in result.err


def test_a_command_that_calls_nothing_needs_no_key(hg: Shell, lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """`explain` runs with a policy whose variables are not set; `ask` refuses."""
    text = lab.policy.read_text().replace("zone: external,", 'zone: external, api_key: "${LAB_KEY}",')
    lab.policy.write_text(text.replace(lab.near.base_url, "${LAB_BASE}"))

    assert hg("explain", "hello").code == 0
    assert "environment variable `LAB_BASE` is not set" in hg("ask", "hello").err


def test_stand_ins_fit_their_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each variable gets a value with which the policy still has the right form; what is set stays."""
    monkeypatch.setenv("LAB_SET", "as-it-is")
    monkeypatch.setenv("LAB_EMPTY", "")
    text = (
        'a: "${LAB_BASE}"\nb: {api_base: ${LAB_FLOW}/v1}\nc: "http://${LAB_HOST}:80"\nd: "http://127.0.0.1:${LAB_PORT}"\n'
        'e: "http://localhost/${LAB_PATH}"\nf: "${LAB_SET}${LAB_EMPTY}"\n'
    )
    found = stand_ins(text)

    assert {name: found[name] for name in found if name.startswith("LAB_")} == {
        "LAB_BASE": "http://127.0.0.1:9",
        "LAB_FLOW": "http://127.0.0.1:9",
        "LAB_HOST": "localhost",
        "LAB_PORT": "9",
        "LAB_PATH": "9",
        "LAB_SET": "as-it-is",
        "LAB_EMPTY": "9",
    }


def test_an_object_of_arguments_can_be_explained(hg: Shell, lab: Lab) -> None:
    """Tools and other arguments beside the messages are read; what no deployment is sent is counted."""
    body = {"messages": [{"role": "user", "content": "hello"}], "temperature": 0.5, "unheard_of": 1}
    result = hg("explain", "--json", "--messages", "-", stdin=json.dumps(body))
    shown = json.loads(result.out)

    assert result.code == 0
    assert shown["body"]["temperature"] == 0.5
    assert "unheard_of" not in shown["body"]
    assert shown["dropped"] == 1
