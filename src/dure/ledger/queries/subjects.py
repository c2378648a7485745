"""The objects that actions act on, fetched through the actor's scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.db.models import QuerySet

from dure.core import locks, running
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.prepared import Prepared
from dure.core.statements import Asked
from dure.ledger import payments
from dure.ledger.errors import LedgerCode
from dure.ledger.models import Account, Book, Transfer
from dure.ledger.types import row_id
from dure.registry.models import Organisation


def number(text: str) -> int:
    """The id in an address as a number; anything else is simply not found."""
    try:
        return int(row_id(text))
    except ValueError:
        raise Refusal(CoreCode.NOT_FOUND) from None


class OfOrganisation(Protocol):
    """A body that names an organisation."""

    @property
    def organisation_id(self) -> str: ...


class OfBook(Protocol):
    """A body that names a book."""

    @property
    def book_id(self) -> str: ...


class OfAccount(Protocol):
    """A body that names an account."""

    @property
    def account_id(self) -> str: ...


class OfTransfer(Protocol):
    """A body that names a transfer."""

    @property
    def transfer_id(self) -> str: ...


class OfHold(Protocol):
    """A body that names a hold."""

    @property
    def hold_id(self) -> str: ...


class OfPair(Protocol):
    """A body that names who pays and who is paid."""

    @property
    def debit(self) -> str: ...
    @property
    def credit(self) -> str: ...
    @property
    def unit(self) -> str: ...


def organisation(body: OfOrganisation, actor: Actor) -> Organisation:
    """The organisation a body names; the register is public."""
    found: Organisation | None = (
        Organisation.objects.within(actor).filter(pk=body.organisation_id).first()
    )
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return found


def book(body: OfBook, actor: Actor) -> Book:
    """The book a body names, where the actor works."""
    found: Book | None = Book.objects.within(actor).filter(pk=int(body.book_id)).first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return found


def account(body: OfAccount, actor: Actor) -> Account:
    """The account a body names, if the actor may see it."""
    return account_by(body.account_id, actor)


def account_by(number: str, actor: Actor) -> Account:
    """The account of this number, if the actor may see it; with its book."""
    rows = Account.objects.within(actor).filter(pk=int(number)).select_related("book", "unit")
    found: Account | None = rows.first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return found


def lock_account(body: OfAccount, actor: Actor) -> Account:
    """The same, locked until the end of the action."""
    found = account(body, actor)
    locked: Account | None = locks.row(Account.rows.filter(pk=found.pk).select_related("book"))
    assert locked is not None
    return locked


@dataclass(frozen=True, slots=True)
class Pair:
    """Who pays and who is paid."""

    debit: Account
    credit: Account

    @property
    def book(self) -> Book:
        """The book of who pays."""
        return self.debit.book


def _two(one: int, other: int) -> QuerySet[Account]:
    rows = Account.rows.filter(pk__in=(one, other)).select_related("book", "unit")
    return payments.with_programme(rows).only(
        "book__organisation", "book__district", "unit__code", "type", "parent",
        "owner_person", "owner_organisation", "lot", "other_book", "status",
    )  # fmt: skip


_TWO = Prepared(_two, 1, 2)


def asked_of_pair(body: OfPair) -> Asked:
    """What `pair` asks first, to be sent along with the opening of an action."""
    return _TWO.asked(body.debit, body.credit)


def pair(body: OfPair, actor: Actor) -> Pair:
    """Debit through the actor's scope; credit in the same book, or in one the actor sees."""
    brought = running.take_brought()
    rows = _TWO(body.debit, body.credit) if brought is None else _TWO.built(brought)
    found = {row.pk: row for row in rows}
    debit, credit = found.get(int(body.debit)), found.get(int(body.credit))
    if debit is None or credit is None or not sees(actor, debit):
        raise Refusal(CoreCode.NOT_FOUND)
    if credit.book_id != debit.book_id:
        raise Refusal(LedgerCode.CROSS_BOOK if sees(actor, credit) else CoreCode.NOT_FOUND)
    if debit.unit.code != body.unit or credit.unit_id != debit.unit_id:
        raise Refusal(LedgerCode.CROSS_UNIT)
    return Pair(debit, credit)


def sees(actor: Actor, account: Account) -> bool:
    """Whether the actor may see an account; quick for one's own."""
    if actor.id is not None and account.owner_person_id == (actor.acting_for or actor.id):
        return True
    return bool(Account.objects.within(actor).filter(pk=account.pk).exists())


@dataclass(frozen=True, slots=True)
class Posted:
    """A transfer with its accounts and book."""

    transfer: Transfer
    debit: Account
    credit: Account

    @property
    def book(self) -> Book:
        """The book it stands in."""
        return self.debit.book


def posted(body: OfTransfer, actor: Actor) -> Posted:
    """The transfer a body names, if the actor may see one of its accounts."""
    return posted_by(body.transfer_id, actor)


def hold(body: OfHold, actor: Actor) -> Posted:
    """The hold a body names, if the actor may see one of its accounts."""
    found = posted_by(body.hold_id, actor)
    if found.transfer.kind != Transfer.Kind.HOLD:
        raise Refusal(CoreCode.NOT_FOUND)
    return found


def posted_by(number: str, actor: Actor) -> Posted:
    """The transfer of this number with its accounts, if the actor may see one of them."""
    row = Transfer.rows.filter(pk=int(number)).first()
    if row is None:
        raise Refusal(CoreCode.NOT_FOUND)
    rows = Account.rows.filter(pk__in=(row.debit_id, row.credit_id)).select_related("book", "unit")
    found = {one.pk: one for one in rows}
    debit, credit = found[row.debit_id], found[row.credit_id]
    if not (sees(actor, debit) or sees(actor, credit)):
        raise Refusal(CoreCode.NOT_FOUND)
    return Posted(row, debit, credit)
