"""Detection for commands that call no model: with the settings of a policy, if there is one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from hybrid_guard.cli.sources import DEFAULT_POLICY, offline_policy
from hybrid_guard.errors import DetectionError
from hybrid_guard.plugins import named_services
from hybrid_guard.ports import Detector
from hybrid_guard.types import DetectionSettings, SensitivitySettings, Zone

__all__ = ["detectors_by_language", "find_settings"]

_KEPT = 8


def find_settings(given: Path | None) -> tuple[DetectionSettings, SensitivitySettings]:
    """
    The settings of the policy *given*, or of ``policy.yaml`` in this directory; the defaults if there is none.

    Raises:
        PolicyError: The policy is wrong.
    """
    file = given or (DEFAULT_POLICY if DEFAULT_POLICY.exists() else None)
    if file is None:
        return DetectionSettings(), SensitivitySettings()
    policy = offline_policy(file)
    return policy.detection, policy.sensitivity


def detectors_by_language(settings: DetectionSettings) -> Callable[[str | None], Detector]:
    """
    A function from the language of a text to the detector for it.

    A language that the settings do not name is added to theirs; None stands for theirs alone.

    It raises HG314 if a detector asks a service beyond the local zone: these commands have no permit to let a text go
    there, and put nothing on record.
    """
    from hybrid_guard.backends.services import connect
    from hybrid_guard.detectors import build_detector

    @lru_cache(maxsize=_KEPT)
    def build(languages: tuple[str, ...]) -> Detector:
        far = next((one.alias for one in named_services(settings) if one.zone is not Zone.LOCAL), None)
        if far is not None:
            raise DetectionError(
                f"service `{far}` is not on this machine, and this command puts nothing on record before a text"
                " leaves; leave its detector out of the policy that the command is given",
                code="HG314",
            )
        return build_detector(replace(settings, languages=languages), connect=connect)

    def choose(language: str | None) -> Detector:
        known = language is None or language in settings.languages
        return build(settings.languages if known or language is None else (*settings.languages, language))

    return choose
