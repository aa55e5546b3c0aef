"""A small network with random weights: it finds nonsense, but in a way that any text must survive."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from hybrid_guard.detectors.ner_finder import SETTINGS_FILE, WEIGHTS_FILE
from hybrid_guard.detectors.ner_network import LEXICON_BITS
from hybrid_guard.detectors.ner_words import PLACES, SHAPES, hash_word

__all__ = ["DILATIONS", "TAGGED", "random_arrays", "write_pipeline"]

DILATIONS = (1, 2)
TAGGED = ("PERSON", "LOCATION")
_WIDTH, _INNER, _ROWS, _WORD, _GRAM, _SHAPE = 12, 10, 97, 6, 7, 5


def random_arrays(seed: int = 5) -> dict[str, np.ndarray]:
    """Weights of every name and shape that the network asks for."""
    draw = np.random.default_rng(seed)

    def floats(*shape: int) -> np.ndarray:
        return draw.normal(size=shape).astype(np.float16)

    hashes = np.array(sorted(hash_word(word) for word in ("mary", "berlin", "the", "of")), dtype=np.uint32)
    tags = 1 + 2 * len(TAGGED)
    arrays: dict[str, np.ndarray] = {
        "lexicon_hashes": hashes,
        "lexicon_bits": np.array([1, 2, 4, 8], dtype=np.uint16),
        "lexicon_rows": np.array([0, 1, 2, 3], dtype=np.uint16),
        "words": draw.integers(-127, 128, size=(4, _WORD), dtype=np.int8),
        "words_scale": np.full(_WORD, 0.01, dtype=np.float32),
        "grams": draw.integers(-127, 128, size=(_ROWS, _GRAM), dtype=np.int8),
        "grams_scale": np.full(_GRAM, 0.01, dtype=np.float32),
        "shapes": floats(SHAPES, _SHAPE),
        "places": floats(PLACES, _WIDTH),
        "inner": floats(_WORD + _GRAM + _SHAPE + LEXICON_BITS, _INNER),
        "inner_bias": floats(_INNER),
        "outer": floats(_INNER, _WIDTH),
        "outer_bias": floats(_WIDTH),
    }
    for name, rows, columns in [
        *((f"layer{index}", 3 * _WIDTH, _WIDTH) for index in range(len(DILATIONS))),
        ("last", _WIDTH, tags),
    ]:
        arrays |= {
            f"{name}_scale": np.ones(_WIDTH, dtype=np.float16),
            f"{name}_shift": floats(_WIDTH),
            f"{name}_weights": floats(rows, columns),
            f"{name}_bias": floats(columns),
        }
    arrays["last_bias"][0] = -2  # Not everything is outside.
    return arrays


def write_pipeline(folder: Path) -> Path:
    """The folder of a pipeline whose component has the random weights."""
    inner = folder / "names"
    inner.mkdir(parents=True)
    np.savez(inner / WEIGHTS_FILE, allow_pickle=False, **random_arrays())
    settings = {"labels": TAGGED, "biases": [1.0, 1.0], "dilations": DILATIONS}
    (inner / SETTINGS_FILE).write_text(json.dumps(settings), encoding="utf-8")
    return folder
