"""The demo's neighbours who share rides: invented cars, wishes and seats under way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings

from dure.core import clock
from dure.core.actions import Who, action, line
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.exchange import policies
from dure.exchange.models import Agreement, Asset
from dure.registry.models import Login

from .demo_sharing import TOLD, answers, do

# who, the stops, when, on which days (none = once), what is given back
EVERY, COMMUTE = "MO,TU,WE,TH,FR", "won"
RIDES: tuple[tuple[str, tuple[str, ...], str, str, str], ...] = (
    ("demo_board", ("mapo-office", "mapo-hongik", "jung-seoul"), "07:30", EVERY, COMMUTE),
    ("demo_board2", ("mapo-hapjeong", "seodaemun-sinchon", "jung-seoul"), "07:50", "TU,TH", "gift"),
    (
        "demo_analyst",
        ("eunpyeong-yeonsinnae", "mapo-dmc", "yeongdeungpo-yeouido"),
        "08:10",
        "MO,WE",
        COMMUTE,
    ),
    ("demo_auditor", ("jung-seoul", "mapo-gongdeok", "mapo-mangwon"), "18:30", EVERY, COMMUTE),
    ("demo_treasurer", ("mapo-mangwon", "gangnam-station"), "10:00", "", "gift"),
)
SOON = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class DemoRides:
    """How many rides were invented, and how many seats asked for."""

    rides: int
    cases: int


@action(
    "exchange.demo.ride",
    ko="지어낸 함께 타기를 채웁니다.",
    en="Fill in invented shared rides.",
    policy=policies.may_install,
    letters={},
    who=Who.OPERATOR,
    faces=("cli",),
    idempotent=True,
    long=True,
    refusals=(CoreCode.NOT_ALLOWED, CoreCode.NOT_FOUND),
)
def load_rides(*, actor: Actor) -> DemoRides:
    """Let the demo's people offer seats, look for a ride and ride, through the same actions as
    anybody. Everything is synthetic; the texts say so.
    """
    if not settings.DEMO:
        raise Refusal(CoreCode.NOT_ALLOWED, role=T("시연 설정", "demo setting"))
    found = Login.objects.filter(handle__startswith="demo_", person__isnull=False)
    people: dict[str, Actor] = {
        handle: Actor.person(person, origin="demo", assured=True)
        for handle, person in found.values_list("handle", "person_id")
    }
    if "demo_resident" not in people:
        raise Refusal(CoreCode.NOT_FOUND)
    day = _weekday(clock.today() + timedelta(days=1))
    offered = {
        who: _offer(people[who], stops, at, days, back, day)
        for who, stops, at, days, back in RIDES
        if who in people
    }
    cases = _cases(people, offered, day)
    line().changed("cases", None, cases)
    return DemoRides(len(offered), cases)


def _weekday(day: date) -> date:
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day


def _offer(driver: Actor, stops: tuple[str, ...], at: str, days: str, back: str, day: date) -> str:
    """Offer a ride; gives its listing."""
    body = {
        "stops": tuple({"point": one} for one in stops),
        "on": day.isoformat(),
        "at": at,
        "seats": 3,
        "reciprocity": back,
        "text": TOLD,
        "meet": "시연: 흰 차, 비상등을 켭니다",
        **({"rrule": f"FREQ=WEEKLY;BYDAY={days}"} if days else {}),
    }
    return str(do("exchange.ride.offer", body, driver).id)


def _trip(listing: str) -> str:
    rows = Asset.rows.filter(parent=None, terms__listing=listing, retired_at=None)
    return str(rows.order_by("terms__departs").values_list("id", flat=True)[0])


def _cases(people: Mapping[str, Actor], offered: Mapping[str, str], day: date) -> int:
    """Seats asked for, taken along, and one ride that is over; gives how many."""
    resident = people["demo_resident"]
    count = 0
    if "demo_board2" in offered:
        case = _ask(resident, _trip(offered["demo_board2"]), "mapo-hapjeong", "jung-seoul")
        _step(case, "accept", people["demo_board2"])
        count += 1
    if "demo_board" in offered:
        _ask(resident, _trip(offered["demo_board"]), "mapo-hongik", "jung-seoul")
        count += 1
    if "demo_keeper" in people:
        leaves = (clock.now() + SOON).astimezone(clock.SEOUL)
        single = _offer(
            people["demo_keeper"], ("mapo-gongdeok", "yeongdeungpo-yeouido"),
            f"{leaves:%H:%M}", "", "gift", leaves.date(),
        )  # fmt: skip
        case = _ask(resident, _trip(single), "mapo-gongdeok", "yeongdeungpo-yeouido")
        for name, by in (
            ("accept", people["demo_keeper"]), ("board", people["demo_keeper"]),
            ("alight", resident), ("confirm", resident),
        ):  # fmt: skip
            _step(case, name, by)
        count += 1
    if "demo_official" in people:
        wanted = datetime.combine(day, time(7, 50), clock.SEOUL)
        body = {
            "board": {"point": "seodaemun-sinchon"},
            "alight": {"point": "jung-seoul"},
            "on": wanted.date().isoformat(),
            "at": f"{wanted:%H:%M}",
            "text": TOLD,
        }
        do("exchange.ride.wish", body, people["demo_official"])
    return count


def _ask(rider: Actor, trip: str, board: str, alight: str) -> str:
    body = {"trip_id": trip, "board": board, "alight": alight}
    return str(do("exchange.ride.ask", body, rider).id)


def _step(case: str, name: str, by: Actor) -> None:
    state = Agreement.rows.get(id=case).state
    body = {
        "agreement_id": case, "transition": name, "state": state, "answers": answers(),
    }  # fmt: skip
    do("exchange.agreement.step", body, by)
