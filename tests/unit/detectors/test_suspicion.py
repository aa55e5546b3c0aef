"""What looks like hiding, and what is ordinary writing."""

from __future__ import annotations

import pytest

from hybrid_guard.detectors.suspicion import is_suspicious


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("4\u200b1\u200b1\u200b1", id="zero-width spaces in a number"),
        pytest.param("pa\u00adss\u00adwo\u00adrd", id="soft hyphens in a word"),
        pytest.param("\u202ea\u202cb\u2066c", id="direction marks at letters"),
        pytest.param("hello" + "".join(chr(0xE0000 + ord(c)) for c in "secret"), id="tag characters"),
        pytest.param("\U0001f600" + "\U000e0102" * 9, id="variation selectors behind an emoji"),
        pytest.param("\U0001f3f4" + "".join(chr(0xE0000 + ord(c)) for c in "a long message"), id="message in a flag"),
        pytest.param("pаypal", id="Cyrillic a in a Latin word"),
        pytest.param("Αpple", id="Greek capital in a Latin word"),
        pytest.param("Моsсоw", id="Latin letters in a Cyrillic word"),
    ],
)
def test_hiding_is_suspicious(text: str) -> None:
    """Invisible characters in values and words of two scripts are no accident."""
    assert is_suspicious(text)


@pytest.mark.parametrize(
    "text",
    [
        "plain words",
        "naïve café über straße",
        "Привет, how are you?",
        "αβγ is Greek",
        "kΩ and TNFα and NFκB and µm and ΔT",
        "❤️❤️❤️I love it",
        "👨\u200d👩\u200d👧\u200d👦 family",
        "🏳️\u200d🌈 🏳️\u200d🌈 🏳️\u200d🌈",
        "1️⃣2️⃣3️⃣4️⃣",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f goal",
        "می\u200cخواهم می\u200cروم می\u200cگویم می\u200cشود",
        "\ufeffa file with a mark",
        "two soft\u00adhy\u00adphens",
    ],
)
def test_ordinary_writing_is_not(text: str) -> None:
    """Accents, other scripts, units, emoji, flags, keycaps and joiners of other scripts pass."""
    assert not is_suspicious(text)
