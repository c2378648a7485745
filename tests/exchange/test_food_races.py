"""Shared stock and the closing under concurrent hands: never promised twice, nothing slips in."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.exchange.models import Agreement, Asset, Claim, Commitment, Pool
from tests.exchange.hubs import CLOSED, NOW, a_cycle, cart, fill, hub, item, move, order
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.harness.people import JONGNO, organisation, person_with

ENGINE = Actor.timer("exchange.pool.slice")
ALLOT = Actor.timer("exchange.pool.allot")


def together(*acts: Callable[[], None]) -> list[BaseException]:
    """Run all at once; what crashed."""
    gate = threading.Barrier(len(acts))
    crashed: list[BaseException] = []

    def one(act: Callable[[], None]) -> None:
        gate.wait()
        try:
            act()
        except (AssertionError, DatabaseError, Refusal, psycopg.Error) as error:
            crashed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return crashed


def test_two_hubs_that_award_at_once_never_reserve_more_than_there_is(
    commits: str, clock: Clock
) -> None:
    clock.at(NOW)
    here = hub()
    here.load(item(estate=3000))
    cycles = [here.cycle, a_cycle(here, title="다른 회차")]
    here.cycle = cycles[1]
    here.load(item(estate=3000))
    for cycle in cycles:
        product = str(Pool.rows.get(parent=cycle).id)
        for _ in range(6):
            order(here, here.buyer(), (product, 500, 0), cycle=cycle)
    clock.at(CLOSED)
    for cycle in cycles:
        run("exchange.cycle.close", {"cycle_id": cycle}, here.keeper)
        run("exchange.pool.allot", {"pool_id": cycle}, ALLOT)
    assert sorted(Claim.rows.values_list("awarded", flat=True)) == [0] * 6 + [500] * 6
    with given() as audit:
        Claim.rows.update(awarded=500, audit=audit)  # as if the first had not been seen

    def award(cycle: str) -> Callable[[], None]:
        def act() -> None:
            run("exchange.pool.step", {"pool_id": cycle, "transition": "award"}, ENGINE)

        return act

    assert together(*(award(cycle) for cycle in cycles)) == []
    stock = Asset.rows.get(title="감자")
    held = Commitment.rows.filter(asset=stock, state="held")
    assert (stock.stock, stock.reserved, sum(one.qty for one in held)) == (3000, 3000, 3000)
    states = list(Agreement.rows.values_list("state", flat=True))
    assert (states.count("allocated"), states.count("ordered")) == (6, 6)


def test_the_wall_refuses_a_stock_that_promises_more_than_it_has(
    commits: str, clock: Clock
) -> None:
    """Negative control: read, then write: only the constraint stands between."""
    clock.at(NOW)
    here = hub()
    here.load(item(estate=500))
    wall = pytest.raises(DatabaseError, match="asset_reserves_what_it_has")
    with given(), wall, transaction.atomic():
        Asset.rows.filter(title="감자").update(reserved=1000)


def test_no_order_slips_in_behind_the_closing(commits: str, clock: Clock) -> None:
    clock.at(NOW)
    here = hub()
    (potatoes,) = here.load(item())
    buyers = [here.buyer() for _ in range(6)]
    carts = [cart(here, one) for one in buyers]
    for one, basket in zip(buyers, carts, strict=True):
        fill(basket, one, (potatoes, 500, 0))
    said: list[str] = []

    def place(number: int) -> Callable[[], None]:
        def act() -> None:
            try:
                said.append(move(buyers[number], carts[number], "place"))
            except Refusal as refusal:
                said.append(refusal.name)

        return act

    def close() -> None:
        run("exchange.cycle.close", {"cycle_id": here.cycle}, here.keeper)
        run("exchange.pool.allot", {"pool_id": here.cycle}, ALLOT)

    assert together(*(place(number) for number in range(6)), close) == []
    assert Claim.rows.filter(awarded=None).count() == 0
    assert Claim.rows.count() == said.count("ordered")
    assert set(said) <= {"ordered", "exchange.guard", "exchange.no_orders_now"}


def test_a_second_hub_does_not_say_how_much_a_producer_has(clock: Clock, db: None) -> None:
    clock.at(NOW)
    here = hub()
    here.load(item("감자", estate=3000))
    stock = Asset.rows.get(title="감자")
    other = organisation("서대문먹거리나눔터", district_sig=JONGNO)
    there = replace(here, host=other, keeper=person_with(Role.STAFF, organisation=other))
    there.cycle = a_cycle(there)
    there.load(item("감자", estate=900_000))
    stock.refresh_from_db()
    assert stock.stock == 3000, "another hub sells from it"
    here.load(item("감자", estate=5000))
    stock.refresh_from_db()
    assert stock.stock == 3000, "from now on its producer says"
    here.load(item("감자", estate=5000), by=here.farmer)
    stock.refresh_from_db()
    assert stock.stock == 5000
