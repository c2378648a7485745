"""One code, many payers at one moment: exactly one payment."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import connections

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.ledger.models import PaymentRequest, Transfer
from tests.harness import people
from tests.ledger.givens import a_book, an_account, balance

pytestmark = pytest.mark.usefixtures("commits")
PAYERS = 8


def test_single_use_code_is_paid_by_one_of_many() -> None:
    seller = people.person_with(Role.RESIDENT)
    book = a_book()
    till = an_account(book, owner=seller)
    body = {"account_id": str(till.pk), "kind": "sale", "purpose": "장보기", "amount": 60}
    sale = run("ledger.request.create", body, seller).result
    payers: list[tuple[Actor, str]] = []
    for _ in range(PAYERS):
        who = people.person_with(Role.RESIDENT)
        payers.append((who, str(an_account(book, owner=who, lo=-1000).pk)))
    barrier, answers = Barrier(PAYERS), []

    def pay(actor: Actor, account: str) -> None:
        try:
            barrier.wait(30)
            run("ledger.request.pay", {"code": sale.token, "account_id": account}, actor)
            answers.append("paid")
        except Refusal as refusal:
            answers.append(refusal.name)
        finally:
            connections.close_all()

    threads = [Thread(target=pay, args=pair) for pair in payers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answers) == ["ledger.ask_new_code"] * (PAYERS - 1) + ["paid"]
    assert Transfer.rows.count() == 1
    assert balance(till) == (60, 0, 0)
    assert PaymentRequest.rows.get().paid_by_id == Transfer.rows.get().pk
