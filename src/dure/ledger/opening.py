"""Accounts as programmes open them: issuer, funds, fees, members, shops, parts of lots.

Nouns: member account (회원 계정), part of a lot (묶음 계정: what one holder has of one lot).
Law: a new account is empty; value reaches it by a posting alone. A holder of lots has nothing
outside them (ceiling 0), so that no voucher is without its expiry before it is spent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from dure.core import clock, running
from dure.core.errors import Refusal
from dure.core.running import line

from .models import Account, Lot, Programme
from .posting import told
from .programme_errors import ProgrammeCode

RULES = "사업의 규칙에 따른 한도"
WON = "KRW"
POSTED = ("ledger_transfer", "ledger_account")
OPENED = ("ledger_account", "ledger_limitchange")
ROWS_MAX = 1_000


def rule(programme: Programme, part: str) -> int:
    """The value of one of a programme's rules as it was when it opened; 0 where it has none."""
    found = stated(programme, part)
    return found if isinstance(found, int) else 0


def stated(programme: Programme, part: str) -> Any:  # Any: integer, word or nothing
    """The value of a programme's rule, a number or a word; None where it has none."""
    pair = programme.rules.get(part)
    return pair["value"] if pair else None


def make(
    *,
    book_id: int,
    unit_id: int,
    kind: str,
    label: str,
    limits: tuple[int | None, int | None] | None = None,
    person: UUID | str | None = None,
    organisation: UUID | str | None = None,
) -> Account:
    """Open one empty account inside the running action; `limits` (lo, hi) if not its type's."""
    made: Account = Account.rows.create(
        book_id=book_id,
        unit_id=unit_id,
        type=kind,
        label=label,
        owner_person_id=person,
        owner_organisation_id=organisation,
        opened_at=clock.now(),
        audit=line().id,
    )
    if limits is not None:
        _limit(made, *limits)
    return made


def _limit(account: Account, lo: int | None, hi: int | None) -> None:
    """Set the limits that a programme's rules give, with a row of their own."""
    present = running.current()
    with told(present.actor), connection.cursor() as cursor:
        cursor.execute(
            "SELECT ledger_set_limits(%s, %s, %s, %s, %s)",
            [account.pk, lo, hi, RULES, present.actor.id],
        )
    account.lo, account.hi = lo, hi


def member(
    programme: Programme,
    *,
    person: UUID | str | None = None,
    organisation: UUID | str | None = None,
) -> Account:
    """Open the account of a member, with the limits of the programme's rules."""
    holds_lots = programme.has_lots
    is_shop = holds_lots and organisation is not None
    credit = rule(programme, "credit")
    ceiling = rule(programme, "ceiling") or None
    return make(
        book_id=programme.book_id,
        unit_id=programme.unit_id,
        kind=Account.Type.LIABILITY,
        label=programme.name,
        limits=None if is_shop else (0, 0) if holds_lots else (-credit, ceiling),
        person=person,
        organisation=organisation,
    )


def of_person(programme: Programme, person: UUID | str | None) -> Account | None:
    """The member account of a person in a programme."""
    rows = Account.rows.filter(book=programme.book_id, unit=programme.unit_id, parent=None)
    found: Account | None = rows.filter(owner_person=person).order_by("id").first()
    return found


def parts_of(holders: Iterable[int], lot: Lot, unit_id: int, book_id: int) -> Mapping[int, int]:
    """The accounts of one lot by its holders' accounts; those that do not stand yet are opened."""
    wanted = set(holders)
    now, audit = clock.now(), line().id
    standing = _parts(wanted, lot)
    missing = sorted(wanted - set(standing))
    if missing:
        Account.rows.bulk_create(
            [
                Account(
                    book_id=book_id,
                    unit_id=unit_id,
                    type=Account.Type.LIABILITY,
                    label=f"{lot.valid_to.isoformat()}",
                    parent_id=holder,
                    lot_id=lot.pk,
                    opened_at=now,
                    audit=audit,
                )
                for holder in missing
            ],
            ignore_conflicts=True,  # another payment may open the same part at this moment
        )
        standing = _parts(wanted, lot)
    return standing


def _parts(holders: set[int], lot: Lot) -> dict[int, int]:
    rows = Account.rows.filter(parent__in=holders, lot=lot)
    return dict(rows.values_list("parent_id", "id"))


def open_now(programme: Programme) -> Programme:
    """The programme when it is open today; else ``ledger.programme_closed``."""
    today = clock.today()
    ended = programme.closes_on is not None and today > programme.closes_on
    if programme.state != Programme.State.OPEN or today < programme.opens_on or ended:
        raise Refusal(ProgrammeCode.PROGRAMME_CLOSED)
    return programme


def check_limit(issuer: Account, amount: int) -> None:
    """Refuse what the issuer may not issue any more."""
    left = issuer.spendable
    if left is not None and amount > left:
        raise Refusal(ProgrammeCode.ISSUE_LIMIT, left=max(0, left))
