"""A failure is told by its kind and its remedy, never in the provider's words."""

from __future__ import annotations

from typing import get_args

import pytest

from hybrid_guard.backends.faults import FAULTS, REMEDIES, backend_error
from hybrid_guard.errors import BackendError, BackendFault


class AuthenticationError(Exception):
    """Named like litellm's."""


class OurAuthenticationError(AuthenticationError):
    """A subclass."""


class StatusError(Exception):
    """An error of an HTTP client."""

    def __init__(self, status: object) -> None:
        super().__init__("very private")
        self.status_code = status


@pytest.mark.parametrize(
    ("error", "begun", "fault"),
    [
        (TimeoutError("very private"), False, "timeout"),
        (TimeoutError("very private"), True, "timeout"),
        (AuthenticationError("very private"), False, "refused"),
        (OurAuthenticationError("very private"), False, "refused"),
        (ValueError("very private"), False, "unavailable"),
        (ValueError("very private"), True, "interrupted"),
        (EOFError("very private"), False, "bad_reply"),
        (EOFError("very private"), True, "interrupted"),
        (StatusError(403), False, "refused"),
        (StatusError(499), False, "refused"),
        (StatusError(500), False, "unavailable"),
        (StatusError(302), False, "unavailable"),
        (StatusError("very private"), False, "unavailable"),
        (BackendError("very private", deployment="x", fault="missing"), False, "missing"),
    ],
)
def test_an_error_is_told_by_its_class_or_its_status(error: Exception, begun: bool, fault: BackendFault) -> None:
    """Nothing else of it is looked at."""
    failure = backend_error("here", error, begun=begun)

    assert failure.fault == fault
    assert failure.deployment == "here"
    assert failure.code == REMEDIES[fault][0]
    assert "`here`" in str(failure)
    assert "private" not in repr(failure) + str(failure)


def test_every_fault_has_a_code_and_a_remedy() -> None:
    """And no two share a code."""
    assert set(REMEDIES) == set(get_args(BackendFault))
    assert len({code for code, _ in REMEDIES.values()}) == len(REMEDIES)
    assert set(FAULTS.values()) <= set(REMEDIES)
