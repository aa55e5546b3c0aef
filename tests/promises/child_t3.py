"""A fresh process that uses a guard in all four ways, and prints where it wanted to go. Run by T3."""

from __future__ import annotations

import json
import sys

from hybrid_guard.testing.witness import EgressWitness


def main(local: str, cloud: str, folder: str, detectors: str) -> None:
    """Use a guard while a witness looks on."""
    with EgressWitness() as witness:
        import hybrid_guard
        from hybrid_guard.policies import parse_policy
        from tests.promises.rig import MASK, POLICY, WAYS, call

        text = POLICY.format(
            local=local, cloud_a=cloud, cloud_b=cloud, deny="", detectors=detectors, rules=MASK, mode="auto",
            audit=f"{folder}/audit.jsonl",
        )  # fmt: skip
        with hybrid_guard.Guard(parse_policy(text)) as guard:
            for way in WAYS:
                for alias in ("here", "cloud-a"):
                    call(guard, way, model=alias, messages=[{"role": "user", "content": "I am anna@example.org."}])
    # The loops of asyncio make socket pairs; they connect to nothing that has a port of ours.
    print(json.dumps([(one.event, one.host, one.port) for one in witness.attempts]))


if __name__ == "__main__":
    main(*sys.argv[1:])
