"""Detectors by name, shipped and from installed packages."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from hybrid_guard import plugins
from hybrid_guard.detectors import registry
from hybrid_guard.detectors.registry import SHIPPED, known_detectors, make_detector
from hybrid_guard.errors import DetectionError
from hybrid_guard.plugins import ENTRY_POINTS, SHIPPED_NAMES
from hybrid_guard.ports import Detector
from hybrid_guard.types import DetectionSettings, Findings


class ForeignDetector:
    """Stands for a detector of another package."""

    name = "foreign.v1"

    def __init__(self, settings: DetectionSettings) -> None:
        self.settings = settings

    def detect(self, segments: object, *, language: str) -> Findings:
        return Findings(spans=())


def broken_factory(settings: DetectionSettings) -> Detector:
    """A factory that fails and quotes its settings."""
    raise RuntimeError(f"cannot use {settings.deny}")


def refusing_factory(settings: DetectionSettings) -> Detector:
    """A factory that knows what is missing."""
    raise DetectionError("the model is missing; fetch it")


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Packages with four entry points, one of which wants the name of a shipped detector."""
    points = [
        EntryPoint(name=name, value=f"{__name__}:{value}", group=ENTRY_POINTS)
        for name, value in (
            ("foreign.v1", "ForeignDetector"),
            ("secrets.v1", "ForeignDetector"),
            ("broken.v1", "broken_factory"),
            ("refusing.v1", "refusing_factory"),
            ("gone.v1", "no_such_thing"),
        )
    ]
    for module in (registry, plugins):
        monkeypatch.setattr(
            module,
            "entry_points",
            lambda group, name=None: [point for point in points if name in (None, point.name)],
        )
    monkeypatch.setattr(EntryPoint, "load", lambda self: globals()[self.attr])


@pytest.mark.usefixtures("installed")
def test_an_installed_package_can_add_a_detector() -> None:
    """Its factory is called with the settings."""
    settings = DetectionSettings(languages=("de",))
    detector = make_detector("foreign.v1", settings)
    assert isinstance(detector, ForeignDetector)
    assert detector.settings is settings
    own = ("broken.v1", "foreign.v1", "gone.v1", "refusing.v1")
    kinds = ("gliner:MODEL", "presidio-service:SERVICE", "spacy:PIPELINE", "transformers:MODEL")
    assert known_detectors() == (*sorted({*SHIPPED_NAMES, *own}), *kinds)


@pytest.mark.usefixtures("installed")
def test_a_shipped_name_cannot_be_taken_over() -> None:
    """``secrets.v1`` means what it always meant, whatever is installed."""
    assert not isinstance(make_detector("secrets.v1", DetectionSettings()), ForeignDetector)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("name", "message"),
    [("broken.v1", "could not be built: RuntimeError"), ("gone.v1", "could not be loaded: KeyError")],
)
def test_a_failing_package_is_named_without_its_words(name: str, message: str) -> None:
    """The kind of error is told, its text is not."""
    with pytest.raises(DetectionError, match=message) as caught:
        make_detector(name, DetectionSettings(deny=("Falcon",)))
    assert "Falcon" not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.usefixtures("installed")
def test_a_factory_may_explain_itself() -> None:
    """A `DetectionError` is passed on."""
    with pytest.raises(DetectionError, match="fetch it"):
        make_detector("refusing.v1", DetectionSettings())


def test_shipped_names_are_those_that_a_policy_may_give() -> None:
    """What the loader knows and what can be made cannot drift apart."""
    assert set(SHIPPED) == set(SHIPPED_NAMES)


@pytest.mark.parametrize(
    ("name", "code", "message"),
    [
        ("nobody.v1", "HG301", "known detectors: .*spacy:PIPELINE"),
        ("spacy:", "HG302", "lacks what to load"),
        ("presidio-service:ward", "HG301", "declare it under `detection.services`"),
        ("presidio-service:http://127.0.0.1:9", "HG302", "build it by a guard"),
    ],
)
def test_a_name_that_leads_nowhere_is_told(name: str, code: str, message: str) -> None:
    """With what is known, or what is missing."""
    with pytest.raises(DetectionError, match=message) as caught:
        make_detector(name, DetectionSettings())
    assert caught.value.code == code


@pytest.mark.parametrize("kind", ["gliner", "transformers"])
def test_a_package_that_is_not_installed_is_named_with_its_extra(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever names a model learns what to install."""
    monkeypatch.setattr(plugins, "find_spec", lambda name: None)
    with pytest.raises(DetectionError, match=rf'pip install "hybrid-guard\[{kind}\]"'):
        make_detector(f"{kind}:some/model", DetectionSettings())
