"""
The policy file as its author sees it: pydantic models of the YAML, strict, unknown keys forbidden.

The models are read once, at load, and compiled to `hybrid_guard.types.Policy`. Descriptions are part of the published
JSON Schema, where editors show them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from hybrid_guard.plugins import (
    INSTALLED_OPERATOR,
    KINDS,
    LOCALES,
    SHIPPED_NAMES,
    installed_operators,
    known_names,
    lacking,
    split_name,
)
from hybrid_guard.sensitivity import DEFAULT_WEIGHTS
from hybrid_guard.text import ENDPOINTS
from hybrid_guard.types import Capability, Mode, Operator, Tier

__all__ = [
    "KNOWN_ENTITIES",
    "PATTERN_WORDS",
    "AuditSection",
    "ConditionSection",
    "DeploymentSection",
    "DetectionSection",
    "DetectorName",
    "EndpointName",
    "EntityName",
    "EscalateSection",
    "FormatSection",
    "Language",
    "LevelName",
    "LocaleName",
    "Name",
    "OperatorName",
    "OperatorsSection",
    "PolicyFile",
    "RoutingSection",
    "RuleSection",
    "Section",
    "SensitivitySection",
    "ServiceSection",
    "Share",
    "SurrogateSection",
    "Text",
    "Title",
    "TreatedName",
    "VaultSection",
    "Version",
    "WeighedName",
    "ZoneName",
]

KNOWN_ENTITIES = tuple(sorted(DEFAULT_WEIGHTS))
"""Entities that a policy may name: those that the shipped detectors give."""

ZoneName = Literal["local", "private", "external"]


def _check_operator(name: str) -> str:
    if name in tuple(Operator):
        return name
    if name not in (installed := installed_operators()):
        raise PydanticCustomError("unknown_operator", "unknown name", {"known": (*Operator, *installed)})
    return name


# As with detectors, what is installed differs from machine to machine.
OperatorName = Annotated[
    str,
    AfterValidator(_check_operator),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": f"^({'|'.join(Operator)})$|{INSTALLED_OPERATOR}",
            "examples": [one.value for one in Operator],
        }
    ),
]


def _one_of(code: str, known: Iterable[str]) -> tuple[AfterValidator, WithJsonSchema]:
    names = tuple(known)

    def check(name: str) -> str:
        if name not in names:
            raise PydanticCustomError(code, "unknown name", {"known": names})
        return name

    return AfterValidator(check), WithJsonSchema({"type": "string", "enum": list(names)})


def _check_detector(name: str) -> str:
    # Looking for installed packages takes a while, and most policies need none.
    if name in SHIPPED_NAMES:
        return name
    problem = lacking(name)
    if problem is not None:
        raise PydanticCustomError("unusable_detector", "cannot be made", {"problem": problem})
    if split_name(name) is None and name not in (known := known_names()):
        raise PydanticCustomError("unknown_detector", "unknown name", {"known": known})
    return name


# What is installed differs from machine to machine, so the published schema has examples and no closed list.
DetectorName = Annotated[
    str,
    AfterValidator(_check_detector),
    WithJsonSchema(
        {"type": "string", "examples": [*SHIPPED_NAMES, *(f"{name}:{kind.shown}" for name, kind in KINDS.items())]}
    ),
]


def _has_a_weight(name: str) -> str:
    if name == "DENIED_TEXT":
        raise PydanticCustomError("fixed_weight", "a weight that cannot be changed")
    return name


EntityName = Annotated[str, *_one_of("unknown_entity", KNOWN_ENTITIES)]
WeighedName = Annotated[
    EntityName,
    AfterValidator(_has_a_weight),
    WithJsonSchema({"type": "string", "enum": [name for name in KNOWN_ENTITIES if name != "DENIED_TEXT"]}),
]
TreatedName = Annotated[str, *_one_of("unknown_entity", ("default", *KNOWN_ENTITIES))]
LocaleName = Annotated[str, *_one_of("unknown_locale", LOCALES)]
EndpointName = Annotated[str, *_one_of("unknown_endpoint", sorted(ENDPOINTS))]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
Title = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 _.-]{0,63}$")]
LevelName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
Text = Annotated[str, StringConstraints(pattern=r"\S")]
Share = Annotated[float, Field(ge=0.0, le=1.0)]

# A whole number with bounds and no Literal: `True == 1` makes a Literal accept `true`.
Version = Annotated[int, Field(ge=1, le=1)]

PATTERN_WORDS = {
    r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$": "1 to 64 letters, digits, `_`, `.` or `-`, the first a letter or digit",
    r"^[A-Za-z0-9][A-Za-z0-9 _.-]{0,63}$": "1 to 64 letters, digits, spaces, `_`, `.` or `-`, no space first",
    r"^[a-z][a-z0-9_-]{0,31}$": "1 to 32 small letters, digits, `_` or `-`, the first a letter",
    r"^[a-z]{2}$": "an ISO 639-1 code of two small letters, such as `en`",
    r"\S": "a text that is not empty",
}
"""Each pattern in the words of an error message."""


class Section(BaseModel):
    """One mapping of the file."""

    # PRIVACY: the input is hidden in pydantic's errors, for it may be a key or a text of the deny list.
    # The regular expressions are Rust's, where `$` is the end of the text and never a line break before it.
    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        hide_input_in_errors=True,
        allow_inf_nan=False,
        regex_engine="rust-regex",
    )


class DeploymentSection(Section):
    """One endpoint that requests may be sent to."""

    model: str = Field(
        description="litellm model string `provider/name`; `hg_llamacpp/<file>` runs in this process.",
        examples=["openai/gpt-5-mini", "hg_llamacpp/phi-4-mini-q4.gguf"],
    )
    zone: ZoneName = Field(description="How far the deployment is trusted: local < private < external.")
    tier: Tier | None = Field(
        default=None, description="Size. Default: device for zone local, edge for private, cloud for external."
    )
    api_base: str | None = Field(
        default=None,
        description="Base URL; `${NAME}` is read from the environment. Zone local needs a loopback address, the others "
        "need https. Without it a model of zone external is called at its provider's public endpoint.",
    )
    api_key: str | None = Field(
        default=None,
        description="`${NAME}`: the environment variable that holds the key. A key itself is refused.",
        json_schema_extra={"pattern": r"^\$\{[A-Za-z_][A-Za-z0-9_]*\}$"},
    )
    context: int | None = Field(default=None, ge=1, description="Context length in tokens.")
    supports: list[Capability] | None = Field(
        default=None,
        description="What it can do. Default by tier: cloud everything, edge all but vision, device response_format "
        "and logprobs.",
    )


class ServiceSection(Section):
    """One server that finds private spans. It reads every text, before anything is decided."""

    url: str = Field(
        description="Base URL of a Presidio analyzer.",
        examples=["http://127.0.0.1:5002", "https://pii.example.internal"],
    )
    zone: Literal["local", "private"] = Field(
        description="Where it is: local needs a loopback address. With private, texts leave this machine before the "
        "rules are asked, so no rule may keep anything from zone private."
    )


class DetectionSection(Section):
    """Which detectors run and how."""

    detectors: list[DetectorName] = Field(
        default=list(SHIPPED_NAMES),
        min_length=1,
        description="Detectors to run: names of shipped ones and of installed packages, or a kind and what it loads.",
    )
    services: dict[Name, ServiceSection] = Field(
        default={}, description="Servers that `presidio-service:NAME` names, by their name."
    )
    languages: list[Language] = Field(
        default=["en"], min_length=1, description="ISO 639-1 codes of the languages to expect."
    )
    min_score: Share = Field(default=0.4, description="Findings with a lower score are dropped.")
    allow: list[Text] = Field(
        default=[], description="Texts that are never private, matched whole, without regard to case."
    )
    deny: list[Text] = Field(
        default=[], description="Texts that are always private (DENIED_TEXT), without regard to case."
    )
    on_error: Literal["local", "block"] = Field(default="local", description="What a failed detector leads to.")


class SensitivitySection(Section):
    """How findings become a score and a level."""

    weights: dict[WeighedName, Share] = Field(
        default={}, description="S(e) per entity, over the built-in table. That of DENIED_TEXT is 1 and stays so."
    )
    alpha: Share = Field(default=0.05, description="Added to the score per finding.")
    levels: dict[LevelName, Annotated[float, Field(gt=0.0, le=1.0)]] = Field(
        default={"moderate": 0.3, "high": 0.8},
        min_length=1,
        description="Level to the lowest score that belongs to it, rising. Below the first one lies `low`.",
    )


class ConditionSection(Section):
    """When a rule applies; several keys in one mapping must all hold."""

    level: LevelName | None = Field(default=None, description="The sensitivity level is this one or a higher one.")
    entity: EntityName | None = Field(default=None, description="An entity of this type was found.")
    count: int | None = Field(default=None, ge=1, description="With `entity`: at least so many were found.")
    tag: Name | None = Field(default=None, description="The caller tagged the request with this.")
    endpoint: EndpointName | None = Field(default=None, description="The request goes to this endpoint.")
    all: list[ConditionSection] | None = Field(default=None, min_length=1, description="All of these hold.")
    any: list[ConditionSection] | None = Field(default=None, min_length=1, description="At least one of these holds.")


class RuleSection(Section):
    """One rule. It can only narrow: zones intersect, and the strictest operator of each entity wins."""

    id: Name = Field(description="Unique name; given as a reason of decisions.")
    when: ConditionSection | None = Field(default=None, description="When it applies; always, if left out.")
    zones: list[ZoneName] | None = Field(
        default=None, description="Zones that stay permitted; an empty list blocks the request."
    )
    treat: dict[ZoneName, Annotated[dict[TreatedName, OperatorName], Field(min_length=1)]] | None = Field(
        default=None,
        min_length=1,
        description="Zone to what replaces each entity before a text enters it; `default` is for entities not named.",
    )
    consent: bool = Field(default=False, description="Ask a person before anything leaves the local zone.")


class SurrogateSection(Section):
    """How values are invented."""

    locale: LocaleName | None = Field(
        default=None, description="Language and country, as Faker names them. Default: by the first language."
    )


class FormatSection(Section):
    """How numbers are encrypted in their own form."""

    checksum: Literal["keep", "ignore"] = Field(
        default="keep", description="Whether check digits keep being right or wrong, or are left to chance."
    )


class OperatorsSection(Section):
    """Parameters of operators, the same for all rules."""

    key: str | None = Field(
        default=None,
        description="`${NAME}`: the environment variable that holds 32 bytes in base64, for encrypt and "
        "format_preserving.",
        json_schema_extra={"pattern": r"^\$\{[A-Za-z_][A-Za-z0-9_]*\}$"},
    )
    surrogate: SurrogateSection = Field(default=SurrogateSection(), description="How values are invented.")
    format_preserving: FormatSection = Field(default=FormatSection(), description="How numbers are encrypted.")


class EscalateSection(Section):
    """When a local answer is too weak."""

    when_confidence_below: Share | None = Field(default=None, description="Ask a bigger model below this confidence.")
    max_wrong_local: Share | None = Field(default=None, description="Bound on the share of wrong local answers.")


class RoutingSection(Section):
    """How to choose inside the permitted zones."""

    mode: Mode = Field(default="auto", description="Which deployments come first.")
    objective: Literal["balanced"] = Field(default="balanced", description="What the choice optimises.")
    escalate: EscalateSection = Field(default=EscalateSection(), description="When a local answer is too weak.")
    offline: Literal["best_effort", "refuse"] = Field(
        default="best_effort", description="A weak local answer when nothing better is reachable: give it, or refuse."
    )


class VaultSection(Section):
    """Where originals are kept while a conversation lasts."""

    store: Literal["memory"] = Field(default="memory", description="Kind of store.")
    ttl: float = Field(default=3600.0, gt=0.0, description="Seconds after which an unused vault is deleted.")


class AuditSection(Section):
    """Where decisions are recorded."""

    path: Text = Field(default="audit.jsonl", description="JSON Lines file.")
    required: bool = Field(
        default=True, description="Whether a local call, too, fails when its record cannot be made durable."
    )


class PolicyFile(Section):
    """A hybrid_guard policy: where requests may go, and what is done to their texts before."""

    version: Version = Field(description="Version of this format: 1.")
    name: Title = Field(description="Name of the policy.")
    deployments: dict[Name, DeploymentSection] = Field(
        description="Alias to endpoint; the first of equals is preferred.", json_schema_extra={"minProperties": 1}
    )
    detection: DetectionSection = Field(default=DetectionSection(), description="Which detectors run and how.")
    sensitivity: SensitivitySection = Field(default=SensitivitySection(), description="Scores and levels.")
    rules: list[RuleSection] = Field(default=[], description="All that match apply; their order means nothing.")
    operators: OperatorsSection = Field(default=OperatorsSection(), description="Parameters of operators.")
    routing: RoutingSection = Field(default=RoutingSection(), description="The choice inside the permitted zones.")
    vault: VaultSection = Field(default=VaultSection(), description="Where originals are kept.")
    audit: AuditSection = Field(default=AuditSection(), description="Where decisions are recorded.")
