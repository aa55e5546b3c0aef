"""
llama.cpp models in this process: finding the file, loading it, continuing a conversation.

Nothing here starts a thread or takes a lock; `llama_worker` calls it from one thread per model.
"""

from __future__ import annotations

import codecs
import ctypes
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hybrid_guard.errors import BackendError, BackendFault

if TYPE_CHECKING:
    from llama_cpp import Llama

__all__ = ["CONTEXT_LIMIT", "Message", "Piece", "Sampling", "answer", "context_length", "load", "model_path"]

CONTEXT_LIMIT = 8192
"""Tokens of context at most: the memory for the full context of a model can exceed the model's own many times."""

PROMPT_STEP = 512  # prompt tokens that are read between two looks at the cancel flag

Message = Mapping[str, Any]
"""A chat message as the request holds it: `role`, `content`, and what else the model's template reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """
    How to continue a prompt.

    Attributes:
        max_tokens: At least 1; cut to what the context still holds.
        temperature: At least 0; 0 takes the likeliest token every time.
        top_p: In (0, 1]; 1 keeps all tokens.
        stop: Texts that end the answer and are not part of it; none of them empty.
        seed: Of the random choices; ``None`` for a fresh one.
        alternatives: How many likeliest tokens to report for each token, 0 or more; ``None`` for no probabilities.
        schema: JSON schema that the answer must satisfy, as JSON text.
        presence_penalty: Cost of a token that was used before, in [-2, 2].
        frequency_penalty: Cost of a token for each time it was used before, in [-2, 2].
    """

    max_tokens: int
    temperature: float = 0.0
    top_p: float = 1.0
    stop: tuple[str, ...] = field(default=(), repr=False)
    seed: int | None = None
    alternatives: int | None = None
    schema: str | None = field(default=None, repr=False)
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """
    A part of an answer.

    Attributes:
        text: Whole characters; may be empty in the last piece.
        logprobs: One entry per token in OpenAI's shape (`token`, `logprob`, `bytes`, `top_logprobs`), natural
            logarithms of the probabilities before temperature and grammar; empty if none were asked for.
        finish: ``stop`` or ``length`` in the last piece, else ``None``.
        prompt_tokens: Exact count in the last piece, else 0.
        completion_tokens: Exact count in the last piece, without the end-of-answer token, else 0.
    """

    text: str = field(repr=False)
    logprobs: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    finish: str | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0


def _failure(name: str, what: str, fault: BackendFault) -> BackendError:
    return BackendError(f"the in-process model `{name}` {what}", deployment=name, fault=fault)


_silent: list[Any] = []  # llama.cpp keeps only the address of its log callback; this keeps the object


@cache
def _library() -> Any:
    try:
        import llama_cpp
    except (ImportError, OSError, RuntimeError):  # the last two: the package is there, its shared library is not
        raise BackendError(
            'llama.cpp is not installed; run `pip install "hybrid-guard[llama-cpp]"`',
            deployment="hg_llamacpp",
            fault="missing",
        ) from None
    _silent.append(llama_cpp.llama_log_callback(lambda *_: None))
    llama_cpp.llama_log_set(_silent[0], None)
    return llama_cpp


def model_path(name: str, *, bundled: Path) -> Path:
    """
    The GGUF file that *name* means: *bundled* for ``tiny``, else a path, relative to the working directory.

    Raises:
        BackendError: If there is no such file.
    """
    path = bundled if name == "tiny" else Path(name).expanduser()
    if not path.is_file():
        raise _failure(name, "is no file; give `tiny` or the path of a GGUF file", "missing")
    return path.resolve()


@cache
def context_length(path: Path) -> int:
    """
    Tokens that prompt and answer may have together: what the model was trained for, at most `CONTEXT_LIMIT`.

    Raises:
        BackendError: If llama.cpp is not installed or cannot read the file.
    """
    library = _library()
    settings = library.llama_model_default_params()
    settings.vocab_only = True  # the weights stay on disk
    handle = library.llama_model_load_from_file(os.fsencode(path), settings)
    if not handle:
        raise _failure(path.name, "cannot be read by llama.cpp; is it a GGUF file?", "unavailable")
    try:
        architecture = _metadata(handle, "general.architecture")
        trained = int(_metadata(handle, f"{architecture}.context_length") or 0)
    finally:
        library.llama_model_free(handle)
    return min(trained, CONTEXT_LIMIT) if trained > 0 else CONTEXT_LIMIT


def _metadata(handle: Any, key: str) -> str:
    """A value of a GGUF file's header, at most 255 bytes; empty if there is none."""
    room = ctypes.create_string_buffer(256)
    size: int = _library().llama_model_meta_val_str(handle, key.encode(), room, len(room))
    return room.value.decode("utf-8", "replace") if size > 0 else ""


def load(path: Path) -> Llama:
    """
    The model at *path*, ready to answer; takes its memory until its ``close()``.

    Raises:
        BackendError: If llama.cpp is not installed or cannot read the file.
    """
    context = context_length(path)
    threads = max(1, (os.cpu_count() or 2) // 2)  # two threads on one core wait for each other
    try:
        model: Llama = _library().Llama(
            model_path=str(path),
            n_ctx=context,
            n_threads=threads,
            n_threads_batch=threads,
            n_gpu_layers=-1,  # all of them, where llama.cpp was built for a GPU
            verbose=False,
        )
    except Exception:
        raise _failure(path.name, "cannot be loaded; is there enough memory?", "unavailable") from None
    return model


def answer(
    llama: Llama, messages: Sequence[Message], sampling: Sampling, *, name: str, stopped: Callable[[], bool]
) -> Iterator[Piece]:
    """
    Continue a conversation, piece by piece.

    Args:
        llama: What `load` gave; nobody else may use it until the iterator is done.
        messages: The conversation.
        sampling: How to continue.
        name: What errors call the model.
        stopped: Asked after each token, and between steps of a long prompt, whether to give up.

    Raises:
        BackendError: Faults `context`, `unsupported` and `interrupted`. Other exceptions come from llama.cpp or the
            chat template and may quote the prompt.
    """
    tokens = _prompt(llama, messages, name=name)
    if len(tokens) >= llama.n_ctx():
        raise _failure(name, f"holds {llama.n_ctx()} tokens and the prompt has {len(tokens)}", "context")
    if sampling.seed is not None or sampling.alternatives is not None:
        # What was read for an earlier call gives other last digits than reading it again: the processor adds in
        # another order. Who asks for numbers or for repeatable samples gets the same ones each time.
        llama.reset()  # type: ignore[no-untyped-call]  # has no annotations
    for end in range(PROMPT_STEP, len(tokens), PROMPT_STEP):
        if stopped():
            raise _failure(name, "was stopped", "interrupted")
        # What is read here stays in llama.cpp's cache, so the next step goes on from there.
        next(llama.generate(tokens[:end], temp=0.0))
    tail = _Tail(stops=sampling.stop)
    finish, count = "length", 0
    limit = min(sampling.max_tokens, llama.n_ctx() - len(tokens))
    for token in _sampled(llama, tokens, sampling):
        if stopped():
            raise _failure(name, "was stopped", "interrupted")
        if _library().llama_vocab_is_eog(_vocabulary(llama), token):
            finish = "stop"
            break
        count += 1
        entry = None if sampling.alternatives is None else _probabilities(llama, token, sampling.alternatives)
        ready, entries = tail.add(llama.detokenize([token]), entry)
        if ready:
            yield Piece(text=ready, logprobs=entries)
        if tail.ended:
            finish = "stop"
        if tail.ended or count >= limit:
            break
    ready, entries = tail.flush()
    yield Piece(text=ready, logprobs=entries, finish=finish, prompt_tokens=len(tokens), completion_tokens=count)


def _vocabulary(llama: Llama) -> Any:
    return _library().llama_model_get_vocab(llama.model)


def _prompt(llama: Llama, messages: Sequence[Message], *, name: str) -> list[int]:
    from llama_cpp.llama_chat_format import Jinja2ChatFormatter

    template = llama.metadata.get("tokenizer.chat_template")
    if template is None:
        raise _failure(name, "has no chat template; use an instruction-tuned model", "unsupported")
    begin, end = (
        _library().llama_vocab_get_text(_vocabulary(llama), token).decode("utf-8", "replace") if token != -1 else ""
        for token in (llama.token_bos(), llama.token_eos())
    )
    formatter = Jinja2ChatFormatter(template=template, eos_token=end, bos_token=begin)
    prompt = formatter(messages=[dict(message) for message in messages]).prompt  # type: ignore[misc]  # plain dicts
    return list(llama.tokenize(prompt.encode("utf-8", "replace"), add_bos=False, special=True))


def _sampled(llama: Llama, tokens: list[int], sampling: Sampling) -> Iterator[int]:
    library = _library()
    grammar = None
    if sampling.schema is not None:
        grammar = library.LlamaGrammar.from_json_schema(sampling.schema, verbose=False)
    llama.set_seed(library.LLAMA_DEFAULT_SEED if sampling.seed is None else sampling.seed & 0xFFFFFFFF)
    return llama.generate(
        tokens,
        temp=sampling.temperature,
        top_k=0,
        top_p=sampling.top_p,
        min_p=0.0,
        presence_penalty=sampling.presence_penalty,
        frequency_penalty=sampling.frequency_penalty,
        grammar=grammar,
    )


def _probabilities(llama: Llama, token: int, alternatives: int) -> Mapping[str, Any]:
    """The entry of *token*, which was just sampled: llama.cpp still holds the logits that it was sampled from."""
    import numpy

    held = _library().llama_get_logits_ith(llama.ctx, -1)
    logits = numpy.ctypeslib.as_array(held, shape=(llama.n_vocab(),)).astype(numpy.float64)
    logits -= logits.max()
    logits -= numpy.log(numpy.exp(logits).sum())

    def entry(index: int) -> dict[str, Any]:
        raw = llama.detokenize([index], special=True)
        return {"token": raw.decode("utf-8", "replace"), "logprob": float(logits[index]), "bytes": list(raw)}

    likeliest = numpy.argsort(-logits, kind="stable")[:alternatives]
    return {**entry(token), "top_logprobs": [entry(int(index)) for index in likeliest]}


class _Tail:
    """The end of an answer that cannot be handed on yet: half a character, or what may be the start of a stop text."""

    def __init__(self, *, stops: tuple[str, ...]) -> None:
        self.ended = False
        self._stops = stops
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._text = ""
        self._entries: list[tuple[int, Mapping[str, Any]]] = []  # where in the text the token begins, its probabilities

    def add(self, raw: bytes, entry: Mapping[str, Any] | None) -> tuple[str, tuple[Mapping[str, Any], ...]]:
        """Take a token's bytes; give the text that is certain by now and the probabilities of its tokens."""
        if entry is not None:
            self._entries.append((len(self._text), entry))
        self._text += self._decode(raw)
        ends = [at for at in map(self._text.find, self._stops) if at >= 0]
        if ends:
            self.ended = True
            return self._take(min(ends))
        return self._take(len(self._text) - max((self._begun(stop) for stop in self._stops), default=0))

    def flush(self) -> tuple[str, tuple[Mapping[str, Any], ...]]:
        """What is left once no more tokens come: nothing after a stop text."""
        if self.ended:
            return "", ()
        self._text += self._decode(b"", True)
        ready = self._text, tuple(entry for _, entry in self._entries)
        self._text, self._entries = "", []
        return ready

    def _begun(self, stop: str) -> int:
        longest = min(len(stop) - 1, len(self._text))
        return next((n for n in range(longest, 0, -1) if self._text.endswith(stop[:n])), 0)

    def _take(self, size: int) -> tuple[str, tuple[Mapping[str, Any], ...]]:
        ready = self._text[:size], tuple(entry for at, entry in self._entries if at < size)
        self._text, self._entries = self._text[size:], [(at - size, entry) for at, entry in self._entries if at >= size]
        return ready
