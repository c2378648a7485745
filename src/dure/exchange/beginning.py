"""The beginning of a case: what it begins at, who is in it, what its start asks.

Nouns: an *opening* is a start of a process at a pool, a listing or a thing that the actor sees.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db.models import QuerySet

from dure.core import clock
from dure.core.actions import line
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.exchange import answers as typed
from dure.exchange import giving, interpreter
from dure.exchange.answers import Answer
from dure.exchange.cases import Case, seen
from dure.exchange.declaration import Process, Transition
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import (
    HOSTING,
    Agreement,
    Asset,
    Listing,
    Match,
    Party,
    Pool,
    Spec,
    Timer,
)
from dure.exchange.moments import timers
from dure.exchange.processes import newest
from dure.ledger.posting import Movement

LONGEST = timedelta(days=366)
LATE = timedelta(minutes=5)  # a form takes a while to fill in


@dataclass(frozen=True, slots=True)
class Opening:
    """A start at something, and who stands on the other side."""

    process: Process
    start: Transition
    pool: Pool | None
    listing: Listing | None
    asset: Asset | None
    organisation_id: UUID | None
    district_id: str
    other: UUID | None


# Any: each action its own body.


def opening(body: Any, actor: Actor) -> Opening:
    """What a case is to begin at, through the actor's scope; outside it: not found."""
    process = newest(body.process)
    start = process.transition(None, body.start) if process is not None else None
    if process is None or start is None or any(role.works == "nobody" for role in start.by):
        raise Refusal(CoreCode.NOT_FOUND, field="process")
    if body.pool_id is not None and not (process.needs_pool or "pool" in start.needs):
        raise Refusal(CoreCode.NOT_FOUND, field="pool_id")  # its host would be the case's
    pool = _pool(body.pool_id, process) if body.pool_id is not None else None
    listing = _listing(body, actor) if body.listing_id is not None else None
    asset = _asset(body, actor) if body.asset_id is not None else None
    if asset is None and listing is not None:
        asset = listing.asset
    if asset is not None and not _is_of_kind(asset, process):
        raise Refusal(ExchangeCode.NOT_OFFERED)
    if listing is not None and asset is not None:
        _check_offers(listing, asset)
    giving.check_begins(process, listing, asset)
    at = pool or (asset if "asset" in start.needs else None) or listing or asset
    given = {"pool": pool, "listing": listing, "asset": asset, "slot": body.starts and body.ends}
    for need in start.needs:
        if not given[need]:
            raise Refusal(ExchangeCode.BAD_START, field=NEEDS[need])
    if process.needs_pool and pool is None:
        raise Refusal(CoreCode.NOT_FOUND, field="pool_id")
    assert at is not None, f"{process.key}.{start.name} begins at nothing"
    if asset is not None and not _is_there(asset, process):
        raise Refusal(ExchangeCode.NOT_OFFERED)
    other = _other(body, actor, None if "asset" in start.needs else listing, asset)
    return Opening(process, start, pool, listing, asset, at.organisation_id, at.district_id, other)


NEEDS = {"pool": "pool_id", "listing": "listing_id", "asset": "asset_id", "slot": "starts"}


def _is_of_kind(asset: Asset, process: Process) -> bool:
    """Whether a process is for this asset: a seat of a ride is not lent, nor is stock."""
    if process.asset_kind:
        return asset.kind == process.asset_kind and asset.parent_id is None
    return asset.kind not in (Asset.Kind.TRIP, Asset.Kind.STOCK)


def _is_there(asset: Asset, process: Process) -> bool:
    """Whether a thing may be lent, or given away: a broken one is given away all the same."""
    if asset.retired_at is not None:
        return False
    return process.for_good or asset.condition not in Asset.NOT_LENT


def _check_offers(listing: Listing, asset: Asset) -> None:
    """A thing is taken through the listing that offers it; a wait for it begins nothing."""
    if listing.asset_id != asset.id:
        raise Refusal(ExchangeCode.BAD_START, field="asset_id")
    if listing.side == Listing.Side.REQUEST:
        raise Refusal(ExchangeCode.NOT_OFFERED)


def _pool(pool_id: str, process: Process) -> Pool:
    """A pool that anybody may come to: made here, of the process's kind, not cancelled or over."""
    rows = Pool.objects.everything("events and cycles are public")
    kind = process.pool_kind or Pool.Kind.EVENT_QUEUE
    rows = rows.filter(kind=kind, parent=None, external_ref=None)
    found: Pool | None = rows.filter(id=pool_id).first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND, field="pool_id")
    if found.cancelled or found.closes <= clock.now():
        raise Refusal(ExchangeCode.POOL_NOT_OPEN)
    return found


def _listing(body: Any, actor: Actor) -> Listing:
    rows = Listing.objects.within(actor).select_related("asset")
    found: Listing | None = rows.filter(id=body.listing_id).first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND, field="listing_id")
    if found.state != Listing.State.OPEN:
        raise Refusal(ExchangeCode.NOT_OFFERED)
    return found


def _asset(body: Any, actor: Actor) -> Asset:
    found: Asset | None = Asset.objects.within(actor).filter(id=body.asset_id).first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND, field="asset_id")
    return found


def _other(body: Any, actor: Actor, listing: Listing | None, asset: Asset | None) -> UUID | None:
    """Who stands on the other side: who offers, or who answered one's own request."""
    mine = {actor.id, actor.acting_for} - {None}
    if listing is not None and listing.side == Listing.Side.REQUEST:
        if body.other_id is None or not _asks(listing, actor):
            raise Refusal(ExchangeCode.NOT_OFFERED)
        if body.other_id in {str(one) for one in mine}:
            raise Refusal(ExchangeCode.OWN_LISTING)
        if not _answers(listing, UUID(body.other_id)).exists():
            raise Refusal(ExchangeCode.NOT_OFFERED)
        return UUID(body.other_id)
    other = (listing.person if listing is not None else None) or (
        asset.owner if asset is not None else None
    )
    if other is not None and other in mine:
        raise Refusal(ExchangeCode.OWN_LISTING)
    return other


def _asks(request: Listing, actor: Actor) -> bool:
    """Whether it is for the actor to choose: her own request, or one of an organisation that she
    hosts."""
    if request.person is not None:
        return request.person in {actor.id, actor.acting_for}
    return actor.acting_for is None and any(
        actor.has(role, organisation=request.organisation_id) for role in HOSTING
    )


def _answers(request: Listing, who: UUID | None) -> QuerySet[Match]:
    """What somebody answered and nobody has declined."""
    rows: QuerySet[Match] = Match.rows.filter(request=request, answered_by=who)
    return rows.filter(state__in=(Match.State.PROPOSED, Match.State.ACCEPTED))


def begin(
    at: Opening,
    starts: datetime | None,
    ends: datetime | None,
    given: tuple[Answer, ...],
    actor: Actor,
) -> tuple[Agreement, tuple[Movement, ...]]:
    """Write the case, its parties, its timers; guards and effects of the start as of any step."""
    process, start = at.process, at.start
    terms = typed.parse(process.terms, given) if process.terms is not None else None
    now = clock.now()
    _check_times(starts, ends, now)
    made = Agreement(
        id=uuid4(),
        process=process.key,
        version=process.version,
        state=start.target.key,
        organisation_id=at.organisation_id,
        district_id=at.district_id,
        case_id=uuid4(),
        pool=at.pool,
        listing=at.listing,
        asset=at.asset,
        spec=_spec(at, terms),
        starts=starts,
        ends=ends,
        terms=typed.to_json(terms) if terms is not None else {},
        opened_at=now,
        entered_at=now,
        audit=line().id,
    )
    why = process.fits(seen(made, process)) if process.fits is not None else None
    if why is not None:
        raise Refusal(ExchangeCode.BAD_QUANTITY, field="terms", why=why)
    if process.agree is not None:
        made.terms = typed.to_json(process.agree(seen(made, process)))
    made.save(force_insert=True)
    _parties(made, at, actor)
    if at.listing is not None and at.listing.side == Listing.Side.REQUEST:
        _answers(at.listing, at.other).update(state=Match.State.ACCEPTED, audit=line().id)
    movements = interpreter.begin(Case(made, start, process), actor)
    Timer.rows.bulk_create(timers(made, process, start.target, now))
    return made, movements


def _check_times(starts: datetime | None, ends: datetime | None, now: datetime) -> None:
    if starts is None and ends is None:
        return
    if starts is None or ends is None or not starts < ends <= starts + LONGEST:
        raise Refusal(ExchangeCode.BAD_SLOT, field="ends")
    if starts < now - LATE:
        raise Refusal(ExchangeCode.BAD_SLOT, field="starts")


def _parties(made: Agreement, at: Opening, actor: Actor) -> None:
    """The actor in the role of the start, the other side in the one that it meets."""
    role = at.start.binds
    rows: list[tuple[str, UUID | None, UUID | None, UUID | None]] = []
    listing = at.listing
    if role is not None and listing is not None and _is_of_organisation(listing):
        rows.append((role.key, None, listing.organisation_id, None))
    elif role is not None:
        rows.append((role.key, actor.behalf, None, actor.acting_for))
    meets = at.start.meets
    if meets is not None and at.other is not None:
        rows.append((meets.key, at.other, None, None))
    elif meets is not None and not meets.works and at.organisation_id is not None:
        rows.append((meets.key, None, at.organisation_id, None))
    for key, person, organisation, acted_for in rows:
        Party.rows.create(
            agreement=made,
            role=key,
            person=person,
            organisation_id=organisation,
            acted_for=acted_for,
            audit=line().id,
        )


def _is_of_organisation(listing: Listing) -> bool:
    """Whether an organisation itself asks: then it is the party, and pays from its own account."""
    return listing.side == Listing.Side.REQUEST and listing.person is None


SCHEME = "ords"


def _spec(at: Opening, terms: object) -> Spec | None:
    """The kind of thing: by the category that the terms name, else of the thing or listing."""
    category = getattr(terms, "category", None)
    if category is not None:
        found: Spec = Spec.rows.get(scheme=SCHEME, code=str(category))
        return found
    if hasattr(terms, "category"):
        return None  # its kind is a category or nothing
    if at.asset is not None:
        return at.asset.spec
    return at.listing.spec if at.listing is not None else None
