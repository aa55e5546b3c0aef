"""
What is wrong with a file, in the words of its author, with its place and a code.

========  =======================================================================================
HG101     the file cannot be read: absent, no regular file, not UTF-8, or writable by everyone
HG102     it is no YAML, or empty
HG103     it uses a part of YAML that is refused: alias, anchor, tag, merge key, second document
HG104     a key stands twice in one mapping
HG105     it is too large or too deep
HG106     an unknown key
HG107     a missing key
HG108     a value of the wrong type, or none
HG109     a value outside its range or of the wrong form
HG110     an unknown zone, operator, tier, detector, mode, endpoint or other closed word
HG111     an unknown entity
HG112     an unknown level
HG113     no deployment, or an unknown one
HG114     a rule or case id that is taken or reserved
HG115     levels that do not rise
HG116     an environment variable that is not set, or is unfit
HG117     a secret in the file
HG118     ``${NAME}`` where it is not read
HG119     a deployment that is not where its zone says
HG120     an ``api_base`` that is no usable URL
HG121     a ``model`` that is no litellm model string
HG122     a rule that does nothing, never applies or applies in too many ways; a text allowed and denied
HG123     a sensitive request would reach the external zone untreated
HG124     a detection service could never be asked, for the policy keeps every text from its zone
HG125     a detector or an operator that cannot be made here
HG126     a vault whose store lacks what it needs, or is given what it does not take
HG127     a pattern that cannot run, finds nothing or stands twice
========  =======================================================================================
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import NoneType
from typing import Annotated, Literal, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from hybrid_guard.errors import PolicyError
from hybrid_guard.policies.models import Section
from hybrid_guard.policies.names import PATTERN_WORDS
from hybrid_guard.policies.quoting import quote
from hybrid_guard.policies.yaml_strict import Document, Path, Value

__all__ = ["Problem", "first_of", "locate", "place", "shape_problems", "suggest"]

_TYPES: Mapping[str, str] = {
    "string_type": "a text; put it in quotes",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "`true` or `false`",
    "list_type": "a list, `[a, b]`",
    "dict_type": "a mapping, `{key: value}`",
    "model_type": "a mapping, `{key: value}`",
}
_LISTED = 20
_BOUNDS: Mapping[str, str] = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """
    One thing that is wrong.

    Attributes:
        code: See the module.
        message: What is wrong and what would be right.
        path: Where.
        on_key: Whether the key of *path* is wrong, rather than its value.
    """

    code: str
    message: str
    path: Path
    on_key: bool = False


def locate(problems: Iterable[Problem], document: Document, *, file: str) -> tuple[PolicyError, ...]:
    """*problems* as errors in the order of the file."""
    errors = []
    for problem in problems:
        line, column = document.key(problem.path) if problem.on_key else document.value(problem.path)
        errors.append(PolicyError(problem.message, file=file, line=line, column=column, code=problem.code))
    return tuple(sorted(errors, key=lambda error: (error.line, error.column)))


def first_of(errors: tuple[PolicyError, ...]) -> PolicyError:
    """The first of *errors*; its message says how many more there are."""
    first, others = errors[0], len(errors) - 1
    if not others:
        return first
    message = f"{first.args[0]} (and {others} more)"
    return PolicyError(message, file=first.file, line=first.line, column=first.column, code=first.code)


def place(path: Path) -> str:
    """*path* as people write it: `rules[2].when.level`; the root is `the file`."""
    written = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return quote(written.removeprefix(".")) if path else "the file"


def suggest(name: object, known: Iterable[str], *, noun: str, where: str = "") -> str:
    """That *name* is unknown, what it may have meant, and what is known: all of it, or the nearest of many."""
    names = list(known)
    # The case of letters is forgiven: `Local` means `local`, and `person` means `PERSON`.
    folded = {one.casefold(): one for one in names}
    wanted = str(name).casefold()
    alike = difflib.get_close_matches(wanted, folded, n=5)
    # `EMAIL` is short of `EMAIL_ADDRESS` by more letters than it has.
    alike += [one for one in folded if len(wanted) > 2 and wanted in one and one not in alike]
    near = [folded[one] for one in alike]
    meant = f" did you mean `{near[0]}`?" if near else ""
    if len(names) <= _LISTED:
        listed = f"known: {', '.join(names)}"
    else:
        listed = f"the nearest of {len(names)} known: {', '.join(near) or 'none'}; see `hybrid-guard policy schema`"
    return f"unknown {noun} {quote(name)}{where};{meant} {listed}"


def shape_problems(failure: ValidationError | None, content: Value, model: type[Section]) -> Iterator[Problem]:
    """
    What the models found wrong with *content*, and every value that is missing.

    Args:
        failure: Pydantic's answer; None if it had nothing to say.
        content: The whole file.
        model: What *content* was read as.
    """
    empty = list(_empty(content, ()))
    for path in empty:
        yield Problem(code="HG108", message=f"{place(path)} has no value; give it one, or leave the key out", path=path)
    for error in failure.errors(include_url=False) if failure else ():
        # A value that is missing has the wrong type, too, and is named once.
        if error["loc"] not in empty or error["type"] == "extra_forbidden":
            yield _explain(error, model)


def _empty(content: Value, path: Path) -> Iterator[Path]:
    # A key without a value would read as a key that was left out: `zones:` would permit all zones instead of none.
    match content:
        case None:
            yield path
        case dict():
            for key, value in content.items():
                yield from _empty(value, (*path, key))
        case list():
            for position, value in enumerate(content):
                yield from _empty(value, (*path, position))


def _explain(error: ErrorDetails, model: type[Section]) -> Problem:
    kind, path, context = error["type"], error["loc"], error.get("ctx", {})
    on_key = path[-1:] == ("[key]",) and kind != "extra_forbidden"
    if on_key:
        path = path[:-1]
    name = place(path)
    if kind == "extra_forbidden":
        known, where = _names(_annotation(model, path[:-1])), f" in {place(path[:-1])}"
        message = suggest(path[-1], known, noun="key", where=where)
        return Problem(code="HG106", message=message, path=path, on_key=True)
    if kind == "missing":
        known = _names(_annotation(model, path))
        message = f"{place(path[:-1])} lacks the key `{path[-1]}`; add it" + (f": {', '.join(known)}" if known else "")
        return Problem(code="HG107", message=message, path=path[:-1], on_key=True)
    if kind == "literal_error":
        annotation = get_args(_annotation(model, path[:-1]))[0] if on_key else _annotation(model, path)
        message = suggest(error["input"], _names(annotation), noun=_noun(path))
        return Problem(code="HG110", message=message, path=path, on_key=on_key)
    if kind == "unusable_detector":
        return Problem(code="HG125", message=context["problem"], path=path)
    if kind == "unusable_pattern":
        return Problem(code="HG127", message=f"{name} {context['problem']}", path=path)
    if kind in ("unknown_detector", "unknown_entity", "unknown_endpoint", "unknown_locale", "unknown_operator"):
        code = "HG111" if kind == "unknown_entity" else "HG110"
        message = suggest(error["input"], context["known"], noun=kind.removeprefix("unknown_"))
        return Problem(code=code, message=message, path=path, on_key=on_key)
    if kind == "fixed_weight":
        message = f"the weight of {quote(path[-1])} is always 1; remove it; what may leave belongs off `detection.deny`"
        return Problem(code="HG109", message=message, path=path, on_key=on_key)
    if kind in _TYPES:
        return Problem(code="HG108", message=f"{name} should be {_TYPES[kind]}", path=path)
    if kind == "finite_number":
        return Problem(code="HG109", message=f"{name} should be a finite number", path=path)
    if kind in ("too_long", "string_too_long"):
        what = "entries" if kind == "too_long" else "characters"
        return Problem(code="HG109", message=f"{name} should have at most {context['max_length']} {what}", path=path)
    if kind in ("too_short", "string_too_short"):
        return Problem(code="HG109", message=f"{name} should not be empty; fill it, or leave the key out", path=path)
    if kind == "string_pattern_mismatch":
        message = f"{name} should be {PATTERN_WORDS[context['pattern']]}"
        return Problem(code="HG109", message=message, path=path, on_key=on_key)
    bounds = " and ".join(f"{_BOUNDS[bound]} {limit:g}" for bound, limit in context.items())
    return Problem(code="HG109", message=f"{name} should be {bounds}", path=path)


def _noun(path: Path) -> str:
    """What kind of word is asked for at *path*."""
    match path:
        case (*_, "treat", _):
            return "zone"
        case (*_, "treat", _, _):
            return "operator"
        case (*_, str(plural), int()):
            return {"supports": "capability", "lacks": "capability"}.get(plural, plural.removesuffix("s"))
    return f"value of `{path[-1]}`" if path[-1] not in ("zone", "tier", "mode") else str(path[-1])


def _annotation(model: object, path: Path) -> object:
    """The type that belongs at *path* of *model*."""
    annotation = _bare(model)
    for part in path:
        if isinstance(annotation, type) and issubclass(annotation, Section):
            field = annotation.model_fields.get(str(part))
            annotation = field.annotation if field else None
        else:
            # The item of a list, or the value of a mapping.
            annotation = get_args(annotation)[-1]
        annotation = _bare(annotation)
    return annotation


def _bare(annotation: object) -> object:
    """*annotation* without its metadata, and without None."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    options = [one for one in get_args(annotation) if one is not NoneType]
    return _bare(options[0]) if NoneType in get_args(annotation) else annotation


def _names(annotation: object) -> list[str]:
    """The closed words of *annotation*: values of a literal or keys of a section."""
    if get_origin(annotation) is Literal:
        return [str(name) for name in get_args(annotation)]
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return list(annotation.model_fields)
    return []
