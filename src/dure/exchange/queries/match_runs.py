"""Suggestions of a listing with their reasons, why another was not suggested, who is unmatched.

A balance is its owner's: to others a term says only that a neighbour is short of hours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from dure.core import clock
from dure.core.actors import Actor
from dure.engines.matching import Match as Found
from dure.engines.matching import Rule
from dure.exchange import interpreter, matchable
from dure.exchange.matchable import Entry
from dure.exchange.models import HOSTING, Listing, Match
from dure.exchange.models.places import hosted_q
from dure.exchange.queries.neighbours import NEIGHBOUR, names_of
from dure.registry.models import District

SHOWN_MAX = 20
LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Term:
    """One reason: its points, its weight, and the numbers it was made from (None: not told)."""

    code: str
    ppm: int | None
    weight: int
    value: int | None
    out_of: int | None


@dataclass(frozen=True, slots=True)
class Suggested:
    """A suggestion as one side sees it: the other listing, and why."""

    id: UUID
    state: str
    request: Listing
    offer: Listing
    by: str
    is_my_request: bool
    is_mine: bool
    terms: tuple[Term, ...]
    common: datetime | None
    score: int | None

    @property
    def other(self) -> Listing:
        """The listing of the other side."""
        return self.offer if self.is_my_request else self.request


def proposal(match_id: UUID, actor: Actor) -> Suggested | None:
    """One suggestion that a run made and that concerns the reader, or None."""
    rows = Match.objects.within(actor).filter(offer__isnull=False, id=match_id)
    found = _told(list(rows.select_related(*RELATED)), actor)
    return found[0] if found else None


RELATED = ("request", "offer", "request__spec", "offer__spec")


def suggested(listing: Listing, actor: Actor) -> list[Suggested]:
    """What the newest run suggests for a listing of the reader, best first."""
    rows = Match.objects.within(actor).filter(offer__isnull=False, state=Match.State.PROPOSED)
    side = "request" if listing.side == Listing.Side.REQUEST else "offer"
    rows = rows.filter(**{side: listing}).select_related(*RELATED)
    return _told(list(rows.order_by("-score", "rank", "id")[:SHOWN_MAX]), actor)


def _told(rows: Sequence[Match], actor: Actor) -> list[Suggested]:
    sides = [one for row in rows for one in (row.request, row.offer) if one is not None]
    names = names_of(one.person for one in sides)
    slots = _slots_of({one.id for one in sides})
    return [_suggested(row, names, slots, actor) for row in rows]


def counts(listings: Sequence[Listing], actor: Actor) -> dict[UUID, int]:
    """How many suggestions stand for each of these listings of the reader, in one query."""
    found: Counter[UUID] = Counter()
    rows = Match.objects.within(actor).filter(offer__isnull=False, state=Match.State.PROPOSED)
    ids = [one.id for one in listings]
    rows = rows.filter(Q(request__in=ids) | Q(offer__in=ids))
    for request, offer in rows.values_list("request_id", "offer_id"):
        found.update(one for one in (request, offer) if one in ids)
    return {one: min(count, SHOWN_MAX) for one, count in found.items()}


Slots = Mapping[UUID, tuple[tuple[int, int], ...]]


def _slots_of(listings: Collection[UUID]) -> Slots:
    """When each of these listings is free, in three statements."""
    both = matchable.entries(Listing.rows.filter(id__in=listings), 28, clock.now())
    return {UUID(one.listed.id): one.listed.slots for one in both}


def _suggested(row: Match, names: dict[UUID, str], slots: Slots, actor: Actor) -> Suggested:
    assert row.offer is not None
    asks = actor.behalf is not None and row.request.person == actor.behalf
    gives = actor.behalf is not None and row.offer.person == actor.behalf
    other = row.offer if asks else row.request
    keeps = interpreter.works_for(actor, None, row.request.district_id, HOSTING)
    terms = tuple(
        _term(one, shows_hours=gives or (keeps and not asks)) for one in row.reasons if "ppm" in one
    )
    return Suggested(
        id=row.id,
        state=row.state,
        request=row.request,
        offer=row.offer,
        by=names.get(other.person, str(NEIGHBOUR)) if other.person else _organisation(other),
        is_my_request=asks,
        is_mine=asks or gives,
        terms=terms,
        common=_common(slots[row.request.id], slots[row.offer.id]),
        score=row.score if gives or keeps else None,
    )


def _organisation(listing: Listing) -> str:
    return listing.organisation.name if listing.organisation is not None else str(NEIGHBOUR)


def _term(one: dict[str, int], *, shows_hours: bool) -> Term:
    code = str(one["code"])
    if code == "balance" and not shows_hours:
        return Term(code, None, one["weight"], -1 if one["ppm"] else 0, None)
    return Term(code, one["ppm"], one["weight"], one["value"], one["of"])


def _common(
    request: tuple[tuple[int, int], ...], offer: tuple[tuple[int, int], ...]
) -> datetime | None:
    """When both are first free; None where one of them named no time."""
    begins = [max(a[0], b[0]) for a in request for b in offer if max(a[0], b[0]) < min(a[1], b[1])]
    return matchable.moment(min(begins)) if begins else None


# --- why not


@dataclass(frozen=True, slots=True)
class Judged:
    """Another listing nearby: it fits now, or the first rule that it failed, with its number.

    `found` is None where the number is somebody else's balance.
    """

    id: UUID
    title: str
    place: str
    fits: bool
    rule: str
    found: int | None
    limit: int | None


def nearby(listing: Listing, actor: Actor) -> list[Judged]:
    """Open listings of the other side in the district and not too far, with why each was not
    suggested; those of the same kind first, then the newest. At most twenty."""
    now = clock.now()
    rules = matchable.rules()
    side = "offer" if listing.side == Listing.Side.REQUEST else "request"
    shown = {one.other.id for one in suggested(listing, actor)}
    rows = Listing.objects.within(actor).filter(
        side=side, district=listing.district_id, state=Listing.State.OPEN, asset=None
    )
    rows = rows.filter(spec__kind__in=matchable.KINDS).exclude(id__in=shown)
    rows = rows.exclude(person=listing.person) if listing.person is not None else rows
    same = rows.filter(spec=listing.spec_id).order_by("-created_at", "id")
    rest = rows.exclude(spec=listing.spec_id).order_by("-created_at", "id")
    found = [*same[:LOOKED_AT], *rest[:SHOWN_MAX]]
    looked_at = Listing.rows.filter(id__in=[listing.id, *(one.id for one in found)])
    looked_at = looked_at.filter(spec__isnull=False)
    known = {UUID(one.listed.id): one for one in matchable.entries(looked_at, rules.days, now)}
    if listing.id not in known:
        return []
    decided = _decided(listing)
    told = [_judged(known, listing, one, rules, decided) for one in found]
    return [one for one in told if one.rule != Rule.DISTANCE.value][:SHOWN_MAX]


def _decided(listing: Listing) -> set[UUID]:
    """The listings that were suggested for this one and answered."""
    rows = Match.rows.filter(Q(request=listing) | Q(offer=listing), state__in=DECIDED)
    pairs = rows.filter(offer__isnull=False).values_list("request_id", "offer_id")
    return {one for pair in pairs for one in pair if one != listing.id}


def _judged(
    known: Mapping[UUID, Entry],
    listing: Listing,
    other: Listing,
    rules: matchable.Rules,
    decided: set[UUID],
) -> Judged:
    own, entry = known[listing.id], known[other.id]
    is_asked = listing.side == Listing.Side.REQUEST
    pair = (own, entry) if is_asked else (entry, own)
    if "unmatched" in other.terms or "unmatched" in listing.terms:
        return Judged(other.id, other.title, other.place, False, "left", None, None)
    answer = matchable.compare(*pair, rules)
    if isinstance(answer, Found):
        rule = "decided" if other.id in decided else ""
        return Judged(other.id, other.title, other.place, not rule, rule, None, None)
    theirs = (Rule.CEILING if is_asked else Rule.FLOOR).value
    number = None if answer.rule.value == theirs else answer.found
    return Judged(
        other.id, other.title, other.place, False, answer.rule.value, number, answer.limit
    )


DECIDED = (Match.State.DECLINED, Match.State.ACCEPTED)


# --- the coordinator's side


@dataclass(frozen=True, slots=True)
class LastRun:
    """The newest run of a district."""

    made_at: datetime
    suggested: int


def districts_kept(actor: Actor) -> list[str]:
    """The districts whose matching the reader may run."""
    sigs = District.rows.order_by("sig").values_list("sig", flat=True)
    return [sig for sig in sigs if interpreter.works_for(actor, None, sig, HOSTING)]


def unmatched(actor: Actor) -> QuerySet[Listing]:
    """Open requests in matching for which nothing stands: no suggestion, no answer; oldest
    first."""
    rows = matchable.in_matching(clock.now()).filter(hosted_q(actor, HOSTING))
    standing = Match.rows.filter(state__in=("proposed", "held", "accepted")).values("request_id")
    rows = rows.filter(side=Listing.Side.REQUEST).exclude(id__in=standing)
    return rows.select_related("spec", "district", "organisation").order_by("created_at", "id")


def last_run(district: str) -> LastRun | None:
    """When a district was matched last, and how many pairs came of it."""
    rows = Match.rows.filter(offer__isnull=False, request__district_id=district)
    newest = rows.order_by("-made_at").values("run", "made_at").first()
    if newest is None:
        return None
    return LastRun(newest["made_at"], rows.filter(run=newest["run"]).count())


def weights() -> list[tuple[str, int]]:
    """The terms and their weights in ppm, as the rulebook has them."""
    found = matchable.rules().weights
    return [
        ("skill", found.skill_ppm),
        ("nearness", found.nearness_ppm),
        ("slot", found.slot_ppm),
        ("balance", found.balance_ppm),
    ]
