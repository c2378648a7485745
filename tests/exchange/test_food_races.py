"""Shared stock and the closing under concurrent hands: never promised twice, nothing slips in."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from time import monotonic

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


def wait_for_locks(count: int, unless: threading.Event) -> None:
    """Go on once so many sessions of this database wait for a lock, or at `unless`; ten seconds
    at most."""
    ends = monotonic() + 10
    with psycopg.connect(**connection.get_connection_params()) as other:
        while monotonic() < ends and not unless.is_set():
            found = other.execute(
                "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted"
            ).fetchone()
            if found is not None and found[0] >= count:
                return
    assert unless.is_set(), "nobody waits"


@pytest.mark.parametrize("step", ["place", "open", "edit"])
def test_step_that_meets_a_change_of_the_closing_takes_the_new_closing(
    step: str, commits: str, clock: Clock
) -> None:
    """The change is held up with the cycle locked; the step has read the cycle by then."""
    clock.at(NOW)
    here = hub()
    (potatoes,) = here.load(item())
    buyer, blocker = here.buyer(), here.buyer()
    held_up = cart(here, blocker)
    mine = cart(here, buyer) if step != "open" else ""
    if mine:
        fill(mine, buyer, (potatoes, 500, 0))
    if step == "edit":
        move(buyer, mine, "place")
    later = "2026-05-11T20:00:00+09:00"

    def change() -> None:
        run("exchange.cycle.change", {"cycle_id": here.cycle, "closes": later}, here.keeper)

    def act() -> None:
        wait_for_locks(1, done)
        try:
            move(buyer, mine, step) if mine else cart(here, buyer)
        finally:
            done.set()

    def let_go() -> None:
        with psycopg.connect(**connection.get_connection_params()) as other:
            other.execute(
                "SELECT 1 FROM exchange_timer WHERE agreement_id = %s FOR UPDATE", [held_up]
            )
            gate.set()
            wait_for_locks(2, done)

    gate, done = threading.Event(), threading.Event()

    def change_behind_it() -> None:
        gate.wait()
        change()

    assert together(let_go, change_behind_it, act) == []
    moved = Pool.rows.get(id=here.cycle).closes
    kept = Agreement.rows.get(id=mine) if mine else Agreement.rows.exclude(id=held_up).get()
    timer = kept.timers.get(fired_at=None)
    grace = timedelta(days=3) if kept.state == "ordered" else timedelta()
    assert (kept.state, timer.due_at) == (
        {"place": "ordered", "open": "cart", "edit": "cart"}[step],
        moved + grace,
    )
    product = Pool.rows.get(id=potatoes)
    assert (moved.isoformat(), product.closes) == ("2026-05-11T11:00:00+00:00", moved)


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


def test_order_is_not_changed_by_who_waited_for_the_closing(commits: str, clock: Clock) -> None:
    clock.at(NOW)
    here = hub()
    (potatoes,) = here.load(item())
    buyer = here.buyer()
    basket = order(here, buyer, (potatoes, 500, 0))
    said: list[str] = []

    def edit() -> None:
        try:
            said.append(move(buyer, basket, "edit"))
        except Refusal as refusal:
            said.append(refusal.name)
        finally:
            connection.close()

    waiting = threading.Thread(target=edit)
    with given() as audit, transaction.atomic():
        list(Agreement.rows.filter(id=basket).select_for_update(no_key=True))
        Pool.rows.filter(id=here.cycle).update(state="closed", audit=audit)
        waiting.start()
        while not _somebody_waits():
            pass
    waiting.join()
    assert said == ["exchange.guard"]
    assert Claim.rows.get().withdrawn_at is None


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND locktype = 'transactionid')"
        )
        return bool(cursor.fetchone()[0])
