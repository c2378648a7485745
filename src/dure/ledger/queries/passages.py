"""What passed through a wallet (내역): rows with the balance after each, and statements.

Law: rows stand by their date, then by their number; the balance after the newest row is the
balance; opening plus rows is closing. Rows between parts of one wallet are left out, holds and
releases move nothing.

Nothing reads a whole account: a page begins at the newest row or at a mark and walks the index,
and the balance at a mark is counted from the nearer of the last closed period and now
(`ledger_balance_before`, one snapshot with the rows).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
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
EVER = date(1900, 1, 1)
NEVER = date(9999, 12, 31)
# How many rows a search looks through before it gives what it found and where to go on.
DEPTHS = (400, 5_000)

_TOUCHED = """
SELECT t.id, t.debit, t.credit, t.amount, t.kind, t.ref, t.grp, t.event_date, t.recorded_at,
       t.purpose,
       CASE WHEN t.kind IN (1, 3, 4) THEN 0 WHEN t.came THEN t.amount ELSE -t.amount END AS delta,
       CASE WHEN t.came THEN t.debit ELSE t.credit END AS other
  FROM unnest(%(ids)s::bigint[]) a (id) CROSS JOIN LATERAL (
    (SELECT d.*, false AS came FROM ledger_transfer d
      WHERE d.debit = a.id AND d.credit <> ALL (%(ids)s)
        AND d.event_date >= %(first)s AND (d.event_date, d.id) < (%(day)s, %(number)s)
      ORDER BY d.event_date DESC, d.id DESC LIMIT %(depth)s)
    UNION ALL
    (SELECT c.*, true FROM ledger_transfer c
      WHERE c.credit = a.id AND c.debit <> ALL (%(ids)s)
        AND c.event_date >= %(first)s AND (c.event_date, c.id) < (%(day)s, %(number)s)
      ORDER BY c.event_date DESC, c.id DESC LIMIT %(depth)s)
  ) t
 ORDER BY t.event_date DESC, t.id DESC LIMIT %(depth)s
"""
_COLUMNS = (
    "t.id, t.kind, t.ref, t.grp, t.event_date, t.recorded_at, t.purpose, t.amount, t.delta,"
    " t.other, t.after"
)
_PAGE = f"""
WITH touched AS MATERIALIZED ({_TOUCHED}), told AS (
  SELECT touched.*,
         (SELECT ledger_balance_before(%(ids)s, %(day)s, %(number)s))
           - coalesce(sum(delta) OVER (ORDER BY event_date DESC, id DESC
               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS after
    FROM touched
), fit AS (
  SELECT {_COLUMNS} FROM told t
   WHERE (%(text)s = '' OR t.purpose ILIKE %(like)s OR EXISTS (
           SELECT FROM ledger_account o WHERE o.id = t.other AND (o.handle ILIKE %(like)s
             OR (o.owner_person IS NULL AND o.label ILIKE %(like)s))))
     AND CASE %(kind)s WHEN 'in' THEN t.delta > 0 WHEN 'out' THEN t.delta < 0
                       WHEN 'held' THEN t.kind IN (1, 3, 4) WHEN 'undone' THEN t.kind IN (5, 6)
                       ELSE true END
   ORDER BY t.event_date DESC, t.id DESC LIMIT %(limit)s
)
SELECT seen.*, fit.* FROM (
  SELECT count(*), min(event_date),
         (SELECT id FROM touched ORDER BY event_date, id LIMIT 1) FROM touched
) seen LEFT JOIN fit ON true ORDER BY fit.event_date DESC, fit.id DESC
"""  # noqa: S608  # our own texts above
_STATEMENT = f"""
WITH touched AS MATERIALIZED ({_TOUCHED}), opening AS (
  SELECT ledger_balance_before(%(ids)s, %(first)s, 0) AS balance
), sums AS (
  SELECT opening.balance, count(touched.id) AS rows,
         coalesce(sum(delta) FILTER (WHERE delta > 0), 0) AS came,
         coalesce(sum(delta) FILTER (WHERE delta < 0), 0) AS went
    FROM opening LEFT JOIN touched ON true GROUP BY opening.balance
), t AS (
  SELECT touched.*, 0 AS after FROM touched ORDER BY event_date, id LIMIT %(limit)s
)
SELECT sums.balance, sums.rows, sums.came, sums.went, {_COLUMNS}
  FROM sums LEFT JOIN t ON true ORDER BY t.event_date, t.id
"""  # noqa: S608  # as above
# One arm an index over `ref`: together in one condition they would read the table.
_FOLLOWERS = """
WITH named (ids) AS (VALUES (%s::bigint[]))
SELECT f.* FROM named, LATERAL (
  SELECT id, ref, kind, amount, recorded_at, purpose FROM ledger_transfer
   WHERE ref = ANY (named.ids) AND kind IN (2, 3, 4)
  UNION ALL
  SELECT id, ref, kind, amount, recorded_at, purpose FROM ledger_transfer
   WHERE ref = ANY (named.ids) AND kind = 5
  UNION ALL
  SELECT id, ref, kind, amount, recorded_at, purpose FROM ledger_transfer
   WHERE ref = ANY (named.ids) AND kind = 6
) f ORDER BY f.id
"""
_NAMES = """
SELECT a.id, a.type, w.id, w.handle, w.label, o.name, w.owner_person IS NOT NULL
  FROM ledger_account a
  JOIN ledger_account w ON w.id = coalesce(CASE WHEN a.lot IS NOT NULL THEN a.parent END, a.id)
  LEFT JOIN registry_organisation o ON o.id = w.owner_organisation
 WHERE a.id = ANY (%s)
"""


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
class Mark:
    """A place in a wallet's rows: before the row of this date and number. Text `2026-06-01.17`."""

    day: date
    number: int

    def __str__(self) -> str:
        return f"{self.day.isoformat()}.{self.number}"

    @classmethod
    def read(cls, text: str) -> Mark | None:
        """Read the text of a mark; what is none gives None."""
        day, _, number = text.partition(".")
        if not (number.isascii() and number.isdigit() and len(number) < 19 and len(day) == 10):
            return None
        try:
            return cls(date.fromisoformat(day), int(number))
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, newest first. `older` is where the next page begins, None after the oldest row.

    A search looks through 5,000 rows at a time: `older` may stand behind few rows, or none.
    """

    rows: tuple[Passage, ...]
    older: Mark | None


@dataclass(frozen=True, slots=True)
class Statement:
    """A wallet over a period: opening, rows by date, closing. opening + came + went = closing.

    row_count : the rows of the period, of which `rows` may hold the first alone
    """

    wallet: Wallet
    first: date
    last: date
    opening: int
    came: int
    went: int
    closing: int
    row_count: int
    rows: tuple[Passage, ...]


def ids_of(wallet_id: int) -> list[int]:
    """The account of a wallet and its parts of lots."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM ledger_account WHERE parent = %s AND lot IS NOT NULL", [wallet_id]
        )
        return [wallet_id, *(number for (number,) in cursor.fetchall())]


def page(
    actor: Actor, account_id: int, sought: Sought, *, before: Mark | None = None, limit: int = 20
) -> Page:
    """The newest rows that fit, or those before a mark. Raises Refusal(NOT_FOUND)."""
    ids = ids_of(wallets.seen(actor, account_id))
    mark = Mark(NEVER, 0) if sought.last is None else Mark(sought.last, 2**63 - 1)
    if before is not None and (before.day, before.number) < (mark.day, mark.number):
        mark = before
    is_plain = not sought.text and not sought.kind
    for depth in (limit + 1,) if is_plain else DEPTHS:
        told = _asked(
            _PAGE,
            ids,
            first=sought.first or EVER,
            mark=mark,
            depth=depth,
            limit=limit + 1,
            text=sought.text,
            like="%" + _literal(sought.text) + "%",
            kind=sought.kind,
        )
        looked, day, number = told[0][:3]
        found = [row[3:] for row in told if row[3] is not None]
        if len(found) > limit or looked < depth:
            break
    rows = _passages(found[:limit])
    if len(found) > limit:
        return Page(rows, Mark(rows[-1].event_date, rows[-1].id))
    return Page(rows, Mark(day, number) if looked == depth else None)


def rows(actor: Actor, account_id: int, sought: Sought, *, limit: int = 20) -> tuple[Passage, ...]:
    """The newest rows that fit. Raises Refusal(NOT_FOUND)."""
    return page(actor, account_id, sought, limit=limit).rows


def statement(
    actor: Actor, account_id: int, first: date, last: date, *, rows_max: int | None = None
) -> Statement:
    """The statement of a period, both days included, with all rows or the first `rows_max`.

    Raises Refusal(NOT_FOUND).
    """
    wallet = wallets.one(actor, account_id)
    mark = Mark(last, 2**63 - 1)
    told = _asked(_STATEMENT, ids_of(wallet.id), first=first, mark=mark, depth=None, limit=rows_max)
    opening, row_count, came, went = map(int, told[0][:4])
    balance = opening
    found = []
    for one in _passages([row[4:] for row in told if row[4] is not None]):
        balance += one.delta
        found.append(replace(one, after=balance))
    closing = opening + came + went
    assert balance == closing or len(found) < row_count
    return Statement(wallet, first, last, opening, came, went, closing, row_count, tuple(found))


def _literal(text: str) -> str:
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def _asked(
    statement: str, ids: Sequence[int], *, first: date, mark: Mark, **more: str | int | None
) -> list[tuple[Any, ...]]:  # Any: columns of the statement
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {"ids": list(ids), "first": first, "day": mark.day, "number": mark.number, **more},
        )
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _passages(found: Sequence[tuple[Any, ...]]) -> tuple[Passage, ...]:  # Any: as above
    ids = [row[0] for row in found]
    undone: dict[int, int] = {}
    refunded: dict[int, int] = {}
    ended: set[int] = set()
    for number, ref, kind, amount, *_ in followers(ids):
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


def followers(
    ids: Sequence[int],
) -> list[tuple[int, int, int, int, datetime, str]]:
    """What ended, reversed or refunded these rows: id, ref, kind, amount, at, purpose, by id."""
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOWERS, [list(ids)])
        return list(cursor.fetchall())


def others(asked: Iterable[tuple[int, int, Any, bool]]) -> dict[int, tuple[str, str]]:  # Any: uuid
    """Name the other side of rows: (row, account, group, came in) → (name, handle).

    Between two books the other side is found at the far end of the group.
    """
    asked = list(asked)
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, [list({one[1] for one in asked})])
        named = {row[0]: row[1:] for row in cursor.fetchall()}
    groups = [one[2] for one in asked if one[2] and named[one[1]][0] == "clearing"]
    ends: dict[tuple[Any, bool], Account] = {}
    beyond = Transfer.rows.filter(grp__in=groups) if groups else Transfer.rows.none()
    for row in beyond.select_related("debit__owner_organisation", "credit__owner_organisation"):
        if row.debit.type != "clearing":
            ends[row.grp, True] = row.debit
        if row.credit.type != "clearing":
            ends[row.grp, False] = row.credit
    told = {}
    for number, account_id, group, came in asked:
        kind, whole, handle, label, organisation, is_person = named[account_id]
        end = ends.get((group, came)) if kind == "clearing" else None
        told[number] = (
            name_of(end) if end else _name(whole, handle, label, organisation, is_person=is_person)
        )
    return told


def name_of(account: Account) -> tuple[str, str]:
    """An account as the other side sees it: an organisation by name, a person by handle."""
    whole = account.parent if account.lot_id and account.parent else account
    owner = whole.owner_organisation
    is_person = whole.owner_person_id is not None
    named = None if owner is None else owner.name
    return _name(whole.pk, whole.handle, whole.label, named, is_person=is_person)


def _name(
    number: int, handle: str | None, label: str, organisation: str | None, *, is_person: bool
) -> tuple[str, str]:
    if organisation is not None:
        return organisation, handle or ""
    if is_person:
        return handle or NEIGHBOUR % {"n": number}, handle or ""
    return label, handle or ""
