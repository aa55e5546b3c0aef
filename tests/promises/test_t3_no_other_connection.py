"""T3: no connection and no look-up that the policy does not name: at import, start, first call, and at the end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hybrid_guard.testing import RecordingProxy, RecordingServer

CHILD = Path(__file__).with_name("child_t3.py")
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("detectors", ["patterns.v1, secrets.v1", "patterns.v1, ner.v1, secrets.v1"])
def test_only_the_deployments_are_connected_to(tmp_path: Path, detectors: str) -> None:
    """With every hostile variable set, a fresh process connects to its two deployments and looks up no name."""
    with (
        RecordingServer("local") as local,
        RecordingServer("cloud") as cloud,
        RecordingProxy("proxy") as proxy,
    ):
        hostile = {
            **dict.fromkeys(
                ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"), proxy.url
            ),
            "OPENAI_BASE_URL": f"{proxy.url}/v1",
            "OPENAI_API_BASE": f"{proxy.url}/v1",
            "HOSTED_VLLM_API_BASE": f"{proxy.url}/v1",
            "OLLAMA_HOST": proxy.url,
            "SSL_CERT_FILE": str(tmp_path / "nothing.pem"),
            "REQUESTS_CA_BUNDLE": str(tmp_path / "nothing.pem"),
        }
        environment = {name: value for name, value in os.environ.items() if name not in {"NO_PROXY", "no_proxy"}}
        finished = subprocess.run(
            [sys.executable, str(CHILD), local.base_url, cloud.base_url, str(tmp_path), detectors],
            env={**environment, **hostile, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

        assert finished.returncode == 0, finished.stderr[-2000:]
        attempts = [tuple(one) for one in json.loads(finished.stdout.splitlines()[-1])]
        assert {(host, port) for _, host, port in attempts} == {local.address, cloud.address}
        assert proxy.received == b""
        assert local.requests
        assert cloud.requests
