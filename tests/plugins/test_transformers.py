"""A transformers model that is made and taught here, with the real library: `make plugins` runs this."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch
from transformers import BertConfig, BertForTokenClassification, BertTokenizerFast

from hybrid_guard.detectors import build_detector
from hybrid_guard.detectors.registry import make_detector
from hybrid_guard.errors import DetectionError
from hybrid_guard.ports import Detector
from hybrid_guard.types import DetectionSettings, Finding, Segment

VOCABULARY = (
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    "mary",
    "jon",
    "##es",
    "lives",
    "in",
    "ber",
    "##lin",
    ".",
    "and",
)
LABELS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")
TAGS = {"mary": 1, "jon": 2, "##es": 2, "ber": 3, "##lin": 4}
SENTENCE = "Mary Jones lives in Berlin . "


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of one layer that has learned to tag `SENTENCE`, on the disk."""
    path = tmp_path_factory.mktemp("model")
    tokenizer = BertTokenizerFast(vocab={word: index for index, word in enumerate(VOCABULARY)})
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(VOCABULARY),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=34,
        num_labels=len(LABELS),
        id2label=dict(enumerate(LABELS)),
    )
    model = BertForTokenClassification(config)
    # A window may begin with any word.
    words = SENTENCE.split()
    turned = [" ".join((words * 5)[first : first + 22]) for first in range(len(words))]
    inputs = tokenizer(turned, padding=True, return_tensors="pt")
    wanted = torch.tensor([[TAGS.get(VOCABULARY[index], 0) for index in row] for row in inputs["input_ids"]])
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for _ in range(120):
        optimizer.zero_grad()
        model(**inputs, labels=wanted).loss.backward()
        optimizer.step()
    model.save_pretrained(path)
    tokenizer.save_pretrained(path)
    return path


@pytest.fixture(scope="module")
def detector(folder: Path) -> Detector:
    """The model as a detector."""
    return make_detector(f"transformers:{folder}", DetectionSettings())


def found(detector: Detector, text: str) -> list[tuple[str, str]]:
    """Entities and what they cover."""
    spans = detector.detect([Segment(path="", text=text)], language="en").spans[0]
    return [(one.entity, text[one.start : one.end]) for one in spans]


def test_words_are_whole_and_labels_are_ours(detector: Detector) -> None:
    """Parts of words become words, words of one name become one span, and scores are the model's."""
    assert found(detector, SENTENCE) == [("PERSON", "Mary Jones"), ("LOCATION", "Berlin")]
    (person, _) = detector.detect([Segment(path="", text=SENTENCE)], language="en").spans[0]
    assert 0.5 < person.score < 1.0
    assert person.detector.startswith("transformers:")


def test_a_text_of_many_windows_is_read_to_its_end(detector: Detector) -> None:
    """The model reads 32 tokens at once; the text has many times as many."""
    assert found(detector, SENTENCE * 40) == [("PERSON", "Mary Jones"), ("LOCATION", "Berlin")] * 40


def test_texts_of_a_batch_do_not_disturb_each_other(detector: Detector) -> None:
    """Padding is no token, whatever stands beside a text."""
    texts = ["", SENTENCE * 7, "Mary", "\ud800 Mary 👩‍👩‍👧 Jones", SENTENCE, " \n"]
    answers = detector.detect([Segment(path="", text=text) for text in texts], language="en").spans

    assert [found(detector, text) for text in texts] == [
        [(one.entity, text[one.start : one.end]) for one in spans] for text, spans in zip(texts, answers, strict=True)
    ]
    assert answers[0] == answers[5] == ()


def test_threads_do_not_disturb_each_other(detector: Detector) -> None:
    """A fast tokenizer admits one thread at a time."""
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda count: found(detector, SENTENCE * count), [1, 9, 2, 7] * 5))
    assert [len(one) for one in answers] == [2, 18, 4, 14] * 5


def test_it_runs_beside_the_shipped_ones(folder: Path) -> None:
    """A policy may name both."""
    both = build_detector(DetectionSettings(detectors=("patterns.v1", f"transformers:{folder}")))
    text = "Mary Jones lives in Berlin . mary@example.org"
    assert {one.entity for one in both.detect([Segment(path="", text=text)], language="en").spans[0]} == {
        "PERSON",
        "LOCATION",
        "EMAIL_ADDRESS",
    }


def test_a_model_without_names_for_its_labels_is_refused(folder: Path, tmp_path: Path) -> None:
    """`LABEL_0` says nothing, and would be an entity of every word."""
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    config = json.loads((tmp_path / "config.json").read_text())
    config["id2label"] = {str(index): f"LABEL_{index}" for index in range(len(LABELS))}
    config["label2id"] = {f"LABEL_{index}": index for index in range(len(LABELS))}
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(DetectionError, match="no names for its labels"):
        make_detector(f"transformers:{tmp_path}", DetectionSettings())


@pytest.mark.parametrize("target", ["./nowhere", "some-lab/some-model"])
def test_a_model_that_is_not_here_is_not_fetched(target: str) -> None:
    """It is an error that says what to do."""
    with pytest.raises(DetectionError, match="hf download") as caught:
        make_detector(f"transformers:{target}", DetectionSettings())
    assert caught.value.code == "HG306"


def test_a_folder_that_lacks_files_is_told(tmp_path: Path) -> None:
    """So is a model that is only half there."""
    with pytest.raises(DetectionError) as caught:
        make_detector(f"transformers:{tmp_path}", DetectionSettings())
    assert caught.value.code in {"HG302", "HG306"}


def test_findings_are_values(detector: Detector) -> None:
    """What a plug-in gives is what the port promises."""
    spans = detector.detect([Segment(path="", text=SENTENCE)], language="en").spans[0]
    assert all(isinstance(one, Finding) and type(one.start) is int and type(one.score) is float for one in spans)
