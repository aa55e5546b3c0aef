"""Cover the characters of a span."""

from __future__ import annotations

from hybrid_guard.anonymizer.operators.redact import label

__all__ = ["Mask"]

_SEPARATORS = frozenset(" \t\n.,:;/@+-()")
_LONG = 8
_SHOWN = 4


class Mask:
    """
    Puts ``*`` in the place of every character but separators: ``**** **** **** 1234``.

    Keeps the length and the separators. Identifiers, that is values with more than 8 letters and digits of which most
    are digits (but no dates), also keep the last 4, which is what card rules permit to be shown. Leaks all of that:
    the owner of a card can be recognised among few candidates.
    """

    def apply(self, text: str, *, entity: str) -> str:
        """The covered text, or the label of *entity* where covering would change nothing."""
        places = [place for place, char in enumerate(text) if char.isalnum()]
        digits = sum(text[place].isdigit() for place in places)
        identifier = len(places) > _LONG and 2 * digits > len(places) and "DATE" not in entity
        shown = set(places[-_SHOWN:]) if identifier else set()
        masked = "".join(char if place in shown or char in _SEPARATORS else "*" for place, char in enumerate(text))
        return masked if masked != text else label(entity, instead_of=text)
