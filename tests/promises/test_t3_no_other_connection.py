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
NATIVE = Path(__file__).with_name("native_witness.c")
ROOT = Path(__file__).parents[2]
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in {"NO_PROXY", "no_proxy"}}


@pytest.fixture(scope="module")
def native_witness(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that sees what Python's hooks do not: connections that native code makes."""
    library = tmp_path_factory.mktemp("native") / "witness.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-Wall", "-Werror", "-o", library, NATIVE, "-ldl"], check=True)
    return library


def seen(log: Path) -> set[tuple[str, int]]:
    """The addresses and names that the native witness wrote down."""
    lines = [line.split() for line in log.read_text(encoding="utf-8").splitlines()] if log.exists() else []
    return {(host, int(port)) for _, host, port in lines}


def test_the_native_witness_sees_what_is_done_behind_the_hooks_of_python(tmp_path: Path, native_witness: Path) -> None:
    """A connection, a datagram and a look-up that the C library is asked for directly are written down."""
    code = """if True:
        import ctypes, socket, struct
        libc = ctypes.CDLL(None)
        address = struct.pack("=H", socket.AF_INET) + struct.pack("!H", 9) + socket.inet_aton("127.0.0.2") + bytes(8)
        libc.connect(socket.socket().fileno(), address, len(address))
        libc.sendto(socket.socket(type=socket.SOCK_DGRAM).fileno(), b"x", 1, 0, address[:7] + b"\3" + address[8:], 16)
        libc.getaddrinfo(b"name.invalid", b"80", None, ctypes.byref(ctypes.c_void_p()))
    """
    log = tmp_path / "log"
    subprocess.run(
        [sys.executable, "-c", code],
        env={**ENVIRONMENT, "LD_PRELOAD": str(native_witness), "HG_WITNESS": str(log)},
        check=True,
        timeout=60,
    )

    assert seen(log) == {("127.0.0.2", 9), ("127.0.0.3", 9), ("name.invalid", 80)}


@pytest.mark.parametrize("detectors", ["patterns.v1, secrets.v1", "patterns.v1, ner.v2, secrets.v1"])
def test_only_the_deployments_are_connected_to(tmp_path: Path, native_witness: Path, detectors: str) -> None:
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
        log = tmp_path / "log"
        watched = {"PYTHONPATH": str(ROOT), "LD_PRELOAD": str(native_witness), "HG_WITNESS": str(log)}
        finished = subprocess.run(
            [sys.executable, str(CHILD), local.base_url, cloud.base_url, str(tmp_path), detectors],
            env={**ENVIRONMENT, **hostile, **watched},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

        assert finished.returncode == 0, finished.stderr[-2000:]
        attempts = [tuple(one) for one in json.loads(finished.stdout.splitlines()[-1])]
        assert {(host, port) for _, host, port in attempts} == {local.address, cloud.address}
        assert seen(log) == {local.address, cloud.address}
        assert proxy.received == b""
        assert local.requests
        assert cloud.requests
