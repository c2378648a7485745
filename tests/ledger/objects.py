"""Objects of the ledger for the matrix."""

from __future__ import annotations

from dure.core.actors import Actor
from dure.ledger.models import Account, Book
from tests.harness.matrix import Place, slot, value
from tests.ledger.givens import a_book, an_account

value("unit", "TIME")
value("ledger.account.handle:handle", "matrix")


@slot("ledger.book.open:organisation_id")
def keeper(place: Place, actor: Actor) -> str:
    return str(place.organisation.id)


@slot("ledger.account.open:book_id")
def book(place: Place, actor: Actor) -> str:
    return str(_book(place).pk)


@slot(
    "ledger.account.limit:account_id",
    "ledger.account.freeze:account_id",
    "ledger.account.close:account_id",
)
def account(place: Place, actor: Actor) -> str:
    return str(_account(place).pk)


@slot("ledger.account.thaw:account_id")
def frozen_account(place: Place, actor: Actor) -> str:
    return str(_account(place).pk)


@slot("ledger.account.handle:account_id", "ledger.transfer.post:debit", owned=True)
def own_account(place: Place, actor: Actor) -> str:
    owner = Actor.person(place.owner)
    return str(an_account(_book(place), owner=owner, lo=-1000).pk)


@slot("ledger.transfer.post:credit", placed=False)
def any_account(place: Place, actor: Actor) -> str:
    return str(an_account(_book(place)).pk)


def _book(place: Place) -> Book:
    found = Book.rows.filter(organisation=place.organisation).first()
    return found or a_book("장부", place.organisation)


def _account(place: Place) -> Account:
    return an_account(_book(place), organisation=place.organisation)
