"""Where litellm's functions that send something are held, and who holds one that a gate cannot reach."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import FunctionType, ModuleType
from typing import Any

__all__ = ["CHAT", "Place", "functions", "held_elsewhere", "places"]

CHAT = frozenset({"acompletion", "completion"})
"""Functions that a guard can answer."""

UNDECORATED = frozenset(
    {
        *CHAT,
        "a_add_message",
        "aadapter_completion",
        "aadapter_generate_content",
        "acancel_batch",
        "acount_tokens",
        "acreate_assistants",
        "acreate_thread",
        "adapter_completion",
        "add_message",
        "adelete_assistant",
        "aembedding",
        "aget_assistants",
        "aget_messages",
        "aget_thread",
        "ahealth_check",
        "alist_fine_tuning_jobs",
        "anthropic_messages",
        "anthropic_messages_handler",
        "aocr",
        "aresponses",
        "aresponses_api_with_mcp",
        "arun_thread",
        "arun_thread_stream",
        "batch_completion",
        "cancel_batch",
        "create_assistants",
        "create_thread",
        "delete_assistant",
        "embedding",
        "get_assistants",
        "get_messages",
        "get_thread",
        "list_fine_tuning_jobs",
        "moderation",
        "ocr",
        "responses",
        "run_thread",
        "run_thread_stream",
    }
)
"""Functions of litellm that send something and do not have the decorator by which the others are known."""

DECORATOR = "client.<locals>."
"""What the code of a function is called that litellm's decorator for calls has made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """
    One name of a module of litellm that stands for a function which sends something.

    Attributes:
        module: The module.
        name: In it.
        function: What the name stands for.
    """

    module: ModuleType = field(repr=False)
    name: str
    function: FunctionType = field(repr=False)


def modules(*, of_litellm: bool) -> Iterator[ModuleType]:
    """The modules that are loaded: those of litellm, or all others."""
    for name, module in tuple(sys.modules.items()):
        if isinstance(module, ModuleType) and (name.partition(".")[0] == "litellm") is of_litellm:
            yield module


def functions() -> Mapping[int, tuple[str, FunctionType]]:
    """Identity to name and function, for every function of litellm that sends something."""
    found: dict[int, tuple[str, FunctionType]] = {}
    for module in modules(of_litellm=True):
        for name, value in tuple(vars(module).items()):
            if not isinstance(value, FunctionType):
                continue
            public = module.__name__ == "litellm" and name in UNDECORATED
            # co_qualname keeps what functools.wraps overwrites on the function.
            if public or value.__code__.co_qualname.startswith(DECORATOR):
                found.setdefault(id(value), (value.__name__, value))
    return found


def places(known: Mapping[int, Any]) -> tuple[Place, ...]:
    """Every name in litellm's modules that stands for a function whose identity is in *known*."""
    return tuple(
        Place(module=module, name=name, function=value)
        for module in modules(of_litellm=True)
        for name, value in tuple(vars(module).items())
        if id(value) in known
    )


def held_elsewhere(known: Mapping[int, tuple[str, FunctionType]]) -> tuple[str, ...]:
    """
    Who holds one of *known* already, and would go on to call it: names imported earlier, and routers.

    A local variable, a default argument or an attribute of an object is not found.
    """
    names = [
        f"`{module.__name__}.{name}`"
        for module in modules(of_litellm=False)
        for name, value in tuple(vars(module).items())
        if id(value) in known
    ]
    router: Any = getattr(sys.modules.get("litellm.router"), "Router", None)
    # A router takes some of the functions when it is made.
    if router is not None and any(issubclass(type(one), router) for one in gc.get_objects()):
        names.append("a `litellm.Router` that was made before")
    return tuple(names)
