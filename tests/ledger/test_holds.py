"""Holds: set aside, settled in part, released, expired; and refunds."""

from __future__ import annotations

import pytest

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.ledger.models import Transfer
from dure.ledger.queries import checks
from tests.harness import people
from tests.harness.clock import Clock
from tests.ledger.givens import a_book, a_transfer, an_account, an_issuer, balance


class World:
    """A member with a credit line of 500 minutes and a payee."""

    def __init__(self) -> None:
        self.book = a_book()
        self.payer, self.payee = (people.person_with(Role.RESIDENT) for _ in range(2))
        self.issuer = an_issuer(self.book)
        self.wallet = an_account(self.book, owner=self.payer, lo=-500)
        self.till = an_account(self.book, owner=self.payee)


@pytest.fixture
def world(clock: Clock, db: None) -> World:
    clock.at("2026-07-01T10:00:00+09:00")
    return World()


def place(world: World, amount: int = 400) -> str:
    body = {
        "debit": str(world.wallet.pk),
        "credit": str(world.till.pk),
        "amount": amount,
        "unit": "TIME",
        "purpose": "timebank.visit",
        "expires_at": "2026-07-01T11:00:00+09:00",
    }
    return str(run("ledger.hold.place", body, world.payer).result.id)


def refused(name: str, body: dict[str, object], actor: Actor) -> str:
    with pytest.raises(Refusal) as caught:
        run(name, body, actor)
    return caught.value.name


def pay(world: World, amount: int) -> dict[str, object]:
    return {
        "debit": str(world.wallet.pk),
        "credit": str(world.till.pk),
        "amount": amount,
        "unit": "TIME",
        "purpose": "timebank.visit",
    }


def test_hold_counts_against_the_payer_at_once(world: World) -> None:
    place(world)
    assert balance(world.wallet) == (0, 400, 0)
    assert balance(world.till) == (0, 0, 400)
    assert refused("ledger.transfer.post", pay(world, 101), world.payer) == "ledger.insufficient"
    run("ledger.transfer.post", pay(world, 100), world.payer)
    assert balance(world.wallet) == (-100, 400, 0)


def test_settling_a_part_frees_the_rest(world: World) -> None:
    hold = place(world)
    run("ledger.hold.settle", {"hold_id": hold, "amount": 250}, world.payee)
    assert balance(world.wallet) == (-250, 0, 0)
    assert balance(world.till) == (250, 0, 0)
    again = {"hold_id": hold}
    assert refused("ledger.hold.settle", again, world.payee) == "ledger.already_resolved"
    assert refused("ledger.hold.void", again, world.payee) == "ledger.already_resolved"


def test_more_than_was_held_is_refused(world: World) -> None:
    hold = place(world)
    more = {"hold_id": hold, "amount": 401}
    assert refused("ledger.hold.settle", more, world.payee) == "ledger.amount"


def test_void_releases_all_by_the_payee_only(world: World) -> None:
    hold = place(world)
    assert refused("ledger.hold.void", {"hold_id": hold}, world.payer) == "core.not_allowed"
    run("ledger.hold.void", {"hold_id": hold}, world.payee)
    assert (balance(world.wallet), balance(world.till)) == ((0, 0, 0), (0, 0, 0))


def test_hold_expires_at_its_instant(world: World, clock: Clock) -> None:
    hold = place(world)
    clock.at("2026-07-01T10:59:59+09:00")
    assert run("ledger.hold.expire", {}, Actor.timer("ledger.hold.expire")).result.holds == 0
    clock.at("2026-07-01T11:00:00+09:00")
    settle = {"hold_id": hold}
    assert refused("ledger.hold.settle", settle, world.payee) == "ledger.hold_expired"
    assert run("ledger.hold.expire", {}, Actor.timer("ledger.hold.expire")).result.holds == 1
    assert balance(world.wallet) == (0, 0, 0)
    assert Transfer.rows.get(ref=int(hold)).kind == Transfer.Kind.EXPIRE
    assert run("ledger.hold.expire", {}, Actor.timer("ledger.hold.expire")).result.holds == 0


@pytest.mark.parametrize("side", ["wallet", "till"])
def test_hold_on_a_frozen_account_expires_and_the_account_stays_frozen(
    world: World, clock: Clock, side: str
) -> None:
    hold, frozen = place(world), getattr(world, side)
    treasurer = people.person_with(Role.TREASURER, organisation=world.book.organisation)
    body = {"account_id": str(frozen.pk)}
    run("ledger.account.freeze", body, treasurer, reason="분실 신고")
    clock.at("2026-07-01T11:00:00+09:00")
    assert run("ledger.hold.expire", {}, Actor.timer("ledger.hold.expire")).result.holds == 1
    assert (balance(world.wallet), balance(world.till)) == ((0, 0, 0), (0, 0, 0))
    assert Transfer.rows.get(ref=int(hold)).kind == Transfer.Kind.EXPIRE
    frozen.refresh_from_db()
    assert frozen.status == "frozen"
    assert refused("ledger.transfer.post", pay(world, 1), world.payer) == "ledger.not_open"
    assert checks.check_books().is_clean


def test_refunds_never_exceed_what_was_paid(world: World) -> None:
    paid = str(a_transfer(world.wallet, world.till, 300))
    body = {"transfer_id": paid, "amount": 200}
    assert refused("ledger.transfer.refund", body, world.payer) == "core.not_allowed"
    run("ledger.transfer.refund", body, world.payee)
    assert refused("ledger.transfer.refund", body, world.payee) == "ledger.amount"
    run("ledger.transfer.refund", {**body, "amount": 100}, world.payee)
    assert (balance(world.wallet), balance(world.till)) == ((0, 0, 0), (0, 0, 0))
    assert checks.check_books().is_clean


def test_refund_of_a_reversed_payment_is_refused(world: World) -> None:
    paid = a_transfer(world.wallet, world.till, 300)
    a_transfer(world.till, world.wallet, 300, kind=5, ref=paid)
    body = {"transfer_id": str(paid), "amount": 1}
    assert refused("ledger.transfer.refund", body, world.payee) == "ledger.already_reversed"
