"""Making placeholders: keyed, far enough apart, and the same wherever they are made."""

from __future__ import annotations

import secrets
from itertools import product

import pytest

from hybrid_guard.anonymizer.mint import TRIES, Mint, neighbours
from hybrid_guard.anonymizer.tokens import BODY_LENGTH, DIGITS, LETTERS
from hybrid_guard.errors import VaultError


def issue(mint: Mint, spelling: str, *, kin: str | None = None, entity: str = "PERSON", like: str | None = None) -> str:
    """A placeholder of *spelling*."""
    return mint.issue(entity, kin=(kin or spelling).encode(), spelling=spelling.encode(), like=like)


def test_placeholders_are_identifiers_of_fixed_length() -> None:
    """Each is a legal identifier whose length depends on the entity alone, and differs from all others without case."""
    mint = Mint(secrets.token_bytes(32))
    tokens = [issue(mint, f"a{number}", entity="EMAIL_ADDRESS") for number in range(500)]

    assert {len(token) for token in tokens} == {len("EMAILADDRESS") + BODY_LENGTH}
    assert all(token.isidentifier() and token.isalnum() and token.isascii() for token in tokens)
    assert not set("".join(token[-BODY_LENGTH:] for token in tokens)) & set("01ILO")
    assert len({token.lower() for token in tokens}) == 500


def test_two_placeholders_differ_in_two_places() -> None:
    """No slip of one character turns a placeholder into another one."""
    mint = Mint(secrets.token_bytes(32))
    bodies = [issue(mint, f"a{number}")[-BODY_LENGTH:] for number in range(400)]
    distances = [sum(a != b for a, b in zip(x, y, strict=True)) for i, x in enumerate(bodies) for y in bodies[:i]]

    assert min(distances) >= 2


def test_spellings_share_the_value_part() -> None:
    """A model can see which placeholders stand for spellings of one value; others never share it."""
    mint = Mint(secrets.token_bytes(32))
    first, other = issue(mint, "a"), issue(mint, "b")
    kin = issue(mint, "A", kin="a", like=first)

    assert kin[:-5] == first[:-5] != other[:-5]
    assert kin != first


def test_more_spellings_than_room_get_values_of_their_own() -> None:
    """When a value part is used up, further spellings get another one."""
    mint = Mint(secrets.token_bytes(32))
    first = issue(mint, "a")
    tokens = [issue(mint, f"a{number}", kin="a", like=first) for number in range(400)]

    assert len(set(tokens)) == 400
    assert len({token[:-5] for token in tokens}) > 1


def test_the_check_depends_on_the_key_and_on_every_character() -> None:
    """A random body, a change of one character, another type or another vault pass less often than 1 in 1000."""
    mint, stranger = Mint(b"a" * 32), Mint(b"b" * 32)
    tokens = [issue(mint, f"a{number}") for number in range(200)]
    changed = [
        token[:place] + other + token[place + 1 :]
        for token in tokens
        for place in range(6, 15)
        for other in (DIGITS if token[place].isdigit() else LETTERS)
        if other != token[place]
    ]

    assert all(map(mint.passes, tokens))
    assert sum(map(stranger.passes, tokens)) <= 3
    assert sum(mint.passes("CITY" + token[6:]) for token in tokens) <= 3
    assert sum(map(mint.passes, changed)) / len(changed) < 1.5e-3


def test_a_full_vault_says_so() -> None:
    """If no form is left the error names the remedy."""
    mint = Mint(b"a" * 32)
    mint._values = {"".join(one) for one in product(DIGITS, LETTERS, DIGITS, LETTERS)}

    with pytest.raises(VaultError, match=r"HG402.*new conversation"):
        issue(mint, "a")
    assert "values" in repr(mint)


def test_the_same_key_makes_the_same_placeholders() -> None:
    """Two processes need not ask each other; with another key nothing is the same."""
    tokens = [Mint(key).token("PERSON", Mint(key).value(b"k", 0), b"s", 0) for key in (b"a" * 32, b"a" * 32, b"b" * 32)]

    assert tokens[0] == tokens[1] != tokens[2]
    assert len({Mint(b"a" * 32).value(b"k", attempt) for attempt in range(TRIES)}) > TRIES / 2
    assert len({Mint(b"a" * 32).token("PERSON", "2A2A", b"s", attempt) for attempt in range(TRIES)}) > TRIES / 3


def test_neighbours_are_all_that_differ_in_one_place() -> None:
    """The body itself, and each of its places with each other character that may stand there."""
    near = neighbours("2A2A2A2A2")

    assert len(set(near)) == len(near) == 1 + 5 * (len(DIGITS) - 1) + 4 * (len(LETTERS) - 1)
    assert all(sum(a != b for a, b in zip("2A2A2A2A2", one, strict=True)) <= 1 for one in near)
