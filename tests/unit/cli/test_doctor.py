"""`doctor`: what keeps a guard from working, and what to do."""

from __future__ import annotations

import base64
import json
import os
import secrets
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from hybrid_guard.anonymizer.keys import KEY_VARIABLE
from hybrid_guard.anonymizer.stores import open_store
from hybrid_guard.backends import llamacpp, offline
from hybrid_guard.cli.checkups import Checkup, fits, packages, python_version
from hybrid_guard.errors import EgressError
from hybrid_guard.guard import SystemClock
from hybrid_guard.types import VaultItem, VaultSettings
from tests.redis_server import RedisServer
from tests.unit.cli.conftest import LAB, Lab, Shell


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the machine changes what is found."""
    for name in ("LITELLM_LOG", "LITELLM_PROXY_API_BASE", "OLLAMA_NO_CLOUD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("hybrid_guard.cli.checkups.packages", lambda: iter(()))


def checks(hg: Shell, *arguments: str) -> dict[str, dict[str, Any]]:
    """What is found, by name; the last of several with one name."""
    return {one["name"]: one for one in json.loads(hg("doctor", "--json", *arguments).out)["checks"]}


def test_a_sound_installation_has_no_failure(hg: Shell, lab: Lab) -> None:
    """Everything is looked at, and nothing is connected to or written."""
    result = hg("doctor")

    assert result.code == 0
    for name in ("python", "detector patterns.v1", "detector ner.v2", "detector secrets.v1", "model tiny", "policy"):
        assert f"ok   {name}: " in result.out
    assert "ok   deployment near: http://127.0.0.1:" in result.out
    assert "fail" not in result.out
    assert lab.near.connections == lab.far.connections == 0
    assert [file.name for file in Path().iterdir()] == ["policy.yaml"]


def test_servers_are_asked_only_on_demand(hg: Shell, lab: Lab) -> None:
    """With --connect a server that is down is a failure."""
    found = checks(hg, "--connect")

    assert found["deployment near"]["message"].endswith("zone local, answers")
    assert lab.near.connections == 1
    assert lab.near.received == b""

    lab.policy.write_text(lab.policy.read_text().replace(lab.near.url, "http://127.0.0.1:1"))
    result = hg("doctor", "--connect")

    assert result.code == 1
    assert (
        "fail deployment near: http://127.0.0.1:1, zone local: nobody answers\n     -> start the server" in result.out
    )


def test_only_this_machine_is_asked(hg: Shell, lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """--connect never reaches out to a server elsewhere."""
    lab.policy.write_text(lab.policy.read_text().replace(lab.far.base_url, "https://192.0.2.1/v1"))
    asked: list[str] = []

    def answers(host: str, _port: int) -> bool:
        asked.append(host)
        return True

    monkeypatch.setattr("hybrid_guard.cli.checkups.answers", answers)
    checks(hg, "--connect")

    assert asked == ["127.0.0.1"]


def test_a_wrong_policy_is_a_failure(hg: Shell, lab: Lab) -> None:
    """Each error is a line with its place."""
    lab.policy.write_text("version: 1\nname: x\n")
    result = hg("doctor", "--policy", "policy.yaml")

    assert result.code == 1
    assert "fail policy: policy.yaml:1:1:" in result.out


def test_a_missing_key_does_not_hide_the_rest(hg: Shell, lab: Lab) -> None:
    """Deployments are looked at though a variable is not set."""
    lab.policy.write_text(lab.policy.read_text().replace("zone: external,", 'zone: external, api_key: "${LAB_KEY}",'))
    found = checks(hg)

    assert found["policy"]["status"] == "fail"
    assert "LAB_KEY" in found["policy"]["message"]
    assert found["deployment far"]["status"] == "ok"


def test_without_a_policy_there_is_a_warning(hg: Shell) -> None:
    """An installation can be looked at before there is a policy; a named one must be there."""
    assert checks(hg)["policy"]["status"] == "warn"
    assert checks(hg, "--policy", "none.yaml")["policy"]["status"] == "fail"


@pytest.mark.parametrize("path", ["no/such/folder/audit.jsonl", "folder"])
def test_a_trail_that_cannot_be_written_is_a_failure(hg: Shell, lab: Lab, path: str) -> None:
    """Without a trail nothing would leave."""
    Path("folder").mkdir()
    lab.policy.write_text(f"{lab.policy.read_text()}audit: {{path: {path}}}\n")

    assert checks(hg)["audit trail"]["status"] == "fail"


def test_what_a_model_in_this_process_needs_is_told(hg: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing file or a missing library keeps it from answering."""
    Path("policy.yaml").write_text(
        "version: 1\nname: x\ndeployments:\n  a: {model: hg_llamacpp/tiny, zone: local}\n"
        "  b: {model: hg_llamacpp/none.gguf, zone: local}\n"
    )
    monkeypatch.setattr(llamacpp, "is_available", lambda: True)
    with_library = checks(hg)
    monkeypatch.setattr(llamacpp, "is_available", lambda: False)
    without = checks(hg)

    assert (with_library["deployment a"]["status"], with_library["deployment b"]["status"]) == ("ok", "fail")
    assert (without["llama.cpp"]["status"], without["deployment a"]["status"]) == ("warn", "fail")


def test_a_provider_that_is_not_guarded_is_a_failure(hg: Shell, lab: Lab) -> None:
    """Such a deployment would be refused at the first call."""
    lab.policy.write_text(lab.policy.read_text().replace("openai/far", "nobody/far"))

    assert "not guarded" in checks(hg)["deployment far"]["message"]


def test_an_ollama_server_is_warned_about(hg: Shell, lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """It can forward models to its vendor, unless it is told not to."""
    lab.policy.write_text(lab.policy.read_text().replace(lab.near.base_url, "http://localhost:11434/v1"))
    warned = checks(hg)["deployment near"]
    monkeypatch.setenv("OLLAMA_NO_CLOUD", "1")

    assert warned["status"] == "warn"
    assert "OLLAMA_NO_CLOUD" in warned["remedy"]
    assert checks(hg)["deployment near"]["status"] == "ok"


def test_proxies_are_named_and_not_shown(hg: Shell, lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address of a proxy may hold a password."""
    monkeypatch.setenv("HTTPS_PROXY", "http://user:opensesame@proxy.example:3128")
    result = hg("doctor")

    assert result.code == 0
    assert "warn proxies: HTTPS_PROXY set; ignored" in result.out
    assert "opensesame" not in result.out


def test_foreign_settings_of_litellm_are_told(hg: Shell, lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable is a warning, a setting that would copy prompts a failure."""
    monkeypatch.setenv("LITELLM_LOG", "DEBUG")
    warned = checks(hg)["litellm"]

    def refuse(_litellm: object) -> None:
        raise EgressError("`callbacks` is set")

    monkeypatch.setattr(offline, "refuse_diversions", refuse)

    assert (warned["status"], "LITELLM_LOG" in warned["message"]) == ("warn", True)
    assert (checks(hg)["litellm"]["status"], hg("doctor").code) == ("fail", 1)


def test_a_broken_detector_is_a_failure(hg: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong while looking is a line, not a traceback."""

    def fail(_settings: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("hybrid_guard.detectors.build_detector", fail)
    found = checks(hg)["detectors"]

    assert (found["status"], found["message"]) == ("fail", "unexpected RuntimeError")


def found_by(look: Iterator[Checkup]) -> list[tuple[str, str]]:
    """Status and message."""
    return [(one.status, one.message) for one in look]


def test_packages_are_compared_with_their_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    """A version outside of its range and a package that is missing are failures; extras are not looked at."""
    versions = {"litellm": "1.200.0", "typer": "0.20"}

    def version(name: str) -> str:
        if name not in versions:
            raise metadata.PackageNotFoundError(name)
        return versions[name]

    required = ["litellm<1.110,>=1.106.2", "typer>=0.20", "spacy[x]>=3", "torch>=2; extra == 'all'"]
    monkeypatch.setattr(metadata, "requires", lambda _name: required)
    monkeypatch.setattr(metadata, "version", version)

    assert found_by(packages()) == [
        ("fail", "litellm 1.200.0, tested with <1.110,>=1.106.2"),
        ("fail", "spacy is not installed, tested with >=3"),
    ]

    versions |= {"litellm": "1.109.9", "spacy": "3.8.7"}

    assert found_by(packages()) == [("ok", "all in their tested ranges; litellm is 1.109.9")]


def test_sources_are_no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run from its sources, there is nothing to compare with."""

    def requires(name: str) -> list[str]:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "requires", requires)

    assert [status for status, _ in found_by(packages())] == ["warn"]


@pytest.mark.parametrize(
    ("found", "wanted", "inside"),
    [
        ("1.106.2", ">=1.106.2,<1.110", True),
        ("1.110.0", ">=1.106.2,<1.110", False),
        ("1.9", ">=1.106.2", False),
        ("2.0rc1", "<2", False),
        ("3", "==3.0", True),
        ("3.1", "==3.0", False),
        ("9", "", True),
    ],
)
def test_versions_are_compared_by_number(found: str, wanted: str, inside: bool) -> None:
    """1.9 is older than 1.106."""
    assert fits(found, wanted) == inside


def test_an_old_python_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """The range is that of the package."""
    monkeypatch.setattr(sys, "version_info", (3, 10, 4, "final", 0))

    assert [status for status, _ in found_by(python_version())] == ["fail"]


def test_detectors_of_the_policy_are_built(hg: Shell, lab: Lab) -> None:
    """A pipeline that is not there, and a server that nobody runs, are failures with their names."""
    named = "detection: {detectors: [patterns.v1, 'spacy:./nowhere', 'presidio-service:http://127.0.0.1:1']}\n"
    lab.policy.write_text(lab.policy.read_text() + named)

    found = checks(hg)
    assert found["detector spacy:./nowhere"]["status"] == "fail"
    assert "nowhere" in found["detector spacy:./nowhere"]["message"]
    assert found["detector presidio-service:http://127.0.0.1:1"]["message"] == "can be asked; it was not"

    found = checks(hg, "--connect")
    assert found["detector presidio-service:http://127.0.0.1:1"]["status"] == "fail"


SQLITE = "vault: {store: sqlite, path: v.db}\n"


def vault_of(hg: Shell, lab: Lab, section: str, *arguments: str) -> tuple[str, str, str]:
    """Status, message and remedy for a policy with that section."""
    lab.policy.write_text(LAB.format(near=lab.near.base_url, far=lab.far.base_url) + section)
    found = checks(hg, *arguments)["vault"]
    return found["status"], found["message"], found["remedy"]


def give_key(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A key of the vaults in the environment."""
    key = secrets.token_bytes(32)
    monkeypatch.setenv(KEY_VARIABLE, base64.b64encode(key).decode())
    return key


def test_vaults_in_memory_need_nothing(hg: Shell, lab: Lab) -> None:
    """That is said."""
    assert vault_of(hg, lab, "") == ("ok", "kept in the memory of the guard", "")


def test_a_missing_key_of_the_vaults_is_a_failure(hg: Shell, lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it should be in the environment or come from a package; the remedy is in the words."""
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    missing = vault_of(hg, lab, SQLITE)
    unknown = vault_of(hg, lab, "vault: {store: sqlite, path: v.db, key: nobody}\n")
    monkeypatch.setenv(KEY_VARIABLE, "c2hvcnQ=")
    short = vault_of(hg, lab, SQLITE)

    assert [one[0] for one in (missing, unknown, short)] == ["fail"] * 3
    assert missing[1].startswith(f"the vault needs a key; set `{KEY_VARIABLE}`")
    assert "`nobody`" in unknown[1]
    assert short[1].endswith("give 32 bytes in base64 [HG416]")


def test_a_store_in_a_file_is_opened_and_nothing_made(hg: Shell, lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another key, rights for others and a folder that is not there keep a guard from working; no file does not."""
    give_key(monkeypatch)
    assert vault_of(hg, lab, SQLITE) == ("ok", "`v.db` can be used with this key", "")
    assert not Path("v.db").exists()

    store = open_store(VaultSettings(store="sqlite", path="v.db"), clock=SystemClock(), environ=os.environ)
    store.put(store.key_of(None, "one"), [VaultItem(entity="PERSON", original="Ada")])
    store.close()
    before = Path("v.db").read_bytes()
    fits = vault_of(hg, lab, SQLITE)
    give_key(monkeypatch)
    other = vault_of(hg, lab, SQLITE)
    Path("v.db").chmod(0o644)
    seen = vault_of(hg, lab, SQLITE)
    nowhere = vault_of(hg, lab, "vault: {store: sqlite, path: no/such/v.db}\n")

    assert fits[0] == "ok"
    assert [one[0] for one in (other, seen, nowhere)] == ["fail"] * 3
    assert "made with another key; give that one" in other[1]
    assert "chmod 600" in seen[1]
    assert "no such file or directory; check the path" in nowhere[1]
    assert Path("v.db").read_bytes() == before
    assert sorted(file.name for file in Path().iterdir()) == ["policy.yaml", "v.db"]


def test_a_server_of_vaults_is_asked_on_demand(
    hg: Shell, lab: Lab, monkeypatch: pytest.MonkeyPatch, redis_server: RedisServer
) -> None:
    """One that is away, or whose vaults have another key, is a failure; nothing is put there."""
    give_key(monkeypatch)
    section = f"vault: {{store: redis, url: '{redis_server.url}'}}\n"
    unasked = vault_of(hg, lab, section)
    empty = vault_of(hg, lab, section, "--connect")
    left = redis_server.client.keys()
    redis_server.client.set("hybrid-guard:owner", secrets.token_bytes(16))
    other = vault_of(hg, lab, section, "--connect")
    away = vault_of(hg, lab, "vault: {store: redis, url: 'unix:///nowhere/socket'}\n", "--connect")

    assert (unasked[0], unasked[2]) == ("warn", "ask with `hybrid-guard doctor --connect`")
    assert empty == ("ok", "the Redis server can be used with this key", "")
    assert left == []
    assert (other[0], "made with another key" in other[1]) == ("fail", True)
    assert (away[0], "cannot be reached; start it, or correct `vault.url` [HG430]" in away[1]) == ("fail", True)


def test_no_server_is_asked_with_a_password_that_is_not_set(
    hg: Shell, lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would only be told that the password is wrong."""
    give_key(monkeypatch)
    monkeypatch.delenv("LAB_PASSWORD", raising=False)
    section = "vault: {store: redis, url: 'redis://guard:${LAB_PASSWORD}@127.0.0.1:1/0'}\n"

    assert vault_of(hg, lab, section, "--connect")[0] == "warn"
    monkeypatch.setenv("LAB_PASSWORD", secrets.token_hex(8))
    assert vault_of(hg, lab, section, "--connect")[0] == "fail"
