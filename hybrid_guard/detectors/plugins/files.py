"""Where the models of a hub are on this machine. Nothing is ever fetched."""

from __future__ import annotations

import os
from pathlib import Path

from hybrid_guard.errors import DetectionError

__all__ = ["SWITCHES", "find_model", "go_offline"]

SWITCHES = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK")
"""Variables that keep the libraries from the network. They hold for the process from the first model on."""


def go_offline() -> None:
    """Set `SWITCHES`, also in a hub library that has read them already."""
    for name in SWITCHES:
        os.environ[name] = "1"
    # Threads of its own in each process, and a warning when one forks.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from huggingface_hub import constants

    constants.HF_HUB_OFFLINE = True


def find_model(target: str) -> Path:
    """
    The folder of the model *target*: a path, or a name of the hub whose files are in its cache.

    Raises:
        DetectionError: HG306 it is not on this machine.
    """
    folder = Path(target).expanduser()
    if folder.is_dir():
        return folder
    go_offline()
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(target, local_files_only=True))
    except Exception:
        raise DetectionError(
            f"the model `{target}` is not on this machine; give the path of its folder, or fetch it once with"
            f" `hf download {target}`",
            code="HG306",
        ) from None
