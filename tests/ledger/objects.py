"""Objects of the ledger for the matrix."""

from __future__ import annotations

from dure.core import clock
from dure.core.actors import Actor
from dure.ledger.models import Account, Book
from tests.harness.matrix import Place, slot, value
from tests.ledger import programme_objects
from tests.ledger.givens import a_book, a_transfer, an_account

assert programme_objects  # the objects above the books, in a file of their own
value("unit", "TIME")
value("ledger.account.handle:handle", "matrix")


@slot("ledger.book.open:organisation_id", "ledger.till.export:organisation_id")
def keeper(place: Place, actor: Actor) -> str:
    return str(place.organisation.id)


value("ledger.trial.export:form", "csv")
value("ledger.books.export:files", [{"name": "seals.csv", "size": 1, "sha256": "a" * 64}])
value("ledger.trial.export:to", lambda place, actor: clock.today().isoformat())


@slot("ledger.account.open:book_id", "ledger.book.export:book_id", "ledger.trial.export:book_id")
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


for _name in ("first", "last"):
    value(f"ledger.statement.export:{_name}", lambda place, actor: clock.today().isoformat())


@slot(
    "ledger.account.handle:account_id",
    "ledger.statement.export:account_id",
    "ledger.transfer.post:debit",
    owned=True,
)
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


value(
    "ledger.batch.post:rows",
    lambda place, actor: [
        {
            "debit": str(an_account(_book(place), lo=-100).pk),
            "credit": str(an_account(_book(place)).pk),
            "amount": 1,
            "purpose": "matrix",
        }
    ],
)
value("ledger.hold.place:expires_at", "2199-01-01T00:00:00+09:00")
value("ledger.period.close:to", "2020-01-01")
value("ledger.hold.settle:amount", None)


@slot("ledger.batch.post:book_id", "ledger.period.close:book_id")
def kept_book(place: Place, actor: Actor) -> str:
    return str(_book(place).pk)


slot("ledger.hold.place:debit", owned=True)(own_account)
slot("ledger.hold.place:credit", placed=False)(any_account)


@slot("ledger.hold.settle:hold_id", "ledger.hold.void:hold_id", owned=True)
def own_hold(place: Place, actor: Actor) -> str:
    payer = an_account(_book(place), lo=-1000)
    payee = an_account(_book(place), owner=Actor.person(place.owner))
    return str(a_transfer(payer, payee, 5, kind=1))


@slot("ledger.transfer.reverse:transfer_id")
def any_transfer(place: Place, actor: Actor) -> str:
    return str(a_transfer(an_account(_book(place), lo=-1000), an_account(_book(place)), 5))


@slot("ledger.refund.ask:transfer_id", owned=True)
def own_payment(place: Place, actor: Actor) -> str:
    payer = an_account(_book(place), owner=Actor.person(place.owner), lo=-1000)
    return str(a_transfer(payer, an_account(_book(place)), 5))


@slot("ledger.transfer.refund:transfer_id", owned=True)
def received(place: Place, actor: Actor) -> str:
    payee = an_account(_book(place), owner=Actor.person(place.owner))
    return str(a_transfer(an_account(_book(place), lo=-1000), payee, 5))
