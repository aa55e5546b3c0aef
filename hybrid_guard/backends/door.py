"""
The one door: the only module that calls litellm, and the last place where a call can be stopped.

A call gets through if its deployment is the policy's, its zone is in the permit, its body is the rebuilt one with the
decision's treatment, and beyond the local zone also scanned clean and on record. litellm's retries, fallbacks, caches
and callbacks are off, and its traffic goes through a fenced client.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

import httpx

from hybrid_guard.backends import llamacpp
from hybrid_guard.backends.clients import NO_KEY, Clients
from hybrid_guard.backends.endpoints import endpoint_of
from hybrid_guard.backends.faults import backend_error
from hybrid_guard.backends.llama_model import model_path
from hybrid_guard.backends.offline import load_litellm, refuse_diversions
from hybrid_guard.backends.transport import tracked
from hybrid_guard.errors import BackendError, EgressError
from hybrid_guard.types import Body, Call, Chunk, Deployment, Policy, Receipt, Reply, Usage, Zone

__all__ = ["LitellmDoor"]

IN_PROCESS = f"{llamacpp.PROVIDER}/"


class LitellmDoor:
    """
    Sends calls through litellm. Implements `hybrid_guard.ports.Backend`.

    Args:
        policy: Names the deployments; no other can be called.

    Raises:
        EgressError: HG701 or HG702, a deployment whose traffic could not be fenced.
    """

    def __init__(self, policy: Policy) -> None:
        for deployment in policy.deployments:
            if not deployment.model.startswith(IN_PROCESS):
                endpoint_of(deployment)
        self.policy = policy
        self.clients = Clients()

    def survey(self) -> Mapping[str, bool]:
        """In-process models need their library and their file; a server is taken as healthy until it is called."""
        return {one.alias: present(one) for one in self.policy.deployments}

    def complete(self, call: Call) -> Reply:
        """
        The whole answer.

        Raises:
            BackendError: The deployment did not answer.
            EgressError: The call may not be sent.
        """
        litellm = self.open(call)
        failure: BackendError
        try:
            with tracked():
                response = litellm.completion(**self.arguments(call, asynchronous=False))
            return reply_of(call, response)
        except Exception as error:
            failure = backend_error(call.deployment.alias, error)
        # PRIVACY: raised outside of the handler: the provider's error may quote the prompt and must not hang on ours.
        raise failure

    async def acomplete(self, call: Call) -> Reply:
        """See `complete`."""
        litellm = await self.aopen(call)
        failure: BackendError
        try:
            with tracked():
                response = await litellm.acompletion(**self.arguments(call, asynchronous=True))
            return reply_of(call, response)
        except Exception as error:
            failure = backend_error(call.deployment.alias, error)
        raise failure

    def stream(self, call: Call) -> Iterator[Chunk]:
        """See `complete`; closing the iterator stops the deployment."""
        litellm = self.open(call)
        begun = False
        failure: BackendError
        response: Any = None
        answers: list[httpx.Response] = []
        try:
            with tracked() as answers:
                response = litellm.completion(**self.arguments(call, asynchronous=False))
            for chunk in response:
                yield chunk_of(call, chunk, response)
                begun = True
            return
        except Exception as error:
            failure = backend_error(call.deployment.alias, error, begun=begun)
        finally:
            for answer in answers:
                answer.close()
            # What litellm's wrapper wraps is, for a model in this process, the generator that holds its turn.
            close = getattr(getattr(response, "completion_stream", None), "close", None)
            if close is not None:
                close()
        raise failure

    async def astream(self, call: Call) -> AsyncIterator[Chunk]:
        """See `complete`; closing the iterator stops the deployment."""
        litellm = await self.aopen(call)
        begun = False
        failure: BackendError
        response: Any = None
        answers: list[httpx.Response] = []
        try:
            with tracked() as answers:
                response = await litellm.acompletion(**self.arguments(call, asynchronous=True))
            async for chunk in response:
                yield chunk_of(call, chunk, response)
                begun = True
            return
        except Exception as error:
            failure = backend_error(call.deployment.alias, error, begun=begun)
        finally:
            for answer in answers:
                await answer.aclose()
            if response is not None:
                await response.aclose()
        raise failure

    def close(self) -> None:
        """Close connections."""
        self.clients.close()

    async def aclose(self) -> None:
        """Close the connections of the running event loop."""
        await self.clients.aclose()

    def open(self, call: Call) -> Any:
        """
        Check *call* and give litellm to send it with.

        Raises:
            EgressError: HG701 to HG707.
        """
        deployment = call.deployment
        decision = call.decision
        if self.policy.deployment(deployment.alias) is not deployment:
            raise EgressError("the call names a deployment that is not the policy's", code="HG705")
        permitted = decision.permit.zones.get(deployment.zone)
        if decision.deployment != deployment.alias or decision.zone is not deployment.zone or permitted is None:
            raise EgressError("the call is not what its decision says", code="HG705")
        if not isinstance(call.body, Body) or call.body.treatment != permitted:
            raise EgressError("the body was not treated as the permit asks for", code="HG706")
        if deployment.zone is not Zone.LOCAL and not (call.clean is True and is_on_record(call)):
            raise EgressError("the body was not scanned clean or is not on record", code="HG707")
        if deployment.model.startswith(IN_PROCESS):
            if deployment.zone is not Zone.LOCAL:
                raise EgressError(f"deployment `{deployment.alias}` is in this process, so it is local", code="HG702")
        else:
            endpoint_of(deployment)
        litellm = load_litellm()
        refuse_diversions(litellm)
        llamacpp.register(litellm)
        return litellm

    async def aopen(self, call: Call) -> Any:
        """See `open`; importing litellm takes seconds, which the event loop does not have to wait."""
        return await asyncio.to_thread(self.open, call)

    def arguments(self, call: Call, *, asynchronous: bool) -> dict[str, Any]:
        """What litellm is called with: the body, the address, and all that could send it elsewhere switched off."""
        deployment = call.deployment
        arguments: dict[str, Any] = {
            **call.body.content,
            "model": deployment.model,
            "timeout": call.timeout,
            "num_retries": 0,
            "max_retries": 0,
            "caching": False,
            "no-log": True,
            "drop_params": False,
            "_skip_responses_api_bridge": True,
        }
        if call.stream:
            arguments |= {"stream": True, "stream_options": {"include_usage": True}}
        if not deployment.model.startswith(IN_PROCESS):
            clients = self.clients
            arguments |= {
                "api_base": endpoint_of(deployment).base,
                "api_key": deployment.api_key or NO_KEY,
                "client": clients.async_client(deployment) if asynchronous else clients.client(deployment),
            }
        return arguments


def is_on_record(call: Call) -> bool:
    """Whether the intent that was written is for *call*: this request, this deployment, a body of this size."""
    receipt, deployment = call.recorded, call.deployment
    return isinstance(receipt, Receipt) and receipt.covers(
        audit_id=call.audit_id, to=deployment.alias, zone=deployment.zone, size=call.body.size
    )


def present(deployment: Deployment) -> bool:
    """Whether *deployment* could be called; makes no connection."""
    if not deployment.model.startswith(IN_PROCESS):
        return True
    try:
        model_path(deployment.model.removeprefix(IN_PROCESS), bundled=llamacpp.bundled_model_path())
    except BackendError:
        return False
    return llamacpp.is_available()


def reply_of(call: Call, response: Any) -> Reply:
    """litellm's answer as plain values."""
    body = response.model_dump(warnings=False)
    usage = usage_of(body.get("usage")) or Usage()
    return Reply(body=body, usage=usage, cost=price(call, usage))


def chunk_of(call: Call, chunk: Any, response: Any) -> Chunk:
    """
    litellm's chunk as plain values.

    Raises:
        EOFError: The stream *response* ended without a reason to finish, which litellm makes up.
    """
    body = chunk.model_dump(warnings=False)
    given = response.received_finish_reason or response.intermittent_finish_reason
    if given is None and any(choice.get("finish_reason") for choice in body["choices"]):
        raise EOFError
    usage = usage_of(body.get("usage"))
    if usage is None:
        return Chunk(body=body)
    return Chunk(body=body, usage=usage, cost=price(call, usage))


def tokens(reported: Any) -> int:
    """A number of tokens; what a server says that can be none is taken as 0."""
    plausible = isinstance(reported, int) and not isinstance(reported, bool) and 0 <= reported < 2**31
    return reported if plausible else 0


def usage_of(usage: Mapping[str, Any] | None) -> Usage | None:
    """Tokens, if they were reported."""
    if not usage:
        return None
    return Usage(
        prompt_tokens=tokens(usage.get("prompt_tokens")), completion_tokens=tokens(usage.get("completion_tokens"))
    )


def price(call: Call, usage: Usage) -> float | None:
    """US dollars by litellm's price table: nothing for a local call, None for a model that it does not know."""
    if call.deployment.zone is Zone.LOCAL:
        return 0.0
    try:
        spent = load_litellm().cost_per_token(
            model=call.deployment.model,
            prompt_tokens=usage.prompt_tokens,
            completion_tokens=usage.completion_tokens,
        )
        return float(sum(spent))
    except Exception:
        return None
