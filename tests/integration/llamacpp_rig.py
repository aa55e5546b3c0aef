"""What the tests of the in-process provider share."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from typing import Any

import pytest

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import litellm

from hybrid_guard.backends import llama_model, llama_worker, llamacpp
from hybrid_guard.backends.llama_model import Piece

__all__ = [
    "LONG",
    "MODEL",
    "NOTE",
    "SECRET",
    "Turnstile",
    "ask",
    "joined",
    "provider",
    "text_of",
    "usage_of",
    "workers",
]

MODEL = "hg_llamacpp/tiny"
NOTE = "Write a short note to Anna about the meeting on Friday."
SECRET = "Vraxmoorquist"
LONG = "Repeat: " + " ".join(f"{SECRET}{number}" for number in range(12))


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The provider, entered into litellm; its models and threads are gone afterwards."""
    monkeypatch.setattr(litellm, "suppress_debug_info", True)
    llamacpp.register(litellm)
    yield
    llamacpp.unload()


def ask(text: str, **arguments: Any) -> dict[str, Any]:
    """Arguments for litellm: one user message to the bundled model."""
    return {"model": MODEL, "messages": [{"role": "user", "content": text}], "max_tokens": 200, **arguments}


def text_of(response: Any) -> str:
    """The text of a whole answer."""
    return str(response.choices[0].message.content)


def joined(chunks: list[Any]) -> str:
    """The text of a streamed answer."""
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


def usage_of(chunks: list[Any]) -> Any:
    """The usage that a stream ended with."""
    (usage,) = [chunk.usage for chunk in chunks if getattr(chunk, "usage", None) is not None]
    return usage


def workers() -> list[threading.Thread]:
    """Threads of the provider that are still alive after a chance to end."""
    ours = [thread for thread in threading.enumerate() if thread.name.startswith(llamacpp.PROVIDER)]
    for thread in ours:
        thread.join(timeout=30)
    return [thread for thread in ours if thread.is_alive()]


class Turnstile:
    """Lets the model's thread make one piece, then holds it until `open`; counts answers begun and pieces made."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun = 0
        self.made = 0
        self._opened = threading.Event()
        real = llama_model.answer

        def answer(*arguments: Any, **options: Any) -> Iterator[Piece]:
            self.begun += 1
            for piece in real(*arguments, **options):
                self.made += 1
                yield piece
                assert self._opened.wait(timeout=30)

        monkeypatch.setattr(llama_worker, "answer", answer)

    def open(self) -> None:
        """Let the thread go on."""
        self._opened.set()
