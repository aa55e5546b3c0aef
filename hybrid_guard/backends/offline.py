"""
Loads litellm so that it makes no connection of its own, and refuses to use it where it would copy or divert a call.

``import litellm`` fetches a price map unless told not to, and its module-wide settings can rename a model, repeat a
call elsewhere or hand every prompt to a callback. None of that is named by a policy, so none of it may happen.
"""

from __future__ import annotations

import importlib
import os
import sys
import warnings
from functools import cache
from types import ModuleType
from typing import Any

from hybrid_guard.backends.transport import fence_in
from hybrid_guard.errors import EgressError

__all__ = ["OFFLINE_SWITCHES", "load_litellm", "refuse_diversions"]

OFFLINE_SWITCHES = (
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS",
    "LITELLM_LOCAL_AUTOROUTER_PRESETS",
    "LITELLM_LOCAL_BLOG_POSTS",
    "LITELLM_LOCAL_MODEL_COST_MAP",
    "LITELLM_LOCAL_POLICY_TEMPLATES",
)
"""Environment variables that make litellm use the tables it ships with instead of fetching newer ones."""

COPIES = (
    "callbacks",
    "input_callback",
    "success_callback",
    "failure_callback",
    "_async_input_callback",
    "_async_success_callback",
    "_async_failure_callback",
    "pre_call_rules",
    "post_call_rules",
)
"""Lists of litellm whose members are shown the prompt."""

DIVERSIONS = (
    "model_alias_map",
    "model_fallbacks",
    "num_retries",
    "cache",
    "proxy_auth",
    "add_function_to_prompt",
    "set_verbose",
    "headers",
    "organization",
    "route_all_chat_openai_to_responses",
    "use_litellm_proxy",
)
"""Settings of litellm that change where a call goes, how often, or what it says, or print it."""


@cache
def load_litellm() -> ModuleType:
    """Import litellm, offline. If the application imported it before, its tables are what that import made them."""
    for name in OFFLINE_SWITCHES:
        os.environ.setdefault(name, "True")
    litellm: Any = importlib.import_module("litellm")
    litellm.telemetry = False
    litellm.suppress_debug_info = True
    litellm.disable_hf_tokenizer_download = True
    fence_in()
    # pydantic prints what it cannot serialise, that is: what a server answered.
    warnings.filterwarnings("ignore", message="Pydantic serializer warnings", category=UserWarning)
    return sys.modules["litellm"]


def refuse_diversions(litellm: Any) -> None:
    """
    Refuse to call while litellm's own settings would copy or divert the call.

    Raises:
        EgressError: Names the settings; never what they hold.
    """
    copies = [name for name in COPIES if not all(is_its_own(one) for one in getattr(litellm, name, None) or ())]
    if copies:
        raise EgressError(
            f"litellm would show this call to what is registered in {', '.join(f'`{name}`' for name in copies)};"
            " empty these lists in a process that uses a guard",
            code="HG703",
        )
    diversions = [name for name in DIVERSIONS if getattr(litellm, name, None)]
    if diversions:
        raise EgressError(
            f"litellm would change this call by {', '.join(f'`litellm.{name}`' for name in diversions)};"
            " unset them in a process that uses a guard, and name deployments in the policy instead",
            code="HG704",
        )


def is_its_own(callback: Any) -> bool:
    """Whether litellm registers *callback* by itself, and it keeps no text."""
    # litellm's Gemini code registers its own "cache" callback, which does nothing while `litellm.cache` is unset.
    if callback == "cache":
        return True
    # Every router counts tokens and failures of its deployments. One of a class of somebody's own may do anything.
    router: Any = getattr(sys.modules.get("litellm.router"), "Router", None)
    owner = getattr(callback, "__self__", None)
    return router is not None and type(owner) is router and getattr(callback, "__func__", None) in vars(router).values()
