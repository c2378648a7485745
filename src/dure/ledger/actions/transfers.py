"""Transfers: posted, reversed, refunded. A mistake is corrected by another row, never edited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Sum

from dure.core import clock, rulebook
from dure.core.actions import action, line, subject
from dure.core.actors import Actor
from dure.core.errors import CoreCode
from dure.core.types import IsoDate
from dure.ledger import policies
from dure.ledger.errors import LedgerCode
from dure.ledger.models import Account, Transfer
from dure.ledger.payments import movements_of
from dure.ledger.posting import post
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
    alone = rulebook.value(ALONE, scopes=scopes_of(pair.debit)).integer
    amount: int = body.amount  # type: ignore[attr-defined]  # every body here has one
    return amount + paid_before(pair) > alone


def scopes_of(account: Account) -> tuple[tuple[str, str], ...]:
    """Where a rule about an account may be set: its organisation's by-law, its district."""
    book = account.book
    return (("bylaw", str(book.organisation_id)), ("district", book.district))


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
    letters=policies.OWN_AND_SPENDERS,
    subject=subjects.pair,
    idempotent=True,
    audit_refusals=True,
    value=True,
    second_person=needs_second,
    writes=("ledger_transfer", "ledger_account"),
    refusals=REFUSED,
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
    ids = post(movements_of(pair.debit, pair.credit, amount, purpose, event_date))
    line().object("ledger.transfer", ids[0])
    line().organisation(pair.book.organisation_id)
    return Receipt(tuple(str(number) for number in ids))
