"""With quiet loggers, litellm and Presidio in debug mode write no prompt; without, they do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import hybrid_guard.errors

PROGRAM = """if True:
    import logging, sys
    from hybrid_guard.audit import quiet_loggers

    if sys.argv[1] == "quiet":
        quiet_loggers()
    logging.basicConfig(level=logging.DEBUG)
    import litellm
    litellm._turn_on_debug()
    from presidio_analyzer.app_tracer import AppTracer

    AppTracer().trace("id", "tokens: canary-presidio")
    litellm.completion(
        model="openai/gpt-x",
        messages=[{"role": "user", "content": "canary-prompt"}],
        mock_response="canary-answer",
        api_key="canary-key",
    )
    logging.getLogger("application").debug("still here")
"""


@pytest.mark.parametrize("quiet", [True, False], ids=["quiet", "loud"])
def test_debug_mode_of_the_libraries_shows_no_prompt(quiet: bool) -> None:
    """The loud run shows that the quiet one proves something."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "quiet" if quiet else "loud"],
        env=os.environ
        | {"PYTHONPATH": str(Path(hybrid_guard.errors.__file__).parents[1]), "LITELLM_LOCAL_MODEL_COST_MAP": "True"},
        capture_output=True,
        text=True,
        check=False,
    )
    written = done.stdout + done.stderr

    assert done.returncode == 0, done.stderr
    assert "still here" in written
    if quiet:
        assert "canary" not in written
    else:
        assert "canary-prompt" in written
        assert "canary-presidio" in written
