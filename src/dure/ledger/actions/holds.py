"""Holds: value set aside now, moved or released later."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from dure.core import clock, jobs, locks
from dure.core.actions import Who, action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.core.types import IsoInstant
from dure.ledger import policies
from dure.ledger.errors import LedgerCode
from dure.ledger.models import Account, Transfer
from dure.ledger.payments import movements_of
from dure.ledger.posting import Kind, Movement, post
from dure.ledger.queries import subjects
from dure.ledger.types import Amount, Purpose, RowId, UnitCode

from .transfers import REFUSED, Receipt, needs_second, note_posting

EXPIRE_AT_ONCE = 1000
ENDS = (Kind.SETTLE, Kind.VOID, Kind.EXPIRE)


@action(
    "ledger.hold.place",
    ko="보낼 것을 미리 떼어 둡니다.",
    en="Set an amount aside for a payee.",
    policy=policies.may_pay,
    letters=policies.OWN_AND_SPENDERS,
    subject=subjects.pair,
    ahead=subjects.asked_of_pair,
    idempotent=True,
    audit_refusals=True,
    value=True,
    second_person=needs_second,
    for_another=True,
    writes=("ledger_transfer", "ledger_account"),
    refusals=REFUSED,
)
def place_hold(
    debit: RowId,
    credit: RowId,
    amount: Amount,
    unit: UnitCode,
    purpose: Purpose,
    expires_at: IsoInstant,
    *,
    actor: Actor,
) -> Receipt:
    """Hold an amount: it counts against the payer at once and reaches the payee when settled."""
    pair = subject(subjects.Pair)
    if expires_at <= clock.now():
        accepted = T("지금보다 뒤", "later than now")
        raise Refusal(CoreCode.BAD_FIELD, field="expires_at", range=accepted)
    (plain,) = movements_of(pair.debit, pair.credit, amount, purpose)
    hold = Movement(
        plain.debit, plain.credit, amount, purpose, kind=Kind.HOLD, expires_at=expires_at
    )
    return note_posting(post([hold]), pair.book)


@action(
    "ledger.hold.settle",
    ko="떼어 둔 것을 보냅니다.",
    en="Settle a hold.",
    policy=policies.may_settle,
    letters=policies.OWN_AND_SPENDERS,
    subject=subjects.hold,
    idempotent=True,
    audit_refusals=True,
    value=True,
    writes=("ledger_transfer", "ledger_account"),
    refusals=(
        *REFUSED,
        LedgerCode.HOLD_EXPIRED,
        LedgerCode.ALREADY_RESOLVED,
        LedgerCode.BAD_REF,
    ),
)
def settle_hold(hold_id: RowId, amount: Amount | None = None, *, actor: Actor) -> Receipt:
    """Move `amount` (or all) of a hold; the rest is free again."""
    held = subject(subjects.Posted)
    return note_posting(post([ending(held.transfer, Kind.SETTLE, amount)]), held.book)


@action(
    "ledger.hold.void",
    ko="떼어 둔 것을 풉니다.",
    en="Release a hold.",
    policy=policies.may_void,
    letters=policies.OWN_AND_SPENDERS,
    subject=subjects.hold,
    idempotent=True,
    audit_refusals=True,
    writes=("ledger_transfer", "ledger_account"),
    refusals=(LedgerCode.ALREADY_RESOLVED, LedgerCode.BAD_REF, LedgerCode.NOT_OPEN),
)
def void_hold(hold_id: RowId, *, actor: Actor) -> Receipt:
    """Release the whole hold; by its payee or who keeps the book."""
    held = subject(subjects.Posted)
    return note_posting(post([ending(held.transfer, Kind.VOID)]), held.book)


def ending(hold: Transfer, kind: Kind, amount: int | None = None) -> Movement:
    """The row that settles, voids or expires a hold."""
    assert kind in ENDS
    return Movement(
        hold.debit_id,
        hold.credit_id,
        amount or hold.amount,
        hold.purpose,
        kind=kind,
        ref=hold.pk,
        group=hold.grp,
        lot=hold.lot,
    )


@dataclass(frozen=True, slots=True)
class Expired:
    """How many holds were released."""

    holds: int


@action(
    "ledger.hold.expire",
    ko="기한이 지난 보류를 풉니다.",
    en="Release the holds that have expired.",
    policy=policies.may_run_timers,
    letters={Role.OPERATOR: "o"},
    who=(Who.TIMER, Who.OPERATOR),
    faces=("job", "cli"),
    long=True,
    writes=("ledger_transfer", "ledger_account"),
)
def expire_holds(*, actor: Actor) -> Expired:
    """Release at most 1,000 expired holds, the earliest first, those of frozen accounts too.

    An expiry moves nothing, so a frozen account keeps what it has. No row at all reaches a frozen
    account; so it is open from the lock to the end of the posting, which no other transaction
    sees, and frozen again before the commit.
    """
    holds = due_holds(EXPIRE_AT_ONCE)
    if not holds:
        return Expired(0)
    frozen = _frozen({end for hold in holds for end in (hold.debit_id, hold.credit_id)})
    _mark(frozen, Account.Status.OPEN)
    ids = post([ending(hold, Kind.EXPIRE) for hold in holds])
    _mark(frozen, Account.Status.FROZEN)
    line().changed("holds", None, len(ids))
    return Expired(len(ids))


def _frozen(accounts: set[int]) -> list[int]:
    """Which of these accounts are frozen; all of them locked, in the order of every posting."""
    locked = locks.rows(Account.rows.filter(pk__in=accounts))
    return [one.pk for one in locked if one.status == Account.Status.FROZEN]


def _mark(accounts: list[int], status: Account.Status) -> None:
    if accounts:
        Account.rows.filter(pk__in=accounts).update(status=status)


DUE = """
SELECT h.* FROM ledger_transfer h
JOIN ledger_account d ON d.id = h.debit AND d.status <> 'closed'
JOIN ledger_account c ON c.id = h.credit AND c.status <> 'closed'
WHERE h.kind = 1 AND h.expires_at <= dure_now() AND (d.held_out > 0 OR c.held_in > 0)
    AND NOT EXISTS (SELECT FROM ledger_transfer e WHERE e.ref = h.id AND e.kind IN (2, 3, 4))
ORDER BY h.expires_at, h.id LIMIT %s
"""


def due_holds(limit: int) -> list[Transfer]:
    """Holds that are open past their end."""
    return list(Transfer.rows.raw(DUE, [limit]))


def is_hold_due() -> bool:
    """Whether a hold waits to expire."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS ({DUE})", [1])  # a text of this module
        (found,) = cursor.fetchone()
    return bool(found)


jobs.timer("ledger.hold.expire", cron="* * * * *", when=is_hold_due)
