"""Restoring tool arguments: values of any kind never break the JSON."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybrid_guard.anonymizer import JsonRestorer
from hybrid_guard.anonymizer.vault import Book
from hybrid_guard.types import VaultItem

NASTY = 'Jo "the\\pen"\n\t\u2028é\U0001f600\ud800\x00'
ENTRIES = Book(key=b"v" * 32, limit=9).put(
    [VaultItem(entity="PERSON", original=NASTY), VaultItem(entity="CITY", original="Turin")]
)
NAME, CITY = (entry.placeholder for entry in ENTRIES)

leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters(exclude_categories=()))
    | st.sampled_from([NAME, CITY])
)
values = st.recursive(
    leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.just(NAME), inner), max_leaves=8
)


def replaced(value: object) -> object:
    """*value* with both placeholders replaced in every string and key."""
    match value:
        case str():
            return value.replace(NAME, NASTY).replace(CITY, "Turin")
        case list():
            return [replaced(one) for one in value]
        case dict():
            return {replaced(key): replaced(one) for key, one in value.items()}
        case _:
            return value


@given(values.filter(lambda value: isinstance(value, (str, list, dict))), st.booleans(), st.sampled_from([None, 2]))
def test_values_are_the_same_but_for_the_placeholders(value: object, ascii_only: bool, indent: int | None) -> None:
    """Any JSON, however written, is parsed to the same with the originals in it."""
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)

    assert json.loads(JsonRestorer(ENTRIES).restore(text)) == replaced(value)


def test_what_is_between_the_strings_stays() -> None:
    """White space, numbers of any size, doubled keys and the order are as the model wrote them."""
    text = '{ "a":1.50, "a" : 1e400,\n"' + CITY + '":[9007199254740993] }'

    assert JsonRestorer(ENTRIES).restore(text) == text.replace(CITY, "Turin")


def test_placeholders_spread_over_escapes_are_restored() -> None:
    """Escaped characters are what they stand for."""
    text = f'["{CITY[:4]}\\u200b{CITY[4:]}", "\\u0043{CITY[1:]}", "{CITY[:4]}\\\\_{CITY[4:]}"]'

    assert JsonRestorer(ENTRIES).restore(text) == '["Turin", "Turin", "Turin"]'


def test_links_in_one_string_do_not_concern_the_next() -> None:
    """Each string has its own context; in a link nothing is restored."""
    restorer = JsonRestorer(ENTRIES)

    assert restorer.restore(f'["https://a.example/?q={CITY}","{CITY}"]') == f'["https://a.example/?q={CITY}","Turin"]'
    assert (restorer.tally.restored, restorer.tally.withheld) == (1, 1)
    assert restorer.restore(f'"https://a.example/?q={CITY}"').endswith(CITY + '"')
    assert JsonRestorer(ENTRIES, trusted=True).restore(f'["//x www.{CITY}"]') == '["//x www.Turin"]'


def test_an_unfinished_placeholder_ends_with_its_string() -> None:
    """A whole string that ends in half a placeholder stays; a text that breaks off there loses it."""
    restorer = JsonRestorer(ENTRIES)

    assert restorer.restore(f'{{"a": "x {CITY[:6]}"}}') == f'{{"a": "x {CITY[:6]}"}}'
    assert restorer.restore(f'{{"a": "x {CITY[:6]}') == '{"a": "x '
    assert restorer.restore(f'["{CITY}') == '["Turin'
    assert "Turin" not in repr(restorer)


@pytest.mark.parametrize(
    "text", ['["\\', '["\\u', '["\\u00', '["\\ud83d', '["a\\ud83d\\u', '["\\ud83d\\ude0', "[", " ", ""]
)
def test_a_text_that_breaks_off_in_an_escape_is_kept(text: str) -> None:
    """Half an escape is given out as it is."""
    for cut in range(len(text) + 1):
        restorer = JsonRestorer(ENTRIES)

        assert restorer.feed(text[:cut]) + restorer.feed(text[cut:]) + restorer.flush() == text


def test_surrogate_pairs_are_joined_over_chunks() -> None:
    """Two escapes that make one character are one, and a half alone stays a half."""
    restorer = JsonRestorer(ENTRIES)
    out = "".join(map(restorer.feed, '["\\ud83d\\ude00", "\\ud83d", "\\ude00\\ud83dx"]')) + restorer.flush()

    assert out == '["\U0001f600", "\\ud83d", "\\ude00\\ud83dx"]'


def test_escapes_that_are_none_become_text() -> None:
    """A wrong escape is taken literally, and the quote after it still ends the string."""
    assert json.loads(JsonRestorer(ENTRIES).restore(f'["\\_{CITY}", "\\u12", "\\u1\\n", "\\uzz"]')) == [
        "\\_Turin",
        "\\u12",
        "\\u1\n",
        "\\uzz",
    ]


def test_plain_text_is_restored_as_such() -> None:
    """Arguments that are no JSON are restored like an answer."""
    restorer = JsonRestorer(ENTRIES)

    assert (
        restorer.feed("  ") + restorer.feed(f' city "{CITY}" {NAME}') + restorer.flush() == f'   city "Turin" {NASTY}'
    )
    assert restorer.restore(f"city {CITY[:7]}") == "city "
    assert restorer.restore(f'"{NAME}"') == json.dumps(NASTY, ensure_ascii=False).replace("\ud800", "\\ud800")
