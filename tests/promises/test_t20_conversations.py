"""T20: many conversations at once, some given up midway: nobody gets another one's value, and nothing piles up."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import random
import re
import threading
from collections import Counter
from pathlib import Path
from typing import Any

from hybrid_guard.testing import Answer, RecordedRequest, echo
from tests.promises.rig import Rig, read, rig, said

NIGHTLY = bool(os.environ.get("HG_NIGHTLY"))
CONVERSATIONS, TURNS = (100, 200) if NIGHTLY else (20, 10)
GIVEN_UP = 0.1

NOT_COUNTED = ("hybrid_guard.testing.", "hybrid_guard.types.findings")

VALUE = re.compile(r"\w+@home\d+\.example")


class Gossip:
    """
    A cloud that repeats what it is told and then what it was told before, which is mostly another one's.

    It speaks in chunks of a few characters, so that every placeholder is cut.
    """

    def __init__(self) -> None:
        self._before = ""

    def __call__(self, request: RecordedRequest) -> Answer:
        """One answer."""
        told = echo(request).text
        text, self._before = f"{told} Before: {self._before}", told
        return _in_pieces(text)


def _in_pieces(text: str) -> Answer:
    return Answer(text=text, chunks=tuple(text[at : at + 5] for at in range(0, len(text), 5)))


class Conversation:
    """One of many, with two values that are nobody else's."""

    def __init__(self, setup: Rig, number: int) -> None:
        self.setup = setup
        self.number = number
        self.rng = random.Random(number)
        self.mine = [f"{name}@home{number}.example" for name in ("ada", "bo")]
        self.mixed: list[str] = []
        self.answered = self.given_up = 0

    async def talk(self, turns: int) -> None:
        """Ask for some turns; a tenth of them is cancelled at some time."""
        for turn in range(turns):
            asked = asyncio.create_task(self.ask(f"Write {turn}: {self.mine[turn % 2]}, then {self.mine[0]}; thanks"))
            if self.rng.random() < GIVEN_UP:
                await asyncio.sleep(self.rng.random() / 50)
                asked.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await asked
                self.given_up += 1
                continue
            answer = await asked
            self.answered += 1
            found = VALUE.findall(answer)
            # What is repeated of others stays as it was sent; what is one's own comes back wherever it stands.
            if found[:2] != [self.mine[turn % 2], self.mine[0]] or not set(found) <= set(self.mine):
                self.mixed.append(answer)

    async def ask(self, text: str) -> str:
        """One turn, whole or streamed."""
        arguments: dict[str, Any] = {
            "model": "auto",
            "messages": [{"role": "user", "content": text}],
            "hybrid_guard": {"session": f"s{self.number}", "principal": f"p{self.number}"},
        }
        if self.rng.random() < 0.5:
            return await read(self.setup.guard, arguments)
        return said(await self.setup.guard.acompletion(**arguments))


def living() -> Counter[str]:
    """
    Objects of ours that are alive, by type.

    What the tests' servers keep does not count, nor what detection remembers of texts, which has a limit of its own.
    """
    gc.collect()
    kinds = (type(one) for one in gc.get_objects())
    return Counter(
        f"{kind.__module__}.{kind.__qualname__}"
        for kind in kinds
        if str(kind.__module__).startswith("hybrid_guard.") and not kind.__module__.startswith(NOT_COUNTED)
    )


def threads_of_ours() -> int:
    """Threads that the guard or its event loop started; the pools of other libraries grow to their size."""
    return sum(one.name.startswith(("hybrid-guard", "asyncio")) for one in threading.enumerate())


async def all_talk(conversations: list[Conversation], turns: int) -> None:
    """Everybody at once."""
    await asyncio.gather(*(one.talk(turns) for one in conversations))


def test_conversations_at_once_keep_apart_and_leave_nothing(tmp_path: Path) -> None:
    """No answer has another one's value; threads and objects are as many after the second half as after the first."""
    with rig(tmp_path, cloud=Gossip(), local=Gossip()) as setup:
        everybody = [Conversation(setup, number) for number in range(CONVERSATIONS)]
        asyncio.run(all_talk(everybody, TURNS // 2))
        before, threads = living(), threads_of_ours()
        asyncio.run(all_talk(everybody, TURNS - TURNS // 2))
        grown = living() - before

        assert [one.mixed for one in everybody if one.mixed] == []
        assert sum(one.answered for one in everybody) > CONVERSATIONS * TURNS / 2
        assert sum(one.given_up for one in everybody) > 0
        assert "@home" not in setup.outside.decode()
        assert threads_of_ours() <= threads
        assert grown.total() == 0, grown
