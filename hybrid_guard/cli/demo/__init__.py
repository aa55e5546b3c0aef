"""``hybrid-guard demo``: the whole product in a minute, offline, without a key."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated, Any

import typer

__all__ = ["demo"]


def demo(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead.")] = False,
) -> None:
    """Send six conversations to a recording cloud, directly and guarded, and show what it saw. Needs no key."""
    from rich.console import Console

    from hybrid_guard.cli.demo.show import show, verdict
    from hybrid_guard.cli.demo.stage import stage

    began = time.monotonic()
    errors = Console(stderr=True)
    with (
        tempfile.TemporaryDirectory() as name,
        errors.status("loading detectors, litellm and the local model") as line,
        stage(Path(name)) as setting,
    ):
        acts = list(setting.play(lambda path: line.update(f"{path}: directly, then guarded")))
        line.stop()
        seconds = time.monotonic() - began
        if as_json:
            report: dict[str, Any] = {
                "direct": {"leaks": sum(act.direct for act in acts)},
                "guarded": {"leaks": sum(act.guarded for act in acts)},
                "paths": [
                    {"path": act.conversation.path, "direct": act.direct, "guarded": act.guarded} for act in acts
                ],
                "decisions": [
                    {
                        "path": act.conversation.path,
                        "verdict": verdict(act),
                        "source": act.provenance.source,
                        "zone": act.provenance.zone.value,
                        "level": act.provenance.level,
                        "score": act.provenance.score,
                        "reasons": list(act.provenance.reasons),
                        "entities": dict(act.provenance.entities),
                        "audit_id": act.provenance.audit_id,
                    }
                    for act in acts
                ],
                "seconds": round(seconds, 3),
            }
            json.dump(report, sys.stdout, indent=2)
            sys.stdout.write("\n")
        else:
            show(Console(), acts, setting.audit, real_model=setting.real_model, seconds=seconds)
    raise typer.Exit(1 if any(act.guarded for act in acts) else 0)
