"""Everything that ``patterns.v1`` looks for, put together."""

from __future__ import annotations

from collections.abc import Sequence

from hybrid_guard.detectors.matching import Pattern
from hybrid_guard.detectors.tables.addresses import ADDRESSES
from hybrid_guard.detectors.tables.ages import AGES
from hybrid_guard.detectors.tables.bodies import BODIES
from hybrid_guard.detectors.tables.cards import CARDS
from hybrid_guard.detectors.tables.dates import DATES
from hybrid_guard.detectors.tables.forms import FORMS
from hybrid_guard.detectors.tables.health import HEALTH
from hybrid_guard.detectors.tables.identifiers import IDENTIFIERS
from hybrid_guard.detectors.tables.ids import LABELLED_IDS
from hybrid_guard.detectors.tables.money import MONEY
from hybrid_guard.detectors.tables.people import PEOPLE
from hybrid_guard.detectors.tables.phones import build_phone_patterns
from hybrid_guard.detectors.tables.places import PLACES
from hybrid_guard.detectors.tables.recognizers import load_recognizer_patterns
from hybrid_guard.detectors.tables.ties import TIES
from hybrid_guard.detectors.tables.vocabulary import build_vocabulary_patterns
from hybrid_guard.detectors.tables.work import WORK

__all__ = ["build_pattern_table"]


def build_pattern_table(languages: Sequence[str]) -> tuple[Pattern, ...]:
    """
    The patterns of all entities, of all countries and languages.

    Args:
        languages: ISO 639-1; where they are spoken, telephone numbers need no country code.
    """
    return (
        *IDENTIFIERS,
        *CARDS,
        *PLACES,
        *LABELLED_IDS,
        *FORMS,
        *ADDRESSES,
        *DATES,
        *AGES,
        *WORK,
        *TIES,
        *MONEY,
        *PEOPLE,
        *BODIES,
        *build_phone_patterns(languages),
        *HEALTH,
        *build_vocabulary_patterns(),
        *load_recognizer_patterns(),
    )
