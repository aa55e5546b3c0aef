"""Parts of a text that may be values in disguise."""

from __future__ import annotations

import pytest

from hybrid_guard.detectors.deadline import Deadline
from hybrid_guard.detectors.fragments import BREAK, Fragment, find_fragments, join_fragments
from hybrid_guard.detectors.views import build_views


def fragments(text: str) -> list[Fragment]:
    """All of them, with nothing explained."""
    return find_fragments(build_views(text)[-1], explained=lambda start, end: False, deadline=Deadline(60.0))


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("it is 4 1 1 1   1 1 1 1 ok", "4111 1111"),
        ("a.n.n.a...k.@.e.x.a...o.r.g", "anna.k@exa.org"),
        ("1 2 3 - 4 5 - 6 7 8 9", "123-45-6789"),
        ("+ 4 9   1 7 1   2 3", "+49 171 23"),
        ("536_22_1120", "536-22-1120"),
        ("192 . 168 . 2 . 44", "192.168.2.44"),
        ("4,111,111,111,111,111 x", "4111111111111111"),
        ("4111 then 1111 then 1111 then 1111", "4111111111111111"),
        ("4111/* x */1111/* x */1111/* x */1111", "4111111111111111"),
        ('"anna" + ".k@e" + "xa.o" + "rg"', "anna.k@exa.org"),
        ("4lll llll llll llll", "4111 1111 1111 1111"),
        ("is NL59 ABNA O953 79O9 77", "NL59 ABNA 0953 7909 77"),
        ("l2:DO:7O:74:D8:B5", "12:D0:70:74:D8:B5"),
        ("x4111111111111111x", "4111111111111111"),
        ("xxDE89370400440532013000yy", "DE89370400440532013000"),
        ("x00:1b:44:11:3a:b7x", "00:1b:44:11:3a:b7"),
        ("0211-22-635", "536-22-1120"),
        ("00 0310 2350 4400 4073 98ED", "DE89 3704 0044 0532 0130 00"),
        ("QR89370400440532013000", "DE89370400440532013000"),
        ("mail a.b@exam\nple.org", "mail a.b@example.org"),
        ("zzAKIA" + "234567ABCDEFGHIJzz", "AKIA" + "234567ABCDEFGHIJ"),
    ],
)
def test_a_disguise_is_taken_off(text: str, form: str) -> None:
    """Spaced out, regrouped, with letters for digits, glued, turned round, moved by thirteen, broken."""
    assert form.encode() in [one.data for one in fragments(text)]


@pytest.mark.parametrize(
    "text",
    [
        "plain words without anything",
        "48/2 = 24 and 240 + 180 + 150 = 570",
        "1,250,000.00",
        "a list: 1, 22, 333, 4444",
        "5168 - 1907 / 2136",
        "released on 2026-01-12",
        "4,111,111,111",
        "17 then 22 and 35 more",
        "0000000000",
        "contents \xb7 \xb7 \xb7 \xb7 \xb7 \xb7 \xb7 \xb7 page",
        "\xab \xbb \xab \xbb \xab \xbb \xab",
    ],
)
def test_words_and_sums_have_none(text: str) -> None:
    """Numbers that stand for themselves are no parts of one value."""
    assert fragments(text) == []


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("M14.084 14.158 3 3 0 0 1-4.242-4.242 z", "14084141583300142424242"),
        ('])},988846,438100}},107233,e=>{"use', "988846438100107233"),
        ("\n@pytest.mark.slow1\n@pytest.mark.parametrize\n", "@pytest.mark.slow1@pytest.mark.parametrize"),
    ],
)
def test_drawings_and_code_are_not_joined(text: str, form: str) -> None:
    """Decimals, items of minified code, and the lines above a function."""
    assert form.encode() not in [one.data for one in fragments(text)]


def test_what_is_explained_is_passed_over() -> None:
    """A part that a finding covers already is no disguise."""
    view = build_views("see 536_22_1120 and x4111111111111111x")[-1]
    left = find_fragments(view, explained=lambda start, end: end <= 16, deadline=Deadline(60.0))
    assert left
    assert all(one.origins[0] >= 16 for one in left)


def test_a_form_leads_back_to_its_place() -> None:
    """Every byte of a form stands for a part of the original, and all forms together keep that."""
    text = "it is 4 1 1 1   1 1 1 1 ok"
    found = fragments(text)
    joined = join_fragments(found)
    for start, one in zip(joined.starts, found, strict=True):
        assert joined.view.data[start : start + len(one.data)] == one.data
        assert joined.view.data[start + len(one.data) :].startswith(BREAK)
        assert joined.view.locate(start, start + len(one.data)) == (one.origins[0], one.ends[-1])
        assert text[one.origins[0] : one.ends[-1]] == "4 1 1 1   1 1 1 1"


@pytest.mark.parametrize(
    "unit",
    ["on 20260112 it, ", "abcdefghijklmnop, ", "a\n", "1-", "12345678 + 1; ", "12 a 34 b 56 c\n"],
)
def test_what_is_dropped_costs_time_too(unit: str) -> None:
    """The clock is looked at for each part that is looked at, and not only for those that are kept."""
    looks: list[float] = []

    def clock() -> float:
        looks.append(0.0)
        return 0.0

    text = f"{unit * 6000} 4111 1111 1111"
    find_fragments(build_views(text)[-1], explained=lambda start, end: True, deadline=Deadline(1.0, clock=clock))
    assert len(looks) >= 60
