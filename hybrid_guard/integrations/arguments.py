"""From a call of litellm, as an existing script makes it, to the arguments of a guard."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from hybrid_guard.types import Policy

__all__ = ["IGNORED", "arguments_of", "model_for", "named"]

IGNORED = frozenset(
    {
        "api_base",
        "api_key",
        "api_version",
        "base_url",
        "cache",
        "caching",
        "callbacks",
        "client",
        "context_window_fallback_dict",
        "custom_llm_provider",
        "default_headers",
        "deployment_id",
        "drop_params",
        "extra_body",
        "extra_headers",
        "failure_callback",
        "fallbacks",
        "headers",
        "litellm_call_id",
        "litellm_logging_obj",
        "litellm_metadata",
        "litellm_trace_id",
        "logger_fn",
        "max_retries",
        "metadata",
        "mock_response",
        "model_info",
        "model_list",
        "num_retries",
        "organization",
        "retry_policy",
        "retry_strategy",
        "shared_session",
        "silent_model",
        "success_callback",
        "verbose",
    }
)
"""Arguments that say how litellm is to send a call, and where else. A guard's policy says both: they are left out."""


@cache
def signature_of(function: Any) -> inspect.Signature:
    """The signature that callers of *function* know."""
    return inspect.signature(function)


def named(function: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """
    The arguments of a call by name.

    Raises:
        TypeError: *function* cannot be called like that.
    """
    signature = signature_of(function)
    arguments = dict(signature.bind(*args, **kwargs).arguments)
    for name, parameter in signature.parameters.items():
        if parameter.kind is parameter.VAR_KEYWORD:
            arguments |= arguments.pop(name, {})
    return arguments


def arguments_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """What of *given* a guard reads; None means that it was not given."""
    return {name: value for name, value in given.items() if name not in IGNORED and value is not None}


def model_for(model: Any, policy: Policy) -> Any:
    """
    What *model* of an existing script means to *policy*.

    The model of a deployment, with or without its provider, is what the script wanted before there was a policy: the
    policy may choose (``auto``). An alias can only be written by who knows the policy: it is kept. Anything else is
    kept too, for the guard to refuse.
    """
    if policy.deployment(model) is not None:
        return model
    known = {name for one in policy.deployments for name in (one.model, one.model.partition("/")[2])}
    return "auto" if model in known else model
