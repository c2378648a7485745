"""Crates and bottles: noted when one comes back, and its deposit with it."""

from __future__ import annotations

from dataclasses import dataclass

from dure.core.actions import action, line, subject
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.types import UuidText
from dure.exchange import accounts, food_subjects, policies, posting_out, proofs, spending
from dure.exchange.cases import process_of, seen
from dure.exchange.errors import ExchangeCode
from dure.exchange.food_terms import cycle_terms
from dure.exchange.models import Agreement
from dure.exchange.processes.food_order import CRATE_BACK, DEPOSIT, HUB, S, has_crate
from dure.ledger.posting import Kind, Movement

OUT = frozenset({S.DELIVERED.key, S.CLAIMED.key, S.REVIEW.key, S.SETTLED.key})


@dataclass(frozen=True, slots=True)
class CrateRef:
    """A basket whose crate is back, and how much went back now; 0 while it is not settled."""

    id: str
    given_back: int


@action(
    "exchange.crate.take_back",
    ko="돌아온 상자를 적고 보증금을 돌려줍니다.",
    en="Note that a crate came back; its deposit goes back.",
    policy=policies.may_weigh,
    letters=policies.COORDINATORS,
    subject=food_subjects.basket,
    lock=food_subjects.lock_basket,
    idempotent=True,
    writes=("exchange_attestation", "ledger_transfer", "ledger_account", "journal_event"),
    labels=(spending.LABEL,),
    refusals=(CoreCode.NOT_FOUND, ExchangeCode.NO_CRATE),
)
def take_back(agreement_id: UuidText, *, actor: Actor) -> CrateRef:
    """Write down that the crate or bottles of a basket came back, once; never taken back.

    Before the settlement the deposit is still held and goes back with it; after it, what was paid
    of it is reversed at once.
    Raises  NO_CRATE where none is out
    """
    found = subject(Agreement)
    assert found.pool is not None
    case = seen(found, process_of(found))
    if found.state not in OUT or not cycle_terms(found.pool).deposit or not has_crate(case):
        raise Refusal(ExchangeCode.NO_CRATE)
    proofs.attest(found, "inspect", {"noted": CRATE_BACK}, actor, HUB.key)
    paid = [one for one in accounts.standing(found.id) if one.purpose == DEPOSIT]
    rows = [
        Movement(
            one.credit_id,
            one.debit_id,
            one.amount,
            one.purpose,
            kind=Kind.REVERSAL,
            ref=one.pk,
            group=one.grp,
            lot=one.lot,
        )
        for one in paid
    ]
    posting_out.post(rows, (found,))
    back = cycle_terms(found.pool).deposit if paid else 0
    line().object("exchange.agreement", found.id)
    line().organisation(found.organisation_id)
    line().changed("deposit", None, back)
    return CrateRef(str(found.id), back)
