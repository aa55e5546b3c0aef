"""
A vault in an encrypted file, for texts that are anonymised now and restored later.

::

    hybrid-guard-vault 1\\n   format and version; authenticated
    12 bytes                 nonce, new for every write
    the rest                 AES-256-GCM over the JSON of the entries and the vault's own secret
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from hybrid_guard.anonymizer.keys import KEY_BYTES, KEY_VARIABLE, decode_key
from hybrid_guard.anonymizer.roles import role_of
from hybrid_guard.anonymizer.vault import MAX_ENTRIES, Book
from hybrid_guard.errors import VaultError
from hybrid_guard.types import VaultEntry, VaultItem

__all__ = ["FileVault"]

_HEADER = b"hybrid-guard-vault 1\n"
_NONCE_BYTES, _TAG_BYTES = 12, 16
_PRIVATE = 0o600


class FileVault:
    """
    One vault in one file. Not thread-safe; two processes that write the same file are noticed.

    The key is taken from the environment or else from ``FILE.key`` beside the file, which is made with the vault.
    Whoever has both the file and its key has the originals.

    Args:
        path: The vault file. If there is none the vault is empty, and `save` makes it.
        environ: Environment variables.

    Raises:
        VaultError: If the file or its key cannot be read, or do not belong together.
    """

    def __init__(self, path: Path, *, environ: Mapping[str, str]) -> None:
        self._path = path
        self._key_path = path.with_name(path.name + ".key")
        self._environ = environ
        self._sealed = self._read()
        if self._sealed is None:
            self._secret = secrets.token_bytes(KEY_BYTES)
            entries: tuple[VaultEntry, ...] = ()
        else:
            self._secret, entries = self._open(self._sealed)
        self._book = Book(key=self._secret, limit=MAX_ENTRIES, entries=entries)

    def __repr__(self) -> str:
        return f"<FileVault {self._book!r}>"

    def put(self, items: Sequence[VaultItem]) -> tuple[VaultEntry, ...]:
        """Get or make the entry of each item. Nothing is on disk before `save`."""
        return self._book.put(items)

    def entries(self) -> tuple[VaultEntry, ...]:
        """Everything in the vault."""
        return self._book.entries()

    def save(self) -> None:
        """
        Replace the file, all at once, readable by its owner only.

        Raises:
            VaultError: If it cannot be written, or has changed since it was read.
        """
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        key = self._key(make=self._sealed is None)
        content = {
            "secret": base64.b64encode(self._secret).decode(),
            "entries": [
                [entry.placeholder, entry.item.entity, entry.item.role, entry.item.original] for entry in self.entries()
            ],
        }
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = _HEADER + nonce + AESGCM(key).encrypt(nonce, json.dumps(content).encode(), _HEADER)
        with self._errors("write"), self._locked():
            if self._read() != self._sealed:
                raise VaultError(
                    f"vault `{self._path.name}` was changed by another process; run the command again", code="HG411"
                )
            self._replace(sealed)
        self._sealed = sealed

    def _read(self) -> bytes | None:
        with self._errors("read"):
            return self._path.read_bytes() if self._path.exists() else None

    def _open(self, sealed: bytes) -> tuple[bytes, tuple[VaultEntry, ...]]:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if not sealed.startswith(_HEADER) or len(sealed) < len(_HEADER) + _NONCE_BYTES + _TAG_BYTES:
            raise VaultError(f"`{self._path.name}` is no vault file of this version; name another file", code="HG412")
        nonce, body = sealed[len(_HEADER) :][:_NONCE_BYTES], sealed[len(_HEADER) + _NONCE_BYTES :]
        try:
            content = json.loads(AESGCM(self._key(make=False)).decrypt(nonce, body, _HEADER))
        except InvalidTag:
            raise VaultError(
                f"vault `{self._path.name}` does not fit its key or was changed; give the key it was made with",
                code="HG413",
            ) from None
        entries = tuple(
            VaultEntry(placeholder=placeholder, item=VaultItem(entity=entity, original=original, role=role_of(role)))
            for placeholder, entity, role, original in content["entries"]
        )
        return base64.b64decode(content["secret"]), entries

    def _key(self, *, make: bool) -> bytes:
        given = self._environ.get(KEY_VARIABLE)
        if given is not None:
            return decode_key(given, f"`{KEY_VARIABLE}`")
        with self._errors("read the key of"):
            if make and not self._key_path.exists():
                return self._make_key()
            if not self._key_path.exists():
                raise VaultError(
                    f"vault `{self._path.name}` has no key; set `{KEY_VARIABLE}` or bring `{self._key_path.name}`",
                    code="HG414",
                )
            if stat.S_IMODE(self._key_path.stat().st_mode) & 0o077:
                raise VaultError(f"`{self._key_path.name}` can be read by others; run chmod 600 on it", code="HG415")
            return decode_key(self._key_path.read_text("ascii", "replace"), f"`{self._key_path.name}`")

    def _make_key(self) -> bytes:
        key = secrets.token_bytes(KEY_BYTES)
        descriptor = os.open(self._key_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, _PRIVATE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.b64encode(key) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        return key

    def _replace(self, content: bytes) -> None:
        temporary = self._path.with_name(f".{self._path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, _PRIVATE)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self._path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise

    @contextmanager
    def _locked(self) -> Iterator[None]:
        # The directory is locked, for the file itself is replaced; syncing it makes the new name durable.
        descriptor = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    @contextmanager
    def _errors(self, verb: str) -> Iterator[None]:
        try:
            yield
        except OSError as exc:
            raise VaultError(
                f"cannot {verb} vault `{self._path.name}`: {os.strerror(exc.errno or 0).lower()}; "
                "check the path and its rights",
                code="HG410",
            ) from None
