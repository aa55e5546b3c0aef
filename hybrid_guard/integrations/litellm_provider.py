"""
The litellm provider ``hybrid_guard/<name>``: whatever takes the name of a litellm model is guarded by another name.

litellm copies a prompt into its ``Logging`` object, and hands it to its callbacks, before it asks a provider. So the
calls are answered by the gate, before litellm begins; a call that comes as far as the provider went past the gate, and
is refused.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from hybrid_guard.backends import load_litellm
from hybrid_guard.errors import EgressError, InputError
from hybrid_guard.guard import Guard
from hybrid_guard.integrations.failures import PAST, PROVIDER, as_litellm, strike_out
from hybrid_guard.integrations.gate import GATE
from hybrid_guard.integrations.handles import Patch
from hybrid_guard.types import Policy

if TYPE_CHECKING:
    from litellm.llms.custom_llm import CustomLLM

__all__ = ["provider", "register"]

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}", re.ASCII)


def register(name: str, policy: str | Path | Policy) -> Patch:
    """
    Make ``hybrid_guard/<name>`` a model of litellm that is answered by a guard.

    ``litellm.completion`` and ``litellm.acompletion`` take it, and so does what is built on them, whole or streamed.
    Calls with other models are litellm's as before. Any other function of litellm refuses such a model with HG208.

    Args:
        name: Of lower-case letters, digits, dots, dashes and underscores; 1 to 64.
        policy: Path of a policy file, or a policy that is compiled already.

    Raises:
        InputError: HG900, the name has another form or is taken.
        EgressError: HG704 another handler has the name of our provider; HG708, see `patch`.
        HybridGuardError: As for `Guard`.
    """
    if not NAME.fullmatch(name):
        raise InputError("a name has 1 to 64 lower-case letters, digits, dots, dashes and underscores")
    with GATE.lock:
        if name in GATE.by_name:
            raise InputError(f"a policy is registered as `{name}` already; undo that first, or take another name")
        guard = Guard(policy)
        try:
            _enter()
            GATE.stand()
        except BaseException:
            guard.close()
            if not GATE.by_name:
                _withdraw()
            raise
        GATE.by_name[name] = guard
    return Patch(lambda: _undo(name))


def _undo(name: str) -> None:
    with GATE.lock:
        guard = GATE.by_name.pop(name)
        if not GATE.by_name:
            _withdraw()
        GATE.leave()
    guard.close()


def _enter() -> None:
    """Make the provider known to litellm; the entries of others are left alone."""
    litellm: Any = load_litellm()
    handlers = [one["custom_handler"] for one in litellm.custom_provider_map if one["provider"] == PROVIDER]
    if any(one is not provider() for one in handlers):
        raise EgressError(f"another handler calls itself `{PROVIDER}` in `litellm.custom_provider_map`", code="HG704")
    if not handlers:
        litellm.custom_provider_map.append({"provider": PROVIDER, "custom_handler": provider()})
    litellm.utils.custom_llm_setup()


def _withdraw() -> None:
    """Take the provider out of litellm again."""
    litellm: Any = load_litellm()
    litellm.custom_provider_map[:] = [
        one for one in litellm.custom_provider_map if one["custom_handler"] is not provider()
    ]
    for known in (litellm.provider_list, litellm._custom_providers):  # noqa: SLF001  # no other way is offered
        if PROVIDER in known:
            known.remove(PROVIDER)


@cache
def provider() -> CustomLLM:
    """The handler that `register` enters; one per process."""
    from litellm.llms.custom_llm import CustomLLM

    class Refusing(CustomLLM):
        """Refuses what went past the gate, and leaves nothing of it to litellm's callbacks."""

        def completion(self, *_: Any, **call: Any) -> NoReturn:
            """Refused."""
            refuse(call)

        async def acompletion(self, *_: Any, **call: Any) -> NoReturn:
            """Refused."""
            refuse(call)

        def streaming(self, *_: Any, **call: Any) -> NoReturn:
            """Refused."""
            refuse(call)

        async def astreaming(self, *_: Any, **call: Any) -> NoReturn:
            """Refused."""
            refuse(call)

        def embedding(self, *_: Any, **call: Any) -> NoReturn:
            """Refused."""
            refuse(call)

        async def aembedding(self, *_: Any, **call: Any) -> NoReturn:
            """Refused."""
            refuse(call)

    return Refusing()


def refuse(call: dict[str, Any]) -> NoReturn:
    """Refuse *call*, after what litellm has noted of it was struck out."""
    # PRIVACY: litellm has taken notes by now. Hooks that it calls before a provider have seen the call.
    strike_out(call.get("logging_obj"))
    raise as_litellm(EgressError(PAST, code="HG708"))
