"""A round of hours: who could do what for whom, as far as everybody gives about what she takes.

Nouns: a *wish* is that one member's offer fits another's request; a *line* of a round is a wish
with the quarters of an hour that the round gives it, stored as a claim of the taker.
Law: a member brings one request into a round, her oldest; nobody gives or takes in a round more
than the ledger lets her; whoever said no is left out, and nobody gets more than was shown.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from dure.core import rulebook
from dure.engines.hours_round import HoursRound, Limits, Wish, hours_round
from dure.engines.matching import Match
from dure.exchange import matchable
from dure.exchange.matchable import Entry
from dure.exchange.models import Listing

QUARTER = 15
FAR = 10**6
WISHES_A_REQUEST = 8
IMBALANCE = "exchange.round.imbalance_quarters"


@dataclass(frozen=True, slots=True)
class Possible:
    """One wish: an offer that fits a request, and for how many quarters at most."""

    giver: str
    taker: str
    offer: str
    request: str
    quarters: int


@dataclass(frozen=True, slots=True)
class Market:
    """The wishes of a district and what each member can give, take, and be out of balance by."""

    wishes: tuple[Possible, ...]
    limits: tuple[Limits, ...]


def market(district: str, now: datetime) -> Market:
    """Read open listings in hours of people, each request with offers that fit: those that fewer
    wish for so far, then the better ones."""
    rules = matchable.rules()
    rows = matchable.in_matching(now).filter(
        district_id=district, reciprocity="hours", person__isnull=False, unit="MIN"
    )
    offers = matchable.entries(rows.filter(side=Listing.Side.OFFER), rules.days, now)
    order = list(
        rows.filter(side=Listing.Side.REQUEST)
        .order_by("created_at", "id")
        .values_list("id", "person")
    )
    first = {person: str(pk) for pk, person in reversed(order)}
    requests = [
        one
        for one in matchable.entries(rows.filter(side=Listing.Side.REQUEST), rules.days, now)
        if one.person is not None and first[one.person] == one.listed.id
    ]
    shelf, sight = matchable.by_spec(offers), matchable.Sight(now)
    by_id = {one.listed.id: one for one in offers}
    found: dict[tuple[str, str], Possible] = {}
    picked: Counter[str] = Counter()  # so that not everybody wishes for the same few
    for request in requests:
        near = matchable.candidates(request, shelf, rules)
        fits = matchable.best(request, near, rules, sight, len(near) or 1)
        fits.sort(key=lambda one: picked[one.offer])  # stable: the better first among equals
        for one in fits[:WISHES_A_REQUEST]:
            picked[one.offer] += 1
            wish = _possible(one, request, by_id[one.offer])
            pair = (wish.giver, wish.taker)
            if pair not in found or found[pair].quarters < wish.quarters:
                found[pair] = wish
    wishes = tuple(found[pair] for pair in sorted(found))
    return Market(wishes, limits_of(wishes, [*requests, *offers]))


def _possible(found: Match, request: Entry, offer: Entry) -> Possible:
    most = min(request.listed.quantity_max, offer.listed.quantity_max, 8 * 60)
    return Possible(
        offer.listed.party, request.listed.party, found.offer, found.request, most // QUARTER
    )


def limits_of(wishes: Iterable[Possible], entries: Sequence[Entry]) -> tuple[Limits, ...]:
    """What each member named can give and take: by her listings, and by her account of hours."""
    members = sorted({name for wish in wishes for name in (wish.giver, wish.taker)})
    asked, needed = dict.fromkeys(members, 0), dict.fromkeys(members, 0)
    held = {one.listed.party: one.listed for one in entries}
    for wish in wishes:
        asked[wish.giver] += wish.quarters
        needed[wish.taker] = max(needed[wish.taker], wish.quarters)
    for name in members:
        balance = held[name].balance or 0
        ceiling, floor = held[name].ceiling, held[name].floor
        room = FAR if ceiling is None else max(0, ceiling - balance) // QUARTER
        left = FAR if floor is None else max(0, balance - floor) // QUARTER
        asked[name], needed[name] = min(asked[name], room), min(needed[name], left)
    delta = rulebook.value(IMBALANCE).integer
    return tuple(Limits(name, asked[name], needed[name], delta) for name in members)


def computed(wishes: Sequence[Possible], limits: Sequence[Limits]) -> HoursRound:
    """The round that exchanges most."""
    rows = [Wish(wish.giver, wish.taker, wish.quarters) for wish in wishes]
    return hours_round(rows, limits)


def digest(wishes: Sequence[Possible], limits: Sequence[Limits]) -> str:
    """SHA-256 of what a round was computed from, in one order."""
    told = {
        "wishes": [[w.giver, w.taker, w.quarters] for w in wishes],
        "limits": [[one.member, one.supply, one.need, one.imbalance] for one in limits],
    }
    text = json.dumps(told, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
