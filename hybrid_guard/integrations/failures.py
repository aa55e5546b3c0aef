"""Our errors as litellm's, which is what callers of litellm catch."""

from __future__ import annotations

from typing import Any

from hybrid_guard.backends import load_litellm
from hybrid_guard.errors import BackendError, BlockedError, HybridGuardError, RequestError

__all__ = ["PAST", "PROVIDER", "as_litellm", "strike_out"]

PROVIDER = "hybrid_guard"
"""The prefix of model names that are guarded."""

PAST = (
    "this call went past the guard, by a name that was taken from litellm earlier; call `litellm.completion` or"
    " `litellm.acompletion` by their full names"
)
"""What is wrong with a call that litellm had begun before a guard met it."""


def as_litellm(error: HybridGuardError) -> Exception:
    """
    The error of litellm that says the same: 403 for a block, 503 where nobody answers, 400 for a request.

    Its message is ours, with rule ids and without text; its attribute ``hybrid_guard`` is *error*.
    """
    import httpx

    litellm: Any = load_litellm()
    where = {"llm_provider": PROVIDER, "model": PROVIDER}
    failure: Exception
    match error:
        case BlockedError(unavailable=False):
            request = httpx.Request("POST", f"https://{PROVIDER}.invalid")
            failure = litellm.PermissionDeniedError(str(error), response=httpx.Response(403, request=request), **where)
        case RequestError():
            failure = litellm.BadRequestError(str(error), **where)
        case BackendError(fault="context"):
            failure = litellm.ContextWindowExceededError(str(error), **where)
        case BackendError(fault="rate_limited"):
            failure = litellm.RateLimitError(str(error), **where)
        case BackendError(fault="timeout"):
            failure = litellm.Timeout(str(error), **where)
        case BackendError() | BlockedError():
            failure = litellm.ServiceUnavailableError(str(error), **where)
        case _:
            failure = litellm.InternalServerError(str(error), **where)
    vars(failure)["hybrid_guard"] = error
    return failure


def strike_out(noted: Any) -> None:
    """Take what litellm has noted of a call out of its ``Logging`` object, which its failure callbacks are shown."""
    if noted is None:
        return
    noted.messages = []
    for name in ("additional_args", "input", "messages", "optional_params", "original_response", "prompt"):
        noted.model_call_details.pop(name, None)
