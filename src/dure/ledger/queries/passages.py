"""What passed through a wallet (내역): rows with the balance after each, and statements.

Law: the balance after the newest row is the balance; opening plus rows is closing. Rows between
parts of one wallet are left out, holds and releases move nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from dure.core.actors import Actor
from dure.ledger import purposes
from dure.ledger.models import Account, Transfer

from . import wallets
from .payees import NEIGHBOUR
from .wallets import Wallet

KINDS = frozenset({"in", "out", "held", "undone"})

_ROWS = """
WITH touched AS (
  SELECT id, debit, credit, amount, kind, ref, grp, event_date, recorded_at, purpose
    FROM ledger_transfer WHERE debit = ANY(%(ids)s) AND NOT credit = ANY(%(ids)s)
  UNION ALL
  SELECT id, debit, credit, amount, kind, ref, grp, event_date, recorded_at, purpose
    FROM ledger_transfer WHERE credit = ANY(%(ids)s) AND NOT debit = ANY(%(ids)s)
), moved AS (
  SELECT touched.*,
         CASE WHEN kind IN (1, 3, 4) THEN 0 WHEN credit = ANY(%(ids)s) THEN amount ELSE -amount END
           AS delta,
         CASE WHEN credit = ANY(%(ids)s) THEN debit ELSE credit END AS other
    FROM touched
), told AS (
  SELECT moved.*,
         (SELECT coalesce(sum(balance), 0) FROM ledger_account WHERE id = ANY(%(ids)s))
           - coalesce(sum(delta) OVER (ORDER BY id DESC
               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS after
    FROM moved
)
SELECT {columns} FROM told LEFT JOIN ledger_account o ON o.id = told.other
 WHERE (%(first)s::date IS NULL OR event_date >= %(first)s)
   AND (%(last)s::date IS NULL OR event_date <= %(last)s)
   AND (%(text)s = '' OR purpose ILIKE %(like)s OR o.handle ILIKE %(like)s
        OR (o.owner_person IS NULL AND o.label ILIKE %(like)s))
   AND CASE %(kind)s WHEN 'in' THEN delta > 0 WHEN 'out' THEN delta < 0
                     WHEN 'held' THEN kind IN (1, 3, 4) WHEN 'undone' THEN kind IN (5, 6)
                     ELSE true END
"""
_COLUMNS = (
    "told.id, told.kind, told.ref, told.grp, event_date, recorded_at, purpose, amount, delta,"
    " told.other, after"
)


@dataclass(frozen=True, slots=True)
class Passage:
    """One row as the wallet's owner sees it; amounts in minor units.

    delta       : what it changed: + in, − out, 0 for holds and their release
    other       : the other side in words     handle : where it could be paid again, or empty
    reversed_by : the row that undid it       refunded : what came back in parts
    """

    id: int
    kind: int
    ref: int | None
    event_date: date
    at: datetime
    purpose: str
    amount: int
    delta: int
    after: int
    other: str
    handle: str
    reversed_by: int | None
    refunded: int
    is_open_hold: bool


@dataclass(frozen=True, slots=True)
class Sought:
    """What a reader looks for; blanks stand for everything."""

    text: str = ""
    first: date | None = None
    last: date | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A wallet over a period: opening, rows by date, closing. opening + came + went = closing."""

    wallet: Wallet
    first: date
    last: date
    opening: int
    came: int
    went: int
    closing: int
    rows: tuple[Passage, ...]


def ids_of(wallet: Wallet) -> list[int]:
    """The account of a wallet and its parts of lots."""
    parts = Account.rows.filter(parent=wallet.id, lot__isnull=False).values_list("id", flat=True)
    return [wallet.id, *parts]


def count(actor: Actor, account_id: int, sought: Sought) -> int:
    """How many rows fit. Raises Refusal(NOT_FOUND)."""
    wallet = wallets.one(actor, account_id)
    ((number,),) = _asked("count(*)", ids_of(wallet), sought)
    return int(number)


def rows(
    actor: Actor, account_id: int, sought: Sought, *, skip: int = 0, limit: int = 20
) -> tuple[Passage, ...]:
    """The newest rows that fit. Raises Refusal(NOT_FOUND)."""
    wallet = wallets.one(actor, account_id)
    order = " ORDER BY told.id DESC LIMIT %(limit)s OFFSET %(skip)s"
    return _passages(_asked(_COLUMNS, ids_of(wallet), sought, order, limit=limit, skip=skip))


def statement(actor: Actor, account_id: int, first: date, last: date) -> Statement:
    """The statement of a period, both days included. Raises Refusal(NOT_FOUND)."""
    wallet = wallets.one(actor, account_id)
    ids = ids_of(wallet)
    everything = _asked(_COLUMNS, ids, Sought(last=last), " ORDER BY event_date, told.id")
    opening = sum(row[8] for row in everything if row[4] < first)
    balance = opening
    found = []
    for one in _passages([row for row in everything if row[4] >= first]):
        balance += one.delta
        found.append(_with_after(one, balance))
    came = sum(one.delta for one in found if one.delta > 0)
    went = sum(one.delta for one in found if one.delta < 0)
    assert opening + came + went == balance
    return Statement(wallet, first, last, opening, came, went, balance, tuple(found))


def _with_after(one: Passage, after: int) -> Passage:
    from dataclasses import replace

    return replace(one, after=after)


def _asked(
    columns: str, ids: Sequence[int], sought: Sought, tail: str = "", **more: int
) -> list[tuple[Any, ...]]:  # Any: columns of the statement
    like = "%" + sought.text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
    with connection.cursor() as cursor:
        cursor.execute(
            _ROWS.format(columns=columns) + tail,
            {
                "ids": list(ids),
                "first": sought.first,
                "last": sought.last,
                "text": sought.text,
                "like": like,
                "kind": sought.kind,
                **more,
            },
        )
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _passages(found: Sequence[tuple[Any, ...]]) -> tuple[Passage, ...]:  # Any: as above
    ids = [row[0] for row in found]
    undone: dict[int, int] = {}
    refunded: dict[int, int] = {}
    ended: set[int] = set()
    for number, ref, kind, amount in Transfer.rows.filter(ref__in=ids).values_list(
        "id", "ref", "kind", "amount"
    ):
        if kind == Transfer.Kind.REVERSAL:
            undone[ref] = number
        elif kind == Transfer.Kind.REFUND:
            refunded[ref] = refunded.get(ref, 0) + amount
        else:
            ended.add(ref)
    sides = others([(row[0], row[9], row[3], row[8] >= 0) for row in found])
    return tuple(
        Passage(
            id=row[0],
            kind=row[1],
            ref=row[2],
            event_date=row[4],
            at=row[5],
            purpose=str(purposes.words(row[6])),
            amount=row[7],
            delta=row[8],
            after=int(row[10]),
            other=sides[row[0]][0],
            handle=sides[row[0]][1],
            reversed_by=undone.get(row[0]),
            refunded=refunded.get(row[0], 0),
            is_open_hold=row[1] == Transfer.Kind.HOLD and row[0] not in ended,
        )
        for row in found
    )


def others(asked: Iterable[tuple[int, int, Any, bool]]) -> dict[int, tuple[str, str]]:  # Any: uuid
    """Name the other side of rows: (row, account, group, came in) → (name, handle).

    Between two books the other side is found at the far end of the group.
    """
    asked = list(asked)
    accounts = {
        account.pk: account
        for account in Account.rows.filter(pk__in={one[1] for one in asked}).select_related(
            "owner_organisation", "parent__owner_organisation"
        )
    }
    groups = [one[2] for one in asked if one[2] and accounts[one[1]].type == "clearing"]
    ends: dict[tuple[Any, bool], Account] = {}
    for row in Transfer.rows.filter(grp__in=groups).select_related(
        "debit__owner_organisation", "credit__owner_organisation"
    ):
        if row.debit.type != "clearing":
            ends[row.grp, True] = row.debit
        if row.credit.type != "clearing":
            ends[row.grp, False] = row.credit
    told = {}
    for number, account_id, group, came in asked:
        account = accounts[account_id]
        if account.type == "clearing":
            account = ends.get((group, came), account)
        told[number] = name_of(account)
    return told


def name_of(account: Account) -> tuple[str, str]:
    """An account as the other side sees it: an organisation by name, a person by handle."""
    whole = account.parent if account.lot_id and account.parent else account
    if whole.owner_organisation is not None:
        return whole.owner_organisation.name, whole.handle or ""
    if whole.owner_person_id is not None:
        return whole.handle or NEIGHBOUR % {"n": whole.pk}, whole.handle or ""
    return whole.label, whole.handle or ""
