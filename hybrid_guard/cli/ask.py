"""``hybrid-guard ask``: one guarded call."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from hybrid_guard.cli.exits import DONE
from hybrid_guard.cli.options import Alias, AsJson, ModeOption, PolicyFile, Prompt, Session, Tags
from hybrid_guard.cli.shapes import provenance_json
from hybrid_guard.cli.sources import find_policy, read_prompt
from hybrid_guard.cli.terminal import note, show_json, write
from hybrid_guard.cli.turn import Speaker, Wishes, source_line

__all__ = ["ask"]


def ask(
    prompt: Prompt = None,
    *,
    policy: PolicyFile = None,
    mode: ModeOption = None,
    tag: Tags = None,
    session: Session = None,
    model: Alias = None,
    no_stream: Annotated[
        bool,
        typer.Option(
            "--no-stream", help="Wait for the whole answer; only then can a weak local one be asked again elsewhere."
        ),
    ] = False,
    as_json: AsJson = False,
) -> int:
    """
    Ask one question under the policy and print the answer.

    On a terminal the answer appears as it comes; a line on standard error says where it came from and why. In a pipe
    it is printed whole, and a policy that asks for consent gets a no.
    """
    from hybrid_guard.policies import load_policy

    rules = load_policy(find_policy(policy))
    messages = [{"role": "user", "content": read_prompt(prompt)}]
    wishes = Wishes(mode=mode, tags=tuple(tag or ()), model=model, session=session)
    streamed = sys.stdout.isatty() and not no_stream and not as_json
    with Speaker(rules, wishes) as speaker:
        answer, provenance = speaker.answer(messages, write if streamed else None)
    if as_json:
        show_json({"answer": answer, "hybrid_guard": provenance_json(provenance)})
        return DONE
    if not streamed:
        write(answer)
    if not answer.endswith("\n"):
        write("\n")
    note(source_line(provenance))
    return DONE
