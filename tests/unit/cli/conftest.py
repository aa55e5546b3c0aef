"""Runs commands as a shell would, in this process, in an empty directory."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest

from hybrid_guard.cli.app import run
from hybrid_guard.testing import RecordingServer, echo, say

LAB = """\
version: 1
name: lab
deployments:
  near: {{model: openai/near, api_base: "{near}", zone: local, tier: device}}
  far: {{model: openai/far, api_base: "{far}", zone: external, tier: cloud}}
rules:
  - {{id: high-stays, when: {{level: high}}, zones: [local]}}
  - {{id: masked, when: {{level: moderate}}, treat: {{external: {{default: placeholder}}}}}}
  - {{id: ask-first, when: {{tag: research}}, consent: true}}
  - {{id: never, when: {{tag: forbidden}}, zones: []}}
  - {{id: cloud-only, when: {{tag: cloud}}, zones: [external]}}
routing: {{mode: prefer_cloud}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a command left behind."""

    code: int
    out: str
    err: str


class Shell(Protocol):
    """**Protocol:** runs a command."""

    def __call__(self, *arguments: object, stdin: str | bytes = "") -> Result:
        """Run ``hybrid-guard`` with *arguments*."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """A policy in ``policy.yaml`` and the two servers that it names."""

    near: RecordingServer
    far: RecordingServer
    policy: Path


@pytest.fixture
def hg(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Shell:
    """Runs commands in an empty directory."""
    monkeypatch.chdir(tmp_path)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: object, stdin: str | bytes = "") -> Result:
        raw = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))
        code = run([str(one) for one in arguments])
        captured = capsys.readouterr()
        return Result(code=code, out=captured.out, err=captured.err)

    return call


@pytest.fixture
def lab(hg: Shell, tmp_path: Path) -> Iterator[Lab]:
    """Two servers and a policy over them, in the directory that commands run in."""
    with RecordingServer("near", say("Forty-two.")) as near, RecordingServer("far", echo) as far:
        policy = tmp_path / "policy.yaml"
        policy.write_text(LAB.format(near=near.base_url, far=far.base_url))
        yield Lab(near=near, far=far, policy=policy)


def sent(server: RecordingServer) -> list[Any]:
    """The messages of each request that *server* got."""
    return [request.json()["messages"] for request in server.requests]
