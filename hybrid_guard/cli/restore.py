"""``hybrid-guard restore``: anonymized texts as they were."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from hybrid_guard.cli.exits import DONE
from hybrid_guard.cli.options import AsJson, Input, Output, Vault
from hybrid_guard.cli.terminal import note, show_json
from hybrid_guard.errors import InputError

if TYPE_CHECKING:
    from hybrid_guard.cli.lines import Row

__all__ = ["restore"]


def restore(jsonl: Input, vault: Vault, *, out: Output = "-", as_json: AsJson = False) -> int:
    """
    Put back what "anonymize" has replaced.

    Each line of IN and of OUT is an object with "id" and "text". The texts are taken as they were anonymized: every
    placeholder that the vault knows is restored, wherever it stands, so do not restore what a stranger has written.
    """
    from hybrid_guard.anonymizer import FileVault, Restorer
    from hybrid_guard.cli.lines import convert, each

    if not vault.exists():
        raise InputError(f"there is no vault `{vault.name}`; name the one that was given to anonymize", code="HG901")
    restorer = Restorer(FileVault(vault, environ=os.environ).entries(), trusted=True)

    def change(row: Row) -> Mapping[str, object]:
        return {"id": row.id, "text": restorer.restore(row.text)}

    lines = convert(jsonl, out, each(change), what="restoring")
    restored = restorer.tally.restored
    if out != "-" and as_json:
        show_json({"lines": lines, "restored": restored})
    elif out != "-":
        note(f"{lines} lines, {restored} placeholders restored")
    return DONE
