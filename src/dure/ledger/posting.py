"""Posting: the one way an action moves value.

Nouns: movement (움직임, one row to be), posting (기입, one statement).
Law: one action, one posting statement. The database applies it; what it refuses is told here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction

from dure.core import locks, parsers, running, statements
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.sqlstates import constraint, sqlstate
from dure.core.text import T
from dure.engines.ledger_rows import row_key

from .errors import CONSTRAINTS, LedgerCode
from .models import AMOUNT_MAX, Account
from .policies import KEEPERS

PURPOSE_MAX = 120


class Kind(IntEnum):
    """What a row does."""

    POST = 0
    HOLD = 1
    SETTLE = 2
    VOID = 3
    EXPIRE = 4
    REVERSAL = 5
    REFUND = 6


@dataclass(frozen=True, slots=True)
class Movement:
    """One row to be: `amount` leaves `debit` and reaches `credit`."""

    debit: int
    credit: int
    amount: int
    purpose: str
    kind: Kind = Kind.POST
    ref: int | None = None
    group: UUID | None = None
    lot: int | None = None
    event_date: date | None = None
    expires_at: datetime | None = None
    rule_version: UUID | None = None
    key: UUID | None = None  # where a row has a key of its own (demurrage, expiry, schedule)


def post(movements: Sequence[Movement]) -> tuple[int, ...]:
    """Post all rows of the running action in one statement; gives their ids in order.

    Raises `Refusal` with the codes of `LedgerCode`; then the whole action is undone.
    """
    present = running.current()
    assert movements, "nothing to post"
    assert _first_posting(present), f"{present.entry.name}: a second posting statement"
    for movement in movements:
        _check(movement)
    return _post(movements, present)


def keys_of(movements: Sequence[Movement], first: int = 0) -> tuple[UUID, ...]:
    """The keys of the rows that the running action posts, in their order: a row's name for good,
    known before the ledger has numbered it. first : how many rows of it come before these"""
    line_id = running.current().line.id
    return tuple(one.key or row_key(line_id, place) for place, one in enumerate(movements, first))


def post_fitting(
    groups: Sequence[Sequence[Movement]], then: Callable[[Sequence[Movement], int], object]
) -> dict[int, Refusal]:
    """Post the rows of many cases in one statement; a group stands or falls together.

    groups : the rows of each case, in the order in which they would have been posted alone
    then   : what is written beside rows that stand, given them and how many come before them; a
             group for which it refuses does not fit
    Returns  {} when all was posted. Else nothing is, and what is told is which groups do not fit,
             by their place, each tried behind those before it that do; the caller leaves them out
             and posts again. Their accounts stay locked, ids rising, until the transaction ends.
    """
    present = running.current()
    assert LEDGER_STATEMENT not in present.locked_tables, "a second posting statement"
    try:
        with transaction.atomic():
            for movement in (one for group in groups for one in group):
                _check(movement)
            rows = [one for group in groups for one in group]
            _post(rows, present)
            then(rows, 0)
    except Refusal:
        found = _misfits(groups, present, then)
        if not found:
            raise
        return found
    assert _first_posting(present), "posted before"
    return {}


def _misfits(
    groups: Sequence[Sequence[Movement]],
    present: running.Running,
    then: Callable[[Sequence[Movement], int], object],
) -> dict[int, Refusal]:
    ends = {end for group in groups for one in group for end in (one.debit, one.credit)}
    locks.rows(Account.rows.filter(pk__in=ends))
    found: dict[int, Refusal] = {}
    place = 0
    with transaction.atomic():
        for number, group in enumerate(groups):
            try:
                with transaction.atomic():
                    for movement in group:
                        _check(movement)
                    _post(group, present, first=place)
                    then(group, place)
            except Refusal as refusal:
                found[number] = refusal
            place += len(group)
        transaction.set_rollback(True)
    return found


def post_again(movement: Movement, place: int) -> None:
    """Try the row of one place inside a savepoint of an action that is about to be refused.

    For the report of a batch: its own statement was undone before, and this one will be.
    """
    _check(movement)
    _post([movement], running.current(), first=place)


def _post(
    movements: Sequence[Movement], present: running.Running, first: int = 0
) -> tuple[int, ...]:
    rows = [_row(movement, n, present.line.id) for n, movement in enumerate(movements, first)]
    text = json.dumps(rows, ensure_ascii=False)
    with told(present.actor):
        found = statements.row("SELECT ledger_post(%s::jsonb, %s)", (text, present.actor.id))
    assert found is not None
    return tuple(found[0])


def _first_posting(present: running.Running) -> bool:
    """Note the posting in the order of locks; False when this transaction has posted before."""
    if LEDGER_STATEMENT in present.locked_tables or present.locked >= LEDGER_RANK:
        return False
    present.locked, present.locked_what = LEDGER_RANK, LEDGER_STATEMENT
    present.locked_tables.append(LEDGER_STATEMENT)
    return True


LEDGER_STATEMENT = "ledger statement"
LEDGER_RANK = (2, 0, 0)  # after every row lock of `core.locks`


def _check(movement: Movement) -> None:
    amount, purpose = movement.amount, movement.purpose
    if type(amount) is not int or not 1 <= amount <= AMOUNT_MAX:  # a bool is no amount
        raise Refusal(LedgerCode.AMOUNT, field="amount", range=AMOUNTS)
    if movement.debit == movement.credit:
        raise Refusal(LedgerCode.SAME_ACCOUNT)
    try:
        parsed = parsers.line(purpose)
    except parsers.ParseError as error:
        raise Refusal(error.code, field="purpose", range=error.accepted) from None
    if parsed != purpose or len(purpose) > PURPOSE_MAX:
        accepted = T(f"{PURPOSE_MAX}자 이하 한 줄", f"one line of at most {PURPOSE_MAX} characters")
        raise Refusal(CoreCode.BAD_FIELD, field="purpose", range=accepted)


AMOUNTS = T("1부터 1,000,000,000,000까지의 정수", "a whole number from 1 to 1,000,000,000,000")


def _row(movement: Movement, ordinal: int, line_id: UUID) -> dict[str, object]:
    row: dict[str, object] = {
        "ikey": str(movement.key or row_key(line_id, ordinal)),
        "debit": movement.debit,
        "credit": movement.credit,
        "amount": movement.amount,
        "purpose": movement.purpose,
    }
    more = {
        "kind": int(movement.kind) or None,
        "ref": movement.ref,
        "grp": _text(movement.group),
        "lot": movement.lot,
        "event_date": movement.event_date and movement.event_date.isoformat(),
        "expires_at": movement.expires_at and movement.expires_at.isoformat(),
        "rule_version": _text(movement.rule_version),
    }
    row.update({name: value for name, value in more.items() if value is not None})
    return row


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None


@contextmanager
def told(actor: Actor) -> Iterator[None]:
    """Tell what the ledger's functions refuse as the sentence a person reads."""
    try:
        yield
    except DatabaseError as error:
        if sqlstate(error) not in ("23514", "23505"):
            raise
        refusal = refusal_of(constraint(error) or "", _detail(error), actor)
        if refusal is None:
            raise
        raise refusal from error


def refusal_of(name: str, detail: dict[str, Any], actor: Actor) -> Refusal | None:
    """The refusal of a constraint's name; None for what is a bug. `detail` as the SQL gives it."""
    if name == "ledger_no_account":
        return Refusal(CoreCode.NOT_FOUND)
    if name == "transfer_key_once":
        return Refusal(CoreCode.KEY_REUSED)
    if name == "ledger_key_twice":
        return Refusal(LedgerCode.KEY_TWICE)
    if name == "ledger_period_not_over":
        return Refusal(LedgerCode.PERIOD_NOT_OVER, last=detail.get("last", ""))
    code = CONSTRAINTS.get(name)
    if code is None:
        return None
    if code is LedgerCode.AMOUNT:
        return Refusal(code, field="amount", range=AMOUNTS)
    if code is LedgerCode.PERIOD_CLOSED:
        return Refusal(code, field="event_date", first_open=detail.get("first_open", ""))
    if code is LedgerCode.INSUFFICIENT:
        if not _sees_balance(actor, detail):
            return Refusal(LedgerCode.SHORT)
        return Refusal(code, field="amount", spendable=detail.get("spendable"))
    return Refusal(code)


def _sees_balance(actor: Actor, detail: dict[str, Any]) -> bool:  # Any: JSON of the database
    person, organisation = detail.get("owner_person"), detail.get("owner_organisation")
    if person is not None:
        return str(actor.acting_for or actor.id) == str(person)
    return organisation is not None and any(
        actor.has(role, organisation=organisation) for role in KEEPERS
    )


def _detail(error: BaseException) -> dict[str, Any]:  # Any: as above
    text = getattr(getattr(error.__cause__, "diag", None), "message_detail", None)
    if not text or not text.startswith("{"):
        return {}
    found: dict[str, Any] = json.loads(text)
    return found
