"""`vault purge`: what it deletes, what it says, and when it refuses."""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

import pytest

from hybrid_guard.anonymizer.keys import KEY_VARIABLE
from hybrid_guard.anonymizer.stores import SealedVault, open_store
from hybrid_guard.guard import SystemClock
from hybrid_guard.policies import load_policy
from hybrid_guard.types import VaultItem
from tests.redis_server import RedisServer
from tests.unit.cli.conftest import Shell

POLICY = """\
version: 1
name: lab
deployments: {near: {model: hg_llamacpp/tiny, zone: local}}
vault: %s
"""
TALKS = (("ann", "one"), ("ann", "two"), ("bob", "one"), (None, "one"))


@pytest.fixture(name="store", params=["sqlite", "redis"])
def shared(
    request: pytest.FixtureRequest, hg: Shell, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> SealedVault:
    """A shared store with four conversations, and a policy that names it in the directory that commands run in."""
    section = {"sqlite": "{store: sqlite, path: v.db}", "redis": f"{{store: redis, url: '{redis_server.url}'}}"}
    Path("policy.yaml").write_text(POLICY % section[request.param])
    monkeypatch.setenv(KEY_VARIABLE, base64.b64encode(secrets.token_bytes(32)).decode())
    return fill(request)


def fill(request: pytest.FixtureRequest) -> SealedVault:
    """The store of the policy, with the four conversations."""

    store = open_store(load_policy("policy.yaml").vault, clock=SystemClock(), environ=os.environ)
    request.addfinalizer(store.close)
    for principal, session in TALKS:
        store.put(store.key_of(principal, session), [VaultItem(entity="PERSON", original="Ada")])
    return store


def left(store: SealedVault) -> Mapping[tuple[str | None, str], int]:
    """How many originals each conversation still has."""
    return {talk: len(store.entries(store.key_of(*talk))) for talk in TALKS}


@pytest.mark.parametrize(
    ("options", "gone"),
    [
        (["--session", "one", "--principal", "ann"], {("ann", "one")}),
        (["--session", "one"], {(None, "one")}),
        (["--principal", "ann"], {("ann", "one"), ("ann", "two")}),
        (["--principal", "nobody"], set()),
        (["--all"], set(TALKS)),
        (["--expired"], set()),
    ],
)
def test_what_is_named_is_deleted_and_nothing_else(
    hg: Shell, store: SealedVault, options: list[str], gone: set[tuple[str | None, str]]
) -> None:
    """A conversation, a principal, or all; the number is told."""
    done = hg("vault", "purge", *options, "--json")

    assert (done.code, json.loads(done.out)) == (0, {"vaults": len(gone)})
    assert left(store) == {talk: int(talk not in gone) for talk in TALKS}


def test_people_are_told_in_words(hg: Shell, store: SealedVault) -> None:
    """Without `--json`."""
    assert hg("vault", "purge", "--session", "one").out == "1 vault deleted\n"
    assert hg("vault", "purge", "--all").out == "3 vaults deleted\n"


@pytest.mark.parametrize(
    "options", [[], ["--all", "--expired"], ["--session", "one", "--all"], ["--principal", "ann", "--expired"]]
)
def test_one_thing_must_be_named(hg: Shell, store: SealedVault, options: list[str]) -> None:
    """Without it, or with two, nothing is deleted."""
    done = hg("vault", "purge", *options)

    assert done.code == 2
    assert "HG900" in done.err
    assert all(left(store).values())


def test_a_store_in_memory_cannot_be_purged_from_outside(hg: Shell) -> None:
    """It says how it is emptied."""
    Path("policy.yaml").write_text(POLICY % "{ttl: 60}")
    done = hg("vault", "purge", "--all")

    assert done.code == 2
    assert "[HG439]" in done.err


def test_without_the_key_nothing_is_deleted(hg: Shell, store: SealedVault, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another key finds nothing of one conversation; all of them it can delete, to begin anew."""
    monkeypatch.setenv(KEY_VARIABLE, base64.b64encode(secrets.token_bytes(32)).decode())
    one = hg("vault", "purge", "--session", "one", "--json")
    everything = hg("vault", "purge", "--all", "--json")
    after = hg("vault", "purge", "--session", "one", "--json")
    monkeypatch.delenv(KEY_VARIABLE)
    none = hg("vault", "purge", "--all")

    assert (one.code, json.loads(one.out)["error"]["code"]) == (2, "HG435")
    assert (everything.code, json.loads(everything.out)) == (0, {"vaults": 4})
    assert (after.code, json.loads(after.out)) == (0, {"vaults": 0})
    assert (none.code, "[HG414]" in none.err) == (2, True)


def test_only_the_variables_of_the_store_are_needed(
    hg: Shell, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """Whoever deletes vaults need not have the keys of deployments and operators; a wrong section is told."""
    monkeypatch.setenv(KEY_VARIABLE, base64.b64encode(secrets.token_bytes(32)).decode())
    monkeypatch.setenv("LAB_SOCKET", redis_server.url.removeprefix("unix://"))
    Path("policy.yaml").write_text(
        'version: 1\nname: lab\noperators: {key: "${OPERATOR_KEY}"}\ndeployments:\n'
        '  far: {model: openai/far, api_base: "${FAR_URL}", api_key: "${FAR_KEY}", zone: external}\n'
        'rules: [{id: stays, zones: [local]}]\nvault: {store: redis, url: "unix://${LAB_SOCKET}"}\n'
    )
    everything = dict.fromkeys(("FAR_URL", "FAR_KEY"), "https://far.example/v1")
    everything["OPERATOR_KEY"] = base64.b64encode(secrets.token_bytes(32)).decode()
    with monkeypatch.context() as patch:
        for name, value in everything.items():
            patch.setenv(name, value)
        store = fill(request)
    done = hg("vault", "purge", "--all", "--json")
    monkeypatch.delenv("LAB_SOCKET")
    missing = hg("vault", "purge", "--all")
    Path("policy.yaml").write_text("version: 1\nname: lab\ndeployments: {}\nvault: {store: sqlite}\n")
    wrong = hg("vault", "purge", "--all")

    assert (done.code, json.loads(done.out)) == (0, {"vaults": 4})
    assert not any(left(store).values())
    assert (missing.code, "LAB_SOCKET" in missing.err) == (2, True)
    assert (wrong.code, "policy.yaml:4:1: `store: sqlite` needs `path`" in wrong.err) == (2, True)
