"""spaCy pipelines of the user, made in the test and read from the disk."""

from __future__ import annotations

import random
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import fix_random_seed  # type: ignore[attr-defined]  # documented, and not in its `__all__`

from hybrid_guard.detectors import build_detector
from hybrid_guard.detectors.plugins.spacy_pipeline import SCORE, SpacyDetector, load_pipeline
from hybrid_guard.detectors.registry import make_detector
from hybrid_guard.errors import DetectionError
from hybrid_guard.ports import Detector
from hybrid_guard.types import DetectionSettings, Segment

NAMES = ("Mary Jones", "Otto Brandt", "Ana Silva", "Bao Nguyen", "Ida Holm", "Karl Weber")
TEMPLATES = ("I met {} today .", "Please write to {} about it .", "{} lives next door .", "The doctor of {} called .")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pipeline with an entity recogniser that has been taught a few names, and with a parser's sentences."""
    folder = tmp_path_factory.mktemp("trained")
    fix_random_seed(1)
    nlp = spacy.blank("en")
    nlp.add_pipe("ner").add_label("PER")  # type: ignore[attr-defined]  # every trainable component has it
    nlp.add_pipe("senter")
    examples = []
    for template in TEMPLATES:
        for name in NAMES:
            text, start = template.format(name), template.index("{")
            doc = nlp.make_doc(text)
            examples.append(Example.from_dict(doc, {"entities": [(start, start + len(name), "PER")]}))
    optimizer = nlp.initialize(lambda: examples)
    rng = random.Random(1)
    for _ in range(12):
        rng.shuffle(examples)
        nlp.update(examples, sgd=optimizer)
    nlp.to_disk(folder)
    return folder


@pytest.fixture(scope="module")
def ruled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pipeline with rules, one of which marks something that is not private."""
    folder = tmp_path_factory.mktemp("ruled")
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("entity_ruler").add_patterns(  # type: ignore[attr-defined]  # the ruler's own
        [
            {"label": "GPE", "pattern": "Berlin"},
            {"label": "CARDINAL", "pattern": "seven"},
            {"label": "BADGE", "pattern": [{"TEXT": {"REGEX": "^B-[0-9]{4}$"}}]},
        ]
    )
    nlp.to_disk(folder)
    return folder


def found(detector: Detector, text: str) -> list[tuple[str, str]]:
    """Entities and what they cover."""
    (spans,) = detector.detect([Segment(path="", text=text)], language="en").spans
    return [(one.entity, text[one.start : one.end]) for one in spans]


def test_a_trained_pipeline_finds_what_it_was_taught(trained: Path) -> None:
    """Its labels become our entities."""
    detector = make_detector(f"spacy:{trained}", DetectionSettings())

    assert found(detector, "I met Otto Brandt today .") == [("PERSON", "Otto Brandt")]
    assert detector.name == f"spacy:{trained}"


def test_components_that_mark_nothing_are_switched_off(trained: Path, ruled: Path) -> None:
    """Unless there is one that may read what they write."""
    assert load_pipeline(str(trained)).pipe_names == ["ner"]
    assert load_pipeline(str(ruled)).pipe_names == ["sentencizer", "entity_ruler"]


def test_labels_of_numbers_are_dropped_and_those_of_others_kept(ruled: Path) -> None:
    """`CARDINAL` is nobody's business, `BADGE` is somebody's."""
    detector = make_detector(f"spacy:{ruled}", DetectionSettings())

    assert found(detector, "seven in Berlin with B-1234") == [("LOCATION", "Berlin"), ("BADGE", "B-1234")]


def test_a_long_text_is_read_in_pieces_and_offsets_are_its_own(ruled: Path) -> None:
    """Nothing is lost where pieces meet."""
    detector = make_detector(f"spacy:{ruled}", DetectionSettings())
    text = "wörter 👩‍👩‍👧 Berlin " * 3000
    assert found(detector, text) == [("LOCATION", "Berlin")] * 3000


def test_texts_of_a_batch_have_the_answers_that_they_have_alone(ruled: Path) -> None:
    """Also a text that is empty, and one that has no UTF-8 form."""
    detector = make_detector(f"spacy:{ruled}", DetectionSettings())
    texts = ["", "\ud800 Berlin \x00", "Berlin", " \n "]
    answers = detector.detect([Segment(path="", text=text) for text in texts], language="en").spans

    assert [[(one.start, one.end) for one in spans] for spans in answers] == [[], [(2, 8)], [(0, 6)], []]


def test_threads_get_the_answers_of_one(ruled: Path) -> None:
    """The table of words is shared, and admits one thread; here they take turns in the middle of a text."""
    detector = make_detector(f"spacy:{ruled}", DetectionSettings())
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda number: found(detector, f"word{number} Berlin " * 50), range(100)))
    finally:
        sys.setswitchinterval(before)
    assert answers == [[("LOCATION", "Berlin")] * 50] * 100


def test_scores_of_a_span_categoriser_are_kept() -> None:
    """Entities without a probability have the score of their kind."""
    nlp = spacy.blank("en")

    @Language.component("guessing_component")
    def guess(doc: Doc) -> Doc:
        doc.spans["sc"] = [Span(doc, 0, 1, "PERSON"), Span(doc, 3, 4, "LOC")]
        doc.spans["sc"].attrs["scores"] = [0.25, 1.5]
        doc.ents = [Span(doc, 1, 2, "ORG")]
        return doc

    nlp.add_pipe("guessing_component")
    detector = SpacyDetector("spacy:guessing", nlp)
    (spans,) = detector.detect([Segment(path="", text="Mary Jones in Berlin")], language="en").spans

    assert [(one.entity, one.score) for one in spans] == [("PERSON", 0.25), ("ORGANIZATION", SCORE), ("LOCATION", 1.0)]


@pytest.mark.parametrize(
    ("target", "remedy"), [("en_core_none_lg", "spacy download"), ("./no/such/folder", "check the path")]
)
def test_a_pipeline_that_is_not_here_is_not_fetched(target: str, remedy: str) -> None:
    """It is an error that says what to do."""
    with pytest.raises(DetectionError, match=remedy) as caught:
        make_detector(f"spacy:{target}", DetectionSettings())
    assert caught.value.code == "HG306"


def test_a_component_that_fails_is_no_empty_answer() -> None:
    """The engine makes an error of it that does not quote the text."""
    nlp = spacy.blank("en")

    @Language.component("failing_component")
    def fail(doc: Doc) -> Doc:
        raise ValueError(doc.text)

    nlp.add_pipe("failing_component")
    from hybrid_guard.detectors.engine import CompositeDetector

    engine = CompositeDetector([SpacyDetector("spacy:failing", nlp)], DetectionSettings())
    with pytest.raises(DetectionError, match="`spacy:failing` failed") as caught:
        engine.detect([Segment(path="", text="Bluebird")], language="en")
    assert "Bluebird" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_it_runs_beside_the_shipped_ones(ruled: Path) -> None:
    """A policy may name both."""
    both = build_detector(DetectionSettings(detectors=("patterns.v1", f"spacy:{ruled}")))
    assert found(both, "mary@example.org in Berlin") == [("EMAIL_ADDRESS", "mary@example.org"), ("LOCATION", "Berlin")]
