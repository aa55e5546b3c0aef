"""Operators that keep no copy, through a whole guard: noise with an epsilon, and one of an installed package."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.promises.rig import WAYS, Way, call, rig

MAIL, AMOUNT = "ada.l@analytical.example", "$48,250"
TEXT = f"Write to {MAIL}: I earn {AMOUNT}."
SENT = re.compile(r"I earn (\$[1-9][0-9],[0-9]{3})\.")


@pytest.mark.parametrize("way", WAYS)
def test_noise_is_drawn_once_per_conversation(tmp_path: Path, way: Way) -> None:
    """Two turns send one amount, other conversations send others, and none of them is turned back."""
    rules = """
  - {id: all, treat: {external: {default: placeholder, MONEY: perturb}}}
operators: {perturb: {epsilon: 1.0}}
"""
    with rig(tmp_path, rules=rules) as setup:
        for session in ("one", "one", "two", "three"):
            answer = call(
                setup.guard,
                way,
                model="cloud-a",
                messages=[{"role": "user", "content": TEXT}],
                hybrid_guard={"session": session},
            )
            assert MAIL in answer
            assert SENT.search(answer)
        drawn = SENT.findall(setup.outside.decode())

    assert setup.calls_outside == len(drawn) == 4
    assert drawn[0] == drawn[1]
    # All alike by chance: less often than once in a hundred million runs.
    assert len({AMOUNT, *drawn}) > 1


@pytest.mark.parametrize("way", WAYS)
def test_an_operator_of_an_installed_package_does_its_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: Way
) -> None:
    """Its factory is given a secret of the conversation, and what it makes goes out and comes back as it is."""
    packages = tmp_path / "packages"
    info = packages / "shuffle-1.0.dist-info"
    info.mkdir(parents=True)
    (packages / "shuffle.py").write_text(
        "class Shuffle:\n"
        "    def __init__(self, key):\n        self.size = len(key)\n"
        "    def apply(self, text, *, entity):\n        return f'<{entity} {len(text)} {self.size > 15}>'\n"
    )
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: shuffle\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[hybrid_guard.operators]\nshuffle.v1 = shuffle:Shuffle\n")
    monkeypatch.syspath_prepend(str(packages))
    rules = "\n  - {id: all, treat: {external: {default: shuffle.v1}}}\n"
    with rig(tmp_path, rules=rules) as setup:
        answer = call(setup.guard, way, model="cloud-a", messages=[{"role": "user", "content": f"Write to {MAIL}!"}])
        sent = setup.outside.decode()
    sys.modules.pop("shuffle")

    assert answer == "Write to <EMAIL_ADDRESS 24 True>!"
    assert "EMAIL_ADDRESS 24 True" in sent
    assert MAIL not in sent
