"""T1 and T2: no byte of a protected value leaves, whatever the request looks like; all that leaves was visited."""

from __future__ import annotations

import contextlib
import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hybrid_guard import HybridGuardError, RequestError
from hybrid_guard.testing import Canary, Sinks, TaintOracle, blank_measures, make_canary
from hybrid_guard.text import visit
from tests.promises.places import LOCAL_ONLY, PLACES, REFUSED, blank
from tests.promises.rig import MASK, STRICT, WAYS, Rig, Way, call, rig

RNG = random.Random(20261121)
CANARIES = tuple(make_canary(kind, RNG) for kind in ("email", "card", "ssn", "iban", "api_key"))
NAME = make_canary("name", RNG)
KNOWN = (*CANARIES, NAME)
ORACLE = TaintOracle(KNOWN)
NIGHTLY = bool(os.environ.get("HG_NIGHTLY"))


@pytest.fixture(name="strict", scope="module")
def open_strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """A guard that keeps whatever is found."""
    with rig(tmp_path_factory.mktemp("strict"), rules=STRICT, deny=(NAME.value,)) as opened:
        yield opened
        assert opened.calls_outside == 0
        assert_clean(opened)


@pytest.fixture(name="mask", scope="module")
def open_mask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """A guard that replaces whatever is found."""
    with rig(tmp_path_factory.mktemp("mask"), rules=MASK, deny=(NAME.value,)) as opened:
        yield opened
        assert_clean(opened)


def assert_clean(setup: Rig) -> None:
    """Nothing private is among all the bytes that ever left, headers and aborted requests included, or in the trail."""
    ORACLE.assert_clean("clouds", setup.outside, strict=True)
    trail = setup.audit.read_bytes()
    ORACLE.assert_clean("audit", blank_measures(trail), strict=True)
    # In what was measured any ten digits occur by chance, and no whole number.
    assert not [one.label for one in CANARIES if one.value.removeprefix("DE").encode() in trail]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("place", PLACES)
def test_a_value_in_one_place_is_replaced(mask: Rig, place: str, way: Way) -> None:
    """A request with a private value in one place leaves without it."""
    for canary in KNOWN if way == "sync" else KNOWN[:1]:
        body = blank()
        PLACES[place](body, canary.value)
        before = mask.calls_outside

        call(mask.guard, way, **body)

        assert mask.calls_outside == before + 1
        ORACLE.assert_clean("cloud", mask.cloud_a.requests[-1].body, strict=True)


@pytest.mark.parametrize("place", PLACES)
def test_a_value_in_one_place_stays(strict: Rig, place: str) -> None:
    """A policy that keeps private values local keeps the whole request, wherever the value is."""
    for canary in KNOWN:
        body = blank()
        PLACES[place](body, canary.value)

        call(strict.guard, "sync", **body)

    assert strict.calls_outside == 0


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("rules", [MASK, STRICT], ids=["mask", "strict"])
def test_values_in_all_places_at_once_do_not_leave(tmp_path: Path, rules: str, way: Way) -> None:
    """Fifty tainted places of one request leak nothing, into any sink."""
    with (
        rig(tmp_path, rules=rules, deny=(NAME.value,)) as setup,
        Sinks(servers=[setup.cloud_a, setup.cloud_b], folders=[tmp_path]) as sinks,
    ):
        body = blank()
        for i, place in enumerate(PLACES.values()):
            place(body, KNOWN[i % len(KNOWN)].value)

        call(setup.guard, way, **body)

        assert setup.calls_outside == (1 if rules is MASK else 0)
        sinks.assert_clean(ORACLE, strict=True)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("place", REFUSED)
def test_a_value_where_none_may_be_is_refused(mask: Rig, place: str, way: Way) -> None:
    """A free text in the place of a keyword or a number is refused, and the error does not quote it."""
    for canary in KNOWN:
        body = blank()
        REFUSED[place](body, canary.value)
        before = mask.calls_outside, len(mask.local.requests)

        with pytest.raises(RequestError) as caught:
            call(mask.guard, way, **body)

        ORACLE.assert_clean("error", f"{caught.value!r} {caught.value} {caught.value.path}", strict=True)
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None
        assert (mask.calls_outside, len(mask.local.requests)) == before


class Liar(str):
    """A string that claims to be a keyword and holds something else."""

    __slots__ = ("claim",)
    claim: str

    def __eq__(self, other: object) -> bool:
        return other == self.claim

    def __hash__(self) -> int:
        return hash(self.claim)


@pytest.mark.parametrize(
    ("place", "claim"),
    [("role", "user"), ("tool type", "function"), ("tool_choice", "auto"), ("schema type", "string"),
     ("response_format type", "text"), ("reasoning_effort", "low"), ("part type", "text")],
)  # fmt: skip
def test_a_string_that_lies_is_read_for_what_it_holds(mask: Rig, place: str, claim: str) -> None:
    """An object that compares equal to a keyword does not carry a value past the walk."""
    liar = Liar(NAME.value)
    liar.claim = claim
    body = blank()
    REFUSED[place](body, liar)
    before = mask.calls_outside

    with pytest.raises(RequestError):
        call(mask.guard, "sync", **body)

    assert mask.calls_outside == before


class Harmless(str):
    """A string that says of itself that it holds nothing."""

    __slots__ = ()

    def __str__(self) -> str:
        return "harmless"

    def __len__(self) -> int:
        return 1

    def __iter__(self) -> Iterator[str]:
        return iter("x")

    def __contains__(self, other: object) -> bool:
        return False

    def __getitem__(self, place: object) -> str:
        return "x"

    def __hash__(self) -> int:
        return hash("harmless")

    def __eq__(self, other: object) -> bool:
        return other == "harmless"

    def isascii(self) -> bool:
        return True

    def lower(self) -> str:
        return "harmless"

    def translate(self, table: object) -> str:
        return "harmless"

    def encode(self, *_: object) -> bytes:
        return b"harmless"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "place", ["user content", "content part", "tool description", "tool call name", "property name"]
)
def test_a_string_whose_methods_lie_is_read_for_what_it_holds(mask: Rig, place: str, way: Way) -> None:
    """A subclass of str that detectors would find nothing in is replaced all the same: its bytes count."""
    body = blank()
    # Its methods never see the value; JSON does.
    PLACES[place](body, Harmless(NAME.value))
    before = mask.calls_outside

    call(mask.guard, way, **body)

    assert mask.calls_outside == before + 1
    ORACLE.assert_clean("cloud", mask.cloud_a.requests[-1].body, strict=True)


@pytest.mark.parametrize("first", ["harmless", NAME.value], ids=["harmless first", "harmless later"])
def test_an_object_that_changes_is_read_once(mask: Rig, first: str) -> None:
    """A mapping that gives another value at every look is judged by what is sent."""

    later = NAME.value if first == "harmless" else "harmless"

    class Fickle(dict[str, Any]):
        looks = 0

        def look(self) -> dict[str, str]:
            self.looks += 1
            return {"role": "user", "content": first if self.looks == 1 else later}

        def items(self) -> Any:
            return self.look().items()

        def get(self, key: str, default: Any = None) -> Any:
            return self.look().get(key, default)

        def __getitem__(self, key: str) -> Any:
            return self.look()[key]

    message = Fickle(role="user", content=NAME.value)
    before = mask.calls_outside

    call(mask.guard, "sync", messages=[message])

    assert message.looks == 1
    assert mask.calls_outside == before + 1
    ORACLE.assert_clean("cloud", mask.cloud_a.requests[-1].body, strict=True)


@pytest.mark.parametrize("place", LOCAL_ONLY)
def test_a_part_that_cannot_be_read_stays(mask: Rig, place: str) -> None:
    """Images and files never leave the local zone, and a local model that cannot see them is not asked."""
    body = blank()
    LOCAL_ONLY[place](body, NAME.value)

    before = mask.calls_outside

    with pytest.raises(HybridGuardError):
        call(mask.guard, "sync", **body)

    assert mask.calls_outside == before


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["x", "hello there", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "type"]), inner, max_size=3),
    max_leaves=6,
)


def planted(value: Any, data: st.DataObject, canary: Canary) -> Any:
    """*value* with the canary somewhere in it: as a text, inside one, as a key, or in JSON in a text."""
    if isinstance(value, dict) and value:
        key = data.draw(st.sampled_from(sorted(value)))
        if data.draw(st.integers(0, 4)) == 0:
            return {**value, canary.value: value[key]}
        return {**value, key: planted(value[key], data, canary)}
    if isinstance(value, list) and value:
        index = data.draw(st.integers(0, len(value) - 1))
        return [*value[:index], planted(value[index], data, canary), *value[index + 1 :]]
    return data.draw(
        st.sampled_from(
            [
                canary.value,
                f"see {canary.value}.",
                [canary.value],
                {canary.value: 1},
                {"type": "text", "text": canary.value},
                json.dumps({"a": canary.value}),
            ]
        )
    )


@pytest.mark.parametrize("which", ["mask", "strict"])
@settings(
    max_examples=100_000 if NIGHTLY else 1000,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
def test_no_request_shape_leaks(request: pytest.FixtureRequest, which: str, data: st.DataObject) -> None:
    """Whatever JSON a caller hands over, valid or not, with a value anywhere in it, nothing of the value leaves."""
    setup: Rig = request.getfixturevalue(which)
    canary = data.draw(st.sampled_from(KNOWN))
    body = blank()
    for _ in range(data.draw(st.integers(0, 2))):
        body[data.draw(st.sampled_from([*body, "user", "metadata", "unknown", "functions", "function_call"]))] = (
            data.draw(json_values)
        )
    body = planted(body, data, canary)
    if data.draw(st.booleans()):
        body = planted(body, data, canary)
    way = data.draw(st.sampled_from(WAYS))
    sent = len(setup.cloud_a.requests), len(setup.cloud_b.requests)

    with contextlib.suppress(HybridGuardError):
        call(setup.guard, way, **body)

    fresh = (*setup.cloud_a.requests[sent[0] :], *setup.cloud_b.requests[sent[1] :])
    for one in fresh:
        ORACLE.assert_clean("cloud", one.body + repr((one.target, one.headers)).encode(), strict=True)
    if which == "strict":
        assert not fresh


@pytest.mark.parametrize("way", WAYS)
def test_every_string_that_leaves_was_visited(mask: Rig, way: Way) -> None:
    """The body on the wire is the rebuilt one and nothing else: each of its strings is a visited one or a literal."""
    body = blank()
    visited = {segment.text for segment in visit(body).segments}
    preview = mask.guard.explain(**body)
    assert preview.body is not None

    call(mask.guard, way, **body)

    wire = mask.cloud_a.requests[-1].json()
    added: dict[str, Any] = {"model": "cloud-a"}
    if "stream" in way:
        added |= {"stream": True, "stream_options": {"include_usage": True}}
    assert wire == {**json.loads(json.dumps(preview.body.content)), **added}
    literals = {"system", "user", "assistant", "tool", "function", "text", "object", "string", "auto", "content"}
    literals |= {"json_schema", '{"what": "it"}'}
    keys, strings = strings_of(preview.body.content)
    assert strings <= visited | literals
    assert not keys & {"metadata", "user", "extra_body"}


def strings_of(value: Any) -> tuple[set[str], set[str]]:
    """All keys and all string values of a JSON value."""
    keys: set[str] = set()
    strings: set[str] = set()
    if isinstance(value, str):
        strings.add(value)
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        below_keys, below_strings = strings_of(one)
        keys |= below_keys
        strings |= below_strings
    if isinstance(value, dict):
        keys |= set(value)
    return keys, strings
