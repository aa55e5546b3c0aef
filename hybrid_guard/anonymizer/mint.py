"""
Makes placeholders: the value and variant parts are keyed hashes of what they stand for, so that several processes that
share the key of a vault come to the same placeholder without asking one another.
"""

from __future__ import annotations

import hashlib
import hmac

from hybrid_guard.anonymizer.tokens import BODY_LENGTH, DIGITS, LETTERS, prefix
from hybrid_guard.errors import VaultError

__all__ = ["TRIES", "VALUE_LENGTH", "Mint", "neighbours", "no_form_left"]

VALUE_LENGTH = 4
"""Characters of a body that all spellings of one value share."""

TRIES = 100
"""Most bodies tried with one value part, and most value parts tried, before there is none left."""

_CHECK = 3
# By places: a digit and a letter, and a digit more; a keyed hash draws one of them.
_PAIRS = [digit + letter for letter in LETTERS for digit in DIGITS]
_TRIPLES = [pair + digit for digit in DIGITS for pair in _PAIRS]


class Mint:
    """
    Makes the placeholders of one vault.

    Two of its placeholders differ in at least two characters of the body, so no slip of one character turns one into
    the other. Not thread-safe.

    Args:
        key: The vault's own secret, 32 bytes. Without it nobody can tell a placeholder from a random one.
    """

    __slots__ = ("_key", "_taken", "_values")

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._taken: set[str] = set()
        self._values: set[str] = set()

    def __repr__(self) -> str:
        return f"<Mint {len(self._values)} values>"

    def issue(self, entity: str, *, kin: bytes, spelling: bytes, like: str | None = None) -> str:
        """
        A placeholder that was never issued before.

        Args:
            entity: Type of the value.
            kin: What all spellings of the value have in common.
            spelling: The exact value.
            like: Placeholder of another spelling of the same value, or None.

        Raises:
            VaultError: If no form is left.
        """
        if like is not None:
            value = like[-BODY_LENGTH:][:VALUE_LENGTH]
            for body_try in range(TRIES):
                token = self.token(entity, value, spelling, body_try)
                if self._admits(token):
                    return token
        # What found no room beside its kin has a value part of its own.
        alone = kin if like is None else spelling
        for value_try in range(TRIES):
            value = self.value(alone, value_try)
            if value not in self._values:
                token = self.token(entity, value, spelling, value_try)
                if self._admits(token):
                    return token
        raise no_form_left()

    def value(self, kin: bytes, attempt: int) -> str:
        """The value part for *kin*; another one for every *attempt*."""
        first = self._number(b"value %d " % attempt + kin)
        second, pair = divmod(first, len(_PAIRS))
        return _PAIRS[pair] + _PAIRS[second % len(_PAIRS)]

    def token(self, entity: str, value: str, spelling: bytes, attempt: int) -> str:
        """The placeholder of *spelling* with the value part *value*; another one for every *attempt*."""
        head = prefix(entity)
        payload = value + _PAIRS[self._number(b"variant %d " % attempt + spelling) % len(_PAIRS)]
        return head + payload + self._check(head, payload)

    def admit(self, token: str) -> None:
        """Take *token* as issued."""
        body = token[-BODY_LENGTH:]
        self._values.add(body[:VALUE_LENGTH])
        self._taken.update(_masks(body))

    def passes(self, token: str) -> bool:
        """Whether the check characters of *token* are right under this vault's key; by chance 1 in 1472 are."""
        head, body = token[:-BODY_LENGTH], token[-BODY_LENGTH:]
        return hmac.compare_digest(self._check(head, body[:-_CHECK]), body[-_CHECK:])

    def _admits(self, token: str) -> bool:
        """Take *token* as issued if it is far enough from all others."""
        body = token[-BODY_LENGTH:]
        masks = _masks(body)
        if not self._taken.isdisjoint(masks):
            return False
        self._values.add(body[:VALUE_LENGTH])
        self._taken.update(masks)
        return True

    def _check(self, head: str, payload: str) -> str:
        digest = hmac.digest(self._key, f"{head} {payload}".encode(), hashlib.sha256)
        return _TRIPLES[int.from_bytes(digest[:16]) % len(_TRIPLES)]

    def _number(self, message: bytes) -> int:
        """A keyed hash of *message*, 64 bits; BLAKE2 is three times as fast as HMAC, and every new value needs two."""
        return int.from_bytes(hashlib.blake2b(message, key=self._key, digest_size=8).digest())


def no_form_left() -> VaultError:
    """That a vault is used up."""
    return VaultError("no placeholder is left in this vault; begin a new conversation", code="HG402")


def neighbours(body: str) -> list[str]:
    """*body* and all bodies that differ from it in one place."""
    return [body] + [
        body[:place] + char + body[place + 1 :]
        for place in range(BODY_LENGTH)
        for char in (LETTERS if place % 2 else DIGITS)
        if char != body[place]
    ]


def _masks(body: str) -> list[str]:
    # INVARIANT: two bodies that differ in one place have a mask in common.
    return [body[:place] + "." + body[place + 1 :] for place in range(BODY_LENGTH)]
