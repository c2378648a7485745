"""Offering a thing for good: put up as it is, or taken out of the library, in one go."""

from __future__ import annotations

from dure.core.actions import action, line, subject
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.types import District, Line, Text, UuidText
from dure.exchange import policies, spots
from dure.exchange.answers import Answer
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Asset
from dure.exchange.spots import Spot
from dure.exchange.terms import Chooser

from .agreements import PARTIES
from .assets import AudienceCode, ConditionCode, LaneCount, SpecId, add_asset
from .listings import ListingRef, publish_listing


@action(
    "exchange.giving.offer",
    ko="쓰지 않는 물건을 물려준다고 올립니다.",
    en="Offer a thing to be given away for good.",
    policy=policies.may_offer,
    letters=PARTIES,
    subject=spots.asset_spot,
    idempotent=True,
    for_another=True,
    refusals=(
        CoreCode.NOT_FOUND,
        ExchangeCode.BAD_START,
        ExchangeCode.IN_USE,
        ExchangeCode.NOT_OFFERED,
    ),
)
def offer_thing(
    title: Line | None = None,
    text: Text | None = None,
    asset_id: UuidText | None = None,
    spec_id: SpecId | None = None,
    pieces: LaneCount = 1,
    condition: ConditionCode = "good",
    chooses: Chooser = "giver",
    organisation_id: UuidText | None = None,
    district: District | None = None,
    audience: AudienceCode = "public",
    place: Line | None = None,
    *,
    actor: Actor,
) -> ListingRef:
    """Give away a thing that is nowhere yet, or one's own out of the library (`asset_id`).

    chooses : who chooses among those who ask; pieces : they go together, to one new owner
    Effects: Asset where it is new, Listing; nothing is asked in return.
    """
    spot = subject(Spot)
    thing = _known(asset_id, actor) if asset_id is not None else None
    if thing is None:
        if title is None:
            raise Refusal(ExchangeCode.BAD_START, field="title")
        made = add_asset(
            title=title,
            kind="other",
            text=text,
            organisation_id=organisation_id,
            district=district,
            spec_id=spec_id,
            lanes=pieces,
            condition=condition,
            audience=audience,
            place=place,
            actor=actor,
        )
        thing = Asset.rows.get(pk=made.id)
    listed: ListingRef = publish_listing(
        side="offer",
        title=title or thing.title,
        reciprocity="gift",
        text=text or thing.text or None,
        organisation_id=organisation_id,
        as_organisation=spot.for_organisation,
        district=district or thing.district_id,
        spec_id=spec_id or thing.spec_id,
        asset_id=str(thing.id),
        qty_min=thing.lanes,
        qty_max=thing.lanes,
        unit="H87",
        audience=audience,
        place=place or thing.place or None,
        terms=(Answer(name="gives", value="yes"), Answer(name="chooses", value=chooses)),
        actor=actor,
    )
    line().object("exchange.listing", listed.id)
    line().organisation(spot.organisation_id)
    return listed


def _known(asset_id: str, actor: Actor) -> Asset:
    """The thing named, in the actor's sight; whether it is hers to give is asked of its offer."""
    found: Asset | None = Asset.objects.within(actor).filter(id=asset_id).first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND, field="asset_id")
    return found
