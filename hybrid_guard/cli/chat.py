"""``hybrid-guard chat``: a conversation under the policy."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from uuid import uuid4

from hybrid_guard.cli.exits import DONE, report
from hybrid_guard.cli.options import Alias, AsJson, ModeOption, PolicyFile, Session, Tags
from hybrid_guard.cli.reasons import describe
from hybrid_guard.cli.shapes import provenance_json
from hybrid_guard.cli.sources import find_policy, read_utf8
from hybrid_guard.cli.terminal import interactive, note, say, show_json, write
from hybrid_guard.cli.turn import Speaker, Wishes, source_line
from hybrid_guard.errors import BlockedError, HybridGuardError
from hybrid_guard.types import Policy, Provenance

__all__ = ["chat"]

QUIT, WHY = frozenset({"/quit", "/exit"}), "/why"


def chat(
    *,
    policy: PolicyFile = None,
    mode: ModeOption = None,
    tag: Tags = None,
    session: Session = None,
    model: Alias = None,
    as_json: AsJson = False,
) -> int:
    """
    Hold a conversation under the policy.

    A conversation never becomes less sensitive. /why explains the last decision, /quit or Ctrl-D ends.

    In a pipe each line of standard input is a turn, and each answer is printed whole; with --json it is one object
    per turn.
    """
    from hybrid_guard.policies import load_policy

    rules = load_policy(find_policy(policy))
    wishes = Wishes(mode=mode, tags=tuple(tag or ()), model=model, session=session or uuid4().hex)
    with Speaker(rules, wishes) as speaker:
        return Conversation(speaker, rules, as_json=as_json).hold()


class Conversation:
    """
    The turns so far.

    Args:
        speaker: Makes the calls.
        policy: For explanations.
        as_json: Whether to print one JSON object per turn.
    """

    def __init__(self, speaker: Speaker, policy: Policy, *, as_json: bool) -> None:
        self._speaker = speaker
        self._policy = policy
        self._as_json = as_json
        self._messages: list[dict[str, Any]] = []
        self._last: Provenance | BlockedError | None = None

    def hold(self) -> int:
        """Every turn; the exit code is that of the first turn that failed, or 0 if a person was there to see it."""
        code = DONE
        for line in turns():
            command = line.strip()
            if command in QUIT:
                break
            if command == WHY:
                self.explain()
            elif command.startswith("/") and " " not in command:
                # A mistyped command is not a prompt, and must not be sent as one.
                note("no such command; there are /why and /quit")
            elif command:
                failed = self.turn(line)
                code = code or failed
        return DONE if interactive() else code

    def turn(self, text: str) -> int:
        """Ask, and show the answer. A turn that fails is taken back, so that the conversation can go on."""
        self._messages.append({"role": "user", "content": text})
        streamed = sys.stdout.isatty() and not self._as_json
        try:
            answer, provenance = self._speaker.answer(self._messages, write if streamed else None)
        except HybridGuardError as error:
            self._messages.pop()
            self._last = error if isinstance(error, BlockedError) else None
            return report(error, as_json=self._as_json)
        self._messages.append({"role": "assistant", "content": answer})
        self._last = provenance
        if self._as_json:
            show_json({"answer": answer, "hybrid_guard": provenance_json(provenance)})
            return DONE
        write("\n" if streamed else f"{answer}\n")
        note(source_line(provenance))
        return DONE

    def explain(self) -> None:
        """Why the last decision was made."""
        last = self._last
        reasons = [] if last is None else [(one, describe(one, self._policy)) for one in last.reasons]
        if self._as_json:
            show_json({"why": [{"reason": reason, "meaning": meaning} for reason, meaning in reasons]})
            return
        match last:
            case None:
                say("there is no decision to explain yet")
                return
            case Provenance():
                found = ", ".join(f"{count} {entity}" for entity, count in sorted(last.entities.items()))
                say(f"{last.source} ({last.zone.value}) answered; level {last.level}, score {last.score:.2f}")
                say(f"found: {found or 'nothing'}")
            case BlockedError():
                say("nobody answered; nothing was sent")
        for reason, meaning in reasons:
            say(f"  {reason}: {meaning}")
        if not reasons:
            say("  no rule applied")


def turns() -> Iterator[str]:
    """What is typed, or the lines of standard input, to its end."""
    if not interactive():
        for raw in sys.stdin.buffer:
            yield read_utf8(raw, "standard input").rstrip("\r\n")
        return
    with suppress(ImportError):
        import readline  # noqa: F401 - gives `input` its line editing
    note(f"{WHY} explains the last decision, /quit ends")
    try:
        while True:
            yield input("> " if sys.stdout.isatty() else "")
    except (EOFError, KeyboardInterrupt) as end:
        # The cursor still stands behind the prompt.
        note("")
        if isinstance(end, KeyboardInterrupt):
            raise
