"""Seals what one life of one vault keeps: hashes instead of values, AES-256-GCM around the rest."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from types import MappingProxyType
from typing import Any

from hybrid_guard.anonymizer.keys import derive
from hybrid_guard.anonymizer.mint import TRIES, Mint, no_form_left
from hybrid_guard.anonymizer.roles import role_of
from hybrid_guard.anonymizer.stores.shelf import Record
from hybrid_guard.anonymizer.tokens import BODY_LENGTH, prefix
from hybrid_guard.anonymizer.vault import encoded, identity, kinship
from hybrid_guard.errors import VaultError
from hybrid_guard.types import HighWater, VaultEntry, VaultItem

__all__ = ["SALT_BYTES", "Sealer"]

SALT_BYTES = 32
_HASH_BYTES, _NONCE_BYTES, _KEY_BYTES = 16, 12, 32


class Sealer:
    """
    The keys of one life of one vault. Thread-safe.

    Args:
        key: That of the store, 32 bytes.
        name: Of the vault on its shelf.
        salt: Of this life.
    """

    __slots__ = ("_cipher", "_hashing", "_mint", "_name", "salt")

    def __init__(self, key: bytes, name: bytes, salt: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        keys = derive(key, b"vault " + name, salt=salt, length=3 * _KEY_BYTES)
        self._cipher = AESGCM(keys[:_KEY_BYTES])
        self._hashing = keys[_KEY_BYTES : 2 * _KEY_BYTES]
        # Only draws and checks are asked of it, and those change nothing.
        self._mint = Mint(keys[2 * _KEY_BYTES :])
        self._name = name
        self.salt = salt

    def __repr__(self) -> str:
        return "<Sealer>"

    def record(self, item: VaultItem, *, value_try: int, body_try: int) -> Record:
        """
        *item* under a placeholder of its own.

        Args:
            item: What is to be kept.
            value_try: How many value parts belonged to other values.
            body_try: How many bodies were too near to others.

        Raises:
            VaultError: HG402 if no form is left.
        """
        if value_try >= TRIES or body_try >= 2 * TRIES:
            raise no_form_left()
        spelling = encoded(identity(item))
        # What found no room beside its kin has a value part of its own.
        kin = encoded(kinship(item)) if body_try < TRIES else b"alone " + spelling
        placeholder = self._mint.token(item.entity, self._mint.value(kin, value_try), spelling, body_try)
        own, body = self._hash(b"own " + spelling), placeholder[-BODY_LENGTH:]
        content = self._seal([item.entity, item.original, item.role], own + body.encode())
        return Record(own=own, kin=self._hash(b"kin " + kin), body=body, content=content)

    def entry(self, record: Record) -> VaultEntry:
        """
        What *record* holds.

        Raises:
            VaultError: HG436 if it was changed, or belongs to another place.
        """
        content = self._open(record.content, record.own + record.body.encode())
        entity, original, role = content
        item = VaultItem(entity=entity, original=original, role=role_of(role))
        return VaultEntry(placeholder=prefix(entity) + record.body, item=item)

    def mark(self, mark: HighWater) -> bytes:
        """*mark*, sealed."""
        return self._seal([mark.level, dict(mark.counts), sorted(mark.tags)], b"mark")

    def read_mark(self, content: bytes) -> HighWater:
        """The mark that *content* holds. Raises `VaultError` as `entry`."""
        # INVARIANT: no mark at all was taken away by somebody, for every life begins with one.
        level, counts, tags = self._open(content, b"mark")
        return HighWater(level=level, counts=MappingProxyType(counts), tags=frozenset(tags))

    def _hash(self, message: bytes) -> bytes:
        return hmac.digest(self._hashing, message, hashlib.sha256)[:_HASH_BYTES]

    def _seal(self, content: list[Any], place: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, json.dumps(content).encode(), self._name + place)

    def _open(self, sealed: bytes, place: bytes) -> Any:
        from cryptography.exceptions import InvalidTag

        nonce, body = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return json.loads(self._cipher.decrypt(nonce, body, self._name + place))
        except (InvalidTag, ValueError):
            # INVARIANT: what cannot be told to be ours restores nothing, and neither do its neighbours.
            raise VaultError(
                "an entry of the vault was changed or belongs elsewhere; purge the conversation and begin a new one",
                code="HG436",
            ) from None
