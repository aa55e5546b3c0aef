"""From a decision to the call that it allows: treat, scan again, and put the intent on record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from hybrid_guard.anonymizer import StandIns, Treated, apply, plan, propose
from hybrid_guard.core.chain import Chain, StageError, Trace, failing
from hybrid_guard.core.detect import consult, detect, far_services, joined
from hybrid_guard.core.learn import Reading
from hybrid_guard.effects import Now, Record, Step, VaultEntries, VaultPut, perform
from hybrid_guard.text import rebuild
from hybrid_guard.types import (
    AuditRecord,
    Body,
    Call,
    Decision,
    Deployment,
    Finding,
    Findings,
    Operator,
    Receipt,
    Segment,
    Treatment,
    Zone,
)

__all__ = ["KEEP_ALL", "RESCANS", "dry_run", "prepare", "residue"]

RESCANS = 3
"""Most scans of treated texts; one that is still not clean after the last stays local."""

KEEP_ALL = Treatment()
KEEP_NOTHING = Treatment(default=Operator.REDACT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """
    The texts that would leave.

    Attributes:
        treated: One per segment.
        clean: Whether the last scan found nothing that still needs an operator.
    """

    treated: tuple[Treated, ...] = field(repr=False)
    clean: bool


def prepare(chain: Chain, reading: Reading, decision: Decision, deployment: Deployment, trace: Trace) -> Step[Call]:
    """
    Build the call. A call beyond the local zone is treated, clean on a second scan, and has a durable intent.

    Raises:
        StageError: In ``treatment``, ``vault``, ``rescan`` or ``audit``; nothing was sent.
    """
    body = yield from dry_run(chain, reading, decision, deployment, trace)
    receipt: Receipt | None = None
    if deployment.zone is not Zone.LOCAL:
        with failing("audit"):
            _, epoch = yield from perform(Now())
            intent = AuditRecord(
                kind="intent",
                audit_id=trace.audit_id,
                time=epoch,
                facts=trace.facts,
                decision=decision,
                attempt=trace.attempts + 1,
                deployment=deployment.alias,
                zone=deployment.zone,
                bytes_out=body.size,
            )
            receipt = yield from perform(Record(intent))
    return Call(
        audit_id=trace.audit_id,
        deployment=deployment,
        body=body,
        decision=decision,
        clean=True,
        recorded=receipt,
        stream=reading.request.stream,
        timeout=reading.request.timeout or 600.0,
    )


def dry_run(chain: Chain, reading: Reading, decision: Decision, deployment: Deployment, trace: Trace) -> Step[Body]:
    """
    The exact body that *deployment* would be sent.

    Raises:
        StageError: In ``treatment``, ``vault`` or ``rescan``.
    """
    outward = deployment.zone is not Zone.LOCAL
    texts = yield from treat(chain, reading, decision.treatment, trace, rescan=outward)
    if not texts.clean:
        raise StageError("rescan", "HG303")
    trace.sent = len(frozenset().union(*(one.issued for one in texts.treated)))
    with failing("treatment"):
        return rebuild(
            reading.seen,
            [one.text for one in texts.treated],
            decision.treatment,
            extra=signals_wanted(chain, deployment),
        )


def signals_wanted(chain: Chain, deployment: Deployment) -> dict[str, bool | int] | None:
    """Log-probabilities, from a local deployment that has them, if the policy judges local answers."""
    judged = chain.policy.routing.escalate.when_confidence_below is not None
    local = deployment.zone is Zone.LOCAL and "logprobs" in deployment.supports
    return {"logprobs": True} if judged and local else None


def treat(chain: Chain, reading: Reading, treatment: Treatment, trace: Trace, *, rescan: bool) -> Step[Texts]:
    """
    Apply *treatment*; with *rescan*, look at the result again and treat what is left, a bounded number of times.

    A scan can miss what becomes visible once its neighbours are gone, so the last scan decides, not the first.
    """
    segments = reading.seen.segments
    findings = treated_spans(reading.findings, treatment)
    treated = yield from replace_spans(chain, reading, findings, treatment)
    if not rescan or treatment == KEEP_ALL:
        return Texts(treated=treated, clean=True)
    for _ in range(RESCANS):
        texts = tuple(replace(old, text=new.text) for old, new in zip(segments, treated, strict=True))
        left = yield from rescan_of(chain, trace, texts, treated, treatment)
        if not any(left):
            return Texts(treated=treated, clean=True)
        with failing("rescan"):
            findings = Findings(
                spans=tuple(tuple(sorted((*old, *new))) for old, new in zip(findings.spans, left, strict=True)),
                suspicious=findings.suspicious,
            )
        treated = yield from replace_spans(chain, reading, findings, treatment)
    return Texts(treated=treated, clean=False)


def treated_spans(findings: Findings, treatment: Treatment) -> Findings:
    """The findings that *treatment* replaces; what is kept must not stand in the way of what a second scan finds."""
    spans = tuple(
        tuple(one for one in found if treatment.operator(one.entity) is not Operator.KEEP) for found in findings.spans
    )
    return Findings(spans=spans, suspicious=findings.suspicious)


def rescan_of(
    chain: Chain, trace: Trace, texts: tuple[Segment, ...], treated: tuple[Treated, ...], treatment: Treatment
) -> Step[tuple[tuple[Finding, ...], ...]]:
    """
    What a second scan of *texts* finds that still needs an operator; a failure is one of ``rescan``.

    A service beyond the local zone reads again too, by the same rule as the first time: once there is nothing more to
    treat for others, if what is left may go to its zone as it is, and on a record of its own.
    """

    def left(found: Findings, by: Treatment) -> tuple[tuple[Finding, ...], ...]:
        return tuple(tuple(residue(one, spans, by)) for one, spans in zip(treated, found.spans, strict=True))

    try:
        findings = yield from detect(chain, trace, texts)
        for service in far_services(chain.policy):
            with failing("rescan"):
                if any(left(findings, treatment)):
                    break
                bare = Findings(spans=left(findings, KEEP_NOTHING), suspicious=findings.suspicious)
            more = yield from consult(chain, trace, service, texts, bare)
            with failing("rescan"):
                findings = joined(findings, more)
    except StageError as failure:
        raise StageError("rescan", failure.code) from None
    with failing("rescan"):
        return left(findings, treatment)


def replace_spans(
    chain: Chain, reading: Reading, findings: Findings, treatment: Treatment
) -> Step[tuple[Treated, ...]]:
    """Give every span that needs one its replacement."""
    segments = reading.seen.segments
    if treatment == KEEP_ALL:
        return tuple(Treated(text=segment.text, replaced=()) for segment in segments)
    makers = chain.stand_ins(reading.key)
    with failing("vault"):
        # A stand-in that another treatment made in this conversation counts, too: a text must not be able to name it.
        stand_ins = StandIns((yield from perform(VaultEntries(reading.key))) if makers else (), makers)
    with failing("treatment"):
        items = plan(segments, findings, treatment, stand_ins)
    with failing("vault"):
        entries = (yield from perform(VaultPut(reading.key, items))) if items else ()
    if not makers.keys().isdisjoint({treatment.default, *treatment.entities.values()}):
        with failing("vault"):
            entries = yield from perform(VaultEntries(reading.key))
        with failing("treatment"):
            stand_ins = stand_ins.renew(entries)
            records = propose(segments, findings, treatment, entries, stand_ins)
        with failing("vault"):
            if records:
                yield from perform(VaultPut(reading.key, records))
                entries = yield from perform(VaultEntries(reading.key))
        stand_ins = stand_ins.renew(entries)
    with failing("treatment"):
        return apply(segments, findings, treatment, entries, chain.operators(reading.key), stand_ins)


def residue(treated: Treated, spans: Iterable[Finding], treatment: Treatment) -> Iterator[Finding]:
    """
    What a second scan found outside of the replacements and still needs an operator, in offsets of the original text.

    Replacements themselves are passed over: a year that stands for a date is still a date. A part without a letter or
    digit says nothing and is passed over too. Linear in the number of spans and replacements.

    Args:
        treated: A treated text.
        spans: Found in it; sorted and disjoint, as the replacements are.
        treatment: That was applied.
    """
    replaced = (*treated.replaced, (len(treated.text), len(treated.text), 0, 0))
    index = 0
    shift = 0
    for finding in spans:
        if treatment.operator(finding.entity) is Operator.KEEP:
            continue
        start = finding.start
        while start < finding.end:
            new_start, new_end, _, old_end = replaced[index]
            end = min(new_start, finding.end)
            if start < end and any(map(str.isalnum, treated.text[start:end])):
                yield replace(finding, start=start + shift, end=end + shift)
            if new_end > finding.end or index == len(replaced) - 1:
                break
            start = max(start, new_end)
            shift = old_end - new_end
            index += 1
