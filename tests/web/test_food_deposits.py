"""Deposits on crates on the pages: opened with the cycle, shown before ordering, given back."""

from __future__ import annotations

import re

import pytest

from dure.core.actors import Role
from dure.exchange.models import Pool
from tests.exchange.hubs import cart, fill, move
from tests.harness.clock import Clock
from tests.harness.people import organisation, person_with
from tests.web.food_world import OPEN, Food, a_food, hand_over, pack_all, share_out
from tests.web.test_food import HERE, send, text_of
from tests.web.walk import client_of

BACK = "상자가 돌아왔다고 적기"


@pytest.fixture(autouse=True)
def _now(db: object, clock: Clock) -> None:
    clock.at(OPEN)


def pack_page(food: Food, number: int = 0) -> str:
    return f"{HERE}{food.cycle}/packing/{food.baskets[number]}/"


def test_deposit_is_set_by_the_form_of_a_cycle_and_shown_on_its_page() -> None:
    keeper = person_with(Role.STAFF, organisation=organisation("서강먹거리나눔터"))
    client = client_of(keeper)
    scope = re.findall(r'<option value="([0-9a-f-]{36})"', text_of(client, f"{HERE}desk/new/"))[0]
    data = {
        "do": "save", "organisation_id": scope, "title": "병 보증금", "place": "서강동 마을방",
        "opens": "2026-05-10T08:00", "closes": "2026-05-14T18:00", "pickup": "2026-05-15T17:00",
        "pays": "won", "deposit": "2,000",
    }  # fmt: skip
    send(client, f"{HERE}desk/new/", **data)
    made = Pool.rows.get(title="병 보증금")
    assert made.terms["deposit"] == 2000
    assert "2,000원" in text_of(client, f"{HERE}{made.id}/")
    assert "Deposit on the crate" in text_of(client, f"/en{HERE}{made.id}/")
    send(client, f"{HERE}{made.id}/change/", **{**data, "deposit": "9000"})
    assert Pool.rows.get(id=made.id).terms["deposit"] == 2000
    told = send(client, f"{HERE}desk/new/", 422, **{**data, "title": "선물", "pays": "gift"})
    assert "원이나 상품권으로만" in told
    send(client, f"{HERE}desk/new/", 422, **{**data, "title": "두 잔", "deposit": "두 잔"})
    assert not Pool.rows.filter(title__in=("선물", "두 잔")).exists()


def test_basket_says_what_is_held_with_its_deposit() -> None:
    food = a_food(deposit=2000)
    buyer = food.hub.buyer()
    basket = cart(food.hub, buyer)
    fill(basket, buyer, (food.potatoes, 1000, 0))
    told = text_of(client_of(buyer), f"{HERE}baskets/{basket}/")
    assert "8,000원" in told and "2,000원" in told
    move(buyer, basket, "place")
    assert food.hub.money(buyer) == (0, 8000, 0)


def test_packing_table_takes_a_crate_back_once(clock: Clock) -> None:
    food = a_food(deposit=2000)
    share_out(food, clock)
    pack_all(food)
    keeper, buyer = client_of(food.hub.keeper), client_of(food.buyers[0])
    assert BACK not in text_of(keeper, pack_page(food))
    hand_over(food, 0, clock)
    move(food.buyers[0], food.baskets[0], "accept")
    before = food.hub.money(food.buyers[0])[0]
    mine = f"{HERE}baskets/{food.baskets[0]}/"
    assert "보증금 냄" in text_of(buyer, mine)
    done = f"{HERE}{food.cycle}/packing/?part=done"
    assert "보증금 냄" in text_of(keeper, done)
    assert BACK in text_of(keeper, pack_page(food))
    send(keeper, pack_page(food), do="crate")
    assert food.hub.money(food.buyers[0])[0] == before + 2000
    assert "상자 돌아옴" in text_of(keeper, done)
    assert "상자 돌아옴" in text_of(buyer, mine)
    assert "The crate is back" in text_of(buyer, f"/en{mine}")
    assert "상자 돌아옴" in text_of(buyer, f"{mine}receipt/")
    assert BACK not in text_of(keeper, pack_page(food))
    send(keeper, pack_page(food), 409, do="crate")
    assert food.hub.money(food.buyers[0])[0] == before + 2000


def test_without_a_deposit_no_page_speaks_of_crates(clock: Clock) -> None:
    food = a_food()
    share_out(food, clock)
    pack_all(food)
    hand_over(food, 0, clock)
    keeper = client_of(food.hub.keeper)
    for path in (pack_page(food), f"{HERE}{food.cycle}/", f"{HERE}baskets/{food.baskets[0]}/"):
        assert "보증금" not in text_of(keeper, path)
    send(keeper, pack_page(food), 409, do="crate")
