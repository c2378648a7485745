"""Transfers by the door: who, how much, what is refused."""

from __future__ import annotations

import pytest

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.ledger.models import Account, Book, Transfer
from tests.harness import people
from tests.ledger.givens import a_book, an_account, an_issuer, balance


class World:
    """Two people of one time bank with 100 minutes each."""

    def __init__(self) -> None:
        self.book: Book = a_book()
        self.anna: Actor = people.person_with(Role.RESIDENT)
        self.ben: Actor = people.person_with(Role.RESIDENT)
        self.issuer: Account = an_issuer(self.book)
        self.from_anna = an_account(self.book, owner=self.anna, lo=-500)
        self.to_ben = an_account(self.book, owner=self.ben)


@pytest.fixture
def world(db: None) -> World:
    return World()


def body(world: World, amount: object = 60, **more: object) -> dict[str, object]:
    return {
        "debit": str(world.from_anna.pk),
        "credit": str(world.to_ben.pk),
        "amount": amount,
        "unit": "TIME",
        "purpose": "timebank.visit",
        **more,
    }


def refused(what: dict[str, object], actor: Actor, key: str | None = None) -> str:
    with pytest.raises(Refusal) as caught:
        run("ledger.transfer.post", what, actor, key=key)
    return caught.value.name


def test_owner_pays(world: World) -> None:
    receipt = run("ledger.transfer.post", body(world), world.anna).result
    assert balance(world.from_anna) == (-60, 0, 0)
    assert balance(world.to_ben) == (60, 0, 0)
    row = Transfer.rows.get(pk=int(receipt.id))
    assert (row.amount, row.kind, row.book, row.actor) == (60, 0, world.book.pk, world.anna.id)


def test_same_key_gives_the_first_answer(world: World) -> None:
    first = run("ledger.transfer.post", body(world), world.anna, key="k1")
    again = run("ledger.transfer.post", body(world), world.anna, key="k1")
    assert (again.result, again.replayed) == (first.result, True)
    assert balance(world.to_ben) == (60, 0, 0)
    assert refused(body(world, 61), world.anna, key="k1") == "core.key_reused"


def test_floor_stops_a_payment_at_the_last_minute(world: World) -> None:
    assert refused(body(world, 501), world.anna) == "ledger.insufficient"
    run("ledger.transfer.post", body(world, 500), world.anna)
    assert balance(world.from_anna) == (-500, 0, 0)


def test_only_the_owner_pays(world: World) -> None:
    assert refused(body(world), world.ben) == "core.not_found"
    assert refused(body(world), Actor.anonymous()) == "core.not_found"
    assert Transfer.rows.count() == 0


@pytest.mark.parametrize(
    "amount", [0, -1, 10**12 + 1, "1_0", "１２", "1e3", "NaN", "0.5", 1.5, True, None, "10**20"]
)
def test_hostile_amounts_are_refused(world: World, amount: object) -> None:
    assert refused(body(world, amount), world.anna) == "ledger.amount"
    assert Transfer.rows.count() == 0


def test_other_unit_and_other_book_are_refused(world: World) -> None:
    assert refused(body(world, unit="KRW"), world.anna) == "ledger.cross_unit"
    won = an_account(world.book, owner=world.ben, unit="KRW")
    assert refused(body(world, credit=str(won.pk)), world.anna) == "ledger.cross_unit"
    other = a_book("다른 장부", people.organisation("다솜협동조합"))
    mine = an_account(other, owner=world.anna)
    assert refused(body(world, credit=str(mine.pk)), world.anna) == "ledger.cross_book"
    foreign = an_account(other, owner=world.ben)
    assert refused(body(world, credit=str(foreign.pk)), world.anna) == "core.not_found"
    assert refused(body(world, credit="999999999"), world.anna) == "core.not_found"


def test_tomorrow_is_refused(world: World) -> None:
    assert refused(body(world, event_date="2199-01-01"), world.anna) == "ledger.future_date"
