"""Our errors as litellm's, which is what callers of litellm catch."""

from __future__ import annotations

from typing import Any

from hybrid_guard.backends import load_litellm
from hybrid_guard.errors import BackendError, BlockedError, HybridGuardError, RequestError

__all__ = ["PROVIDER", "as_litellm"]

PROVIDER = "hybrid_guard"
"""The prefix of model names that are guarded."""


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
