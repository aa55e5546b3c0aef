"""Detectors that others bring, as a policy names them, and the servers that some of them ask."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from hybrid_guard import plugins
from hybrid_guard.errors import PolicyError
from hybrid_guard.policies import check_policy, effective, parse_policy
from hybrid_guard.policies.schema import policy_schema
from hybrid_guard.types import DetectionService, Policy, Zone

HEAD = "version: 1\nname: x\ndeployments: {a: {model: hg_llamacpp/tiny, zone: local}}\n"
WARD = 'services: {ward: {url: "https://pii.clinic.example", zone: private}}'


def load(detection: str, rest: str = "") -> Policy:
    """A policy with that section."""
    return parse_policy(f"{HEAD}detection: {{{detection}}}\n{rest}", env={})


def problem(detection: str, rest: str = "") -> PolicyError:
    """The only thing that is wrong."""
    (error,) = check_policy(f"{HEAD}detection: {{{detection}}}\n{rest}", env={})
    return error


@pytest.mark.parametrize(
    "name", ["spacy:en_core_web_lg", "spacy:./pipelines/ours", "presidio-service:http://127.0.0.1:5002"]
)
def test_a_kind_and_what_it_loads_is_a_name(name: str) -> None:
    """Whether it can be loaded is seen when it is needed."""
    assert load(f'detectors: [patterns.v1, "{name}"]').detection.detectors == ("patterns.v1", name)


def test_a_detector_of_an_installed_package_is_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its entry point says which."""
    point = EntryPoint(name="badges.v1", value="badges:make", group=plugins.ENTRY_POINTS)
    monkeypatch.setattr(plugins, "entry_points", lambda group: [point] if group == plugins.ENTRY_POINTS else [])
    assert load("detectors: [badges.v1]").detection.detectors == ("badges.v1",)


def test_an_unknown_name_is_refused_where_it_stands() -> None:
    """With what it may have meant and all that is known."""
    error = problem("detectors: [patterns.v1, pattern.v1]")

    assert (error.code, error.line, error.column) == ("HG110", 4, 38)
    assert str(error.args[0]).startswith("unknown detector `pattern.v1`; did you mean `patterns.v1`? known: ")
    assert "gliner:MODEL" in str(error)


def test_a_kind_without_its_package_is_refused_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A policy that cannot be carried out is wrong here, and says what to install."""
    monkeypatch.setattr(plugins, "find_spec", lambda name: None)
    error = problem("detectors: ['gliner:models/small']")

    assert (error.code, error.line) == ("HG125", 4)
    assert 'run `pip install "hybrid-guard[gliner]"`' in str(error)


def test_a_kind_without_its_package_is_no_problem_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package is looked for, and not loaded."""
    monkeypatch.setattr(plugins, "find_spec", lambda name: object())
    assert load("detectors: ['transformers:models/deid']").detection.detectors == ("transformers:models/deid",)


def test_a_kind_alone_is_refused() -> None:
    """Something must stand behind the colon."""
    assert "write `spacy:PIPELINE`" in str(problem("detectors: ['spacy:']"))


def test_services_are_compiled_and_shown() -> None:
    """With their zones."""
    policy = load(f"detectors: ['presidio-service:ward'], {WARD}")

    assert policy.detection.services == (
        DetectionService(alias="ward", url="https://pii.clinic.example", zone=Zone.PRIVATE),
    )
    shown = effective(policy)["detection"]
    assert isinstance(shown, dict)
    assert shown["services"] == {"ward": {"url": "https://pii.clinic.example", "zone": "private"}}
    assert policy.digest != load("detectors: ['presidio-service:ward'], " + WARD.replace("pii", "iip")).digest


@pytest.mark.parametrize(
    ("detection", "code", "words"),
    [
        ("detectors: ['presidio-service:word'], " + WARD, "HG110", "did you mean `ward`?"),
        ("detectors: ['presidio-service:http://192.0.2.7:5002']", "HG119", "name the server under"),
        ("detectors: ['presidio-service:http://localhost.example']", "HG119", "not on this machine"),
        ("detectors: ['presidio-service:ftp://127.0.0.1']", "HG120", "should be `https://host/path`"),
        ("detectors: ['presidio-service:http://a@127.0.0.1']", "HG120", "no user name or password"),
        ("services: {w: {url: 'http://192.0.2.7', zone: local}}", "HG119", "zone `local` allows"),
        ("services: {w: {url: 'http://192.0.2.7', zone: private}}", "HG120", "should begin with `https://`"),
        ("services: {w: {url: 'https://x.example/?q', zone: private}}", "HG120", "remove the query"),
        ("services: {w: {url: 'https://x.example', zone: external}}", "HG110", "known: local, private"),
        ("services: {w: {url: 'https://x.example'}}", "HG107", "lacks the key `zone`"),
        ("services: {w: {url: 'https://${HOST}', zone: private}}", "HG118", "only read in"),
    ],
)
def test_an_address_that_is_not_what_it_says_is_refused(detection: str, code: str, words: str) -> None:
    """As with deployments."""
    codes = {error.code: str(error) for error in check_policy(f"{HEAD}detection: {{{detection}}}\n", env={})}
    assert words in codes[code]


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        ("rules: [{id: stays, zones: [local]}]", "rule `stays` keeps every text from that zone"),
        ("rules: [{id: never, zones: []}]", "rule `never`"),
        ("rules: [{id: ask, consent: true}]", "rule `ask`"),
        ("routing: {mode: only_local}", "`routing.mode` keeps every text on this machine"),
    ],
)
def test_a_service_elsewhere_that_could_never_be_asked_is_refused(rest: str, words: str) -> None:
    """Detection would fail at every request."""
    error = problem(f"detectors: ['presidio-service:ward'], {WARD}", rest)

    assert error.code == "HG124"
    assert words in str(error)


def test_a_service_elsewhere_is_fine_where_its_zone_may_read_something() -> None:
    """The rules are asked first. And one that no detector asks reads nothing."""
    load(f"detectors: ['presidio-service:ward'], {WARD}", "rules: [{id: a, when: {level: high}, zones: [local]}]")
    load(f"detectors: ['presidio-service:ward'], {WARD}", "rules: [{id: a, zones: [local, private]}]")
    load(WARD, "rules: [{id: a, zones: [local]}]")


def test_a_service_on_this_machine_may_read_what_stays_here() -> None:
    """By its address or by its name."""
    here = "services: {near: {url: 'http://localhost:5002', zone: local}}"
    rules = "rules: [{id: a, zones: [local]}]"
    load(f"detectors: ['presidio-service:near'], {here}", rules)
    load("detectors: ['presidio-service:http://[::1]:5002']", rules)


def test_the_schema_is_the_same_on_every_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is installed here says nothing about where the file is read."""
    definitions = policy_schema()["$defs"]
    assert isinstance(definitions, dict)
    items = definitions["DetectionSection"]["properties"]["detectors"]["items"]  # type: ignore[index,call-overload]  # JSON
    assert items["type"] == "string"  # type: ignore[index,call-overload]  # as above
    assert "spacy:PIPELINE" in items["examples"]  # type: ignore[index,call-overload,operator]  # as above
