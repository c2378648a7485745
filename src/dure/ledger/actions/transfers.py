"""Transfers: posted, reversed, refunded. A mistake is corrected by another row, never edited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Sum

from dure.core import clock, rulebook
from dure.core.actions import Reason, action, line, subject
from dure.core.actors import EVERY_PERSON, Actor, Role
from dure.core.errors import CoreCode
from dure.core.types import IsoDate
from dure.ledger import policies
from dure.ledger.errors import LedgerCode
from dure.ledger.giving_back import GIVEN_BACK
from dure.ledger.models import Account, Book, Transfer
from dure.ledger.paying import pay_short
from dure.ledger.payments import movements_of, refund_of, reversal_of
from dure.ledger.posting import Movement, post
from dure.ledger.queries import subjects
from dure.ledger.types import Amount, Purpose, RowId, UnitCode

ALONE = "ledger.transfer.alone_max"
ALONE_DAYS = timedelta(days=30)
REFUSED = (
    CoreCode.SECOND_PERSON,
    LedgerCode.AMOUNT,
    LedgerCode.SAME_ACCOUNT,
    LedgerCode.CROSS_UNIT,
    LedgerCode.CROSS_BOOK,
    LedgerCode.INSUFFICIENT,
    LedgerCode.OVER_CEILING,
    LedgerCode.NOT_OPEN,
    LedgerCode.PERIOD_CLOSED,
    LedgerCode.FUTURE_DATE,
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The rows of a payment, in order; the first names it."""

    ids: tuple[str, ...]

    @property
    def id(self) -> str:
        """What a receipt names."""
        return self.ids[0]


def needs_second(body: subjects.OfPair, actor: Actor) -> bool:
    """Whether an organisation's payment exceeds what one person may pay a payee in 30 days."""
    pair = subject(subjects.Pair)
    if pair.debit.owner_person_id is not None:
        return False
    line().organisation(pair.book.organisation_id)
    amount: int = body.amount  # type: ignore[attr-defined]  # every body here has one
    return amount + paid_before(pair) > alone_most(pair.book)


def alone_most(book: Book) -> int:
    """What one person may send alone: by the organisation's by-law, its district, or the rule."""
    scopes = (("bylaw", str(book.organisation_id)), ("district", book.district))
    return rulebook.value(ALONE, scopes=scopes).integer


def paid_before(pair: subjects.Pair) -> int:
    """What the payer's owner paid the payee's owner in the last 30 days."""
    rows = Transfer.rows.filter(
        debit__in=_same_owner(pair.debit),
        credit__in=_same_owner(pair.credit),
        kind__in=(Transfer.Kind.POST, Transfer.Kind.SETTLE),
        recorded_at__gt=clock.now() - ALONE_DAYS,
    )
    return rows.aggregate(total=Sum("amount"))["total"] or 0


def _same_owner(account: Account) -> list[int]:
    if account.owner_person_id is None and account.owner_organisation_id is None:
        return [account.pk]
    rows = Account.rows.filter(
        unit=account.unit_id,
        owner_person=account.owner_person_id,
        owner_organisation=account.owner_organisation_id,
    )
    return list(rows.values_list("pk", flat=True))


@action(
    "ledger.transfer.post",
    ko="계정에서 계정으로 보냅니다.",
    en="Send from one account to another.",
    policy=policies.may_pay,
    for_another=True,
    letters=policies.OWN_AND_SPENDERS,
    subject=subjects.pair,
    ahead=subjects.asked_of_pair,
    idempotent=True,
    audit_refusals=True,
    value=True,
    second_person=needs_second,
    writes=("ledger_transfer", "ledger_account"),
    refusals=REFUSED,
    short=pay_short,
)
def post_transfer(
    debit: RowId,
    credit: RowId,
    amount: Amount,
    unit: UnitCode,
    purpose: Purpose,
    event_date: IsoDate | None = None,
    *,
    actor: Actor,
) -> Receipt:
    """Move an amount from one's own account, or from an organisation's one spends for.

    Source: one row moves value and cannot be unbalanced. Effects: rows of Transfer.
    """
    pair = subject(subjects.Pair)
    return note_posting(
        post(movements_of(pair.debit, pair.credit, amount, purpose, event_date)), pair.book
    )


def note_posting(ids: tuple[int, ...], book: Book) -> Receipt:
    """Name the first row and the book's organisation on the audit line; gives the receipt."""
    line().object("ledger.transfer", ids[0])
    line().organisation(book.organisation_id)
    return Receipt(tuple(str(number) for number in ids))


@action(
    "ledger.transfer.reverse",
    ko="이체를 반대분개로 되돌립니다.",
    en="Undo a transfer by a reversal.",
    policy=policies.may_reverse,
    letters={Role.STAFF: "m2", Role.TREASURER: "m2", Role.APPROVER: "m2"},
    subject=subjects.posted,
    idempotent=True,
    reason=Reason.REQUIRED,
    audit_refusals=True,
    value=True,
    second_person=policies.asks_second,
    writes=("ledger_transfer", "ledger_account"),
    refusals=(
        CoreCode.SECOND_PERSON,
        LedgerCode.ALREADY_REVERSED,
        LedgerCode.REFUNDED,
        LedgerCode.BAD_REF,
        LedgerCode.SHORT,
        LedgerCode.OVER_CEILING,
        LedgerCode.NOT_OPEN,
    ),
)
def reverse_transfer(transfer_id: RowId, *, actor: Actor) -> Receipt:
    """Undo a row, or its whole group, by rows that name it; dated today, in an open period.

    The payee's floor may refuse it: then it is a claim, not a forced negative balance.
    """
    done = subject(subjects.Posted)
    return _given_back(reversal_of(done.transfer), done.book)


@action(
    "ledger.transfer.refund",
    ko="받은 것의 일부나 전부를 돌려줍니다.",
    en="Give back a part or all of what was received.",
    policy=policies.may_refund,
    letters={**EVERY_PERSON, Role.STAFF: "om", Role.TREASURER: "om", Role.APPROVER: "om"},
    subject=subjects.posted,
    idempotent=True,
    audit_refusals=True,
    value=True,
    writes=("ledger_transfer", "ledger_account"),
    refusals=(
        LedgerCode.AMOUNT,
        LedgerCode.ALREADY_REVERSED,
        LedgerCode.BAD_REF,
        LedgerCode.INSUFFICIENT,
        LedgerCode.OVER_CEILING,
        LedgerCode.NOT_OPEN,
    ),
)
def refund_transfer(transfer_id: RowId, amount: Amount, *, actor: Actor) -> Receipt:
    """Give back `amount` of what an account received, to where it came from.

    All refunds of a payment together never exceed it.
    """
    done = subject(subjects.Posted)
    return _given_back(refund_of(done.transfer, amount), done.book)


def _given_back(rows: list[Movement], book: Book) -> Receipt:
    """Post what goes back, and tell the room that had it paid."""
    receipt = note_posting(post(rows), book)
    GIVEN_BACK.call([one.ref for one in rows if one.ref is not None])
    return receipt
