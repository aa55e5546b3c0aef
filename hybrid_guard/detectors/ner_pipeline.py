"""The name finder as a spaCy pipeline: a tokenizer and a component, found by spaCy through entry points."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

from hybrid_guard.detectors.ner_finder import SETTINGS_FILE, WEIGHTS_FILE, NameFinder, load_finder
from hybrid_guard.detectors.ner_words import split_words

__all__ = ["FACTORY", "TOKENIZER", "NamesComponent", "WordTokenizer", "make_names", "make_tokenizer"]

FACTORY = "hybrid_guard_names"
"""Name of the component's factory, and of its entry point in the group ``spacy_factories``."""

TOKENIZER = "hybrid_guard_words"
"""Name of the tokenizer, and of its entry point in the group ``spacy_tokenizers``."""


class WordTokenizer:
    """
    Cuts texts into the words of the name finder, and blanks between them as spaCy does.

    Args:
        vocab: Of the pipeline.
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """A document whose text is *text*."""
        words: list[str] = []
        spaces: list[bool] = []
        at = 0
        for start, end in [*split_words(text), (len(text), len(text))]:
            blank = text[at:start]
            if blank and words and blank[0] == " ":
                spaces[-1] = True
                blank = blank[1:]
            for word in (blank, text[start:end]):
                if word:
                    words.append(word)
                    spaces.append(False)
            at = end
        return Doc(self.vocab, words=words, spaces=spaces)

    def to_disk(self, *_: object, **__: object) -> None:
        """Nothing to write: the words are cut by fixed rules."""

    def from_disk(self, *_: object, **__: object) -> WordTokenizer:
        """Nothing to read."""
        return self

    def to_bytes(self, *_: object, **__: object) -> bytes:
        """Nothing to write."""
        return b""

    def from_bytes(self, *_: object, **__: object) -> WordTokenizer:
        """Nothing to read."""
        return self


class NamesComponent:
    """
    Sets the entities of a document to what the name finder finds in its text.
    """

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._finder: NameFinder | None = None

    def __call__(self, doc: Doc) -> Doc:
        """
        The same document, with entities.

        Raises:
            ValueError: The weights were never read.
        """
        if self._finder is None:
            raise ValueError("the name finder has no weights; load the pipeline from its directory")
        spans = [
            doc.char_span(start, end, label, alignment_mode="expand") for start, end, label, _ in self._finder(doc.text)
        ]
        doc.set_ents([span for span in spans if span is not None])
        return doc

    def to_disk(self, path: Path, **_: object) -> None:
        """Copy the files that the weights were read from."""
        if self._folder is not None:
            Path(path).mkdir(parents=True, exist_ok=True)
            for name in (SETTINGS_FILE, WEIGHTS_FILE):
                shutil.copyfile(self._folder / name, Path(path) / name)

    def from_disk(self, path: Path, **_: object) -> NamesComponent:
        """Read the weights."""
        self._folder = Path(path)
        self._finder = load_finder(self._folder)
        return self


@registry.tokenizers(TOKENIZER)  # type: ignore[untyped-decorator]  # spaCy types its registries as anything
def make_tokenizer() -> Callable[[Language], WordTokenizer]:
    """The tokenizer, as spaCy wants it: something to call with the pipeline."""
    return lambda nlp: WordTokenizer(nlp.vocab)


@Language.factory(FACTORY, assigns=["doc.ents"])
def make_names(nlp: Language, name: str) -> NamesComponent:  # noqa: ARG001 - the arguments that spaCy gives by name
    """The component, as spaCy wants it."""
    return NamesComponent()
