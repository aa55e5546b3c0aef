"""From litellm's arguments to a `Request`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import get_args

from hybrid_guard.errors import RequestError
from hybrid_guard.text import MAX_DEPTH
from hybrid_guard.types import Json, Mode, Overrides, Policy, Request, Zone

__all__ = ["OPTIONS", "request_from"]

OPTIONS = ("mode", "principal", "session", "tags", "zones")
"""What a caller may put into ``hybrid_guard={...}``."""

LONGEST = 24 * 60 * 60
"""Most seconds that a caller may give a deployment."""


def request_from(arguments: Mapping[str, Json], policy: Policy) -> Request:
    """
    Read the arguments of ``litellm.completion``.

    ``model`` is an alias of the policy, or ``"auto"`` or absent to let the policy choose. ``hybrid_guard`` is a dict of
    `OPTIONS`. ``api_base``, ``api_key``, ``fallbacks``, ``callbacks`` and whatever else litellm takes and the
    allow-list does not name is left behind: where a call goes is the policy's to say.

    Raises:
        RequestError: HG210 an unknown deployment, HG211 an option that is unknown or has a wrong value.
    """
    body = {name: plain(value) for name, value in arguments.items()}
    for name in OPTIONS:
        if name in body:
            raise RequestError(
                f"`{name}` belongs into `hybrid_guard={{'{name}': ...}}`, where it is not overlooked",
                path=f"/{name}",
                code="HG211",
            )
    options = body.pop("hybrid_guard", None) or {}
    model = body.pop("model", None)
    stream = body.pop("stream", None) or False
    timeout = body.pop("timeout", None)
    if not isinstance(options, Mapping):
        raise RequestError("`hybrid_guard` must be a dict", path="/hybrid_guard", code="HG211")
    if not isinstance(stream, bool):
        raise RequestError("`stream` must be true or false", path="/stream", code="HG202")
    if timeout is not None and not is_seconds(timeout):
        raise RequestError(
            f"`timeout` must be a number of seconds, above 0 and at most {LONGEST}", path="/timeout", code="HG202"
        )
    for name in options:
        if name not in OPTIONS:
            raise RequestError(
                f"`hybrid_guard` has an unknown option; options: {', '.join(OPTIONS)}",
                path="/hybrid_guard",
                code="HG211",
            )
    return Request(
        body=body,
        session=text_option(options, "session"),
        principal=text_option(options, "principal"),
        stream=stream,
        timeout=timeout,
        overrides=Overrides(
            mode=mode_option(options),
            zones=zones_option(options),
            tags=frozenset(list_option(options, "tags")),
            alias=alias_of(model, policy),
        ),
    )


def alias_of(model: Json, policy: Policy) -> str | None:
    """The deployment that the caller wants; None for any."""
    if model is None or model == "auto":
        return None
    if not isinstance(model, str) or policy.deployment(model) is None:
        known = ", ".join(f"`{one.alias}`" for one in policy.deployments)
        raise RequestError(
            f"`model` must be `auto` or the name of a deployment in the policy: {known}", path="/model", code="HG210"
        )
    return model


def text_option(options: Mapping[str, Json], name: str) -> str | None:
    """A non-empty string, or None."""
    value = options.get(name)
    if value is not None and (not isinstance(value, str) or not value):
        raise RequestError(
            f"`hybrid_guard.{name}` must be a string that is not empty", path=f"/hybrid_guard/{name}", code="HG211"
        )
    return value


def list_option(options: Mapping[str, Json], name: str) -> Iterable[str]:
    """A list of strings."""
    value = options.get(name) or ()
    if not isinstance(value, list | tuple | set | frozenset) or not all(isinstance(one, str) for one in value):
        raise RequestError(
            f"`hybrid_guard.{name}` must be a list of strings", path=f"/hybrid_guard/{name}", code="HG211"
        )
    return value


def mode_option(options: Mapping[str, Json]) -> Mode | None:
    """A mode, or None."""
    value = options.get("mode")
    for mode in get_args(Mode):
        if value == mode:
            return mode  # type: ignore[no-any-return]  # get_args has no closer type
    if value is not None:
        raise RequestError(
            f"`hybrid_guard.mode` must be one of {', '.join(get_args(Mode))}", path="/hybrid_guard/mode", code="HG211"
        )
    return None


def zones_option(options: Mapping[str, Json]) -> frozenset[Zone] | None:
    """Zones, or None for no restriction; an empty list is a restriction to nothing."""
    if options.get("zones") is None:
        return None
    try:
        return frozenset(Zone(one) for one in list_option(options, "zones"))
    except ValueError:
        raise RequestError(
            f"`hybrid_guard.zones` must be a list of {', '.join(Zone)}", path="/hybrid_guard/zones", code="HG211"
        ) from None


def is_seconds(value: Json) -> bool:
    """Whether *value* is a time that a deployment may take."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= LONGEST


def plain(value: Json, depth: int = 0) -> Json:
    """
    *value* with litellm's and OpenAI's answer objects, and pydantic models of an answer, as plain values.

    Raises:
        RequestError: HG202 an object cannot be read, HG203 it is nested too deep.
    """
    if depth > 4 * MAX_DEPTH:
        raise RequestError("the request is nested too deep", code="HG203")
    try:
        if isinstance(value, type) and hasattr(value, "model_json_schema"):
            schema = {"name": value.__name__, "schema": value.model_json_schema(), "strict": True}
            return {"type": "json_schema", "json_schema": schema}
        if hasattr(value, "model_dump") and not isinstance(value, type):
            return value.model_dump(exclude_none=True)
    except Exception:
        raise RequestError("an argument is an object that cannot be read; give plain values", code="HG202") from None
    if isinstance(value, list | tuple):
        return [plain(one, depth + 1) for one in value]
    if isinstance(value, Mapping):
        return {name: plain(one, depth + 1) for name, one in value.items()}
    return value
