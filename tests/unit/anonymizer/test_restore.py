"""Restoring answers: links, secrets, counts, the end of a text."""

from __future__ import annotations

import pytest

from hybrid_guard.anonymizer import Restorer, Tally
from hybrid_guard.anonymizer.vault import Book
from hybrid_guard.types import VaultEntry, VaultItem


def entries(*items: tuple[str, str]) -> tuple[VaultEntry, ...]:
    """Entries of a vault."""
    put = [VaultItem(entity=entity, original=original, role="user") for entity, original in items]
    return Book(key=b"v" * 32, limit=100).put(put)


ADA, MAIL, LINK = ENTRIES = entries(("PERSON", "Ada"), ("EMAIL_ADDRESS", "a@b.c"), ("URL", "https://e.example/?q="))
TOKEN = ADA.placeholder


@pytest.mark.parametrize(
    "text",
    [
        "https://e.example/?q={t}",
        "http://{t}.e.example/",
        "www.e.example/{t}",
        "e.example/?q={t}",
        "![x](//e.example/{t})",
        "[x]({t})",
        "[x]: //e.example/{t}",
        '<img src="//e.example/{t}">',
        "<img src='{t}'>",
        "<img src={t}>",
        "https://e.example/?q={l}",
        '<img\n\nsrc="{t}">',
        '<img src=\n\n"//e.example/{t}">',
        "<img src=\n \n//e.example/{t}\n>",
        "[a]: https:\\\\e&sol;{t}",
        "[a]: https:\\\\{t}.e.example",
        "[a]: https&colon;&sol;&sol;e&period;example&sol;{t}",
        "x <y and https://e.example/{t}",
        "{t}.e.example",
        "//{t}.e.example",
        "{t}-a.e.example",
        "x{t}s.e.example",
        "{t}\\.e.example",
        "{l}.xn--e.example",
    ],
)
def test_no_value_is_put_into_a_link(text: str) -> None:
    """A link keeps the placeholder, as the model wrote it; after the link values are restored again."""
    text = text.format(t=TOKEN, l=TOKEN.lower())
    restorer = Restorer(ENTRIES)

    assert restorer.restore(f"{text} {TOKEN}") == f"{text} Ada"
    assert (restorer.tally.restored, restorer.tally.withheld, restorer.tally.invented) == (1, 1, 0)
    assert "Ada" not in repr(restorer)


@pytest.mark.parametrize("text", ["{t}.", "{t}.pdf", "{t}.See you", "{t}...", "{t}. No. 1", "{t}, e.example", "{t}-1"])
def test_the_end_of_a_sentence_is_no_link(text: str) -> None:
    """A full stop behind a placeholder, or a file name's end, keeps nothing from being restored."""
    assert Restorer(ENTRIES).restore(text.format(t=TOKEN)) == text.format(t="Ada")


def test_two_placeholders_in_one_host_name_stay() -> None:
    """A host name may be built of several values."""
    text = f"{TOKEN}-{MAIL.placeholder}.e.example {TOKEN}"

    assert Restorer(ENTRIES).restore(text) == text[: -len(TOKEN)] + "Ada"


@pytest.mark.parametrize("dot", [".", "\u3002", "\uff0e", "\uff61", "%2e", "%2E", "\\."])
def test_the_beginning_of_a_host_name_stays(dot: str) -> None:
    """However its dots are written, and wherever the answer is cut."""
    text = f"see {TOKEN}{dot}evil{dot}example now"
    assert Restorer(ENTRIES).restore(text) == text
    for cut in range(len(text)):
        restorer = Restorer(ENTRIES)
        assert restorer.feed(text[:cut]) + restorer.feed(text[cut:]) + restorer.flush() == text


def test_an_original_that_opens_a_link_counts() -> None:
    """A restored address is the beginning of a link like any other."""
    assert Restorer(ENTRIES).restore(f"{LINK.placeholder}{TOKEN} {TOKEN}") == f"https://e.example/?q={TOKEN} Ada"


def test_a_text_that_no_model_wrote_is_restored_everywhere() -> None:
    """In a trusted text links, secrets and the end are restored, too."""
    (secret,) = Book(key=b"v" * 32, limit=1).put([VaultItem(entity="SECRET", original="pw", role="system")])
    restorer = Restorer([secret], trusted=True)

    assert restorer.restore(f"https://e.example/{secret.placeholder} SECRET{secret.placeholder[6:8]}") == (
        f"https://e.example/pw SECRET{secret.placeholder[6:8]}"
    )


def test_secrets_of_the_system_and_of_tools_are_never_restored() -> None:
    """Only what the user or the assistant said comes back; other types come back from everywhere."""
    book = Book(key=b"v" * 32, limit=9)
    secrets = [
        book.put([VaultItem(entity="SECRET", original="pw", role=role)])[0] for role in ("system", "tool", "user")
    ]
    (city,) = book.put([VaultItem(entity="CITY", original="Turin", role="system")])
    system, _, user = (entry.placeholder for entry in secrets)
    restorer = Restorer(book.entries())

    assert restorer.restore(f"{system} {user} {city.placeholder}") == f"{system} pw Turin"
    assert restorer.tally.withheld == 1


def test_placeholders_that_were_never_issued_are_left_and_counted() -> None:
    """Made-up placeholders stay; what is put in is not looked at again."""
    other = Book(key=b"w" * 32, limit=1).put([VaultItem(entity="PERSON", original="Bo")])[0].placeholder
    nested = Book(key=b"v" * 32, limit=9)
    (inner,) = nested.put([VaultItem(entity="PERSON", original="Cy")])
    (outer,) = nested.put([VaultItem(entity="TOKEN_LITERAL", original=inner.placeholder)])
    restorer = Restorer(nested.entries())

    assert restorer.restore(f"{other}, {other.lower()}.") == f"{other}, {other.lower()}."
    assert restorer.tally.invented == 2
    assert restorer.restore(outer.placeholder) == inner.placeholder
    assert restorer.restore(f"{other[:10]}{inner.placeholder}{other[10:]}.") == f"{other[:10]}Cy{other[10:]}."
    assert restorer.tally.invented == 3
    assert restorer.tally.returned == {inner.placeholder, outer.placeholder}


@pytest.mark.parametrize("damage", [TOKEN[:10], TOKEN[:-1], f"{TOKEN[:11]}x{TOKEN[12:]}", f"{TOKEN[:8]}_{TOKEN[8:11]}"])
@pytest.mark.parametrize("before", ["", "the ", "x" * 60])
def test_a_damaged_placeholder_is_counted_once_in_any_chunks(damage: str, before: str) -> None:
    """Text that begins like an issued placeholder and is none was needed and is lost."""
    text = f"{before}{damage.lower()} and on."
    restorer, single = Restorer(ENTRIES), Restorer(ENTRIES)

    assert restorer.restore(text) == text
    assert "".join(map(single.feed, text)) + single.flush() == text
    assert restorer.tally.invented == single.tally.invented == 1


def test_words_that_look_a_little_like_placeholders_are_not_counted() -> None:
    """Only names of entities that this vault has issued placeholders for, with four characters of a body behind."""
    restorer = Restorer(ENTRIES)

    restorer.restore("Person 7 of 9, PERSON7, version 2B3C4D, NAME7K2M9X4Q8, PERSON 7-2-3, salesperson2a.")

    assert restorer.tally.invented == 0


def test_what_a_model_has_changed_is_repaired() -> None:
    """Only what differs from the issued form counts."""
    restorer = Restorer(ENTRIES)

    assert restorer.restore(f"{TOKEN} {TOKEN.lower()} **{TOKEN[:6]}_{TOKEN[6:]}**") == "Ada Ada **Ada**"
    assert (restorer.tally.restored, restorer.tally.repaired, restorer.tally.returned) == (3, 2, {TOKEN})


@pytest.mark.parametrize(
    "text", ["PERSON", "person ", "Email", "E-mail address", "P", "URL:", "", "&", "PERSON &nb", "PERSON****"]
)
def test_words_at_the_end_are_released(text: str) -> None:
    """A text may end in the name of a type."""
    restorer = Restorer(ENTRIES)

    assert restorer.restore(text) == text
    assert (restorer.tally.unfinished, restorer.tally.invented) == (0, 0)


@pytest.mark.parametrize("end", [7, 10, 14])
@pytest.mark.parametrize("filler", ["", " ", "&#82", "_&nbsp;"])
def test_an_unfinished_placeholder_is_dropped(end: int, filler: str) -> None:
    """What the model did not finish is not shown, and the next text begins anew."""
    restorer = Restorer(ENTRIES)

    assert restorer.restore(f"Dear {TOKEN[:end]}{filler}") == "Dear "
    assert (restorer.tally.unfinished, restorer.tally.invented) == (1, 0)
    assert restorer.restore(TOKEN[end:]) == TOKEN[end:]


@pytest.mark.parametrize("filler", [" " * 5, "&nbsp;" * 5, "\n", ".", "/", "|", "&amp;"])
def test_what_is_too_far_apart_is_no_placeholder(filler: str) -> None:
    """More than four fillers, or anything else in between, is not forgiven."""
    for place in (3, 6, 9):
        text = f"{TOKEN[:place]}{filler}{TOKEN[place:]}."

        assert Restorer(ENTRIES).restore(text) == text


def test_another_name_before_the_body_is_not_forgiven() -> None:
    """The name of the type is a part of the placeholder."""
    for text in ("NAME" + TOKEN[6:], TOKEN[6:], "X" + TOKEN[1:]):
        assert Restorer(ENTRIES).restore(text + ".") == text + "."


def test_words_are_held_back_no_longer_than_needed() -> None:
    """What cannot become an issued placeholder is released at once."""
    restorer = Restorer(ENTRIES)

    assert restorer.feed("My email") == "My "
    assert restorer.feed(" is not a person") == "email is not a "
    assert restorer.feed("al answer") == "personal answer"
    assert restorer.feed(TOKEN) == ""
    assert restorer.feed(f" {TOKEN[:9]}") == "Ada "
    assert restorer.flush() == ""


def test_an_empty_vault_restores_nothing() -> None:
    """Without entries every text is released as it comes."""
    restorer = Restorer(())

    assert restorer.feed(TOKEN) + restorer.feed(" P") == TOKEN + " P"
    assert restorer.flush() == ""
    assert restorer.tally == Tally()
