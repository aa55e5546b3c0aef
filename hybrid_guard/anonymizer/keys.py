"""
The key of vaults that outlive a request: where it comes from, and what is derived from it.

It is read from the environment, or given by an installed package that fetches it from a key server. It is never in a
policy, never an argument, and nothing is sealed with the key itself.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points

from hybrid_guard.errors import VaultError

__all__ = ["ENTRY_POINTS", "KEY_BYTES", "KEY_VARIABLE", "decode_key", "derive", "find_key", "see_key"]

KEY_VARIABLE = "HYBRID_GUARD_VAULT_KEY"
"""Environment variable that may hold the key: 32 bytes in base64."""

ENTRY_POINTS = "hybrid_guard.vault_keys"
"""Group of entry points by which an installed package gives the key: functions without arguments that return bytes."""

KEY_BYTES = 32


def find_key(source: str | None, environ: Mapping[str, str]) -> bytes:
    """
    The key of the vaults of a policy.

    Args:
        source: Name of an entry point of the group `ENTRY_POINTS`; None for the variable `KEY_VARIABLE`.
        environ: Environment variables.

    Returns:
        32 bytes.

    Raises:
        VaultError: HG414 there is none; HG416 it has the wrong length; HG417 the entry point failed.
    """
    if source is None:
        return _from_variable(environ)
    entry = _entry_point(source)
    try:
        key = entry.load()()
    except Exception as error:
        # PRIVACY: what a key server says may hold the key.
        raise VaultError(
            f"the vault key `{source}` could not be fetched ({type(error).__name__}); see the package that gives it",
            code="HG417",
        ) from None
    if not isinstance(key, bytes) or len(key) != KEY_BYTES:
        raise VaultError(
            f"the vault key `{source}` is not {KEY_BYTES} bytes; see the package that gives it", code="HG416"
        )
    return key


def see_key(source: str | None, environ: Mapping[str, str]) -> None:
    """
    See whether there is a key for the vaults of a policy. No installed package is loaded or asked for it.

    Args:
        source, environ: As `find_key` has them.

    Raises:
        VaultError: HG414 there is none; HG416 the variable holds something else.
    """
    if source is None:
        _from_variable(environ)
    else:
        _entry_point(source)


def decode_key(text: str, place: str) -> bytes:
    """
    The key that *text* holds in base64.

    Raises:
        VaultError: HG416; *place* is named, the text is not.
    """
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise VaultError(f"{place} is no vault key; give {KEY_BYTES} bytes in base64", code="HG416")
    return key


def _from_variable(environ: Mapping[str, str]) -> bytes:
    given = environ.get(KEY_VARIABLE)
    if given is None:
        raise VaultError(f"the vault needs a key; set `{KEY_VARIABLE}` to 32 random bytes in base64", code="HG414")
    return decode_key(given, f"`{KEY_VARIABLE}`")


def _entry_point(name: str) -> EntryPoint:
    for entry in entry_points(group=ENTRY_POINTS):
        if entry.name == name:
            return entry
    raise VaultError(
        f"no installed package gives the vault key `{name}` (entry point of `{ENTRY_POINTS}`); install it", code="HG414"
    )


def derive(key: bytes, purpose: bytes, *, salt: bytes = b"", length: int = KEY_BYTES) -> bytes:
    """*length* bytes for one *purpose* by HKDF-SHA256; what is derived tells nothing about *key* or one another."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=b"hybrid-guard " + purpose).derive(key)
