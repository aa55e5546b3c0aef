"""Texts as RE2 reads them, and the way back to the original."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybrid_guard.detectors.views import OTHER, OTHER_LETTER, build_views


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("plain", "plain"),
        ("４１１１＠", "4111@"),
        ("٤۵६", "456"),
        ("𝟒𝗮", "4a"),
        ("a\u00a0b\u2003c", "a b c"),
        ("1\u20132\u22123\u20114", "1-2-3-4"),
        ("it\u2019s \u201cso\u201d", 'it\'s "so"'),
        ("\u20ac5", "\xa45"),
        ("caf\u00e9", "caf\u00e9"),
        ("\u0142\u0416", OTHER_LETTER * 2),
        ("\u4e2d\u6587\u0e01", OTHER * 3),
        ("\U0001f642\u2026\u2122", OTHER * 3),
        ("\U000e0041\U000e0031", "A1"),
        ("\ud800", OTHER),
        ("a\u3002b", "a.b"),
    ],
)
def test_a_reading_has_one_byte_for_each_character(text: str, reading: str) -> None:
    """Look-alikes of ASCII are folded; letters and other characters are told apart."""
    (view,) = build_views(text)
    assert view.read(0, len(text)) == reading
    assert view.locate(0, len(text)) == (0, len(text))


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("4\u200b1", "41"),
        ("a\u00adb\u2060c", "abc"),
        ("a\x00b\x07", "ab"),
        ("e\u0301x", "ex"),
        ("\ufb01x", "fix"),
        ("\u2460\u00b2", "12"),
        ("1\ufe0f\u20e3", "1"),
        ("\x00\u4e2d", OTHER),
    ],
)
def test_a_second_reading_closes_what_is_invisible(text: str, reading: str) -> None:
    """Invisible and combining characters are left out, ligatures spelt out; the first reading has gaps there."""
    aligned, compact = build_views(text)
    assert len(aligned.data) == len(text)
    assert compact.read(0, len(reading)) == reading
    assert len(compact.data) == len(reading)


def test_a_hit_in_the_second_reading_covers_what_hid_it() -> None:
    """The span goes from the first to the last character that took part."""
    text = "x 4\u200b1\u200b1 \ufb01"
    _, compact = build_views(text)
    assert compact.locate(2, 5) == (2, 7)
    assert compact.locate(6, 7) == compact.locate(7, 8) == (8, 9)


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("a4\u200b\ufb01\u0301\u00b2"))))
def test_every_span_of_every_reading_lies_in_the_text(text: str) -> None:
    """Whatever the text, readings are made, and offsets lead back into it in order."""
    for view in build_views(text):
        places = [view.locate(index, index + 1) for index in range(len(view.data))]
        assert all(0 <= start < end <= len(text) for start, end in places)
        assert places == sorted(places)


def test_readings_do_not_show_the_text() -> None:
    """The repr of a view holds no text."""
    assert "secret" not in repr(build_views("secret\x00"))
