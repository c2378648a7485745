"""Things given away for good: what an offer must be, who has asked for it, what became of it.

Nouns: a *giving* is an open offer, as a gift, of a thing that its owner parts with; an *ask* is a
case of it that waits to be chosen.
Law: only its owner gives a thing away, for nothing, and only while nobody has it booked; as long
as it is offered so, nothing else begins with it.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from dure.core.errors import CoreCode, Refusal
from dure.exchange.declaration import Process
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Agreement, Asset, Commitment, Listing
from dure.exchange.models.commitments import OPEN
from dure.exchange.processes.give_away import GIVE_AWAY, S

ASKS_MAX = 200
NOT_GIVEN = (Asset.Kind.TRIP, Asset.Kind.STOCK, Asset.Kind.DWELLING, Asset.Kind.METER)
ASKING = (S.ASKED.key, S.PROMISED.key)
GONE = (S.GIVEN.key, S.REVIEW.key, S.CLOSED.key)


def gives(listing: Listing) -> bool:
    """Whether a listing gives its thing away."""
    return bool(listing.terms.get("gives") == "yes")


def is_offered(asset: Asset) -> bool:
    """Whether its owner is giving a thing away now."""
    return _givings(asset).exists()


def _givings(asset: Asset) -> QuerySet[Listing]:
    rows: QuerySet[Listing] = Listing.rows.filter(
        asset=asset, side=Listing.Side.OFFER, terms__gives="yes"
    )
    return rows.exclude(state=Listing.State.CLOSED)


def is_promised(asset: Asset) -> bool:
    """Whether somebody was promised a thing, its offer open or closed since."""
    rows = Commitment.rows.filter(asset=asset, state__in=OPEN)
    return bool(rows.filter(agreement__process=GIVE_AWAY.key).exists())


def check_kept(asset_id: UUID) -> None:
    """Refuse a new place of a thing that left, or is being given away."""
    asset = Asset.rows.get(pk=asset_id)
    if asset.retired_at is not None or is_offered(asset):
        raise Refusal(ExchangeCode.NOT_OFFERED)


def was_given(asset: Asset) -> bool:
    """Whether a thing was handed over to a new owner and did not come back."""
    rows = Agreement.rows.filter(process=GIVE_AWAY.key, asset=asset, state__in=GONE)
    return bool(rows.exists())


def check_offer(listing: Listing) -> None:
    """Refuse to give away what is not one's own, costs something, or is booked or offered already.

    Effects: locks the thing.
    """
    asset = listing.asset
    if listing.side != Listing.Side.OFFER or listing.reciprocity != Listing.Reciprocity.GIFT:
        raise Refusal(ExchangeCode.GIVEN_FREE)
    if asset is None:
        raise Refusal(ExchangeCode.BAD_START, field="asset_id")
    locked: Asset = Asset.rows.select_for_update(of=("self",), no_key=True).get(pk=asset.pk)
    if not _is_owner(listing, locked):
        raise Refusal(CoreCode.NOT_FOUND, field="asset_id")
    if locked.retired_at is not None or locked.kind in NOT_GIVEN:
        raise Refusal(ExchangeCode.NOT_OFFERED)
    booked = Commitment.rows.filter(asset=locked, state__in=OPEN)
    if booked.exists() or is_offered(locked):
        raise Refusal(ExchangeCode.IN_USE)


def _is_owner(listing: Listing, asset: Asset) -> bool:
    if asset.owner is not None:
        return asset.owner == listing.person
    return listing.person is None and asset.organisation_id == listing.organisation_id


def check_begins(process: Process, listing: Listing | None, asset: Asset | None) -> None:
    """Refuse to begin anything else with a thing that is given away, and to be given what is not
    given."""
    given = listing is not None and gives(listing)
    if process.for_good:
        if not given or asset is None:
            raise Refusal(ExchangeCode.NOT_OFFERED)
    elif given or (asset is not None and is_offered(asset)):
        raise Refusal(ExchangeCode.NOT_OFFERED)


def asks(listing: Listing) -> QuerySet[Agreement]:
    """Who waits to be chosen, in the order of asking."""
    rows: QuerySet[Agreement] = Agreement.rows.filter(
        process=GIVE_AWAY.key, listing=listing, state=S.ASKED.key
    )
    return rows.order_by("opened_at", "id")


def lock_asks(listing: Listing) -> list[Agreement]:
    """The same, locked, by id. One that somebody else has now is not waited for.

    Raises  BUSY
    """
    ids = set(asks(listing).values_list("pk", flat=True)[:ASKS_MAX])
    rows = Agreement.rows.filter(pk__in=ids).select_related("pool", "spec", "asset", "listing")
    free = list(rows.select_for_update(of=("self",), no_key=True, skip_locked=True).order_by("pk"))
    if len(free) < len(ids):
        raise Refusal(CoreCode.BUSY, seconds=60)
    return [one for one in free if one.state == S.ASKED.key]
