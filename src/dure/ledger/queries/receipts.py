"""Receipts (영수증): one payment with all its rows, as each side may see it.

Law: a receipt is seen by the owners of its accounts and by those who keep the book; the other side
is told by organisation or handle, never by its balance.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.ledger import purposes
from dure.ledger.models import Account, Lot, Transfer

from . import wallets
from .passages import followers, name_of, others

GIVEN = (Transfer.Kind.POST, Transfer.Kind.SETTLE)


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One row of the group: what it is for, and how much."""

    id: int
    amount: int
    what: str
    lot_ends: date | None


@dataclass(frozen=True, slots=True)
class Followed:
    """A later row that undid all or part."""

    id: int
    kind: int
    amount: int
    at: datetime
    purpose: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """A payment as one side sees it, amounts in minor units.

    amount : what the payee got          fee : what was taken beside it, by whom it was paid
    side   : "paid", "got" or "keeps"    back : what can still be given back
    """

    id: int
    unit: str
    kind: int
    amount: int
    fee: int
    payer: str
    payer_handle: str
    payee: str
    payee_handle: str
    purpose: str
    event_date: date
    at: datetime
    side: str
    wallet_id: int | None
    rows: tuple[ReceiptRow, ...]
    followed: tuple[Followed, ...]
    ref: int | None
    is_hold: bool
    hold_ends: datetime | None
    is_hold_open: bool
    back: int
    may_give_back: bool
    may_ask_back: bool
    is_acted_for: bool
    audit: UUID

    @property
    def is_undone(self) -> bool:
        """Whether a reversal took all of it back."""
        return any(one.kind == Transfer.Kind.REVERSAL for one in self.followed)

    @property
    def given_back(self) -> int:
        """What came back in parts."""
        return sum(one.amount for one in self.followed if one.kind == Transfer.Kind.REFUND)


def one(actor: Actor, transfer_id: int) -> Receipt:
    """The receipt of a payment that names any of its rows. Raises Refusal(NOT_FOUND)."""
    named = (
        Transfer.rows.filter(pk=transfer_id).select_related("debit__unit", "credit__unit").first()
    )
    if named is None:
        raise Refusal(CoreCode.NOT_FOUND)
    group = _group(named)
    accounts = _accounts(group)
    seen = set(
        Account.objects.within(actor)
        .filter(pk__in=[*accounts, *(one.parent_id for one in accounts.values() if one.parent_id)])
        .values_list("pk", flat=True)
    )
    ends = {one for row in group for one in (row.debit_id, row.credit_id)}
    if not any(end in seen or accounts[end].parent_id in seen for end in ends):
        raise Refusal(CoreCode.NOT_FOUND)
    return _told(actor, named, group, accounts)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A payment that reached one's own account."""

    id: int
    unit: str
    amount: int
    payer: str


def arrived(actor: Actor, since: datetime, *, limit: int = 5) -> tuple[Arrival, ...]:
    """What reached this person's accounts since then from others, newest first, a payment once."""
    if actor.id is None:
        return ()
    owner = actor.acting_for or actor.id
    own = set(
        Account.rows.filter(Q(owner_person=owner) | Q(parent__owner_person=owner)).values_list(
            "pk", flat=True
        )
    )
    rows = (
        Transfer.rows.filter(credit__in=own, kind__in=GIVEN, recorded_at__gte=since)
        .exclude(debit__in=own)
        .select_related("credit__unit")
        .order_by("-id")[: 10 * limit]
    )
    payments: dict[object, list[Transfer]] = {}
    for row in rows:
        payments.setdefault(row.grp or row.pk, []).append(row)
    sides = others([(r[0].pk, r[0].debit_id, r[0].grp, True) for r in payments.values()])
    return tuple(
        Arrival(r[-1].pk, r[0].credit.unit.code, sum(x.amount for x in r), sides[r[0].pk][0])
        for r in list(payments.values())[:limit]
    )


def _group(named: Transfer) -> list[Transfer]:
    if named.grp is None:
        return [named]
    return list(Transfer.rows.filter(grp=named.grp).order_by("id"))


def _accounts(group: list[Transfer]) -> dict[int, Account]:
    found = Account.rows.filter(
        pk__in={end for row in group for end in (row.debit_id, row.credit_id)}
    ).select_related("owner_organisation", "parent__owner_organisation", "unit")
    return {one.pk: one for one in found}


def _whole(account: Account) -> Account:
    return account.parent if account.lot_id and account.parent else account


def _told(
    actor: Actor, named: Transfer, group: list[Transfer], accounts: dict[int, Account]
) -> Receipt:
    main = [row for row in group if row.kind == named.kind and _same_way(row, named, accounts)]
    payer, payee = _ends(named, group, accounts)
    fees = [row for row in group if row not in main and not _is_clearing(row, accounts)]
    fees = [row for row in fees if _whole(accounts[row.debit_id]) in (payer, payee)]
    followed = tuple(
        Followed(number, kind, amount, at, purpose)
        for number, _, kind, amount, at, purpose in followers([row.pk for row in main])
    )
    lots = {lot.pk: lot.valid_to for lot in Lot.rows.filter(pk__in=[r.lot for r in main if r.lot])}
    amount = sum(row.amount for row in main)
    given = sum(one.amount for one in followed if one.kind == Transfer.Kind.REFUND)
    undone = any(one.kind == Transfer.Kind.REVERSAL for one in followed)
    is_hold = named.kind == Transfer.Kind.HOLD
    back = 0 if undone or named.kind not in GIVEN else amount - given
    side = _side(actor, payer, payee)
    return Receipt(
        id=named.pk,
        unit=accounts[named.debit_id].unit.code,
        kind=named.kind,
        amount=amount,
        fee=sum(row.amount for row in fees),
        payer=name_of(payer)[0],
        payer_handle=name_of(payer)[1],
        payee=name_of(payee)[0],
        payee_handle=name_of(payee)[1],
        purpose=str(purposes.words(named.purpose)),
        event_date=named.event_date,
        at=named.recorded_at,
        side=side,
        wallet_id={"paid": payer.pk, "got": payee.pk}.get(side),
        rows=tuple(
            ReceiptRow(row.pk, row.amount, str(purposes.words(row.purpose)), lots.get(row.lot or 0))
            for row in [*main, *fees]
        ),
        followed=followed,
        ref=named.ref_id,
        is_hold=is_hold,
        hold_ends=named.expires_at,
        is_hold_open=is_hold and not followed,
        back=back,
        may_give_back=back > 0 and _may_spend(actor, payee),
        may_ask_back=back > 0 and side == "paid" and _may_spend(actor, payer),
        is_acted_for=_is_acted_for(named, payer),
        audit=named.audit,
    )


def _same_way(row: Transfer, named: Transfer, accounts: dict[int, Account]) -> bool:
    """Whether a row of the group carries the same payment as the one named: another lot's part."""
    same_end = _whole(accounts[row.credit_id]) == _whole(accounts[named.credit_id])
    return same_end and _whole(accounts[row.debit_id]) == _whole(accounts[named.debit_id])


def _is_clearing(row: Transfer, accounts: dict[int, Account]) -> bool:
    return "clearing" in (accounts[row.debit_id].type, accounts[row.credit_id].type)


def _ends(
    named: Transfer, group: list[Transfer], accounts: dict[int, Account]
) -> tuple[Account, Account]:
    """Payer and payee; between two books each is found at its end of the group."""
    payer, payee = accounts[named.debit_id], accounts[named.credit_id]
    for row in group:
        if payer.type == "clearing" and accounts[row.credit_id].type == "clearing":
            payer = accounts[row.debit_id]
        if payee.type == "clearing" and accounts[row.debit_id].type == "clearing":
            payee = accounts[row.credit_id]
    return _whole(payer), _whole(payee)


def _side(actor: Actor, payer: Account, payee: Account) -> str:
    if _may_spend(actor, payer):
        return "paid"
    return "got" if _may_spend(actor, payee) else "keeps"


def _may_spend(actor: Actor, account: Account) -> bool:
    if actor.id is None:
        return False
    if account.owner_person_id is not None:
        return bool(account.owner_person_id == (actor.acting_for or actor.id))
    owner: Any = account.owner_organisation_id
    return owner is not None and wallets.works_for(actor, owner, *wallets.SPENDERS)


def _is_acted_for(row: Transfer, payer: Account) -> bool:
    owner = payer.owner_person_id
    return owner is not None and row.actor is not None and row.actor != owner
