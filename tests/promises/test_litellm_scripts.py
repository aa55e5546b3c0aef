"""Scripts that use litellm already: patched, or with a guarded model's name. Each runs in a process of its own."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hybrid_guard.testing import RecordingServer, echo
from tests.promises.rig import POLICY, STRICT, WAYS

ROOT = Path(__file__).resolve().parents[2]
ASKED = ("embedding", "responses", "text_completion", "transcription")
"""What a script may well call, and a guard does not offer."""


@dataclass(frozen=True)
class Run:
    """What came of a process: what it printed, and what the servers received."""

    told: dict[str, Any]
    printed: str
    secret: str
    outside: bytes
    trapped: bytes

    @property
    def leaks(self) -> bool:
        """Whether the secret left."""
        return self.secret.encode() in self.outside + self.trapped


def run(scenario: str, folder: Path) -> Run:
    """Run *scenario* between recording servers."""
    secret = f"{secrets.token_hex(6)}@example.org"
    with (
        RecordingServer("local", echo) as local,
        RecordingServer("cloud-a", echo) as cloud_a,
        RecordingServer("cloud-b", echo) as cloud_b,
        RecordingServer("trap", echo) as trap,
    ):
        policy = folder / "policy.yaml"
        policy.write_text(
            POLICY.format(
                local=local.base_url, cloud_a=cloud_a.base_url, cloud_b=cloud_b.base_url, deny="",
                detectors="patterns.v1, secrets.v1", rules=STRICT, mode="prefer_cloud", audit=folder / "audit.jsonl",
            ),
            encoding="utf-8",
        )  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "tests.promises.child_litellm", scenario, str(policy), trap.base_url],
            input=secret, capture_output=True, text=True, timeout=300, cwd=ROOT, check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout.splitlines()[-1])
        return Run(told, done.stdout + done.stderr, secret, cloud_a.received + cloud_b.received, trap.received)


@pytest.fixture(scope="module", name="patched")
def run_patched(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A script that patches litellm."""
    return run("patch", tmp_path_factory.mktemp("patched"))


@pytest.fixture(scope="module", name="provided")
def run_provided(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A script that names a guarded model."""
    return run("provider", tmp_path_factory.mktemp("provided"))


def test_without_a_gate_all_of_it_leaks(tmp_path: Path) -> None:
    """The servers, the trap and the callbacks would see what the others must not leak."""
    bare = run("nothing", tmp_path)

    assert bare.trapped.count(bare.secret.encode()) >= 4
    assert any(bare.secret in one for one in bare.told["seen"])


@pytest.mark.parametrize("scenario", ["patched", "provided"])
def test_no_private_byte_leaves(scenario: str, request: pytest.FixtureRequest) -> None:
    """Not to a cloud, and not where arguments and fallbacks of the call point."""
    done: Run = request.getfixturevalue(scenario)

    assert not done.leaks
    assert b"Good morning" in done.outside


@pytest.mark.parametrize("scenario", ["patched", "provided"])
def test_no_callback_is_shown_a_prompt(scenario: str, request: pytest.FixtureRequest) -> None:
    """With callbacks a call is refused, and also the refusal tells them nothing."""
    done: Run = request.getfixturevalue(scenario)

    assert not any(done.secret in one for one in done.told["seen"])
    assert {way: told["kind"] is None for way, told in done.told["watched"].items()} == dict.fromkeys(WAYS, False)
    assert done.secret not in "".join(told["text"] for told in done.told["watched"].values())


@pytest.mark.parametrize("scenario", ["patched", "provided"])
def test_every_way_is_answered(scenario: str, request: pytest.FixtureRequest) -> None:
    """The private prompt by the local model, whole and streamed, also through a router; the other by a cloud."""
    done: Run = request.getfixturevalue(scenario)
    answer = f"I am {done.secret}."

    assert done.told["private"] == dict.fromkeys(WAYS, answer)
    assert done.told["router"] == dict.fromkeys(WAYS, answer)
    assert done.told["public"] == dict.fromkeys(WAYS, "Good morning")


@pytest.mark.parametrize("scenario", ["patched", "provided"])
def test_a_block_is_an_error_of_litellm_with_the_rules(scenario: str, request: pytest.FixtureRequest) -> None:
    """403, the ids of the rules, no text; and no fallback."""
    done: Run = request.getfixturevalue(scenario)

    for told in done.told["block"].values():
        assert (told["kind"], told["status"]) == ("PermissionDeniedError", 403)
        assert "found-stays" in told["text"]
        assert done.secret not in told["text"]


@pytest.mark.parametrize("scenario", ["patched", "provided"])
def test_what_a_guard_does_not_offer_is_refused_by_name(scenario: str, request: pytest.FixtureRequest) -> None:
    """Never left raw."""
    done: Run = request.getfixturevalue(scenario)
    refused = done.told["refused"]

    for name, told in refused.items():
        assert told["kind"] == "BadRequestError", name
        assert f"[HG208] `litellm.{name}`" in told["text"]
    assert {*ASKED, *(f"a{name}" for name in ASKED)} <= set(refused)


@pytest.mark.parametrize("scenario", ["patched", "provided"])
def test_undone_litellm_is_as_before(scenario: str, request: pytest.FixtureRequest) -> None:
    """Every function of every module is the one that it was; undoing twice is once."""
    done: Run = request.getfixturevalue(scenario)

    assert done.told["restored"] is True


def test_a_patch_is_idempotent(patched: Run) -> None:
    """The end of an inner patch leaves the outer one at work."""
    assert patched.told["after_inner"] == "cloud-a"


def test_names_below_litellm_are_covered(patched: Run) -> None:
    """`litellm.main.completion` is another function than `litellm.completion`."""
    assert patched.told["main"] == f"I am {patched.secret}."


def test_a_name_imported_while_patched_goes_on_to_litellm_afterwards(patched: Run) -> None:
    """What a script keeps works after the end of the patch."""
    assert patched.told["kept"]["kind"] is None


def test_a_model_that_the_policy_does_not_know_is_refused(patched: Run) -> None:
    """Also as the group of a router."""
    for told in patched.told["raw_group"].values():
        assert told["kind"] == "BadRequestError"
        assert "HG210" in told["text"]


def test_whoever_goes_past_a_patch_is_found(tmp_path: Path) -> None:
    """Names imported earlier and routers made earlier are named, and nothing is changed."""
    told = run("early_names", tmp_path).told

    assert told["name"]["kind"] == told["register"]["kind"] == told["router"]["kind"] == "EgressError"
    assert "`__main__.early`" in told["name"]["text"]
    assert "`__main__.early`" in told["register"]["text"]
    assert "litellm.Router" in told["router"]["text"]
    assert told["untouched"] is True


def test_two_policies_are_not_both_at_work(tmp_path: Path) -> None:
    """The second is refused."""
    assert "HG709" in run("other_policy", tmp_path).told["other"]["text"]


def test_a_router_does_not_fall_back_to_an_unguarded_model(provided: Run) -> None:
    """A request that was blocked is not repeated at another group."""
    for told in provided.told["fallback"].values():
        assert told["kind"] is not None
        assert "HG" in told["text"]
    assert provided.secret.encode() not in provided.trapped


def test_other_models_are_left_alone(provided: Run) -> None:
    """A registered name changes nothing for others."""
    assert provided.told["others"] == "Good morning"
    assert b"Good morning" in provided.trapped


def test_only_registered_names_are_models(provided: Run) -> None:
    """A name is needed, in its form, and once."""
    assert "HG210" in provided.told["unknown"]["text"]
    assert provided.told["taken"]["kind"] == provided.told["misnamed"]["kind"] == "InputError"
    assert provided.told["gone"]["kind"] is not None
    assert provided.told["listed"] is provided.told["unlisted"] is True


def test_a_call_that_goes_past_the_gate_is_refused(provided: Run) -> None:
    """A function kept in a dict is found by nobody; then the provider refuses."""
    for name in ("past", "past_async", "past_stream"):
        assert "HG708" in provided.told[name]["text"], provided.told[name]
        assert provided.secret not in provided.told[name]["text"]
