"""YAML 1.2 scalars, and the place of everything."""

from __future__ import annotations

import pytest

from hybrid_guard.errors import PolicyError
from hybrid_guard.policies.yaml_strict import Value, read


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("True", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("y", "y"),
        ("22:30", "22:30"),
        ("1_000", "1_000"),
        ("0o17", "0o17"),
        ("017", "017"),
        ("0x1F", "0x1F"),
        ("0b1", "0b1"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("2024-03-12", "2024-03-12"),
        ("=", "="),
        ("0", 0),
        ("-7", -7),
        ("+7", 7),
        ("1e3", 1000.0),
        ("1.", 1.0),
        (".5", 0.5),
        ("-0.25", -0.25),
        ("0.1e-2", 0.001),
        ("1٠", "1٠"),
        ('"true"', "true"),
        ("'1'", "1"),
        ("|\n  a\n  b", "a\nb"),
    ],
)
def test_scalars_are_read_by_the_core_schema(written: str, value: Value) -> None:
    """Booleans are `true` and `false`, numbers are decimal, and all else is text."""
    content = read(f"key: {written}", file="f").content

    assert content == {"key": value}
    assert isinstance(content, dict)
    assert type(content["key"]) is type(value)


def test_keys_are_always_text() -> None:
    """A key is what is written, never a boolean, a number or null."""
    assert read("{true: 1, 1: 2, null: 3, '<<': 4}", file="f").content == {"true": 1, "1": 2, "null": 3, "<<": 4}


def test_marks_of_keys_and_values() -> None:
    """Every key and value has its line and column, both from 1; what is absent has those of its parent."""
    document = read("a: 1\nb:\n  - x\n  - {c: y}\n", file="f")

    assert document.value(()) == (1, 1)
    assert document.value(("a",)) == (1, 4)
    assert document.key(("a",)) == (1, 1)
    assert document.key(("b", 0)) == (3, 5)
    assert document.key(("b", 1, "c")) == (4, 6)
    assert document.value(("b", 1, "c")) == (4, 9)
    assert document.value(("b", 1, "absent", "deeper")) == (4, 5)
    assert document.value(("absent",)) == (1, 1)


def test_documents_do_not_show_their_content() -> None:
    """A document may hold a deny list, so its repr is silent."""
    assert "Bluebird" not in repr(read("deny: [Bluebird]", file="f"))


def test_limits_are_just_wide_enough() -> None:
    """What lies within the limits is read: 20 levels, 10 000 nodes and 256 KiB."""
    deep = read("[" * 20 + "]" * 20, file="f")
    many = read("[" + "1," * 9_999 + "]", file="f")
    large = read("a: 1 #" + "x" * (256 * 1024 - 6), file="f")

    assert deep.values
    assert len(many.values) == 10_000
    assert large.content == {"a": 1}
    for text in ("[" * 21 + "]" * 21, "[" + "1," * 10_000 + "]", "a: 1 #" + "x" * (256 * 1024 - 5)):
        with pytest.raises(PolicyError, match="HG105"):
            read(text, file="f")
