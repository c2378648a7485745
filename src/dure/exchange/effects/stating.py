"""Stating: what a case tells the journal, with the proof that its class of evidence asks for."""

from __future__ import annotations

from uuid import UUID

from dure.core import clock, facts
from dure.core.errors import Refusal
from dure.exchange import repairing, rows
from dure.exchange.declaration import Effect, Fact, Seen
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Agreement
from dure.journal import queries as journal
from dure.registry.models import District, PersonFact

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
            district=_district(agreement, fact),
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


def _district(agreement: Agreement, fact: Fact) -> str:
    """Where a fact counts: with its host, or where its label asks for the buyer's district, with
    the district in which who takes it is registered on that day.

    Source: docs/decisions/food-counts-where-its-buyer-lives.md.
    """
    here = str(agreement.district_id)
    day = clock.kst_date(fact.ended)
    if not fact.takes or journal.district_rule(fact.label, day) != "buyer":
        return here
    taker = next(one for one in rows.here().parties(agreement) if one.role == fact.takes)
    if taker.organisation is not None:
        return str(taker.organisation.district_id)
    homes = PersonFact.rows.filter(person=taker.person, kind="home", valid__contains=day)
    known = District.rows.filter(sig__in=homes.values("value")).values_list("sig", flat=True)
    return str(known.first() or here)
