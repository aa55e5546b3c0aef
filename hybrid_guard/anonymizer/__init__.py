"""
Take originals out of what leaves, and put them back into what returns.

`plan`, `propose` and `apply` treat the texts of a request, a vault keeps what was taken out, `Restorer` and
`JsonRestorer` put it back into answers and tool arguments, whole or chunk by chunk.
"""

from __future__ import annotations

from hybrid_guard.anonymizer.engine import Treated, apply, plan, propose
from hybrid_guard.anonymizer.file_vault import FileVault
from hybrid_guard.anonymizer.operators import build_operators, build_stand_ins, load_operator
from hybrid_guard.anonymizer.restore import Restorer, Tally
from hybrid_guard.anonymizer.restore_json import JsonRestorer
from hybrid_guard.anonymizer.standins import StandIns
from hybrid_guard.anonymizer.tokens import TOKEN_LITERAL, token_like_spans
from hybrid_guard.anonymizer.vault import MemoryVault, vault_key

__all__ = [
    "TOKEN_LITERAL",
    "FileVault",
    "JsonRestorer",
    "MemoryVault",
    "Restorer",
    "StandIns",
    "Tally",
    "Treated",
    "apply",
    "build_operators",
    "build_stand_ins",
    "load_operator",
    "plan",
    "propose",
    "token_like_spans",
    "vault_key",
]
