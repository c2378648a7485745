"""Neighbours who share: an offer, a wish with an answer, a case under way, a library."""

from __future__ import annotations

from dataclasses import dataclass

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.exchange.models import Agreement, Match, Spec
from tests.harness.people import MAPO, organisation, person_with
from tests.web.money_world import a_world


@dataclass(frozen=True, slots=True)
class Share:
    """Who shares what; ids as texts."""

    haneul: Actor
    bada: Actor
    steward: Actor
    offer: str
    wish: str
    match: str
    case: str
    drill: str
    loan: str
    host: str


def a_share() -> Share:
    """Through the door alone; needs a clock in May 2026."""
    world = a_world()
    host = organisation("마포공유소")
    steward = person_with(Role.STAFF, organisation=host)
    garden = Spec.rows.get(scheme="dure", code="garden").id
    hours = {"reciprocity": "hours", "rate": 1, "unit": "MIN", "spec_id": garden, "district": MAPO}
    offer = publish(
        world.haneul, side="offer", title="화분 흙갈이", place="합정동", qty_max=120, **hours
    )
    wish = publish(world.bada, side="request", title="베란다 정리", text="무거운 화분 셋", **hours)
    run("exchange.listing.answer", {"listing_id": wish}, world.haneul)
    asked = {
        "process": "time_exchange", "start": "request", "listing_id": offer,
        "starts": "2026-05-12T10:00:00+09:00", "ends": "2026-05-12T11:00:00+09:00",
        "terms": ({"name": "minutes", "value": "60"}, {"name": "place", "value": "시연 마을회관"}),
    }  # fmt: skip
    case = str(run("exchange.agreement.open", asked, world.bada).result.id)
    step(case, "accept", world.haneul)
    thing = {
        "title": "전동 드릴", "organisation_id": str(host.id), "lanes": 2, "place": "마포공유소",
        "hours": "FREQ=WEEKLY;BYDAY=TU,TH,SA", "latitude_e5": 3_755_600, "longitude_e5": 12_691_000,
        "terms": ({"name": "opens", "value": "10:00"}, {"name": "closes", "value": "18:00"}),
    }  # fmt: skip
    drill = str(run("exchange.asset.add", thing, steward).result.id)
    held = {
        "process": "equipment_loan", "start": "hold", "asset_id": drill,
        "starts": "2026-05-12T10:00:00+09:00", "ends": "2026-05-14T18:00:00+09:00",
    }  # fmt: skip
    loan = str(run("exchange.agreement.open", held, world.bada).result.id)
    step(loan, "book", world.bada)
    match = str(Match.rows.get(request_id=wish).id)
    return Share(
        world.haneul, world.bada, steward, offer, wish, match, case, drill, loan, str(host.id)
    )


def publish(actor: Actor, **body: object) -> str:
    """Put up a listing; gives its id."""
    return str(run("exchange.listing.publish", body, actor).result.id)


def step(case: str, transition: str, actor: Actor, **answers: str) -> None:
    """Take a step from the state that the case is in."""
    given = tuple({"name": name, "value": value} for name, value in answers.items())
    state = Agreement.rows.get(id=case).state
    body = {"agreement_id": case, "transition": transition, "state": state, "answers": given}
    run("exchange.agreement.step", body, actor)
