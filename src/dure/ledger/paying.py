"""The short road of `ledger.transfer.post`: one SQL function that does what the door does.

Law: no second meaning. A person's plain payment from her own account takes it; whatever it does
not cover, and every refusal, takes the door. Catalogue entry, audit line, key and rows are equal.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Protocol, cast
from uuid import uuid4

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, transaction

from dure.core import statements
from dure.core.actors import Actor, ActorKind
from dure.core.catalogue import Entry, Outcome, from_plain
from dure.core.opening import set_mark
from dure.core.sqlstates import sqlstate
from dure.engines.canonical import canonical
from dure.engines.ledger_rows import row_key

PAY = f"SELECT ledger_pay({', '.join(['%s'] * 15)})"
# What the door tells better, after the statement has undone itself: used keys and other
# constraints, triggers, numbers out of range, deadlocks and lock timeouts.
DOORS = ("23", "P0001", "22", "40P01", "55P03", "42501")


class PayBody(Protocol):
    """The parsed body of `ledger.transfer.post`."""

    debit: str
    credit: str
    amount: int
    unit: str
    purpose: str
    event_date: date | None


def pay_short(
    entry: Entry, body: object, actor: Actor, key: str | None, body_hash: str | None
) -> Outcome[Any] | None:  # Any: as the door's
    """Pay in one statement; None when the door has to do it. Raises what breaks the connection."""
    if actor.kind is not ActorKind.PERSON or actor.acting_for is not None:
        return None
    asked = cast("PayBody", body)  # the door parsed it by this entry's own schema
    line = uuid4()
    places = (
        line, row_key(line, 0), actor.id, actor.origin, actor.request, key, body_hash,
        int(asked.debit), int(asked.credit), asked.amount, asked.unit, asked.purpose,
        asked.event_date, *_told(actor, key, body_hash),
    )  # fmt: skip
    try:
        row = _one_statement(places)
    except DatabaseError as error:
        if not (sqlstate(error) or "").startswith(DOORS):
            raise
        return None
    assert row is not None
    number = row[0]
    if number is None:
        return None
    return Outcome(from_plain(entry.result, {"ids": [str(number)]}), line, replayed=False)


def _told(actor: Actor, key: str | None, body_hash: str | None) -> tuple[str, str]:
    """What the line's digest covers between its moment and the row, and behind its organisation."""
    a_hash = f'"{body_hash}"' if body_hash else "null"
    middle = (
        f'","body_hash":{a_hash},"cause":null,"changes":{{}},"key":{_text(key)}'
        ',"object":"ledger.transfer:'
    )
    end = f'","origin":{_text(actor.origin)},"outcome":"done","reason":null,"result":{{"ids":["'
    return middle, end


def _text(value: str | None) -> str:
    return "null" if value is None else canonical(value).decode()


def _one_statement(places: tuple[object, ...]) -> statements.Row | None:
    """Run the statement, prepared, in a transaction of its own (a savepoint inside a test's)."""
    here = connections[DEFAULT_DB_ALIAS]
    here.close_if_health_check_failed()
    if not here.in_atomic_block:
        return statements.row(PAY, places)
    with transaction.atomic():
        mark = statements.row("SELECT coalesce(current_setting('dure.action', true), '')")
        assert mark is not None
        found = statements.row(PAY, places)
        set_mark(mark[0])  # a test's own transaction goes on after us
    return found
