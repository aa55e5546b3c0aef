"""The six conversations of the demo, each with the values that must not reach the cloud."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["CONVERSATIONS", "Conversation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """
    One conversation.

    Attributes:
        path: What it shows, in a few words.
        body: Arguments of the call.
        private: Values that are private in it, made up.
    """

    path: str
    body: dict[str, Any] = field(repr=False)
    private: tuple[str, ...] = field(default=(), repr=False)


def user(text: str) -> dict[str, Any]:
    """A message of the user."""
    return {"role": "user", "content": text}


MAIL_TOOL = {
    "type": "function",
    "function": {
        "name": "send_parcel",
        "description": "Send a parcel to an address.",
        "parameters": {
            "type": "object",
            "properties": {"email": {"type": "string"}, "note": {"type": "string"}},
            "required": ["email"],
        },
    },
}

CONVERSATIONS: tuple[Conversation, ...] = (
    Conversation(
        path="plain question",
        body={"messages": [user("Why is the sky blue? One sentence, please.")]},
    ),
    Conversation(
        path="resume with names",
        body={
            "messages": [
                user(
                    "Please improve this line of my resume: Maria Gonzalez led a team of twelve engineers. "
                    "Contact: maria.gonzalez@example.com, +1 415 555 0134."
                )
            ]
        },
        private=("Maria Gonzalez", "maria.gonzalez@example.com", "+1 415 555 0134"),
    ),
    Conversation(
        path="card number",
        body={"messages": [user("Write a note to the bank: my card 4539 1488 0343 6467 was charged twice.")]},
        private=("4539 1488 0343 6467",),
    ),
    Conversation(
        path="clinical note",
        body={"messages": [user("Summarise: our patient John Whitaker has type 2 diabetes and asthma.")]},
        private=("John Whitaker", "diabetes", "asthma"),
    ),
    Conversation(
        path="tool call arguments",
        body={
            "messages": [
                user("Send the blue parcel to my colleague."),
                {
                    "role": "assistant",
                    "content": None,
                    "tool_calls": [
                        {
                            "id": "call_1",
                            "type": "function",
                            "function": {
                                "name": "send_parcel",
                                "arguments": '{"email": "peter.lindqvist@example.org", "note": "blue parcel"}',
                            },
                        }
                    ],
                },
                {"role": "tool", "tool_call_id": "call_1", "content": "sent to peter.lindqvist@example.org"},
                user("Thanks. Send another one there, please."),
            ],
            "tools": [MAIL_TOOL],
        },
        private=("peter.lindqvist@example.org",),
    ),
    Conversation(
        path="streamed answer",
        body={
            "messages": [user("Write a birthday greeting to Aisha Rahman, her mail is aisha.rahman@example.net.")],
            "stream": True,
        },
        private=("Aisha Rahman", "aisha.rahman@example.net"),
    ),
)
