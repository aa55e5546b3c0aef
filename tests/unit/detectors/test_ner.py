"""The name detector around the network."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hybrid_guard.detectors import bundled_pipeline_path
from hybrid_guard.detectors.ner import LABELS, NameDetector
from hybrid_guard.detectors.ner_finder import SETTINGS_FILE, WEIGHTS_FILE
from hybrid_guard.errors import DetectionError
from hybrid_guard.types import Finding, Segment
from tests.unit.detectors.ner_rig import TAGGED, write_pipeline


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pipeline(tmp_path_factory.mktemp("ner") / "pipeline")


def _detect(detector: NameDetector, *texts: str) -> tuple[tuple[Finding, ...], ...]:
    return detector.detect([Segment(path="", text=text) for text in texts], language="en").spans


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(), max_size=120))
def test_any_text_has_sound_findings(folder: Path, text: str) -> None:
    """Emoji, half characters, scripts from right to left, nothing at all: spans lie inside, sorted and disjoint."""
    (spans,) = _detect(NameDetector(folder), text)
    at = 0
    for span in spans:
        assert at <= span.start < span.end <= len(text)
        assert not text[span.start].isspace()
        assert not text[span.end - 1].isspace()
        assert 0 <= span.score <= 1
        assert span.entity in TAGGED
        assert span.detector == "ner.v2"
        at = span.end


@pytest.mark.parametrize("text", ["x" * 100_000, "Mary" * 25_000, "\ud800" * 20_000, "שלום " * 20_000, "1" * 100_000])
def test_long_texts_without_borders_are_read(folder: Path, text: str) -> None:
    """A hundred thousand characters, with and without a blank."""
    (spans,) = _detect(NameDetector(folder), text)
    assert all(span.end <= len(text) for span in spans)


def test_many_texts_are_read_as_one_at_a_time(folder: Path) -> None:
    """Order and company change nothing, and a second reading neither."""
    texts = ["Mary met Tom", "", "in Berlin\n\n12", "Mary met Tom", "of the people"]
    detector = NameDetector(folder)
    together = _detect(detector, *texts)
    assert together == tuple(_detect(detector, text)[0] for text in texts)
    assert together == _detect(NameDetector(folder), *texts)
    assert any(together)


def test_names_have_exact_places_in_each_segment() -> None:
    """Offsets are code points of the segment, behind emoji and accents too."""
    texts = ["🙂🙂 é My name is Mary Jones.", "", "She moved to Berlin."]
    found = [
        [text[span.start : span.end] for span in spans]
        for text, spans in zip(texts, _detect(NameDetector(), *texts), strict=True)
    ]
    assert found == [["Mary Jones"], [], ["Berlin"]]


def test_empty_texts_need_no_pipeline(tmp_path: Path) -> None:
    """Nothing is loaded for nothing."""
    assert _detect(NameDetector(tmp_path / "missing"), "", "") == ((), ())


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:1000])


def _writer(content: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        path.write_text(content, encoding="utf-8")

    return change


def _without(name: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        kept = json.loads(path.read_text(encoding="utf-8"))
        del kept[name]
        path.write_text(json.dumps(kept), encoding="utf-8")

    return change


DAMAGE: dict[str, tuple[str, Callable[[Path], None]]] = {
    "no weights": (WEIGHTS_FILE, Path.unlink),
    "no settings": (SETTINGS_FILE, Path.unlink),
    "weights cut off": (WEIGHTS_FILE, _cut),
    "weights empty": (WEIGHTS_FILE, _writer("")),
    "settings are no JSON": (SETTINGS_FILE, _writer("{")),
    "settings are a list": (SETTINGS_FILE, _writer("[]")),
    "settings lack the labels": (SETTINGS_FILE, _without("labels")),
    "settings lack the distances": (SETTINGS_FILE, _without("dilations")),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_a_damaged_pipeline_is_an_error_with_a_remedy(what: str, tmp_path: Path) -> None:
    """It names the folder and what to do, and quotes neither the text nor the path."""
    file, damage = DAMAGE[what]
    damage(write_pipeline(tmp_path / "broken") / "names" / file)
    with pytest.raises(DetectionError, match="cannot read its pipeline at `broken`; reinstall") as caught:
        _detect(NameDetector(tmp_path / "broken"), "Mary")
    assert caught.value.code == "HG304"
    assert "Mary" not in str(caught.value)
    assert str(tmp_path) not in str(caught.value)
    assert caught.value.__cause__ is None


def test_the_bundled_pipeline_is_in_the_package() -> None:
    """Beside the module that loads it, with the labels that the module says."""
    labels = json.loads((bundled_pipeline_path() / "names" / SETTINGS_FILE).read_text(encoding="utf-8"))["labels"]
    assert set(labels) == LABELS


def test_the_detector_does_without_spacy(folder: Path) -> None:
    """The pipeline is there for those who have spaCy loaded anyway."""
    import subprocess

    program = (
        "import sys; from pathlib import Path; from hybrid_guard.detectors.ner import NameDetector; "
        "from hybrid_guard.types import Segment; "
        f"NameDetector(Path({str(folder)!r})).detect([Segment(path='', text='Mary')], language='en'); "
        "print('spacy' in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("blue parcel", []),
        ("springfield", ["LOCATION"]),
        ("paris", ["LOCATION"]),
        ("green box", []),
        ("female", ["GENDER"]),
        (" non-binary ", ["GENDER"]),
    ],
)
def test_a_few_small_words_are_a_place_or_a_gender_only_if_that_is_known(text: str, found: list[str]) -> None:
    """In the arguments of tools stand words without a sentence around them."""
    findings = NameDetector().detect([Segment(path="", text=text)], language="en")

    assert [one.entity for one in findings.spans[0]] == found
