"""``transformers:NAME``: tokens that a token-classification model tags."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from hybrid_guard.detectors.merge import merge
from hybrid_guard.detectors.plugins.files import find_model, go_offline
from hybrid_guard.detectors.plugins.pieces import readable
from hybrid_guard.detectors.plugins.tokens import Token, join
from hybrid_guard.errors import DetectionError
from hybrid_guard.types import Finding, Findings, Segment

__all__ = ["Tagger", "TaggingDetector", "load_tagger"]

_BATCH = 8
_LONGEST = 512
_NAMELESS = re.compile(r"LABEL_\d+")


class Tagger(Protocol):
    """**Protocol:** a model that tags tokens."""

    def __call__(self, texts: Sequence[str]) -> Sequence[Sequence[Sequence[Token]]]:
        """For each text its windows, which overlap, and for each window its tokens in order."""


class TaggingDetector:
    """
    Finds what a model tags.

    Args:
        name: What the policy calls it.
        tag: See `load_tagger`.
    """

    def __init__(self, name: str, tag: Tagger) -> None:
        self._name = name
        self._tag = tag

    @property
    def name(self) -> str:
        """As the policy has it."""
        return self._name

    def detect(self, segments: Sequence[Segment], *, language: str) -> Findings:  # noqa: ARG002 - a model has its own
        """Tagged words of each segment, sorted and disjoint; *language* changes nothing."""
        texts = [readable(segment.text) for segment in segments]
        windows = self._tag(texts)
        return Findings(spans=tuple(merge(self._read(text, found)) for text, found in zip(texts, windows, strict=True)))

    def _read(self, text: str, windows: Sequence[Sequence[Token]]) -> Iterator[Finding]:
        for tokens in windows:
            yield from join(text, tokens, detector=self._name)


def load_tagger(target: str) -> Tagger:
    """
    The model *target*: the path of a folder, or a name of the hub whose files are in its cache. It runs on the CPU.

    Code that comes with a model is not run.

    Raises:
        DetectionError: HG306 it is not on this machine; HG307 it cannot be used.
    """
    folder = find_model(target)
    go_offline()
    from transformers import AutoModelForTokenClassification, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        model = AutoModelForTokenClassification.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except OSError:
        raise DetectionError(
            f"the model `{target}` lacks files; fetch it once with `hf download`, or give the path of its folder",
            code="HG306",
        ) from None
    labels = [str(model.config.id2label[index]) for index in range(model.config.num_labels)]
    if not tokenizer.is_fast:
        raise DetectionError(
            f"the model `{target}` has no tokenizer that knows offsets; add its `tokenizer.json`", code="HG307"
        )
    if all(map(_NAMELESS.fullmatch, labels)):
        raise DetectionError(
            f"the model `{target}` has no names for its labels; add `id2label` to its config", code="HG307"
        )
    model.eval()
    return _TransformersTagger(tokenizer, model, labels)


class _TransformersTagger:
    """A model of the transformers library. Thread-safe: its tokenizer admits one thread at a time."""

    def __init__(self, tokenizer: Any, model: Any, labels: Sequence[str]) -> None:
        self.tokenizer = tokenizer
        self.model = model
        self.labels = labels
        # Models of RoBERTa's kind number their positions from 2.
        places = getattr(model.config, "max_position_embeddings", None) or _LONGEST + 2
        self.longest = min(_LONGEST, tokenizer.model_max_length, max(places - 2, 8))
        self.lock = threading.Lock()

    def __call__(self, texts: Sequence[str]) -> list[list[list[Token]]]:
        tagged: list[list[list[Token]]] = [[] for _ in texts]
        if not texts:
            return tagged
        with self.lock:
            encoded = self.tokenizer(
                list(texts),
                truncation=True,
                max_length=self.longest,
                stride=self.longest // 8,
                return_overflowing_tokens=True,
                return_offsets_mapping=True,
            )
            # Windows of about the same length need the least padding.
            order = sorted(range(len(encoded["input_ids"])), key=lambda window: len(encoded["input_ids"][window]))
            tags: dict[int, list[tuple[str, float]]] = {}
            for first in range(0, len(order), _BATCH):
                batch = order[first : first + _BATCH]
                tags.update(zip(batch, self.classify(encoded, batch), strict=True))
        for window, sample in enumerate(encoded["overflow_to_sample_mapping"]):
            places, words = encoded["offset_mapping"][window], encoded.word_ids(window)
            tagged[sample].append(
                [
                    Token(start=start, end=end, word=word, label=label, score=score)
                    for (start, end), word, (label, score) in zip(places, words, tags[window], strict=True)
                    if word is not None and start < end
                ]
            )
        return tagged

    def classify(self, encoded: Any, batch: Sequence[int]) -> list[list[tuple[str, float]]]:
        """The likeliest label of each token of some windows, and its probability."""
        import torch

        inputs = [
            {name: encoded[name][window] for name in self.tokenizer.model_input_names if name in encoded}
            for window in batch
        ]
        padded = self.tokenizer.pad(inputs, return_tensors="pt")
        with torch.inference_mode():
            best = self.model(**padded).logits.float().softmax(-1).max(-1)
        rows = zip(best.indices.tolist(), best.values.tolist(), inputs, strict=True)
        # Padding stands behind the tokens, or before them.
        return [self.unpad(indices, scores, len(one["input_ids"])) for indices, scores, one in rows]

    def unpad(self, indices: list[int], scores: list[float], length: int) -> list[tuple[str, float]]:
        """Labels and probabilities without those of the padding."""
        cut = slice(len(indices) - length, None) if self.tokenizer.padding_side == "left" else slice(length)
        return [(self.labels[index], score) for index, score in zip(indices[cut], scores[cut], strict=True)]
