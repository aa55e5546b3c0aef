"""A GLiNER model of random weights that is made here, with the real library: `make plugins` runs this."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
import torch
from gliner import GLiNER
from gliner.config import UniEncoderSpanConfig
from gliner.model import UniEncoderSpanGLiNER
from transformers import BertTokenizerFast

from hybrid_guard.detectors.plugins.labels import PROMPTS
from hybrid_guard.detectors.registry import make_detector
from hybrid_guard.errors import DetectionError
from hybrid_guard.ports import Detector
from hybrid_guard.types import DetectionSettings, Segment

WORDS = (
    "mary",
    "jones",
    "lives",
    "in",
    "berlin",
    ".",
    *sorted({word for prompt in PROMPTS for word in prompt.split()}),
)
TEXT = "Mary Jones lives in Berlin. "


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A GLiNER with an encoder of one layer, on the disk; nothing of it comes from a hub."""
    path = tmp_path_factory.mktemp("gliner")
    names = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS)
    tokenizer = BertTokenizerFast(vocab={word: index for index, word in enumerate(names)})
    tokenizer.add_tokens(["[FLERT]", "<<ENT>>", "<<SEP>>"], special_tokens=True)
    torch.manual_seed(1)
    config = UniEncoderSpanConfig(
        model_name="tiny",
        hidden_size=16,
        max_width=4,
        max_len=60,
        num_rnn_layers=0,
        class_token_index=len(names) + 1,
        vocab_size=len(tokenizer),
        encoder_config={
            "model_type": "bert",
            "vocab_size": len(tokenizer),
            "hidden_size": 16,
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "intermediate_size": 16,
            "max_position_embeddings": 512,
        },
    )
    model = UniEncoderSpanGLiNER(config, tokenizer=tokenizer, backbone_from_pretrained=False)
    model.save_pretrained(path)
    tokenizer.save_pretrained(path)
    return path


@pytest.fixture(scope="module")
def detector(folder: Path) -> Detector:
    """The model as a detector that takes nearly everything for something."""
    return make_detector(f"gliner:{folder}", DetectionSettings(min_score=0.01))


def test_spans_are_words_of_the_text_with_entities_of_ours(detector: Detector) -> None:
    """What weights of chance find is no use, and still what the port promises."""
    texts = [TEXT, "", "\ud800 👩‍👩‍👧 Mary", TEXT * 40]
    answers = detector.detect([Segment(path="", text=text) for text in texts], language="en").spans

    assert answers[0]
    assert answers[1] == ()
    for text, spans in zip(texts, answers, strict=True):
        assert all(one.entity in PROMPTS.values() and 0.0 <= one.score <= 1.0 for one in spans)
        assert all(text[one.start : one.end].strip() == text[one.start : one.end] != "" for one in spans)
        assert all(one.end <= two.start for one, two in pairwise(spans))


def test_a_long_text_is_read_to_its_end(detector: Detector) -> None:
    """The model reads 60 words at once, and drops what is more."""
    text = TEXT * 40
    (spans,) = detector.detect([Segment(path="", text=text)], language="en").spans
    assert spans[-1].end > len(text) - len(TEXT)


def test_the_least_score_is_that_of_the_policy(folder: Path) -> None:
    """A model is asked for nothing that would be dropped."""
    strict = make_detector(f"gliner:{folder}", DetectionSettings(min_score=0.99))
    assert strict.detect([Segment(path="", text=TEXT)], language="en").spans == ((),)


def test_what_the_library_finds_is_what_is_given(folder: Path, detector: Detector) -> None:
    """Offsets and scores are the model's own."""
    model = GLiNER.from_pretrained(str(folder), local_files_only=True)
    model.eval()
    wanted = model.inference([TEXT], list(PROMPTS), threshold=0.01)[0]
    (spans,) = detector.detect([Segment(path="", text=TEXT)], language="en").spans

    assert [(one.start, one.end) for one in spans] == [(one["start"], one["end"]) for one in wanted]
    assert [one.score for one in spans] == pytest.approx([one["score"] for one in wanted], abs=1e-3)


def test_a_model_that_is_not_here_is_not_fetched(tmp_path: Path) -> None:
    """Neither a model of a hub nor the files that a folder lacks."""
    for target in ("some-lab/some-model", str(tmp_path)):
        with pytest.raises(DetectionError, match="hf download") as caught:
            make_detector(f"gliner:{target}", DetectionSettings())
        assert caught.value.code == "HG306"
