"""Baskets that do not end as they should: missing, not judged, not fetched, not packed."""

from __future__ import annotations

from typing import Any

import pytest

from dure.exchange.models import Asset
from dure.journal.models import Event
from tests.exchange.hubs import NOW, PICKUP, hub, item, move, order
from tests.exchange.neighbours import tick
from tests.exchange.test_food_cycle import close, events, handed, state

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(autouse=True)
def _morning(clock: Any) -> None:
    clock.at(NOW)


def test_what_was_missing_is_agreed_taken_off_and_stated_anew(clock: Any) -> None:
    here = hub()
    (potatoes,) = here.load(item())
    buyer = here.buyer()
    basket = order(here, buyer, (potatoes, 2000, 0))
    close(here, clock)
    handed(here, buyer, basket)
    assert events("food.delivered") == 2000
    assert move(buyer, basket, "claim", product=potatoes, missing=500) == "claimed"
    assert move(here.keeper, basket, "resolve", missing=500) == "settled"
    assert here.money(buyer) == (-9000, 0, 0)
    assert events("food.delivered") == 1500
    assert Event.rows.filter(label__code="food.delivered").count() == 3


def test_an_unanswered_claim_is_judged_by_a_coordinator(clock: Any) -> None:
    here = hub()
    (potatoes,) = here.load(item())
    buyer = here.buyer()
    basket = order(here, buyer, (potatoes, 2000, 0))
    close(here, clock)
    handed(here, buyer, basket)
    move(buyer, basket, "claim", product=potatoes, missing=500)
    clock.at("2026-05-18T09:00:00+09:00")
    tick()
    assert state(basket) == "review"
    assert move(here.keeper, basket, "judge", charge=10_000) == "settled"
    assert here.money(buyer) == (-10_000, 0, 0)


def test_silence_settles_after_two_days(clock: Any) -> None:
    here = hub()
    (potatoes,) = here.load(item())
    buyer = here.buyer()
    basket = order(here, buyer, (potatoes, 500, 0))
    close(here, clock)
    handed(here, buyer, basket)
    clock.at("2026-05-13T18:00:02+09:00")
    tick()
    assert (state(basket), here.money(buyer)) == ("settled", (-3000, 0, 0))


def test_what_is_not_collected_frees_its_stock_and_is_charged_or_waived(clock: Any) -> None:
    here = hub()
    (potatoes,) = here.load(item())
    one, two = here.buyer(), here.buyer()
    placed = [order(here, who, (potatoes, 500, 0)) for who in (one, two)]
    close(here, clock)
    for basket in placed:
        move(here.keeper, basket, "pack")
    clock.at("2026-05-12T21:00:01+09:00")
    tick()
    assert [state(b) for b in placed] == ["uncollected", "uncollected"]
    assert Asset.rows.get(title="감자").reserved == 0
    assert move(here.keeper, placed[0], "charge", charge=1500) == "settled"
    assert move(here.keeper, placed[1], "waive") == "cancelled"
    assert (here.money(one), here.money(two)) == ((-1500, 0, 0), (0, 0, 0))
    assert events("food.delivered") == 0


def test_what_nobody_packs_or_allots_gives_the_money_back(clock: Any) -> None:
    here = hub()
    (potatoes,) = here.load(item())
    buyer = here.buyer()
    basket = order(here, buyer, (potatoes, 500, 0))
    close(here, clock)
    clock.at(PICKUP)
    tick()
    assert (state(basket), Asset.rows.get(title="감자").reserved) == ("review", 0)
    assert move(here.keeper, basket, "void") == "cancelled"
    assert here.money(buyer) == (0, 0, 0)
