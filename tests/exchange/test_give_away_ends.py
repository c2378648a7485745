"""How giving away ends: disputed, corrected, handed over for somebody without a phone."""

from __future__ import annotations

import pytest

from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.exchange.models import Agreement, Asset, Listing, Spec
from tests.exchange.cases import events_of, sums
from tests.exchange.givings import ask, choose, give, hand_over, state, thing_of
from tests.exchange.neighbours import NOW, at, library, step, tick
from tests.exchange.test_give_away import STAFF, neighbour
from tests.harness.clock import Clock
from tests.harness.people import MAPO, person_with
from tests.registry.test_acting import allow, begin

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def morning(db: object, clock: Clock) -> Clock:
    clock.at(NOW)
    return clock


def disputed() -> tuple[Actor, Actor, str, str]:
    anna, ben = neighbour(), neighbour()
    listing = give(anna)
    case = ask(ben, listing)
    choose(anna, case)
    hand_over(anna, ben, case)
    assert step(ben, case, "complain", why="바퀴가 휘었어요") == "review"
    return anna, ben, listing, case


def test_thing_that_is_not_as_told_goes_back_and_counts_no_more() -> None:
    anna, _, listing, case = disputed()
    centre = person_with(STAFF, district=MAPO)
    assert step(centre, case, "take_back", why="사진과 다름") == "taken_back"
    assert sums() == {}
    assert thing_of(listing).retired_at is None
    again = run("exchange.giving.offer", {"asset_id": str(thing_of(listing).id)}, anna)
    assert again.result.state == "open"


def test_coordinator_lets_it_stand_and_it_counts() -> None:
    _, _, listing, case = disputed()
    assert step(person_with(STAFF, district=MAPO), case, "uphold", why="적힌 대로임") == "closed"
    assert sums() == {"reuse.handover": 1}
    assert thing_of(listing).retired_at is not None


def test_library_does_not_judge_what_it_gave() -> None:
    here = library()
    anna = here.neighbour()
    body = {"asset_id": here.thing(), "organisation_id": str(here.host.id)}
    case = ask(anna, str(run("exchange.giving.offer", body, here.keeper).result.id))
    choose(here.keeper, case)
    hand_over(here.keeper, anna, case)
    step(anna, case, "complain", why="돌지 않아요")
    with pytest.raises(Refusal, match=r"core\.not_allowed"):
        step(here.keeper, case, "uphold", why="잘 돕니다")
    assert step(person_with(STAFF, district=MAPO), case, "uphold", why="돌아감") == "closed"


def test_time_to_complain_ends(clock: Clock) -> None:
    anna, ben = neighbour(), neighbour()
    case = ask(ben, give(anna))
    choose(anna, case)
    hand_over(anna, ben, case)
    clock.at(at("13T09:01"))
    assert tick() == (1, 0)
    assert state(case) == "closed"
    with pytest.raises(Refusal, match=r"exchange\.stale_state"):
        step(ben, case, "complain", why="늦었어요")


@pytest.mark.parametrize(("pieces", "counted"), [(4, {"reuse.handover": 4}), (None, {})])
def test_ended_case_is_corrected_or_taken_out(pieces: int | None, counted: dict[str, int]) -> None:
    anna, ben = neighbour(), neighbour()
    case = ask(ben, give(anna, title="접시", pieces=6))
    choose(anna, case)
    hand_over(anna, ben, case)
    step(ben, case, "accept")
    body = {"agreement_id": case, "why": "typo", "minutes": pieces}
    run("exchange.agreement.correct", body, person_with(STAFF, district=MAPO), reason="두 개 덜 감")
    assert sums() == counted


def test_coordinator_asks_for_somebody_without_a_phone_and_two_people_hand_over() -> None:
    anna, elder = neighbour(), neighbour()
    witness, helper = (person_with(STAFF, district=MAPO) for _ in range(2))
    assert elder.id is not None
    allow(witness, helper, elder.id)
    acting = begin(helper, elder.id)
    case = ask(acting, give(anna))
    choose(anna, case)
    assert hand_over(anna, acting, case) == "given"
    assert events_of(case)[0].evidence == "B"


def test_one_person_does_not_hand_over_for_both_sides() -> None:
    anna, elder = neighbour(), neighbour()
    witness, helper = (person_with(STAFF, district=MAPO) for _ in range(2))
    case = ask(elder, give(anna))
    choose(anna, case)
    for one in (anna, elder):
        assert one.id is not None
        allow(witness, helper, one.id)
    step(begin(helper, anna.id or ""), case, "hand_over")
    with pytest.raises(Refusal, match=r"exchange\.same_person"):
        step(begin(helper, elder.id or ""), case, "hand_over")
    assert sums() == {}


def test_device_says_its_kind() -> None:
    anna, ben = neighbour(), neighbour()
    lamp = Spec.rows.get(scheme="ords", code="19")
    case = ask(ben, give(anna, title="스탠드", spec_id=lamp.id))
    choose(anna, case)
    hand_over(anna, ben, case)
    assert events_of(case)[0].dims == {"category": "19"}


def test_new_owner_is_told_to_nobody_who_is_not_in_the_case() -> None:
    anna, ben, dora = neighbour(), neighbour(), neighbour()
    listing = give(anna)
    first, second = ask(ben, listing), ask(dora, listing)
    choose(anna, first)
    hand_over(anna, ben, first)
    assert Agreement.objects.within(dora).filter(id=first).count() == 0
    assert Agreement.objects.within(dora).filter(id=second).count() == 1
    assert Asset.objects.within(dora).filter(id=thing_of(listing).id).count() == 0
    assert Listing.objects.within(dora).filter(id=listing).count() == 0
