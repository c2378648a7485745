"""The demo's programmes stand, balance, and say that they are invented."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import Sum
from django.test import override_settings

from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.ledger.models import Account, Programme, ProgrammeShop, Transfer
from dure.ledger.queries import keeping

pytestmark = pytest.mark.django_db


@override_settings(DEMO=True)
def test_demo_fills_a_time_bank_and_a_voucher_once() -> None:
    run("registry.demo.load", {}, Actor.operator(), key="demo:registry.demo.load:1")
    first = run("ledger.demo.load", {}, Actor.operator(), key="demo:ledger.demo.load:1")
    again = run("ledger.demo.load", {}, Actor.operator(), key="demo:ledger.demo.load:1")
    assert again.replayed and again.result == first.result
    kinds = set(Programme.rows.values_list("kind", "state"))
    assert kinds == {("timebank", "open"), ("regional", "open")}
    assert all("시연" in name for name in Programme.rows.values_list("name", flat=True))
    listed = [keeping.backdated(book) for book in Programme.rows.values_list("book", flat=True)]
    assert [rows for rows, _invented in listed] == [(), ()]
    assert all(invented > 20 for _rows, invented in listed)
    assert ProgrammeShop.rows.count() == first.result.shops == 5
    assert Transfer.rows.count() == first.result.rows
    sums = Account.rows.values("book", "unit").annotate(total=Sum("balance"))
    assert {row["total"] for row in sums} == {0}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_check_books")
        assert cursor.fetchone()[0] == 0


@override_settings(DEMO=False)
def test_a_real_installation_has_none() -> None:
    with pytest.raises(Refusal, match=r"core\.not_allowed"):
        run("ledger.demo.load", {}, Actor.operator())
    assert Programme.rows.count() == 0
