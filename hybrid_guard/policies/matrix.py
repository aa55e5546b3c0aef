"""The test file of a policy as its author sees it: pydantic models of `policy_test.yaml`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from hybrid_guard.policies.models import Section
from hybrid_guard.policies.names import (
    EndpointName,
    EntityName,
    LevelName,
    Name,
    OperatorName,
    Share,
    Text,
    TreatedName,
    Version,
    ZoneName,
)
from hybrid_guard.types import Failure, Mode, Stage

__all__ = ["CandidateSection", "CaseSection", "ExpectSection", "FactsSection", "HighWaterSection", "MatrixFile"]


class CandidateSection(Section):
    """What is known of one deployment."""

    healthy: bool = Field(default=True, description="Whether it can answer now.")
    lacks: list[Literal["context", "tools", "vision", "response_format", "logprobs"]] = Field(
        default=[], description="What the request needs and it cannot do."
    )
    tried: bool = Field(default=False, description="Whether it was tried and failed.")


class HighWaterSection(Section):
    """The most sensitive state that the session has reached."""

    level: LevelName = Field(default="low", description="Highest level so far.")
    counts: dict[EntityName, int] = Field(default={}, description="Entity to findings.")
    tags: list[Name] = Field(default=[], description="Tags so far.")


class FactsSection(Section):
    """What a decision is made from, given by hand; what is left out is as harmless as it can be."""

    level: LevelName = Field(default="low", description="Sensitivity level.")
    score: Share | None = Field(default=None, description="Sensitivity score. Default: where the level begins.")
    counts: dict[EntityName, int] = Field(default={}, description="Entity to findings.")
    endpoint: EndpointName = Field(default="chat", description="Endpoint of the request.")
    suspicious: bool = Field(default=False, description="Whether some text looks like an attempt to hide.")
    opaque: int = Field(default=0, ge=0, description="Parts that no detector can read.")
    failures: list[Failure] = Field(default=[], description="Parts of the chain that failed.")
    stage: Stage = Field(default="request", description="First decision, or the one after a weak local answer.")
    mode: Mode | None = Field(default=None, description="Mode that the caller asks for.")
    zones: list[ZoneName] | None = Field(default=None, description="Zones that the caller restricts the request to.")
    alias: Name | None = Field(default=None, description="The only deployment that the caller wants.")
    consent: bool | None = Field(default=None, description="What a person answered.")
    high_water: HighWaterSection = Field(default=HighWaterSection(), description="Of the session, before the request.")
    candidates: dict[Name, CandidateSection] = Field(default={}, description="Alias to what is known of it.")


class ExpectSection(Section):
    """What has to come out; what is left out is not looked at."""

    level: LevelName | None = Field(default=None, description="Level that the rules go by.")
    zones: list[ZoneName] | None = Field(default=None, description="Exactly these zones are permitted.")
    treatment: dict[ZoneName, dict[TreatedName, OperatorName]] | None = Field(
        default=None, description="Zone to entity to the operator that it gets there."
    )
    reasons: list[Text] | None = Field(default=None, description="These are among the reasons.")
    entities: list[EntityName] | None = Field(default=None, description="Exactly these entities are found.")
    blocked: bool | None = Field(default=None, description="Whether no deployment is chosen.")


class CaseSection(Section):
    """One case: a prompt, messages or facts, and what has to come out."""

    id: Name = Field(description="Unique name.")
    prompt: Text | None = Field(default=None, description="Text of one user message.")
    messages: list[dict[str, JsonValue]] | None = Field(default=None, min_length=1, description="A conversation.")
    facts: FactsSection | None = Field(default=None, description="Facts, without detection.")
    tags: list[Name] = Field(default=[], description="Tags of the request.")
    expect: ExpectSection = Field(description="What has to come out.")


class MatrixFile(Section):
    """Tests of a hybrid_guard policy."""

    version: Version = Field(description="Version of this format: 1.")
    cases: list[CaseSection] = Field(min_length=1, description="The cases.")
