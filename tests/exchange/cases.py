"""Events, items and actors that the tests of the exchange share."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.journal.models import Event
from dure.registry.models import Organisation
from tests.harness.people import MAPO, organisation, person_with

NOW = "2026-05-10T14:00:00+09:00"
OPENS = "2026-05-10T13:00:00+09:00"
CLOSES = "2026-05-10T17:00:00+09:00"


@dataclass(frozen=True, slots=True)
class Cafe:
    """An event that runs now, its host, and who works there."""

    host: Organisation
    pool_id: str
    keeper: Actor
    member: Actor
    stranger: Actor


def cafe(name: str = "두레수리협동조합", district: str = MAPO) -> Cafe:
    """A host with an event that runs at NOW."""
    host = organisation(name, district_sig=district)
    keeper = person_with(Role.STAFF, organisation=host)
    body = {
        "organisation_id": str(host.id),
        "title": "5월 수리 모임",
        "place": "마을회관",
        "opens": OPENS,
        "closes": CLOSES,
    }
    pool_id = run("exchange.pool.open", body, keeper).result.id
    return Cafe(
        host,
        pool_id,
        keeper,
        person_with(Role.MEMBER, organisation=host),
        person_with(Role.RESIDENT),
    )


def record(cafe: Cafe, *items: dict[str, object], actor: Actor | None = None) -> tuple[str, ...]:
    """Record items at the event; gives the ids of the new cases."""
    body = {"pool_id": cafe.pool_id, "items": items}
    return run("exchange.repair.record", body, actor or cafe.keeper).result.ids


def sums() -> dict[str, int]:
    """Σ sign·qty by label."""
    found: Counter[str] = Counter()
    for event in Event.rows.select_related("label"):
        found[event.label.code] += event.sign * event.qty
    return {code: total for code, total in found.items() if total}


def events_of(agreement_id: str) -> list[Event]:
    """The events of one case in the order written."""
    prefix = f"exchange.agreement:{UUID(agreement_id)}:"
    return list(Event.rows.filter(source__startswith=prefix).order_by("seq"))
