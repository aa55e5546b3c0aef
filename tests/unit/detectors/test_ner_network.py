"""The network of the name finder: the same for short and long texts, in one thread and in many."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybrid_guard.detectors import ner_network
from hybrid_guard.detectors.ner_network import Network, lexicon_bits
from hybrid_guard.detectors.ner_words import hash_word, split_words
from tests.unit.detectors.ner_rig import DILATIONS, TAGGED, random_arrays

TEXT = "Mary met 12 of the 300 people\n\nin Berlin; nobody knew why. "


def _read(network: Network, text: str) -> np.ndarray:
    return network(text, split_words(text))


@given(st.text(st.characters(), min_size=1, max_size=60).filter(str.strip))
def test_every_word_has_probabilities(text: str) -> None:
    """One row for each word of any text, of sum 1."""
    odds = _read(Network(random_arrays(), DILATIONS), text)
    assert odds.shape == (len(split_words(text)), 1 + 2 * len(TAGGED))
    assert odds.sum(axis=1) == pytest.approx(1, abs=1e-4)
    assert odds.min() >= 0


def test_neighbours_change_a_word_as_far_as_the_layers_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    """With distances of 1 and 2 a word sees three words to each side, and no further."""
    network = Network(random_arrays(), DILATIONS)
    words = list("abcdefghi")
    plain = _read(network, " ".join(words))
    words[0] = "mary"
    changed = np.abs(_read(network, " ".join(words)) - plain).max(axis=1) > 1e-6
    assert changed.tolist() == [True] * 4 + [False] * 5


def test_a_long_text_is_read_in_windows_without_seams(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the windows end, the probabilities are the same."""
    text = TEXT * 9
    whole = _read(Network(random_arrays(), DILATIONS), text)
    for window in (1, 7, 50):
        monkeypatch.setattr(ner_network, "WINDOW", window)
        np.testing.assert_allclose(_read(Network(random_arrays(), DILATIONS), text), whole, atol=1e-5)


@pytest.mark.parametrize("copies", [1, 4, 16])
def test_the_work_grows_with_the_text_and_no_faster(copies: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that go through the layers: the words, and a few at the border of each window."""
    rows = []
    real = ner_network._normalise

    def count(values: np.ndarray, layer: ner_network._Layer, out: np.ndarray) -> None:
        rows.append(len(values))
        real(values, layer, out)

    monkeypatch.setattr(ner_network, "_normalise", count)
    text = TEXT * 100 * copies
    _read(Network(random_arrays(), DILATIONS), text)
    words = len(split_words(text))
    passes = len(DILATIONS) + 1
    assert words * passes <= sum(rows) <= words * passes * 1.01 + 100
    assert max(rows) <= ner_network.WINDOW + 2 * sum(DILATIONS)


def test_words_are_forgotten_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """The memory for words has a fixed size, and forgetting changes no probability."""
    monkeypatch.setattr(ner_network, "CACHED_WORDS", 40)
    monkeypatch.setattr(ner_network, "WINDOW", 20)
    network = Network(random_arrays(), DILATIONS)
    before = _read(network, TEXT)
    for number in range(200):
        _read(network, f"word{chr(97 + number % 26)}{chr(97 + number // 26)} and {number}")
        assert len(network._known) <= 40
    assert network._vectors.shape[0] == 40
    np.testing.assert_allclose(_read(network, TEXT), before, atol=1e-6)


def test_many_threads_read_as_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also while the words of one text push out those of another."""
    monkeypatch.setattr(ner_network, "CACHED_WORDS", 64)
    network = Network(random_arrays(), DILATIONS)
    texts = [TEXT.replace("Mary", name) + name * 2 for name in map(chr, range(200, 260))]
    alone = [_read(Network(random_arrays(), DILATIONS), text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        for one, other in zip(pool.map(lambda text: _read(network, text), texts * 5), alone * 5, strict=True):
            np.testing.assert_allclose(one, other, atol=1e-5)


def test_case_and_lists_and_letters_each_matter() -> None:
    """Two words with the same letters in another case, or on other lists, get other probabilities."""
    network = Network(random_arrays(), DILATIONS)
    seen = {tuple(np.round(_read(network, word)[0], 6)) for word in ("mary", "Mary", "MARY", "berlin", "merlin")}
    assert len(seen) == 5


def test_bits_become_zeros_and_ones() -> None:
    """The lowest bit comes first."""
    assert lexicon_bits(np.array([5, 0], dtype=np.uint16))[:, :4].tolist() == [[1, 0, 1, 0], [0, 0, 0, 0]]


def test_the_lexicon_knows_names() -> None:
    """Common ones: a rare family name of the census may be any word."""
    words = sorted(("mary", "berlin", "the", "of"), key=hash_word)
    arrays = random_arrays() | {"lexicon_bits": np.array([1 << 1, 1 << 4, 1 << 5, 1 << 11], dtype=np.uint16)}
    network = Network(arrays, DILATIONS)

    assert [network.is_name(word) for word in words] == [True, False, True, False]
    assert [network.is_given_name(word) for word in words] == [True, False, False, False]
    assert network.is_name(words[0].title())
    assert not any(network.is_name(word) for word in ("zorvex", "", "7"))


def test_weights_that_do_not_fit_together_are_refused() -> None:
    """A missing array, and layers of another width."""
    arrays = random_arrays()
    with pytest.raises(ValueError, match="do not fit"):
        Network(arrays | {"layer1_weights": np.zeros((3, 3), dtype=np.float16)}, DILATIONS)
    del arrays["places"]
    with pytest.raises(KeyError):
        Network(arrays, DILATIONS)
