"""Books and accounts that a test needs and no action made."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection

from dure.core import clock
from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import Refusal
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


def a_transfer(
    debit: Account, credit: Account, amount: int, *, kind: int = 0, **more: object
) -> int:
    """One posted row, its id; a hold lasts an hour."""
    row: dict[str, object] = {
        "ikey": str(uuid4()),
        "debit": debit.pk,
        "credit": credit.pk,
        "amount": amount,
        "purpose": "시험",
        "kind": kind,
        **more,
    }
    if kind == 1:
        row.setdefault("expires_at", (clock.now() + timedelta(hours=1)).isoformat())
    return post_rows([row])[0]


def post_rows(rows: list[dict[str, object]]) -> list[int]:
    with given(), connection.cursor() as cursor:
        cursor.execute("SELECT ledger_post(%s::jsonb)", [json.dumps(rows, default=str)])
        (ids,) = cursor.fetchone()
    return list(ids)


def approved(
    name: str, body: dict[str, object], one: Actor, two: Actor, reason: str | None = None
) -> None:
    """What `one` asks for and `two` agrees to."""
    with pytest.raises(Refusal, match=r"core\.second_person") as caught:
        run(name, body, one, reason=reason)
    decision = {"approval_id": str(caught.value.places["approval"]), "outcome": "approve"}
    run("registry.approval.decide", decision, two)
