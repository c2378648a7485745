"""Shared rides: offered once or regularly, wished for, asked for, proposed, stopped."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal
from uuid import uuid4

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from pydantic import Field

from dure.core import clock, jobs, rulebook
from dure.core.actions import Who, action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.core.types import CodeText, IsoDate, Line, Note, Part, UuidText
from dure.engines.recurrence import UnreadableRuleError, read_rule
from dure.exchange import policies, ride_fits, spots, trips
from dure.exchange.errors import ExchangeCode
from dure.exchange.meeting_points import meeting_points
from dure.exchange.models import Agreement, Asset, Listing, Spec
from dure.exchange.riding import Stop, stop_of, timed, way_text
from dure.exchange.searching import key_of
from dure.exchange.spots import Spot
from dure.exchange.terms import TimeOfDay
from dure.exchange.trips import Offered

from .agreements import PARTIES
from .listings import speaks_of_health

WON_RULE, SHARE_RULE = "exchange.ride.won_per_km_max", "exchange.ride.share_won_max"
LONGEST = timedelta(days=366)
Wish = Literal["woman", "no_smoking", "guardian"]
Wishes = Annotated[tuple[Wish, ...], Field(strict=False, max_length=3)]
Seats = Annotated[int, Field(ge=1, le=trips.SEATS_MAX)]
WonPerKm = Annotated[int, Field(ge=0, le=10_000)]
Flag = Annotated[bool, Field(strict=True)]
DetourPercent = Annotated[int, Field(ge=0, le=100)]


class Halt(Part):
    """A place where somebody gets in or out: a public meeting point by its code, nothing else."""

    point: CodeText


Halts = Annotated[tuple[Halt, ...], Field(strict=False, min_length=2, max_length=8)]


@dataclass(frozen=True, slots=True)
class RideRef:
    """The id of an offered or wished ride, and how many trips of it were made."""

    id: str
    trips: int = 0


@dataclass(frozen=True, slots=True)
class Laid:
    """How many regular rides there are, and how many trips were made."""

    rides: int
    trips: int


def ride_spot(body: Any, actor: Actor) -> Spot:  # Any: each action its own body
    """A ride is a person's own; it counts where it begins."""
    halts = body.stops if hasattr(body, "stops") else (body.board, body.alight)
    first = meeting_points().get(halts[0].point)
    homes = actor.scope_ids(Role.RESIDENT, "district")
    return Spot(None, first.district if first is not None else next(iter(homes), ""), False)


@action(
    "exchange.ride.offer",
    ko="함께 탈 자리를 내놓습니다.",
    en="Offer seats in a car.",
    policy=policies.may_offer,
    letters=PARTIES,
    subject=ride_spot,
    idempotent=True,
    for_another=True,
    writes=("exchange_listing", "exchange_asset"),
    refusals=(
        CoreCode.NOT_FOUND,
        ExchangeCode.BAD_START,
        ExchangeCode.BAD_STOP,
        ExchangeCode.BAD_SLOT,
        ExchangeCode.BAD_RHYTHM,
        ExchangeCode.BAD_QUANTITY,
        ExchangeCode.NOT_PAID_THEN,
    ),
)
def offer_ride(
    stops: Halts,
    on: IsoDate,
    at: TimeOfDay,
    seats: Seats,
    reciprocity: Literal["gift", "won", "voucher"] = "gift",
    won_per_km: WonPerKm | None = None,
    rrule: Line | None = None,
    detour_percent: DetourPercent | None = None,
    wants: Wishes = (),
    says: Wishes = (),
    meet: Line | None = None,
    text: Note | None = None,
    holidays: Flag = False,
    *,
    actor: Actor,
) -> RideRef:
    """Offer seats once or regularly, with the stops of the way in order.

    on, at        : the first day, and when the car leaves its first stop
    won_per_km    : running cost that is shared, up to the rulebook's most; none = the most
    wants, says   : what is asked of riders and said of oneself; shown to nobody
    meet          : where exactly, shown to those alone whom the driver has accepted
    holidays      : a regular ride goes on public holidays, too
    Effects: Listing, and a trip with its legs for each day ahead.
    """
    spot = subject(Spot)
    ways = ride_fits.limits()
    most = rulebook.value(WON_RULE).integer
    halts = timed(_stops(stops), ways.speed_kmh)
    won = 0 if reciprocity == "gift" else most if won_per_km is None else won_per_km
    if won > most:
        why = T(f"1킬로미터에 {most}원까지 나눕니다", f"at most {most} won a kilometre is shared")
        raise Refusal(ExchangeCode.BAD_QUANTITY, field="won_per_km", why=why)
    departs = _departs(on, at)
    _check_rhythm(rrule)
    if reciprocity != "gift" and not trips.may_be_paid(departs):
        raise Refusal(ExchangeCode.NOT_PAID_THEN, field="reciprocity")
    ride = Offered(
        stops=halts,
        at=at,
        first=on,
        rrule=rrule or "",
        won_per_km=won,
        share_won_max=rulebook.value(SHARE_RULE).integer,
        detour_ppm=ways.detour_ppm if detour_percent is None else detour_percent * 10_000,
        portion_ppm=ways.portion_ppm,
        window_s=ways.window_s,
        speed_kmh=ways.speed_kmh,
        wants=wants,
        says=says,
        meet=meet or "",
        holidays=holidays,
    )
    made = _listing(Listing.Side.OFFER, halts[0], halts[-1], spot, actor)
    _describe(made, text)
    made.audience = "members" if wants else "public"  # what is asked is not told by a listing
    made.qty_max = seats
    made.reciprocity = reciprocity
    made.rate = None if reciprocity == "gift" else won
    made.terms = {**asdict(ride), "first": on.isoformat()}
    made.save(force_insert=True)
    count = trips.lay(made, ride)
    if not count:
        raise Refusal(ExchangeCode.BAD_SLOT, field="on")
    line().object("exchange.listing", made.id)
    line().changed("trips", None, count)
    return RideRef(str(made.id), count)


def _stops(halts: tuple[Halt, ...]) -> tuple[Stop, ...]:
    """The stops that halts name, in order: points that may be chosen now, each once."""
    open_now = meeting_points()
    codes = [one.point for one in halts]
    if len(set(codes)) != len(codes) or not set(codes) <= open_now.keys():
        raise Refusal(ExchangeCode.BAD_STOP, field="stops")
    return tuple(stop_of(open_now[code]) for code in codes)


def _departs(on: date, at: str) -> datetime:
    try:
        departs = datetime.combine(on, time.fromisoformat(at), clock.SEOUL)
    except ValueError:
        raise Refusal(ExchangeCode.BAD_SLOT, field="at") from None
    if not clock.now() < departs < clock.now() + LONGEST:
        raise Refusal(ExchangeCode.BAD_SLOT, field="on")
    return departs


def _check_rhythm(rrule: str | None) -> None:
    if rrule is None:
        return
    try:
        read_rule(rrule)
    except UnreadableRuleError:
        raise Refusal(ExchangeCode.BAD_RHYTHM, field="rrule") from None


def _listing(side: str, first: Stop, last: Stop, spot: Spot, actor: Actor) -> Listing:
    """A listing of a way from one stop to another, not yet saved."""
    title = way_text((first, last)).ko[:200]
    return Listing(
        id=uuid4(),
        side=side,
        person=actor.behalf,
        district_id=spot.district,
        spec=Spec.rows.get(scheme="dure", code="ride"),
        title=title,
        search_key=key_of(title, most=400),
        reciprocity="gift",
        audience="public",
        place=first.text.ko[:200],
        latitude_e5=first.latitude_e5,
        longitude_e5=first.longitude_e5,
        to_place=last.text.ko[:200],
        to_latitude_e5=last.latitude_e5,
        to_longitude_e5=last.longitude_e5,
        created_at=clock.now(),
        audit=line().id,
    )


def _describe(made: Listing, text: str | None) -> None:
    """Give a listing its text; words of health in it are looked at by a coordinator first."""
    made.text = (text or "")[:2000]
    if speaks_of_health(made.text):
        made.state = Listing.State.CHECK


@action(
    "exchange.ride.wish",
    ko="함께 탈 차를 찾는다고 올립니다.",
    en="Say that one looks for a ride.",
    policy=policies.may_offer,
    letters=PARTIES,
    subject=ride_spot,
    idempotent=True,
    for_another=True,
    writes=("exchange_listing",),
    refusals=(ExchangeCode.BAD_START, ExchangeCode.BAD_STOP, ExchangeCode.BAD_SLOT),
)
def wish_ride(
    board: Halt,
    alight: Halt,
    on: IsoDate,
    at: TimeOfDay,
    text: Note | None = None,
    *,
    actor: Actor,
) -> RideRef:
    """Say from where to where and when one would ride along; drivers propose their trips.

    Effects: Listing.
    """
    begin, end = _stops((board, alight))
    wanted = _departs(on, at)
    window = timedelta(seconds=ride_fits.limits().window_s)
    made = _listing(Listing.Side.REQUEST, begin, end, subject(Spot), actor)
    _describe(made, text)
    made.window = DateTimeTZRange(wanted - window, wanted + window, "[)")
    made.terms = {"board": asdict(begin), "alight": asdict(end), "wanted": wanted.isoformat()}
    made.save(force_insert=True)
    line().object("exchange.listing", made.id)
    return RideRef(str(made.id))


@action(
    "exchange.ride.stop",
    ko="내놓은 함께 타기를 그만둡니다.",
    en="Stop offering a ride, at once or after a last day.",
    policy=policies.may_edit,
    letters=policies.OWN_OR_HOST,
    subject=spots.listing,
    lock=spots.lock_listing,
    idempotent=True,
    for_another=True,
    writes=("exchange_listing", "exchange_asset"),
    refusals=(CoreCode.NOT_FOUND, CoreCode.STATE_CHANGED, ExchangeCode.BAD_SLOT),
)
def stop_ride(listing_id: UuidText, last_on: IsoDate | None = None, *, actor: Actor) -> RideRef:
    """Stop a ride: no new trips; those that nobody has asked for go, the others stand until they
    are over or cancelled one by one.

    last_on : the last day on which a regular ride still goes; none = it stops at once
    """
    found = subject(Listing)
    ride = trips.offered(found.terms)
    if found.state == Listing.State.CLOSED or ride is None:
        raise Refusal(CoreCode.STATE_CHANGED, state=found.get_state_display())
    today = clock.today()
    if last_on is not None and not (ride.rrule and today <= last_on <= today + LONGEST):
        raise Refusal(ExchangeCode.BAD_SLOT, field="last_on")
    rows = Asset.rows.filter(kind="trip", parent=None, retired_at=None, owner=found.person)
    mine = rows.filter(terms__listing=str(found.id))
    if last_on is not None:
        after = datetime.combine(last_on + timedelta(days=1), time(), clock.SEOUL)
        mine = mine.filter(terms__departs__gte=after.isoformat())
    wanted = Agreement.rows.filter(asset__in=mine, is_closed=False).values("asset_id")
    gone = mine.exclude(id__in=wanted)
    count = gone.update(retired_at=clock.now(), audit=line().id)
    line().changed("trips", count, 0)
    if last_on is None:
        line().changed("state", found.state, Listing.State.CLOSED.value)
        found.state = Listing.State.CLOSED
        found.closed_at = clock.now()
    else:
        rule = trips.until(ride, last_on)
        line().changed("rrule", ride.rrule, rule)
        found.terms = {**found.terms, "rrule": rule}
    found.audit = line().id
    found.save(update_fields=["state", "closed_at", "terms", "audit"])
    line().object("exchange.listing", found.id)
    return RideRef(str(found.id), count)


@action(
    "exchange.ride.lay",
    ko="되풀이하는 함께 타기의 운행을 만듭니다.",
    en="Make the trips of regular rides.",
    policy=policies.may_tick,
    letters={Role.OPERATOR: "o"},
    who=(Who.TIMER, Who.OPERATOR),
    faces=("cli", "job"),
    writes=("exchange_asset",),
)
def lay_trips(*, actor: Actor) -> Laid:
    """Make the trips that are missing in the days ahead, once a ride and day; run again, none."""
    rides = [(one, ride) for one in _regular() if (ride := trips.offered(one.terms)) is not None]
    made = sum(trips.lay(one, ride) for one, ride in rides)
    line().changed("trips", None, made)
    return Laid(len(rides), made)


def _regular() -> list[Listing]:
    rows = Listing.rows.filter(side=Listing.Side.OFFER, state=Listing.State.OPEN)
    rows = rows.filter(spec__kind="ride", terms__has_key="rrule").exclude(terms__rrule="")
    return list(rows.order_by("id"))


jobs.timer("exchange.ride.lay", cron="20 15 * * *")  # 00:20 in Seoul
