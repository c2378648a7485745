"""Asking for something back: the payee is told; giving it back is the payee's to decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from dure.core import clock, notices
from dure.core.actions import Reason, action, line, subject
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.models.work import Notice
from dure.core.text import T
from dure.ledger import policies
from dure.ledger.errors import LedgerCode
from dure.ledger.models import Account, Book, Transfer
from dure.ledger.queries.subjects import OfTransfer, sees
from dure.ledger.types import RowId
from dure.registry.models import Mandate

GIVEN = (Transfer.Kind.POST, Transfer.Kind.SETTLE)
AGAIN_AFTER = timedelta(days=7)
ASKED_BACK = notices.template(
    "ledger.asked_back",
    subject=T("되돌려 달라는 부탁이 있습니다", "Somebody asks for a payment back"),
    text=T(
        "받은 것을 되돌려 달라는 부탁을 받았습니다. 영수증에서 살펴보고 정해 주세요.",
        "You are asked to give a payment back. Please look at its receipt and decide.",
    ),
    path="/money/receipts/%(transfer)s/",
    urgency=Notice.Urgency.DAY,
)


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment with the whole accounts of both sides, parts of lots told as their holder."""

    transfer: Transfer
    debit: Account
    credit: Account

    @property
    def book(self) -> Book:
        """The book of who paid."""
        return self.debit.book


def payment(body: OfTransfer, actor: Actor) -> Payment:
    """The payment a body names, for who paid it. Raises Refusal(NOT_FOUND) for all others."""
    row = Transfer.rows.filter(pk=int(body.transfer_id), kind__in=GIVEN).first()
    if row is None:
        raise Refusal(CoreCode.NOT_FOUND)
    debit, credit = _whole(row.debit_id), _whole(row.credit_id)
    if not (sees(actor, debit) or sees(actor, credit)):
        raise Refusal(CoreCode.NOT_FOUND)
    return Payment(row, debit, credit)


def _whole(number: int) -> Account:
    rows = Account.rows.select_related("parent__book", "book")
    account: Account = rows.get(pk=number)
    return account.parent if account.lot_id and account.parent else account


@dataclass(frozen=True, slots=True)
class AskedBack:
    """How many people were told."""

    told: int


@action(
    "ledger.refund.ask",
    ko="받은 쪽에 되돌려 달라고 알립니다.",
    en="Ask the payee to give a payment back.",
    policy=policies.may_pay,
    letters=policies.OWN_AND_SPENDERS,
    subject=payment,
    idempotent=True,
    reason=Reason.REQUIRED,
    notices=(ASKED_BACK,),
    refusals=(CoreCode.NOT_FOUND, LedgerCode.ASKED_BACK_ALREADY, LedgerCode.ALREADY_REVERSED),
)
def ask_back(transfer_id: RowId, *, actor: Actor) -> AskedBack:
    """Tell who was paid that the payer asks for it back; nothing moves.

    Once a week for a payment. Effects: notices. Source: faces, *Send value*.
    """
    found = subject(Payment)
    number = found.transfer.pk
    if Transfer.rows.filter(ref=number, kind=Transfer.Kind.REVERSAL).exists():
        raise Refusal(LedgerCode.ALREADY_REVERSED)
    asked = Notice.rows.filter(
        template=ASKED_BACK, places__transfer=number, made_at__gt=clock.now() - AGAIN_AFTER
    )
    if asked.exists():
        raise Refusal(LedgerCode.ASKED_BACK_ALREADY)
    people = _people_of(found.credit)
    if people:
        notices.tell_many(people, ASKED_BACK, places={"transfer": number})
    line().object("ledger.transfer", number)
    line().organisation(found.book.organisation_id)
    return AskedBack(len(people))


def _people_of(account: Account) -> list[str]:
    """The owner; of an organisation its treasurers in office."""
    if account.owner_person_id is not None:
        return [str(account.owner_person_id)]
    organisation = account.owner_organisation_id or account.book.organisation_id
    rows = Mandate.rows.filter(
        role=Mandate.Role.TREASURER,
        scope_kind=Mandate.Scope.ORGANISATION,
        scope_id=str(organisation),
        valid__contains=clock.now(),
    )
    return sorted({str(person) for person in rows.values_list("person_id", flat=True)})
