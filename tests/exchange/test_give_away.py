"""Giving a thing away: asked for by some, promised to one, handed over by both, never for money."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.core.models.work import Notice
from dure.exchange.models import Agreement, Commitment, Listing
from dure.exchange.queries import library as shelves
from tests.exchange.cases import events_of, sums
from tests.exchange.givings import MEETING, ask, choose, give, hand_over, state, thing_of
from tests.exchange.neighbours import NOW, answers, at, hold, library, step, tick
from tests.harness.clock import Clock
from tests.harness.people import MAPO, person_with

pytestmark = pytest.mark.django_db
STAFF = Role.STAFF


@pytest.fixture(autouse=True)
def morning(db: object, clock: Clock) -> Clock:
    clock.at(NOW)
    return clock


def neighbour() -> Actor:
    return person_with(Role.RESIDENT)


def told(person: Actor) -> list[str]:
    """What a person was told, by name."""
    rows = Notice.rows.filter(person=person.id).order_by("template")
    return list(rows.values_list("template", flat=True))


@contextmanager
def guarded(why: str) -> Iterator[None]:
    """A guard refuses, and says why."""
    with pytest.raises(Refusal, match=r"exchange\.guard") as caught:
        yield
    assert why in caught.value.sentence("ko")


def refused(code: str, name: str, body: dict[str, object], actor: Actor) -> Refusal:
    with pytest.raises(Refusal) as caught:
        run(name, body, actor)
    assert caught.value.name == code, caught.value.sentence("en")
    return caught.value


def test_thing_goes_to_the_chosen_one_and_leaves() -> None:
    anna, ben, dora = neighbour(), neighbour(), neighbour()
    listing = give(anna)
    first, second = ask(ben, listing), ask(dora, listing)
    assert choose(anna, second) == "promised"
    assert told(ben) == ["exchange.give.waits"]
    assert hand_over(anna, dora, second) == "given"
    assert state(first) == "missed"
    assert told(ben) == ["exchange.give.waits", "exchange.moved"]
    assert Listing.rows.get(id=listing).state == "closed"
    thing = thing_of(listing)
    assert thing.retired_at is not None
    assert Commitment.rows.get(asset=thing).state == "done"
    assert sums() == {"reuse.handover": 1}
    event = events_of(second)[0]
    assert (event.evidence, event.qty, event.dims) == ("B", 1, None)
    assert step(dora, second, "accept") == "closed"


# --- who chooses


def test_first_come_is_chosen_in_the_order_of_asking(clock: Clock) -> None:
    anna, ben, dora = neighbour(), neighbour(), neighbour()
    listing = give(anna, chooses="first")
    first = ask(ben, listing)
    clock.move(minutes=1)
    second = ask(dora, listing)
    with guarded("먼저 부탁한 이웃"):
        choose(anna, second)
    assert step(anna, first, "decline") == "declined"
    assert choose(anna, second) == "promised"


def test_coordinator_chooses_where_the_offer_says_so_and_only_there() -> None:
    anna, ben, centre = neighbour(), neighbour(), person_with(STAFF, district=MAPO)
    listing, other = give(anna, chooses="coordinator"), give(anna)
    case, plain = ask(ben, listing), ask(ben, other)
    with guarded("코디네이터가 고르기로"):
        choose(anna, case)
    assert choose(centre, case) == "promised"
    with guarded("물려주는 이가 고르기로"):
        choose(centre, plain)
    assert choose(anna, plain) == "promised"


def test_second_promise_of_one_thing_is_impossible() -> None:
    anna, ben, dora = neighbour(), neighbour(), neighbour()
    listing = give(anna)
    first, second = ask(ben, listing), ask(dora, listing)
    choose(anna, first)
    with pytest.raises(Refusal, match=r"exchange\.in_use"):
        choose(anna, second)
    assert state(second) == "asked"
    assert Commitment.rows.filter(agreement=second).count() == 0


def test_turn_goes_on_when_the_first_does_not_come(clock: Clock) -> None:
    anna, ben, dora = neighbour(), neighbour(), neighbour()
    listing = give(anna)
    first, second = ask(ben, listing), ask(dora, listing)
    choose(anna, first)
    clock.at(at("13T18:29"))
    assert tick() == (0, 0)
    clock.at(at("13T18:31"))
    assert tick() == (1, 0)
    assert (state(first), state(second)) == ("not_fetched", "asked")
    assert told(dora) == ["exchange.give.again", "exchange.give.waits"]
    assert choose(anna, second, on="2026-05-14") == "promised"
    assert hand_over(anna, dora, second) == "given"


@pytest.mark.parametrize("who", ["giver", "receiver", "centre"])
def test_promise_is_cancelled_and_the_thing_is_free(who: str) -> None:
    anna, ben, dora = neighbour(), neighbour(), neighbour()
    by = {"giver": anna, "receiver": ben, "centre": person_with(STAFF, district=MAPO)}
    listing = give(anna)
    first, second = ask(ben, listing), ask(dora, listing)
    choose(anna, first)
    assert step(by[who], first, "cancel") == "cancelled"
    assert told(dora) == ["exchange.give.again", "exchange.give.waits"]
    assert choose(anna, second) == "promised"
    assert sums() == {}


def test_meeting_is_moved_and_time_goes_by_the_new_one(clock: Clock) -> None:
    anna, ben = neighbour(), neighbour()
    case = ask(ben, give(anna))
    choose(anna, case)
    assert step(anna, case, "meet", **{**MEETING, "on": "2026-05-20"}) == "promised"
    clock.at(at("14T09:00"))
    assert tick() == (0, 0)
    starts = Agreement.rows.get(id=case).starts
    assert starts is not None and starts.isoformat() == "2026-05-20T09:00:00+00:00"


@pytest.mark.parametrize("on", ["2026-05-09", "2027-05-30"])
def test_meeting_is_soon_and_not_past(on: str) -> None:
    anna, ben = neighbour(), neighbour()
    case = ask(ben, give(anna))
    with pytest.raises(Refusal, match=r"exchange\.bad_slot"):
        choose(anna, case, on=on)
    assert state(case) == "asked"


def test_midnight_is_the_end_of_the_day_and_no_later_hour_is_one() -> None:
    anna, ben = neighbour(), neighbour()
    case = ask(ben, give(anna))
    with pytest.raises(Refusal, match=r"exchange\.bad_slot"):
        choose(anna, case, at="24:30")
    assert choose(anna, case, on="2026-05-10", at="24:00") == "promised"
    starts = Agreement.rows.get(id=case).starts
    assert starts is not None and starts.isoformat() == "2026-05-10T15:00:00+00:00"


def test_ask_lapses_without_an_answer(clock: Clock) -> None:
    case = ask(neighbour(), give(neighbour()))
    clock.at(at("24T09:01"))
    assert tick() == (1, 0)
    assert state(case) == "expired"


def test_withdrawn_offer_tells_who_asked_and_keeps_what_is_promised() -> None:
    anna, ben, dora = neighbour(), neighbour(), neighbour()
    listing = give(anna)
    first, second = ask(ben, listing), ask(dora, listing)
    choose(anna, first)
    run("exchange.listing.close", {"listing_id": listing}, anna)
    assert (state(first), state(second)) == ("promised", "missed")
    assert told(dora)[-1] == "exchange.moved"
    assert hand_over(anna, ben, first) == "given"


# --- limits, and what may not be


def test_nobody_asks_for_more_than_the_rule_at_once() -> None:
    anna, ben = neighbour(), neighbour()
    cases = [ask(ben, give(anna, title=f"책 {n}")) for n in range(3)]
    fourth = give(anna, title="책 3")
    with guarded("3가지까지"):
        ask(ben, fourth)
    assert step(ben, cases[0], "withdraw") == "cancelled"
    assert state(ask(ben, fourth)) == "asked"


def test_nobody_asks_twice_nor_for_her_own() -> None:
    anna, ben = neighbour(), neighbour()
    listing = give(anna)
    ask(ben, listing)
    with guarded("이미 물려받고"):
        ask(ben, listing)
    with pytest.raises(Refusal, match=r"exchange\.own_listing"):
        ask(anna, listing)
    assert Agreement.rows.count() == 1


@pytest.mark.parametrize("back", ["hours", "won", "voucher", "swap"])
def test_no_money_is_asked_at_first_or_later(back: str) -> None:
    anna = neighbour()
    thing = thing_of(give(anna))
    body = {
        "side": "offer", "title": "자전거", "reciprocity": back, "asset_id": str(thing.id),
        "terms": answers(gives="yes"),
    }  # fmt: skip
    refused("exchange.given_free", "exchange.listing.publish", body, anna)
    listing = str(Listing.rows.get().id)
    changed = {"listing_id": listing, "reciprocity": back}
    refused("exchange.given_free", "exchange.listing.change", changed, anna)
    assert Listing.rows.get(id=listing).reciprocity == "gift"


def test_only_its_owner_gives_a_thing_away() -> None:
    here = library()
    drill = here.thing()
    anna, centre = here.neighbour(), person_with(STAFF, district=MAPO)
    for actor in (anna, centre):
        refused("core.not_found", "exchange.giving.offer", {"asset_id": drill}, actor)
    assert Listing.rows.count() == 0
    body = {"asset_id": drill, "organisation_id": str(here.host.id)}
    assert run("exchange.giving.offer", body, here.keeper).result.state == "open"


def test_neighbours_thing_is_not_given_away_by_a_library() -> None:
    here = library()
    anna = here.neighbour()
    tent = str(run("exchange.asset.add", {"title": "텐트", "district": MAPO}, anna).result.id)
    body = {"asset_id": tent, "organisation_id": str(here.host.id)}
    refused("core.not_found", "exchange.giving.offer", body, here.keeper)
    assert run("exchange.giving.offer", {"asset_id": tent}, anna).result.state == "open"


def test_booked_thing_is_not_given_away_and_a_given_one_not_booked() -> None:
    here = library()
    anna = here.neighbour()
    drill = here.thing()
    body = {"asset_id": drill, "organisation_id": str(here.host.id)}
    case = hold(anna, drill, "11T10:00", "11T12:00")
    step(anna, case, "book")
    refused("exchange.in_use", "exchange.giving.offer", body, here.keeper)
    step(anna, case, "cancel")
    listing = str(run("exchange.giving.offer", body, here.keeper).result.id)
    with pytest.raises(Refusal, match=r"exchange\.not_offered"):
        hold(anna, drill, "11T10:00", "11T12:00")
    refused("exchange.in_use", "exchange.giving.offer", body, here.keeper)
    lanes = {"asset_id": drill, "lanes": 2}
    refused("exchange.in_use", "exchange.asset.change", lanes, here.keeper)
    run("exchange.listing.close", {"listing_id": listing}, here.keeper)
    assert state(hold(anna, drill, "11T10:00", "11T12:00")) == "held"


def test_promised_thing_grows_no_lanes_once_its_offer_is_closed() -> None:
    here = library()
    anna = here.neighbour()
    drill = here.thing()
    body = {"asset_id": drill, "organisation_id": str(here.host.id)}
    listing = str(run("exchange.giving.offer", body, here.keeper).result.id)
    case = ask(anna, listing)
    choose(here.keeper, case)
    run("exchange.listing.close", {"listing_id": listing}, here.keeper)
    lanes = {"asset_id": drill, "lanes": 2}
    refused("exchange.in_use", "exchange.asset.change", lanes, here.keeper)
    with pytest.raises(Refusal, match=r"exchange\.slot_taken"):
        hold(here.neighbour(), drill, "11T10:00", "11T12:00")
    assert hand_over(here.keeper, anna, case) == "given"
    assert sums() == {"reuse.handover": 1}


def test_displaced_borrower_takes_no_place_of_what_is_given_away(clock: Clock) -> None:
    here = library()
    anna, ben, carla = here.neighbour(), here.neighbour(), here.neighbour()
    drill = here.thing()
    late = hold(anna, drill, "10T10:00", "10T12:00")
    step(anna, late, "book")
    later = hold(ben, drill, "11T10:00", "11T12:00")
    step(ben, later, "book")
    clock.at(at("10T10:00"))
    step(here.keeper, late, "check_out")
    step(anna, late, "check_out")
    clock.at(at("10T12:00"))
    tick()
    assert state(later) == "displaced"
    step(here.keeper, late, "check_in")
    body = {"asset_id": drill, "organisation_id": str(here.host.id)}
    case = ask(carla, str(run("exchange.giving.offer", body, here.keeper).result.id))
    with pytest.raises(Refusal, match=r"exchange\.not_offered"):
        step(ben, later, "rebook")
    choose(here.keeper, case)
    hand_over(here.keeper, carla, case)
    with pytest.raises(Refusal, match=r"exchange\.not_offered"):
        step(ben, later, "rebook")
    assert state(later) == "displaced"


def test_given_thing_never_comes_back_into_the_library() -> None:
    here = library()
    anna = here.neighbour()
    drill = here.thing()
    body = {"asset_id": drill, "organisation_id": str(here.host.id)}
    listing = str(run("exchange.giving.offer", body, here.keeper).result.id)
    case = ask(anna, listing)
    choose(here.keeper, case)
    assert hand_over(here.keeper, anna, case) == "given"
    change = {"asset_id": drill, "retired": False}
    refused("exchange.not_offered", "exchange.asset.change", change, here.keeper)
    with pytest.raises(Refusal, match=r"core\.not_found"):
        hold(here.neighbour(), drill, "20T10:00", "20T12:00")
    assert list(shelves.things(shelves.Filters(), here.keeper)) == []


def test_pieces_go_together_and_all_are_counted() -> None:
    anna, ben = neighbour(), neighbour()
    listing = give(anna, title="접시", pieces=6)
    case = ask(ben, listing)
    choose(anna, case)
    lanes = Commitment.rows.filter(agreement=case, slot__endswith__isnull=True)
    assert sorted(lanes.values_list("lane", flat=True)) == [0, 1, 2, 3, 4, 5]
    hand_over(anna, ben, case)
    assert sums() == {"reuse.handover": 6}


def test_broken_thing_is_given_away_too_but_not_lent() -> None:
    anna, ben = neighbour(), neighbour()
    listing = give(anna, condition="repair")
    assert choose(anna, ask(ben, listing)) == "promised"


@pytest.mark.parametrize("process", ["time_exchange", "equipment_loan"])
def test_nothing_else_begins_with_what_is_given_away(process: str) -> None:
    anna, ben = neighbour(), neighbour()
    listing = give(anna)
    start = {"time_exchange": "request", "equipment_loan": "hold"}[process]
    body: dict[str, object] = {"process": process, "start": start}
    if process == "time_exchange":
        body |= {"listing_id": listing, "terms": answers(minutes=60)}
    else:
        body |= {"asset_id": str(thing_of(listing).id)}
        body |= {"starts": at("11T10:00"), "ends": at("11T12:00")}
    refused("exchange.not_offered", "exchange.agreement.open", body, ben)


def test_what_is_lent_or_done_for_neighbours_is_not_asked_for_good() -> None:
    anna, ben = neighbour(), neighbour()
    body = {"side": "offer", "title": "바느질", "reciprocity": "gift"}
    listing = str(run("exchange.listing.publish", body, anna).result.id)
    with pytest.raises(Refusal, match=r"exchange\.not_offered"):
        ask(ben, listing)
