"""Every reversible operator through a whole guard: no original goes out, and an echo comes back as it was asked."""

from __future__ import annotations

import base64
import re
import secrets
from pathlib import Path

import pytest

from hybrid_guard.anonymizer.keys import KEY_VARIABLE
from tests.promises.rig import WAYS, Way, call, rig
from tests.redis_server import RedisServer

MAIL, CARD, NAME = "ada.l@analytical.example", "4111 1111 1111 1111", "Ada Lovelace"
TEXT = f"Write to {MAIL} for {NAME}, her card is {CARD}, born on 1985-03-15; thanks."
SHAPES = {
    "surrogate": r"Write to [a-z.]+@example\.(com|org) for [A-Z]",
    "format_preserving": r"her card is (?!4111 1111)[0-9]{4}( [0-9]{4}){3},",
    "encrypt": r"Write to EMAILADDRESS[a-p]{64,} for [A-Z]+[a-p]{32,},",
    "placeholder": r"Write to EMAILADDRESS[2-9A-Z]{9} for [A-Z]+[2-9A-Z]{9},",
}
"""What a cloud sees."""

RULES = """
  - {{id: all, when: {{level: moderate}}, treat: {{external: {{default: {operator}}}}}}}
operators: {{key: "${{HG_TEST_OPERATOR_KEY}}"}}
"""


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("operator", SHAPES)
def test_an_echo_comes_back_as_it_was_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, operator: str, way: Way
) -> None:
    """Two turns of one conversation, whole and streamed; the second says what the first one did."""
    give_keys(monkeypatch)
    with rig(tmp_path, rules=RULES.format(operator=operator), deny=(NAME,)) as setup:
        for _ in range(2):
            answer = call(
                setup.guard,
                way,
                model="cloud-a",
                messages=[{"role": "user", "content": TEXT}],
                hybrid_guard={"session": "one"},
            )
            assert answer == TEXT
        sent = setup.outside.decode()

    assert setup.calls_outside == 2
    assert len(re.findall(SHAPES[operator], sent)) == 2
    for value in (MAIL, CARD, NAME):
        assert value not in sent


@pytest.mark.parametrize("store", ["sqlite", "redis"])
@pytest.mark.parametrize("operator", SHAPES)
def test_another_worker_goes_on_where_the_first_one_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, redis_server: RedisServer, operator: str, store: str
) -> None:
    """Over a store that they share two guards send the same for the same, and each restores what the other one sent."""
    give_keys(monkeypatch)
    at = f"path: {tmp_path / 'vault.db'}" if store == "sqlite" else f"url: '{redis_server.url}'"
    messages = [{"role": "user", "content": TEXT}]
    sent = []
    for way in ("sync", "astream"):
        with rig(
            tmp_path, rules=RULES.format(operator=operator), deny=(NAME,), vault=f"{{store: {store}, {at}}}"
        ) as setup:
            answer = call(
                setup.guard, way, model="cloud-a", messages=messages, hybrid_guard={"session": "one", "principal": "p"}
            )
            assert answer == TEXT
            sent.append(setup.cloud_a.requests[-1].json()["messages"])

    assert sent[0] == sent[1] != messages


def give_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys of operators and of vaults in the environment."""
    for name in ("HG_TEST_OPERATOR_KEY", KEY_VARIABLE):
        monkeypatch.setenv(name, base64.b64encode(secrets.token_bytes(32)).decode())
