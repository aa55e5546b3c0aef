"""Answers on their way back: whole or in chunks, every text has its own state, and nothing of one gets into another."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hybrid_guard.anonymizer import MemoryVault
from hybrid_guard.core.answers import ChunkWeaver, restore_reply
from hybrid_guard.types import RestorationSettings, VaultEntry, VaultItem
from tests.unit.core.ports import Clock

ANNA, BERT = "anna@mail.example", "bert@mail.example"


@pytest.fixture(name="entries", scope="module")
def make_entries() -> tuple[VaultEntry, ...]:
    """What a vault holds of two people."""
    items = [VaultItem(entity="EMAIL_ADDRESS", original=one) for one in (ANNA, BERT)]
    return MemoryVault(ttl=60.0, clock=Clock()).put("key", items)


def chunk(index: int = 0, reason: str | None = None, **delta: Any) -> dict[str, Any]:
    """A chunk of one choice."""
    return {"id": "1", "choices": [{"index": index, "delta": delta, "finish_reason": reason}]}


def calls(*pieces: tuple[int, str]) -> list[dict[str, Any]]:
    """Pieces of tool arguments, by the position of their call."""
    return [{"index": position, "function": {"arguments": text}} for position, text in pieces]


def test_every_text_of_a_whole_answer_is_restored(entries: tuple[VaultEntry, ...]) -> None:
    """Content, reasoning, refusal, tool names and arguments of every choice; the answer given is left as it is."""
    anna, bert = (entry.placeholder for entry in entries)
    function = {"name": f"write_{anna}", "arguments": json.dumps({"to": bert})}
    body = {
        "id": "1",
        "choices": [
            {"index": 0, "message": {"content": anna, "reasoning_content": bert, "refusal": anna, "role": "assistant"}},
            {"index": 1, "message": {"content": None, "tool_calls": [{"id": "c", "function": function}, {"id": "d"}]}},
            {"index": 2, "message": {"function_call": {"name": None, "arguments": None}}},
            {"index": 3, "message": None},
        ],
    }
    before = json.dumps(body)

    restored, tallies = restore_reply(body, entries, RestorationSettings())

    assert json.dumps(body) == before
    assert restored["choices"][0]["message"] == {
        "content": ANNA,
        "reasoning_content": BERT,
        "refusal": ANNA,
        "role": "assistant",
    }
    one, other = restored["choices"][1]["message"]["tool_calls"]
    assert one["function"]["name"] == f"write_{ANNA}"
    assert json.loads(one["function"]["arguments"]) == {"to": BERT}
    assert other == {"id": "d", "function": {}}
    assert restored["choices"][2]["message"]["function_call"] == {"name": None, "arguments": None}
    assert restored["choices"][3]["message"] == {}
    assert sum(one.restored for one in tallies) == 5


@pytest.mark.parametrize("body", [{}, {"choices": None}, {"choices": []}])
def test_an_answer_without_choices_has_none(body: dict[str, Any], entries: tuple[VaultEntry, ...]) -> None:
    """Nothing to restore is nothing to fail."""
    assert restore_reply(body, entries, RestorationSettings()) == ({**body, "choices": []}, [])


def test_pieces_of_one_text_belong_together(entries: tuple[VaultEntry, ...]) -> None:
    """A placeholder that comes in two chunks goes out in one, when it is certain."""
    placeholder = entries[0].placeholder
    weaver = ChunkWeaver(entries, RestorationSettings())

    first = weaver.weave(chunk(content=f"To {placeholder[:4]}"))
    second = weaver.weave(chunk(content=f"{placeholder[4:]}!"))
    last = weaver.weave(chunk(reason="stop"))

    texts = [one["choices"][0]["delta"].get("content", "") for one in (first, second, last)]
    assert "".join(texts) == f"To {ANNA}!"
    assert texts[0] == "To "
    assert sum(one.restored for one in weaver.tallies) == 1
    assert list(weaver.leftovers()) == []


def test_interleaved_texts_do_not_mix(entries: tuple[VaultEntry, ...]) -> None:
    """Choices, fields and parallel tool calls each have their own state, in any order of their pieces."""
    anna, bert = (entry.placeholder for entry in entries)
    arguments = [json.dumps({"to": one}) for one in (anna, bert)]
    weaver = ChunkWeaver(entries, RestorationSettings())
    out: dict[tuple[int, str, int], str] = {}

    def note(body: dict[str, Any]) -> None:
        for choice in weaver.weave(body)["choices"]:
            for name in ("content", "reasoning_content"):
                out[choice["index"], name, 0] = out.get((choice["index"], name, 0), "") + (
                    choice["delta"].get(name) or ""
                )
            for call in choice["delta"].get("tool_calls") or ():
                place = (choice["index"], "arguments", call["index"])
                out[place] = out.get(place, "") + (call["function"].get("arguments") or "")

    note(chunk(tool_calls=[{"index": 1, "function": {"name": "f", "arguments": ""}}]))
    for at in range(max(map(len, (anna, bert, *arguments)))):
        note(chunk(content=anna[at : at + 1], reasoning_content=bert[at : at + 1]))
        note(chunk(1, content=bert[at : at + 1]))
        note(chunk(tool_calls=calls((1, arguments[1][at : at + 1]), (0, arguments[0][at : at + 1]))))
    note(chunk(reason="tool_calls"))
    note(chunk(1, reason="stop"))

    assert out[0, "content", 0] == ANNA
    assert out[0, "reasoning_content", 0] == BERT
    assert out[1, "content", 0] == BERT
    assert json.loads(out[0, "arguments", 0]) == {"to": ANNA}
    assert json.loads(out[0, "arguments", 1]) == {"to": BERT}
    assert sum(one.restored for one in weaver.tallies) == 5


def test_what_is_held_back_comes_with_the_end_of_its_choice(entries: tuple[VaultEntry, ...]) -> None:
    """Each text gets its rest in the chunk that finishes the choice, whether that has one of its own or not."""
    held = entries[0].placeholder[:2]
    weaver = ChunkWeaver(entries, RestorationSettings())

    weaver.weave(chunk(content=held, refusal=held))
    weaver.weave(chunk(tool_calls=calls((0, held), (1, held))))
    weaver.weave(chunk(function_call={"arguments": held}))
    last = weaver.weave(chunk(reason="stop", content=".", tool_calls=calls((2, "!"), (1, f"! {held}"))))

    delta = last["choices"][0]["delta"]
    assert delta["content"] == f"{held}."
    assert delta["refusal"] == held
    assert {call["index"]: call["function"]["arguments"] for call in delta["tool_calls"]} == {
        0: held,
        1: f"{held}! {held}",
        2: "!",
    }
    assert delta["function_call"]["arguments"] == held


def test_what_is_held_back_comes_even_if_the_choice_does_not_end(entries: tuple[VaultEntry, ...]) -> None:
    """A delta for each choice that still owes something."""
    held = entries[0].placeholder[:2]
    weaver = ChunkWeaver(entries, RestorationSettings())
    weaver.weave(chunk(0, content="whole."))
    weaver.weave(chunk(1, content=held))
    weaver.weave(chunk(2, content=held))
    weaver.weave(chunk(2, reason="stop"))

    assert list(weaver.leftovers()) == [(1, {"content": held})]


@pytest.mark.parametrize(
    ("opened", "given"),
    [
        ("See https://evil.example/?q=", {"content": "§"}),
        ("![x](https://evil.example/", {"content": "§)"}),
        ("Done.", {"content": "§", "reasoning_content": "§", "refusal": "§"}),
        ("Done.", {"tool_calls": calls((0, '{"to": "§"}'))}),
        ("Done.", {"function_call": {"name": "f_§", "arguments": '"§"'}}),
    ],
    ids=["link", "image", "prose", "tool", "function"],
)
def test_a_text_that_goes_on_after_its_end_is_dropped(
    entries: tuple[VaultEntry, ...], opened: str, given: dict[str, Any]
) -> None:
    """What is behind a finish reason would be restored without its beginning, so inside of a link; it is not given."""
    placeholder = entries[0].placeholder
    weaver = ChunkWeaver(entries, RestorationSettings())
    weaver.weave(chunk(content=opened, reason="stop"))
    late = json.loads(json.dumps(given).replace("§", placeholder))

    behind = [weaver.weave(chunk(**late)), weaver.weave(chunk(reason="stop", **late))]
    other = weaver.weave(chunk(1, content=f"{placeholder}. "))

    assert [one["choices"][0]["delta"] for one in behind] == [{}, {}]
    assert list(weaver.leftovers()) == []
    assert sum(one.restored for one in weaver.tallies) == 1
    assert other["choices"][0]["delta"] == {"content": f"{ANNA}. "}
    assert weaver.reply()["choices"][0]["message"]["content"] == opened


def test_chunks_without_texts_pass(entries: tuple[VaultEntry, ...]) -> None:
    """Roles, usage, empty deltas and calls without arguments are handed on."""
    weaver = ChunkWeaver(entries, RestorationSettings())
    empty = {"choices": [{"delta": None, "finish_reason": None}]}

    assert weaver.weave({"choices": None, "usage": {"a": 1}}) == {"choices": [], "usage": {"a": 1}}
    assert weaver.weave(chunk(role="assistant", content=None))["choices"][0]["delta"]["role"] == "assistant"
    assert weaver.weave(empty)["choices"][0]["delta"] == {}
    named = weaver.weave(chunk(tool_calls=[{"index": 0, "id": "c"}]))
    assert named["choices"][0]["delta"]["tool_calls"] == [{"index": 0, "id": "c", "function": {}}]
    assert weaver.reply() == {"choices": []}


def test_the_whole_answer_is_kept_to_be_judged(entries: tuple[VaultEntry, ...]) -> None:
    """As the deployment wrote it, with its reasons and its log-probabilities."""
    placeholder = entries[0].placeholder
    weaver = ChunkWeaver(entries, RestorationSettings())
    first = chunk(content="To ")
    first["choices"][0]["logprobs"] = {"content": [{"token": "To", "logprob": -0.1}]}
    weaver.weave(first)
    weaver.weave(chunk(content=placeholder))
    weaver.weave(chunk(tool_calls=calls((0, "{}"), (1, "[]"))))
    weaver.weave(chunk(reason="length"))
    weaver.weave(chunk(1, reason="stop"))

    one, other = weaver.reply()["choices"]

    assert one["finish_reason"] == "length"
    assert one["message"]["content"] == f"To {placeholder}"
    assert [call["function"]["arguments"] for call in one["message"]["tool_calls"]] == ["{}", "[]"]
    assert one["logprobs"]["content"] == [{"token": "To", "logprob": -0.1}]
    assert other["finish_reason"] == "stop"
    assert other["message"]["content"] == ""


ONLY = RestorationSettings(tools={"mail": frozenset({"EMAIL_ADDRESS"}), "file": frozenset({"all"})})


def calling(name: str, *, streamed: bool, entries: tuple[VaultEntry, ...], settings: RestorationSettings) -> str:
    """The arguments that tool *name* is called with, restored; they hold every placeholder."""
    arguments = json.dumps([entry.placeholder for entry in entries])
    if not streamed:
        body = {"choices": [{"message": {"tool_calls": [{"function": {"name": name, "arguments": arguments}}]}}]}
        restored, _ = restore_reply(body, entries, settings)
        return str(restored["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"])
    weaver = ChunkWeaver(entries, settings)
    given = [{"name": name, "arguments": ""}, *({"arguments": letter} for letter in arguments)]
    chunks = [weaver.weave(chunk(tool_calls=[{"index": 0, "function": one}])) for one in given]
    chunks.append(weaver.weave(chunk(reason="tool_calls")))
    calls = [call for one in chunks for call in one["choices"][0]["delta"].get("tool_calls") or ()]
    return "".join(call["function"].get("arguments") or "" for call in calls)


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize(
    ("name", "kinds"), [("mail", {"EMAIL_ADDRESS"}), ("file", {"EMAIL_ADDRESS", "PERSON"}), ("web", set())]
)
def test_a_tool_gets_what_it_is_trusted_with(name: str, kinds: set[str], streamed: bool) -> None:
    """Other placeholders stay as they are; a tool that the policy does not name gets nothing."""
    items = [VaultItem(entity="PERSON", original=ANNA), VaultItem(entity="EMAIL_ADDRESS", original=BERT)]
    entries = MemoryVault(ttl=60.0, clock=Clock()).put("key", items)

    given = json.loads(calling(name, streamed=streamed, entries=entries, settings=ONLY))

    assert given == [one.item.original if one.item.entity in kinds else one.placeholder for one in entries]


def test_the_name_of_a_tool_is_restored_only_to_one_that_the_policy_names() -> None:
    """Whoever chooses the names of tools would read originals in them."""
    vault = MemoryVault(ttl=60.0, clock=Clock())
    mail, tool = vault.put(
        "key", [VaultItem(entity="EMAIL_ADDRESS", original=BERT), VaultItem(entity="PERSON", original="file")]
    )
    entries = (mail, tool)
    for settings, name, shown in (
        (ONLY, f"evil_{mail.placeholder}", f"evil_{mail.placeholder}"),
        (ONLY, tool.placeholder, "file"),
        (RestorationSettings(), f"evil_{mail.placeholder}", f"evil_{BERT}"),
    ):
        call = {"index": 0, "function": {"name": name, "arguments": "{}"}}
        body, _ = restore_reply({"choices": [{"message": {"tool_calls": [call]}}]}, entries, settings)
        woven = ChunkWeaver(entries, settings).weave(chunk(tool_calls=[call]))
        assert body["choices"][0]["message"]["tool_calls"][0]["function"]["name"] == shown
        assert woven["choices"][0]["delta"]["tool_calls"][0]["function"]["name"] == shown


@pytest.mark.parametrize(
    "second",
    [
        {"index": 0, "id": "2", "function": {"name": "web"}},
        {"index": 0, "id": "2", "function": {}},
        {"id": "2", "function": {"name": "web"}},
        {"index": -1, "function": {"name": "web"}},
        {"index": 0, "function": {"name": "web"}},
    ],
)
def test_two_calls_in_one_place_do_not_share_trust(second: dict[str, Any], entries: tuple[VaultEntry, ...]) -> None:
    """Whichever way they are told apart, the second one gets no originals by the name of the first."""
    weaver = ChunkWeaver(entries, ONLY)
    arguments = json.dumps([entry.placeholder for entry in entries])
    weaver.weave(chunk(tool_calls=[{"index": 0, "id": "1", "function": {"name": "file", "arguments": "["}}]))

    later = [weaver.weave(chunk(tool_calls=[second | {"function": second["function"] | {"arguments": arguments}}]))]
    later += [weaver.weave(chunk(tool_calls=[{"index": 0, "function": {"arguments": arguments}}]))]
    later += [weaver.weave(chunk(reason="tool_calls"))]

    assert not any(entry.item.original in json.dumps(later) for entry in entries)


@pytest.mark.parametrize("names", [("web", "file"), ("file", "web")])
def test_a_call_of_the_older_kind_has_a_place_of_its_own(
    names: tuple[str, str], entries: tuple[VaultEntry, ...]
) -> None:
    """Also for a server that counts calls from minus one."""
    weaver = ChunkWeaver(entries, ONLY)
    arguments = json.dumps([entry.placeholder for entry in entries])
    old, new = names
    first = weaver.weave(chunk(function_call={"name": old, "arguments": arguments}))
    second = weaver.weave(chunk(tool_calls=[{"index": -1, "function": {"name": new, "arguments": arguments}}]))
    whole = {"function_call": "", "tool_calls": ""}
    for one in (first, second, weaver.weave(chunk(reason="stop"))):
        delta = one["choices"][0]["delta"]
        whole["function_call"] += (delta.get("function_call") or {}).get("arguments") or ""
        for call in delta.get("tool_calls") or ():
            whole["tool_calls"] += call["function"].get("arguments") or ""

    shown = {name: entries[0].item.original in text for name, text in whole.items()}
    assert shown == {"function_call": old == "file", "tool_calls": new == "file"}


def test_a_tool_cannot_change_its_name_for_more(entries: tuple[VaultEntry, ...]) -> None:
    """A piece of a name that comes later is dropped, and arguments without a name get nothing."""
    weaver = ChunkWeaver(entries, ONLY)

    first = weaver.weave(chunk(tool_calls=[{"index": 0, "function": {"name": "file"}}]))
    later = weaver.weave(chunk(tool_calls=[{"index": 0, "function": {"name": "_elsewhere", "arguments": "{"}}]))
    nameless = calling("", streamed=True, entries=entries, settings=ONLY)

    assert first["choices"][0]["delta"]["tool_calls"][0]["function"] == {"name": "file"}
    assert later["choices"][0]["delta"]["tool_calls"][0]["function"] == {"arguments": "{"}
    assert json.loads(nameless) == [entry.placeholder for entry in entries]
