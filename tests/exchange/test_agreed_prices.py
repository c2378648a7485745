"""What was agreed is what is paid: a price that changes between two steps changes no agreement."""

from __future__ import annotations

import pytest

from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.exchange.models import Agreement, Asset
from tests.exchange import hubs, rides
from tests.exchange.neighbours import NOW, Library, answers, hold, library, step
from tests.harness.clock import Clock
from tests.ledger.givens import balance

pytestmark = pytest.mark.usefixtures("db")


def asks(here: Library, thing: str, **terms: object) -> None:
    """Let a thing ask this from now on."""
    body = {"asset_id": thing, "terms": answers(**terms)}
    run("exchange.asset.change", body, here.keeper)


def held_by(here: Library, actor: Actor) -> int:
    """What is set aside of somebody's won."""
    return balance(here.accounts[actor.id])[1]


@pytest.mark.parametrize("fee", [50_000, 500, 0])
def test_loan_costs_what_the_thing_asked_when_its_place_was_held(clock: Clock, fee: int) -> None:
    clock.at(NOW)
    here = library()
    anna = here.neighbour()
    thing = here.thing(terms=answers(fee=1000, deposit=20_000))
    case = hold(anna, thing, "10T10:00", "10T12:00")
    asks(here, thing, fee=fee, deposit=60_000)
    step(anna, case, "book")
    assert held_by(here, anna) == 21_000
    kept = Agreement.rows.get(id=case).terms
    assert kept == {"fee": 1000, "fee_unit": "won", "deposit": 20_000, "deposit_unit": "won"}


@pytest.mark.parametrize(
    "now",
    [
        {"fee": 1001, "deposit": 20_000},
        {"fee": 1000, "deposit": 20_001},
        {"fee": 60, "fee_unit": "minutes", "deposit": 20_000},
    ],
)
def test_place_is_not_held_for_more_than_was_seen(now: dict[str, object], clock: Clock) -> None:
    clock.at(NOW)
    here = library()
    anna = here.neighbour()
    thing = here.thing(terms=answers(fee=1000, deposit=20_000))
    seen = answers(fee=1000, fee_unit="won", deposit=20_000, deposit_unit="won")
    asks(here, thing, **now)
    with pytest.raises(Refusal, match=r"exchange\.bad_quantity") as refused:
        hold(anna, thing, "10T10:00", "10T12:00", terms=seen)
    assert "올랐습니다" in refused.value.sentence("ko")
    assert "gone up" in refused.value.sentence("en")
    assert not Agreement.rows.exists()
    asks(here, thing, fee=900)
    case = hold(anna, thing, "10T10:00", "10T12:00", terms=seen)
    assert Agreement.rows.get(id=case).terms["fee"] == 900, "who saw more pays what is asked"


def test_nobody_names_her_own_price(clock: Clock) -> None:
    clock.at(NOW)
    here = library()
    anna = here.neighbour()
    thing = here.thing(terms=answers(fee=1000, deposit=20_000))
    with pytest.raises(Refusal, match=r"exchange\.bad_quantity"):
        hold(anna, thing, "10T10:00", "10T12:00", terms=answers(fee=0, deposit=0))
    case = hold(anna, thing, "10T10:00", "10T12:00", terms=answers(fee=9000, deposit=90_000))
    step(anna, case, "book")
    assert held_by(here, anna) == 21_000


def test_seat_costs_what_the_driver_asked_when_it_was_asked_for(clock: Clock) -> None:
    clock.at(rides.NOW)
    here = rides.road()
    driver, rider = here.neighbour(), here.neighbour()
    trip = rides.offer(driver, reciprocity="won", won_per_km=100)
    case = rides.ask(rider, trip)
    for terms in (answers(won_per_km=200), answers(note="더 받아요")):
        with pytest.raises(Refusal, match=r"exchange\.in_use"):
            run("exchange.asset.change", {"asset_id": trip, "terms": terms}, driver)
    assert rides.the_trip(trip).won_per_km == 100
    listing = Asset.rows.get(id=trip).terms["listing"]
    with pytest.raises(Refusal):
        run("exchange.listing.change", {"listing_id": listing, "rate": 200}, rider)
    run("exchange.listing.change", {"listing_id": listing, "rate": 200}, driver)
    other = rides.ask(here.neighbour(), trip, alight=rides.SINCHON)
    step(driver, other, "accept")
    step(driver, case, "accept")
    assert balance(here.accounts[rider.id])[1] == 251, "half of 5,039 m at 100 won"


def test_price_of_what_is_ordered_does_not_change_and_that_of_a_cart_is_asked_again(
    clock: Clock,
) -> None:
    clock.at(hubs.NOW)
    here = hubs.hub()
    potatoes, carrots = here.load(hubs.item("감자"), hubs.item("당근"))
    anna, ben = here.buyer(), here.buyer()
    hubs.order(here, anna, (potatoes, 1000, 0))
    for body in ({"price": 3500}, {"price": 2500}):
        with pytest.raises(Refusal, match=r"exchange\.in_use"):
            run("exchange.product.change", {"product_id": potatoes, **body}, here.keeper)
    with pytest.raises(Refusal, match=r"exchange\.in_use"):
        here.load(hubs.item("감자", price=3500))
    assert here.money(anna) == (0, 6000, 0)
    cart = hubs.cart(here, ben)
    hubs.fill(cart, ben, (carrots, 1000, 0))
    run("exchange.product.change", {"product_id": carrots, "price": 3500}, here.keeper)
    with pytest.raises(Refusal, match=r"exchange\.basket_stale") as refused:
        hubs.move(ben, cart, "place")
    assert "당근" in refused.value.sentence("ko")
    assert here.money(ben) == (0, 0, 0)
    hubs.fill(cart, ben, (carrots, 1000, 0))
    assert hubs.move(ben, cart, "place") == "ordered"
    assert here.money(ben) == (0, 7000, 0)
