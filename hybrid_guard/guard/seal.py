"""The edge between a guard and its caller: nothing but our own errors gets over it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from hybrid_guard.core import own_error
from hybrid_guard.errors import HybridGuardError

__all__ = ["asealed", "sealed"]

P = ParamSpec("P")
T = TypeVar("T")


def sealed(function: Callable[P, T]) -> Callable[P, T]:
    """*function*, which raises our own errors only, bare of what led to them: that may quote the prompt."""

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        failure: HybridGuardError
        try:
            return function(*args, **kwargs)
        except StopIteration:
            raise
        except Exception as error:
            failure = own_error(error)
        # PRIVACY: raised outside of the handler, so that no context hangs on it.
        raise failure

    return call


def asealed(function: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """See `sealed`."""

    @wraps(function)
    async def call(*args: P.args, **kwargs: P.kwargs) -> T:
        failure: HybridGuardError
        try:
            return await function(*args, **kwargs)
        except StopAsyncIteration:
            raise
        except Exception as error:
            failure = own_error(error)
        raise failure

    return call
