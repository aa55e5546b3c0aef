"""
The APIs that a recording server speaks, each a pure function from a request and an answer to bytes.
"""

from __future__ import annotations

from hybrid_guard.testing.dialects import anthropic, chat, embeddings, responses
from hybrid_guard.testing.dialects.rendering import Rendered, render_error, render_json, serial_number
from hybrid_guard.testing.replies import Answer
from hybrid_guard.testing.wire import RecordedRequest

__all__ = ["Rendered", "render", "render_error", "render_json"]

_DIALECTS = {
    "/chat/completions": chat.render_chat,
    "/completions": chat.render_completion,
    "/embeddings": embeddings.render_embeddings,
    "/messages": anthropic.render_message,
    "/responses": responses.render_response,
}


def render(request: RecordedRequest, answer: Answer, *, models: tuple[str, ...]) -> Rendered:
    """
    Say *answer* in the dialect of the path that *request* asks for; 404 for a path that no dialect has.

    Args:
        request: What was asked.
        answer: What to say; its fault is not looked at.
        models: The names that `GET /v1/models` lists.
    """
    if answer.body is not None:
        return render_json(answer.body)
    path = request.path.rstrip("/")
    if request.method == "GET" and path.endswith("/models"):
        listed = [{"id": name, "object": "model", "created": 1_700_000_000, "owned_by": "stub"} for name in models]
        return render_json({"object": "list", "data": listed})
    # The longest ending wins, for `/chat/completions` also ends in `/completions`.
    endings = sorted((ending for ending in _DIALECTS if path.endswith(ending)), key=len)
    if request.method != "POST" or not endings:
        return render_error(request, 404, "no such path")
    try:
        asked = request.json()
    except ValueError:
        return render_error(request, 400, "the request body is no JSON")
    if not isinstance(asked, dict):
        return render_error(request, 400, "the request body is no JSON object")
    return _DIALECTS[endings[-1]](asked, answer, serial_number(request))
