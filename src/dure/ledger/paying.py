"""The short road of `ledger.transfer.post`: one SQL function that does what the door does.

Law: no second meaning. A person's plain payment from her own account takes it; whatever it does
not cover, and every refusal, takes the door. Catalogue entry, audit line, key and rows are equal.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Protocol, cast
from uuid import uuid4

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, transaction

from dure.core import statements
from dure.core.actors import Actor, ActorKind
from dure.core.catalogue import Entry, Outcome, from_plain
from dure.core.sqlstates import sqlstate
from dure.engines.ledger_rows import row_key

PAY = """
SELECT line, hash, answer, replayed
FROM ledger_pay(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
# What the door tells better, after the statement has undone itself: constraints, triggers,
# numbers out of range, deadlocks and lock timeouts.
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
        asked.event_date,
    )  # fmt: skip
    try:
        found = _one_statement(places)
    except DatabaseError as error:
        if not (sqlstate(error) or "").startswith(DOORS):
            raise
        return None
    used_line, used_hash, answer, replayed = found
    if used_line is None or (replayed and used_hash != body_hash):
        return None
    plain = json.loads(answer) if isinstance(answer, str) else answer
    return Outcome(from_plain(entry.result, plain), used_line, replayed=replayed)


def _one_statement(places: tuple[object, ...]) -> tuple[Any, ...]:  # Any: columns
    """Run the statement, prepared, in a transaction of its own (a savepoint inside a test's)."""
    here = connections[DEFAULT_DB_ALIAS]
    here.close_if_health_check_failed()
    if here.in_atomic_block:
        with transaction.atomic():
            return _ask(places)
    return _ask(places)


def _ask(places: tuple[object, ...]) -> tuple[Any, ...]:  # Any: columns
    row = statements.row(PAY, places)
    assert row is not None
    return row
