"""Standing orders as their members read them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from dure.core.actors import Actor
from dure.core.text import T
from dure.exchange.models import Listing, Spec


@dataclass(frozen=True, slots=True)
class StandingLine:
    """What is wanted of every cycle; in the unit of the kind of food."""

    title: str
    asked: int
    tolerance: int
    unit: str
    spec_id: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A standing order with a hub."""

    id: UUID
    hub: str
    hub_id: UUID
    lines: tuple[StandingLine, ...]


def standing(actor: Actor) -> list[Standing]:
    """The reader's own standing orders that run."""
    if actor.behalf is None:
        return []
    rows = Listing.rows.filter(person=actor.behalf, terms__has_key="standing")
    rows = rows.exclude(state=Listing.State.CLOSED).select_related("organisation")
    found = list(rows.order_by("created_at", "id"))
    wanted = {line["spec"] for one in found for line in one.terms["standing"]}
    specs = {one.pk: one for one in Spec.rows.filter(pk__in=wanted)}
    return [
        Standing(
            one.id,
            one.organisation.name if one.organisation else "",
            one.organisation_id,
            tuple(
                StandingLine(
                    str(T(specs[line["spec"]].ko, specs[line["spec"]].en)),
                    line["asked"],
                    line["tolerance"],
                    specs[line["spec"]].unit,
                    line["spec"],
                )
                for line in one.terms["standing"]
                if line["spec"] in specs
            ),
        )
        for one in found
    ]
