"""Proofs: what people said of a case, kept for ever; two confirmations need two people."""

from __future__ import annotations

from dure.core import clock
from dure.core.actions import line
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.engines.ords_words import Outcome
from dure.exchange import answers as typed
from dure.exchange import rows
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Agreement, Attestation
from dure.exchange.processes.repair import Result


def attest(
    agreement: Agreement,
    kind: str,
    value: object,
    actor: Actor,
    role: str,
    transition: str = "",
) -> Attestation:
    """Keep what somebody said of a case; a result must be whole."""
    if isinstance(value, Result):
        check_result(value)
    made = Attestation(
        agreement=agreement,
        by=actor.id,
        acted_for=actor.acting_for,
        role=role,
        transition=transition,
        kind=kind,
        value=typed.to_json(value) if not isinstance(value, dict) else value,
        made_at=clock.now(),
        audit=line().id,
    )
    rows.here().add(made)
    return made


def check_result(result: Result) -> None:
    """A barrier stands only beside an end of life."""
    if result.barrier is not None and result.outcome is not Outcome.END_OF_LIFE:
        raise Refusal(ExchangeCode.BAD_BARRIER, field="barrier")


def someone_else(before: Attestation, actor: Actor) -> None:
    """Refuse who gave `before`, for herself or for another, in person or by somebody else."""
    gave = {before.by, before.acted_for} - {None}
    if gave & ({actor.id, actor.acting_for} - {None}):
        raise Refusal(ExchangeCode.SAME_PERSON)


def said_since(agreement: Agreement, transition: str) -> list[Attestation]:
    """Who has confirmed a step that needs two, since the case entered its state."""
    return [
        row
        for row in rows.here().said(agreement)
        if row.transition == transition
        and row.kind == Attestation.Kind.CONFIRM
        and row.made_at >= agreement.entered_at
    ]


def newest(agreement: Agreement, *kinds: str) -> Attestation | None:
    """The newest proof of these kinds."""
    said = [row for row in rows.here().said(agreement) if row.kind in kinds]
    return said[-1] if said else None
