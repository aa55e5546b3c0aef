"""A process of its own for T11: opens the store that it is told of, and puts values again and again."""

from __future__ import annotations

import json
import os
import sys

from hybrid_guard.anonymizer.stores import open_store
from hybrid_guard.guard import SystemClock
from hybrid_guard.types import VaultItem, VaultSettings


def work(settings: VaultSettings, talks: list[tuple[str, str]], values: list[str]) -> dict[str, list[str]]:
    """The placeholders that each conversation gave for *values*, put one by one and then all at once."""
    store = open_store(settings, clock=SystemClock(), environ=os.environ)
    given: dict[str, list[str]] = {}
    for value in values:
        for talk in talks:
            store.put(store.key_of(*talk), [VaultItem(entity="PERSON", original=value)])
    for talk in talks:
        entries = store.put(
            store.key_of(*talk), [VaultItem(entity="PERSON", original=value) for value in reversed(values)]
        )
        given[json.dumps(talk)] = [entry.placeholder for entry in reversed(entries)]
    store.close()
    return given


if __name__ == "__main__":
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    told = json.loads(sys.stdin.readline())
    json.dump(work(VaultSettings(**told["settings"]), told["talks"], told["values"]), sys.stdout)
