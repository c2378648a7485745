"""Offers and requests: put up, changed, closed, answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Literal
from uuid import uuid4

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from pydantic import Field

from dure.core import clock, rulebook
from dure.core.actions import action, line, subject
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.core.types import District, IsoInstant, Line, Text, UuidText
from dure.exchange import answers as typed
from dure.exchange import giving, interpreter, policies, spots, whereabouts
from dure.exchange.answers import Answers
from dure.exchange.beginning import LONGEST
from dure.exchange.effects import telling
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Agreement, Asset, Listing
from dure.exchange.searching import key_of
from dure.exchange.spots import Spot
from dure.exchange.terms import ListingTerms

from .agreements import PARTIES
from .assets import AudienceCode, DegreesE5, Flag, SpecId

SideCode = Literal["offer", "request"]
ReciprocityCode = Literal["gift", "hours", "won", "voucher", "swap"]
Quantity = Annotated[int, Field(ge=1, le=10**9)]
Rate = Annotated[int, Field(ge=0, le=10**9)]
UnitText = Literal["C62", "H87", "MIN", "GRM", "KGM", "MTR"]
FREE = ("gift", "swap")
WORDS_RULE = "exchange.listing.health_words"


@dataclass(frozen=True, slots=True)
class ListingRef:
    """The id of a listing, and its state: open, or looked at first."""

    id: str
    state: str


@action(
    "exchange.listing.publish",
    ko="나눔이나 요청을 올립니다.",
    en="Put up an offer or a request.",
    policy=policies.may_publish,
    letters=PARTIES,
    subject=spots.listing_spot,
    idempotent=True,
    for_another=True,
    writes=("exchange_listing",),
    refusals=(
        CoreCode.NOT_FOUND,
        ExchangeCode.BAD_ANSWER,
        ExchangeCode.BAD_START,
        ExchangeCode.BAD_SLOT,
        ExchangeCode.BAD_QUANTITY,
        ExchangeCode.GIVEN_FREE,
        ExchangeCode.IN_USE,
        ExchangeCode.NOT_OFFERED,
    ),
)
def publish_listing(
    side: SideCode,
    title: Line,
    reciprocity: ReciprocityCode,
    text: Text | None = None,
    rate: Rate | None = None,
    organisation_id: UuidText | None = None,
    as_organisation: Flag = False,
    district: District | None = None,
    spec_id: SpecId | None = None,
    asset_id: UuidText | None = None,
    qty_min: Quantity = 1,
    qty_max: Quantity | None = None,
    unit: UnitText = "C62",
    starts: IsoInstant | None = None,
    ends: IsoInstant | None = None,
    audience: AudienceCode = "public",
    place: Line | None = None,
    latitude_e5: DegreesE5 | None = None,
    longitude_e5: DegreesE5 | None = None,
    to_place: Line | None = None,
    to_latitude_e5: DegreesE5 | None = None,
    to_longitude_e5: DegreesE5 | None = None,
    terms: Answers = (),
    *,
    actor: Actor,
) -> ListingRef:
    """Put up an offer or a request for oneself, or for an organisation that one hosts.

    A request for a thing, with its times, waits for a lane that comes free. A text for everybody
    with words of health in it is looked at by a coordinator first. Where a person is, is kept
    only to the grain of a neighbourhood.
    Effects: Listing. Source: rulebook `exchange.place.grain_e5`.
    """
    spot = subject(Spot)
    most = qty_max if qty_max is not None else qty_min
    if most < qty_min:
        why = T("가장 많이가 가장 적게보다 작습니다", "the most is less than the least")
        raise Refusal(ExchangeCode.BAD_QUANTITY, field="qty_max", why=why)
    parsed = _terms(terms)
    near = whereabouts.exact if spot.for_organisation else whereabouts.blurred
    checked = audience == "public" and speaks_of_health(f"{title} {text or ''}")
    made = Listing(
        id=uuid4(),
        side=side,
        person=None if spot.for_organisation else actor.behalf,
        organisation_id=spot.organisation_id,
        district_id=spot.district,
        spec=spots.spec_of(spec_id),
        asset=_asset(side, asset_id, actor),
        title=title,
        text=text or "",
        search_key=key_of(title, text or "", most=400),
        qty_min=qty_min,
        qty_max=most,
        unit=unit,
        window=_window(starts, ends),
        audience=audience,
        place=place or "",
        latitude_e5=near(latitude_e5),
        longitude_e5=near(longitude_e5),
        to_place=to_place or "",
        to_latitude_e5=near(to_latitude_e5),
        to_longitude_e5=near(to_longitude_e5),
        reciprocity=reciprocity,
        rate=None if reciprocity in FREE else (rate if rate is not None else 1),
        terms=typed.to_json(parsed),
        state=Listing.State.CHECK if checked else Listing.State.OPEN,
        created_at=clock.now(),
        audit=line().id,
    )
    if giving.gives(made):
        giving.check_offer(made)
    made.save(force_insert=True)
    line().object("exchange.listing", made.id)
    line().organisation(spot.organisation_id)
    return ListingRef(str(made.id), made.state)


def _terms(given: Answers) -> ListingTerms:
    """What is given away is chosen for by its giver unless she says otherwise, not by matching."""
    parsed = typed.parse(ListingTerms, given)
    if parsed.gives is None:
        return replace(parsed, chooses=None)
    return replace(parsed, unmatched="yes", chooses=parsed.chooses or "giver")


def speaks_of_health(text: str) -> bool:
    """Whether a text holds a word of health that the rulebook lists."""
    words = rulebook.value(WORDS_RULE).value
    return any(word in text.casefold() for word in words)


def _asset(side: str, asset_id: str | None, actor: Actor) -> Asset | None:
    found = spots.own_asset(asset_id, actor)
    if (
        found is not None
        and side == "offer"
        and not policies.has_this.holds(actor, found, clock.now())
    ):
        raise Refusal(CoreCode.NOT_FOUND, field="asset_id")
    return found


def _window(starts: datetime | None, ends: datetime | None) -> DateTimeTZRange | None:
    """The times of a listing; a buffer is added to them, so they lie within a year of now."""
    if starts is None and ends is None:
        return None
    now = clock.now()
    if any(abs(one - now) > LONGEST for one in (starts, ends) if one is not None):
        raise Refusal(ExchangeCode.BAD_SLOT, field="ends" if ends is not None else "starts")
    if starts is not None and ends is not None and not starts < ends:
        raise Refusal(ExchangeCode.BAD_SLOT, field="ends")
    return DateTimeTZRange(starts, ends, "[)")


@action(
    "exchange.listing.change",
    ko="올린 글을 고칩니다.",
    en="Change a listing.",
    policy=policies.may_edit,
    letters=policies.OWN_OR_HOST,
    subject=spots.listing,
    lock=spots.lock_listing,
    idempotent=True,
    for_another=True,
    writes=("exchange_listing",),
    refusals=(
        CoreCode.NOT_FOUND,
        ExchangeCode.BAD_SLOT,
        ExchangeCode.NOT_OFFERED,
        ExchangeCode.IN_USE,
        ExchangeCode.GIVEN_FREE,
    ),
)
def change_listing(
    listing_id: UuidText,
    title: Line | None = None,
    text: Text | None = None,
    reciprocity: ReciprocityCode | None = None,
    rate: Rate | None = None,
    qty_max: Quantity | None = None,
    starts: IsoInstant | None = None,
    ends: IsoInstant | None = None,
    audience: AudienceCode | None = None,
    place: Line | None = None,
    paused: Flag | None = None,
    *,
    actor: Actor,
) -> ListingRef:
    """Change what is named; agreements that stand keep what was agreed. A closed one stays.

    Raises  IN_USE for what is given back, while somebody has asked or agreed by what it was
    """
    found = subject(Listing)
    if found.state == Listing.State.CLOSED:
        raise Refusal(ExchangeCode.NOT_OFFERED)
    back = reciprocity is not None and reciprocity != found.reciprocity
    if back and giving.gives(found):
        raise Refusal(ExchangeCode.GIVEN_FREE)
    if back and Agreement.rows.filter(listing=found, closed_at=None).exists():
        raise Refusal(ExchangeCode.IN_USE)
    given: dict[str, object] = {
        "title": title,
        "text": text,
        "reciprocity": reciprocity,
        "rate": rate,
        "qty_max": max(qty_max, found.qty_min) if qty_max is not None else None,
        "window": _window(starts, ends),
        "audience": audience,
        "place": place,
    }
    before = found.title, found.text, found.audience
    for name, value in given.items():
        if value is not None and getattr(found, name) != value:
            line().changed(name, getattr(found, name), value)
            setattr(found, name, value)
    if found.reciprocity in FREE:
        found.rate = None
    elif found.rate is None:
        found.rate = 1
    if paused is not None and found.state != Listing.State.CHECK:
        found.state = Listing.State.PAUSED if paused else Listing.State.OPEN
    if _shows_more(before, found) and speaks_of_health(f"{found.title} {found.text}"):
        found.state = Listing.State.CHECK
    found.search_key = key_of(found.title, found.text, most=400)
    found.audit = line().id
    found.save()
    line().object("exchange.listing", found.id)
    line().organisation(found.organisation_id)
    return ListingRef(str(found.id), found.state)


def _shows_more(before: tuple[str, str, str], now: Listing) -> bool:
    """Whether everybody now reads something that nobody has looked at: other words, or the same
    words that only some saw before."""
    return now.audience == "public" and before != (now.title, now.text, now.audience)


@action(
    "exchange.listing.close",
    ko="올린 글을 닫습니다.",
    en="Close a listing.",
    policy=policies.may_edit,
    letters=policies.OWN_OR_HOST,
    subject=spots.listing,
    lock=spots.lock_listing,
    idempotent=True,
    for_another=True,
    writes=("exchange_listing", "exchange_agreement", "exchange_timer"),
    notices=(telling.MOVED,),
    refusals=(CoreCode.NOT_FOUND, CoreCode.STATE_CHANGED),
)
def close_listing(listing_id: UuidText, *, actor: Actor) -> ListingRef:
    """Close for good; agreements that stand go on. Who asked for a thing that was to be given away
    and is not promised it is told."""
    found = subject(Listing)
    if found.state == Listing.State.CLOSED:
        raise Refusal(CoreCode.STATE_CHANGED, state=found.get_state_display())
    if giving.gives(found):
        for one in giving.lock_asks(found):
            interpreter.aside(one, actor, [])
    return _set(found, Listing.State.CLOSED)


@action(
    "exchange.listing.release",
    ko="살펴본 글을 내보입니다.",
    en="Let a listing that was looked at be seen.",
    policy=policies.may_release,
    letters=policies.COORDINATORS,
    subject=spots.listing,
    lock=spots.lock_listing,
    idempotent=True,
    writes=("exchange_listing",),
    refusals=(CoreCode.NOT_FOUND, CoreCode.STATE_CHANGED),
)
def release_listing(listing_id: UuidText, *, actor: Actor) -> ListingRef:
    """A coordinator has read it: it exposes nobody's health, and may be seen."""
    found = subject(Listing)
    if found.state != Listing.State.CHECK:
        raise Refusal(CoreCode.STATE_CHANGED, state=found.get_state_display())
    return _set(found, Listing.State.OPEN)


def _set(found: Listing, state: str) -> ListingRef:
    line().changed("state", found.state, state)
    found.state = state
    found.closed_at = clock.now() if state == Listing.State.CLOSED else None
    found.audit = line().id
    found.save(update_fields=["state", "closed_at", "audit"])
    line().object("exchange.listing", found.id)
    line().organisation(found.organisation_id)
    return ListingRef(str(found.id), found.state)
