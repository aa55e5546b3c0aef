"""
Write the pages of the reference that follow from the code: the policy file, the commands, the name finder's figures.

Usage::

    python tools/write_reference.py
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from typer.main import get_command

from hybrid_guard.cli.app import app
from hybrid_guard.policies.schema import policy_schema
from hybrid_guard.sensitivity import DECLARED_WEIGHT, DEFAULT_WEIGHTS

__all__ = ["FOLDER", "pages"]

ROOT = Path(__file__).resolve().parents[1]

FOLDER = ROOT / "docs" / "reference"
"""Where the pages are."""

HEADER = "<!-- Written by tools/write_reference.py. Change the code, then run that. -->\n\n"

MANY = 20
"""A closed set of more words than that is described, not listed."""

DATA_SETS = {
    "btc_dev": "English tweets (Broad Twitter Corpus, development part)",
    "lener_br_dev": "Portuguese legal texts (LeNER-Br, development part)",
    "meddocan_dev": "Spanish clinical texts (MEDDOCAN, development part)",
    "pl_pii_core": "Polish documents (pl-pii-bench, core)",
    "pl_pii_inflection": "Polish names in all cases (pl-pii-bench, inflection)",
    "pupa_tnb": "real prompts, mostly English (PUPA-TNB)",
    "safe_trigger_dev2000": "English chat prompts (Safe-Trigger, development part)",
    "uner_en_ewt_dev": "English e-mail, reviews and forums (Universal NER, EWT, development part)",
    "wnut17_dev": "new names in noisy English user text (WNUT 2017, development part)",
}

ANY_ALARM = "any that weighs"
"""What `tools/ner_scores.py` calls a finding that takes a text out of the lowest level."""


def pages() -> Mapping[Path, str]:
    """File to text."""
    writers: Mapping[str, Callable[[], Iterator[str]]] = {
        "commands.md": write_commands,
        "names.md": write_names,
        "policy.md": write_policy,
    }
    return {FOLDER / name: HEADER + "\n".join(write()) + "\n" for name, write in writers.items()}


def write_policy() -> Iterator[str]:
    """The policy file, from its JSON Schema."""
    schema: Any = policy_schema()
    yield "# The policy file"
    yield ""
    yield f"{schema['description']} `hybrid-guard policy schema` prints the JSON Schema that this page"
    yield "is made of; an editor that knows it completes keys while you type. How to begin:"
    yield "[write a policy](../how-to/write-a-policy.md)."
    yield ""
    yield "An unknown key, an unknown name, a key that stands twice, an alias or an anchor is an error, with its line."
    yield ""
    yield from section(schema, schema, "The file")
    for key, value in schema["properties"].items():
        yield from nested(schema, key, value)
    yield "## Entities"
    yield ""
    yield "What a rule can name, and the built-in weight S(e) of each. `sensitivity.weights` changes them, but not"
    yield f"that of `DENIED_TEXT`. A name of your own, which a pattern gives, weighs {DECLARED_WEIGHT:g}."
    yield ""
    yield "| weight | entities |"
    yield "|---|---|"
    for weight in sorted(set(DEFAULT_WEIGHTS.values()), reverse=True):
        names = ", ".join(f"`{name}`" for name, one in DEFAULT_WEIGHTS.items() if one == weight)
        yield f"| {weight:g} | {names} |"


def nested(schema: Any, key: str, value: Any) -> Iterator[str]:
    """The sections that a key of the file leads to."""
    item = value.get("items") or next(iter(value.get("patternProperties", {}).values()), None) or value
    if "$ref" not in item:
        return
    title = f"`{key}`" if item is value else f"One of `{key}`"
    yield from section(schema, resolve(schema, item), title)
    for inner, one in resolve(schema, item)["properties"].items():
        mapped = one.get("items") or next(iter(one.get("patternProperties", {}).values()), one)
        if "$ref" in mapped and resolve(schema, mapped) is not resolve(schema, item):
            title = f"`{inner}` of `{key}`" if mapped is one else f"One of `{inner}` of `{key}`"
            yield from section(schema, resolve(schema, mapped), title)


def section(schema: Any, found: Any, title: str) -> Iterator[str]:
    """A heading and a table of keys."""
    yield f"## {title}"
    yield ""
    if title != "The file":
        yield found["description"]
        yield ""
    yield "| key | value | default | meaning |"
    yield "|---|---|---|---|"
    for key, value in found["properties"].items():
        meaning = value.get("description") or resolve(schema, value)["description"]
        default = "**required**" if key in found.get("required", ()) else default_of(value)
        yield f"| `{key}` | {kind(schema, value)} | {default} | {cell(meaning)} |"
    yield ""


def resolve(schema: Any, value: Any) -> Any:
    """*value*, or what it refers to."""
    return schema["$defs"][value["$ref"].rpartition("/")[2]] if "$ref" in value else value


def default_of(value: Any) -> str:
    """The default in a cell; that of a section is the defaults of its keys."""
    if "default" not in value or value.get("$ref") or value["default"] in ({}, []):
        return ""
    return f"`{json.dumps(value['default'])}`"


def kind(schema: Any, value: Any) -> str:
    """What a key takes."""
    if "$ref" in value:
        return "mapping, see below"
    if "anyOf" in value:
        return "an entity, see below"
    if "enum" in value:
        names = value["enum"]
        return ", ".join(f"`{name}`" for name in names) if len(names) <= MANY else "an entity, see below"
    match value["type"]:
        case "array":
            return f"list of: {kind(schema, value['items'])}"
        case "object":
            inner = value.get("additionalProperties") or next(iter(value["patternProperties"].values()))
            keys = value.get("propertyNames", {"type": "string"})
            return f"mapping of {kind(schema, keys)} to {kind(schema, inner)}"
        case "integer" | "number" as number:
            return f"{'whole number' if number == 'integer' else 'number'}{bounds(value)}"
        case "boolean":
            return "`true` or `false`"
    examples = ", ".join(f"`{one}`" for one in value.get("examples", ()))
    return f"text, such as {examples}" if examples else "text"


def bounds(value: Any) -> str:
    """The range of a number."""
    words = {"minimum": "at least", "exclusiveMinimum": "above", "maximum": "at most", "exclusiveMaximum": "below"}
    found = [f"{word} {value[name]:g}" for name, word in words.items() if name in value]
    return f", {' and '.join(found)}" if found else ""


def cell(text: str) -> str:
    """*text* inside a table."""
    return " ".join(text.split()).replace("|", "\\|")


def write_commands() -> Iterator[str]:
    """The commands, from their help."""
    yield "# Commands"
    yield ""
    yield "Every command has `--help`, and `--json` for programs. Texts are read from standard input or files, so that"
    yield "they stay out of the history of the shell; secrets are never arguments."
    yield ""
    yield "| exit code | meaning |"
    yield "|---|---|"
    yield "| 0 | done |"
    yield "| 1 | a check found something |"
    yield "| 2 | usage, input or policy error |"
    yield "| 3 | blocked by policy |"
    yield "| 4 | no permitted deployment is healthy |"
    yield ""
    yield from commands_of(get_command(app), "hybrid-guard")


def commands_of(command: Any, name: str) -> Iterator[str]:
    """One command, or those of a group."""
    if hasattr(command, "commands"):
        for child, inner in command.commands.items():
            yield from commands_of(inner, f"{name} {child}")
        return
    arguments = [one.metavar for one in command.params if one.param_type_name == "argument"]
    yield f"## {name}"
    yield ""
    yield "```text"
    yield f"{name} [OPTIONS]{''.join(f' [{one}]' for one in arguments)}"
    yield "```"
    yield ""
    for paragraph in (command.help or "").split("\n\n"):
        yield " ".join(paragraph.split())
        yield ""
    yield "| | |"
    yield "|---|---|"
    for one in command.params:
        if not one.hidden:
            yield f"| `{cell(typed(one))}` | {cell(one.help or '')}{marks(one)} |"
    yield ""


def typed(parameter: Any) -> str:
    """A parameter as it is typed."""
    if parameter.param_type_name == "argument":
        return str(parameter.metavar)
    option = str(max(parameter.opts, key=len))
    if parameter.is_flag:
        return option
    annotation = parameter.type_descriptor.annotation
    words = "|".join(map(str, get_args(annotation))) if get_origin(annotation) is Literal else "VALUE"
    return f"{option} {parameter.metavar or words}"


def marks(parameter: Any) -> str:
    """Whether it must be given, may be repeated, or has a default."""
    found = []
    if parameter.required:
        found.append("Required.")
    if isinstance(parameter.default, str):
        found.append(f"Default: `{parameter.default}`.")
    return "".join(f" {one}" for one in found)


def write_names() -> Iterator[str]:
    """What the bundled name finder finds, from the figures that ship with it."""
    file = ROOT / "hybrid_guard" / "detectors" / "ner_model" / "meta.json"
    measured = json.loads(file.read_text(encoding="utf-8"))["performance"]
    yield "# How many names are found"
    yield ""
    yield "The detector `ner.v2` is a small network that comes with the package. The figures were measured when it was"
    yield "trained, on texts that it was not trained on, and without any other detector."
    yield "[How it is made](../why/detection-models.md) and [what all detectors find](detection.md) are told elsewhere."
    yield ""
    yield "## People"
    yield ""
    yield "A name counts as found if any `PERSON` overlaps it, and a `PERSON` is right if it overlaps any name."
    yield ""
    yield "| texts | recall | precision | mentions |"
    yield "|---|---|---|---|"
    for data, one in measured["person"].items():
        yield f"| {DATA_SETS[data]} | {one['recall']:.2f} | {one['precision']:.2f} | {one['mentions']} |"
    yield ""
    yield "## Whole names"
    yield ""
    yield "Here a finding counts only if its span and its type are both exactly right; titles are part of our spans."
    yield ""
    yield "| texts | entity | recall | precision | F1 | mentions |"
    yield "|---|---|---|---|---|---|"
    for data, labels in measured["exact_spans"].items():
        for entity, one in labels.items():
            row = f"{one['r']:.2f} | {one['p']:.2f} | {one['f']:.2f} | {one['n']}"
            yield f"| {DATA_SETS[data]} | `{entity}` | {row} |"
    yield ""
    yield "## What is left after masking"
    yield ""
    yield "| texts | private characters outside of any finding |"
    yield "|---|---|"
    for data, share in measured["leaked"].items():
        yield f"| {DATA_SETS[data]} | {share:.2f} |"
    yield ""
    yield f"Of the private units in {DATA_SETS['pupa_tnb']}, {100 * measured['units']:.0f} of 100 are still there word"
    yield "for word after masking."
    yield ""
    yield "## Private spans in prompts, covered whole"
    yield ""
    yield "The share of labelled spans of which every character lies in some finding, whatever its type, in"
    yield f"{DATA_SETS['safe_trigger_dev2000']}. Numbers, e-mail addresses and the like are left to"
    yield "`patterns.v1`."
    yield ""
    yield "| label | covered whole |"
    yield "|---|---|"
    for label, share in measured["covered"].items():
        yield f"| {label.replace('_', ' ')} | {share:.2f} |"
    yield ""
    yield "## False alarms"
    yield ""
    yield "The share of the prompts without anything private, among the same texts, in which something of that type is"
    yield "found. Most of it is public: countries, offices and well-known people."
    yield ""
    yield "| entity | share |"
    yield "|---|---|"
    for entity, share in measured["alarms"].items():
        yield f"| {'any of weight 0.3 or more' if entity == ANY_ALARM else f'`{entity}`'} | {share:.3f} |"


def main() -> None:
    """Write the pages."""
    for file, text in pages().items():
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
