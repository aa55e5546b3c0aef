"""``hybrid-guard anonymize``: texts with placeholders, and a vault that knows what they stand for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from hybrid_guard.cli.exits import DONE
from hybrid_guard.cli.options import AsJson, Input, Output, PolicyFile, Vault
from hybrid_guard.cli.terminal import note, show_json
from hybrid_guard.errors import DetectionError
from hybrid_guard.types import Findings, Operator, Segment, Treatment

if TYPE_CHECKING:
    from hybrid_guard.anonymizer import FileVault
    from hybrid_guard.cli.lines import Row
    from hybrid_guard.ports import Detector

__all__ = ["anonymize"]

PLACEHOLDERS = Treatment(default=Operator.PLACEHOLDER)


def anonymize(
    jsonl: Input, vault: Vault, *, out: Output = "-", policy: PolicyFile = None, as_json: AsJson = False
) -> int:
    """
    Replace what detectors find by placeholders that "restore" puts back.

    Nothing is sent anywhere.

    Each line of IN is an object with "id", "text" and perhaps "lang", each line of OUT one with "id" and "text". A
    value has the same placeholder in all lines, and in all files that share a vault.

    A policy says what is looked for. All of it gets placeholders, for other operators cannot be undone.
    """
    from hybrid_guard.anonymizer import FileVault
    from hybrid_guard.cli.detection import detectors_by_language, find_settings
    from hybrid_guard.cli.lines import convert, each

    settings, _ = find_settings(policy)
    originals = FileVault(vault, environ=os.environ)
    detector = detectors_by_language(settings)
    saved = -1

    def change(row: Row) -> Mapping[str, object]:
        language = row.language or settings.languages[0]
        return {"id": row.id, "text": hide(row.text, detector(row.language), originals, language=language)}

    def save() -> None:
        # INVARIANT: no placeholder is given out before its original is on disk.
        nonlocal saved
        known = len(originals.entries())
        if known != saved:
            originals.save()
            saved = known

    lines = convert(jsonl, out, each(change), what="anonymizing", before_output=save)
    if out != "-" and as_json:
        show_json({"lines": lines, "originals": saved})
    elif out != "-":
        note(f"{lines} lines; the vault holds {saved} originals")
    return DONE


def hide(text: str, detector: Detector, vault: FileVault, *, language: str) -> str:
    """
    *text* with placeholders.

    It is scanned again, for a scan can miss what becomes visible once its neighbours are gone.

    Raises:
        DetectionError: It was never clean; HG303.
    """
    from hybrid_guard.anonymizer import apply, plan
    from hybrid_guard.core.prepare import RESCANS, residue

    segment = Segment(path="", text=text, role="user")
    findings = detector.detect((segment,), language=language)
    for _ in range(RESCANS):
        entries = vault.put(plan((segment,), findings, PLACEHOLDERS))
        (treated,) = apply((segment,), findings, PLACEHOLDERS, entries, {})
        again = detector.detect((replace(segment, text=treated.text),), language=language)
        left = tuple(residue(treated, again.spans[0], PLACEHOLDERS))
        if not left:
            return treated.text
        findings = Findings(spans=(tuple(sorted((*findings.spans[0], *left))),))
    raise DetectionError(
        f"after {RESCANS} scans there is still something to replace; shorten the text or split it", code="HG303"
    )
