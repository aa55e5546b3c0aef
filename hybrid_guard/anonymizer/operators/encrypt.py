"""Replace a value by itself, encrypted."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from hybrid_guard.anonymizer.operators.keys import derive
from hybrid_guard.anonymizer.tokens import prefix

__all__ = ["Encrypt"]

# Letters alone, so that nothing that comes out can be taken for a placeholder, and no markup or case can break it.
_HEX, _LETTERS = "0123456789abcdef", "abcdefghijklmnop"
_WRITE, _READ = str.maketrans(_HEX, _LETTERS), str.maketrans(_LETTERS, _HEX)
_LEAST = 32


class Encrypt:
    """
    Puts the value, encrypted by AES-SIV (RFC 5297), in its place: ``PERSONmkhbhg...``.

    Keeps the value, for whoever has the key, without any vault, and forever. Leaks the length of the value and, since
    equal values look equal wherever the same key is used, who is mentioned again in other conversations.

    Args:
        key: 32 bytes, the policy's own.
    """

    def __init__(self, key: bytes) -> None:
        self._cipher = AESSIV(derive(key, "encrypt", length=64))

    def propose(self, text: str, *, entity: str) -> Sequence[str]:
        """The encrypted value."""
        head = prefix(entity)
        sealed = self._cipher.encrypt(text.encode("utf-8", "surrogatepass"), [head.encode()])
        return (head + sealed.hex().translate(_WRITE),)

    def memory(self, text: str, *, entity: str) -> str:
        """The encrypted value: it is no copy without the key."""
        return self.propose(text, entity=entity)[0]

    def reverse(self, written: str) -> str | None:
        """The value that *written* stands for; None if it was made with another key, changed or is no such text."""
        head = written.rstrip(_LETTERS)
        body = written[len(head) :]
        if len(body) < _LEAST or len(body) % 2:
            return None
        try:
            value = self._cipher.decrypt(bytes.fromhex(body.translate(_READ)), [head.encode()])
        except InvalidTag:
            return None
        return value.decode("utf-8", "surrogatepass")
