"""Batches: all rows or none, each refused row named."""

from __future__ import annotations

import pytest

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.ledger.models import Account, Transfer
from tests.harness import people
from tests.ledger.givens import a_book, a_transfer, an_account, an_issuer, balance


class House:
    """A co-op with a fund of 1,000 minutes and three members."""

    def __init__(self) -> None:
        self.book = a_book()
        owner = self.book.organisation
        self.treasurer: Actor = people.person_with(Role.TREASURER, organisation=owner)
        self.fund = an_account(self.book, organisation=owner)
        self.members: list[Account] = [
            an_account(self.book, owner=people.person_with(Role.RESIDENT)) for _ in range(3)
        ]
        a_transfer(an_issuer(self.book), self.fund, 1000)


@pytest.fixture
def house(db: None) -> House:
    return House()


def row(debit: Account, credit: Account, amount: int) -> dict[str, object]:
    return {
        "debit": str(debit.pk),
        "credit": str(credit.pk),
        "amount": amount,
        "purpose": "수당",
    }


def body(house: House, *rows: dict[str, object]) -> dict[str, object]:
    return {"book_id": str(house.book.pk), "rows": list(rows)}


def refusal(house: House, *rows: dict[str, object]) -> Refusal:
    before = Transfer.rows.count()
    with pytest.raises(Refusal) as caught:
        run("ledger.batch.post", body(house, *rows), house.treasurer)
    assert Transfer.rows.count() == before
    return caught.value


def test_all_rows_are_posted_in_order(house: House) -> None:
    rows = [row(house.fund, member, 10 + n) for n, member in enumerate(house.members)]
    posted = run("ledger.batch.post", body(house, *rows), house.treasurer).result
    assert [balance(member)[0] for member in house.members] == [10, 11, 12]
    amounts = Transfer.rows.filter(pk__in=posted.ids).order_by("pk").values_list("amount")
    assert list(amounts) == [(10,), (11,), (12,)]


def test_each_refused_row_is_named(house: House) -> None:
    one, two, three = house.members
    said = refusal(
        house,
        row(house.fund, one, 900),
        row(house.fund, two, 200),
        row(house.fund, three, 100),
        row(house.fund, one, 1),
    )
    assert said.name == "ledger.batch"
    assert [place for place, _ in said.details] == ["rows.1", "rows.3"]
    assert "모자" in said.details[0][1].ko
    assert balance(house.fund) == (1000, 0, 0)


def test_rows_that_only_fit_in_another_order_are_refused(house: House) -> None:
    other = an_account(house.book, organisation=house.book.organisation)
    said = refusal(house, row(other, house.members[0], 10), row(house.fund, other, 10))
    assert [place for place, _ in said.details] == ["rows.0"]
    rows = (row(house.fund, other, 10), row(other, house.members[0], 10))
    run("ledger.batch.post", body(house, *rows), house.treasurer)
    assert balance(other) == (0, 0, 0)


def test_nobody_elses_account_is_charged_by_a_batch(house: House) -> None:
    said = refusal(house, row(house.members[0], house.fund, 1))
    assert [place for place, _ in said.details] == ["rows.0"]
    foreign = an_account(a_book("남", people.organisation("다솜협동조합")))
    said = refusal(house, row(house.fund, foreign, 1))
    assert [place for place, _ in said.details] == ["rows.0"]


def test_size_is_bounded(house: House) -> None:
    with pytest.raises(Refusal, match=r"core\.bad_field"):
        run("ledger.batch.post", body(house), house.treasurer)
    many = [row(house.fund, house.members[0], 1)] * 1001
    with pytest.raises(Refusal, match=r"core\.bad_field"):
        run("ledger.batch.post", body(house, *many), house.treasurer)
