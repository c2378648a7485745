"""Books and accounts that a test needs and no action made."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from dure.core import clock
from dure.core.actors import Actor
from dure.ledger.models import Account, Book, Unit
from dure.registry.models import Organisation
from tests.harness import people
from tests.harness.given import given


def a_book(name: str = "살림 장부", organisation: Organisation | None = None) -> Book:
    owner = organisation or people.organisation()
    with given() as audit:
        return Book.rows.create(
            organisation=owner,
            district=owner.district_id,
            name=name,
            opened_at=clock.now(),
            audit=audit,
        )


def an_account(
    book: Book,
    *,
    owner: Actor | None = None,
    organisation: Organisation | None = None,
    unit: str = "TIME",
    type: str = "liability",  # noqa: A002  # the column is named so
    lo: int | None = 0,
    hi: int | None = None,
    handle: str | None = None,
    label: str = "계정",
) -> Account:
    with given() as audit:
        made = Account.rows.create(
            book=book,
            unit=Unit.rows.get(code=unit),
            type=type,
            owner_person_id=owner.id if owner else None,
            owner_organisation=organisation,
            handle=handle,
            label=label,
            opened_at=clock.now(),
            audit=audit,
        )
        limits(made.pk, lo, hi)
    made.refresh_from_db()
    return made


def limits(account: int, lo: int | None, hi: int | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_set_limits(%s, %s, %s, '시험')", [account, lo, hi])


def an_issuer(book: Book, *, unit: str = "TIME", limit: int = 10**9) -> Account:
    return an_account(book, unit=unit, type="issuer", lo=-limit, hi=0, label="발행")


def balance(account: Account | int) -> tuple[int, int, int]:
    number = account if isinstance(account, int) else account.pk
    row = Account.rows.get(pk=number)
    return row.balance, row.held_out, row.held_in


def owner_of(account: Account) -> UUID | None:
    return account.owner_person_id
