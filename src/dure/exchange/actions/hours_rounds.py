"""Rounds of hours: proposed and shown, agreed to by each member, then opened as agreements.

Law: nothing is agreed before everybody concerned has seen what she would give and take; a round
runs once and is never changed; proposing anew makes another that names the old.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from dure.core import clock, notices, progress, rulebook
from dure.core.actions import action, line, subject
from dure.core.actors import EVERY_PERSON, Actor, Role
from dure.core.door import load_grants
from dure.core.errors import CoreCode, Refusal
from dure.core.models.work import Notice
from dure.core.text import T
from dure.core.types import Line, UuidText
from dure.exchange import beginning, interpreter, matchable, policies, rounds, subjects
from dure.exchange.answers import Answer
from dure.exchange.cases import Case
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Agreement, Claim, Pool
from dure.exchange.posting_out import post_each
from dure.exchange.rounds import QUARTER, Possible
from dure.ledger.posting import Movement
from dure.registry.models import Organisation

from .agreements import LABELS, NOTICES, WRITES
from .assets import Flag

HOSTS = {Role.STAFF: "dm", Role.BOARD: "m"}
ROUND = ("exchange_pool", "exchange_claim")
DAYS = "exchange.round.days"
PROPOSED = notices.template(
    "exchange.round_proposed",
    subject=T("이웃들과 한꺼번에 주고받는 제안이 있습니다", "An exchange among several neighbours"),
    text=T(
        "내가 해 줄 일과 받을 일을 함께 본 뒤에 답해 주세요. 답하지 않으면 빠집니다.",
        "See what you would give and take, then answer. Without an answer you are left out.",
    ),
    path="/exchange/pools/%(pool)s/",
    urgency=Notice.Urgency.DAY,
)
OPENED = notices.template(
    "exchange.round_opened",
    subject=T("함께 정한 일이 약속이 되었습니다", "What was agreed in the round is open"),
    text=T(
        "교환 회차가 끝나 약속이 열렸습니다. 언제 만날지 정해 주세요.",
        "The round is over and your agreements are open. Please settle when you meet.",
    ),
    path="/exchange/mine/",
    urgency=Notice.Urgency.DAY,
)


@dataclass(frozen=True, slots=True)
class RoundRef:
    """A round: its state, minutes and members in it, agreements opened, lines left out."""

    id: str
    state: str
    minutes: int
    members: int
    opened: int = 0
    left_out: int = 0


# Any: each action its own body.


def _rows(body: Any) -> Any:  # Any: a queryset
    rows = Pool.objects.everything("that a round exists is public; its lines are not")
    return rows.filter(id=body.pool_id, kind=Pool.Kind.CLEARING_ROUND, external_ref=None)


def round_of(body: Any, actor: Actor) -> Pool:
    """A round of hours."""
    return _found(_rows(body))


def lock_round(body: Any, actor: Actor) -> Pool:
    """The same, locked."""
    return _found(_rows(body).select_for_update(of=("self",), no_key=True))


def own_round(body: Any, actor: Actor) -> Pool:
    """A round in which the actor would give or take something; else it is not found."""
    return _with_me(round_of(body, actor), actor)


def lock_own_round(body: Any, actor: Actor) -> Pool:
    """The same, locked."""
    return _with_me(lock_round(body, actor), actor)


def _found(rows: Any) -> Pool:
    found: Pool | None = rows.first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND, field="pool_id")
    return found


def _with_me(pool: Pool, actor: Actor) -> Pool:
    if not lines_of(pool, actor.behalf).exists():
        raise Refusal(CoreCode.NOT_FOUND, field="pool_id")
    return pool


def lines_of(pool: Pool, person: UUID | None) -> Any:  # Any: a queryset of claims
    """The lines that the round gives something, of one member."""
    mine = Q(person=person) | Q(reason__giver=str(person))
    return Claim.rows.filter(mine, pool=pool, awarded__gt=0)


@action(
    "exchange.hours_round.propose",
    ko="이웃들이 한꺼번에 주고받는 교환 회차를 제안합니다.",
    en="Propose a round of hours among neighbours.",
    policy=policies.may_open_pool,
    letters=HOSTS,
    subject=subjects.organisation,
    idempotent=True,
    writes=ROUND,
    notices=(PROPOSED,),
    refusals=(
        CoreCode.NOT_FOUND,
        ExchangeCode.NOTHING_TO_DIVIDE,
        ExchangeCode.BAD_WEIGHTS,
        ExchangeCode.ROUND_OVER,
    ),
)
def propose_round(
    organisation_id: UuidText, title: Line, instead_of: UuidText | None = None, *, actor: Actor
) -> RoundRef:
    """Compute the round that exchanges most, keep every wish with what it would get, ask all.

    instead_of : a round that was not run yet; it is replaced, and the new one names it
    Source: Andersson, Cseh, Ehlers, Erlanson (2021), see `engines.hours_round`.
    """
    host, now, audit = subject(Organisation), clock.now(), line().id
    old = _replaced(instead_of, host) if instead_of is not None else None
    market = rounds.market(host.district_id, now)
    found = rounds.computed(market.wishes, market.limits)
    if not found.total:
        raise Refusal(ExchangeCode.NOTHING_TO_DIVIDE)
    made = Pool.rows.create(
        id=uuid4(),
        kind=Pool.Kind.CLEARING_ROUND,
        organisation=host,
        district_id=host.district_id,
        title=title,
        opens=now,
        closes=now + timedelta(days=rulebook.value(DAYS).integer),
        unit="MIN",
        lot=QUARTER,
        rerun_of=old,
        input_hash=rounds.digest(market.wishes, market.limits),
        terms={"limits": [[a.member, a.supply, a.need, a.imbalance] for a in market.limits]},
        created_at=now,
        audit=audit,
    )
    Claim.rows.bulk_create(
        [
            Claim(
                pool=made,
                person=UUID(wish.taker),
                asked=wish.quarters * QUARTER,
                awarded=quarters * QUARTER,
                reason={"giver": wish.giver, "offer": wish.offer, "request": wish.request},
                made_at=now,
                audit=audit,
            )
            for wish, quarters in zip(market.wishes, found.exchanged, strict=True)
        ],
        batch_size=2_000,
    )
    people = [UUID(one.member) for one in found.members if one.given or one.received]
    notices.tell_many(people, PROPOSED, places={"pool": str(made.id)})
    line().object("exchange.pool", made.id)
    line().organisation(host.id)
    line().changed("minutes", None, found.total * QUARTER)
    return RoundRef(str(made.id), made.state, found.total * QUARTER, len(people))


def _replaced(pool_id: str, host: Organisation) -> Pool:
    """The round that is proposed anew: of the same host, and not run."""
    rows = Pool.objects.everything("a round of the host that the policy was asked for")
    rows = rows.filter(id=pool_id, kind=Pool.Kind.CLEARING_ROUND, organisation=host)
    old = _found(rows.select_for_update(of=("self",), no_key=True))
    if old.state != Pool.State.OPEN:
        raise Refusal(ExchangeCode.ROUND_OVER)
    old.state, old.audit = Pool.State.REPLACED, line().id
    old.save(update_fields=["state", "audit"])
    return old


@action(
    "exchange.hours_round.consent",
    ko="교환 회차의 제안에 동의하거나 빠집니다.",
    en="Agree to what a round gives me to do and to receive, or stay out.",
    policy=policies.may_join_pool,
    letters=EVERY_PERSON,
    subject=own_round,
    lock=lock_own_round,
    idempotent=True,
    for_another=True,
    writes=("exchange_claim",),
    refusals=(CoreCode.NOT_FOUND, ExchangeCode.ROUND_OVER),
)
def answer_round(pool_id: UuidText, agreed: Flag, *, actor: Actor) -> RoundRef:
    """Answer for all of one's lines; the answer may be changed until the round closes."""
    pool = subject(Pool)
    if pool.state != Pool.State.OPEN or pool.cancelled or pool.closes <= clock.now():
        raise Refusal(ExchangeCode.ROUND_OVER)
    mine = list(lines_of(pool, actor.behalf))
    for one in mine:
        side = "taker_agrees" if one.person == actor.behalf else "giver_agrees"
        one.reason = {**one.reason, side: agreed}
        one.audit = line().id
    Claim.rows.bulk_update(mine, ["reason", "audit"])
    line().object("exchange.pool", pool.id)
    line().changed("agreed", None, agreed)
    return RoundRef(str(pool.id), pool.state, sum(one.awarded or 0 for one in mine), 1)


@action(
    "exchange.hours_round.run",
    ko="동의한 이웃끼리 약속을 엽니다.",
    en="Open the agreements of those who agreed.",
    policy=policies.may_divide_pool,
    letters=HOSTS,
    subject=round_of,
    lock=lock_round,
    idempotent=True,
    long=True,
    value=True,
    writes=(*ROUND, *WRITES),
    labels=LABELS,
    notices=(*NOTICES, OPENED),
    refusals=(CoreCode.NOT_FOUND, ExchangeCode.ROUND_OVER, ExchangeCode.GUARD),
)
def run_round(pool_id: UuidText, *, actor: Actor) -> RoundRef:
    """Compute anew among those who agreed, never above what they saw, and open what comes of it.

    After closing, or once all have answered. Each agreement is one that both consented to: asked
    by the taker, accepted by the giver, the hours held; where the ledger refuses one, it is left
    out and the others stand.
    """
    pool = subject(Pool)
    if pool.state != Pool.State.OPEN or pool.cancelled:
        raise Refusal(ExchangeCode.ROUND_OVER)
    lines = list(Claim.rows.filter(pool=pool, awarded__gt=0).order_by("id"))
    if pool.closes > clock.now() and not all(_is_answered(one) for one in lines):
        why = T("아직 답하지 않은 이웃이 있습니다", "some have not answered yet")
        raise Refusal(ExchangeCode.GUARD, why=why)
    agreed = [one for one in lines if _both(one)]
    quarters = _computed(agreed)
    for one in lines:
        one.reason = {**one.reason, "shown": one.awarded}
        one.awarded, one.audit = quarters.get(one.id, 0) * QUARTER, line().id
    opened = _open_all(pool, [one for one in lines if one.awarded])
    Claim.rows.bulk_update(lines, ["reason", "awarded", "agreement", "audit"], batch_size=500)
    line().changed("state", pool.state, Pool.State.SETTLED.value)
    pool.state, pool.audit = Pool.State.SETTLED, line().id
    pool.save(update_fields=["state", "audit"])
    people = {one.person for one in opened} | {UUID(one.reason["giver"]) for one in opened}
    notices.tell_many(sorted(one for one in people if one is not None), OPENED)
    line().object("exchange.pool", pool.id)
    line().organisation(pool.organisation_id)
    minutes = sum(one.awarded or 0 for one in opened)
    out = len(lines) - len(opened)
    return RoundRef(str(pool.id), pool.state, minutes, len(people), len(opened), out)


def _is_answered(one: Claim) -> bool:
    return "taker_agrees" in one.reason and "giver_agrees" in one.reason


def _both(one: Claim) -> bool:
    return bool(one.reason.get("taker_agrees") and one.reason.get("giver_agrees"))


def _computed(agreed: Sequence[Claim]) -> dict[UUID, int]:
    """What each line comes to now: among those who agreed, by listings and accounts as they are
    today."""
    now = clock.now()
    named = {one.reason[side] for one in agreed for side in ("offer", "request")}
    rows = matchable.in_matching(now).filter(id__in=named)
    entries = matchable.entries(rows, matchable.rules().days, now)
    there = {one.listed.id for one in entries}
    kept = [one for one in agreed if {one.reason["offer"], one.reason["request"]} <= there]
    wishes = [
        Possible(
            one.reason["giver"],
            str(one.person),
            one.reason["offer"],
            one.reason["request"],
            (one.awarded or 0) // QUARTER,
        )
        for one in kept
    ]
    if not wishes:
        return {}
    found = rounds.computed(wishes, rounds.limits_of(wishes, entries))
    return {one.id: quarters for one, quarters in zip(kept, found.exchanged, strict=True)}


def _open_all(pool: Pool, lines: Sequence[Claim]) -> list[Claim]:
    """Open an agreement for each line, asked and accepted, and hold the hours of all in one
    posting; the lines of which it could be. The others get nothing, and the reason."""
    refused: dict[int, Refusal] = {}
    again = True
    while again:
        with transaction.atomic():
            done: list[tuple[int, list[Movement]]] = []
            for number, one in enumerate(lines):
                progress.report("약속을 엽니다", "Opening agreements", number, len(lines))
                if number in refused:
                    continue
                try:
                    with transaction.atomic():
                        one.agreement, movements = _begun(pool, one)
                except Refusal as refusal:
                    refused[number] = refusal
                else:
                    done.append((number, movements))
            misfits = post_each(done)
            refused |= misfits
            again = bool(misfits)  # then all of them once more, without those
            transaction.set_rollback(again)
    for number, why in refused.items():
        one = lines[number]
        one.reason = {**one.reason, "refused": why.name}
        one.awarded, one.agreement = 0, None
    return [one for number, one in enumerate(lines) if number not in refused]


def _begun(pool: Pool, one: Claim) -> tuple[Agreement, list[Movement]]:
    now = clock.now()
    assert one.person is not None
    taker = load_grants(Actor.person(one.person), now)
    giver = load_grants(Actor.person(one.reason["giver"]), now)
    asked = SimpleNamespace(
        process="time_exchange", start="request", pool_id=None, listing_id=one.reason["offer"],
        asset_id=None, other_id=None, starts=None, ends=None,
    )  # fmt: skip
    at = replace(beginning.opening(asked, taker), pool=pool, organisation_id=pool.organisation_id)
    terms = (Answer(name="minutes", value=str(one.awarded)),)
    made, movements = beginning.begin(at, None, None, terms, taker)
    process = interpreter.process_of(made)
    accept = process.transition(process.state(made.state), "accept")
    assert accept is not None, "time exchange is accepted by who does it"
    taken = interpreter.take(Case(made, accept, process), giver)
    return made, [*movements, *taken.movements]
