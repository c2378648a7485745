"""A road with a driver and riders, won accounts, and rides offered through the door alone."""

from __future__ import annotations

from dataclasses import dataclass

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.exchange.models import Agreement, Asset
from tests.harness.people import MAPO, organisation, person_with
from tests.ledger.givens import a_book, an_account

NOW = "2026-05-11T06:00:00+09:00"  # a Monday
LEAVES = "2026-05-12T07:30:00+09:00"
FIND = "/exchange/rides/?board=mapo-hapjeong&alight=jung-seoul&on=2026-05-12&at=07:35"


@dataclass(frozen=True, slots=True)
class Road:
    """Who drives, who rides; ids as texts."""

    driver: Actor
    rider: Actor
    other: Actor
    staff: Actor
    trip: str
    far: str
    wish: str


def a_road() -> Road:
    """Needs a clock in May 2026."""
    host = organisation("마포카풀", district_sig=MAPO)
    book = a_book(organisation=host)
    driver, rider, other = (person_with(Role.RESIDENT, district=MAPO) for _ in range(3))
    for one in (driver, rider, other):
        an_account(book, owner=one, unit="KRW", lo=-100_000)
    trip = offer(
        driver,
        ("mapo-hapjeong", "seodaemun-sinchon", "jung-seoul"),
        reciprocity="won",
        meet="3번 출구 앞 흰 차",
        rrule="FREQ=WEEKLY;BYDAY=TU,TH",
    )
    far = offer(other, ("mapo-hapjeong", "guro-digital"))
    wanted = {
        "board": {"point": "seodaemun-sinchon"}, "alight": {"point": "jung-seoul"},
        "on": "2026-05-12", "at": "07:40", "text": "시연용으로 지어낸 글입니다.",
    }  # fmt: skip
    wish = str(run("exchange.ride.wish", wanted, other).result.id)
    staff = person_with(Role.STAFF, district=MAPO)
    return Road(driver, rider, other, staff, trip, far, wish)


def offer(driver: Actor, stops: tuple[str, ...], **more: object) -> str:
    """Offer seats on the twelfth; gives the first trip."""
    body = {
        "stops": tuple({"point": one} for one in stops),
        "on": "2026-05-12",
        "at": "07:30",
        "seats": 3,
        **more,
    }
    listing = run("exchange.ride.offer", body, driver).result.id
    rows = Asset.rows.filter(parent=None, terms__listing=listing)
    return str(rows.order_by("terms__departs").first().id)


def ask(rider: Actor, trip: str, **more: object) -> str:
    """Ask for a seat; gives the case."""
    body = {"trip_id": trip, "board": "mapo-hapjeong", "alight": "jung-seoul", **more}
    if {"wants", "says"} & more.keys():
        said = {name: more.get(name, ()) for name in ("wants", "says")}
        body["stamp"] = run("exchange.ride.declare", said, rider).result.stamp
    return str(run("exchange.ride.ask", body, rider).result.id)


def step(case: str, transition: str, actor: Actor) -> None:
    """Take a step from the state that the case is in."""
    state = Agreement.rows.get(id=case).state
    body = {"agreement_id": case, "transition": transition, "state": state}
    run("exchange.agreement.step", body, actor)
