"""JSON Lines in and out: one line in memory at a time, a wrong line named by its number, no file half-written."""

from __future__ import annotations

import json
import os
import re
import secrets
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from hybrid_guard.cli.sources import reason
from hybrid_guard.cli.terminal import progress, to_json
from hybrid_guard.errors import HybridGuardError, InputError
from hybrid_guard.text import MAX_FIELD

__all__ = ["STANDARD", "Row", "convert", "place"]

STANDARD = "-"
"""Stands for standard input or standard output."""

# A character takes at most twelve bytes of JSON: two escapes of six.
_MAX_LINE = 12 * MAX_FIELD + 64 * 1024
# Lines that standard output waits for when something must be done before they are given out.
_BATCH = 64
_LANGUAGE = re.compile(r"[a-z]{2}")

Convert = Callable[["Row"], Mapping[str, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """
    One line of input.

    Attributes:
        id: As given: a string or a whole number.
        text: At most `MAX_FIELD` characters.
        language: ISO 639-1 code; None if none is given.
    """

    id: str | int = field(repr=False)
    text: str = field(repr=False)
    language: str | None = None


def convert(
    source: str, target: str, change: Convert, *, what: str, before_output: Callable[[], None] | None = None
) -> int:
    """
    Write what *change* makes of each line of *source* to *target*.

    A file *target* appears whole, at the end, readable by its owner only, or not at all. On standard output the lines
    before a wrong one stay.

    Args:
        source: Path, or ``-`` for standard input.
        target: Path, or ``-`` for standard output.
        change: A row to the object to write.
        what: What the progress bar says.
        before_output: Called before anything that was changed is given out.

    Returns:
        The number of lines.

    Raises:
        InputError: HG901, HG903 or HG904.
    """
    count = 0
    with _opened(source) as stream, _written(target, before_output) as put:
        total = None if source == STANDARD else os.fstat(stream.fileno()).st_size
        with progress(what, total=total, hidden=target == STANDARD and sys.stdout.isatty()) as bar:
            for number, raw in _lines(stream, source):
                try:
                    changed = change(_row(raw))
                except HybridGuardError as error:
                    problem, code = str(error.args[0]), "HG903" if isinstance(error, InputError) else error.code
                else:
                    put(f"{to_json(changed)}\n")
                    count += 1
                    bar.advance(bar.task_ids[0], len(raw))
                    continue
                # PRIVACY: raised outside of the handler, so that no context with the line hangs on it.
                raise InputError(f"{place(source, number)}: {problem}", code=code)
    return count


def place(source: str, number: int) -> str:
    """Line *number* of *source*, as editors jump to it."""
    return f"{'standard input' if source == STANDARD else source}:{number}"


def _lines(stream: BinaryIO, source: str) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, with their numbers from 1."""
    number = 0
    while raw := stream.readline(_MAX_LINE + 1):
        number += 1
        if len(raw) > _MAX_LINE:
            raise InputError(f"{place(source, number)}: the line is too long; split its text", code="HG903")
        if raw.strip():
            yield number, raw


def _row(raw: bytes) -> Row:
    content = _content(raw)
    if not isinstance(content, dict):
        raise InputError('the line should be an object such as {"id": "1", "text": "..."}')
    for name in ("id", "text"):
        if name not in content:
            raise InputError(f"`{name}` is missing")
    identity, text, language = content["id"], content["text"], content.get("lang")
    if not isinstance(identity, str | int) or isinstance(identity, bool):
        raise InputError("`id` should be a string or a whole number")
    if not isinstance(text, str):
        raise InputError("`text` should be a string")
    if len(text) > MAX_FIELD:
        raise InputError(f"`text` has more than {MAX_FIELD} characters; split it")
    if language is not None and (not isinstance(language, str) or not _LANGUAGE.fullmatch(language)):
        raise InputError("`lang` should be an ISO 639-1 code of two small letters, such as `en`")
    return Row(id=identity, text=text, language=language)


def _content(raw: bytes) -> object:
    problem = ""
    try:
        content: object = json.loads(raw.decode("utf-8-sig"))
        return content
    except json.JSONDecodeError as error:
        problem = f"no JSON at column {error.colno}"
    except UnicodeDecodeError:
        problem = "not UTF-8"
    except (ValueError, RecursionError):
        problem = "nested too deeply, or a number that is too long"
    raise InputError(problem)


@contextmanager
def _opened(source: str) -> Iterator[BinaryIO]:
    if source == STANDARD:
        yield sys.stdin.buffer
        return
    try:
        stream = Path(source).open("rb")  # noqa: SIM115 - the reading must not be inside the try
    except OSError as error:
        raise InputError(f"cannot read `{source}`: {reason(error)}; check its path", code="HG901") from None
    with stream:
        yield stream


@contextmanager
def _written(target: str, before_output: Callable[[], None] | None) -> Iterator[Callable[[str], None]]:
    if target == STANDARD:
        yield from _standard(before_output)
        return
    path = Path(target)
    if path.exists() and not path.is_file():
        raise InputError(f"`{target}` is no regular file; name another one, or `-` for standard output", code="HG904")
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with _errors(target):
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    file = os.fdopen(descriptor, "w", encoding="utf-8")

    def put(line: str) -> None:
        with _errors(target):
            file.write(line)

    try:
        yield put
        if before_output is not None:
            before_output()
        with _errors(target):
            file.flush()
            os.fsync(file.fileno())
            file.close()
            temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            file.close()
        temporary.unlink(missing_ok=True)
        raise


def _standard(before_output: Callable[[], None] | None) -> Iterator[Callable[[str], None]]:
    held: list[str] = []

    def release() -> None:
        if before_output is not None:
            before_output()
        sys.stdout.write("".join(held))
        sys.stdout.flush()
        held.clear()

    def put(line: str) -> None:
        held.append(line)
        if before_output is None or len(held) == _BATCH:
            release()

    try:
        yield put
    finally:
        release()


@contextmanager
def _errors(target: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(f"cannot write `{target}`: {reason(error)}; check its path", code="HG904") from None
