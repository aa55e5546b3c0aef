"""
Put originals back into what a model has written, whole or in chunks.

Placeholders are replaced in one pass and what was put in is never looked at again. What a model does to a placeholder
is forgiven (case, spaces, hyphens, ``\\_``, bold markers, invisible characters); what is left must be one that this
vault issued, or it stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field

from hybrid_guard.anonymizer.context import LinkContext, is_host, may_be_host
from hybrid_guard.anonymizer.matcher import DAMAGE_REACH, WINDOW, Hit, Matcher
from hybrid_guard.anonymizer.tokens import fold, sealed
from hybrid_guard.types import Restoration, VaultEntry

__all__ = ["Passage", "Restorer", "Tally"]


@dataclass(slots=True)
class Tally:
    """
    What happened to placeholders so far; the fields of `Restoration`, while they grow.

    Attributes:
        returned: The issued placeholders that were met.
    """

    returned: set[str] = field(default_factory=set)
    restored: int = 0
    repaired: int = 0
    withheld: int = 0
    invented: int = 0
    unfinished: int = 0

    @staticmethod
    def account(tallies: Iterable[Tally], *, sent: int) -> Restoration:
        """
        What happened in all texts of one answer.

        Args:
            tallies: One for each text.
            sent: Different placeholders and stand-ins in what the answer is for.
        """
        every = tuple(tallies)
        return Restoration(
            sent=sent,
            returned=len(set().union(*(one.returned for one in every))),
            restored=sum(one.restored for one in every),
            repaired=sum(one.repaired for one in every),
            withheld=sum(one.withheld for one in every),
            invented=sum(one.invented for one in every),
            unfinished=sum(one.unfinished for one in every),
        )


class Passage:
    """
    One text that is restored while it arrives: an answer, or one string inside tool arguments.

    Args:
        matcher: Knows the vault.
        tally: Counts what happens.
        entities, trusted: As `Restorer` has them.
    """

    __slots__ = (
        *("_before", "_context", "_entities", "_matcher", "_pending", "_seen", "_tally", "_trusted", "_unread"),
    )

    def __init__(self, matcher: Matcher, tally: Tally, *, entities: Set[str] | None, trusted: bool) -> None:
        self._matcher = matcher
        self._tally = tally
        self._entities = entities
        self._trusted = trusted
        self._pending = ""
        self._before = ""
        self._seen = ""
        self._context = LinkContext()
        self._unread: list[str] = []

    def feed(self, chunk: str) -> str:
        """What can be said for sure now. Holds back no more than one placeholder and the word that it begins."""
        text = self._pending + chunk
        if not self._matcher.may_end(text):
            return self._skip(text)
        return self._read(text, fold(text), last=False)

    def finish(self, *, truncated: bool) -> str:
        """The rest. An unfinished placeholder is dropped if the text was *truncated*; a mere word is not one."""
        text = self._pending
        out = self._read(text, fold(text), last=True)
        rest, self._pending = self._pending, ""
        folded = fold(rest)
        if truncated and self._matcher.has_body(folded):
            self._tally.unfinished += 1
            return out
        return out + self._release(rest, folded)

    def _skip(self, text: str) -> str:
        """Release a text in which no placeholder ends, as far as none begins at its end."""
        # INVARIANT: only this much of the end is looked at for what must be held back, or for what was seen.
        begin = max(0, len(text) - WINDOW)
        folded = fold(text[begin:])
        hold = self._matcher.hold(folded, 0)
        self._pending = text[begin + hold :]
        return self._release(text[: begin + hold], folded[:hold])

    def _read(self, text: str, folded: str, *, last: bool) -> str:
        pieces: list[str] = []
        done = 0
        hold = None
        while (hit := self._find(text, folded, done, last=last)) is not None:
            pieces.append(self._release(text[done : hit.start], folded[done : hit.start]))
            if not self._trusted and not last and may_be_host(text, hit.end):
                done = hold = hit.start
                break
            pieces.append(self._replace(hit.entry, text[hit.start : hit.end], host=is_host(text, hit.end)))
            done = hit.end
        if hold is None:
            hold = self._matcher.hold(folded, done)
            if not last:
                hold = min(hold, self._matcher.stand_ins.hold(text, done, before=self._before))
        pieces.append(self._release(text[done:hold], folded[done:hold]))
        self._before = text[hold - 1 : hold] or self._before
        self._pending = text[hold:]
        return "".join(pieces)

    def _find(self, text: str, folded: str, done: int, *, last: bool) -> Hit | None:
        """The first placeholder or stand-in that is certain."""
        hit = self._matcher.find(folded, done)
        stand_ins = self._matcher.stand_ins
        if not stand_ins:
            return hit
        found = stand_ins.find(text, done, before=self._before)
        if found is None or (hit is not None and hit.start <= found.start):
            return hit
        if not last and found.start >= stand_ins.hold(text, done, before=self._before):
            return None
        return Hit(start=found.start, end=found.end, entry=found.entry)

    def _replace(self, entry: VaultEntry, written: str, *, host: bool) -> str:
        # INVARIANT: the context follows what is put out, so an original that opens a link counts, too.
        self._seen = ""
        self._tally.returned.add(entry.placeholder)
        unwanted = self._entities is not None and entry.item.entity not in self._entities
        if unwanted or (not self._trusted and (host or self._inside() or sealed(entry.item))):
            self._tally.withheld += 1
            self._unread.append(written)
            return written
        self._tally.restored += 1
        self._tally.repaired += written != entry.placeholder
        if not self._trusted:
            self._unread.append(entry.item.original)
        return entry.item.original

    def _inside(self) -> bool:
        # Most texts hold no placeholder, so nothing is asked of their links.
        self._context.advance("".join(self._unread))
        self._unread.clear()
        return self._context.inside

    def _release(self, text: str, folded: str) -> str:
        seen = self._seen + folded
        self._tally.invented += self._matcher.damaged(seen) - self._matcher.damaged(self._seen)
        self._seen = seen[-DAMAGE_REACH:]
        if not self._trusted:
            self._unread.append(text)
        return text


class Restorer:
    """
    Restores the answers of one conversation. Not thread-safe; one for each choice and each stream.

    Args:
        entries: Of the conversation's vault.
        entities: The only ones whose originals are put back; None for all.
        trusted: Whether the text is known to be as it was anonymised, for no model has written it. Then placeholders
            are restored in links, too, secrets of any origin come back and nothing is dropped at the end.

    Attributes:
        tally: What happened so far, over all texts.
    """

    def __init__(
        self, entries: Sequence[VaultEntry], *, entities: Set[str] | None = None, trusted: bool = False
    ) -> None:
        self.tally = Tally()
        self._matcher = Matcher(entries)
        self._entities = entities
        self._trusted = trusted
        self._passage = self._begin()

    def __repr__(self) -> str:
        return f"<Restorer {self.tally!r}>"

    def feed(self, chunk: str) -> str:
        """What can be said for sure now; the same in total for every way to cut a text into chunks."""
        return self._passage.feed(chunk)

    def flush(self) -> str:
        """The rest of the text, without a placeholder that it breaks off in. The next chunk begins another text."""
        rest = self._passage.finish(truncated=not self._trusted)
        self._passage = self._begin()
        return rest

    def restore(self, text: str) -> str:
        """The whole of *text*, restored."""
        return self.feed(text) + self.flush()

    def _begin(self) -> Passage:
        return Passage(self._matcher, self.tally, entities=self._entities, trusted=self._trusted)
