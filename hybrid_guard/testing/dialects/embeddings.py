"""
OpenAI's embeddings.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from collections.abc import Mapping

from hybrid_guard.testing.dialects.rendering import Rendered, count_words, render_json, signed_by
from hybrid_guard.testing.replies import Answer

__all__ = ["render_embeddings"]


def render_embeddings(asked: Mapping[str, object], answer: Answer, _serial: str) -> Rendered:
    """
    Answer `POST /embeddings` with vectors in [-1, 1] that depend on the text alone.
    """
    given = asked.get("input", "")
    # A flat list of numbers is one text, already in tokens.
    texts = given if isinstance(given, list) and not all(isinstance(item, int) for item in given) else [given]
    width = asked.get("dimensions")
    vectors = [_embed(repr(text), width if isinstance(width, int) else 8) for text in texts]
    packed = asked.get("encoding_format") == "base64"
    data = [
        {"object": "embedding", "index": index, "embedding": _pack(vector) if packed else vector}
        for index, vector in enumerate(vectors)
    ]
    words = count_words(given)
    usage = {"prompt_tokens": words, "total_tokens": words}
    return render_json({"object": "list", "data": data, "model": signed_by(asked, answer), "usage": usage})


def _embed(text: str, width: int) -> list[float]:
    digest = hashlib.shake_128(text.encode("utf-8", "replace")).digest(width)
    return [byte / 127.5 - 1 for byte in digest]


def _pack(vector: list[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
