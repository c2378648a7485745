"""A food order: filled, placed, held for, changed, and dropped when the cycle closes."""

from __future__ import annotations

from typing import Any

import pytest

from dure.core.actions import run
from dure.core.actors import Role
from dure.core.errors import Refusal
from dure.exchange.models import Agreement, Asset, Claim, Pool
from tests.exchange.hubs import NOW, cart, fill, hub, item, move, order
from tests.exchange.neighbours import at, tick
from tests.harness.people import organisation, person_with

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(autouse=True)
def _morning(clock: Any) -> None:
    clock.at(NOW)


def refused(name: str, body: dict[str, object], actor: Any) -> str:
    with pytest.raises(Refusal) as caught:
        run(name, body, actor)
    return caught.value.name


def test_an_order_holds_what_it_may_cost_and_claims_what_it_asks() -> None:
    here = hub()
    potatoes, tofu = here.load(
        item(margin_ppm=100_000), item("두부", unit="H87", lot=1, price=2500, gram_each=420)
    )
    buyer = here.buyer()
    basket = cart(here, buyer)
    assert fill(basket, buyer, (potatoes, 2000, 500), (tofu, 2, 0)).most == 16_500 + 5_000
    assert here.money(buyer) == (0, 0, 0)
    assert move(buyer, basket, "place") == "ordered"
    assert here.money(buyer) == (0, 21_500, 0)
    rows = Claim.rows.filter(agreement=basket).order_by("asked")
    assert [(c.asked, c.firm, c.tolerance, c.person) for c in rows] == [
        (2, 2, 0, buyer.id),
        (2000, 2000, 500, buyer.id),
    ]


def test_editing_gives_the_hold_and_the_claims_back() -> None:
    here = hub()
    (potatoes,) = here.load(item())
    buyer = here.buyer()
    basket = order(here, buyer, (potatoes, 2000, 0))
    assert move(buyer, basket, "edit") == "cart"
    assert here.money(buyer) == (0, 0, 0)
    assert Claim.rows.filter(agreement=basket, withdrawn_at=None).count() == 0
    fill(basket, buyer, (potatoes, 500, 0))
    assert move(buyer, basket, "place") == "ordered"
    assert here.money(buyer) == (0, 3000, 0)
    assert Claim.rows.filter(agreement=basket).count() == 2


def test_an_empty_basket_a_short_purse_and_a_closed_window_place_nothing(clock: Any) -> None:
    here = hub()
    (potatoes,) = here.load(item())
    buyer, poor = here.buyer(), here.buyer(won=2999)
    empty = cart(here, buyer)
    fill(empty, buyer)
    with pytest.raises(Refusal, match=r"exchange\.guard"):
        move(buyer, empty, "place")
    short = cart(here, poor)
    fill(short, poor, (potatoes, 500, 0))
    with pytest.raises(Refusal, match=r"exchange\.guard"):
        move(poor, short, "place")
    fill(empty, buyer, (potatoes, 500, 0))
    clock.at("2026-05-11T18:00:00+09:00")
    with pytest.raises(Refusal, match=r"exchange\.guard"):
        move(buyer, empty, "place")
    assert Claim.rows.count() == 0
    assert here.money(buyer) == here.money(poor) == (0, 0, 0)
    assert tick() == (2, 0)
    assert set(Agreement.rows.values_list("state", flat=True)) == {"dropped"}


@pytest.mark.parametrize("amount", [499, 750, 1])
def test_only_whole_lots_are_asked_for(amount: int) -> None:
    here = hub()
    (potatoes,) = here.load(item())
    buyer = here.buyer()
    basket = cart(here, buyer)
    lines = [{"product_id": potatoes, "asked": amount, "tolerance": 0}]
    body = {"agreement_id": basket, "lines": lines}
    assert refused("exchange.basket.fill", body, buyer) == "exchange.bad_quantity"
    assert Agreement.rows.get(id=basket).terms["lines"] == []


def test_a_price_that_changed_is_said_before_anything_is_held() -> None:
    here = hub()
    (potatoes,) = here.load(item())
    buyer = here.buyer()
    basket = cart(here, buyer)
    fill(basket, buyer, (potatoes, 500, 0))
    run("exchange.product.change", {"product_id": potatoes, "price": 3100}, here.farmer)
    with pytest.raises(Refusal, match=r"exchange\.basket_stale"):
        move(buyer, basket, "place")
    assert here.money(buyer) == (0, 0, 0)
    fill(basket, buyer, (potatoes, 500, 0))
    assert move(buyer, basket, "place") == "ordered"
    assert here.money(buyer) == (0, 3100, 0)
    body = {"product_id": potatoes, "price": 3000}
    assert refused("exchange.product.change", body, here.farmer) == "exchange.in_use"


def test_only_its_buyer_fills_a_basket_and_only_hub_or_producer_loads() -> None:
    here = hub()
    body = {"cycle_id": here.cycle, "producer_id": str(here.producer.id), "lines": [item("무")]}
    assert refused("exchange.catalogue.load", body, here.farmer) == "core.not_allowed"
    here.load(item("배추"))
    (potatoes,) = here.load(item(), by=here.farmer)
    buyer, other = here.buyer(), here.buyer()
    basket = cart(here, buyer)
    lines = [{"product_id": potatoes, "asked": 500, "tolerance": 0}]
    body = {"agreement_id": basket, "lines": lines}
    assert refused("exchange.basket.fill", body, other) == "core.not_found"
    assert refused("exchange.basket.fill", body, here.keeper) == "core.not_allowed"
    stranger = person_with(Role.BOARD, organisation=organisation("다른작목반"))
    body = {"cycle_id": here.cycle, "producer_id": str(here.producer.id), "lines": [item("무")]}
    assert refused("exchange.catalogue.load", body, stranger) == "core.not_allowed"
    assert Pool.rows.filter(parent=here.cycle).count() == 2


def test_a_list_comes_in_whole_or_not_at_all() -> None:
    here = hub()
    bad = item("두부", unit="H87", lot=1)
    body = {
        "cycle_id": here.cycle,
        "producer_id": str(here.producer.id),
        "lines": [item(), bad],
    }
    with pytest.raises(Refusal, match=r"exchange\.bad_line") as caught:
        run("exchange.catalogue.load", body, here.keeper)
    assert caught.value.places["place"] == 2
    assert (Pool.rows.filter(parent=here.cycle).count(), Asset.rows.count()) == (0, 0)
    loaded = run("exchange.catalogue.load", {**body, "lines": [item(), item("무")]}, here.keeper)
    assert (loaded.result.new, loaded.result.changed) == (2, 0)
    again = {**body, "lines": [item(estate=4000), item("배추")]}
    assert run("exchange.catalogue.load", again, here.farmer).result.changed == 1
    assert Asset.rows.get(title="감자").stock == 4000
    assert Pool.rows.get(title="감자").estate == 4000


def test_times_of_a_cycle_are_in_order_and_carts_move_with_its_closing(clock: Any) -> None:
    here = hub()
    body = {
        "organisation_id": str(here.host.id),
        "title": "회차",
        "place": "곳",
        "opens": at("10T08:00"),
        "closes": at("11T18:00"),
        "pickup": at("11T17:00"),
    }
    assert refused("exchange.cycle.open", body, here.keeper) == "exchange.bad_slot"
    cart(here, here.buyer())
    change = {"cycle_id": here.cycle, "closes": at("11T12:00")}
    run("exchange.cycle.change", change, here.keeper)
    clock.at(at("11T12:00"))
    assert tick() == (1, 0)


def test_a_cancelled_cycle_gives_everything_back() -> None:
    here = hub()
    (potatoes,) = here.load(item())
    buyer = here.buyer()
    basket = order(here, buyer, (potatoes, 500, 0))
    run("exchange.cycle.cancel", {"cycle_id": here.cycle}, here.keeper, reason="폭우로 쉼")
    assert tick() == (1, 0)
    assert Agreement.rows.get(id=basket).state == "cancelled"
    assert here.money(buyer) == (0, 0, 0)


def test_the_rule_and_the_salt_are_fixed_at_opening() -> None:
    here = hub()
    cycle = Pool.rows.get(id=here.cycle)
    assert cycle.terms["rule"] == "cea"
    assert cycle.rule_version is not None
    assert len(bytes(cycle.tie_salt)) == 32
    assert len(cycle.tie_commitment) == 64
