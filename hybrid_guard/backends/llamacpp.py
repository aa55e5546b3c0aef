"""
The litellm provider ``hg_llamacpp/<model>``: llama.cpp in this process, no server and no network.

``hg_llamacpp/tiny`` is the model that ships with the package, a stand-in that answers in short sentences made of the
user's own words; anything else after the slash is the path of a GGUF file. Importing this module loads neither litellm
nor llama.cpp.
"""

from __future__ import annotations

import importlib.util
import json
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator, Mapping, Sequence
from contextlib import aclosing, closing, contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from hybrid_guard.backends import llama_model, llama_worker
from hybrid_guard.backends.llama_model import Message, Piece, Sampling
from hybrid_guard.errors import BackendError, EgressError

if TYPE_CHECKING:
    from litellm.llms.custom_llm import CustomLLM
    from litellm.types.utils import ChoiceLogprobs, GenericStreamingChunk, ModelResponse

__all__ = [
    "DEFAULT_MAX_TOKENS",
    "PROVIDER",
    "bundled_model_path",
    "context_length",
    "is_available",
    "provider",
    "register",
    "unload",
]

PROVIDER = "hg_llamacpp"
"""The prefix of model names that litellm hands to this provider."""

DEFAULT_MAX_TOKENS = 512
"""Length of an answer when the request names none, in tokens; a small model may never stop by itself."""


def bundled_model_path() -> Path:
    """The GGUF file of the model ``tiny``."""
    return Path(__file__).with_name("tiny_chat.gguf")


def is_available() -> bool:
    """Whether llama-cpp-python is installed; does not import it."""
    return importlib.util.find_spec("llama_cpp") is not None


def context_length(model: str) -> int | None:
    """
    Tokens that prompt and answer may have together; ``None`` if the file or llama.cpp is missing.

    Args:
        model: What stands after ``hg_llamacpp/``.
    """
    try:
        return llama_model.context_length(_path(model))
    except BackendError:
        return None


def unload() -> None:
    """Stop all answers, end all threads of the provider and free every model; the next call loads again."""
    llama_worker.unload()


def register(litellm_module: ModuleType) -> None:
    """
    Make ``hg_llamacpp/...`` known to litellm; once is enough, again does nothing.

    Appends to `litellm.custom_provider_map` and leaves the entries of others alone.
    """
    handler = provider()
    claims = [one["custom_handler"] for one in litellm_module.custom_provider_map if one["provider"] == PROVIDER]
    if any(one is not handler for one in claims):
        raise EgressError(f"another handler calls itself `{PROVIDER}` in `litellm.custom_provider_map`", code="HG704")
    if all(entry["custom_handler"] is not handler for entry in litellm_module.custom_provider_map):
        litellm_module.custom_provider_map.append({"provider": PROVIDER, "custom_handler": handler})
    litellm_module.utils.custom_llm_setup()


@cache
def provider() -> CustomLLM:
    """The handler that `register` enters; one per process."""
    from litellm.llms.custom_llm import CustomLLM

    class LlamaCppProvider(CustomLLM):
        """
        litellm's four ways to complete a chat, over the models of this process.

        Understands `max_tokens`, `max_completion_tokens`, `temperature` (0 unless given), `top_p`, `stop`, `seed`, `n`
        (not in streams), `logprobs`, `top_logprobs`, `response_format`, `presence_penalty` and `frequency_penalty`.
        Refuses tools and parts that are no text; ignores the rest.
        """

        def completion(self, *_: Any, **call: Any) -> ModelResponse:
            """The whole answer, `n` times."""
            with _translated(call["model"]):
                answers = [list(_generate(call, sampling)) for sampling in _samplings(call)]
                return _whole(call["model"], call["model_response"], answers)

        async def acompletion(self, *_: Any, **call: Any) -> ModelResponse:
            """The whole answer, `n` times, one after the other."""
            with _translated(call["model"]):
                answers = [[piece async for piece in _agenerate(call, sampling)] for sampling in _samplings(call)]
                return _whole(call["model"], call["model_response"], answers)

        def streaming(self, *_: Any, **call: Any) -> Iterator[GenericStreamingChunk]:
            """The answer in pieces; closing the iterator stops the model."""
            identity = _identity()
            with _translated(call["model"]), closing(_generate(call, _streamed(call))) as pieces:
                for piece in pieces:
                    yield from _chunks(piece, identity=identity)

        async def astreaming(  # type: ignore[override]  # litellm's own type is of a coroutine, its use of an iterator
            self, *_: Any, **call: Any
        ) -> AsyncIterator[GenericStreamingChunk]:
            """The answer in pieces; closing the iterator or cancelling the task stops the model."""
            identity = _identity()
            with _translated(call["model"]):
                async with aclosing(_agenerate(call, _streamed(call))) as pieces:
                    async for piece in pieces:
                        for chunk in _chunks(piece, identity=identity):
                            yield chunk

    return LlamaCppProvider()


@contextmanager
def _translated(model: str) -> Iterator[None]:
    """Our errors in litellm's terms."""
    from litellm.exceptions import ContextWindowExceededError, Timeout, UnsupportedParamsError
    from litellm.llms.custom_llm import CustomLLMError

    try:
        yield
    except BackendError as error:
        message = error.args[0]
        match error.fault:
            case "context":
                raise ContextWindowExceededError(message, model=model, llm_provider=PROVIDER) from None
            case "timeout":
                raise Timeout(message, model=model, llm_provider=PROVIDER) from None
            case "unsupported":
                raise UnsupportedParamsError(message, model=model, llm_provider=PROVIDER) from None
            case fault:
                status = 404 if fault == "missing" else 503 if fault in ("unavailable", "interrupted") else 500
                raise CustomLLMError(status, message) from None  # type: ignore[no-untyped-call]  # litellm has no types here


def _refused(what: str) -> BackendError:
    return BackendError(f"{what}, which `{PROVIDER}` does not offer", deployment=PROVIDER, fault="unsupported")


def _path(model: str) -> Path:
    return llama_model.model_path(model, bundled=bundled_model_path())


def _generate(call: Mapping[str, Any], sampling: Sampling) -> Generator[Piece, None, None]:
    return llama_worker.generate(_path(call["model"]), _messages(call), sampling, patience=_patience(call))


def _agenerate(call: Mapping[str, Any], sampling: Sampling) -> AsyncGenerator[Piece, None]:
    return llama_worker.agenerate(_path(call["model"]), _messages(call), sampling, patience=_patience(call))


def _patience(call: Mapping[str, Any]) -> float | None:
    timeout = call.get("timeout")
    return float(timeout) if isinstance(timeout, int | float) and timeout > 0 else None


def _messages(call: Mapping[str, Any]) -> list[Message]:
    """The messages with their content as one string, which every chat template understands."""
    messages: list[Message] = []
    for message in call["messages"]:
        content = message.get("content")
        if isinstance(content, list):
            if any(part.get("type") != "text" for part in content):
                raise _refused("a message has a part that is no text")
            content = "\n".join(part["text"] for part in content)
        messages.append({**message, "content": content})
    return messages


def _streamed(call: Mapping[str, Any]) -> Sampling:
    """The one sampling of a streamed request."""
    samplings = _samplings(call)
    if len(samplings) > 1:
        raise _refused("the request asks for a stream of `n` above 1 answers")
    return samplings[0]


def _samplings(call: Mapping[str, Any]) -> list[Sampling]:
    """How to make each of the answers that the request asks for."""
    given = call["optional_params"]
    if given.get("tools") and given.get("tool_choice") != "none":
        raise _refused("the request has tools")
    stop = given.get("stop") or ()
    try:
        return [
            Sampling(
                max_tokens=max(
                    1, int(_number(given, "max_completion_tokens", _number(given, "max_tokens", DEFAULT_MAX_TOKENS)))
                ),
                temperature=max(0.0, _number(given, "temperature", 0.0)),
                top_p=_number(given, "top_p", 1.0),
                stop=tuple(text for text in ([stop] if isinstance(stop, str) else stop) if text),
                seed=None if given.get("seed") is None else int(given["seed"]) + index,
                alternatives=int(_number(given, "top_logprobs", 0)) if given.get("logprobs") else None,
                schema=_schema(given.get("response_format")),
                presence_penalty=_number(given, "presence_penalty", 0.0),
                frequency_penalty=_number(given, "frequency_penalty", 0.0),
            )
            for index in range(int(_number(given, "n", 1)))
        ]
    except (TypeError, ValueError):
        # PRIVACY: Python's message quotes the argument.
        raise _refused("an argument of the request is not of its type") from None


def _number(given: Mapping[str, Any], name: str, default: float) -> float:
    return default if given.get(name) is None else float(given[name])


def _schema(response_format: Any) -> str | None:
    """The JSON schema that the request wants kept, if any."""
    match response_format:
        case None | {"type": "text"}:
            return None
        case {"type": "json_object"}:
            return '{"type": "object"}'
        case {"type": "json_schema", "json_schema": {"schema": {} as schema}}:
            return json.dumps(schema)
        case _:
            raise _refused("the request has a response format other than text, json_object and json_schema")


def _whole(model: str, response: ModelResponse, answers: Sequence[Sequence[Piece]]) -> ModelResponse:
    """*response* filled with *answers*; the prompt counts once, as with OpenAI."""
    from litellm.types.utils import Choices, Message, Usage

    response.model = model
    response.choices = [
        Choices(
            index=index,
            finish_reason=pieces[-1].finish,
            message=Message(role="assistant", content="".join(piece.text for piece in pieces)),
            logprobs=_logprobs([entry for piece in pieces for entry in piece.logprobs]),
        )
        for index, pieces in enumerate(answers)
    ]
    prompt, completion = answers[0][-1].prompt_tokens, sum(pieces[-1].completion_tokens for pieces in answers)
    usage = Usage(prompt_tokens=prompt, completion_tokens=completion, total_tokens=prompt + completion)
    setattr(response, "usage", usage)  # noqa: B010  # litellm declares the field only on some versions
    return response


def _logprobs(entries: Sequence[Mapping[str, Any]]) -> ChoiceLogprobs | None:
    from litellm.types.utils import ChatCompletionTokenLogprob, ChoiceLogprobs

    return ChoiceLogprobs(content=[ChatCompletionTokenLogprob(**entry) for entry in entries]) if entries else None


def _identity() -> str:
    """A name for one answer, the same in all its chunks."""
    return f"chatcmpl-{uuid.uuid4()}"


def _chunks(piece: Piece, *, identity: str) -> Iterator[Any]:
    """
    What litellm's stream wrapper reads for *piece*.

    Text and probabilities pass only in a `ModelResponseStream`, exact usage only in a `GenericStreamingChunk`.
    """
    from litellm.types.utils import Delta, GenericStreamingChunk, ModelResponseStream, StreamingChoices

    if piece.text or piece.logprobs:
        delta = Delta(role="assistant", content=piece.text)
        choice = StreamingChoices(delta=delta, logprobs=_logprobs(piece.logprobs))
        yield ModelResponseStream(id=identity, choices=[choice])
    if piece.finish is not None:
        total = piece.prompt_tokens + piece.completion_tokens
        yield GenericStreamingChunk(
            text="",
            tool_use=None,
            is_finished=True,
            finish_reason=piece.finish,
            index=0,
            usage={
                "prompt_tokens": piece.prompt_tokens,
                "completion_tokens": piece.completion_tokens,
                "total_tokens": total,
            },
        )
