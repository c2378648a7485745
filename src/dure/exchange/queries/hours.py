"""Pools of hours and rounds of hours as one reader sees them: what she may do, her own lines."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, Sum

from dure.core import clock, rulebook
from dure.core.actors import Actor
from dure.exchange import interpreter, policies
from dure.exchange.models import HOSTING, Claim, Listing, Pool
from dure.exchange.queries.neighbours import NEIGHBOUR, names_of
from dure.exchange.queries.pools import SHOWN_RULE
from dure.ledger.models import Account


@dataclass(frozen=True, slots=True)
class Gift:
    """What the reader may do at a pool of hours: give, ask, divide it."""

    is_open: bool
    spendable: int | None
    asked: int
    has_account: bool
    carried: int
    may_divide: bool
    waits_for_close: bool


def gift(pool: Pool, actor: Actor) -> Gift | None:
    """A pool of hours for this reader; None for another kind of pool."""
    if pool.kind != Pool.Kind.FUND_CALL or pool.unit != "MIN":
        return None
    now = clock.now()
    is_open = pool.state == Pool.State.OPEN and not pool.cancelled and pool.closes > now
    account = None
    asked = 0
    if actor.behalf is not None:
        rows = Account.rows.filter(owner_person=actor.behalf, unit__code="TIME", parent=None)
        account = rows.filter(lot=None, status=Account.Status.OPEN).order_by("id").first()
        mine = Claim.rows.filter(pool=pool, person=actor.behalf, withdrawn_at=None)
        asked = sum(mine.values_list("asked", flat=True))
    divides = actor.id is not None and policies.may_divide_pool.holds(actor, pool, now)
    waits = pool.state == Pool.State.OPEN and not pool.cancelled
    return Gift(
        is_open=is_open,
        spendable=account.spendable if account is not None else None,
        asked=asked,
        has_account=account is not None,
        carried=int(pool.terms.get("carried", 0)),
        may_divide=divides and waits and not is_open,
        waits_for_close=divides and is_open,
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One exchange of a round that is the reader's: she gives, or she takes."""

    gives: bool
    other: str
    title: str
    listing: UUID
    shown: int
    minutes: int
    other_agrees: bool | None
    refused: bool
    agreement: UUID | None


@dataclass(frozen=True, slots=True)
class Round:
    """A round for one reader: her lines and sums, her answer, and how far the others are.
    `is_told`: whether sums are told; those of a few members would tell what one of them gives."""

    lines: tuple[Line, ...]
    gives: int
    takes: int
    answer: bool | None
    can_answer: bool
    is_run: bool
    total: int
    members: int
    answered: int
    may_run: bool
    all_answered: bool
    limit: int
    is_told: bool


def round_for(pool: Pool, actor: Actor) -> Round | None:
    """A round of hours for this reader; None for another kind of pool. Only her own lines."""
    if pool.kind != Pool.Kind.CLEARING_ROUND:
        return None
    now = clock.now()
    kept = Q(awarded__gt=0) | Q(reason__has_key="shown")
    rows = Claim.rows.filter(kept, pool=pool)
    me = actor.behalf
    own = list(rows.filter(Q(person=me) | Q(reason__giver=str(me))).order_by("id")) if me else []
    lines = _lines(own, me)
    answers: dict[str, bool] = {}
    for person, reason in rows.values_list("person", "reason"):
        for who, side in ((str(person), "taker_agrees"), (reason["giver"], "giver_agrees")):
            answers[who] = answers.get(who, True) and side in reason
    mine = [_my_answer(one, me) for one in own]
    is_run = pool.state == Pool.State.SETTLED
    waits = pool.state == Pool.State.OPEN and not pool.cancelled
    runs = actor.id is not None and policies.may_divide_pool.holds(actor, pool, now)
    everybody = all(answers.values())
    return Round(
        lines=lines,
        gives=sum(one.minutes for one in lines if one.gives),
        takes=sum(one.minutes for one in lines if not one.gives),
        answer=mine[0] if mine else None,
        can_answer=bool(mine) and waits and pool.closes > now,
        is_run=is_run,
        total=rows.aggregate(n=Sum("awarded"))["n"] or 0,
        members=len(answers),
        answered=sum(answers.values()),
        may_run=runs and waits and (everybody or pool.closes <= now),
        all_answered=everybody,
        limit=max((row[3] for row in pool.terms.get("limits", ())), default=0) * pool.lot,
        is_told=bool(own)
        or interpreter.works_for(actor, pool.organisation_id, pool.district_id, HOSTING)
        or len(answers) >= rulebook.value(SHOWN_RULE).integer,
    )


def _my_answer(one: Claim, me: UUID | None) -> bool | None:
    side = "taker_agrees" if one.person == me else "giver_agrees"
    answer: bool | None = one.reason.get(side)
    return answer


def _lines(own: list[Claim], me: UUID | None) -> tuple[Line, ...]:
    others = [UUID(one.reason["giver"]) if one.person == me else one.person for one in own]
    names = names_of(others)
    named = {one.reason["offer"] for one in own} | {one.reason["request"] for one in own}
    titles = dict(Listing.rows.filter(id__in=named).values_list("id", "title"))
    found = []
    for one, other in zip(own, others, strict=True):
        gives = one.person != me
        listing = UUID(one.reason["request"] if gives else one.reason["offer"])
        found.append(
            Line(
                gives=gives,
                other=names.get(other, str(NEIGHBOUR)) if other else str(NEIGHBOUR),
                title=titles.get(listing, ""),
                listing=listing,
                shown=one.reason.get("shown", one.awarded or 0),
                minutes=one.awarded or 0,
                other_agrees=one.reason.get("taker_agrees" if gives else "giver_agrees"),
                refused="refused" in one.reason,
                agreement=one.agreement_id,
            )
        )
    return tuple(sorted(found, key=lambda line: not line.gives))
