"""One secret in, a key for each purpose out."""

from __future__ import annotations

import hashlib
import hmac

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

__all__ = ["derive", "keyed"]


def derive(key: bytes, purpose: str, *, length: int = 32) -> bytes:
    """*length* bytes for *purpose* alone, by HKDF with SHA-256 (RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=f"hybrid-guard {purpose}".encode()).derive(key)


def keyed(key: bytes, *parts: str) -> int:
    """A number of 256 bits that nobody without *key* can tell from chance, the same for the same *parts*."""
    # INVARIANT: each part is preceded by its length, so moving characters between parts makes another number.
    message = b"".join(len(one).to_bytes(8) + one for one in (part.encode("utf-8", "surrogatepass") for part in parts))
    return int.from_bytes(hmac.digest(key, message, hashlib.sha256))
