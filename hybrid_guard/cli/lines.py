"""JSON Lines in and out: a batch of lines at a time, a wrong line named by its number, no file half-written."""

from __future__ import annotations

import json
import os
import re
import secrets
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Generic, TypeVar

from hybrid_guard.cli.sources import reason
from hybrid_guard.cli.terminal import progress, to_json
from hybrid_guard.errors import HybridGuardError, InputError
from hybrid_guard.text import MAX_FIELD

__all__ = ["STANDARD", "Line", "Row", "convert", "each", "place", "read", "row_of"]

STANDARD = "-"
"""Stands for standard input or standard output."""

# A character takes at most twelve bytes of JSON: two escapes of six.
_MAX_LINE = 12 * MAX_FIELD + 64 * 1024
# Bytes that are read at once, and lines of them that are worked on at once.
_CHUNK = 256 * 1024
_BATCH = 64
_LANGUAGE = re.compile(r"[a-z]{2}")

_T = TypeVar("_T")
Convert = Callable[[Sequence["Row"]], Sequence[Mapping[str, object]]]
_Put = Callable[[str], None]
_Release = Callable[[], None]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Generic[_T]):
    """
    A line of input that could be read.

    Attributes:
        number: From 1.
        size: In bytes.
        content: What it says.
    """

    number: int
    size: int
    content: _T = field(repr=False)


def read(
    source: str, parse: Callable[[Mapping[str, object]], _T], *, what: str, hidden: bool = False
) -> Iterator[Sequence[Line[_T]]]:
    """
    The lines of *source* in batches: as many as are there to be read, so that nobody waits for lines to come.

    A progress bar follows what has been taken. Lines before a wrong one are given before it is told.

    Args:
        source: Path, or ``-`` for standard input.
        parse: Reads one object; what it raises is told with the number of the line.
        what: What the progress bar says.
        hidden: Whether to show no progress.

    Raises:
        InputError: HG901 or HG903.
    """
    with _opened(source) as stream:
        total = None if source == STANDARD else os.fstat(stream.fileno()).st_size
        with progress(what, total=total, hidden=hidden) as bar:
            for batch in _batches(stream, source):
                lines: list[Line[_T]] = []
                problem = ""
                for number, raw in batch:
                    try:
                        lines.append(Line(number=number, size=len(raw) + 1, content=parse(_object(raw))))
                    except InputError as error:
                        problem = f"{place(source, number)}: {error.args[0]}"
                        break
                if lines:
                    yield lines
                # PRIVACY: raised outside of the handler, so that no context with the line hangs on it.
                if problem:
                    raise InputError(problem, code="HG903")
                bar.advance(bar.task_ids[0], sum(line.size for line in lines))


def each(change: Callable[[Row], Mapping[str, object]]) -> Convert:
    """*change* for a batch, one row after the other."""
    return lambda rows: [change(row) for row in rows]


def convert(
    source: str, target: str, change: Convert, *, what: str, before_output: Callable[[], None] | None = None
) -> int:
    """
    Write what *change* makes of each line of *source* to *target*, in the same order.

    A file *target* appears whole, at the end, readable by its owner only, or not at all. On standard output the lines
    before a wrong one stay.

    Args:
        source: Path, or ``-`` for standard input.
        target: Path, or ``-`` for standard output.
        change: A batch of rows to the objects to write. A batch that fails is tried again row by row.
        what: What the progress bar says.
        before_output: Called before anything that was changed is given out.

    Returns:
        The number of lines.

    Raises:
        InputError: HG900 *target* is *source*; HG901, HG903 or HG904.
    """
    if STANDARD not in (source, target) and Path(source).resolve() == Path(target).resolve():
        raise InputError(
            "the lines would be written over those that are read; write them to another file", code="HG900"
        )
    count = 0
    hidden = target == STANDARD and sys.stdout.isatty()
    with _written(target, before_output) as (put, release):
        for lines in read(source, row_of, what=what, hidden=hidden):
            for changed in _changed(source, lines, change):
                put(f"{to_json(changed)}\n")
                count += 1
            release()
    return count


def _changed(source: str, lines: Sequence[Line[Row]], change: Convert) -> Iterator[Mapping[str, object]]:
    try:
        done = change([line.content for line in lines])
    except HybridGuardError:
        done = None
    if done is not None:
        yield from done
        return
    for line in lines:
        try:
            (changed,) = change([line.content])
        except HybridGuardError as error:
            problem, code = str(error.args[0]), "HG903" if isinstance(error, InputError) else error.code
        else:
            yield changed
            continue
        # PRIVACY: raised outside of the handler, so that no context with the line hangs on it.
        raise InputError(f"{place(source, line.number)}: {problem}", code=code)


def place(source: str, number: int) -> str:
    """Line *number* of *source*, as editors jump to it."""
    return f"{'standard input' if source == STANDARD else source}:{number}"


def _batches(stream: BinaryIO, source: str) -> Iterator[list[tuple[int, bytes]]]:
    """The lines that are not blank, with their numbers from 1: those of what one reading gave, at most `_BATCH`."""
    number, rest = 0, b""
    # A stream of bytes has no type for reading what is there; files and standard input have the method.
    read1: Callable[[int], bytes] = stream.read1  # type: ignore[attr-defined]  # see above
    while chunk := read1(_CHUNK):
        *whole, rest = (rest + chunk).split(b"\n")
        for first in range(0, len(whole), _BATCH):
            batch = list(enumerate(whole[first : first + _BATCH], number + 1))
            number += len(batch)
            yield from _short_enough(batch, source)
        yield from _short_enough([(number + 1, rest)] if len(rest) > _MAX_LINE else [], source)
    yield from _short_enough([(number + 1, rest)], source)


def _short_enough(batch: list[tuple[int, bytes]], source: str) -> Iterator[list[tuple[int, bytes]]]:
    kept: list[tuple[int, bytes]] = []
    for number, raw in batch:
        if len(raw) > _MAX_LINE:
            yield kept
            raise InputError(f"{place(source, number)}: the line is too long; split its text", code="HG903")
        if raw.strip():
            kept.append((number, raw))
    yield kept


def row_of(content: Mapping[str, object]) -> Row:
    """
    The row that *content* describes; other keys are passed over.

    Raises:
        InputError: Without the place.
    """
    for name in ("id", "text"):
        if name not in content:
            raise InputError(f"`{name}` is missing; add it")
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


def _object(raw: bytes) -> Mapping[str, object]:
    content = _content(raw)
    if not isinstance(content, dict):
        raise InputError('the line should be an object such as {"id": "1", "text": "..."}')
    return content


def _content(raw: bytes) -> object:
    problem = ""
    try:
        content: object = json.loads(raw.decode("utf-8-sig"))
        return content
    except json.JSONDecodeError as error:
        problem = f"no JSON at column {error.colno}; write one object per line"
    except UnicodeDecodeError:
        problem = "not UTF-8; convert it"
    except (ValueError, RecursionError):
        problem = "nested too deeply, or a number that is too long; simplify it"
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
def _written(target: str, before_output: Callable[[], None] | None) -> Iterator[tuple[_Put, _Release]]:
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
        yield put, lambda: None
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


def _standard(before_output: Callable[[], None] | None) -> Iterator[tuple[_Put, _Release]]:
    held: list[str] = []

    def release() -> None:
        if before_output is not None:
            before_output()
        sys.stdout.write("".join(held))
        sys.stdout.flush()
        held.clear()

    try:
        yield held.append, release
    finally:
        release()


@contextmanager
def _errors(target: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(f"cannot write `{target}`: {reason(error)}; check its path", code="HG904") from None
