"""The coordinator's desk: what is disputed, late, stuck, unanswered, or to be looked at first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from dure.core import clock
from dure.core.actors import Actor, ActorKind, Role
from dure.core.text import T
from dure.exchange import interpreter
from dure.exchange.models import HOSTING, Agreement, Listing, Timer
from dure.exchange.models.places import hosted_q
from dure.exchange.queries.agreements import RELATED, TROUBLE
from dure.ledger.models import Transfer
from dure.ledger.posting import Kind

STUCK_DAYS = 7
UNANSWERED_DAYS = 3
SHOWN_MAX = 30


def coordinates(actor: Actor) -> bool:
    """Whether the reader coordinates for a district or an organisation."""
    if actor.kind is ActorKind.OPERATOR:
        return True
    scopes = ("organisation", "district", "city")
    return any(actor.scope_ids(role, scope) for role in HOSTING for scope in scopes)


def _cases(actor: Actor, process: str = "") -> QuerySet[Agreement]:
    rows = Agreement.objects.within(actor).filter(hosted_q(actor, HOSTING))
    if process:
        rows = rows.filter(process=process)
    return rows.select_related(*RELATED)


def troubled(actor: Actor, process: str = "", kind: str = "") -> QuerySet[Agreement]:
    """Cases that wait for a coordinator, or are late, all or of one kind; oldest first."""
    kinds = [kind] if kind else TROUBLE
    rows = _cases(actor, process).filter(closed_at=None, state__in=kinds)
    return rows.order_by("entered_at", "id")[:SHOWN_MAX]


def kinds(actor: Actor, process: str = "") -> dict[str, int]:
    """How many cases there are of each kind of trouble, in one read."""
    rows = _cases(actor, process).select_related(None).filter(closed_at=None, state__in=TROUBLE)
    found = dict(rows.order_by().values_list("state").annotate(count=Count("id")))
    return {kind: found[kind] for kind in TROUBLE if kind in found}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a case stands on the desk although nobody did anything wrong."""

    agreement: Agreement
    why: str


RAN_OUT = T(
    "맡아 둔 것의 기한이 지나 풀렸습니다. 당사자와 이야기해 마치거나 없던 일로 해 주세요.",
    "What was held has run out. Please talk to both sides, then settle it or make it void.",
)


def faults(actor: Actor, process: str = "") -> list[Fault]:
    """Open cases that time could not move, with the reason, and those whose hold has run out."""
    timers = Timer.rows.filter(
        agreement__in=_cases(actor, process), fired_at=None, refusal__isnull=False
    )
    timers = timers.select_related(*(f"agreement__{name}" for name in RELATED))
    told = [
        Fault(one.agreement, str(T(one.refusal["ko"], one.refusal["en"])))
        for one in timers.order_by("due_at", "id")[:SHOWN_MAX]
    ]
    empty = _run_out(_cases(actor, process)).order_by("entered_at", "id")[:SHOWN_MAX]
    return told + [Fault(one, str(RAN_OUT)) for one in empty]


def _run_out(cases: QuerySet[Agreement]) -> QuerySet[Agreement]:
    """Those that are open although the ledger has ended what they held."""
    anew = Transfer.rows.filter(
        grp=OuterRef("grp"), purpose=OuterRef("purpose"), kind=Kind.HOLD, pk__gt=OuterRef("pk")
    )
    ended = Transfer.rows.filter(grp=OuterRef("pk"), kind=Kind.EXPIRE).exclude(Exists(anew))
    return cases.filter(Exists(ended), closed_at=None)


def stuck(actor: Actor, process: str = "") -> QuerySet[Agreement]:
    """Cases in which nothing has happened for a week although nothing is wrong; oldest first.
    A loan that is out until a day to come is not stuck."""
    now = clock.now()
    rows = _cases(actor, process).filter(
        closed_at=None, entered_at__lt=now - timedelta(days=STUCK_DAYS)
    )
    rows = rows.exclude(state__in=TROUBLE).exclude(ends__gt=now)
    return rows.order_by("entered_at", "id")[:SHOWN_MAX]


def done_today(actor: Actor, process: str = "") -> QuerySet[Agreement]:
    """Cases that ended today, newest first."""
    start = datetime.combine(clock.today(), time(), clock.SEOUL)
    rows = _cases(actor, process).filter(closed_at__gte=start)
    return rows.order_by("-closed_at", "id")[:20]


def unanswered(actor: Actor) -> QuerySet[Listing]:
    """Requests that nobody has answered for some days; things that people wait for are apart."""
    rows = Listing.objects.within(actor).filter(hosted_q(actor, (Role.STAFF, Role.BOARD)))
    rows = rows.filter(
        side=Listing.Side.REQUEST,
        state=Listing.State.OPEN,
        asset=None,
        created_at__lt=clock.now() - timedelta(days=UNANSWERED_DAYS),
    ).exclude(Q(window__endswith__lt=clock.now()))
    rows = rows.exclude(matches_as_request__answered_by__isnull=False)
    rows = rows.select_related("spec", "district", "organisation")
    return rows.order_by("created_at", "id")[:SHOWN_MAX]


def to_check(actor: Actor) -> QuerySet[Listing]:
    """Listings that a coordinator reads before others see them; oldest first."""
    rows = Listing.objects.within(actor).filter(hosted_q(actor, HOSTING))
    rows = rows.filter(state=Listing.State.CHECK).select_related("spec", "district", "organisation")
    return rows.order_by("created_at", "id")[:SHOWN_MAX]


def may_correct(agreement: Agreement, actor: Actor) -> bool:
    """Whether `actor` coordinates a case that has ended, and is no party of it."""
    if agreement.closed_at is None or interpreter.is_party(agreement, actor):
        return False
    return interpreter.works_for(actor, agreement.organisation_id, agreement.district_id, HOSTING)


def given_away(agreement: Agreement, actor: Actor) -> tuple[tuple[str, str], ...]:
    """The roles of an open case that `actor` may give to somebody else, in words; none to who is a
    party herself."""
    if agreement.closed_at is not None or interpreter.is_party(agreement, actor):
        return ()
    here = (agreement.organisation_id, agreement.district_id)
    if not interpreter.works_for(actor, *here, HOSTING):
        return ()
    held = set(agreement.parties.filter(person__isnull=False).values_list("role", flat=True))
    roles = interpreter.process_of(agreement).roles
    return tuple((role.key, str(role.text)) for role in roles if role.key in held)
