"""What matching may know of listings, and nothing else: kind, place, time, amount, hours.

Nouns: an *entry* is a listing as the engine reads it; a *market* is a district's open requests and
offers at one moment; *rules* are the rulebook's values with the version of the weights.
Law: no trait that the law protects is read here, nor can the engine hold one; which columns are
read stands in `READ`, and a test holds the queries to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from dure.core import clock, rulebook
from dure.core.actors import Actor
from dure.core.door import load_grants
from dure.core.errors import Refusal
from dure.core.text import T
from dure.engines.matching import PPM, Listed, Match, Term, Weights, WhyNot, judge
from dure.engines.recurrence import UnreadableRuleError, occurrences, read_rule
from dure.engines.sphere import Point
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Listing
from dure.exchange.models.places import audience_q
from dure.ledger.models import Account

KINDS = ("skill", "service", "item")
ANY_AMOUNT = 10**9
QUARTER = 15
DAY = 24 * 60
READ: dict[str, frozenset[str]] = {  # table -> what matching may read of it
    "exchange_listing": frozenset(
        ("id", "side", "person", "organisation_id", "district_id", "audience", "state", "asset_id",
         "spec_id", "place", "latitude_e5", "longitude_e5", "qty_min", "qty_max", "unit",
         "reciprocity", "window", "terms", "created_at")
    ),
    "exchange_spec": frozenset(("id", "code", "kind")),
    "ledger_account": frozenset(
        ("id", "owner_person", "owner_organisation", "balance", "held_out", "held_in", "lo", "hi",
         "unit", "parent", "lot", "status")
    ),
    "ledger_unit": frozenset(("id", "code")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rules:
    """Weights and limits of matching as the rulebook has them today."""

    weights: Weights
    akin: Mapping[tuple[str, str], int]
    most: int
    days: int
    version: UUID


@dataclass(frozen=True, slots=True)
class Entry:
    """A listing as matching knows it, and to whom it is open."""

    listed: Listed
    person: UUID | None
    organisation: UUID | None
    unit: str
    place: str
    audience: str


def rules() -> Rules:
    """Read the rules; weights that do not sum to a million, or of another trait, are refused."""
    found = rulebook.value("exchange.match.weights")
    parts = {str(name): int(ppm) for name, ppm in found.value}
    strange = sorted(set(parts) ^ {term.value for term in Term})
    if strange or len(parts) != len(found.value):
        why = T("모르는 항목이 있거나 빠진 것이 있음", "a term is unknown, or one is missing")
        raise Refusal(ExchangeCode.BAD_WEIGHTS, why=why)
    if sum(parts.values()) != PPM or min(parts.values()) < 0:
        why = T("더해서 백만이 아님", "they do not sum to a million")
        raise Refusal(ExchangeCode.BAD_WEIGHTS, why=why)
    weights = Weights(
        skill_ppm=parts["skill"],
        nearness_ppm=parts["nearness"],
        slot_ppm=parts["slot"],
        balance_ppm=parts["balance"],
        distance_max_m=rulebook.value("exchange.match.distance_m").integer,
        overlap_min=rulebook.value("exchange.match.overlap_minutes").integer,
    )
    akin = {(a, b): int(ppm) for a, b, ppm in rulebook.value("exchange.match.akin").value}
    return Rules(
        weights=weights,
        akin=akin,
        most=rulebook.value("exchange.match.most").integer,
        days=rulebook.value("exchange.match.days").integer,
        version=found.version_id,
    )


# --- reading listings


def in_matching(now: datetime) -> QuerySet[Listing]:
    """Open listings that take part: of a kind that is done by people, not over, not opted out."""
    rows = Listing.rows.filter(state=Listing.State.OPEN, asset=None, spec__kind__in=KINDS)
    rows = rows.exclude(terms__has_key="unmatched")
    return rows.exclude(window__endswith__lte=now)


def entries(rows: QuerySet[Listing], days: int, now: datetime) -> list[Entry]:
    """Listings as matching knows them, by id; three statements."""
    told = list(
        rows.order_by("id").values_list(
            "id", "person", "organisation_id", "spec__code", "place", "latitude_e5",
            "longitude_e5", "window", "terms", "qty_min", "qty_max", "unit", "reciprocity",
            "audience",
        )
    )  # fmt: skip
    limits = _limits({one[1] for one in told}, {one[2] for one in told if one[1] is None})
    found = []
    for (
        pk, person, organisation, spec, place, lat, lon, window, terms, least, most, unit, back,
        audience,
    ) in told:  # fmt: skip
        owner = person or organisation
        held = limits.get(owner, NO_ACCOUNT) if back == "hours" else NO_HOURS
        amount = _amount(least, most, unit)
        listed = Listed(
            id=str(pk),
            party=str(owner),
            spec=spec,
            place=Point(lat / 1e5, lon / 1e5) if lat is not None and lon is not None else None,
            slots=_slots(window, terms.get("rrule"), days, now),
            quantity_min=amount[0],
            quantity_max=amount[1],
            reciprocity=frozenset({back}),
            balance=held.balance,
            floor=held.floor,
            ceiling=held.ceiling,
        )
        found.append(Entry(listed, person, organisation, unit, place.strip(), audience))
    return found


@dataclass(frozen=True, slots=True)
class Hours:
    """An account of hours: what is there and its limits, less what is held on the way."""

    balance: int | None
    floor: int | None
    ceiling: int | None


NO_HOURS = Hours(None, None, None)
NO_ACCOUNT = Hours(0, 0, 0)


def _limits(people: set[UUID | None], organisations: set[UUID | None]) -> dict[UUID, Hours]:
    """The oldest open account of hours of each owner; what is held counts as gone."""
    rows = Account.rows.filter(
        Q(owner_person__in=people - {None}) | Q(owner_organisation__in=organisations - {None}),
        unit__code="TIME",
        parent=None,
        lot=None,
        status=Account.Status.OPEN,
    )
    found: dict[UUID, Hours] = {}
    told = rows.order_by("-id").values_list(
        "owner_person_id", "owner_organisation_id", "balance", "held_out", "held_in", "lo", "hi"
    )
    for person, organisation, balance, out, coming, low, high in told:
        room = None if high is None else high - coming - out
        found[person or organisation] = Hours(balance - out, low, room)
    return found


def _amount(least: int, most: int, unit: str) -> tuple[int, int]:
    """The amount that a listing names; minutes go by quarters, and one minute says nothing."""
    if unit != "MIN":
        return least, most
    return max(least, QUARTER), most if most >= QUARTER else ANY_AMOUNT


def _slots(window: object, rhythm: object, days: int, now: datetime) -> tuple[tuple[int, int], ...]:
    """When a listing is free, in minutes since 1970; nothing said is any time."""
    lower, upper = getattr(window, "lower", None), getattr(window, "upper", None)
    if lower is None and upper is None and not rhythm:
        return ()
    begin = max(lower or now, now)
    end = upper or begin + timedelta(days=days)
    whole = (_minute(begin), _minute(end))
    if not rhythm:
        return (whole,) if whole[0] < whole[1] else ()
    try:
        rule = read_rule(str(rhythm))
    except UnreadableRuleError:
        return (whole,)
    first, last = clock.kst_date(begin), clock.kst_date(end)
    last = min(last, first + timedelta(days=days))
    cut = []
    for day in occurrences(rule, clock.kst_date(lower) if lower else first, first, last):
        start = _minute(datetime(day.year, day.month, day.day, tzinfo=clock.SEOUL))
        slot = (max(start, whole[0]), min(start + DAY, whole[1]))
        if slot[0] < slot[1]:
            cut.append(slot)
    joined: list[tuple[int, int]] = []
    for slot in cut:
        if joined and joined[-1][1] == slot[0]:
            joined[-1] = (joined[-1][0], slot[1])
        else:
            joined.append(slot)
    return tuple(joined)


def _minute(at: datetime) -> int:
    return int(at.timestamp()) // 60


def moment(minute: int) -> datetime:
    """The instant of a minute of the engine's clock."""
    return datetime.fromtimestamp(minute * 60, clock.SEOUL)


# --- judging


def compare(request: Entry, offer: Entry, rules: Rules) -> Match | WhyNot:
    """Judge one pair: the same neighbourhood by name counts as the same place, amounts are
    compared where both count in one unit."""
    ask, give = request.listed, offer.listed
    if (ask.place is None or give.place is None) and request.place and request.place == offer.place:
        ask, give = replace(ask, place=HERE), replace(give, place=HERE)
    if request.unit != offer.unit:
        give = replace(give, quantity_min=0, quantity_max=ANY_AMOUNT)
    return judge(ask, give, rules.weights, likeness=rules.akin)


HERE = Point(37.5, 127.0)


def best(
    request: Entry, offers: Iterable[Entry], rules: Rules, sight: Sight, most: int | None = None
) -> list[Match]:
    """The best offers for a request that both sides may see: by score, distance, id."""
    found = []
    for offer in offers:
        judged = compare(request, offer, rules)
        if isinstance(judged, Match) and sight.mutual(request, offer):
            found.append(judged)
    found.sort(key=lambda match: (-match.score, match.reasons[1].value, match.offer))
    return found[: most or rules.most]


class Sight:
    """Who may see which listing, by the same wall as every page; asked once a person."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._seen: dict[UUID, set[str]] = {}

    def mutual(self, one: Entry, other: Entry) -> bool:
        """Whether each side may see the other's listing."""
        return self._sees(one, other) and self._sees(other, one)

    def _sees(self, reader: Entry, shown: Entry) -> bool:
        if shown.audience == "public":
            return True
        if reader.person is None:
            return reader.organisation is not None and reader.organisation == shown.organisation
        if reader.person not in self._seen:
            actor = load_grants(Actor.person(reader.person), self._now)
            rows = Listing.rows.filter(audience_q(actor), state=Listing.State.OPEN)
            rows = rows.exclude(audience="public").order_by()
            self._seen[reader.person] = {str(pk) for pk in rows.values_list("id", flat=True)}
        return shown.listed.id in self._seen[reader.person]


def by_spec(offers: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Offers by their kind."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for offer in offers:
        found[offer.listed.spec].append(offer)
    return found


def candidates(request: Entry, offers: Mapping[str, list[Entry]], rules: Rules) -> list[Entry]:
    """Offers of the kind asked for, and of those akin to it."""
    wanted = [request.listed.spec]
    wanted += [offered for asked, offered in rules.akin if asked == request.listed.spec]
    return [offer for spec in dict.fromkeys(wanted) for offer in offers.get(spec, ())]
