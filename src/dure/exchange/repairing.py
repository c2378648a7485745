"""What a repair case states: its newest result, at the time of its event."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from dure.core import clock
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.exchange import answers as typed
from dure.exchange import proofs, recording
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Agreement, Attestation, Pool
from dure.exchange.processes.repair import Result
from dure.exchange.recording import Recorded


def record(agreement: Agreement, evidence: str, actor: Actor) -> None:
    """State the newest result; class B is the confirmation of somebody else."""
    found = latest_result(agreement)
    assert found is not None, "a case is recorded after its result"
    result, outcome = found
    proof = None
    if evidence == "B":
        proofs.someone_else(outcome, actor)
        proof = proofs.attest(agreement, "confirm", {"of": str(outcome.uid)}, actor, "owner").uid
    recording.state([recorded(agreement, result, evidence, proof)])


def latest_result(agreement: Agreement) -> tuple[Result, Attestation] | None:
    """The newest result that somebody attested; None when there is none or it was made void."""
    rows = Attestation.rows.filter(agreement=agreement, kind__in=("outcome", "correct"))
    newest = rows.order_by("-seq").first()
    if newest is None or "outcome" not in newest.value:
        return None
    return result_of(newest.value), newest


def result_of(value: dict[str, object]) -> Result:
    """A stored result, typed again."""
    stored = {k: v for k, v in value.items() if k in ("outcome", "barrier", "minutes")}
    return typed.restore(Result, stored)


def recorded(
    agreement: Agreement,
    result: Result,
    evidence: str = "A",
    proof: UUID | None = None,
    part: str = "",
) -> Recorded:
    """A case as the journal needs it; the event's day decides the time."""
    pool = agreement.pool
    assert pool is not None
    return Recorded(
        agreement_id=agreement.id,
        case_id=agreement.case_id,
        organisation_id=agreement.organisation_id,
        district=agreement.district_id,
        category=int(agreement.spec.code) if agreement.spec is not None else None,
        origin=origin_of(pool),
        ended=moment_of(pool, clock.now()),
        result=result,
        evidence=evidence,
        proof=proof,
        part=part,
    )


def origin_of(pool: Pool) -> str:
    """Where a record comes from, as the label's closed list says it."""
    if pool.external_ref is None:
        return "here"
    return "partner_korea" if pool.country == "KOR" else "partner_abroad"


def moment_of(pool: Pool, now: datetime) -> datetime:
    """When a repair of this event happened: now while it runs, else its end; a partner's file
    gives only a day, stored as noon of it."""
    if pool.external_ref is not None:
        return pool.opens + timedelta(hours=12)
    if now < pool.opens:
        raise Refusal(ExchangeCode.POOL_NOT_OPEN)
    return min(now, pool.closes)
