"""
The policy file as its author sees it: pydantic models of the YAML, strict, unknown keys forbidden.

The models are read once, at load, and compiled to `hybrid_guard.types.Policy`. Descriptions are part of the published
JSON Schema, where editors show them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from hybrid_guard.plugins import SHIPPED_NAMES
from hybrid_guard.policies.names import (
    ContextWord,
    DeclaredName,
    DetectorName,
    EndpointName,
    EntityName,
    Language,
    LevelName,
    LocaleName,
    Name,
    OperatorName,
    Regex,
    Share,
    Text,
    Title,
    TreatedName,
    TrustedName,
    Version,
    WeighedName,
    ZoneName,
)
from hybrid_guard.types import Capability, CheckDigit, Mode, QuasiIdentifiers, Tier

__all__ = [
    "AuditSection",
    "ConditionSection",
    "DeploymentSection",
    "DetectionSection",
    "EscalateSection",
    "FormatSection",
    "OperatorsSection",
    "PatternSection",
    "PolicyFile",
    "QuasiIdentifiersSection",
    "RestorationSection",
    "RoutingSection",
    "RuleSection",
    "Section",
    "SensitivitySection",
    "ServiceSection",
    "SurrogateSection",
    "VaultSection",
]


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
    """One server that finds private spans. With zone private, it reads what the rules let into that zone untreated."""

    url: str = Field(
        description="Base URL of a Presidio analyzer.",
        examples=["http://127.0.0.1:5002", "https://pii.example.internal"],
    )
    zone: Literal["local", "private"] = Field(
        description="Where it is: local needs a loopback address. A service of zone private is asked last, and "
        "only for texts that may go there as they are; any other text counts as a failed detection."
    )


class PatternSection(Section):
    """One shape of the policy's own. It is looked for wherever the shipped ones are, in disguised texts, too."""

    entity: DeclaredName = Field(
        description="What it finds: a name of your own, which rules may use then, or a shipped one.",
        examples=["BADGE_NUMBER"],
    )
    regex: Regex = Field(
        description="RE2 syntax, without regard to case; `(?-i:...)` minds it. The value is the group `(?P<span>...)`"
        " if there is one, else the whole match. Letters beyond Latin-1 stand for each other.",
        examples=[r"\bEMP-\d{6}\b"],
    )
    score: Share = Field(
        default=0.6, description="Of a finding. Below 0.4 it needs a context word, which adds 0.35, or a check digit."
    )
    context: list[ContextWord] = Field(
        default=[], description="Words that make it likely when they stand within five words."
    )
    check: CheckDigit | None = Field(
        default=None, description="Check digit: a value that has it scores 1, one that has not is dropped."
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
    patterns: list[PatternSection] = Field(
        default=[], max_length=100, description="Shapes of your own, beside those of the detectors."
    )
    on_error: Literal["local", "block"] = Field(default="local", description="What a failed detector leads to.")


class QuasiIdentifiersSection(Section):
    """What describes many people alone and one person together."""

    entities: list[EntityName] = Field(
        default=sorted(QuasiIdentifiers().entities), description="Which findings are such; an empty list counts none."
    )
    allowed: int = Field(
        default=4, ge=0, description="Most kinds in one conversation; one more raises its level by one."
    )


class SensitivitySection(Section):
    """How findings become a score and a level."""

    weights: dict[WeighedName, Share] = Field(
        default={}, description="S(e) per entity, over the built-in table. That of DENIED_TEXT is 1 and stays so."
    )
    alpha: Share = Field(default=0.05, description="Added to the score per finding that is not a bare mention.")
    levels: dict[LevelName, Annotated[float, Field(gt=0.0, le=1.0)]] = Field(
        default={"moderate": 0.3, "high": 0.8},
        min_length=1,
        description="Level to the lowest score that belongs to it, rising. Below the first one lies `low`.",
    )
    quasi_identifiers: QuasiIdentifiersSection = Field(
        default=QuasiIdentifiersSection(), description="What raises the level together."
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


class PerturbSection(Section):
    """How much a drawn value may tell."""

    epsilon: float = Field(
        gt=0,
        le=20,
        description="Of local differential privacy, for one value in one conversation: the less, the safer.",
    )
    group_share: float | None = Field(
        default=None,
        gt=0,
        lt=1,
        description="Draw a category in two layers: this share of epsilon for its group, the rest for the value.",
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
    perturb: PerturbSection | None = Field(
        default=None,
        description="Draw values with differential privacy. Default: bounded noise, which has no guarantee.",
    )


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

    store: Literal["memory", "sqlite", "redis"] = Field(
        default="memory",
        description="Kind of store: memory of one process, a file that the processes of one machine share, or a server "
        "that machines share. Shared stores are encrypted with the key in HYBRID_GUARD_VAULT_KEY.",
    )
    ttl: float = Field(default=3600.0, gt=0.0, description="Seconds after which an unused vault is deleted.")
    path: Text | None = Field(default=None, description="With `store: sqlite`: the file.")
    url: str | None = Field(
        default=None,
        description="With `store: redis`: the server; `${NAME}` is read from the environment. `redis://` is for "
        "loopback only; other machines need `rediss://`.",
        examples=["rediss://guard:${REDIS_PASSWORD}@redis.example.internal:6380/0", "unix:///run/redis/redis.sock"],
    )
    key: Name | None = Field(
        default=None,
        description="With a shared store: name of an installed entry point that gives the key, instead of the "
        "environment variable.",
    )
    max_entries: int = Field(default=10_000, ge=1, le=20_000, description="Most originals per conversation.")
    max_vaults: int = Field(default=10_000, ge=1, description="Most conversations at a time.")


class RestorationSection(Section):
    """How originals are put back into answers."""

    when_lost: Literal["warn", "retry", "local"] = Field(
        default="warn",
        description="An answer with damaged or made-up placeholders: give it as degraded, ask the same deployment once "
        "more, or let a local one answer. A stream is always given.",
    )
    tools: dict[Name, list[TrustedName]] | None = Field(
        default=None,
        description="Tool to the entities that are put back into its arguments; `all` is every one. A tool that is not "
        "named gets none. Without this, every tool gets all.",
    )


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
    restoration: RestorationSection = Field(default=RestorationSection(), description="How originals are put back.")
    audit: AuditSection = Field(default=AuditSection(), description="Where decisions are recorded.")
