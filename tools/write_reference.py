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
from hybrid_guard.sensitivity import DEFAULT_WEIGHTS

__all__ = ["FOLDER", "pages"]

ROOT = Path(__file__).resolve().parents[1]

FOLDER = ROOT / "docs" / "reference"
"""Where the pages are."""

HEADER = "<!-- Written by tools/write_reference.py. Change the code, then run that. -->\n\n"

MANY = 20
"""A closed set of more words than that is described, not listed."""

DATA_SETS = {
    "btc_dev": "tweets (Broad Twitter Corpus, development part)",
    "uner_en_ewt_dev": "e-mail, reviews and forums (Universal NER, English EWT, development part)",
    "wnut17_dev": "new names in noisy user text (WNUT 2017, development part)",
}

PROMPTS = {
    "pupa_tnb": "real prompts, lower-cased, all kinds of private parts (PUPA-TNB)",
    "safe_trigger": "chat prompts (Safe-Trigger, development part)",
}


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
    yield "that of `DENIED_TEXT`."
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
        if "$ref" in one and resolve(schema, one) is not resolve(schema, item):
            yield from section(schema, resolve(schema, one), f"`{inner}` of `{key}`")


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
    return "text"


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
    yield "The detector `ner.v1` is a small spaCy pipeline that is trained on English text. The figures were measured"
    yield "when it was trained, on texts that it was not trained on. [What detectors find](detection.md) has the rest."
    yield ""
    yield "## Whole names"
    yield ""
    yield "A finding counts only if its span and its type are both exactly right."
    yield ""
    yield "| texts | entity | recall | precision | F1 | mentions |"
    yield "|---|---|---|---|---|---|"
    for data, words in DATA_SETS.items():
        for entity, one in measured["exact_spans"][data].items():
            yield f"| {words} | `{entity}` | {one['r']:.2f} | {one['p']:.2f} | {one['f']:.2f} | {one['n']} |"
    yield ""
    person = measured["exact_spans"]["wnut17_dev"]["PERSON"]
    yield f"How to read it: in noisy user text, of 100 names of persons {100 * person['r']:.0f} were found."
    yield f"Of 100 findings {100 * person['p']:.0f} were right; the others keep a text local, or give it a placeholder,"
    yield "without need."
    yield ""
    yield "## Characters of private spans in prompts"
    yield ""
    yield "The share of the characters of labelled spans that any finding of `ner.v1` covers, whatever its type."
    yield ""
    yield "| texts | label | covered |"
    yield "|---|---|---|"
    for data, words in PROMPTS.items():
        for label, share in measured["character_recall"][data].items():
            yield f"| {words} | {label} | {share:.2f} |"
    yield ""
    yield "## False alarms"
    yield ""
    yield "The share of prompts without anything private in which `ner.v1` finds something of that type."
    yield ""
    yield "| texts | entity | share |"
    yield "|---|---|---|"
    for data, shares in measured["texts_with_false_alarm"].items():
        for entity, share in shares.items():
            yield f"| {PROMPTS[data]} | `{entity}` | {share:.3f} |"


def main() -> None:
    """Write the pages."""
    for file, text in pages().items():
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
