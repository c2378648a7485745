"""No way round: who decides is not chosen by who gains, and nobody speaks for two sides."""

from __future__ import annotations

from typing import Any

import pytest

from dure.core import clock as core_clock
from dure.core.actions import CATALOGUE, run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.exchange.actions import match_runs
from dure.exchange.models import Agreement, Asset, Claim, Match
from dure.registry.models import Person
from tests.exchange import cases, hubs, rides
from tests.exchange.neighbours import NOW, answers, at, bank, hold, library, offer, step
from tests.exchange.test_equipment_loan import code
from tests.exchange.test_food_standing import place, stand
from tests.exchange.test_matching_runs import match, pair
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.harness.people import MAPO, organisation, person_with
from tests.ledger.givens import an_account
from tests.registry.test_acting import allow, begin

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)


def event_of_a_friend() -> str:
    friend = organisation("친구네모임")
    keeper = person_with(Role.BOARD, organisation=friend)
    body = {
        "organisation_id": str(friend.id),
        "title": "수리",
        "place": "합정",
        "opens": at("12T10:00"),
        "closes": at("12T18:00"),
    }
    return str(run("exchange.pool.open", body, keeper).result.id)


def test_borrower_does_not_choose_who_lends() -> None:
    here, event = library(), event_of_a_friend()
    thing = here.thing(terms=())
    with pytest.raises(Refusal, match=r"core\.not_found"):
        hold(here.neighbour(), thing, "10T10:00", "10T12:00", pool_id=event)


def test_requester_does_not_choose_who_judges() -> None:
    here, event = bank(), event_of_a_friend()
    listing = offer(here.neighbour())
    body = {
        "process": "time_exchange",
        "start": "request",
        "listing_id": listing,
        "pool_id": event,
        "terms": answers(minutes=60),
    }
    with pytest.raises(Refusal, match=r"core\.not_found"):
        run("exchange.agreement.open", body, here.neighbour())


def test_cycle_ends_within_a_year() -> None:
    here = hubs.hub()
    with pytest.raises(Refusal, match=r"exchange\.bad_slot"):
        hubs.a_cycle(here, closes="9999-12-20T00:00:00+09:00", pickup="9999-12-30T00:00:00+09:00")


def test_staff_does_not_become_the_party() -> None:
    here = bank()
    keeper = person_with(Role.STAFF, district=MAPO)
    _, _, wish, _ = pair(here)
    match(keeper)
    row = Match.rows.get()
    with pytest.raises(Refusal):
        run("exchange.match.take", {"match_id": str(row.id)}, keeper)
    assert Match.rows.filter(request_id=wish, answered_by=keeper.id).count() == 0


def test_run_does_not_undo_what_was_accepted_meanwhile(monkeypatch: Any) -> None:
    here = bank()
    keeper = person_with(Role.STAFF, district=MAPO)
    pair(here)
    match(keeper)
    row = Match.rows.get()
    before = match_runs._before

    def meanwhile(district: str) -> Any:
        found = before(district)
        with given():
            Match.rows.filter(pk=row.pk).update(state="accepted")
        return found

    monkeypatch.setattr(match_runs, "_before", meanwhile)
    match(keeper)
    assert Match.rows.get(pk=row.pk).state == "accepted"


def test_one_human_who_taps_for_both_proves_nothing(clock: Clock) -> None:
    clock.at(rides.NOW)
    here = rides.road()
    witness, driver = person_with(Role.STAFF, district=MAPO), here.neighbour()
    rider = person_with(Role.STAFF, district=MAPO)

    here.accounts[rider.id] = an_account(here.book, owner=rider, unit="KRW", lo=-100000)
    trip = rides.offer(driver, reciprocity="won", won_per_km=200)
    case = rides.ask(rider, trip)
    allow(witness, rider, driver.id)
    step(driver, case, "accept")
    clock.at("2026-05-12T07:30:00+09:00")
    step(begin(rider, driver.id), case, "board")
    clock.move(minutes=15)
    step(rider, case, "alight")
    step(rider, case, "confirm")
    assert Agreement.rows.get(id=case).terms["proof"] == "told"


def test_nobody_orders_for_who_rests() -> None:
    here = hubs.hub()
    here.load(hubs.item())
    buyer, other = here.buyer(), here.buyer()
    stand(here, buyer, 500)
    stand(here, other, 500)
    with given():
        Person.rows.filter(pk=buyer.id).update(state="paused")
    assert place() == (1, 1, 0)
    assert here.money(buyer) == (0, 0, 0)


def test_nobody_corrects_her_own_repair(clock: Clock) -> None:
    clock.at(cases.NOW)
    here = cases.cafe()
    body = {
        "process": "repair",
        "start": "submit",
        "pool_id": here.pool_id,
        "terms": answers(category=16),
    }
    case = str(run("exchange.agreement.open", body, here.keeper).result.id)
    with given():
        Agreement.rows.filter(id=case).update(state="handed_back", closed_at=core_clock.now())
    told = {"agreement_id": case, "why": "typo", "outcome": "fixed"}
    with pytest.raises(Refusal, match=r"exchange\.same_person"):
        run("exchange.agreement.correct", told, here.keeper, reason="잘못 적었음")


def test_seats_of_a_ride_stay_as_many_as_a_car_has(clock: Clock) -> None:
    clock.at(rides.NOW)
    here = rides.road()
    driver = here.neighbour()
    trip = rides.offer(driver, rrule="FREQ=WEEKLY;BYDAY=TU")
    listing = rides.the_trip(trip).listing
    run("exchange.listing.change", {"listing_id": listing, "qty_max": 400}, driver)
    clock.at("2026-06-01T06:00:00+09:00")
    run("exchange.ride.lay", {}, Actor.timer("exchange.ride.lay"))
    assert max(Asset.rows.filter(kind="trip").values_list("lanes", flat=True)) == 8


def test_stopped_trip_is_not_proposed(clock: Clock) -> None:
    clock.at(rides.NOW)
    here = rides.road()
    driver, rider = here.neighbour(), here.neighbour()
    trip = rides.offer(driver)
    run("exchange.ride.stop", {"listing_id": rides.the_trip(trip).listing}, driver)
    board, alight = rides.points(rides.HAPJEONG, rides.SEOUL)
    body = {"board": board, "alight": alight, "on": "2026-05-12", "at": "07:30"}
    wish = run("exchange.ride.wish", body, rider).result.id
    with pytest.raises(Refusal, match=r"core\.not_found"):
        run("exchange.ride.propose", {"listing_id": wish, "trip_id": trip}, driver)


def test_what_is_said_of_a_review_is_said_behind_its_case() -> None:
    for name in ("reply", "object", "rule"):
        assert CATALOGUE[f"exchange.review.{name}"].lock is not None


def test_what_is_asked_goes_with_the_role() -> None:
    here = hubs.hub(pays="gift")
    (potato,) = here.load(hubs.item(price=0))
    anna, ben = here.buyer(), here.buyer()
    case = hubs.order(here, anna, (potato, 500, 0))
    body = {"agreement_id": case, "role": "buyer", "person_id": str(ben.id)}
    run("exchange.agreement.reassign", body, here.keeper, reason="다쳐서 못 오십니다")
    assert Claim.rows.get(agreement=case).person == ben.id


def test_one_human_does_not_hand_over_for_both_sides_by_a_code() -> None:
    here = library()
    owner, borrower = here.neighbour(), here.neighbour()
    witness, staff = (person_with(Role.STAFF, district=MAPO) for _ in range(2))
    thing = run("exchange.asset.add", {"title": "사다리"}, owner).result.id
    case = hold(borrower, thing, "10T10:00", "10T12:00")
    step(borrower, case, "book")
    assert borrower.id is not None
    allow(witness, staff, borrower.id)
    helping = begin(staff, borrower.id)
    step(staff, case, "check_out")
    shown = code(case, helping)
    assert shown is not None
    with pytest.raises(Refusal, match=r"exchange\.same_person"):
        step(owner, case, "check_out", code=shown)


def test_wait_without_a_measure_keeps_nobody_from_giving_a_thing_back() -> None:
    here = library()
    thing = here.thing(terms=(), buffer_min=60)
    anna, ben = here.neighbour(), here.neighbour()
    case = hold(anna, thing, "10T10:00", "10T12:00")
    step(anna, case, "book")
    until = {"starts": at("10T09:30"), "ends": "9999-12-31T23:30:00+00:00"}
    with pytest.raises(Refusal, match=r"exchange\.bad_slot"):
        offer(ben, "request", "gift", asset_id=thing, **until)
    assert step(anna, case, "cancel") == "cancelled"
