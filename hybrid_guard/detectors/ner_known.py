"""Places and bodies that everybody knows, taken for people: "Kerala is lovely", "AOL said"."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence

from hybrid_guard.detectors.ner_mentions import Mention
from hybrid_guard.detectors.public.public_names import fold_name, load_public_names

__all__ = ["name_known"]

_GENITIVES = ("", "a")
"""What a name may end with beyond itself: "Marka" is Mark's, in Polish, and a town as well."""


def name_known(
    text: str, mentions: Sequence[Mention], is_name: Callable[[str], bool], labels: Container[str]
) -> list[Mention]:
    """
    *mentions* with known places and bodies called so, where they were taken for people.

    A mention stays a person if somebody known has the name, or if all of its words are names that people have: a
    Denver or a Hamilton may be anybody. Nothing is dropped.

    Args:
        text: What they are mentions of.
        mentions: In any order, which is kept.
        is_name: Whether a word in lower case is a common name of people.
        labels: What a mention may be called.
    """
    return [mention._replace(label=_label(text, mention, is_name, labels)) for mention in mentions]


def _label(text: str, mention: Mention, is_name: Callable[[str], bool], labels: Container[str]) -> str:
    if mention.label != "PERSON":
        return mention.label
    known = load_public_names()
    folded = fold_name(text[mention.start : mention.end]).removesuffix(" s")
    label = "LOCATION" if folded in known["place"] else "ORGANIZATION" if folded in known["organisation"] else None
    if label is None or label not in labels or folded in known["person"]:
        return mention.label
    if all(any(is_name(word.removesuffix(ending)) for ending in _GENITIVES) for word in folded.split()):
        return mention.label
    return label
