"""From litellm's arguments to a request: what a caller may ask for, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from hybrid_guard.errors import RequestError
from hybrid_guard.guard.arguments import LONGEST, OPTIONS, request_from
from hybrid_guard.text import MAX_DEPTH
from hybrid_guard.types import Deployment, Overrides, Policy, Request, Zone

POLICY = Policy(
    name="p",
    digest="0" * 16,
    deployments=(
        Deployment(alias="here", model="hosted_vllm/x", zone=Zone.LOCAL, tier="edge"),
        Deployment(alias="cloud", model="openai/x", zone=Zone.EXTERNAL, tier="cloud"),
    ),
)
MESSAGES = [{"role": "user", "content": "x"}]


def read(**arguments: Any) -> Request:
    """The request that *arguments* make."""
    return request_from({"messages": MESSAGES, **arguments}, POLICY)


def options(**given: Any) -> Request:
    """The request with options."""
    return read(hybrid_guard=given)


def refused(**arguments: Any) -> RequestError:
    """The error that *arguments* are refused with."""
    with pytest.raises(RequestError) as caught:
        read(**arguments)
    return caught.value


def test_a_plain_call_asks_for_nothing() -> None:
    """The body is what is left when the arguments that are not the model's are taken out."""
    request = read(temperature=0.5, model=None, stream=None, timeout=None, hybrid_guard=None)

    assert request == Request(body={"messages": MESSAGES, "temperature": 0.5})
    assert request.overrides == Overrides()


def test_every_option_arrives() -> None:
    """Session and principal name the conversation; mode, zones, tags and model narrow."""
    request = read(
        model="cloud",
        stream=True,
        timeout=5,
        hybrid_guard={
            "session": "s",
            "principal": "p",
            "mode": "only_local",
            "zones": ["local", Zone.PRIVATE],
            "tags": ("a", "b"),
        },
    )

    assert (request.session, request.principal, request.stream, request.timeout) == ("s", "p", True, 5)
    assert request.overrides == Overrides(
        mode="only_local",
        zones=frozenset({Zone.LOCAL, Zone.PRIVATE}),
        tags=frozenset({"a", "b"}),
        alias="cloud",
    )
    assert request.body == {"messages": MESSAGES}
    assert OPTIONS == ("mode", "principal", "session", "tags", "zones")


def test_no_restriction_and_a_restriction_to_nothing_differ() -> None:
    """An empty list of zones permits none."""
    assert options(zones=None).overrides.zones is None
    assert options(zones=[]).overrides.zones == frozenset()
    assert options(tags=None).overrides.tags == frozenset()
    assert read(model="auto").overrides.alias is None


@pytest.mark.parametrize(
    ("arguments", "path", "code"),
    [
        ({"model": "gpt"}, "/model", "HG210"),
        ({"model": 7}, "/model", "HG210"),
        ({"stream": "yes"}, "/stream", "HG202"),
        ({"stream": 1}, "/stream", "HG202"),
        ({"timeout": True}, "/timeout", "HG202"),
        ({"timeout": "5"}, "/timeout", "HG202"),
        ({"timeout": 0}, "/timeout", "HG202"),
        ({"timeout": -1.5}, "/timeout", "HG202"),
        ({"timeout": float("nan")}, "/timeout", "HG202"),
        ({"timeout": float("inf")}, "/timeout", "HG202"),
        ({"timeout": LONGEST + 1}, "/timeout", "HG202"),
        ({"session": "s"}, "/session", "HG211"),
        ({"hybrid_guard": ["session"]}, "/hybrid_guard", "HG211"),
        ({"hybrid_guard": {"sesion": "s"}}, "/hybrid_guard", "HG211"),
        ({"hybrid_guard": {7: "s"}}, "/hybrid_guard", "HG211"),
        ({"hybrid_guard": {"session": ""}}, "/hybrid_guard/session", "HG211"),
        ({"hybrid_guard": {"session": 7}}, "/hybrid_guard/session", "HG211"),
        ({"hybrid_guard": {"principal": ["p"]}}, "/hybrid_guard/principal", "HG211"),
        ({"hybrid_guard": {"mode": "local"}}, "/hybrid_guard/mode", "HG211"),
        ({"hybrid_guard": {"mode": []}}, "/hybrid_guard/mode", "HG211"),
        ({"hybrid_guard": {"zones": ["moon"]}}, "/hybrid_guard/zones", "HG211"),
        ({"hybrid_guard": {"zones": "local"}}, "/hybrid_guard/zones", "HG211"),
        ({"hybrid_guard": {"zones": [7]}}, "/hybrid_guard/zones", "HG211"),
        ({"hybrid_guard": {"tags": "a"}}, "/hybrid_guard/tags", "HG211"),
        ({"hybrid_guard": {"tags": [7]}}, "/hybrid_guard/tags", "HG211"),
    ],
)
def test_what_cannot_be_an_option_is_refused(arguments: dict[str, Any], path: str, code: str) -> None:
    """The error names the place and what would be right, and quotes nothing."""
    error = refused(**arguments)

    assert (error.path, error.code) == (path, code)
    assert "gpt" not in str(error)
    assert "moon" not in str(error)
    assert error.__cause__ is None


@pytest.mark.parametrize("value", ["only_local", ["local"], None, "", False])
@pytest.mark.parametrize("name", OPTIONS)
def test_an_option_beside_the_options_is_refused(name: str, value: Any) -> None:
    """A caller who writes `mode="only_local"` like an argument of litellm is told, and not sent to a cloud."""
    error = refused(**{name: value})

    assert (error.path, error.code) == (f"/{name}", "HG211")
    assert f"hybrid_guard={{'{name}': ...}}" in str(error)


@pytest.mark.parametrize("name", ["Mode", "modes", "tag", "zone", "session_id", "principal_id", "consent", "policy"])
def test_an_option_that_there_is_not_is_refused(name: str) -> None:
    """Those that there are are told; the wrong one is not repeated, for it may be anything."""
    error = refused(hybrid_guard={"mode": "auto", name: "only_local"})

    assert (error.path, error.code) == ("/hybrid_guard", "HG211")
    assert ", ".join(OPTIONS) in str(error)
    assert "only_local" not in str(error)


def test_an_unknown_model_is_answered_with_the_known_ones() -> None:
    """So that a caller knows what to write."""
    assert "`here`, `cloud`" in str(refused(model="gpt"))


class Answer(BaseModel):
    """A shape that an answer should have."""

    name: str


class Moody:
    """An object that cannot be read."""

    def model_dump(self, **_: Any) -> Any:
        raise ValueError("very private")


def test_objects_of_litellm_and_pydantic_become_plain_values() -> None:
    """Wherever they stand: a model of an answer is a format, an answer's message is a message."""
    request = read(response_format=Answer, messages=(*MESSAGES, Answer(name="x"), {"parts": [Answer(name="y")]}))

    assert request.body["response_format"]["type"] == "json_schema"
    assert request.body["response_format"]["json_schema"]["name"] == "Answer"
    assert request.body["response_format"]["json_schema"]["schema"]["properties"]["name"]["type"] == "string"
    assert request.body["messages"] == [*MESSAGES, {"name": "x"}, {"parts": [{"name": "y"}]}]
    assert request.body["messages"] is not MESSAGES


def test_an_object_that_cannot_be_read_is_refused() -> None:
    """Its own words stay inside."""
    error = refused(tools=[{"function": Moody()}])

    assert error.code == "HG202"
    assert "private" not in str(error)
    assert error.__cause__ is None


def test_what_is_nested_too_deep_is_refused() -> None:
    """A list that holds itself, too."""
    endless: list[Any] = []
    endless.append(endless)
    deep: Any = "x"
    for _ in range(4 * MAX_DEPTH):
        deep = {"a": deep}

    assert refused(tools=endless).code == "HG203"
    assert read(metadata=deep).body["metadata"] == deep
    assert refused(metadata=[deep]).code == "HG203"
