"""The in-process model itself: what it does when it is short of memory, is stopped, or lacks a part."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from hybrid_guard.backends import llama_model
from hybrid_guard.backends.llama_model import Sampling, answer, load
from hybrid_guard.backends.llamacpp import bundled_model_path
from hybrid_guard.errors import BackendError

PRIVATE = "Vraxmoorquist"
SAMPLING = Sampling(
    max_tokens=4, temperature=0.0, top_p=1.0, stop=(), seed=None, alternatives=None, schema=None,
    presence_penalty=0.0, frequency_penalty=0.0,
)  # fmt: skip


@pytest.fixture
def llama() -> Iterator[Any]:
    """The bundled model."""
    model = load(bundled_model_path())
    yield model
    model.close()


def say(model: Any, text: str, *, stopped: Any = lambda: False) -> list[Any]:
    """The pieces of an answer."""
    return list(answer(model, [{"role": "user", "content": text}], SAMPLING, name="tiny", stopped=stopped))


def test_a_model_that_does_not_fit_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    """What llama.cpp raises while it loads becomes an error that names the model and the likely cause."""

    def refuse(**_: Any) -> None:
        raise MemoryError(PRIVATE)

    monkeypatch.setattr(llama_model._library(), "Llama", refuse)
    with pytest.raises(BackendError) as caught:
        load(bundled_model_path())

    assert caught.value.fault == "unavailable"
    assert "enough memory" in str(caught.value)
    assert PRIVATE not in repr(caught.value)
    assert caught.value.__suppress_context__


def test_a_long_prompt_can_be_stopped_between_its_steps(llama: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever leaves while the prompt is read does not wait for the rest of it."""
    monkeypatch.setattr(llama_model, "PROMPT_STEP", 4)
    asked: list[bool] = []

    def stopped() -> bool:
        asked.append(True)
        return len(asked) == 3

    with pytest.raises(BackendError) as caught:
        say(llama, "one two three four five six seven eight nine ten eleven twelve", stopped=stopped)

    assert caught.value.fault == "interrupted"
    assert llama.n_tokens == 8


def test_a_model_that_has_no_more_to_say_ends_by_length(llama: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tokens that run out before any end mark are an answer that was cut."""
    token = llama.tokenize(b" a", add_bos=False)[0]
    monkeypatch.setattr(llama_model, "_sampled", lambda *_: iter([token]))

    last = say(llama, "hello")[-1]

    assert last.finish == "length"
    assert last.completion_tokens == 1


def test_a_model_without_a_chat_template_is_refused_with_the_remedy() -> None:
    """It could continue text, but not answer."""
    with pytest.raises(BackendError, match="use an instruction-tuned model") as caught:
        say(SimpleNamespace(metadata={}), PRIVATE)

    assert caught.value.fault == "unsupported"
    assert PRIVATE not in str(caught.value)
