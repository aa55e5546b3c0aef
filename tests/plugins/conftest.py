"""Nothing here may ask the network for anything."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from hybrid_guard.detectors.plugins.files import SWITCHES
from hybrid_guard.testing import EgressWitness


@pytest.fixture(autouse=True)
def stay_offline(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever the environment says beforehand, no test makes a connection or looks up a name."""
    for name in SWITCHES:
        monkeypatch.delenv(name, raising=False)
    with EgressWitness() as witness:
        yield
    assert witness.attempts == []
    for name in SWITCHES:
        os.environ.pop(name, None)
