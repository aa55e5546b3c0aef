"""How far a local answer can be trusted, from the answer alone: hard verifiers first, then token probabilities."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence

from hybrid_guard.types import Confidence, Json

__all__ = ["judge"]

REFUSAL = re.compile(
    r"^\W*(?:(?:i['’]?m|i am) (?:very |so |really )?sorry\b"
    r"|i (?:can ?not|can['’]?t|am not able to|am unable to|won['’]?t)\b"
    r"|i (?:do not|don['’]?t) know\b|as an? (?:ai|language model)\b|unfortunately,? i (?:can|am)\b"
    r"|es tut mir leid\b|ich kann (?:das |dir |ihnen )?(?:leider )?nicht\b|lo siento\b|no puedo\b|je suis désolée?\b"
    r"|je ne peux pas\b|mi dispiace\b|non posso\b|desculpe\b|não posso\b|het spijt me\b|przepraszam\b)",
    re.IGNORECASE,
)
"""Openings of an answer that declines to answer."""

HARD = frozenset({"empty", "refusal", "broken-json"})
"""Signals that leave no confidence at all."""

TRUNCATED_SCORE = 0.3
"""Ceiling for an answer that stopped for length: its beginning may still be of use."""


def judge(reply: Mapping[str, Json], *, wants_json: bool) -> Confidence:
    """
    Judge an answer.

    The score is the geometric mean of the mean token probability and the probability at the lowest quintile, both from
    the chosen tokens' log-probabilities over all choices. It is not calibrated: it orders answers of one model and is
    no probability of being right. A refusal, an empty answer or broken JSON has score 0, a truncated answer at most
    0.3.

    Args:
        reply: Chat completion, OpenAI-shaped.
        wants_json: Whether the caller asked for JSON.
    """
    signals: list[str] = []
    logprobs: list[float] = []
    choices = reply.get("choices") or ()
    for choice in choices:
        signals += verify(choice, wants_json=wants_json)
        logprobs += chosen_logprobs(choice)
    if not choices:
        signals.append("empty")
    score = probability(logprobs) if logprobs else None
    found = set(signals)
    if found & HARD:
        score = 0.0
    elif "truncated" in found:
        score = TRUNCATED_SCORE if score is None else min(score, TRUNCATED_SCORE)
    return Confidence(score=score, signals=tuple(sorted(found)))


def verify(choice: Mapping[str, Json], *, wants_json: bool) -> Iterator[str]:
    """Signals of one choice that need no model."""
    message = choice.get("message") or {}
    content = message.get("content") or ""
    calls = message.get("tool_calls") or ()
    if choice.get("finish_reason") == "length":
        yield "truncated"
    if not calls and not content.strip():
        yield "empty"
    elif not calls and (message.get("refusal") or REFUSAL.match(content)):
        yield "refusal"
    texts = [(call.get("function") or {}).get("arguments") or "{}" for call in calls]
    if wants_json and not calls:
        texts.append(content)
    if any(not is_json(text) for text in texts):
        yield "broken-json"


def is_json(text: str) -> bool:
    """Whether *text* is one JSON value."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def chosen_logprobs(choice: Mapping[str, Json]) -> Iterator[float]:
    """Log-probabilities of the tokens that were chosen; anything that is no finite number is passed over."""
    for token in (choice.get("logprobs") or {}).get("content") or ():
        value = token.get("logprob")
        if isinstance(value, int | float) and math.isfinite(value):
            yield min(float(value), 0.0)


def probability(logprobs: Sequence[float]) -> float:
    """The score of a non-empty list of log-probabilities, in [0, 1]."""
    ordered = sorted(logprobs)
    lowest_quintile = ordered[(len(ordered) - 1) // 5]
    mean = math.fsum(ordered) / len(ordered)
    return math.exp((mean + lowest_quintile) / 2)
