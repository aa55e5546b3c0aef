"""Which address a deployment has, and which addresses are refused."""

from __future__ import annotations

import pytest

from hybrid_guard.backends.endpoints import PROVIDERS, Endpoint, endpoint_of, is_loopback
from hybrid_guard.errors import EgressError
from hybrid_guard.types import Deployment, Zone


def at(base: str | None, *, zone: Zone = Zone.EXTERNAL, model: str = "openai/x") -> Endpoint:
    """The endpoint of a deployment at *base*."""
    return endpoint_of(Deployment(alias="d", model=model, zone=zone, tier="cloud", api_base=base))


@pytest.mark.parametrize(
    ("base", "told", "origin"),
    [
        ("https://llm.example/v1", "https://llm.example/v1", ("https", "llm.example", 443)),
        ("https://LLM.example:8443/v1/", "https://LLM.example:8443/v1", ("https", "llm.example", 8443)),
        ("http://127.0.0.1/v1", "http://127.0.0.1/v1", ("http", "127.0.0.1", 80)),
        ("http://localhost:8000/v1", "http://127.0.0.1:8000/v1", ("http", "127.0.0.1", 8000)),
        ("http://localhost/v1", "http://127.0.0.1/v1", ("http", "127.0.0.1", 80)),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1", ("http", "::1", 8000)),
    ],
)
def test_an_address_has_one_origin(base: str, told: str, origin: tuple[str, str, int]) -> None:
    """Scheme, host and port; the port of the scheme where none is named."""
    endpoint = at(base)

    assert (endpoint.base, endpoint.origin) == (told, origin)
    assert endpoint.provider is PROVIDERS["openai"]


@pytest.mark.parametrize("name", [name for name, one in PROVIDERS.items() if one.api_base is not None])
def test_a_hosted_provider_has_its_own_address(name: str) -> None:
    """It needs no ``api_base``, and cannot be local."""
    assert at(None, model=f"{name}/x").origin[0] == "https"
    with pytest.raises(EgressError):
        at(None, model=f"{name}/x", zone=Zone.LOCAL)


@pytest.mark.parametrize(
    ("base", "zone", "model", "code"),
    [
        ("https://llm.example/v1", Zone.EXTERNAL, "ollama/x", "HG701"),
        ("https://llm.example/v1", Zone.EXTERNAL, "x", "HG701"),
        (None, Zone.EXTERNAL, "hosted_vllm/x", "HG701"),
        ("https://llm.example/v1", Zone.EXTERNAL, "openai/responses/x", "HG701"),
        ("https://llm.example/v1", Zone.LOCAL, "openai/x", "HG702"),
        ("http://llm.example/v1", Zone.EXTERNAL, "openai/x", "HG702"),
        ("http://10.0.0.1/v1", Zone.PRIVATE, "openai/x", "HG702"),
        ("http://127.0.0.1:11434/v1", Zone.LOCAL, "openai/gpt-oss:120b-cloud", "HG702"),
        ("ftp://127.0.0.1/v1", Zone.LOCAL, "openai/x", "HG702"),
        ("https://u:p@llm.example/v1", Zone.EXTERNAL, "openai/x", "HG702"),
        ("https://llm.example/v1?key=1", Zone.EXTERNAL, "openai/x", "HG702"),
        ("https://llm.example/v1#x", Zone.EXTERNAL, "openai/x", "HG702"),
    ],
)
def test_an_address_that_is_not_what_the_zone_says_is_refused(
    base: str | None, zone: Zone, model: str, code: str
) -> None:
    """The error names the deployment and not the address."""
    with pytest.raises(EgressError) as caught:
        at(base, zone=zone, model=model)

    assert caught.value.code == code
    assert "`d`" in str(caught.value)
    assert "llm.example" not in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1"])
def test_loopback_addresses(host: str) -> None:
    """The whole of 127/8, and ::1."""
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["", "localhost", "10.0.0.1", "0.0.0.0", "::", "::ffff:127.0.0.1", "127.1", "x.example"]
)
def test_other_hosts(host: str) -> None:
    """Names and addresses inside of others are none."""
    assert not is_loopback(host)
