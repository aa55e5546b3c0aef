"""The way to a detection service: behind the same fence as calls, and checked against its zone in the same way."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx

from hybrid_guard.backends.endpoints import Endpoint, Provider, is_loopback
from hybrid_guard.backends.transport import Fence, own
from hybrid_guard.errors import DetectionError, EgressError
from hybrid_guard.ports import Post
from hybrid_guard.types import DetectionService, Zone

__all__ = ["SECONDS", "connect"]

SECONDS = 30.0
"""Longest time that a service may take for one text."""


def connect(service: DetectionService) -> Post:
    """
    A function that sends a JSON body to a path of *service* and gives its answer.

    Nothing but the one origin is reached: no proxy, no redirect, no second attempt. The function raises
    `DetectionError` (HG309) for whatever goes wrong; it is thread-safe.

    Raises:
        EgressError: HG702 the address is not what the zone promises.
    """
    endpoint = endpoint_of_service(service)
    client = own(httpx.Client(transport=Fence(endpoint), trust_env=False, follow_redirects=False, timeout=SECONDS))

    def post(path: str, body: bytes) -> bytes:
        try:
            answer = client.post(f"{endpoint.base}/{path}", content=body, headers={"content-type": "application/json"})
        except httpx.HTTPError as error:
            problem = f"did not answer: {type(error).__name__}"
        else:
            if answer.status_code == httpx.codes.OK:
                return answer.content
            problem = f"answered with status {answer.status_code}"
        # PRIVACY: raised outside of the handler, for the error knows the request.
        raise DetectionError(f"service `{service.alias}` {problem}; see whether it runs there", code="HG309")

    return post


def endpoint_of_service(service: DetectionService) -> Endpoint:
    """The one address that is reached for *service*."""
    parts = urlsplit(service.url)
    host = (parts.hostname or "").casefold()
    base = service.url
    if host == "localhost":
        # INVARIANT: a name can be pointed anywhere by a hosts file or a resolver; a literal address cannot.
        host = "127.0.0.1"
        base = base.replace(parts.netloc, f"{host}:{parts.port}" if parts.port else host, 1)
    loopback = is_loopback(host)
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise EgressError(f"service `{service.alias}` must have a plain `url`", code="HG702")
    if service.zone is Zone.EXTERNAL or (service.zone is Zone.LOCAL and not loopback):
        raise EgressError(f"service `{service.alias}` is not at an address of its zone", code="HG702")
    if parts.scheme not in {"http", "https"} or (parts.scheme == "http" and not loopback):
        raise EgressError(f"service `{service.alias}` must be reached over https", code="HG702")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return Endpoint(base=base.rstrip("/"), origin=(parts.scheme, host, port), provider=Provider(client="http"))
