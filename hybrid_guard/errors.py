"""
The errors that hybrid_guard raises.

::

    HybridGuardError
    ├── PolicyError        HG1xx  the policy file is wrong (carries file:line:col)
    ├── RequestError       HG2xx  the request cannot be read (carries a JSON pointer)
    ├── DetectionError     HG3xx  a detector failed or timed out
    ├── VaultError         HG4xx  a vault could not be read or written
    ├── AuditError         HG5xx  a record could not be made durable
    ├── BackendError       HG6xx  a deployment did not answer (carries a kind)
    ├── EgressError        HG7xx  the door refused a call that nothing should have built
    ├── BlockedError       HG8xx  the policy permits no deployment for this request
    └── InputError         HG9xx  a file or option given to a command is wrong

Each message names the place and the remedy and never quotes data. Errors that cross the privacy boundary are raised
``from None``, since the cause may quote the prompt.
"""

from __future__ import annotations

from typing import Literal

__all__ = [
    "AuditError",
    "BackendError",
    "BackendFault",
    "BlockedError",
    "DetectionError",
    "EgressError",
    "HybridGuardError",
    "InputError",
    "PolicyError",
    "RequestError",
    "VaultError",
]

BackendFault = Literal[
    "unavailable", "timeout", "rate_limited", "refused", "context", "unsupported", "bad_reply", "interrupted", "missing"
]
"""Why a deployment did not answer; the only part of a provider's error that is kept."""


class HybridGuardError(Exception):
    """
    Base of every error raised on purpose.

    Attributes:
        code: Stable identifier such as ``HG101``, to search the documentation for.
    """

    code: str = "HG000"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        return f"[{self.code}] {super().__str__()}"


class PolicyError(HybridGuardError):
    """
    The policy file is wrong: it is refused as a whole.

    Attributes:
        file: Name of the file as the caller gave it.
        line: From 1.
        column: From 1.
    """

    code = "HG100"

    def __init__(self, message: str, *, file: str, line: int, column: int, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.file = file
        self.line = line
        self.column = column

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.args[0]} [{self.code}]"


class RequestError(HybridGuardError):
    """
    The request cannot be read, so nothing was sent anywhere.

    Attributes:
        path: JSON pointer of the place; holds only positions and names that hybrid_guard itself defines.
    """

    code = "HG200"

    def __init__(self, message: str, *, path: str = "", code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.path = path


class DetectionError(HybridGuardError):
    """A detector failed, timed out or answered nonsense; never the same as "nothing found"."""

    code = "HG300"


class VaultError(HybridGuardError):
    """A vault could not be read or written, so nothing was anonymised or restored."""

    code = "HG400"


class AuditError(HybridGuardError):
    """A record could not be made durable; without it nothing leaves the local zone."""

    code = "HG500"


class BackendError(HybridGuardError):
    """
    A deployment did not answer.

    Attributes:
        deployment: Alias of the deployment.
        fault: What kind of failure it was. The provider's own words are dropped, for they may quote the prompt.
    """

    code = "HG600"

    def __init__(self, message: str, *, deployment: str, fault: BackendFault, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.deployment = deployment
        self.fault: BackendFault = fault


class EgressError(HybridGuardError):
    """The door refused a call: its permit, its endpoint or its body is not what the decision said."""

    code = "HG700"


class BlockedError(HybridGuardError):
    """
    The policy permits no deployment that could answer this request.

    Attributes:
        reasons: Ids of the rules and failures that decided it.
        unavailable: Whether a deployment would be permitted but none of them is healthy (exit code 4 instead of 3).
    """

    code = "HG800"

    def __init__(self, message: str, *, reasons: tuple[str, ...], unavailable: bool, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.reasons = reasons
        self.unavailable = unavailable


class InputError(HybridGuardError):
    """A file or an option given to a command is wrong."""

    code = "HG900"
