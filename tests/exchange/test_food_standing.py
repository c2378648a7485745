"""Standing orders: given once, placed in each cycle that opens, and changed until it closes."""

from __future__ import annotations

from typing import Any

import pytest

from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.exchange import interpreter
from dure.exchange.actions.standing import is_place_due
from dure.exchange.models import Agreement, Claim, Listing, Pool
from tests.exchange.hubs import NOW, Hub, a_cycle, hub, item, move, reading

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(autouse=True)
def _morning(clock: Any) -> None:
    clock.at(NOW)


def stand(here: Hub, who: Actor, asked: int, tolerance: int = 0) -> str:
    spec = Pool.rows.filter(parent__isnull=False).first()
    assert spec is not None
    body = {
        "organisation_id": str(here.host.id),
        "lines": [{"spec_id": spec.spec_id, "asked": asked, "tolerance": tolerance}],
    }
    return str(run("exchange.standing.set", body, who).result.id)


def place() -> tuple[int, int, int]:
    done = run("exchange.standing.place", {}, Actor.timer("exchange.standing.place")).result
    return done.cycles, done.placed, done.short


def test_it_is_placed_once_in_each_cycle_and_may_be_dropped() -> None:
    here = hub()
    here.load(item())
    buyer, poor = here.buyer(), here.buyer(won=1000)
    stand(here, buyer, 1200, 600)
    stand(here, poor, 500)
    assert is_place_due()
    assert place() == (1, 1, 1)
    assert not is_place_due()
    assert place() == (0, 0, 0)
    basket = Agreement.rows.get(process="food_order")
    claim = Claim.rows.get(agreement=basket)
    assert (basket.state, claim.asked, claim.tolerance) == ("ordered", 1000, 500)
    assert claim.person == buyer.id
    assert here.money(buyer) == (0, 9000, 0)
    assert here.money(poor) == (0, 0, 0)
    assert move(buyer, str(basket.id), "edit") == "cart"
    assert here.money(buyer) == (0, 0, 0)


def test_a_cycle_without_products_or_not_yet_open_waits(clock: Any) -> None:
    here = hub()
    assert not is_place_due()
    here.cycle = a_cycle(here, opens="2026-05-10T12:00:00+09:00")
    here.load(item())
    stand(here, here.buyer(), 500)
    assert not is_place_due()
    clock.at("2026-05-10T12:00:00+09:00")
    assert place() == (1, 1, 0)


def test_a_new_word_takes_the_place_of_the_old_and_ends_when_taken_back() -> None:
    here = hub()
    here.load(item())
    buyer, other = here.buyer(), here.buyer()
    first = stand(here, buyer, 500)
    assert stand(here, buyer, 1000) == first
    assert Listing.rows.get(id=first).terms["standing"][0]["asked"] == 1000
    with pytest.raises(Refusal, match=r"core\.not_found"):
        run("exchange.standing.close", {"listing_id": first}, other)
    run("exchange.standing.close", {"listing_id": first}, buyer)
    assert place() == (1, 0, 0)


def test_nobody_else_sees_a_standing_order() -> None:
    here = hub()
    here.load(item())
    buyer, other = here.buyer(), here.buyer()
    stand(here, buyer, 500)
    assert Listing.objects.within(reading(other)).count() == 0
    assert Listing.objects.within(reading(buyer)).count() == 1


@pytest.mark.parametrize("line", [{"spec_id": 10**6, "asked": 500}, {"asked": 0}])
def test_a_standing_order_names_food_and_an_amount(line: dict[str, int]) -> None:
    here = hub()
    here.load(item())
    spec = Pool.rows.get(parent=here.cycle).spec_id
    body = {"organisation_id": str(here.host.id), "lines": [{"spec_id": spec, **line}]}
    with pytest.raises(Refusal, match=r"exchange\.bad_quantity"):
        run("exchange.standing.set", body, here.buyer())


def test_who_has_enough_for_one_of_two_orders_keeps_nobody_waiting() -> None:
    here = hub()
    here.load(item())
    first = here.cycle
    here.cycle = a_cycle(here, title="둘째 회차")
    here.load(item())
    buyer, other = here.buyer(won=4000), here.buyer()
    stand(here, buyer, 500)
    stand(here, other, 500)
    assert place() == (2, 3, 1)
    assert (here.money(buyer), here.money(other)) == ((0, 3000, 0), (0, 6000, 0))
    assert not is_place_due()
    assert {str(one.pool_id) for one in Agreement.rows.all()} == {first, here.cycle}


def test_fault_of_ours_in_one_order_keeps_nobody_waiting(monkeypatch: Any) -> None:
    here = hub()
    here.load(item())
    bad, good = here.buyer(), here.buyer()
    stand(here, bad, 500)
    stand(here, good, 500)
    sound = interpreter.take

    def broken(case: Any, actor: Actor) -> interpreter.Taken:
        assert actor.id != bad.id, "planted"
        return sound(case, actor)

    monkeypatch.setattr(interpreter, "take", broken)
    assert place() == (1, 1, 1)
    assert here.money(good) == (0, 3000, 0)
