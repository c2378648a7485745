"""History of an account: pages, statements and receipts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.ledger.models import Account, Transfer

from .accounts import AccountView, number, one
from .subjects import sees

MOVING = (0, 2, 5, 6)


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One row of an account's history; `amount` is signed, `balance` is after it."""

    id: str
    at: datetime
    event_date: date
    kind: int
    amount: int
    other: str
    other_handle: str | None
    purpose: str
    balance: int
    group: str | None
    ref: str | None
    reversed_by: str | None
    refunded: int
    can_refund: int


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Rows, newest first; `before` gives the next page, None at the end."""

    account: AccountView
    rows: tuple[HistoryRow, ...]
    before: str | None


@dataclass(frozen=True, slots=True)
class Statement:
    """Opening, rows by date, closing; opening + Σ amounts = closing."""

    account: AccountView
    since: date
    until: date
    opening: int
    rows: tuple[HistoryRow, ...]
    closing: int


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """One payment as both sides may see it."""

    id: str
    at: datetime
    event_date: date
    kind: int
    amount: int
    unit: str
    payer: str
    payer_handle: str | None
    payee: str
    payee_handle: str | None
    purpose: str
    expires_at: datetime | None
    reversed_by: str | None
    refunded: int
    book: str
    is_payer: bool
    is_payee: bool


# The rows of some accounts, newest first, by the two indexes (debit, id) and (credit, id).
PAGE = """
SELECT t.id, t.recorded_at, t.event_date, t.kind, t.sign * t.amount, o.label, o.handle, t.purpose,
    t.grp, t.ref,
    (SELECT r.id FROM ledger_transfer r WHERE r.ref = t.id AND r.kind = 5),
    (SELECT coalesce(sum(r.amount), 0)::bigint FROM ledger_transfer r
        WHERE r.ref = t.id AND r.kind = 6)
FROM (
    SELECT x.*, -1 AS sign, x.credit AS other FROM unnest(%(accounts)s::bigint[]) a, LATERAL (
        SELECT * FROM ledger_transfer t WHERE t.debit = a AND t.id < %(before)s
            AND t.event_date BETWEEN %(since)s AND %(until)s AND t.kind = ANY (%(kinds)s)
            AND strpos(lower(t.purpose), %(text)s) > 0
        ORDER BY t.id DESC LIMIT %(limit)s) x
    UNION ALL
    SELECT x.*, 1, x.debit FROM unnest(%(accounts)s::bigint[]) a, LATERAL (
        SELECT * FROM ledger_transfer t WHERE t.credit = a AND t.id < %(before)s
            AND t.event_date BETWEEN %(since)s AND %(until)s AND t.kind = ANY (%(kinds)s)
            AND strpos(lower(t.purpose), %(text)s) > 0
        ORDER BY t.id DESC LIMIT %(limit)s) x
) t JOIN ledger_account o ON o.id = t.other
ORDER BY t.id DESC, t.sign LIMIT %(limit)s
"""
# What moved on some accounts at or after a row, and up to a day.
MOVED = """
SELECT coalesce(sum(m.amount), 0)::bigint FROM (
    SELECT -t.amount AS amount FROM ledger_transfer t WHERE t.debit = ANY (%(accounts)s)
        AND t.id >= %(since)s AND t.event_date < %(day)s AND t.kind IN (0, 2, 5, 6)
    UNION ALL
    SELECT t.amount FROM ledger_transfer t WHERE t.credit = ANY (%(accounts)s)
        AND t.id >= %(since)s AND t.event_date < %(day)s AND t.kind IN (0, 2, 5, 6)
) m
"""
# What moved between two rows that follow each other on a page.
GAPS = """
SELECT (SELECT coalesce(sum(t.amount), 0)::bigint FROM ledger_transfer t
        WHERE t.credit = ANY (%(accounts)s) AND t.id > g.low AND t.id < g.high
            AND t.kind IN (0, 2, 5, 6))
    - (SELECT coalesce(sum(t.amount), 0)::bigint FROM ledger_transfer t
        WHERE t.debit = ANY (%(accounts)s) AND t.id > g.low AND t.id < g.high
            AND t.kind IN (0, 2, 5, 6))
FROM unnest(%(low)s::bigint[], %(high)s::bigint[]) WITH ORDINALITY AS g (low, high, place)
ORDER BY g.place
"""
ALWAYS = date(9999, 12, 31)
NEVER = date(1, 1, 1)
NEWEST = 2**63 - 1


def page(
    actor: Actor,
    account_id: str,
    *,
    text: str = "",
    since: date | None = None,
    until: date | None = None,
    kind: int | None = None,
    before: str | None = None,
    limit: int = 20,
) -> HistoryPage:
    """One page of an account's history, newest first, with a search in purposes."""
    view, accounts = _mine(actor, account_id)
    start = number(before) if before else NEWEST
    found = _rows(accounts, text, since, until, kind, start, limit + 1)
    rows = _with_balance(accounts, view.balance, found[:limit])
    following = rows[-1].id if len(found) > limit else None
    return HistoryPage(view, tuple(rows), following)


def statement(actor: Actor, account_id: str, since: date, until: date) -> Statement:
    """Opening, rows by date and closing over [since, until]; holds are not part of it."""
    view, accounts = _mine(actor, account_id)
    opening = _moved(accounts, 0, since)
    found = _rows(accounts, "", since, until, None, NEWEST, 10**6, kinds=MOVING)
    found.sort(key=lambda row: (row[2], row[0], row[4]))
    rows, balance = [], opening
    for row in found:
        balance += row[4]
        rows.append(_row(row, balance))
    return Statement(view, since, until, opening, tuple(rows), balance)


def receipt(actor: Actor, transfer_id: str) -> ReceiptView:
    """A payment, for who paid, who was paid, or who keeps their books."""
    row = Transfer.rows.filter(pk=number(transfer_id)).first()
    if row is None:
        raise Refusal(CoreCode.NOT_FOUND)
    rows = Account.rows.filter(pk__in=(row.debit_id, row.credit_id))
    found = {one.pk: one for one in rows.select_related("book", "unit", "parent")}
    debit, credit = found[row.debit_id], found[row.credit_id]
    pays, is_paid = sees(actor, debit), sees(actor, credit)
    if not pays and not is_paid:
        raise Refusal(CoreCode.NOT_FOUND)
    followers = Transfer.rows.filter(ref=row.pk).values_list("kind", "pk", "amount")
    payer, payee = debit.parent or debit, credit.parent or credit
    return ReceiptView(
        id=str(row.pk),
        at=row.recorded_at,
        event_date=row.event_date,
        kind=row.kind,
        amount=row.amount,
        unit=debit.unit.code,
        payer=payer.label,
        payer_handle=payer.handle,
        payee=payee.label,
        payee_handle=payee.handle,
        purpose=row.purpose,
        expires_at=row.expires_at,
        reversed_by=next((str(pk) for kind, pk, _ in followers if kind == 5), None),
        refunded=sum(amount for kind, _, amount in followers if kind == 6),
        book=debit.book.name,
        is_payer=pays,
        is_payee=is_paid,
    )


def _mine(actor: Actor, account_id: str) -> tuple[AccountView, list[int]]:
    view = one(actor, account_id)
    parts = Account.rows.filter(parent=int(view.id)).values_list("pk", flat=True)
    return view, [int(view.id), *parts]


Raw = tuple[int, datetime, date, int, int, str, str | None, str, UUID | None, Any, Any, int]


def _rows(
    accounts: list[int],
    text: str,
    since: date | None,
    until: date | None,
    kind: int | None,
    before: int,
    limit: int,
    kinds: Sequence[int] = tuple(range(7)),
) -> list[Raw]:
    places: dict[str, Any] = {  # Any: values of SQL places
        "accounts": accounts,
        "text": text.strip().lower(),
        "since": since or NEVER,
        "until": until or ALWAYS,
        "kinds": list(kinds) if kind is None else [kind],
        "before": before,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(PAGE, places)
        found: list[Raw] = cursor.fetchall()
    return found


def _moved(accounts: list[int], since: int, day: date) -> int:
    with connection.cursor() as cursor:
        cursor.execute(MOVED, {"accounts": accounts, "since": since, "day": day})
        (moved,) = cursor.fetchone()
    return int(moved)


def _with_balance(accounts: list[int], balance: int, found: Sequence[Raw]) -> list[HistoryRow]:
    """Each row with the balance after it: back from today's, over what the search left out."""
    numbers = [row[0] for row in found]
    places = {"accounts": accounts, "low": numbers, "high": [NEWEST, *numbers][: len(numbers)]}
    with connection.cursor() as cursor:
        cursor.execute(GAPS, places)
        gaps = [int(gap) for (gap,) in cursor.fetchall()]
    rows = []
    for row, gap in zip(found, gaps, strict=True):
        balance -= gap
        rows.append(_row(row, balance))
        balance -= row[4] if row[3] in MOVING else 0
    return rows


def _row(row: Raw, balance: int) -> HistoryRow:
    pk, at, day, kind, amount, label, handle, purpose, grp, ref, reversal, refunded = row
    final = kind in (0, 2) and reversal is None and amount > 0
    return HistoryRow(
        id=str(pk),
        at=at,
        event_date=day,
        kind=kind,
        amount=amount,
        other=label,
        other_handle=handle,
        purpose=purpose,
        balance=balance,
        group=str(grp) if grp else None,
        ref=str(ref) if ref else None,
        reversed_by=str(reversal) if reversal else None,
        refunded=refunded,
        can_refund=amount - refunded if final else 0,
    )
