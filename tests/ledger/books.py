"""Books and accounts that a test needs, and the roads by which rows reach them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

import psycopg
from django.db import connection as django_connection
from django.db.utils import DatabaseError
from psycopg.types.json import Jsonb

from dure.core import clock
from dure.engines.ledger_rows import TransferBody, body_hash
from dure.ledger.models import Account, Book, Transfer, Unit
from dure.registry.models import Organisation
from tests.harness.given import given
from tests.harness.people import MAPO, organisation
from tests.ledger import model

# What the database calls a refusal → what the oracle calls it.
NAMES: Final[dict[str, frozenset[str]]] = {
    name: frozenset(codes.split())
    for name, codes in {
        "transfer_amount_in_range": "amount",
        "transfer_between_two_accounts": "same_account",
        "transfer_debit_in_book_and_unit": "cross_book cross_unit not_found",
        "transfer_credit_in_book_and_unit": "cross_book cross_unit not_found",
        "transfer_key_once": "key_reused duplicate_key",
        "ledger_no_account": "not_found",
        "transfer_hold_ends_once": "already_resolved",
        "transfer_reversed_once": "already_reversed",
        "transfer_ref_fits_kind": "ref",
        "transfer_hold_has_an_end": "ref",
        "ledger_bad_ref": "ref",
        "ledger_amount": "amount",
        "ledger_cross_unit": "cross_unit",
        "ledger_cross_book": "cross_book",
        "ledger_floor": "insufficient",
        "account_floor": "insufficient",
        "ledger_ceiling": "over_ceiling",
        "account_ceiling": "over_ceiling",
        "in_order": "insufficient over_ceiling",
        "ledger_hold_expired": "hold_expired",
        "ledger_hold_runs": "not_expired",
        "ledger_already_reversed": "already_reversed",
        "ledger_refunded": "refunded",
        "ledger_period_closed": "period_closed period",
        "ledger_future_date": "future_date",
        "ledger_not_open": "not_open",
        "ledger_lot_over": "lot_expired",
        "ledger_key_reused": "key_reused",
        "ledger_key_twice": "duplicate_key",
        "account_is_empty_when_closed": "not_empty",
        "ledger_limit": "limits insufficient over_ceiling",
        "ledger_period_not_over": "period",
    }.items()
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the database said: SQLSTATE and the name of the constraint or rule."""

    state: str
    name: str

    @property
    def codes(self) -> frozenset[str]:
        return NAMES.get(self.name, frozenset({self.name}))


def refusal_of(error: BaseException) -> Refusal:
    """Read a database's refusal, raised by psycopg or through Django."""
    cause = error.__cause__ if isinstance(error, DatabaseError) else error
    assert isinstance(cause, psycopg.Error), error
    name = cause.diag.constraint_name or (cause.diag.message_primary or "").split(":")[-1].strip()
    return Refusal(cause.sqlstate or "", name)


def book(name: str = "장부", of: Organisation | None = None) -> Book:
    """An empty book of an organisation."""
    owner = of or organisation()
    with given() as audit:
        return Book.rows.create(
            organisation=owner, district=MAPO, name=name, opened_at=clock.now(), audit=audit
        )


def account(
    within: Book,
    unit: str = "TIME",
    lo: int | None = 0,
    hi: int | None = None,
    kind: str = "liability",
    **more: Any,  # Any: further columns
) -> Account:
    """An open account without a balance, with limits of its own."""
    with given() as audit:
        made = Account.rows.create(
            book=within,
            unit=Unit.rows.get(code=unit),
            type=kind,
            label=more.pop("label", kind),
            opened_at=clock.now(),
            audit=audit,
            **more,
        )
        with django_connection.cursor() as cursor:
            cursor.execute("SELECT ledger_set_limits(%s, %s, %s, 'test')", [made.pk, lo, hi])
    made.refresh_from_db()
    return made


def fund(source: Account, accounts: Sequence[Account], amount: int) -> None:
    """Give each account an amount from a source."""
    rows = [
        {"ikey": str(uuid4()), "debit": source.pk, "credit": one.pk, "amount": amount}
        for one in accounts
    ]
    with given(), django_connection.cursor() as cursor:
        body = json.dumps([{**row, "purpose": "test.fund"} for row in rows])
        cursor.execute("SELECT ledger_post(%s)", [body])


def mark(connection: psycopg.Connection) -> UUID:
    """Say that an action runs in the present transaction; gives its line."""
    line = uuid4()
    connection.execute(
        "SELECT set_config('dure.action', %s || '@' || pg_current_xact_id()::text, true)",
        (str(line),),
    )
    return line


# -- roads ---------------------------------------------------------------------------------------

INSERT: Final = """
INSERT INTO ledger_transfer (ikey, debit, credit, amount, purpose, kind, ref, grp, lot, event_date,
    expires_at, book, unit, audit, body_hash)
SELECT r.ikey, r.debit, r.credit, r.amount, r.purpose, r.kind, r.ref, r.grp, r.lot, r.event_date,
    r.expires_at, a.book, a.unit, %(audit)s,
    ledger_body_hash(r.kind, a.book, u.code, r.debit, r.credit, r.amount, r.event_date, r.purpose,
        r.ref, r.grp, r.lot, r.expires_at)
FROM ROWS FROM (jsonb_to_recordset(%(rows)s) AS (ikey uuid, debit bigint, credit bigint,
    amount bigint, purpose text, kind smallint, ref bigint, grp uuid, lot bigint, event_date date,
    expires_at timestamptz)) WITH ORDINALITY AS r (ikey, debit, credit, amount, purpose, kind, ref,
    grp, lot, event_date, expires_at, place)
LEFT JOIN ledger_account a ON a.id = r.debit LEFT JOIN ledger_unit u ON u.id = a.unit
ORDER BY r.place RETURNING id
"""


class Roads:
    """The ways into the ledger: its function, a plain INSERT, the ORM. Each is one transaction."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        self.ids: dict[UUID, int] = {}  # of the rows that stand, by their key

    def post(self, road: str, rows: Sequence[model.Row]) -> list[int]:
        """Post rows by one road; raises what the database raised."""
        plain = [self._plain(row) for row in rows]
        if road == "orm":
            ids = self._by_orm(plain)
        else:
            with self.connection.transaction():
                line = mark(self.connection)
                if road == "function":
                    answer = self.connection.execute("SELECT ledger_post(%s)", (Jsonb(plain),))
                    ids = list(answer.fetchone()[0])  # type: ignore[index]  # one row always
                else:
                    body = {"rows": Jsonb(plain), "audit": line}
                    ids = [number for (number,) in self.connection.execute(INSERT, body)]
        assert len(ids) == len(rows)
        self.ids |= {row.key: number for row, number in zip(rows, ids, strict=True)}
        return ids

    def _plain(self, row: model.Row) -> dict[str, Any]:  # Any: a JSON object
        return {
            "ikey": str(row.key),
            "debit": row.debit,
            "credit": row.credit,
            "amount": row.amount,
            "purpose": row.purpose,
            "kind": int(row.kind),
            "ref": None if row.ref is None else self.ids.get(row.ref, -1),
            "grp": row.group and str(row.group),
            "lot": row.lot,
            "event_date": row.event_date.isoformat(),
            "expires_at": row.expires_at and row.expires_at.isoformat(),
        }

    @staticmethod
    def _by_orm(plain: Sequence[dict[str, Any]]) -> list[int]:  # Any: as above
        with given() as audit:
            accounts = Account.rows.select_related("unit").in_bulk([row["debit"] for row in plain])
            made = []
            for row in plain:
                debit = accounts[row["debit"]]
                when = row["expires_at"] and datetime.fromisoformat(row["expires_at"])
                day = date.fromisoformat(row["event_date"])
                body = TransferBody(
                    kind=row["kind"],
                    book=debit.book_id,
                    unit=debit.unit.code,
                    debit=debit.pk,
                    credit=row["credit"],
                    amount=row["amount"],
                    event_date=day,
                    purpose=row["purpose"],
                    ref=row["ref"],
                    group=row["grp"] and UUID(row["grp"]),
                    lot=row["lot"],
                    expires_at=when,
                )
                made.append(
                    Transfer(
                        ikey=row["ikey"],
                        book=debit.book_id,
                        unit=debit.unit_id,
                        debit=debit,
                        credit_id=row["credit"],
                        amount=row["amount"],
                        purpose=row["purpose"],
                        kind=row["kind"],
                        ref_id=row["ref"],
                        grp=row["grp"],
                        lot=row["lot"],
                        event_date=day,
                        expires_at=when,
                        audit=audit,
                        body_hash=body_hash(body),
                    )
                )
            return [row.pk for row in Transfer.rows.bulk_create(made)]
