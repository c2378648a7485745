"""Clearing rounds: proposed with a preview, agreed to by members, settled without a transfer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID, uuid4

from pydantic import Field

from dure.core import clock, notices, rulebook
from dure.core.actions import action, line, subject
from dure.core.actors import EVERY_PERSON, Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.types import UuidText
from dure.ledger import clearing, policies, programme_policies, telling
from dure.ledger import programme_subjects as subjects
from dure.ledger.models import (
    Account,
    Book,
    ClearingConsent,
    ClearingRound,
    PaymentRequest,
    SetOff,
    Unit,
)
from dure.ledger.programme_errors import ProgrammeCode
from dure.ledger.types import RowId, UnitCode

KEEPERS = {Role.TREASURER: "m", Role.APPROVER: "m"}
ROUND = ("ledger_clearinground",)


@dataclass(frozen=True, slots=True)
class RoundRef:
    """A round: its id, its state, what it clears in all, how many accounts it concerns."""

    id: str
    state: str
    total: int
    members: int


def own_book(body: Any, actor: Actor) -> Book:  # Any: a body with book_id
    """A book that the actor keeps."""
    found: Book = subjects.one(Book.objects.within(actor), "book_id", id=body.book_id)
    line().organisation(found.organisation_id)
    return found


@action(
    "ledger.clearing.propose",
    ko="받아들인 요청을 서로 지우는 상계를 제안합니다.",
    en="Propose to clear accepted requests against each other.",
    policy=policies.keeps_book,
    letters=KEEPERS,
    subject=own_book,
    idempotent=True,
    writes=ROUND,
    notices=(telling.CLEARING,),
    refusals=(CoreCode.NOT_FOUND, ProgrammeCode.NOTHING_TO_DO),
)
def propose_round(book_id: RowId, unit: UnitCode, *, actor: Actor) -> RoundRef:
    """Compute the round that clears most, keep it as a preview, and ask whom it concerns.

    Nothing is cleared yet. Source: ledger design, *clearing round*; rulebook
    `ledger.clearing.days`.
    """
    book = subject(Book)
    counted = Unit.rows.get(code=unit)
    found = clearing.debts(clearing.open_requests(book.pk, counted.pk))
    proposed = clearing.computed(found)
    if not proposed.total:
        raise Refusal(ProgrammeCode.NOTHING_TO_DO)
    days = rulebook.value("ledger.clearing.days").integer
    made = ClearingRound.rows.create(
        id=uuid4(),
        book=book,
        unit=counted,
        plan=clearing.plan_of(found, proposed),
        proposed_at=clock.now(),
        closes_at=clock.now() + timedelta(days=days),
        audit=line().id,
    )
    asked = clearing.affected(made)
    notices.tell_many(_owners(asked), telling.CLEARING)
    line().object("ledger.clearinground", made.pk)
    line().changed("total", None, proposed.total)
    return RoundRef(str(made.pk), made.state, proposed.total, len(asked))


def _owners(accounts: list[int]) -> list[UUID]:
    rows = Account.rows.filter(id__in=accounts, owner_person__isnull=False)
    return sorted(set(rows.values_list("owner_person_id", flat=True)))


@dataclass(frozen=True, slots=True)
class ConsentRef:
    """An answer to a round."""

    id: str
    agreed: bool


@action(
    "ledger.clearing.consent",
    ko="상계 제안에 동의하거나 거절합니다.",
    en="Agree to a clearing round, or refuse it.",
    policy=programme_policies.may_answer_round,
    letters={**EVERY_PERSON, Role.TREASURER: "om", Role.APPROVER: "om"},
    subject=subjects.own_account,
    idempotent=True,
    writes=("ledger_clearingconsent",),
    refusals=(CoreCode.NOT_FOUND, ProgrammeCode.ROUND_OVER),
    constraints={"clearing_consent_once_a_round": ProgrammeCode.ROUND_OVER},
)
def answer_round(
    round_id: UuidText,
    account_id: RowId,
    agreed: Annotated[bool, Field(strict=True)],
    *,
    actor: Actor,
) -> ConsentRef:
    """Say once, for one account, whether its debts and claims may be cleared as previewed."""
    account = subject(Account)
    rows = ClearingRound.rows.filter(book=account.book_id, unit=account.unit_id)
    proposed = subjects.one(rows, "round_id", id=round_id)
    if proposed.state != ClearingRound.State.PROPOSED or proposed.closes_at <= clock.now():
        raise Refusal(ProgrammeCode.ROUND_OVER)
    if account.pk not in clearing.affected(proposed):
        raise Refusal(CoreCode.NOT_FOUND, field="round_id")
    made = ClearingConsent.rows.create(
        round=proposed,
        account=account,
        agreed=agreed,
        given_by=actor.id,
        given_at=clock.now(),
        audit=line().id,
    )
    line().object("ledger.clearinground", proposed.pk)
    line().changed("agreed", None, agreed)
    return ConsentRef(str(made.pk), agreed)


@action(
    "ledger.clearing.settle",
    ko="동의한 요청끼리 상계합니다.",
    en="Clear the requests whose two sides agreed.",
    policy=policies.keeps_book,
    letters=KEEPERS,
    subject=subjects.round_of,
    lock=subjects.lock_round,
    idempotent=True,
    writes=(*ROUND, "ledger_setoff", "ledger_paymentrequest"),
    notices=(telling.CLEARED,),
    refusals=(CoreCode.NOT_FOUND, ProgrammeCode.ROUND_OVER, ProgrammeCode.CONSENT_MISSING),
)
def settle_round(round_id: UuidText, *, actor: Actor) -> RoundRef:
    """Compute the round anew over what is still open and agreed to, and write its set-offs.

    No value moves, so no limit can refuse it. A request that is cleared whole counts as paid.
    """
    proposed = subject(ClearingRound)
    if proposed.state != ClearingRound.State.PROPOSED:
        raise Refusal(ProgrammeCode.ROUND_OVER)
    consents = {one.account_id: one for one in proposed.consents.filter(agreed=True)}
    found = clearing.still_agreed(proposed)
    computed = clearing.computed(found)
    if not computed.total:
        raise Refusal(ProgrammeCode.CONSENT_MISSING)
    now, audit = clock.now(), line().id
    SetOff.rows.bulk_create(
        [
            SetOff(
                round=proposed,
                request_id=debt.request,
                amount=cleared,
                consent=consents[debt.debtor],
                settled_at=now,
                audit=audit,
            )
            for debt, cleared in zip(found, computed.cleared, strict=True)
            if cleared
        ]
    )
    whole = [
        debt.request
        for debt, cleared in zip(found, computed.cleared, strict=True)
        if cleared == debt.amount
    ]
    PaymentRequest.rows.filter(id__in=whole).update(paid_at=now, audit=audit)
    proposed.state, proposed.settled_at, proposed.audit = ClearingRound.State.SETTLED, now, audit
    proposed.save(update_fields=["state", "settled_at", "audit"])
    line().object("ledger.clearinground", proposed.pk)
    line().changed("cleared", None, computed.total)
    concerned = [one.member for one in computed.members if one.cleared]
    notices.tell_many(_owners(concerned), telling.CLEARED, places={"round": str(proposed.pk)})
    return RoundRef(str(proposed.pk), proposed.state, computed.total, len(concerned))
