"""Things to share: put up by their owner or their steward, changed, taken out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import uuid4

from pydantic import Field

from dure.core import clock
from dure.core.actions import action, line, subject
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.types import District, Line, Text, UuidText
from dure.exchange import answers as typed
from dure.exchange import giving, policies, spots, terms, whereabouts
from dure.exchange.answers import Answers
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Asset, Commitment
from dure.exchange.models.commitments import OPEN
from dure.exchange.searching import key_of
from dure.exchange.spots import Spot

from .agreements import PARTIES

AssetKind = Literal["equipment", "trip", "stock", "dwelling", "meter", "other"]
ConditionCode = Literal["good", "fair", "repair"]
AudienceCode = Literal["public", "district", "members"]
LaneCount = Annotated[int, Field(ge=1, le=10_000)]
BufferMinutes = Annotated[int, Field(ge=0, le=10_080)]
SpecId = Annotated[int, Field(ge=1, le=2**31 - 1)]
DegreesE5 = Annotated[int, Field(ge=-18_000_000, le=18_000_000)]
Flag = Annotated[bool, Field(strict=True)]
OF_THEIR_OWN = (Asset.Kind.TRIP, Asset.Kind.STOCK)


@dataclass(frozen=True, slots=True)
class AssetRef:
    """The id of a thing."""

    id: str


@action(
    "exchange.asset.add",
    ko="함께 쓸 것을 올립니다.",
    en="Put up a thing to share.",
    policy=policies.may_offer,
    letters=PARTIES,
    subject=spots.asset_spot,
    idempotent=True,
    for_another=True,
    writes=("exchange_asset",),
    refusals=(CoreCode.NOT_FOUND, ExchangeCode.BAD_ANSWER, ExchangeCode.BAD_START),
)
def add_asset(
    title: Line,
    kind: AssetKind = "equipment",
    text: Text | None = None,
    organisation_id: UuidText | None = None,
    district: District | None = None,
    spec_id: SpecId | None = None,
    lanes: LaneCount = 1,
    buffer_min: BufferMinutes = 0,
    hours: Line | None = None,
    condition: ConditionCode = "good",
    audience: AudienceCode = "public",
    place: Line | None = None,
    latitude_e5: DegreesE5 | None = None,
    longitude_e5: DegreesE5 | None = None,
    terms: Answers = (),
    *,
    actor: Actor,
) -> AssetRef:
    """Put up a thing: an organisation's, which is then its steward, or one's own.

    lanes : how many alike there are; terms : of its kind, see `exchange.terms`
    Effects: Asset.
    """
    spot = subject(Spot)
    near = whereabouts.exact if spot.for_organisation else whereabouts.blurred
    made = Asset(
        id=uuid4(),
        kind=kind,
        title=title,
        text=text or "",
        search_key=key_of(title, most=200),
        organisation_id=spot.organisation_id,
        district_id=spot.district,
        owner=None if spot.for_organisation else actor.behalf,
        spec=spots.spec_of(spec_id),
        lanes=lanes,
        buffer_min=buffer_min,
        hours=hours or "",
        condition=condition,
        audience=audience,
        place=place or "",
        latitude_e5=near(latitude_e5),
        longitude_e5=near(longitude_e5),
        terms=_terms(kind, terms),
        created_at=clock.now(),
        audit=line().id,
    )
    made.save(force_insert=True)
    line().object("exchange.asset", made.id)
    line().organisation(spot.organisation_id)
    return AssetRef(str(made.id))


def _terms(kind: str, given: Answers) -> dict[str, object]:
    return typed.to_json(typed.parse(terms.of_asset(kind), given))


@action(
    "exchange.asset.change",
    ko="함께 쓰는 것의 내용을 고칩니다.",
    en="Change a thing to share.",
    policy=policies.may_edit,
    letters=policies.OWN_OR_HOST,
    subject=spots.asset,
    lock=spots.lock_asset,
    idempotent=True,
    for_another=True,
    writes=("exchange_asset",),
    refusals=(
        CoreCode.NOT_FOUND,
        ExchangeCode.BAD_ANSWER,
        ExchangeCode.IN_USE,
        ExchangeCode.NOT_OFFERED,
    ),
)
def change_asset(
    asset_id: UuidText,
    title: Line | None = None,
    text: Text | None = None,
    lanes: LaneCount | None = None,
    buffer_min: BufferMinutes | None = None,
    hours: Line | None = None,
    condition: ConditionCode | None = None,
    audience: AudienceCode | None = None,
    place: Line | None = None,
    latitude_e5: DegreesE5 | None = None,
    longitude_e5: DegreesE5 | None = None,
    terms: Answers | None = None,
    retired: Flag | None = None,
    *,
    actor: Actor,
) -> AssetRef:
    """Change what is named; the rest stays. Bookings that stand keep their slot.

    Raises  IN_USE where lanes are taken away, or the thing is, that somebody still holds, for the
            terms of a trip or a stock, which their own actions write, and for how many there are
            of what is being given away; NOT_OFFERED to take in again what has a new owner
    """
    found = subject(Asset)
    if retired is False and giving.was_given(found):
        raise Refusal(ExchangeCode.NOT_OFFERED)
    given_away = giving.is_offered(found) or giving.is_promised(found)
    if lanes not in (None, found.lanes) and given_away:
        raise Refusal(ExchangeCode.IN_USE)
    if found.kind in OF_THEIR_OWN and (terms, lanes, buffer_min) != (None, None, None):
        raise Refusal(ExchangeCode.IN_USE)
    near = whereabouts.exact if found.owner is None else whereabouts.blurred
    given = {
        "title": title,
        "text": text,
        "lanes": lanes,
        "buffer_min": buffer_min,
        "hours": hours,
        "condition": condition,
        "audience": audience,
        "place": place,
        "latitude_e5": near(latitude_e5),
        "longitude_e5": near(longitude_e5),
        "terms": _terms(found.kind, terms) if terms is not None else None,
    }
    if retired or (lanes is not None and lanes < found.lanes):
        _check_free(found, 0 if retired else lanes or 0)
    for name, value in given.items():
        if value is not None and getattr(found, name) != value:
            line().changed(name, getattr(found, name), value)
            setattr(found, name, value)
    if retired is not None:
        found.retired_at = clock.now() if retired else None
        line().changed("retired", not retired, retired)
    found.search_key = key_of(found.title, most=200)
    found.audit = line().id
    found.save()
    line().object("exchange.asset", found.id)
    line().organisation(found.organisation_id)
    return AssetRef(str(found.id))


def _check_free(found: Asset, lanes: int) -> None:
    held = Commitment.rows.filter(asset=found, state__in=OPEN, lane__gte=lanes)
    if held.exists() or found.reserved:
        raise Refusal(ExchangeCode.IN_USE)
