"""Every reversible operator through a whole guard: no original goes out, and an echo comes back as it was asked."""

from __future__ import annotations

import base64
import re
import secrets
from pathlib import Path

import pytest

from tests.promises.rig import WAYS, Way, call, rig

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
    monkeypatch.setenv("HG_TEST_OPERATOR_KEY", base64.b64encode(secrets.token_bytes(32)).decode())
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
