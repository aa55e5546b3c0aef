"""
The gate in front of litellm's functions: whoever calls one of them meets a guard first.

It stands before litellm builds its ``Logging`` object, asks its cache or tells its callbacks, for these see the prompt
before any provider does. What a guard cannot answer is refused.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any

from hybrid_guard.backends import is_tracked, load_litellm
from hybrid_guard.errors import EgressError, HybridGuardError, RequestError
from hybrid_guard.guard import Guard
from hybrid_guard.integrations.arguments import arguments_of, model_for, named
from hybrid_guard.integrations.failures import PAST, PROVIDER, as_litellm, strike_out
from hybrid_guard.integrations.places import CHAT, functions, held_elsewhere, places

__all__ = ["GATE", "Gate"]

PREFIX = f"{PROVIDER}/"

MOST_TRACES = 10_000
"""How many requests of routers are remembered."""


class Gate:
    """
    Stands in litellm while somebody wants it to. One per process: `GATE`.

    Attributes:
        everything: The guard for all calls; None leaves those alone that name no ``hybrid_guard/`` model.
        by_name: The guards for ``hybrid_guard/<name>``.
    """

    def __init__(self) -> None:
        self.everything: Guard | None = None
        self.by_name: dict[str, Guard] = {}
        self.lock = threading.RLock()
        self._originals: dict[int, tuple[Any, Any]] = {}
        self._traces: OrderedDict[str, None] = OrderedDict()

    def stand(self) -> None:
        """
        Take the place of litellm's functions; again does nothing.

        Raises:
            EgressError: HG708, somebody holds one of them and would go past the gate.
        """
        with self.lock:
            if self._originals:
                return
            load_litellm()
            known = functions()
            if holders := held_elsewhere(known):
                raise EgressError(
                    f"litellm's functions are held by {', '.join(holders)}, which goes past the guard; call"
                    " `litellm.completion` by its full name, and import such names and make routers afterwards",
                    code="HG708",
                )
            gated = {identity: self._gated(name, function) for identity, (name, function) in known.items()}
            self._originals = {id(ours): (ours, known[identity][1]) for identity, ours in gated.items()}
            for place in places(gated):
                setattr(place.module, place.name, gated[id(place.function)])

    def leave(self) -> None:
        """Give litellm its functions back, if nobody wants the gate any more."""
        with self.lock:
            if self.everything is not None or self.by_name:
                return
            # Modules of litellm that were loaded meanwhile have ours as well. Whoever put something over ours keeps it;
            # it leads to us, and we to litellm.
            for place in places(self._originals):
                setattr(place.module, place.name, self._originals[id(place.function)][1])
            self._originals.clear()
            self._traces.clear()

    def guard_for(self, arguments: Mapping[str, Any]) -> Guard | None:
        """
        The guard of a call; None if the call is not ours.

        Raises:
            RequestError: HG210, nobody has registered that name.
        """
        model, trace = arguments.get("model"), arguments.get("litellm_trace_id")
        if isinstance(model, str) and model.startswith(PREFIX):
            name = model.removeprefix(PREFIX)
        elif arguments.get("custom_llm_provider") == PROVIDER:
            name = str(model)
        else:
            if self.everything is None and trace in self._traces:
                raise RequestError(
                    "a router may not repeat a guarded request at another model; let all of its groups be guarded",
                    path="/model",
                    code="HG208",
                )
            return self.everything
        self._remember(trace)
        guard = self.by_name.get(name)
        if guard is None:
            known = ", ".join(f"`{PREFIX}{one}`" for one in sorted(self.by_name)) or "none"
            raise RequestError(
                f"no policy is registered under this name; there are: {known}", path="/model", code="HG210"
            )
        return guard

    def _remember(self, trace: Any) -> None:
        """Note the id under which a router tries one request again and again."""
        if isinstance(trace, str):
            with self.lock:
                self._traces[trace] = None
                while len(self._traces) > MOST_TRACES:
                    self._traces.popitem(last=False)

    def _ours(self, name: str, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Ready | None:
        """The guard and the arguments for a call; None if litellm is to do it."""
        if is_tracked() or not self._originals:
            return None
        try:
            given = named(function, args, kwargs)
        except TypeError:
            # litellm's own function, or the guard, says what is wrong.
            given = kwargs
        guard = self.guard_for(given)
        if guard is None:
            return None
        if given.get("acompletion"):
            strike_out(given.get("litellm_logging_obj"))
            raise EgressError(PAST, code="HG708")
        if name not in CHAT:
            raise RequestError(
                f"`litellm.{name}` is not guarded, so it is not called; use `litellm.completion` or `acompletion`",
                code="HG208",
            )
        model = model_for(given.get("model"), guard.policy) if guard is self.everything else "auto"
        return guard, {**arguments_of(given), "model": model}

    def _gated(self, name: str, function: Any) -> Any:
        """*function* behind the gate."""
        return self._async_gated(name, function) if iscoroutinefunction(function) else self._sync_gated(name, function)

    def _sync_gated(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            failure: HybridGuardError
            try:
                ready = self._ours(name, function, args, kwargs)
                if ready is not None:
                    guard, arguments = ready
                    return guard.completion(**arguments)
            except HybridGuardError as error:
                failure = error
            else:
                return function(*args, **kwargs)
            # PRIVACY: raised outside of the handler, so that no context hangs on it.
            raise as_litellm(failure)

        return call

    def _async_gated(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        async def call(*args: Any, **kwargs: Any) -> Any:
            failure: HybridGuardError
            try:
                ready = self._ours(name, function, args, kwargs)
                if ready is not None:
                    guard, arguments = ready
                    return await guard.acompletion(**arguments)
            except HybridGuardError as error:
                failure = error
            else:
                return await function(*args, **kwargs)
            raise as_litellm(failure)

        return call


Ready = tuple[Guard, dict[str, Any]]
"""A guard, and what it is called with."""

GATE = Gate()
"""The gate of this process."""
