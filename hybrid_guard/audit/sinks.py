"""Where audit records go."""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any, Protocol

from hybrid_guard.audit.record import FIELDS, Event, to_event
from hybrid_guard.audit.recovery import SCAN_LIMIT, Recovery, orphans, scan
from hybrid_guard.audit.trail import Trail
from hybrid_guard.errors import AuditError
from hybrid_guard.ports import Clock
from hybrid_guard.types import AuditRecord

if TYPE_CHECKING:
    import structlog

__all__ = ["EventLogger", "JsonlSink", "StructlogSink"]

_LINE_FIELDS = FIELDS | {"seq", "writer"}


class JsonlSink:
    """
    Appends records to a JSON Lines file, one line each, on stable storage before `write` returns.

    Several processes and threads may share the file. Opening it ends the requests that a crash left open, with the
    outcome ``unknown``; what another running process has open is left alone. `hybrid_guard.audit.trail` has the
    promises of the file, `hybrid_guard.audit.recovery` the bounds of the search.

    Args:
        path: The file; made with mode 600 if it is not there. A symbolic link is refused.
        clock: Dates the outcomes that opening adds.

    Attributes:
        recovery: What opening found and did.

    Raises:
        AuditError: ``HG501`` if the file cannot be opened or read, ``HG502`` if it cannot be written.
    """

    def __init__(self, path: str | os.PathLike[str], *, clock: Clock) -> None:
        self._log = _line_logger()
        self._trail = Trail(path)
        try:
            self.recovery = self._recover(clock.now()[1])
        except BaseException:
            self._trail.close()
            raise

    def write(self, record: AuditRecord) -> None:
        """
        Make *record* durable.

        Raises:
            AuditError: ``HG502`` if the disk refuses, ``HG503`` if *record* holds anything but allowed values,
                ``HG505`` after `close`. The record is then not in the file, as far as the disk allows.
        """
        event = to_event(record)
        with self._trail.hold():
            self._append(event)

    def close(self) -> None:
        """Release the file. Requests that are still open count as left open by a crash from now on."""
        self._trail.close()

    def _recover(self, now: float) -> Recovery:
        with self._trail.hold():
            found = scan(self._trail.lines(SCAN_LIMIT))
            missing = orphans(found, present=self._trail.present, now=now)
            for record in missing:
                self._append(to_event(record))
        return Recovery(closed=len(missing), torn=found.torn, broken=found.broken)

    def _append(self, event: Event) -> None:
        line: str = self._log.msg(event.pop("kind"), **event, seq=self._trail.next, writer=self._trail.writer)
        self._trail.append(line.encode("ascii") + b"\n")


class EventLogger(Protocol):
    """**Protocol:** the part of a structlog logger that `StructlogSink` uses."""

    def info(self, event: str, **fields: Any) -> Any:
        """Log *event*."""


class StructlogSink:
    """
    Hands records to a structlog logger, for a pipeline that an application already has.

    The logger decides what becomes of a record, and may drop it: nothing here is durable. Guard a policy with
    `JsonlSink`; this one is for those who have a durable pipeline of their own.

    Args:
        logger: Gets the event ``hybrid_guard.intent`` or ``hybrid_guard.outcome`` at level *info*, with the fields of
            `hybrid_guard.audit.to_event`.
    """

    def __init__(self, logger: EventLogger) -> None:
        self._logger: EventLogger | None = logger

    def write(self, record: AuditRecord) -> None:
        """
        Hand *record* on.

        Raises:
            AuditError: ``HG503`` if *record* holds anything but allowed values, ``HG502`` if the logger raises,
                ``HG505`` after `close`.
        """
        if self._logger is None:
            raise AuditError("the audit sink is closed; open a new one", code="HG505")
        event = to_event(record)
        try:
            self._logger.info(f"hybrid_guard.{event.pop('kind')}", **event)
        except Exception:
            # The words of a foreign pipeline may quote what it was given.
            raise AuditError(
                "the structlog logger given to `StructlogSink` failed; check its processors", code="HG502"
            ) from None

    def close(self) -> None:
        """Let go of the logger; a second time does nothing."""
        self._logger = None


def _line_logger() -> structlog.BoundLogger:
    """A logger that returns the line. It shares nothing with the configuration of structlog, nor with its context."""
    import structlog

    # PRIVACY: no processor here adds a context variable, a traceback or a stack, whose local variables are prompts.
    logger: structlog.BoundLogger = structlog.wrap_logger(
        structlog.ReturnLogger(),
        processors=[
            structlog.processors.EventRenamer("kind"),
            _refuse_unknown_fields,
            structlog.processors.JSONRenderer(
                separators=(",", ":"), ensure_ascii=True, allow_nan=False, default=_refuse_unknown_value
            ),
        ],
        wrapper_class=structlog.BoundLogger,
        context_class=dict,
        cache_logger_on_first_use=False,
    ).bind()
    return logger


def _refuse_unknown_fields(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Processor: the last one before the renderer. It orders the fields as `hybrid_guard.audit.recovery` expects."""
    if event.keys() != _LINE_FIELDS:
        raise AuditError("an audit line has a field that is not on the allow-list", code="HG503")
    return {"v": event.pop("v"), "kind": event.pop("kind"), **event}


def _refuse_unknown_value(_value: object) -> Any:
    raise AuditError("an audit line has a value that JSON does not know", code="HG503")
