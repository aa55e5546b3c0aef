"""What may stand in an audit event, and what may not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import hybrid_guard.errors
from hybrid_guard.audit.shapes import code, count, flag, label, number, optional, several, table, word, words, zone
from hybrid_guard.errors import AuditError
from hybrid_guard.types import Zone

HOSTILE = [
    "",
    "Anna lives in Bonn",
    "a" * 129,
    "line\nbreak",
    "plain\n",
    'quote"',
    "{brace}",
    "carriage\rreturn",
    "nul\0",
    "bidi\u202e",
    "\ud800",
    "größe",
    "a@b.example",
    "١٢٣",
]


@pytest.mark.parametrize("value", [*HOSTILE, None, 7, b"bytes", ["list"]])
def test_a_word_is_never_a_sentence_nor_breaks_a_line(value: object) -> None:
    """Whatever is not a plain identifier is refused, and the error names the field and not the value."""
    with pytest.raises(AuditError) as caught:
        word(value, "facts.level")

    assert caught.value.code == "HG503"
    assert "`facts.level`" in str(caught.value)
    assert not isinstance(value, str) or len(value) < 2 or value not in str(caught.value)


@pytest.mark.parametrize("value", ["HG601", "openai/gpt-5", "unhealthy:gpt", "a", "a" * 128, "v1.2_3"])
def test_a_plain_identifier_is_a_word(value: str) -> None:
    """Ids, aliases and reasons come back as they are."""
    assert value == word(value, "x")


def test_words_keep_their_order() -> None:
    """A list of words is a list in the same order."""
    assert words(("b", "a"), "x") == ["b", "a"]


@pytest.mark.parametrize("value", [one for one in HOSTILE if len(one) > 1])
def test_a_label_that_could_be_a_sentence_is_hidden(value: str) -> None:
    """A digest stands for it: the same one each time, another for another label, and a word."""
    hidden = label(value, "tags")

    assert value not in hidden
    assert hidden.startswith("hidden:")
    assert hidden == label(value, "tags")
    assert hidden != label(value + "!", "tags")
    assert hidden == word(hidden, "tags")
    assert hidden == label(hidden, "tags")


def test_a_plain_label_stands_for_itself() -> None:
    """A tag such as ``research`` can be replayed."""
    assert label("research-2.b_c", "tags") == "research-2.b_c"


def test_a_label_is_a_string() -> None:
    """Other values are refused."""
    with pytest.raises(AuditError, match="is not a string"):
        label(7, "tags")


def test_a_hidden_label_cannot_be_looked_up_later() -> None:
    """Two processes give two digests, so nobody can hash a guess and search for it."""
    program = "from hybrid_guard.audit.shapes import label; print(label('Anna B.', 'tags'))"
    root = Path(hybrid_guard.errors.__file__).parents[1]
    digests = {
        subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, check=True).stdout
        for _ in range(2)
    }

    assert len(digests) == 2


@pytest.mark.parametrize("value", ["HG1", "hg601", "HG6011", "boom", None])
def test_an_error_code_has_one_shape(value: object) -> None:
    """Nothing but HG and three digits is a code."""
    assert code("HG601", "errors") == "HG601"
    with pytest.raises(AuditError):
        code(value, "errors")


@pytest.mark.parametrize("value", [True, -1, 1.0, 1 << 63, "1", None])
def test_a_count_is_a_whole_number_from_zero(value: object) -> None:
    """Booleans, fractions, negative and huge numbers are refused."""
    assert count(0, "x") == 0
    with pytest.raises(AuditError):
        count(value, "x")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 10**400, True, "1", None])
def test_a_number_is_finite(value: object) -> None:
    """What JSON cannot say is refused, and so is a number so long that it could carry a text."""
    assert number(-1.5, "x") == -1.5
    with pytest.raises(AuditError):
        number(value, "x")


@pytest.mark.parametrize("value", [0, 1, "true", None])
def test_a_flag_is_true_or_false(value: object) -> None:
    """Nothing else is."""
    assert flag(True, "x")
    assert not flag(False, "x")
    with pytest.raises(AuditError):
        flag(value, "x")


def test_a_closed_set_refuses_what_is_outside_and_says_what_is_inside() -> None:
    """Members of an enum are written as what they stand for."""
    written = zone(Zone.PRIVATE, "zone")

    assert str is type(written)
    assert written == "private"
    with pytest.raises(AuditError, match="one of external, local, private"):
        zone("cloud", "zone")
    with pytest.raises(AuditError):
        zone(3, "zone")


def test_sets_are_written_sorted_and_tables_by_words() -> None:
    """A set has no order of its own; the keys of a table are words too."""
    assert several(word, frozenset({"b", "a"}), "x") == ["a", "b"]
    assert table(count, {"PERSON": 2}, "x") == {"PERSON": 2}
    with pytest.raises(AuditError):
        table(count, {"Anna Berg": 2}, "x")


def test_optional_lets_none_pass() -> None:
    """None is written as null; anything else is checked."""
    assert None is optional(word, None, "x")
    assert optional(word, "a", "x") == "a"
    with pytest.raises(AuditError):
        optional(word, "a b", "x")
