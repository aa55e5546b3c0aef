"""A fresh process that uses litellm as scripts do, behind a gate, and prints what came of it. Run by its test."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import FunctionType
from typing import Any

import hybrid_guard
from hybrid_guard.backends import load_litellm
from tests.promises.rig import said, said_in

litellm: Any = load_litellm()

SEEN: list[str] = []
"""What litellm's callbacks were shown."""

REFUSED = {
    "embedding": {"input": "{}"},
    "responses": {"input": "{}"},
    "text_completion": {"prompt": "{}"},
    "transcription": {"file": "{}"},
    "moderation": {"input": "{}"},
    "image_generation": {"prompt": "{}"},
    "rerank": {"query": "{}", "documents": ["{}"]},
    "aembedding": {"input": "{}"},
    "aresponses": {"input": "{}"},
    "atext_completion": {"prompt": "{}"},
    "atranscription": {"file": "{}"},
    "anthropic_messages": {"messages": [{"role": "user", "content": "{}"}], "max_tokens": 9},
}


def functions() -> dict[tuple[str, str], int]:
    """Every function that a module of litellm holds."""
    return {
        (module.__name__, name): id(value)
        for loaded, module in sorted(sys.modules.items())
        if loaded.partition(".")[0] == "litellm"
        for name, value in vars(module).items()
        if isinstance(value, FunctionType)
    }


def as_it_was(before: dict[tuple[str, str], int]) -> bool:
    """Whether all functions are the ones from *before*, and none of ours is left, also where more was loaded since."""
    after = functions()
    ours = {id(one) for one in gc.get_objects() if isinstance(one, FunctionType) and is_ours(one)}
    return all(after.get(place) == one for place, one in before.items()) and not ours & set(after.values())


def is_ours(function: FunctionType) -> bool:
    """Whether *function* was made by the gate."""
    return function.__code__.co_filename.endswith("integrations/gate.py")


def told(action: Callable[[], Any]) -> dict[str, Any]:
    """What *action* raises; its own words are the test's to look through."""
    try:
        action()
    except Exception as error:
        return {"kind": type(error).__name__, "text": str(error), "status": getattr(error, "status_code", None)}
    return {"kind": None}


def ways(owner: Any, **arguments: Any) -> Iterator[tuple[str, Callable[[], str]]]:
    """The four ways to call *owner*, which is litellm or a router of it."""

    async def wait() -> str:
        return said(await owner.acompletion(**arguments))

    async def read() -> str:
        return "".join([said_in(chunk) async for chunk in await owner.acompletion(**arguments, stream=True)])

    yield "sync", lambda: said(owner.completion(**arguments))
    yield "async", lambda: asyncio.run(wait())
    yield "stream", lambda: "".join(said_in(chunk) for chunk in owner.completion(**arguments, stream=True))
    yield "astream", lambda: asyncio.run(read())


def call(name: str, model: str, text: str, trap: str) -> Any:
    """Call a function of litellm by its name, at the trap."""
    filled = json.loads(json.dumps(REFUSED[name]).replace("{}", text))
    result = getattr(litellm, name)(model=model, api_base=trap, api_key="none", **filled)
    return asyncio.run(result) if asyncio.iscoroutine(result) else result


def router(model: str, trap: str, **options: Any) -> Any:
    """A router with one group at *model*, and an unguarded one at the trap."""
    return litellm.Router(
        model_list=[
            {"model_name": "team", "litellm_params": {"model": model, "api_base": trap, "api_key": "none"}},
            {"model_name": "raw", "litellm_params": {"model": "openai/raw", "api_base": trap, "api_key": "none"}},
        ],
        num_retries=0,
        **options,
    )


def watch() -> None:
    """Register callbacks for everything, which remember what they are shown."""

    class Watcher(litellm.integrations.custom_logger.CustomLogger):  # type: ignore[misc]  # litellm has no types here
        def log_pre_api_call(self, model: Any, messages: Any, kwargs: Any) -> None:
            SEEN.append(repr((messages, kwargs)))

        def log_success_event(self, kwargs: Any, response_obj: Any, start_time: Any, end_time: Any) -> None:
            SEEN.append(repr((kwargs, response_obj)))

        def log_failure_event(self, kwargs: Any, response_obj: Any, start_time: Any, end_time: Any) -> None:
            SEEN.append(repr((kwargs, response_obj)))

        async def async_log_success_event(self, kwargs: Any, response_obj: Any, start_time: Any, end_time: Any) -> None:
            SEEN.append(repr((kwargs, response_obj)))

        async def async_log_failure_event(self, kwargs: Any, response_obj: Any, start_time: Any, end_time: Any) -> None:
            SEEN.append(repr((kwargs, response_obj)))

        async def async_pre_call_deployment_hook(self, kwargs: Any, call_type: Any) -> Any:
            SEEN.append(repr(kwargs))
            return kwargs

    litellm.callbacks.append(Watcher())


def use_patch(policy: str, trap: str, secret: str) -> dict[str, Any]:
    """Everything that a patched script does."""
    before = functions()
    out: dict[str, Any] = {}
    astray = {
        "fallbacks": ["openai/raw"],
        "model_list": [{"model_name": "x", "litellm_params": {"model": "openai/raw", "api_base": trap}}],
        "mock_response": "mocked",
        "api_base": trap,
        "api_key": "none",
        "metadata": {"about": secret},
        "num_retries": 2,
    }
    private = [{"role": "user", "content": f"I am {secret}."}]
    public = [{"role": "user", "content": "Good morning"}]
    with hybrid_guard.patch(policy) as handle:
        out["private"] = {
            way: answer() for way, answer in ways(litellm, model="openai/cloud-a", messages=private, **astray)
        }
        out["public"] = {way: answer() for way, answer in ways(litellm, model="cloud-a", messages=public)}
        guarded = router("openai/cloud-a", trap, fallbacks=[{"team": ["raw"]}])
        out["router"] = {way: answer() for way, answer in ways(guarded, model="team", messages=private)}
        out["raw_group"] = {way: told(answer) for way, answer in ways(guarded, model="raw", messages=private)}
        out["refused"] = {name: told(partial(call, name, "openai/x", secret, trap)) for name in REFUSED}
        out["block"] = {
            way: told(answer)
            for way, answer in ways(litellm, model="cloud-a", messages=private, fallbacks=["openai/raw"])
        }
        with hybrid_guard.patch(policy):
            pass
        out["after_inner"] = litellm.completion(model="auto", messages=public).hybrid_guard.source
        out["main"] = said(litellm.main.completion("openai/cloud-a", private))
        from litellm import completion

        kept = completion
        watch()
        out["watched"] = {way: told(answer) for way, answer in ways(litellm, model="auto", messages=private)}
        litellm.logging_callback_manager._reset_all_callbacks()
    handle.undo()
    out["restored"] = as_it_was(before)
    out["kept"] = told(lambda: kept(model="openai/raw", messages=public, api_base=trap, api_key="none"))
    out["seen"] = SEEN
    return out


def use_early_names(policy: str, trap: str, secret: str) -> dict[str, Any]:
    """Patch where a name was imported before, and where a router was made before."""
    before = functions()
    globals()["early"] = litellm.completion
    out: dict[str, Any] = {
        "name": told(lambda: hybrid_guard.patch(policy)),
        "register": told(lambda: hybrid_guard.register("x", policy)),
    }
    del globals()["early"]
    made = router("openai/raw", trap)
    out["router"] = told(lambda: hybrid_guard.patch(policy))
    out["untouched"] = as_it_was(before) and all(
        one["provider"] != "hybrid_guard" for one in litellm.custom_provider_map
    )
    assert made is not None
    return out


def use_other_policy(policy: str, trap: str, secret: str) -> dict[str, Any]:
    """Two policies cannot both be at work."""
    from hybrid_guard.policies import load_policy, parse_policy

    other = parse_policy(Path(policy).read_text("utf-8").replace("name: rig", "name: other"))
    with hybrid_guard.patch(load_policy(policy)):
        return {"other": told(lambda: hybrid_guard.patch(other))}


def use_provider(policy: str, trap: str, secret: str) -> dict[str, Any]:
    """Everything that a script does with `hybrid_guard/<name>`."""
    before = functions()
    held = {"completion": litellm.main.completion, "acompletion": litellm.main.acompletion}
    out: dict[str, Any] = {}
    private = [{"role": "user", "content": f"I am {secret}."}]
    public = [{"role": "user", "content": "Good morning"}]
    outward = {"hybrid_guard": {"zones": ["external"]}}
    name = "hybrid_guard/team"
    with hybrid_guard.register("team", policy) as handle:
        out["private"] = {way: answer() for way, answer in ways(litellm, model=name, messages=private)}
        out["public"] = {way: answer() for way, answer in ways(litellm, model=name, messages=public)}
        out["block"] = {
            way: told(answer)
            for way, answer in ways(litellm, model=name, messages=private, fallbacks=["openai/raw"], **outward)
        }
        guarded = router(name, trap, fallbacks=[{"team": ["raw"]}])
        out["router"] = {way: answer() for way, answer in ways(guarded, model="team", messages=private)}
        out["fallback"] = {
            way: told(answer) for way, answer in ways(guarded, model="team", messages=private, **outward)
        }
        out["unknown"] = told(lambda: litellm.completion(model="hybrid_guard/nobody", messages=private))
        out["taken"] = told(lambda: hybrid_guard.register("team", policy))
        out["misnamed"] = told(lambda: hybrid_guard.register("../team", policy))
        out["refused"] = {one: told(partial(call, one, name, secret, trap)) for one in REFUSED}
        from litellm.llms import custom_llm

        out["listed"] = isinstance(
            next(one["custom_handler"] for one in litellm.custom_provider_map if one["provider"] == "hybrid_guard"),
            custom_llm.CustomLLM,
        )
        out["others"] = said(litellm.completion(model="openai/raw", messages=public, api_base=trap, api_key="none"))
        watch()
        out["watched"] = {way: told(answer) for way, answer in ways(litellm, model=name, messages=private)}
        out["past"] = told(lambda: held["completion"](model=name, messages=private))
        out["past_stream"] = told(lambda: list(held["completion"](model=name, messages=private, stream=True)))
        litellm.logging_callback_manager._reset_all_callbacks()
        out["past_async"] = told(lambda: asyncio.run(held["acompletion"](model=name, messages=private)))
    handle.undo()
    out["restored"] = as_it_was(before)
    out["unlisted"] = "hybrid_guard" not in [*litellm.provider_list, *litellm._custom_providers]
    out["gone"] = told(lambda: litellm.completion(model=name, messages=public))
    out["seen"] = SEEN
    return out


def use_nothing(policy: str, trap: str, secret: str) -> dict[str, Any]:
    """No gate at all: what the others are compared with."""
    watch()
    private = [{"role": "user", "content": f"I am {secret}."}]
    out = {
        way: told(answer)
        for way, answer in ways(litellm, model="openai/raw", messages=private, api_base=trap, api_key="none")
    }
    out["refused"] = {}
    for name in ("embedding", "text_completion"):
        with suppress(Exception):
            call(name, "openai/x", secret, trap)
    return {**out, "seen": SEEN}


if __name__ == "__main__":
    scenario, *rest = sys.argv[1:]
    print(json.dumps(globals()[f"use_{scenario}"](*rest, sys.stdin.read())))
