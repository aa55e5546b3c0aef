"""Where the key of shared vaults comes from."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable

import pytest

from hybrid_guard.anonymizer import keys
from hybrid_guard.anonymizer.keys import ENTRY_POINTS, KEY_VARIABLE, derive, find_key, see_key
from hybrid_guard.errors import VaultError

KEY = secrets.token_bytes(32)


class Point:
    """An entry point that loads what a test gives it."""

    name = "hsm"

    def __init__(self, give: Callable[[], object]) -> None:
        self.give = give

    def load(self) -> Callable[[], object]:
        """What the package offers."""
        return self.give


def install(monkeypatch: pytest.MonkeyPatch, give: Callable[[], object]) -> None:
    """Install a package that gives keys."""
    monkeypatch.setattr(keys, "entry_points", lambda group: [Point(give)] if group == ENTRY_POINTS else [])


def raises() -> bytes:
    """A key server that says too much."""
    raise RuntimeError(KEY.hex())


def test_the_environment_gives_the_key() -> None:
    """In base64."""
    assert find_key(None, {KEY_VARIABLE: base64.b64encode(KEY).decode()}) == KEY


def test_an_installed_package_gives_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Instead of the environment, which is not read then."""
    install(monkeypatch, lambda: KEY)

    assert find_key("hsm", {KEY_VARIABLE: "nonsense"}) == KEY


@pytest.mark.parametrize(
    ("source", "environ", "code"),
    [(None, {}, "HG414"), (None, {KEY_VARIABLE: "c2hvcnQ="}, "HG416"), ("nobody", {}, "HG414")],
)
def test_no_key_is_an_error(source: str | None, environ: dict[str, str], code: str) -> None:
    """That names the variable or the package, and never what was given."""
    for ask in (find_key, see_key):
        with pytest.raises(VaultError, match=code) as caught:
            ask(source, environ)
        assert "c2hvcnQ" not in str(caught.value)


@pytest.mark.parametrize(
    ("give", "code"),
    [(raises, "HG417"), (lambda: KEY[1:], "HG416"), (lambda: KEY.hex(), "HG416"), (lambda: None, "HG416")],
)
def test_a_package_that_gives_none_is_an_error(
    monkeypatch: pytest.MonkeyPatch, give: Callable[[], object], code: str
) -> None:
    """What it said or gave is not repeated."""
    install(monkeypatch, give)
    with pytest.raises(VaultError, match=code) as caught:
        find_key("hsm", {})
    assert KEY.hex()[2:] not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_package_is_not_asked_to_see_that_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key server may be slow, or away from where a policy is written."""
    install(monkeypatch, raises)

    see_key("hsm", {})
    see_key(None, {KEY_VARIABLE: base64.b64encode(KEY).decode()})


def test_purposes_have_keys_of_their_own() -> None:
    """And so have salts."""
    made = {derive(KEY, b"a"), derive(KEY, b"b"), derive(KEY, b"a", salt=b"s"), derive(KEY[::-1], b"a")}

    assert len(made) == 4
    assert len(derive(KEY, b"a", length=96)) == 96
