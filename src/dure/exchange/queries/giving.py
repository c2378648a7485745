"""Things given away as a reader sees them: what is offered, who chooses, who has asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dure.core.actors import Actor
from dure.exchange import answers as typed
from dure.exchange import giving
from dure.exchange.models import Agreement, Asset, Listing, Party
from dure.exchange.processes.give_away import GIVE_AWAY, RECEIVER, Meeting, S
from dure.exchange.queries.neighbours import NEIGHBOUR, names_of

NEXT = ("choose", "meet")


@dataclass(frozen=True, slots=True)
class Asking:
    """A neighbour who asked, as the giver sees her."""

    case: UUID
    by: str
    state: str
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Giving:
    """A thing that is given away. `waiting`: how many asked and wait; `mine`: the reader's own
    case of it; `asks`: who asked, for who gives or looks after it alone, in the order of asking."""

    condition: str
    pieces: int
    chooses: str
    waiting: int
    is_promised: bool
    is_gone: bool
    mine: UUID | None
    asks: tuple[Asking, ...]


def of(listing: Listing, actor: Actor) -> Giving | None:
    """What there is to say of a listing that gives its thing away; None for any other."""
    asset = listing.asset
    if asset is None or not giving.gives(listing):
        return None
    cases = Agreement.rows.filter(process=GIVE_AWAY.key, listing=listing)
    mine = None
    if actor.behalf is not None:
        own = Party.rows.filter(role=RECEIVER.key, person=actor.behalf).values("agreement_id")
        mine = cases.filter(id__in=own).order_by("-opened_at").values_list("id", flat=True).first()
    return Giving(
        condition=asset.condition,
        pieces=asset.lanes,
        chooses=str(listing.terms.get("chooses", "giver")),
        waiting=cases.filter(state=S.ASKED.key).count(),
        is_promised=cases.filter(state=S.PROMISED.key).exists(),
        is_gone=cases.filter(state__in=giving.GONE).exists(),
        mine=mine,
        asks=_asks(listing, actor),
    )


def _asks(listing: Listing, actor: Actor) -> tuple[Asking, ...]:
    """Those whom the reader may choose from, or has promised it to."""
    rows = Agreement.objects.within(actor).filter(
        process=GIVE_AWAY.key, listing=listing, state__in=giving.ASKING
    )
    if actor.id is None or not Listing.rows.filter(Listing.mine_q(actor), id=listing.id).exists():
        return ()
    found = list(rows.order_by("opened_at", "id")[: giving.ASKS_MAX])
    parties = Party.rows.filter(agreement__in=[one.id for one in found], role=RECEIVER.key)
    who = dict(parties.values_list("agreement_id", "person"))
    names = names_of(who.values())
    return tuple(
        Asking(
            one.id,
            names[person] if (person := who.get(one.id)) is not None else str(NEIGHBOUR),
            str(GIVE_AWAY.state(one.state).text),
            str(one.terms.get("note", "")),
            one.opened_at,
        )
        for one in found
    )


def meeting_of(case: Agreement) -> Meeting | None:
    """Where and when a thing is handed over, as last agreed; for the people of the case."""
    row = case.attestations.filter(transition__in=NEXT).order_by("-seq").first()
    return typed.restore(Meeting, row.value) if row is not None else None


def promised_elsewhere(case: Agreement) -> bool:
    """Whether somebody else was chosen first, while this case waits its turn."""
    if case.state != S.ASKED.key:
        return False
    rows = Agreement.rows.filter(
        process=GIVE_AWAY.key, listing_id=case.listing_id, state=S.PROMISED.key
    )
    return bool(rows.exists())


def own_thing(asset_id: UUID, actor: Actor) -> Asset | None:
    """A thing that the reader may give away: her own, or one of an organisation she hosts."""
    if actor.id is None:
        return None
    rows = Asset.objects.within(actor).filter(Asset.mine_q(actor), retired_at=None)
    found: Asset | None = rows.exclude(kind__in=giving.NOT_GIVEN).filter(id=asset_id).first()
    if found is None or (found.owner is not None and found.owner != actor.behalf):
        return None
    return found


def offer_of(asset: Asset, actor: Actor) -> UUID | None:
    """The open listing that gives a thing away, where the reader sees it."""
    rows = Listing.objects.within(actor).filter(asset=asset, side="offer", terms__gives="yes")
    found: UUID | None = rows.exclude(state="closed").values_list("id", flat=True).first()
    return found
