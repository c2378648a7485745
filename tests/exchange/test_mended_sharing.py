"""Slots, turns, answers and listings: what used to go wrong, each by a test of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from dure.core import door
from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.clock import now
from dure.core.errors import Refusal
from dure.exchange.models import Agreement, Asset, Commitment, Listing, Match, Party
from dure.exchange.queries import agreements, availability, calendars
from tests.exchange.neighbours import (
    NOW,
    Library,
    answers,
    ask,
    at,
    bank,
    hold,
    library,
    offer,
    step,
    tick,
)
from tests.exchange.test_equipment_loan import booked, overlaps, state_of
from tests.harness.clock import Clock
from tests.harness.people import MAPO, person_with
from tests.ledger.givens import an_account, balance

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)


@pytest.fixture
def here() -> Library:
    return library()


def refused(code: str, action: str, body: dict[str, object], actor: Actor) -> Refusal:
    with pytest.raises(Refusal) as caught:
        run(action, body, actor)
    assert caught.value.name == code
    return caught.value


# --- slots


def test_thing_that_goes_out_early_never_blocks_a_late_one(here: Library, clock: Clock) -> None:
    """Two alike: one is out until noon; the other is booked for one o'clock in the same lane and
    fetched at half past eleven."""
    asset = here.thing(lanes=2, terms=())
    anna, late = booked(here, asset, "10T10:00", "10T12:00")
    ben, early = booked(here, asset, "10T13:00", "10T15:00")
    assert {c.lane for c in Commitment.rows.all()} == {0}
    for when, who, case in (("10T10:00", anna, late), ("10T11:30", ben, early)):
        clock.at(at(when))
        step(who, case, "check_out")
        assert step(here.keeper, case, "check_out") == "out"
    taken = Commitment.rows.get(agreement=early)
    assert (taken.lane, taken.slot.lower) == (1, datetime.fromisoformat(at("10T11:30")))
    clock.at(at("10T12:00"))
    assert tick() == (1, 0)
    assert state_of(late) == "overdue"
    assert overlaps() == 0
    with pytest.raises(Refusal, match=r"exchange\.slot_taken"):
        hold(here.neighbour(), asset, "10T14:00", "10T14:30")


def test_only_one_of_a_kind_is_not_handed_out_twice(here: Library, clock: Clock) -> None:
    asset = here.thing(terms=())
    anna, late = booked(here, asset, "10T10:00", "10T12:00")
    ben, early = booked(here, asset, "10T13:00", "10T15:00")
    clock.at(at("10T10:00"))
    step(anna, late, "check_out")
    step(here.keeper, late, "check_out")
    step(ben, early, "check_out")
    with pytest.raises(Refusal, match=r"exchange\.slot_taken"):
        step(here.keeper, early, "check_out")
    assert state_of(early) == "booked"


# --- turns


def waits(who: Actor, asset: str, starts: str, ends: str, clock: Clock) -> None:
    offer(who, "request", "gift", asset_id=asset, starts=at(starts), ends=at(ends))
    clock.move(minutes=1)


def test_turn_keeps_what_was_wanted_and_leaves_the_rest(here: Library, clock: Clock) -> None:
    asset = here.thing(terms=(), buffer_min=15)
    anna, case = booked(here, asset, "10T12:00", "10T20:00")
    first, second = here.neighbour(), here.neighbour()
    waits(first, asset, "10T14:00", "10T15:00", clock)
    waits(second, asset, "10T18:00", "10T20:00", clock)
    step(anna, case, "cancel")
    kept = {m.request.person: (m.slot.lower, m.slot.upper) for m in Match.rows.all()}
    assert kept == {
        first.id: tuple(datetime.fromisoformat(at(one)) for one in ("10T13:45", "10T15:15")),
        second.id: tuple(datetime.fromisoformat(at(one)) for one in ("10T17:45", "10T20:15")),
    }
    hold(here.neighbour(), asset, "10T15:30", "10T17:30")
    with pytest.raises(Refusal, match=r"exchange\.slot_taken"):
        hold(here.neighbour(), asset, "10T12:00", "10T14:00")


def test_declined_turn_goes_to_the_next_at_once(here: Library, clock: Clock) -> None:
    asset = here.thing(terms=())
    anna, case = booked(here, asset, "10T14:00", "10T18:00")
    first, second = here.neighbour(), here.neighbour()
    for who in (first, second):
        waits(who, asset, "10T14:00", "10T18:00", clock)
    step(anna, case, "cancel")
    turn = Match.rows.get()
    run("exchange.match.decline", {"match_id": str(turn.id)}, first)
    turn.refresh_from_db()
    assert turn.state == "declined"
    held = Match.rows.get(state="held")
    assert held.request.person == second.id
    run("exchange.match.decline", {"match_id": str(held.id)}, second)
    assert Match.rows.filter(state="held").count() == 0, "nobody has a second turn at it"


# --- answers


def test_declined_answer_is_not_chosen(here: Library) -> None:
    anna, ben = here.neighbour(), here.neighbour()
    wish = offer(anna, side="request")
    answered = run("exchange.listing.answer", {"listing_id": wish}, ben).result.id
    run("exchange.match.decline", {"match_id": answered}, anna)
    with pytest.raises(Refusal, match=r"exchange\.not_offered"):
        ask(anna, wish, other_id=str(ben.id))
    assert Agreement.rows.count() == 0


def test_organisation_chooses_who_answered_its_own_request_and_pays_itself() -> None:
    town = bank()
    ben = town.neighbour()
    till = an_account(town.book, organisation=town.host, lo=-600)
    wish = offer(town.keeper, "request", organisation_id=str(town.host.id), as_organisation=True)
    answered = run("exchange.listing.answer", {"listing_id": wish}, ben).result.id
    stranger = person_with(Role.STAFF, district=MAPO)
    for actor in (ben, stranger):
        with pytest.raises(Refusal, match=r"exchange\.(not_offered|own_listing)"):
            ask(actor, wish, other_id=str(ben.id))
    case = ask(town.keeper, wish, other_id=str(ben.id))
    parties = {p.role: (p.person, p.organisation_id) for p in Party.rows.all()}
    assert parties == {"requester": (None, town.host.id), "provider": (ben.id, None)}
    assert Match.rows.get(id=answered).state == "accepted"
    step(ben, case, "accept")
    assert balance(till) == (0, 60, 0)
    step(ben, case, "claim", minutes=60)
    step(town.keeper, case, "dispute", why="반만 했어요")
    with pytest.raises(Refusal, match=r"core\.not_allowed"):
        step(town.keeper, case, "judge", minutes=15)
    assert step(stranger, case, "judge", minutes=30) == "settled"
    assert balance(till) == (-30, 0, 0)


def test_who_keeps_a_district_does_not_find_everybodys_answers_under_her_own(
    here: Library,
) -> None:
    anna, ben = here.neighbour(), here.neighbour()
    wish = offer(anna, side="request")
    run("exchange.listing.answer", {"listing_id": wish}, ben)
    staff, one, two = (
        door.load_grants(who, now()) for who in (person_with(Role.STAFF, district=MAPO), anna, ben)
    )
    assert [len(agreements.matches(who)) for who in (staff, one, two)] == [0, 1, 1]
    listing = Listing.rows.get(id=wish)
    assert len(agreements.matches(staff, request_id=listing.id)) == 1, "on the listing's own page"


# --- listings


def test_text_above_its_limit_is_refused_and_not_cut(here: Library) -> None:
    anna = here.neighbour()
    body = {"side": "offer", "title": "빵", "reciprocity": "gift", "text": "가" * 2001}
    assert "2,000" in refused("core.bad_field", "exchange.listing.publish", body, anna).sentence(
        "ko"
    )
    listing = offer(anna, text="가" * 2000)
    change = {"listing_id": listing, "text": "나" * 2001}
    refused("core.bad_field", "exchange.listing.change", change, anna)
    assert Listing.rows.get().text == "가" * 2000
    thing = {"title": "사다리", "text": "가" * 2001}
    refused("core.bad_field", "exchange.asset.add", thing, anna)
    ladder = run("exchange.asset.add", {"title": "사다리"}, anna).result.id
    refused("core.bad_field", "exchange.asset.change", {**thing, "asset_id": ladder}, anna)


def test_place_of_a_person_is_kept_to_the_grain_of_a_neighbourhood(here: Library) -> None:
    anna = here.neighbour()
    spot = {"latitude_e5": 3_755_123, "longitude_e5": 12_691_987}
    listing = Listing.rows.get(id=offer(anna, **spot, to_latitude_e5=-1, to_longitude_e5=999))
    assert (listing.latitude_e5, listing.longitude_e5) == (3_755_500, 12_691_500)
    assert (listing.to_latitude_e5, listing.to_longitude_e5) == (-500, 500)
    ladder = run("exchange.asset.add", {"title": "사다리", **spot}, anna).result.id
    run("exchange.asset.change", {"asset_id": ladder, "latitude_e5": 3_755_999}, anna)
    assert Asset.rows.get(id=ladder).latitude_e5 == 3_755_500
    shop = Asset.rows.get(id=here.thing(**spot))
    assert (shop.latitude_e5, shop.longitude_e5) == (3_755_123, 12_691_987), "its door is public"


def test_listing_that_was_released_is_looked_at_again_only_for_new_words(here: Library) -> None:
    anna = here.neighbour()
    listing = offer(anna, text="수술 뒤에 도움이 필요해요")
    keeper = person_with(Role.STAFF, district=MAPO)
    run("exchange.listing.release", {"listing_id": listing}, keeper)

    def change(**more: object) -> str:
        body = {"listing_id": listing, **more}
        return str(run("exchange.listing.change", body, anna).result.state)

    assert change(rate=2, paused=False) == "open"
    assert change(text="수술 뒤에 산책할 이웃을 찾아요") == "check"
    run("exchange.listing.release", {"listing_id": listing}, keeper)
    assert change(audience="district") == "open"
    assert change(audience="public") == "check"


@pytest.mark.parametrize("days", ["1000000000", "367"])
def test_loan_longer_than_a_year_is_refused_when_it_is_written(here: Library, days: str) -> None:
    with pytest.raises(Refusal, match=r"exchange\.bad_answer"):
        here.thing(terms=answers(max_days=days))
    here.thing(terms=answers(max_days=366))


@pytest.mark.parametrize("minutes", [50, 7])
def test_quarters_are_asked_when_it_is_done_and_when_it_is_judged(minutes: int) -> None:
    town = bank()
    anna, ben = town.neighbour(), town.neighbour()
    case = ask(anna, offer(ben))
    step(ben, case, "accept")
    with pytest.raises(Refusal, match=r"exchange\.bad_answer"):
        step(ben, case, "claim", minutes=minutes)
    step(ben, case, "claim", minutes=45)
    step(anna, case, "dispute", why="달라요")
    keeper = person_with(Role.STAFF, district=MAPO)
    with pytest.raises(Refusal, match=r"exchange\.bad_answer"):
        step(keeper, case, "judge", minutes=minutes)
    assert step(keeper, case, "judge", minutes=30) == "settled"


# --- who decides over the value of others


def test_coordinator_without_a_second_step_judges_and_corrects_no_value() -> None:
    town = bank()
    anna, ben = town.neighbour(), town.neighbour()
    case = ask(anna, offer(ben))
    step(ben, case, "accept")
    step(ben, case, "claim", minutes=60)
    keeper = person_with(Role.STAFF, district=MAPO)
    weak = replace(keeper, assured=False)
    assert step(replace(anna, assured=False), case, "dispute", why="달라요") == "review"
    with pytest.raises(Refusal, match=r"core\.second_step"):
        step(weak, case, "judge", minutes=60)
    assert town.balance(anna) == (0, 60, 0)
    step(keeper, case, "judge", minutes=60)
    body = {"agreement_id": case, "why": "withdrawn"}
    with pytest.raises(Refusal, match=r"core\.second_step"):
        run("exchange.agreement.correct", body, weak, reason="없던 일입니다")
    assert town.balance(anna) == (-60, 0, 0)
    void = ask(anna, offer(ben))
    step(ben, void, "accept")
    step(ben, void, "claim", minutes=60)
    step(anna, void, "dispute", why="달라요")
    assert step(weak, void, "void") == "voided", "what only gives back asks nothing"


# --- feeds


def test_thing_in_repair_is_not_told_as_free(here: Library) -> None:
    drill = here.thing(lanes=2, latitude_e5=3_755_600, longitude_e5=12_691_000)
    saw = here.thing(title="톱", latitude_e5=3_755_600, longitude_e5=12_691_000)

    def told() -> list[str]:
        found = availability.of_library(here.host.id, contact="a@b.test", secret=b"x" * 16)
        assert found is not None
        return sorted(one.type for one in found.vehicles)

    assert told() == sorted([drill, drill, saw])
    run("exchange.asset.change", {"asset_id": drill, "condition": "repair"}, here.keeper)
    assert told() == [saw]


def test_calendar_keeps_the_latest_when_there_are_too_many(
    here: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, asset = here.neighbour(), here.thing(lanes=4, terms=())
    days = [f"1{day}T10:00" for day in range(1, 5)]
    for day in days:
        hold(anna, asset, day, day.replace("10:00", "11:00"))
    monkeypatch.setattr(calendars, "ENTRIES_MAX", 3)
    assert anna.id is not None
    shown = [entry.begins for entry in calendars.entries(anna.id)]
    assert shown == [datetime.fromisoformat(at(day)) for day in days[1:]]


def test_waiting_list_after_the_past_is_not_offered(here: Library, clock: Clock) -> None:
    asset = here.thing(terms=())
    anna, case = booked(here, asset, "10T10:00", "10T12:00")
    waits(here.neighbour(), asset, "10T10:00", "10T11:00", clock)
    clock.at(at("10T11:30"))
    step(anna, case, "cancel")
    assert Match.rows.count() == 0
