"""Payees are told once of what reached them, by whatever form the payment took."""

from __future__ import annotations

import pytest

from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.models import Notice
from dure.ledger.actions.receipts import is_anybody_to_tell
from dure.ledger.models import Transfer
from tests.harness import people
from tests.harness.people import Role
from tests.ledger.givens import a_book, an_account

pytestmark = pytest.mark.usefixtures("commits")
TIMER = Actor.timer("ledger.receipt.tell")


def test_payee_is_told_once_and_the_payer_not() -> None:
    anna, ben = people.person_with(Role.RESIDENT), people.person_with(Role.RESIDENT)
    book = a_book()
    payer = an_account(book, owner=anna, lo=-1000)
    payee = an_account(book, owner=ben)
    body = {
        "debit": str(payer.pk),
        "credit": str(payee.pk),
        "amount": 60,
        "unit": "TIME",
        "purpose": "timebank.visit",
    }
    assert not is_anybody_to_tell()
    run("ledger.transfer.post", body, anna, key="one")
    run("ledger.transfer.post", body, anna, key="two")
    assert is_anybody_to_tell()
    assert run("ledger.receipt.tell", {}, TIMER).result.people == 2
    told = Notice.rows.filter(template="ledger.received")
    assert set(told.values_list("person", flat=True)) == {ben.id}
    numbers = {one.places["transfer"] for one in told}
    assert numbers == set(Transfer.rows.values_list("pk", flat=True))
    assert not is_anybody_to_tell()
    assert run("ledger.receipt.tell", {}, TIMER).result.people == 0
    assert told.count() == 2


def test_a_payment_between_ones_own_accounts_tells_nobody() -> None:
    """Negative control: the notice is of what came from somebody else."""
    anna = people.person_with(Role.RESIDENT)
    book = a_book()
    first, second = an_account(book, owner=anna, lo=-1000), an_account(book, owner=anna)
    body = {
        "debit": str(first.pk),
        "credit": str(second.pk),
        "amount": 60,
        "unit": "TIME",
        "purpose": "timebank.visit",
    }
    run("ledger.transfer.post", body, anna)
    assert not is_anybody_to_tell()
