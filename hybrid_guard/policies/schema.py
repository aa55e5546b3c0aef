"""JSON Schema of the policy file and of its test file, for editors."""

from __future__ import annotations

from pydantic import JsonValue

from hybrid_guard.policies.matrix import MatrixFile
from hybrid_guard.policies.models import PolicyFile, Section

__all__ = ["DIALECT", "cases_schema", "policy_schema"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def policy_schema() -> dict[str, JsonValue]:
    """The schema of ``policy.yaml``, draft 2020-12."""
    return _schema(PolicyFile, "hybrid_guard policy")


def cases_schema() -> dict[str, JsonValue]:
    """The schema of ``policy_test.yaml``, draft 2020-12."""
    return _schema(MatrixFile, "hybrid_guard policy tests")


def _schema(model: type[Section], title: str) -> dict[str, JsonValue]:
    schema = _tidy(model.model_json_schema(mode="validation"))
    assert isinstance(schema, dict)
    return {"$schema": DIALECT, **schema, "title": title}


def _tidy(node: JsonValue) -> JsonValue:
    """*node* without null, which the loader refuses, and without pydantic's titles, which repeat the keys."""
    if isinstance(node, list):
        return [_tidy(one) for one in node]
    if not isinstance(node, dict):
        return node
    kept = {
        key: _tidy(value)
        for key, value in node.items()
        if value is not None and not (key == "title" and isinstance(value, str))
    }
    options = kept.get("anyOf")
    if isinstance(options, list) and {"type": "null"} in options:
        (only,) = [one for one in options if one != {"type": "null"}]
        assert isinstance(only, dict)
        del kept["anyOf"]
        # What stands beside a nullable type describes the key, so it wins over the type's own description.
        kept = {**only, **kept}
    return kept
