"""
The network of the name finder, in numpy: from words to the probabilities of tags.

Every word has a vector of its own (from its letters, its shape and a lexicon), which layers of dilated convolution then
put into context. A tag is ``outside``, or for one of the labels ``begins`` or ``goes on``.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from hybrid_guard.detectors.blas import one_thread
from hybrid_guard.detectors.deadline import Deadline
from hybrid_guard.detectors.ner_words import describe_words, hash_word, places_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["CACHED_WORDS", "WINDOW", "Network", "lexicon_bits"]

CACHED_WORDS = 16384
"""Most words whose vectors are kept; with one more, all are forgotten. PRIVACY: in memory only."""

WINDOW = 1024
"""Words that go through the layers at once; memory grows with it, not with the text."""

LEXICON_BITS = 16

_GIVEN_NAMES = 0b11
"""The bits of the lexicon that say "given name of the census"."""

_NAMES = 0b1101111
"""The bits that say "common name of people": given names, and family names but for the rare ones of the census."""

_EPSILON = 1e-5


class _Layer(NamedTuple):
    scale: NDArray[np.float32]
    shift: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]


class Network:
    """
    Gives each word of a text the probabilities of its tags.

    Safe to use from several threads.

    Args:
        arrays: The weights by name, as `tools/train_ner.py` writes them.
        dilations: Distance of the neighbours that each layer looks at, in words.

    Raises:
        KeyError: An array is missing.
        ValueError: Arrays do not fit together.
    """

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]], dilations: Sequence[int]) -> None:
        import numpy as np

        def floats(name: str) -> NDArray[np.float32]:
            return np.ascontiguousarray(arrays[name], dtype=np.float32)

        self._lexicon = np.asarray(arrays["lexicon_hashes"], dtype=np.uint32)
        self._lexicon_bits = np.asarray(arrays["lexicon_bits"], dtype=np.uint16)
        self._lexicon_rows = np.asarray(arrays["lexicon_rows"], dtype=np.int64)
        self._words, self._grams = np.asarray(arrays["words"]), np.asarray(arrays["grams"])
        self._word_scale, self._gram_scale = floats("words_scale"), floats("grams_scale")
        self._shapes, self._places = floats("shapes"), floats("places")
        self._inner, self._inner_bias = floats("inner"), floats("inner_bias")
        self._outer, self._outer_bias = floats("outer"), floats("outer_bias")

        def layer(name: str) -> _Layer:
            return _Layer(*(floats(f"{name}_{part}") for part in _Layer._fields))

        self._layers = [layer(f"layer{index}") for index in range(len(dilations))]
        self._last = layer("last")
        self._distances = tuple(dilations)
        self._reach = sum(dilations)
        width = self._places.shape[1]
        if not len(self._lexicon) == len(self._lexicon_bits) == len(self._lexicon_rows) or any(
            one.weights.shape != (3 * width, width) for one in self._layers
        ):
            raise ValueError("weights do not fit together")
        self._lock = threading.Lock()
        self._known: dict[str, int] = {}
        self._vectors = np.empty((CACHED_WORDS, width), dtype=np.float32)

    def __call__(
        self, text: str, spans: Sequence[tuple[int, int]], deadline: Deadline | None = None
    ) -> NDArray[np.float32]:
        """
        Probabilities, shape (n, tags), each row of sum 1, for the n words of *text* at *spans* (at least one).

        Raises:
            DetectionError: HG312 the *deadline* is over.
        """
        import numpy as np

        places = places_of(text, spans)
        parts = []
        for start in range(0, len(spans), WINDOW):
            if deadline is not None:
                deadline.check()
            first = max(0, start - self._reach)
            last = min(len(spans), start + WINDOW + self._reach)
            words = [text[begin:end] for begin, end in spans[first:last]]
            with one_thread():
                logits = self._read(words, places[first:last])
            parts.append(logits[start - first : start - first + WINDOW])
        logits = np.concatenate(parts) if len(parts) > 1 else parts[0]
        logits -= logits.max(axis=1, keepdims=True)
        odds = np.exp(logits, out=logits)
        odds /= odds.sum(axis=1, keepdims=True)
        return odds

    def is_given_name(self, word: str) -> bool:
        """Whether the lexicon has *word* as a given name of the census, in whatever case."""
        return bool(self._bits_of(word) & _GIVEN_NAMES)

    def is_name(self, word: str) -> bool:
        """Whether the lexicon has *word* as a common given or family name of people, in whatever case."""
        return bool(self._bits_of(word) & _NAMES)

    def _bits_of(self, word: str) -> int:
        import numpy as np

        if not word:
            return 0
        key = np.uint32(hash_word(word))
        at = int(self._lexicon.searchsorted(key))
        return int(self._lexicon_bits[at]) if at < len(self._lexicon) and self._lexicon[at] == key else 0

    def _read(self, words: Sequence[str], places: Sequence[int]) -> NDArray[np.float32]:
        import numpy as np

        hidden = self._look_up(words)
        hidden += self._places[places]
        count, width = hidden.shape
        wide = np.empty((count, 3 * width), dtype=np.float32)
        for distance, layer in zip(self._distances, self._layers, strict=True):
            middle = wide[:, width : 2 * width]
            _normalise(hidden, layer, middle)
            wide[:distance, :width] = 0
            wide[distance:, :width] = middle[:-distance]
            wide[-distance:, 2 * width :] = 0
            wide[:-distance, 2 * width :] = middle[distance:]
            change = wide @ layer.weights
            change += layer.bias
            hidden += np.maximum(change, 0, out=change)
        _normalise(hidden, self._last, hidden)
        logits: NDArray[np.float32] = hidden @ self._last.weights + self._last.bias
        return logits

    def _look_up(self, words: Sequence[str]) -> NDArray[np.float32]:
        with self._lock:
            known = self._known
            new = [word for word in dict.fromkeys(words) if word not in known]
            if new:
                if len(known) + len(new) > CACHED_WORDS:
                    known.clear()
                    new = list(dict.fromkeys(words))
                at = len(known)
                self._vectors[at : at + len(new)] = self._embed(new)
                known.update((word, at + index) for index, word in enumerate(new))
            vectors: NDArray[np.float32] = self._vectors[[known[word] for word in words]]
            return vectors

    def _embed(self, words: Sequence[str]) -> NDArray[np.float32]:
        import numpy as np

        numbers = describe_words(words, len(self._grams))
        at = np.searchsorted(self._lexicon, numbers.hashes)
        at[at == len(self._lexicon)] = 0
        hit = self._lexicon[at] == numbers.hashes
        bits = np.where(hit, self._lexicon_bits[at], 0)
        rows = np.where(hit, self._lexicon_rows[at], 0)
        sums = np.add.reduceat(self._grams[numbers.grams].astype(np.int32), numbers.starts, axis=0)
        counts = np.diff(numbers.starts, append=len(numbers.grams))
        features = np.concatenate(
            [
                self._words[rows] * self._word_scale,
                sums * (self._gram_scale / counts[:, None]),
                self._shapes[numbers.shapes],
                lexicon_bits(bits),
            ],
            axis=1,
        ).astype(np.float32)
        inner = np.maximum(features @ self._inner + self._inner_bias, 0)
        outer: NDArray[np.float32] = inner @ self._outer + self._outer_bias
        return outer


def lexicon_bits(bits: NDArray[np.uint16]) -> NDArray[np.float32]:
    """The *bits* of n lexicon entries as zeros and ones, shape (n, 16)."""
    import numpy as np

    return (bits[:, None] >> np.arange(LEXICON_BITS, dtype=np.uint16) & 1).astype(np.float32)


def _normalise(values: NDArray[np.float32], layer: _Layer, out: NDArray[np.float32]) -> None:
    import numpy as np

    even = np.full(values.shape[1], 1 / values.shape[1], dtype=np.float32)
    np.subtract(values, (values @ even)[:, None], out=out)
    variance = np.einsum("ij,ij->i", out, out) / values.shape[1]
    out *= (1 / np.sqrt(variance + _EPSILON))[:, None]
    out *= layer.scale
    out += layer.shift
