"""Where one side alone of a plain payment would move, nothing is left of it, and it is told why."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from dure.ledger.models import Account
from dure.ledger.queries.checks import part_checked
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.ledger.books import account, book, refusal_of
from tests.ledger.programmes import a_runner, balance, funded, granted, member, opened

pytestmark = pytest.mark.django_db
SIDES = [("payer", "ledger_floor"), ("payee", "ledger_ceiling")]


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at("2026-05-20T10:00:00+09:00")


def post(debit: int, credit: int, amount: int) -> None:
    row = {"ikey": str(uuid4()), "debit": debit, "credit": credit, "amount": amount, "purpose": "p"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_post(%s::jsonb)", [json.dumps([row])])


def refused(debit: int, credit: int, amount: int) -> str:
    try:
        with transaction.atomic():
            post(debit, credit, amount)
    except DatabaseError as error:
        return refusal_of(error).name
    return ""


def test_a_part_of_a_lot_moves_once_with_its_other_side() -> None:
    programme = opened("regional", a_runner())
    funded(programme, 1_000_000)
    anna, wallet = member(programme)
    granted(programme, "2026-12-31", (anna, 1_000))
    part = Account.rows.get(parent=wallet, lot__isnull=False)
    assert programme.issuer_id is not None
    before = balance(programme.issuer_id), balance(part)
    with given():  # both sides are written again and again by commands of one transaction
        for _ in range(3):
            post(programme.issuer_id, part.pk, 10)
        post(part.pk, programme.issuer_id, 1)
    assert (balance(programme.issuer_id), balance(part)) == (before[0] - 29, before[1] + 29)
    assert part_checked("replay").faults == ()


@pytest.mark.parametrize(("side", "name"), SIDES, ids=[side for side, _ in SIDES])
def test_the_side_that_stops_it_is_named(side: str, name: str) -> None:
    within = book()
    payer, payee = (
        account(within, lo=-500 if side == "payee" else -100),
        account(within, hi=100 if side == "payee" else None),
    )
    with given():
        post(payer.pk, payee.pk, 40)
        assert refused(payer.pk, payee.pk, 70) == name
    assert (balance(payer), balance(payee)) == (-40, 40)


def test_a_frozen_side_is_named() -> None:
    within = book()
    payer, payee = account(within, lo=-500), account(within)
    with given() as audit:
        Account.rows.filter(pk=payee.pk).update(status="frozen", audit=audit)
        assert refused(payer.pk, payee.pk, 1) == "ledger_not_open"
        assert refused(payee.pk, payer.pk, 1) == "ledger_not_open"
    assert (balance(payer), balance(payee)) == (0, 0)
