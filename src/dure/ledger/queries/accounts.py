"""Accounts as pages show them: totals over lots, spendable, next expiry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from dure.core import clock
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.ledger.models import Account
from dure.ledger.types import row_id


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account with the lots it holds summed in. Amounts in minor units; None = unlimited."""

    id: str
    unit: str
    type: str
    label: str
    handle: str | None
    book_id: str
    book: str
    programme: str | None
    balance: int
    held_out: int
    held_in: int
    spendable: int | None
    lo: int | None
    hi: int | None
    status: str
    next_expiry: date | None
    expiring: int
    is_person: bool


@dataclass(frozen=True, slots=True)
class Payee:
    """What a payer may see of who is paid."""

    account_id: str
    handle: str | None
    label: str
    unit: str
    book: str
    is_person: bool


def mine(actor: Actor) -> tuple[AccountView, ...]:
    """One's own accounts (or of whom one acts for), those of lots summed into their holder."""
    owner = actor.acting_for or actor.id
    if owner is None:
        return ()
    return _views(_heads().filter(owner_person=owner))


def of_organisation(actor: Actor, organisation_id: str) -> tuple[AccountView, ...]:
    """Accounts of an organisation and of its books, as far as the actor may see them."""
    rows = Account.objects.within(actor).filter(parent__isnull=True)
    found = rows.filter(
        Q(owner_organisation=organisation_id) | Q(book__organisation=organisation_id)
    )
    return _views(found.select_related("book", "unit").order_by("unit", "type", "pk"))


def one(actor: Actor, account_id: str) -> AccountView:
    """One account; out of scope and missing are the same `core.not_found`."""
    rows = Account.objects.within(actor).filter(pk=number(account_id))
    views = _views(rows.select_related("book", "unit"))
    if not views:
        raise Refusal(CoreCode.NOT_FOUND)
    return views[0]


def payee(actor: Actor, handle: str) -> Payee:
    """Who is paid under a handle; open accounts alone."""
    rows = Account.rows.filter(handle=handle.strip().lstrip("@").lower(), status="open")
    found = rows.select_related("book", "unit").first()
    if found is None or actor.id is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return payee_of(found)


def payee_of(account: Account) -> Payee:
    """The same of an account at hand."""
    return Payee(
        account_id=str(account.pk),
        handle=account.handle,
        label=account.label,
        unit=account.unit.code,
        book=account.book.name,
        is_person=account.owner_person_id is not None,
    )


def number(account_id: str) -> int:
    """The id in an address as a number; anything else is simply not found."""
    try:
        return int(row_id(account_id))
    except ValueError:
        raise Refusal(CoreCode.NOT_FOUND) from None


def _heads() -> QuerySet[Account]:
    rows = Account.rows.filter(parent__isnull=True).exclude(status="closed")
    return rows.select_related("book", "unit").order_by("unit", "pk")


def _views(heads: Iterable[Account]) -> tuple[AccountView, ...]:
    accounts = list(heads)
    parts: dict[int, list[Account]] = {account.pk: [] for account in accounts}
    rows = Account.rows.filter(parent__in=parts).exclude(status="closed")
    for part in rows.select_related("lot__programme"):
        assert part.parent_id is not None
        parts[part.parent_id].append(part)
    today = clock.today()
    return tuple(_view(account, parts[account.pk], today) for account in accounts)


def _view(account: Account, parts: list[Account], today: date) -> AccountView:
    every = [account, *parts]
    live = [p for p in parts if p.lot is None or p.lot.valid_to >= today]
    lots = sorted((p.lot.valid_to, p.balance) for p in live if p.lot is not None and p.balance > 0)
    own = account.spendable
    spendable = None if own is None else own + sum(p.spendable or 0 for p in live)
    programmes = [p.lot.programme.name for p in every if p.lot is not None]
    return AccountView(
        id=str(account.pk),
        unit=account.unit.code,
        type=account.type,
        label=account.label,
        handle=account.handle,
        book_id=str(account.book_id),
        book=account.book.name,
        programme=programmes[0] if programmes else None,
        balance=sum(one.balance for one in every),
        held_out=sum(one.held_out for one in every),
        held_in=sum(one.held_in for one in every),
        spendable=spendable,
        lo=account.lo,
        hi=account.hi,
        status=account.status,
        next_expiry=lots[0][0] if lots else None,
        expiring=sum(amount for day, amount in lots if day == lots[0][0]),
        is_person=account.owner_person_id is not None,
    )
