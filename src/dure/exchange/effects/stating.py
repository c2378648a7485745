"""Stating: what a case tells the journal, with the proof that its class of evidence asks for."""

from __future__ import annotations

from uuid import UUID

from dure.core import facts
from dure.core.errors import Refusal
from dure.exchange import repairing, rows
from dure.exchange.declaration import Effect, Seen
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Agreement

from .underway import Underway, effect


@effect("record")
def record(step: Underway, what: Effect) -> None:
    """State the case's facts; class B names the proof of the other party, whose word that was
    brought in afterwards is class A."""
    if step.process.facts is None:
        repairing.record(step.agreement, what.evidence, step.actor)
        return
    evidence = "A" if step.is_late else what.evidence
    proof = step.proof if evidence in "BC" else None
    if evidence in "BC" and proof is None:
        raise Refusal(ExchangeCode.SAME_PERSON)
    state(step.agreement, step.seen(), step.process.facts, evidence, proof)


def state(
    agreement: Agreement,
    seen: Seen,
    told: object,
    evidence: str,
    proof: UUID | None,
    part: str = "",
) -> int:
    """Note the facts of a case; gives the number of new events."""
    assert callable(told)
    count = 0
    for fact in told(seen):
        if fact.qty <= 0:
            continue
        row = facts.Row(
            source=f"exchange.agreement:{agreement.id}:{fact.label}{fact.part}{part}",
            qty=fact.qty,
            district=agreement.district_id,
            org=agreement.organisation_id,
            began=fact.began,
            ended=fact.ended,
            evidence=evidence,
            proof=proof,
            case_id=agreement.case_id,
            dims=dict(fact.dims),
        )
        count += rows.here().note(fact.label, row)
    return count
