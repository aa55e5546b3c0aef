"""What looks like hiding, and what is ordinary writing."""

from __future__ import annotations

import base64
import random

import pytest

from hybrid_guard.detectors.deadline import Deadline
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
        pytest.param("see \u202eabc\u202c there", id="text turned round"),
        pytest.param("it is %4A%6F%68%6E%73", id="letters escaped without need"),
        pytest.param("&#74;&#111;&#104;&#110;&#115;", id="letters as entities"),
        pytest.param("read Sm9obiBTbWl0aCBpcyBpbGw=", id="a sentence in base64"),
        pytest.param("4a6f686e20536d69746820697320696c6c", id="a sentence in hexadecimal"),
        pytest.param("it is four nine one seven two zero two", id="a long number in words"),
        pytest.param("zl anzr vf Wbua naq lbhe anzr vf Naan", id="letters moved by thirteen"),
        pytest.param("eman ym dna sserdda ym", id="words turned round"),
        pytest.param("....- .---- .---- .---- ....- .---- ----. ..--- ...--", id="Morse code"),
        pytest.param("alpha november november alpha at", id="the alphabet of radio"),
        pytest.param("it is fouroneoneonefivetwozeronine", id="words for digits without blanks"),
        pytest.param("orez thgie owt neves eno eno ", id="words for digits turned round"),
        pytest.param("IV I I I IV II V VIII IX I ", id="numerals of Rome"),
        pytest.param("⠼⠙⠼⠁⠼⠁⠼⠁⠼⠃⠼⠉⠼⠙", id="Braille"),
        pytest.param("号码是四一一一二三四五六七八九", id="numerals of China"),
        pytest.param("9ㄣ8ᄅƐ6-ƖƖ-ϛㄥ9", id="signs upside down"),
        pytest.param("🇦🇳🇳🇦.🇰🇪🇱🇱🇪🇷", id="letters of flags"),
        pytest.param("❹❶❶❶❷❸", id="digits on discs"),
        pytest.param("luci😀a.ro😀ssi😀62", id="emoji inside of a word"),
        pytest.param(" ".join("sk9Qx7Lm2Wz4Tb8Yc1Vn6Rd3Hf5"), id="a key whose characters stand apart"),
        pytest.param("x " + "".join(chr(33 + (index * 37) % 90) for index in range(60)), id="a token without order"),
    ],
)
def test_hiding_is_suspicious(text: str) -> None:
    """Invisible characters in values and words of two scripts are no accident."""
    assert is_suspicious(text, Deadline(60.0))


@pytest.mark.parametrize(
    "text",
    [
        "plain words",
        " ".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        "1 0 1 1 0 0 1 0 1 1 0 1 0 0 1 0 1 1 0 1 0 1 0 0 1 1",
        "X . O . X . O 1 2 . X . O . X . O 1 2 . X . O . X . O",
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
        "caf&eacute; &amp; bar%20name, 100 %",
        "one two three four five six seven eight nine ten",
        "commit 8f953371d3e85eddb89b05ed6b9e680791055315",
        "123e4567-e89b-12d3-a456-426614174000",
        "https://example.com/a/b?q=1&utm_source=Zx81kPqW92mNvB47LsTyHgRdFcXe",
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4",
        "contents . . . . . . . . . . . . . 12",
        "- - - - - - - - - - - - - - - -",
        "Alpha, Beta, Charlie and Delta went to the hotel in November",
        "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ waiting",
        "三月十五日，第二十一条，一百二十三人",
        "🇩🇪🇫🇷🇮🇹 won, 🎉🎉🎉 and more 😀 fun",
        "I. one, II. two, III. three, IV. four",
        "self.assertEqual(result.value_of_the_thing[0], expected_value_of_it)",
        "=" * 400 + "-" * 400 + "a1" * 400,
    ],
)
def test_ordinary_writing_is_not(text: str) -> None:
    """Accents, other scripts, units, emoji, flags, keycaps and joiners of other scripts pass."""
    assert not is_suspicious(text, Deadline(60.0))


MINIFIED = 't=(0,e.i(475254).default)("arrow-left",[["path",{d:"m12"}]]);e.s(["default",0,t],603908),e.s(["Plus",0])}'


def unread(count: int) -> bytes:
    """Bytes that are no text."""
    return random.Random(4).randbytes(count)


def test_minified_code_and_digests_are_ordinary() -> None:
    """A hash of the length that its name says, and code without blanks."""
    assert not is_suspicious(MINIFIED, Deadline(60.0))
    assert not is_suspicious(f'"integrity": "sha512-{base64.b64encode(unread(64)).decode()}",', Deadline(60.0))
    assert not is_suspicious(f"sha256:{unread(32).hex()}", Deadline(60.0))


def test_what_imitates_them_is_not() -> None:
    """A blob in code, and what calls itself a hash and has another length."""
    assert is_suspicious(MINIFIED.replace("arrow-left", base64.b85encode(unread(48)).decode()), Deadline(60.0))
    assert is_suspicious(f"{MINIFIED}+{base64.b64encode(unread(48)).decode()}", Deadline(60.0))
    assert is_suspicious(f'"integrity": "sha512-{base64.b64encode(unread(45)).decode()}",', Deadline(60.0))
