"""
Where commands read from: prompts, conversations and policies.

::

    HG900  the command line is wrong        HG904  OUT or another file cannot be written
    HG901  a file cannot be read            HG905  there is no policy
    HG902  it is not UTF-8 or not JSON      HG906  there is no prompt
                                            HG907  the prompt is the name of a file
    HG903  a line of IN is wrong
"""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from string import ascii_letters, digits
from typing import TYPE_CHECKING, Any

from hybrid_guard.cli.terminal import note
from hybrid_guard.errors import InputError

if TYPE_CHECKING:
    from hybrid_guard.types import Policy

__all__ = [
    "DEFAULT_POLICY",
    "find_policy",
    "offline_policy",
    "parse_json",
    "read_arguments",
    "read_prompt",
    "read_utf8",
    "reason",
    "stand_ins",
]

DEFAULT_POLICY = Path("policy.yaml")

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}", re.ASCII)

# What stands before a variable that holds a key; what stands in for it may be one of operators.
_KEY = re.compile(r"""key["']?\s*:\s*["']?$""")

# What stands before a variable that is a part of an address, and not the whole of it.
_INSIDE = tuple(f"{ascii_letters}{digits}_.:/-}}")


def read_prompt(given: str | None) -> str:
    """
    The prompt: *given*, or standard input for ``-`` and None.

    Raises:
        InputError: HG902 it is not UTF-8; HG906 it is empty; HG907 it is the name of a file.
    """
    if given is None or given == "-":
        if sys.stdin.isatty():
            note("type the prompt; end it with Ctrl-D on a line of its own")
        given = read_utf8(sys.stdin.buffer.read(), "standard input").removesuffix("\n")
    elif is_file(given):
        raise InputError("the prompt is the name of a file; give the file on standard input: `< FILE`", code="HG907")
    if not given.strip():
        raise InputError("the prompt is empty; give it as an argument or on standard input", code="HG906")
    return given


def is_file(text: str) -> bool:
    """Whether *text* is the name of a file that is there: to answer about the name would reassure falsely."""
    try:
        return Path(text).is_file()
    except (OSError, ValueError):
        return False


def read_arguments(file: Path) -> dict[str, Any]:
    """
    The arguments of a call in the JSON *file*: a list of messages, or an object with ``messages`` and the rest.

    Raises:
        InputError: HG901 or HG902.
    """
    if str(file) == "-":
        name, raw = "standard input", sys.stdin.buffer.read()
    else:
        name = file.name
        try:
            raw = file.read_bytes()
        except OSError as error:
            raise InputError(f"cannot read `{name}`: {reason(error)}; check its path", code="HG901") from None
    content = parse_json(read_utf8(raw, name), name)
    if isinstance(content, list):
        return {"messages": content}
    if isinstance(content, dict) and "messages" in content and isinstance(content.get("hybrid_guard", {}), dict):
        return content
    raise InputError(
        f"`{name}` should hold a list of messages, or an object with `messages`, as a chat completion takes them",
        code="HG902",
    )


def parse_json(text: str, name: str) -> Any:
    """*text* as a JSON value; *name* is where it comes from."""
    problem = ""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        problem = f"`{name}` is no JSON at line {error.lineno}, column {error.colno}"
    except (ValueError, RecursionError):
        problem = f"`{name}` holds JSON that is nested too deeply or a number that is too long"
    # PRIVACY: raised outside of the handler, for a decoder's error holds the whole text.
    raise InputError(f"{problem}; correct it", code="HG902")


def find_policy(given: Path | None) -> Path:
    """
    The policy file: *given*, or ``policy.yaml`` in this directory.

    Raises:
        InputError: HG905 there is none.
    """
    if given is None and not DEFAULT_POLICY.exists():
        raise InputError(
            f"there is no `{DEFAULT_POLICY}` in this directory; name one with `--policy FILE`, or copy a folder of"
            " `policy_examples` to start from",
            code="HG905",
        )
    return given or DEFAULT_POLICY


def offline_policy(file: Path) -> Policy:
    """
    The policy in *file*, for a command that calls nothing: variables that are not set have a stand-in.

    Raises:
        PolicyError: It is wrong.
    """
    from hybrid_guard.policies import parse_policy, read_text

    text = read_text(file)
    return parse_policy(text, file=str(file), env=stand_ins(text))


def stand_ins(text: str) -> Mapping[str, str]:
    """The environment, and for each variable that *text* names and that is not set, a value that fits its place."""
    values: dict[str, str] = {}
    for match in _VARIABLE.finditer(text):
        before = text[: match.start()]
        if _KEY.search(before):
            values.setdefault(match[1], base64.b64encode(secrets.token_bytes(32)).decode())
            continue
        part = "localhost" if before.endswith("://") else "9"
        values.setdefault(match[1], part if before.endswith(_INSIDE) else "http://127.0.0.1:9")
    return values | {name: value for name, value in os.environ.items() if value}


def reason(error: OSError) -> str:
    """Why *error* happened, without the path."""
    return os.strerror(error.errno or 0).lower()


def read_utf8(raw: bytes, name: str) -> str:
    """
    *raw* as text.

    Raises:
        InputError: HG902 it is not UTF-8; *name* is where it comes from.
    """
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    # PRIVACY: raised outside of the handler, for the decoder's error holds the bytes.
    raise InputError(f"{name} is not UTF-8; convert it", code="HG902")
