"""Operators as a policy names them: their key, their packages, and those that installed packages add."""

from __future__ import annotations

import base64
import secrets
import sys
from itertools import permutations
from pathlib import Path

import pytest

from hybrid_guard.anonymizer import load_operator
from hybrid_guard.errors import HybridGuardError, PolicyError
from hybrid_guard.policies import check_policy, effective, parse_policy
from hybrid_guard.policies import operators as module
from hybrid_guard.types import Operator, Treatment

HEAD = """version: 1
name: x
deployments: {a: {model: openai/x, zone: external}}
rules:
  - {id: all, treat: {external: {default: placeholder, PERSON: %s}}}
"""
KEY = base64.b64encode(secrets.token_bytes(32)).decode()


def problem(text: str, **env: str) -> PolicyError:
    """The only thing that is wrong."""
    (error,) = check_policy(text, env=env)
    return error


def test_a_policy_says_how_operators_work() -> None:
    """What is left out has a default; the locale follows the first language."""
    policy = parse_policy(
        HEAD % "encrypt"
        + 'operators: {key: "${K}", format_preserving: {checksum: ignore}}\ndetection: {languages: [de]}\n',
        env={"K": KEY},
    )

    assert (policy.operators.locale, policy.operators.checksum) == ("de_DE", "ignore")
    assert policy.operators.key == base64.b64decode(KEY)
    assert KEY not in repr(policy)
    assert KEY not in str(effective(policy))


def test_parameters_are_part_of_the_digest_and_the_key_is_not() -> None:
    """Another locale is another policy; another key is not."""
    text = HEAD % "encrypt" + 'operators: {key: "${K}", surrogate: {locale: %s}}\n'
    other = base64.b64encode(secrets.token_bytes(32)).decode()
    digests = [
        parse_policy(text % locale, env={"K": key}).digest
        for locale, key in (("de_DE", KEY), ("de_DE", other), ("fr_FR", KEY))
    ]

    assert digests[0] == digests[1] != digests[2]


@pytest.mark.parametrize(
    ("operator", "section", "env", "code", "line", "words"),
    [
        ("encrypt", "", {}, "HG107", 5, "needs `operators: {key"),
        ("format_preserving", "", {}, "HG107", 5, "32 bytes in base64"),
        ("mask", 'operators: {key: "${K}"}', {}, "HG116", 6, "`K` is not set"),
        ("mask", 'operators: {key: "${K}"}', {"K": "short"}, "HG116", 6, "is no key"),
        ("mask", "operators: {key: sesame}", {}, "HG117", 6, "a secret in the file"),
        ("mask", "operators: {surrogate: {locale: xx_XX}}", {}, "HG110", 6, "unknown locale `xx_XX`"),
        ("mask", "operators: {surogate: {}}", {}, "HG106", 6, "did you mean `surrogate`"),
        ("perturb", "operators: {perturb: {epsilon: 0}}", {}, "HG109", 6, "more than 0"),
        ("perturb", "operators: {perturb: {epsilon: 1, group_share: 1}}", {}, "HG109", 6, "less than 1"),
        ("perturb", "operators: {perturb: {group_share: 0.3}}", {}, "HG107", 6, "epsilon"),
        ("surogate", "", {}, "HG110", 5, "did you mean `surrogate`"),
        ("scramble.v1", "", {}, "HG110", 5, "unknown operator `scramble.v1`"),
    ],
)
def test_what_cannot_work_is_refused_where_it_stands(
    operator: str, section: str, env: dict[str, str], code: str, line: int, words: str
) -> None:
    """With its line and what would be right, and never with the value of a variable."""
    error = problem(HEAD % operator + section + "\n", **env)

    assert (error.code, error.line) == (code, line)
    assert words in str(error)
    assert "short" not in str(error)
    assert "sesame" not in str(error)


def test_an_operator_without_its_package_is_refused_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A policy that cannot be carried out is wrong here, and says what to install."""
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    error = problem(HEAD % "surrogate")

    assert (error.code, error.line) == ("HG125", 5)
    assert 'run `pip install "hybrid-guard[surrogate]"`' in str(error)


def test_perturbing_needs_a_package_for_its_guarantee_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounded noise needs none."""
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    section = "operators: {perturb: {epsilon: 1.5, group_share: 0.3}}\n"
    error = problem(HEAD % "perturb" + section)

    assert (error.code, error.line) == ("HG125", 5)
    assert 'run `pip install "hybrid-guard[dp]"`' in str(error)
    assert check_policy(HEAD % "perturb", env={}) == ()
    monkeypatch.undo()
    policies = [parse_policy(HEAD % "perturb" + more, env={}) for more in (section, section.replace("1.5", "2"), "")]
    assert (policies[0].operators.epsilon, policies[0].operators.group_share) == (1.5, 0.3)
    assert len({policy.digest for policy in policies}) == 3


def test_an_installed_package_adds_an_operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A distribution on the path is enough: its name is known to policies, and its object does the work."""
    (tmp_path / "scramble.py").write_text(
        "class Scramble:\n"
        "    def __init__(self, key):\n        self.key = key\n"
        "    def apply(self, text, *, entity):\n        return f'<{entity} {len(self.key)}>'\n"
    )
    info = tmp_path / "scramble-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: scramble\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[hybrid_guard.operators]\nscramble.v1 = scramble:Scramble\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    policy = parse_policy(HEAD % "scramble.v1", env={})
    (treatment,) = policy.rules[0].treat.values()
    operator = treatment.operator("PERSON")

    assert operator is Operator("scramble.v1")
    assert load_operator(operator)(b"k" * 32).apply("Ada", entity="PERSON") == "<PERSON 32>"
    sys.modules.pop("scramble")


def test_an_operator_whose_package_is_gone_says_so() -> None:
    """The guard cannot be made, and the error names the operator."""
    with pytest.raises(HybridGuardError, match=r"operator `gone.v1` could not be loaded"):
        load_operator(Operator("gone.v1"))


def test_installed_operators_are_the_loosest_but_keep_and_their_order_means_nothing() -> None:
    """A shipped operator wins over one that nobody here has read; of two of those always the same one wins."""
    operators = [Operator.KEEP, Operator("a.v1"), Operator("b.v1"), Operator.PERTURB, Operator.REDACT]
    for order in permutations(operators):
        met = Treatment(default=order[0])
        for one in order[1:]:
            met = met.meet(Treatment(default=one))
        assert met.default is Operator.REDACT
    first, second = (Treatment(default=Operator(name)) for name in ("a.v1", "b.v1"))

    assert first.meet(second).default is second.meet(first).default is Operator("b.v1")
    assert first.meet(Treatment(default=Operator.PERTURB)).default is Operator.PERTURB
    assert first.meet(Treatment()).default is Operator("a.v1")
