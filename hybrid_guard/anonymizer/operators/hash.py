"""Replace a span by a keyed fingerprint."""

from __future__ import annotations

import hashlib
import hmac

from hybrid_guard.anonymizer.operators.redact import label

__all__ = ["Hash"]


class Hash:
    """
    Puts 32 bits of HMAC-SHA256 in the place of the value: ``[PERSON 1f0c2a9b]``.

    Keeps which values are equal, exactly as written. Leaks that for as long as the key lives, so a profile can grow
    around a value; without the key a value cannot be guessed from it.

    Args:
        key: At least 16 bytes.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def apply(self, text: str, *, entity: str) -> str:
        """The fingerprint, with the type in front."""
        message = f"{entity}\0{text}".encode("utf-8", "surrogatepass")
        digest = hmac.new(self._key, message, hashlib.sha256).hexdigest()
        return label(f"{entity} {digest[:8]}", instead_of=text)
