"""litellm called directly, without a guard: what a guarded call is compared with."""

from __future__ import annotations

import contextlib
from typing import Any

from hybrid_guard.backends.offline import COPIES, load_litellm
from hybrid_guard.testing import RecordingServer
from tests.promises.rig import Way, call

PROXY_VARIABLES = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")


def aim(server: RecordingServer | str, model: str = "openai/direct") -> dict[str, Any]:
    """The arguments that send a direct call to *server*."""
    base = server if isinstance(server, str) else server.base_url
    return {"model": model, "api_base": base, "api_key": "none"}


def try_directly(target: Any, way: Way, **arguments: Any) -> None:
    """Call litellm or a router of it. Whether it makes an answer of what comes back is not what is looked at."""
    with contextlib.suppress(Exception):
        call(target, way, **arguments)
    forget_callbacks(load_litellm())


def forget_callbacks(litellm: Any) -> None:
    """A router registers callbacks of its own, which a guard would refuse."""
    for name in COPIES:
        getattr(litellm, name).clear()
