"""Drivers, riders and their accounts; rides as an action takes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from dure.core import clock
from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.exchange.models import Asset, MeetingPoint
from dure.exchange.riding import Trip, trip_of
from dure.ledger.models import Account, Book
from tests.harness.given import given
from tests.harness.people import MAPO, organisation, person_with
from tests.ledger.givens import a_book, an_account

NOW = "2026-05-11T06:00:00+09:00"  # a Monday
HAPJEONG, SINCHON, SEOUL = "mapo-hapjeong", "seodaemun-sinchon", "jung-seoul"
MANGWON, GONGDEOK, YEOUIDO = "mapo-mangwon", "mapo-gongdeok", "yeongdeungpo-yeouido"


@dataclass(slots=True)
class Road:
    """A book for won, the staff of the district, and who drives and rides."""

    book: Book
    staff: Actor
    accounts: dict[UUID | None, Account] = field(default_factory=dict)

    def neighbour(self, won: int = 100_000) -> Actor:
        """A resident with won in credit."""
        made = person_with(Role.RESIDENT)
        self.accounts[made.id] = an_account(self.book, owner=made, unit="KRW", lo=-won)
        return made

    def won(self, actor: Actor) -> int:
        """What an account stands at."""
        return Account.rows.get(pk=self.accounts[actor.id].pk).balance


def road() -> Road:
    """Nobody drives yet."""
    host = organisation("마포카풀", district_sig=MAPO)
    return Road(a_book(organisation=host), person_with(Role.STAFF, district=MAPO))


def points(*codes: str) -> tuple[dict[str, object], ...]:
    """Stops at public points."""
    return tuple({"point": code} for code in codes)


def point(code: str, latitude: float, longitude: float) -> str:
    """A meeting point somewhere; gives its code."""
    with given() as audit:
        MeetingPoint.rows.create(
            code=code,
            district_id=MAPO,
            kind="square",
            ko=f"{code} 앞",
            en=code,
            latitude_e5=round(latitude * 1e5),
            longitude_e5=round(longitude * 1e5),
            created_at=clock.now(),
            audit=audit,
        )
    return code


def offer(driver: Actor, *stops: dict[str, object], **more: object) -> str:
    """Offer seats tomorrow at half past seven, from Hapjeong to Seoul Station; gives the trip."""
    body = {
        "stops": stops or points(HAPJEONG, SINCHON, SEOUL),
        "on": "2026-05-12",
        "at": "07:30",
        "seats": 3,
        **more,
    }
    listing = run("exchange.ride.offer", body, driver).result.id
    rows = Asset.rows.filter(parent=None, terms__listing=listing)
    return str(rows.order_by("terms__departs").first().id)


def ask(rider: Actor, trip: str, board: str = HAPJEONG, alight: str = SEOUL, **more: object) -> str:
    """Ask for a seat; gives the case."""
    body = {"trip_id": trip, "board": board, "alight": alight, **more}
    if {"wants", "says"} & more.keys():
        said = {name: more.get(name, ()) for name in ("wants", "says")}
        body["stamp"] = run("exchange.ride.declare", said, rider).result.stamp
    return str(run("exchange.ride.ask", body, rider).result.id)


def the_trip(trip: str) -> Trip:
    """A trip as its terms have it now."""
    found = trip_of(Asset.rows.get(id=trip).terms)
    assert found is not None
    return found
