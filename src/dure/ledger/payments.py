"""A payment as movements: from one account to another, in whatever rows it takes.

Nouns: source (어디서: an account, or parts of lots), sink (어디로), fee row (수수료 줄),
clearing pair (장부 사이 계정 한 쌍).
Law: what expires first is spent first, one row a lot; a fee is a row of its own, never inside the
amount, and none at 0; a payment between books closes each book alone. All rows have one group.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4, uuid5

from django.db.models import OuterRef, QuerySet, Subquery, Sum

from dure.core import clock, locks
from dure.core.errors import Refusal
from dure.core.text import T
from dure.engines import lots
from dure.engines.fees import fee
from dure.engines.lots import LotAccount, NotEnoughInLots

from . import expiring, opening
from .errors import LedgerCode
from .models import Account, Lot, Programme, ProgrammeShop, Transfer
from .posting import Kind, Movement
from .programme_errors import ProgrammeCode
from .purposes import FEE

PAYER, PAYEE = "payer", "payee"
VOUCHER = "VCH"


@dataclass(frozen=True, slots=True)
class _Part:
    """So much out of this account; of a lot, where it comes from one."""

    account: int
    amount: int
    lot: int | None = None


def movements_of(
    payer: Account, payee: Account, amount: int, purpose: str, event_date: date | None = None
) -> list[Movement]:
    """The rows by which `payer` pays `payee` `amount`, in the order in which they are posted.

    Vouchers leave the payer's lots, earliest last day first; a holder gets parts of the same lots,
    a registered shop gets vouchers without a lot, which no longer expire. A programme's fee
    follows as a row of its own. Accounts of two books are joined by their clearing pair.
    Raises `Refusal` when the two count different units, the books have no clearing pair, the
    payee is no shop of a voucher programme, or the lots hold too little.
    """
    rows = _rows(payer, payee, amount, purpose)
    if len(rows) == 1 and event_date is None:
        return rows
    group = uuid4() if len(rows) > 1 else None
    return [replace(row, group=group, event_date=event_date) for row in rows]


def _rows(payer: Account, payee: Account, amount: int, purpose: str) -> list[Movement]:
    if payer.pk == payee.pk:
        raise Refusal(LedgerCode.SAME_ACCOUNT)
    if payer.unit_id != payee.unit_id:
        raise Refusal(LedgerCode.CROSS_UNIT)
    if payer.book_id != payee.book_id:
        return _between_books(payer, payee, amount, purpose)
    programme = programme_of(payer)
    if programme is None:
        return [Movement(payer.pk, payee.pk, amount, purpose)]
    if programme.has_lots and _is_holder(payer):
        rows = _of_lots(programme, payer, payee, amount, purpose)
    else:
        rows = [Movement(payer.pk, payee.pk, amount, purpose)]
    return [*rows, *_fee_rows(programme, payer, payee, amount)]


def programme_of(account: Account) -> Programme | None:
    """The programme whose unit this account holds, while it is not closed."""
    known: int | None = getattr(account, PROGRAMME, 0)
    if known is None:
        return None
    rows = Programme.rows.filter(pk=known) if known else _open_of(account.book_id, account.unit_id)
    found: Programme | None = rows.first()
    return found


def with_programme(rows: QuerySet[Account]) -> QuerySet[Account]:
    """Accounts that bring along which programme `programme_of` would find."""
    found = _open_of(OuterRef("book"), OuterRef("unit")).order_by("pk").values("pk")[:1]
    return rows.annotate(**{PROGRAMME: Subquery(found)})


PROGRAMME = "programme_brought"


def _open_of(book: object, unit: object) -> QuerySet[Programme]:
    rows: QuerySet[Programme] = Programme.rows.filter(book=book, unit=unit)
    return rows.exclude(state=Programme.State.CLOSED)


def _is_holder(account: Account) -> bool:
    """Whether what the account has lies in lots: a person's account of a voucher programme."""
    return account.owner_person_id is not None and account.lot_id is None


# -- lots ------------------------------------------------------------------------------------------


def _of_lots(
    programme: Programme, payer: Account, payee: Account, amount: int, purpose: str
) -> list[Movement]:
    parts = _taken(payer, amount)
    if _is_shop(programme, payee):
        return [Movement(p.account, payee.pk, p.amount, purpose, lot=p.lot) for p in parts]
    if not _is_holder(payee) or opening.stated(programme, "pass_on") == 0:
        raise Refusal(ProgrammeCode.NOT_A_SHOP)
    rows = []
    for part in parts:
        assert part.lot is not None
        lot = Lot.rows.get(id=part.lot)
        sink = opening.parts_of([payee.pk], lot, payee.unit_id, payee.book_id)[payee.pk]
        rows.append(Movement(part.account, sink, part.amount, purpose, lot=part.lot))
    return rows


def _is_shop(programme: Programme, account: Account) -> bool:
    rows = ProgrammeShop.rows.filter(programme=programme, account=account, left_at=None)
    return rows.exists()


def _taken(holder: Account, amount: int) -> list[_Part]:
    """Which parts of lots pay, locked in the order in which the posting locks them."""
    locks.rows(Account.rows.filter(parent=holder.pk, lot__isnull=False, balance__gt=0))
    today = clock.today()
    try:
        rows = lots.take(held(holder.pk), amount, today)
    except NotEnoughInLots as short:
        raise Refusal(LedgerCode.INSUFFICIENT, field="amount", spendable=short.spendable) from None
    return [_Part(row.account, row.amount, row.lot) for row in rows]


def held(holder: int) -> list[LotAccount]:
    """The parts of lots that a holder has, each with its last day, grace counted."""
    rows = expiring.parts().filter(parent=holder)
    return [
        LotAccount(
            account=part.pk,
            lot=part.lot_id or 0,
            spendable=part.balance - part.held_out,
            valid_from=part.lot.valid_from,
            valid_to=expiring.last_day(part),
        )
        for part in rows
        if part.lot is not None
    ]


# -- fees ------------------------------------------------------------------------------------------


def fee_of(programme: Programme, amount: int) -> tuple[int, str]:
    """The fee on a payment in a programme, and who pays it: ``payer`` or ``payee``."""
    ppm = opening.rule(programme, "fee_ppm")
    side = opening.stated(programme, "fee_payer") or PAYEE
    return (fee(amount, ppm) if ppm else 0), str(side)


def _fee_rows(programme: Programme, payer: Account, payee: Account, amount: int) -> list[Movement]:
    due, side = fee_of(programme, amount)
    if not due or programme.fees_id is None or not _owned((payer, payee)):
        return []
    who = payer if side == PAYER else payee
    return [Movement(who.pk, programme.fees_id, due, FEE, rule_version=programme.fee_rule)]


def _owned(accounts: Iterable[Account]) -> bool:
    """Whether members and shops pay each other; issue, funds and fees themselves are free."""
    return all(one.owner_person_id or one.owner_organisation_id for one in accounts)


# -- two books -------------------------------------------------------------------------------------


def _between_books(payer: Account, payee: Account, amount: int, purpose: str) -> list[Movement]:
    out = _clearing(payer, payee.book_id)
    into = _clearing(payee, payer.book_id)
    for account in (payer, payee):
        programme = programme_of(account)
        if programme is not None and programme.has_lots:
            raise Refusal(LedgerCode.CROSS_BOOK)
    return [
        Movement(payer.pk, out, amount, purpose),
        Movement(into, payee.pk, amount, purpose),
    ]


def _clearing(account: Account, other_book: int) -> int:
    found: int | None = (
        Account.rows.filter(
            book=account.book_id,
            unit=account.unit_id,
            other_book=other_book,
            type=Account.Type.CLEARING,
        )
        .values_list("id", flat=True)
        .first()
    )
    if found is None:
        raise Refusal(LedgerCode.CROSS_BOOK)
    return found


# -- back ------------------------------------------------------------------------------------------

MOVED = (Kind.POST, Kind.SETTLE)


def reversal_of(transfer: Transfer) -> list[Movement]:
    """The rows that undo a transfer, or its whole group from the last row to the first."""
    rows = [transfer]
    if transfer.grp is not None:
        rows = list(Transfer.rows.filter(grp=transfer.grp, kind__in=MOVED).order_by("-pk"))
    if not rows or transfer.kind not in MOVED:
        raise Refusal(LedgerCode.BAD_REF)
    group = uuid5(transfer.grp, "reversal") if transfer.grp else None
    return [_back(row, row.amount, Kind.REVERSAL, group) for row in rows]


def refund_of(transfer: Transfer, amount: int) -> list[Movement]:
    """The rows that give back `amount` of what `transfer`'s payee got in its payment.

    A payment that took several lots gives back to the last of them first.
    """
    if transfer.kind not in MOVED:
        raise Refusal(LedgerCode.BAD_REF)
    rows = [transfer]
    if transfer.grp is not None:
        same = Transfer.rows.filter(grp=transfer.grp, kind__in=MOVED, credit=transfer.credit_id)
        rows = list(same.order_by("-pk"))
    given = Transfer.rows.filter(ref__in=[row.pk for row in rows])
    back = dict(given.filter(kind=Kind.REFUND).values_list("ref").annotate(Sum("amount")))
    movements, left = [], amount
    for row in rows:
        part = min(left, row.amount - back.get(row.pk, 0))
        if part > 0:
            movements.append(_back(row, part, Kind.REFUND, None))
            left -= part
    if left > 0:
        most = amount - left
        accepted = T(f"{most} 이하", f"at most {most}")
        raise Refusal(LedgerCode.AMOUNT, field="amount", range=accepted)
    return movements


def _back(row: Transfer, amount: int, kind: Kind, group: UUID | None) -> Movement:
    return Movement(
        row.credit_id,
        row.debit_id,
        amount,
        row.purpose,
        kind=kind,
        ref=row.pk,
        lot=row.lot,
        group=group,
    )
