"""What a deployment's failure is called. The provider's words are dropped, for they may quote the prompt."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hybrid_guard.errors import BackendError, BackendFault

__all__ = ["backend_error"]

FAULTS: Mapping[str, BackendFault] = MappingProxyType(
    {
        "Timeout": "timeout",
        "APITimeoutError": "timeout",
        "ReadTimeout": "timeout",
        "ConnectTimeout": "timeout",
        "TimeoutError": "timeout",
        "RateLimitError": "rate_limited",
        "AuthenticationError": "refused",
        "PermissionDeniedError": "refused",
        "NotFoundError": "refused",
        "BadRequestError": "refused",
        "ContentPolicyViolationError": "refused",
        "ContextWindowExceededError": "context",
        "UnsupportedParamsError": "unsupported",
        "JSONSchemaValidationError": "bad_reply",
        "APIResponseValidationError": "bad_reply",
        "JSONDecodeError": "bad_reply",
        "UnicodeDecodeError": "bad_reply",
        "EOFError": "bad_reply",
    }
)
"""Class of an exception of litellm, openai, httpx or Python to fault; any other goes by its HTTP status."""

REMEDIES: Mapping[BackendFault, tuple[str, str]] = MappingProxyType(
    {
        "unavailable": ("HG601", "could not be reached or broke off; is it running? `hybrid-guard doctor` tells"),
        "timeout": ("HG602", "took too long; give the call a longer `timeout`"),
        "rate_limited": ("HG603", "limits the rate of calls; try again later"),
        "refused": ("HG604", "refused the request; check its `model`, its `api_key` and the arguments of the call"),
        "context": (
            "HG605",
            "was given more tokens than fit; set its `context` in the policy so that it is passed over",
        ),
        "unsupported": (
            "HG606",
            "does not support an argument of the call; leave it out, or call another deployment",
        ),
        "bad_reply": ("HG607", "gave an answer that cannot be read"),
        "interrupted": ("HG608", "broke off in the middle of an answer"),
        "missing": ("HG609", "is not installed or its model file is missing; `hybrid-guard doctor` tells"),
    }
)


def backend_error(alias: str, error: BaseException, *, begun: bool = False) -> BackendError:
    """
    The error to raise in place of *error*.

    Args:
        alias: Of the deployment.
        error: What came; only its class and its HTTP status are looked at, and its fault if it is one of ours.
        begun: Whether a part of the answer had come before.
    """
    if isinstance(error, BackendError):
        fault = error.fault
    else:
        names = [kind.__name__ for kind in type(error).__mro__]
        fault = next((FAULTS[name] for name in names if name in FAULTS), by_status(getattr(error, "status_code", None)))
    if begun and fault in {"unavailable", "bad_reply"}:
        fault = "interrupted"
    code, remedy = REMEDIES[fault]
    return BackendError(f"deployment `{alias}` {remedy}", deployment=alias, fault=fault, code=code)


def by_status(status: object) -> BackendFault:
    """What an HTTP status says: one below 500 is about the request, any other about the server."""
    return "refused" if isinstance(status, int) and 400 <= status < 500 else "unavailable"
