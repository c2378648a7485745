"""A thing that is out is kept longer: where it is free, within its terms, and nobody loses out."""

from __future__ import annotations

import pytest

from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.clock import SEOUL
from dure.core.errors import Refusal
from dure.core.models import Notice
from dure.exchange.models import Agreement, Commitment, Timer
from dure.exchange.queries import agreements
from tests.exchange.neighbours import NOW, Library, answers, at, hold, library, step, tick
from tests.harness.clock import Clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(clock: Clock) -> Library:
    clock.at(NOW)
    return library()


def lent(here: Library, clock: Clock, **more: object) -> tuple[Actor, str, str]:
    """A drill that Anna has until noon of the twelfth: who, the case, the thing."""
    thing = here.thing(**more)
    anna = here.neighbour()
    case = hold(anna, thing, "10T10:00", "12T12:00")
    step(anna, case, "book")
    clock.at(at("10T10:00"))
    step(anna, case, "check_out")
    step(here.keeper, case, "check_out")
    return anna, case, thing


def until(case: str) -> str:
    ends = Agreement.rows.get(id=case).ends
    return f"{ends.astimezone(SEOUL):%d %H:%M}"


def test_one_more_day_moves_the_end_the_slot_and_when_it_is_late(
    here: Library, clock: Clock
) -> None:
    anna, case, _ = lent(here, clock)
    assert step(anna, case, "extend", days="1") == "out"
    assert until(case) == "13 12:00"
    row = Agreement.rows.get(id=case)
    assert Commitment.rows.get(agreement=case).slot.upper == row.ends
    assert Timer.rows.get(agreement=case, transition="late", fired_at=None).due_at == row.ends
    clock.at(at("12T13:00"))
    tick()
    assert Agreement.rows.get(id=case).state == "out"
    clock.at(at("13T12:01"))
    tick()
    assert Agreement.rows.get(id=case).state == "overdue"


def test_lane_that_somebody_booked_is_not_kept_and_nobody_is_displaced(
    here: Library, clock: Clock
) -> None:
    anna, case, thing = lent(here, clock)
    bora = here.neighbour()
    later = hold(bora, thing, "13T10:00", "13T12:00")
    step(bora, later, "book")
    with pytest.raises(Refusal, match=r"exchange\.guard") as refused:
        step(anna, case, "extend", days="1")
    assert "다른 이웃이 예약했습니다" in refused.value.sentence("ko")
    assert (until(case), Agreement.rows.get(id=later).state) == ("12 12:00", "booked")


def test_booking_behind_moves_to_a_free_lane(here: Library, clock: Clock) -> None:
    anna, case, thing = lent(here, clock, lanes=2)
    bora = here.neighbour()
    later = hold(bora, thing, "13T10:00", "13T12:00")
    step(bora, later, "book")
    step(anna, case, "extend", days="1")
    lanes = {
        one: Commitment.rows.get(agreement=one, state__in=("held", "out")).lane
        for one in (case, later)
    }
    assert sorted(lanes.values()) == [0, 1]


@pytest.mark.parametrize(
    ("terms", "days", "why"),
    [
        ({}, "0", "1일에서 7일까지"),
        ({}, "8", "1일에서 7일까지"),
        ({"max_days": 3}, "2", "모두 3일까지"),
    ],
)
def test_terms_of_the_thing_and_the_rule_are_kept(
    here: Library, clock: Clock, terms: dict[str, object], days: str, why: str
) -> None:
    anna, case, _ = lent(here, clock, terms=answers(fee=1000, deposit=20_000, **terms))
    with pytest.raises(Refusal, match=r"exchange\.guard") as refused:
        step(anna, case, "extend", days=days)
    assert why in refused.value.sentence("ko")
    assert until(case) == "12 12:00"


def test_closed_day_is_no_day_to_bring_it_back(here: Library, clock: Clock) -> None:
    anna, case, _ = lent(here, clock, hours="FREQ=WEEKLY;BYDAY=TH,FR,SA,SU,MO,TU")
    ends = Agreement.rows.get(id=case).ends
    wednesday = (2 - ends.weekday()) % 7 or 7
    with pytest.raises(Refusal, match=r"exchange\.guard") as refused:
        step(anna, case, "extend", days=str(wednesday))
    assert "여는 날이 아닙니다" in refused.value.sentence("ko")


def test_what_is_due_already_is_not_kept_longer_and_others_do_not_extend(
    here: Library, clock: Clock
) -> None:
    anna, case, _ = lent(here, clock)
    with pytest.raises(Refusal, match=r"exchange\.not_allowed|core\.not_allowed"):
        step(here.keeper, case, "extend", days="1")
    clock.at(at("12T12:01"))
    with pytest.raises(Refusal, match=r"exchange\.guard") as refused:
        step(anna, case, "extend", days="1")
    assert "이미 돌려줄 때가" in refused.value.sentence("ko")


def test_who_may_keep_it_longer_has_nothing_to_do(here: Library, clock: Clock) -> None:
    anna, case, _ = lent(here, clock)
    told = agreements.told([Agreement.rows.select_related("asset").get(id=case)], anna)[0]
    assert [one.name for one in told.steps] == ["extend"]
    assert not told.is_my_turn
    assert Notice.rows.filter(person=here.keeper.id).count() == 0


def reminded() -> tuple[int, int]:
    told = run("exchange.loan.remind", {}, Actor.timer("exchange.loan.remind")).result
    return told.due, told.late


def test_borrower_is_reminded_the_day_before_and_each_day_she_is_late(
    here: Library, clock: Clock
) -> None:
    anna, _, _ = lent(here, clock)
    assert reminded() == (0, 0), "two days ahead"
    clock.at(at("11T10:00"))
    assert reminded() == (1, 0)
    assert reminded() == (0, 0), "once a day"
    clock.at(at("12T12:01"))
    tick()
    assert reminded() == (0, 1)
    clock.at(at("13T10:00"))
    assert reminded() == (0, 1)
    assert Notice.rows.filter(person=anna.id, template="exchange.loan_late").count() == 2
    clock.at(at("25T10:00"))
    assert reminded() == (0, 0), "after a week somebody calls"
