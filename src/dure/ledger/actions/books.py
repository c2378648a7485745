"""Books are opened for an organisation."""

from __future__ import annotations

from dataclasses import dataclass

from dure.core import clock
from dure.core.actions import action, line, subject
from dure.core.actors import Actor, Role
from dure.core.types import Name, UuidText
from dure.ledger import policies
from dure.ledger.errors import CONSTRAINTS, LedgerCode
from dure.ledger.models import Book
from dure.ledger.queries import subjects
from dure.registry.models import Organisation


@dataclass(frozen=True, slots=True)
class BookRef:
    """A book."""

    id: str


@action(
    "ledger.book.open",
    ko="조직의 장부를 엽니다.",
    en="Open a book of an organisation.",
    policy=policies.may_open_book,
    letters={Role.TREASURER: "m", Role.BOARD: "m", Role.OFFICIAL: "d"},
    subject=subjects.organisation,
    idempotent=True,
    writes=("ledger_book",),
    refusals=(LedgerCode.BOOK_NAME_TAKEN,),
    constraints=CONSTRAINTS,
)
def open_book(organisation_id: UuidText, name: Name, *, actor: Actor) -> BookRef:
    """Open a book; it sums to zero in each unit from its first row on."""
    organisation = subject(Organisation)
    book = Book.rows.create(
        organisation=organisation,
        district=organisation.district_id,
        name=name,
        opened_at=clock.now(),
        audit=line().id,
    )
    line().object("ledger.book", book.pk)
    line().organisation(organisation.pk)
    line().changed("name", None, name)
    return BookRef(str(book.pk))
