"""Planning and applying: what gets a placeholder, and the texts that come out."""

from __future__ import annotations

import pytest

from hybrid_guard.anonymizer import Restorer, Treated, apply, build_operators, plan
from hybrid_guard.anonymizer.vault import Book
from hybrid_guard.errors import DetectionError, VaultError
from hybrid_guard.types import Finding, Findings, Operator, Segment, SegmentRole, Treatment, VaultItem

OPERATORS = build_operators(b"k" * 32)
MIXED = Treatment(
    default=Operator.PLACEHOLDER, entities={"CITY": Operator.KEEP, "AGE": Operator.GENERALIZE, "ID": Operator.MASK}
)


def segment(text: str, role: SegmentRole = "user") -> Segment:
    """A text of a request."""
    return Segment(path="/x", text=text, role=role)


def find(text: str, **parts: str) -> tuple[Finding, ...]:
    """Findings of an entity for the first place of each part."""
    places = sorted((text.index(part), len(part), entity) for entity, part in parts.items())
    return tuple(
        Finding(start=start, end=start + size, entity=entity, score=1.0, detector="test.v1")
        for start, size, entity in places
    )


def book() -> Book:
    """An empty vault."""
    return Book(key=b"v" * 32, limit=100)


def test_each_operator_is_applied_in_its_place() -> None:
    """Kept spans stay, others are replaced, and what is between them is untouched."""
    text = "Ada, aged 40, of Turin, card 4111111111111111."
    segments = (segment(text), segment(""), segment("Ada"))
    findings = Findings(
        spans=(find(text, PERSON="Ada", AGE="40", CITY="Turin", ID="4111111111111111"), (), find("Ada", PERSON="Ada"))
    )
    items = plan(segments, findings, MIXED)
    entries = book().put(items)
    one, two, three = apply(segments, findings, MIXED, entries, OPERATORS)
    token = entries[0].placeholder

    assert items == (VaultItem(entity="PERSON", original="Ada", role="user"),)
    assert one.text == f"{token}, aged between 39 and 50, of Turin, card ************1111."
    assert (two, three.text) == (Treated(text="", replaced=()), token)
    assert [text[c:d] for _, _, c, d in one.replaced] == ["Ada", "40", "4111111111111111"]
    assert [one.text[a:b] for a, b, _, _ in one.replaced] == [token, "between 39 and 50", "************1111"]
    assert "Ada" not in repr(one)


def test_items_are_planned_once_and_in_order() -> None:
    """The same value in several texts is asked for once; texts that look like placeholders are asked for, too."""
    text = "Bo met Ada, see PERSON7K2M9X4Q8"
    segments = (segment(text), segment("Ada PERSON7K2M9X4Q8", "tool"))
    findings = Findings(
        spans=(
            (*find(text, PERSON="Bo"), *find(text, PERSON="Ada")),
            find("Ada", PERSON="Ada"),
        )
    )

    assert [(item.entity, item.original) for item in plan(segments, findings, MIXED)] == [
        ("PERSON", "Bo"),
        ("PERSON", "Ada"),
        ("TOKEN_LITERAL", "PERSON7K2M9X4Q8"),
    ]


def test_placeholder_like_texts_are_replaced_whatever_the_treatment() -> None:
    """Also where nothing was found and everything is kept, and inside a kept finding, but not inside a replaced one."""
    text = "a PERSON7K2M9X4Q8 b"
    keep_all = Treatment()
    for spans, treatment in [((), keep_all), (find(text, CITY="PERSON7K2M9X4Q8 b"), MIXED)]:
        findings = Findings(spans=(spans,))
        (item,) = plan((segment(text),), findings, treatment)
        entries = book().put([item])
        (out,) = apply((segment(text),), findings, treatment, entries, OPERATORS)

        assert item.entity == "TOKEN_LITERAL"
        assert out.text == f"a {entries[0].placeholder} b"
    findings = Findings(spans=(find(text, ID="PERSON7K2M9X4Q8"),))
    assert plan((segment(text),), findings, MIXED) == ()


def test_a_finding_inside_a_placeholder_like_text_breaks_it() -> None:
    """The finding is replaced, and what is left on both sides names no placeholder."""
    vault = book()
    (victim,) = vault.put([VaultItem(entity="PERSON", original="Ada", role="system")])
    text = victim.placeholder
    findings = Findings(spans=((Finding(start=8, end=10, entity="PERSON", score=1.0, detector="test.v1"),),))
    vault.put(plan((segment(text),), findings, MIXED))
    (out,) = apply((segment(text),), findings, MIXED, vault.entries(), OPERATORS)

    assert Restorer(vault.entries(), trusted=True).restore(out.text) == text


def test_what_a_mask_leaves_does_not_add_up_to_a_placeholder() -> None:
    """If the end that a mask shows completes a placeholder with the text beside it, the label is used instead."""
    vault = book()
    (victim,) = vault.put([VaultItem(entity="IBAN", original="secret", role="system")])
    shown, rest = victim.placeholder[:6], victim.placeholder[6:]
    text = f"12345678{shown[2:]}"
    text = f"IB1234567890{victim.placeholder[2:6]}{rest}"
    findings = Findings(spans=((Finding(start=2, end=16, entity="ID", score=1.0, detector="test.v1"),),))
    (out,) = apply((segment(text),), findings, MIXED, (), OPERATORS)

    assert out.text == f"IB[ID]{rest}"


def test_the_secret_of_each_origin_has_its_own_placeholder() -> None:
    """A secret in the system prompt and the same typed by the user leave as two placeholders."""
    segments = (segment("pw", "system"), segment("pw", "user"))
    findings = Findings(spans=(find("pw", SECRET="pw"),) * 2)
    items = plan(segments, findings, MIXED)
    system, user = apply(segments, findings, MIXED, book().put(items), OPERATORS)

    assert [item.role for item in items] == ["system", "user"]
    assert system.text != user.text


def test_a_missing_entry_is_an_error() -> None:
    """Without its placeholder no text leaves; the error does not quote the value."""
    with pytest.raises(VaultError, match=r"HG407.*`PERSON`") as caught:
        apply((segment("Ada"),), Findings(spans=(find("Ada", PERSON="Ada"),)), MIXED, (), OPERATORS)
    assert "Ada" not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("spans", [[(0, 0)], [(2, 1)], [(0, 4)], [(-1, 1)], [(1, 2), (0, 1)], [(0, 2), (1, 3)]])
def test_findings_that_do_not_fit_are_refused(spans: list[tuple[int, int]]) -> None:
    """Empty, reversed, unsorted or overlapping spans and spans outside of the text are errors of detection."""
    findings = Findings(
        spans=(tuple(Finding(start=a, end=b, entity="PERSON", score=1.0, detector="test.v1") for a, b in spans),)
    )
    with pytest.raises(DetectionError, match="HG311"):
        plan((segment("Ada"),), findings, MIXED)
    with pytest.raises(DetectionError, match="HG311"):
        apply((segment("Ada"),), findings, MIXED, (), OPERATORS)


def test_findings_for_another_number_of_texts_are_refused() -> None:
    """Every text has its tuple of findings."""
    with pytest.raises(DetectionError, match="HG310"):
        plan((segment("Ada"),), Findings(spans=()), MIXED)
