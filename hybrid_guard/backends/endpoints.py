"""Which address a deployment really has: the only one that its transport lets a request through to."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal
from urllib.parse import urlsplit

from hybrid_guard.errors import EgressError
from hybrid_guard.types import Deployment, Zone

__all__ = ["PROVIDERS", "Endpoint", "Provider", "endpoint_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """
    A litellm provider whose traffic is known to go through the client that it is given, and through nothing else.

    Attributes:
        client: What litellm wants: an ``openai`` client, or its own ``http`` handler.
        api_base: Public endpoint; None if a policy has to name one.
    """

    client: Literal["openai", "http"]
    api_base: str | None = None


PROVIDERS: Mapping[str, Provider] = MappingProxyType(
    {
        "anthropic": Provider(client="http", api_base="https://api.anthropic.com"),
        "custom_openai": Provider(client="openai"),
        "deepseek": Provider(client="http", api_base="https://api.deepseek.com/beta"),
        "fireworks_ai": Provider(client="http", api_base="https://api.fireworks.ai/inference/v1"),
        "gemini": Provider(client="http", api_base="https://generativelanguage.googleapis.com/v1beta"),
        "groq": Provider(client="http", api_base="https://api.groq.com/openai/v1"),
        "hosted_vllm": Provider(client="http"),
        "litellm_proxy": Provider(client="openai"),
        "llamafile": Provider(client="openai"),
        "lm_studio": Provider(client="openai"),
        "mistral": Provider(client="http", api_base="https://api.mistral.ai/v1"),
        "openai": Provider(client="openai", api_base="https://api.openai.com/v1"),
        "openrouter": Provider(client="http", api_base="https://openrouter.ai/api/v1"),
        "perplexity": Provider(client="openai", api_base="https://api.perplexity.ai"),
        "together_ai": Provider(client="http", api_base="https://api.together.ai/v1"),
        "xai": Provider(client="http", api_base="https://api.x.ai/v1"),
    }
)
"""
Every provider that may be called. Given the wrong kind of client, litellm makes one of its own, which obeys
``HTTP_PROXY``: a contract test proves for each provider here that its bytes pass the fence.
"""


FORWARDED = (":cloud", "-cloud")
"""Ends of model tags that make Ollama's server send a prompt on to its maker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """
    The address of a deployment.

    Attributes:
        base: Base URL, with a literal loopback address where the policy says ``localhost``.
        origin: (scheme, host, port) that requests are let through to.
        provider: How litellm talks to it.
    """

    base: str
    origin: tuple[str, str, int]
    provider: Provider


def endpoint_of(deployment: Deployment) -> Endpoint:
    """
    The endpoint of a deployment that is reached over the network.

    Raises:
        EgressError: HG701 the provider is not known to be safe, or no address is known; HG702 the address is not what
            the zone promises.
    """
    name = deployment.model.partition("/")[0]
    provider = PROVIDERS.get(name)
    if provider is None:
        raise EgressError(
            f"deployment `{deployment.alias}` names a provider that is not guarded;"
            f" use one of {', '.join(sorted(PROVIDERS))} (most servers speak `hosted_vllm/` or `openai/`)",
            code="HG701",
        )
    if deployment.model.split("/")[1:2] == ["responses"]:
        raise EgressError(f"deployment `{deployment.alias}` names another endpoint than chat", code="HG701")
    if deployment.zone is Zone.LOCAL and deployment.model.casefold().endswith(FORWARDED):
        raise EgressError(f"deployment `{deployment.alias}` names a model that its server forwards", code="HG702")
    base = deployment.api_base or provider.api_base
    if base is None:
        raise EgressError(f"deployment `{deployment.alias}` needs an `api_base` in the policy", code="HG701")
    parts = urlsplit(base)
    host = (parts.hostname or "").casefold()
    if host == "localhost":
        # INVARIANT: a name can be pointed anywhere by a hosts file or a resolver; a literal address cannot.
        host = "127.0.0.1"
        base = base.replace(parts.netloc, f"{host}:{parts.port}" if parts.port else host, 1)
    loopback = is_loopback(host)
    if deployment.zone is Zone.LOCAL and not loopback:
        raise EgressError(
            f"deployment `{deployment.alias}` is in zone local, but its address is not a loopback address", code="HG702"
        )
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise EgressError(f"deployment `{deployment.alias}` must have a plain `api_base`", code="HG702")
    if parts.scheme not in {"http", "https"} or (parts.scheme == "http" and not loopback):
        raise EgressError(f"deployment `{deployment.alias}` must be reached over https", code="HG702")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return Endpoint(base=base.rstrip("/"), origin=(parts.scheme, host, port), provider=provider)


def is_loopback(host: str) -> bool:
    """Whether *host* is a literal loopback address; an IPv4 address inside an IPv6 one does not count."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback and not (isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped)
