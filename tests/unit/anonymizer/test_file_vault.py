"""The vault in a file: what is on disk, with which rights, and what happens when something is wrong."""

from __future__ import annotations

import base64
import os
import secrets
import stat
from pathlib import Path

import pytest

from hybrid_guard.anonymizer import FileVault
from hybrid_guard.anonymizer.keys import KEY_VARIABLE
from hybrid_guard.errors import VaultError
from hybrid_guard.types import VaultItem

ITEM = VaultItem(entity="PERSON", original="Ada\ud800 Lovelace", role="tool")


def new_key() -> str:
    """A random key, as the environment would hold it."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the vault is to be."""
    return tmp_path / "names.vault"


def saved(path: Path, environ: dict[str, str] | None = None) -> FileVault:
    """A vault with one entry, on disk."""
    vault = FileVault(path, environ=environ or {})
    vault.put([ITEM])
    vault.save()
    return vault


def test_a_vault_is_read_back(path: Path) -> None:
    """Another process finds the same entries and goes on with them."""
    entries = saved(path).entries()
    vault = FileVault(path, environ={})

    assert vault.entries() == entries
    assert vault.put([ITEM]) == entries
    assert repr(vault) == "<FileVault <Book 1 entries>>"


def test_roles_that_are_not_known_are_other(path: Path) -> None:
    """What comes back from disk has a role that this version knows."""
    vault = FileVault(path, environ={})
    vault.put([VaultItem(entity="PERSON", original="Ada", role="nobody")])  # type: ignore[arg-type]  # a later version
    vault.save()

    assert FileVault(path, environ={}).entries()[0].item.role == "other"


def test_files_are_private_and_hold_no_original(path: Path) -> None:
    """Vault and key can be read by their owner only, no original is in them, and nothing else is left behind."""
    saved(path)
    key = path.with_name("names.vault.key")

    assert {one.name for one in path.parent.iterdir()} == {path.name, key.name}
    assert {stat.S_IMODE(one.stat().st_mode) for one in (path, key)} == {0o600}
    assert b"Ada" not in path.read_bytes()
    assert b"PERSON" not in path.read_bytes()
    assert path.read_bytes().startswith(b"hybrid-guard-vault 1\n")


def test_each_write_is_sealed_anew(path: Path) -> None:
    """The same content never gives the same bytes."""
    vault = saved(path)
    before = path.read_bytes()
    vault.save()

    assert path.read_bytes() != before
    assert FileVault(path, environ={}).entries() == vault.entries()


def test_a_key_in_the_environment_leaves_no_key_file(path: Path) -> None:
    """With a key given none is made, and without it the vault stays closed."""
    environ = {KEY_VARIABLE: new_key()}
    saved(path, environ)

    assert not path.with_name("names.vault.key").exists()
    assert len(FileVault(path, environ=environ).entries()) == 1
    with pytest.raises(VaultError, match=r"HG414.*no key"):
        FileVault(path, environ={})


def test_a_wrong_key_opens_nothing(path: Path) -> None:
    """Another key is an error that shows no value."""
    saved(path, {KEY_VARIABLE: new_key()})
    with pytest.raises(VaultError, match="HG413") as caught:
        FileVault(path, environ={KEY_VARIABLE: new_key()})
    assert "Ada" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("place", [21, 33, 40, -1])
def test_a_changed_byte_is_noticed(path: Path, place: int) -> None:
    """Nonce, content and tag are all under the seal."""
    saved(path)
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    with pytest.raises(VaultError, match="HG413"):
        FileVault(path, environ={})


@pytest.mark.parametrize("content", [b"", b"hybrid-guard-vault 1\n", b"hybrid-guard-vault 2\n" + b"x" * 60, b"{}" * 60])
def test_another_file_is_refused(path: Path, content: bytes) -> None:
    """A file of another kind or version is not taken for a vault."""
    path.write_bytes(content)
    with pytest.raises(VaultError, match="HG412"):
        FileVault(path, environ={KEY_VARIABLE: new_key()})


@pytest.mark.parametrize("key", ["", "short", "ä" * 44, base64.b64encode(b"x" * 31).decode()])
def test_a_malformed_key_is_refused(path: Path, key: str) -> None:
    """The error names the variable and not its content."""
    with pytest.raises(VaultError, match=f"HG416.*{KEY_VARIABLE}") as caught:
        saved(path, {KEY_VARIABLE: key})
    assert not key or key not in str(caught.value)
    assert not path.exists()


def test_a_key_that_others_can_read_is_refused(path: Path) -> None:
    """A key file with open rights is no secret."""
    saved(path)
    path.with_name("names.vault.key").chmod(0o640)
    with pytest.raises(VaultError, match=r"HG415.*chmod 600"):
        FileVault(path, environ={})


def test_a_key_left_by_a_failed_start_is_used(path: Path) -> None:
    """If a first run made the key and then failed, the next one goes on with it."""
    key = path.with_name("names.vault.key")
    key.write_text(new_key())
    key.chmod(0o600)
    saved(path)

    assert len(FileVault(path, environ={}).entries()) == 1


def test_two_writers_do_not_lose_entries(path: Path) -> None:
    """Who comes second is told so, and the first one's entries stay."""
    saved(path)
    one, two = FileVault(path, environ={}), FileVault(path, environ={})
    one.put([VaultItem(entity="PERSON", original="Bo")])
    one.save()
    two.put([VaultItem(entity="PERSON", original="Cy")])
    with pytest.raises(VaultError, match="HG411"):
        two.save()
    assert FileVault(path, environ={}).entries() == one.entries()


def test_a_failed_write_leaves_the_old_vault(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk fails in the middle the old file is whole and no half one is left."""
    vault = saved(path)
    before = path.read_bytes()

    def fail(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(VaultError, match=r"HG410.*cannot write vault `names.vault`: no space left"):
        vault.save()
    assert path.read_bytes() == before
    assert not [one for one in path.parent.iterdir() if one.name.startswith(".")]


def test_a_place_that_cannot_be_written_is_named(path: Path) -> None:
    """A missing folder and a folder in the place of the file are vault errors."""
    with pytest.raises(VaultError, match="HG410"):
        saved(path / "deeper" / "file")
    path.mkdir()
    with pytest.raises(VaultError, match=r"HG410.*cannot read"):
        FileVault(path, environ={})


def test_a_key_is_never_written_over(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the key appears while the vault is made, it is not replaced."""
    vault = FileVault(path, environ={})
    key = path.with_name("names.vault.key")
    real = os.open

    def race(name: os.PathLike[str], *rest: int) -> int:
        key.write_text("x")
        return real(name, *rest)

    monkeypatch.setattr(os, "open", race)
    with pytest.raises(VaultError, match="HG410"):
        vault.save()
    assert key.read_text() == "x"
