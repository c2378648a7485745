"""Where something is put up: for a person at home, or at an organisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Asset, Listing, Match, Spec
from dure.registry.models import District, Organisation

M = TypeVar("M", bound=Model)
# Any: each action its own body.


@dataclass(frozen=True, slots=True)
class Spot:
    """An organisation, if one is named, and the district where it counts."""

    organisation_id: UUID | None
    district_id: str
    for_organisation: bool

    @property
    def district(self) -> str:
        """Where it counts; a person at home nowhere must say it."""
        if not self.district_id:
            raise Refusal(ExchangeCode.BAD_START, field="district")
        return self.district_id


def listing_spot(body: Any, actor: Actor) -> Spot:
    """Where a listing is to stand; `as_organisation` = it is the organisation's own."""
    return _spot(body, actor, body.as_organisation)


def asset_spot(body: Any, actor: Actor) -> Spot:
    """Where a thing is to stand: with an organisation as its steward, else it is the person's."""
    return _spot(body, actor, body.organisation_id is not None)


def _spot(body: Any, actor: Actor, for_organisation: bool) -> Spot:
    host = None
    if body.organisation_id is not None:
        rows = Organisation.rows.filter(id=body.organisation_id, merged_into=None, ended_on=None)
        host = rows.first()
        if host is None:
            raise Refusal(CoreCode.NOT_FOUND, field="organisation_id")
    elif for_organisation:
        raise Refusal(ExchangeCode.BAD_START, field="organisation_id")
    homes = actor.scope_ids(Role.RESIDENT, "district")
    district = body.district or (host.district_id if host is not None else None)
    district = district or next(iter(homes), "")
    if district and not District.rows.filter(sig=district).exists():
        raise Refusal(CoreCode.NOT_FOUND, field="district")
    return Spot(host.id if host is not None else None, district, for_organisation)


def spec_of(spec_id: int | None) -> Spec | None:
    """The kind named, or none."""
    if spec_id is None:
        return None
    found: Spec | None = Spec.rows.filter(id=spec_id).first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND, field="spec_id")
    return found


def own_asset(asset_id: str | None, actor: Actor) -> Asset | None:
    """The thing that a listing offers (one's own), or that a request waits for (any in sight)."""
    if asset_id is None:
        return None
    found: Asset | None = Asset.objects.within(actor).filter(id=asset_id).first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND, field="asset_id")
    return found


def listing(body: Any, actor: Actor) -> Listing:
    """A listing in the actor's sight."""
    found: Listing = _one(Listing.objects.within(actor), body.listing_id, "listing_id")
    return found


def lock_listing(body: Any, actor: Actor) -> Listing:
    """The same, locked."""
    rows = Listing.objects.within(actor).select_for_update(of=("self",), no_key=True)
    found: Listing = _one(rows, body.listing_id, "listing_id")
    return found


def match(body: Any, actor: Actor) -> Match:
    """A pairing that concerns the actor."""
    rows = Match.objects.within(actor).select_related("request", "offer")
    found: Match = _one(rows, body.match_id, "match_id")
    return found


def lock_match(body: Any, actor: Actor) -> Match:
    """The same, locked."""
    rows = Match.objects.within(actor).select_related("request", "offer")
    rows = rows.select_for_update(of=("self",), no_key=True)
    found: Match = _one(rows, body.match_id, "match_id")
    return found


def asset(body: Any, actor: Actor) -> Asset:
    """A thing in the actor's sight."""
    found: Asset = _one(Asset.objects.within(actor), body.asset_id, "asset_id")
    return found


def lock_asset(body: Any, actor: Actor) -> Asset:
    """The same, locked."""
    rows = Asset.objects.within(actor).select_for_update(of=("self",), no_key=True)
    found: Asset = _one(rows, body.asset_id, "asset_id")
    return found


def _one(rows: QuerySet[M], wanted: str, field: str) -> M:
    found: M | None = rows.filter(id=wanted).first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND, field=field)
    return found
