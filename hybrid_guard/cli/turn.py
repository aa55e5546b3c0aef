"""One guarded call and what is said about it: `ask` makes one, `chat` many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hybrid_guard.cli.reasons import treatment_words
from hybrid_guard.cli.terminal import interactive, note
from hybrid_guard.types import Json, Mode, Zone

if TYPE_CHECKING:
    from hybrid_guard.types import Decision, Policy, Provenance, Restoration

__all__ = ["Speaker", "Wishes", "ask_consent", "source_line"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """
    What the caller asks for in every call; each can only narrow what the policy permits.

    Attributes:
        mode: Which deployments come first.
        tags: For rules.
        model: Alias of the only deployment wanted.
        session: Conversation id; None for a conversation of one request.
    """

    mode: Mode | None = None
    tags: tuple[str, ...] = ()
    model: str | None = None
    session: str | None = field(default=None, repr=False)


class Speaker:
    """
    Makes guarded calls under one policy. A context manager.

    Args:
        policy: Compiled.
        wishes: For every call.

    Raises:
        AuditError: The audit trail cannot be opened.
    """

    def __init__(self, policy: Policy, wishes: Wishes) -> None:
        from hybrid_guard.guard import Guard

        self._wishes = wishes
        self._messages: Sequence[Json] = ()
        self._guard = Guard(policy, consent=self._consent if interactive() else None)

    def __enter__(self) -> Speaker:
        return self

    def __exit__(self, *_: object) -> None:
        self._guard.close()

    def answer(self, messages: Sequence[Json], show: Callable[[str], None] | None) -> tuple[str, Provenance]:
        """
        The answer to *messages*, and where it came from.

        Args:
            messages: The conversation.
            show: Is given the answer in pieces as they come; None to wait for the whole.

        Raises:
            HybridGuardError: There is none.
        """
        self._messages = messages
        if show is not None:
            return self._streamed(messages, show)
        from hybrid_guard.guard.arguments import request_from

        outcome = self._guard.handle(request_from(self._arguments(messages), self._guard.policy))
        provenance = outcome.provenance()
        assert outcome.body is not None
        return str(outcome.body["choices"][0]["message"].get("content") or ""), provenance

    def _streamed(self, messages: Sequence[Json], show: Callable[[str], None]) -> tuple[str, Provenance]:
        from hybrid_guard.guard import GuardedStream

        stream = self._guard.completion(**self._arguments(messages), stream=True)
        assert isinstance(stream, GuardedStream)
        pieces: list[str] = []
        try:
            with stream:
                for chunk in stream:
                    for choice in chunk.choices:
                        pieces.append(choice.delta.content or "")
                        show(pieces[-1])
        except BaseException:
            # What is said of the failure begins on a line of its own.
            show("\n" if pieces else "")
            raise
        assert stream.hybrid_guard is not None
        return "".join(pieces), stream.hybrid_guard

    def _arguments(self, messages: Sequence[Json]) -> dict[str, Any]:
        wishes = self._wishes
        options = {"mode": wishes.mode, "tags": wishes.tags, "session": wishes.session}
        return {"messages": list(messages), "model": wishes.model, "hybrid_guard": options}

    def _consent(self, decision: Decision) -> bool:
        return ask_consent(decision, self._counts())

    def _counts(self) -> dict[str, int]:
        # Without the session: a preview forgets the vault that it used.
        arguments = {**self._arguments(self._messages), "hybrid_guard": {"tags": self._wishes.tags}}
        return dict(self._guard.explain(**arguments).facts.sensitivity.counts)


def ask_consent(decision: Decision, counts: dict[str, int]) -> bool:
    """Ask the person at the terminal whether a request may leave; anything but a yes is a no."""
    zone = decision.zone or Zone.LOCAL
    found = ", ".join(f"{count} {entity}" for entity, count in sorted(counts.items())) or "nothing"
    note(f"This would leave the machine: to `{decision.deployment}`, zone {zone.value}.")
    note(f"Found in the conversation: {found}. Treatment: {treatment_words(decision.treatment)}.")
    note("May it leave? [y/N]")
    try:
        return input().strip().casefold() in ("y", "yes")
    except EOFError:
        return False


def restoration_words(restoration: Restoration) -> str:
    """What became of the placeholders, in a few words."""
    words = f"{restoration.returned} of {restoration.sent} placeholders came back"
    return f"{words}, {restoration.lost} damaged" if restoration.lost else words


def source_line(provenance: Provenance) -> str:
    """Where an answer came from and why, on one line."""
    parts = [
        f"{provenance.source} ({provenance.zone.value})",
        f"{provenance.level} {provenance.score:.2f}",
        ", ".join(provenance.reasons) or "no rule applied",
    ]
    if provenance.confidence is not None:
        parts.append(f"confidence {provenance.confidence:.2f}{', weak' if provenance.degraded else ''}")
    if provenance.restoration.sent:
        parts.append(restoration_words(provenance.restoration))
    if provenance.dropped:
        parts.append(f"{provenance.dropped} dropped")
    if provenance.cost:
        parts.append(f"${provenance.cost:.6f}")
    return " | ".join([*parts, f"audit {provenance.audit_id}"])
