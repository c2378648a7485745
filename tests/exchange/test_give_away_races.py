"""Two at once over one thing: one is promised it, nobody is left behind, no limit is passed."""

from __future__ import annotations

from dure.core.actions import run
from dure.core.actors import Role
from dure.exchange.models import Agreement, Commitment, Listing
from tests.exchange.cases import sums
from tests.exchange.givings import MEETING, ask, choose, give, state, thing_of
from tests.exchange.neighbours import NOW, answers, at, library, step
from tests.exchange.test_races import RACERS, race
from tests.harness.clock import Clock
from tests.harness.people import person_with


def test_one_thing_is_promised_to_one_neighbour(commits: str, clock: Clock) -> None:
    clock.at(NOW)
    anna = person_with(Role.RESIDENT)
    listing = give(anna)
    cases = [ask(person_with(Role.RESIDENT), listing) for _ in range(RACERS)]
    given, refused = race(lambda n: choose(anna, cases[n]))
    assert (given, set(refused)) == (["promised"], {"exchange.in_use"})
    assert Commitment.rows.filter(state="held").count() == 1
    assert Agreement.rows.filter(state="asked").count() == RACERS - 1


def test_thing_is_booked_or_promised_but_not_both(commits: str, clock: Clock) -> None:
    clock.at(NOW)
    here = library()
    people = [here.neighbour() for _ in range(RACERS)]
    for _ in range(3):
        drill = here.thing(terms=())
        body = {
            "process": "equipment_loan", "start": "hold", "asset_id": drill,
            "starts": at("11T10:00"), "ends": at("11T12:00"),
        }  # fmt: skip
        offer = {"asset_id": drill, "organisation_id": str(here.host.id)}

        def one(number: int, body: dict[str, object] = body, offer: dict[str, str] = offer) -> str:
            if number:
                return str(run("exchange.agreement.open", body, people[number]).result.state)
            return str(run("exchange.giving.offer", offer, here.keeper).result.state)

        race(one)
        open_ = Listing.rows.filter(asset_id=drill, state="open").first()
        if open_ is None:
            continue
        case = ask(people[0], str(open_.id))
        lanes = Commitment.rows.filter(asset_id=drill, state__in=("held", "out"))
        if lanes.exists():  # somebody booked between the look and the offer
            given, refused = race(lambda n, case=case: choose(here.keeper, case))  # type: ignore[misc]  # the case of this round
            assert (given, set(refused)) == ([], {"exchange.in_use"})
        else:
            assert choose(here.keeper, case) == "promised"
        assert lanes.count() == 1


def test_nobody_asks_behind_a_hand_over(commits: str, clock: Clock) -> None:
    clock.at(NOW)
    anna, ben = person_with(Role.RESIDENT), person_with(Role.RESIDENT)
    people = [person_with(Role.RESIDENT) for _ in range(RACERS)]
    listing = give(anna)
    case = ask(ben, listing)
    choose(anna, case)
    step(anna, case, "hand_over")
    given, refused = race(
        lambda n: step(ben, case, "hand_over") if n == 0 else ask(people[n], listing)
    )
    assert set(refused) <= {"exchange.guard", "exchange.not_offered", "core.busy"}
    if "given" not in given:  # somebody was asking just then
        assert step(ben, case, "hand_over") == "given"
    assert thing_of(listing).retired_at is not None
    assert Agreement.rows.filter(state="asked").count() == 0
    assert sums() == {"reuse.handover": 1}


def test_limit_of_asks_holds_for_six_at_once(commits: str, clock: Clock) -> None:
    clock.at(NOW)
    anna, ben = person_with(Role.RESIDENT), person_with(Role.RESIDENT)
    offers = [give(anna, title=f"책 {n}") for n in range(RACERS)]
    given, refused = race(lambda n: ask(ben, offers[n]))
    assert (len(given), set(refused)) == (3, {"exchange.guard"})
    assert {state(str(one)) for one in given} == {"asked"}


def test_same_neighbour_asks_for_one_thing_once(commits: str, clock: Clock) -> None:
    clock.at(NOW)
    anna, ben = person_with(Role.RESIDENT), person_with(Role.RESIDENT)
    listing = give(anna)
    given, refused = race(lambda n: ask(ben, listing))
    assert (len(given), set(refused)) == (1, {"exchange.guard"})
    assert choose(anna, str(given[0]), **MEETING) == "promised"


def test_one_library_thing_is_offered_once(commits: str, clock: Clock) -> None:
    clock.at(NOW)
    here = library()
    body = {"asset_id": here.thing(terms=answers()), "organisation_id": str(here.host.id)}
    given, refused = race(lambda n: run("exchange.giving.offer", body, here.keeper).result.state)
    assert (given, set(refused)) == (["open"], {"exchange.in_use"})
