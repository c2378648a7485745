"""Agreements as their parties see them: the step now, what is held, who waits for whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from dure.core import clock
from dure.core.actors import Actor
from dure.core.text import T
from dure.exchange import interpreter
from dure.exchange.declaration import Process
from dure.exchange.models import (
    HOSTING,
    Agreement,
    Commitment,
    Listing,
    Match,
    Party,
    Timer,
)
from dure.exchange.queries.case_steps import Step, steps_of
from dure.exchange.queries.neighbours import NEIGHBOUR, names_of
from dure.exchange.riding import way_of
from dure.ledger.models import Account, Transfer

OPEN_SLOTS = ("held", "out")
HOLD = Transfer.Kind.HOLD
ENDS_HOLD = (Transfer.Kind.SETTLE, Transfer.Kind.VOID, Transfer.Kind.EXPIRE)
SHOWN_MAX = 200


@dataclass(frozen=True, slots=True)
class HeldValue:
    """Value that waits in the ledger for a case to end."""

    amount: int
    unit: str
    is_mine: bool
    purpose: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """When time itself moves a case, and what happens then."""

    at: datetime
    text: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One agreement in words."""

    id: UUID
    title: str
    process: str
    process_key: str
    state: str
    state_key: str
    is_closed: bool
    is_troubled: bool
    starts: datetime | None
    ends: datetime | None
    roles: tuple[str, ...]
    steps: tuple[Step, ...]
    waits_for: str
    deadline: Deadline | None
    holds_slot: bool
    values: tuple[HeldValue, ...]
    entered_at: datetime

    @property
    def is_my_turn(self) -> bool:
        """Whether the case waits for the reader."""
        return any(
            not (step.waits or step.is_way_out or step.is_free) and step.opens is None
            for step in self.steps
        )

    @property
    def opens(self) -> datetime | None:
        """When the next step can be taken, where everybody waits for that time alone."""
        ahead = [step.opens for step in self.steps if step.opens and not step.is_way_out]
        return min(ahead) if ahead and not self.is_my_turn else None


TROUBLE = ("review", "overdue", "displaced", "damaged", "lost", "stalled")


def mine(actor: Actor, *, closed: bool = False) -> QuerySet[Agreement]:
    """Agreements in which the reader is a party, those that wait longest first."""
    own = Party.rows.filter(person=actor.behalf).values("agreement_id")
    rows = Agreement.objects.within(actor).filter(id__in=own, is_closed=closed)
    rows = rows.select_related(*RELATED)
    return rows.order_by("-closed_at", "id") if closed else rows.order_by("entered_at", "id")


RELATED = ("listing", "asset", "spec", "pool", "organisation", "district")


def one(agreement_id: UUID, actor: Actor) -> Agreement | None:
    """One agreement of the reader's scope, or None."""
    rows = Agreement.objects.within(actor).select_related(*RELATED)
    return rows.filter(id=agreement_id).first()


def told(agreements: Sequence[Agreement], actor: Actor) -> list[Told]:
    """A page of agreements in words; four queries besides those of the steps."""
    ids = [one.id for one in agreements]
    roles: dict[UUID, list[str]] = defaultdict(list)
    mine = Party.rows.filter(agreement__in=ids, person=actor.behalf)
    for agreement_id, role in mine.values_list("agreement_id", "role"):
        roles[agreement_id].append(role)
    alarms: dict[UUID, Timer] = {}
    for alarm in Timer.rows.filter(agreement__in=ids, fired_at=None).order_by("-due_at"):
        alarms[alarm.agreement_id] = alarm
    slots = set(
        Commitment.rows.filter(
            agreement__in=ids, state__in=OPEN_SLOTS, slot__isnull=False
        ).values_list("agreement_id", flat=True)
    )
    values = held_values(ids, actor)
    return [
        _told(one, actor, roles[one.id], alarms.get(one.id), one.id in slots, values[one.id])
        for one in agreements
    ]


def _told(
    agreement: Agreement,
    actor: Actor,
    roles: Sequence[str],
    alarm: Timer | None,
    holds_slot: bool,
    values: Sequence[HeldValue],
) -> Told:
    process = interpreter.process_of(agreement)
    state = process.state(agreement.state)
    words = {role.key: str(role.text) for role in process.roles}
    steps = steps_of(agreement, actor)
    return Told(
        id=agreement.id,
        title=title_of(agreement, process),
        process=str(process.text),
        process_key=process.key,
        state=str(state.text),
        state_key=state.key,
        is_closed=agreement.closed_at is not None,
        is_troubled=state.key in TROUBLE,
        starts=agreement.starts,
        ends=agreement.ends,
        roles=tuple(words[role] for role in roles if role in words),
        steps=steps,
        waits_for=waits_for(agreement, process, roles),
        deadline=_deadline(alarm, process, agreement),
        holds_slot=holds_slot,
        values=tuple(values),
        entered_at=agreement.entered_at,
    )


def title_of(agreement: Agreement, process: Process) -> str:
    """What a case is about: its thing, its listing, its kind of thing, its pool."""
    if agreement.asset is not None:
        return str(way_of(agreement.asset.terms) or agreement.asset.title)
    if agreement.listing is not None:
        return str(way_of(agreement.listing.terms) or agreement.listing.title)
    if agreement.spec is not None:
        return str(T(agreement.spec.ko, agreement.spec.en))
    if agreement.pool is not None and agreement.pool.title:
        return agreement.pool.title
    return str(process.text)


def named(ids: Iterable[UUID], actor: Actor) -> dict[UUID, str]:
    """What each case of the reader's scope is about and how it stands now; one query."""
    rows = Agreement.objects.within(actor).filter(id__in=set(ids)).select_related(*RELATED)
    found: dict[UUID, str] = {}
    for row in rows:
        process = interpreter.process_of(row)
        found[row.id] = f"{title_of(row, process)} · {process.state(row.state).text}"
    return found


def waits_for(agreement: Agreement, process: Process, mine: Iterable[str]) -> str:
    """Whose turn it is when it is not the reader's: the parties first, else who coordinates."""
    own = set(mine)
    found: dict[str, str] = {}
    trusted: dict[str, str] = {}
    held = set(agreement.parties.values_list("role", flat=True)) if _has_sides(process) else set()
    for transition in process.leaving(process.state(agreement.state)):
        taken = {role.side for role in transition.by if role.side and role.key in held}
        for role in transition.by:
            if role.key in own or role.key == "system":
                continue
            if role.key not in held and role.side in taken:
                continue  # the party on that side is named, not who may act beside it
            (trusted if role.trusted else found)[role.key] = str(role.text)
    return " · ".join((found or trusted).values())


def _has_sides(process: Process) -> bool:
    return any(role.side for role in process.roles)


def _deadline(alarm: Timer | None, process: Process, agreement: Agreement) -> Deadline | None:
    if alarm is None:
        return None
    transition = process.transition(process.state(agreement.state), alarm.transition)
    text = str(transition.text) if transition is not None else ""
    return Deadline(alarm.due_at, text, alarm.due_at < clock.now())


def held_values(ids: Sequence[UUID], actor: Actor) -> dict[UUID, list[HeldValue]]:
    """What is held in the ledger for these cases now; an ended hold is held no more."""
    found: dict[UUID, list[HeldValue]] = defaultdict(list)
    rows = Transfer.rows.filter(grp__in=ids)
    gone = set(rows.filter(kind__in=ENDS_HOLD).values_list("ref_id", flat=True))
    held = [one for one in rows.filter(kind=HOLD).order_by("pk") if one.pk not in gone]
    accounts = {
        account.pk: account
        for account in Account.rows.filter(pk__in={one.debit_id for one in held})
        .select_related("unit")
        .all()
    }
    for one in held:
        account = accounts[one.debit_id]
        is_mine = actor.behalf is not None and account.owner_person_id == actor.behalf
        found[one.grp].append(HeldValue(one.amount, account.unit.code, is_mine, one.purpose))
    return found


# --- one agreement


@dataclass(frozen=True, slots=True)
class Side:
    """Who holds a role."""

    role: str
    name: str
    is_me: bool
    acted_for: bool


def sides(agreement: Agreement, actor: Actor) -> list[Side]:
    """The parties by role, by the handle they chose; organisations by name."""
    process = interpreter.process_of(agreement)
    words = {role.key: str(role.text) for role in process.roles}
    parties = list(agreement.parties.select_related("organisation").order_by("role", "id"))
    names = names_of(party.person for party in parties)
    return [
        Side(
            words.get(party.role, party.role),
            party.organisation.name
            if party.organisation is not None
            else names[party.person]
            if party.person is not None
            else str(NEIGHBOUR),
            party.person is not None and party.person == actor.behalf,
            party.acted_for is not None,
        )
        for party in parties
    ]


def shows_place(agreement: Agreement, actor: Actor) -> bool:
    """Whether the exact place may be told: to who wrote it, and to both once it is accepted;
    not to who declined, nor when the case ended as it may end without having been accepted."""
    process = interpreter.process_of(agreement)
    starts = process.leaving(None)
    hidden = {start.target for start in starts}
    ways = [way.target for state in hidden for way in process.leaving(state)]
    hidden |= {state for state in ways if process.is_terminal(state)}
    if process.state(agreement.state) not in hidden:
        return True
    author = {start.binds.key for start in starts if start.binds is not None}
    own = Party.rows.filter(agreement=agreement, person=actor.behalf, role__in=author)
    return own.exists()


def link_of(agreement: Agreement, actor: Actor) -> Agreement | None:
    """The case that this one began, such as the repair of what came back damaged, where the
    reader sees it, too."""
    rows = Agreement.objects.within(actor).filter(parent=agreement)
    return rows.order_by("opened_at").first()


# --- answers to a request


@dataclass(frozen=True, slots=True)
class Answered:
    """A match on one's own request or a turn in a waiting list."""

    id: UUID
    title: str
    request_id: UUID
    asset_id: UUID | None
    by: str
    by_id: UUID | None
    state: str
    until: datetime | None
    starts: datetime | None
    ends: datetime | None
    is_mine: bool
    reason: str = ""


def matches(actor: Actor, *, request_id: UUID | None = None) -> list[Answered]:
    """Proposals that the reader can act on: answers to her requests, turns that are hers, and those
    of the organisations she hosts; of one request all that she may see."""
    rows = Match.objects.within(actor).filter(state__in=("proposed", "held"), offer=None)
    mine = _own(actor) if request_id is None else Q(request_id=request_id)
    rows = rows.filter(mine)
    found = list(rows.select_related("request", "offer").order_by("made_at", "id")[:50])
    names = names_of(one.answered_by or (one.offer.person if one.offer else None) for one in found)
    return [_answered(one, names, actor) for one in found]


def _own(actor: Actor) -> Q:
    """Matches that wait for the reader herself, not for those whose district she keeps."""
    ours = {scope for one in HOSTING for scope in actor.scope_ids(one, "organisation")}
    found = Q(request__person__isnull=True, request__organisation__in=ours)
    found |= Q(offer__person__isnull=True, offer__organisation__in=ours)
    if actor.behalf is not None:
        found |= Q(request__person=actor.behalf) | Q(offer__person=actor.behalf)
        found |= Q(answered_by=actor.behalf)
    return found


def match(match_id: UUID, actor: Actor) -> Answered | None:
    """One proposal of the reader's own, or None."""
    rows = Match.objects.within(actor).select_related("request", "offer")
    one = rows.filter(id=match_id).first()
    if one is None:
        return None
    who = one.answered_by or (one.offer.person if one.offer else None)
    return _answered(one, names_of([who]), actor)


def is_own(request: Listing, actor: Actor) -> bool:
    """Whether it is for the reader to choose: her own request, or her organisation's."""
    if request.person is not None:
        return request.person == actor.behalf
    return actor.acting_for is None and any(
        actor.has(role, organisation=request.organisation_id) for role in HOSTING
    )


def _answered(one: Match, names: dict[UUID, str], actor: Actor) -> Answered:
    who = one.answered_by or (one.offer.person if one.offer else None)
    slot = one.slot
    return Answered(
        id=one.id,
        title=one.request.title,
        request_id=one.request_id,
        asset_id=one.asset_id,
        by=names.get(who, "") if who is not None else "",
        by_id=who,
        state=one.state,
        until=one.held_until,
        starts=slot.lower if slot else None,
        ends=slot.upper if slot else None,
        is_mine=is_own(one.request, actor),
        reason=str(one.reasons[0].get("code", "")) if one.reasons else "",
    )
