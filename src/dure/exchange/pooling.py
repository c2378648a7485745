"""Which cases of a pool a set-wise step takes, fetched and locked in the fixed order.

Order: agreements (ids rising) → pool → assets (by id, when their stock is first looked at).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from dure.core import clock
from dure.core.actors import Actor, ActorKind
from dure.core.errors import CoreCode, Refusal
from dure.exchange import interpreter
from dure.exchange.declaration import Process, Transition
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Agreement, Pool, Timer
from dure.exchange.processes import BY_VERSION

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Way:
    """A transition of the name asked for, in one version of a process."""

    process: Process
    transition: Transition

    @property
    def q(self) -> Q:
        """Cases that stand where it begins."""
        source = self.transition.source
        assert source is not None
        return Q(process=self.process.key, version=self.process.version, state=source.key)


@dataclass(frozen=True, slots=True)
class PoolStep:
    """A pool and the cases of it that a step takes now.

    `stale`: those named that stand elsewhere; `timers`: of each case, the one that fell due.
    """

    pool: Pool
    ways: tuple[Way, ...]
    agreements: tuple[Agreement, ...] = ()
    timers: dict[UUID, Timer] = field(default_factory=dict)
    stale: tuple[Agreement, ...] = ()

    @property
    def organisation_id(self) -> UUID | None:
        """The host, for the policy."""
        return self.pool.organisation_id

    @property
    def district_id(self) -> str:
        """The district, for the policy."""
        return self.pool.district_id


# Any: each action its own body.


def pool_step(body: Any, actor: Actor) -> PoolStep:
    """The pool, through the actor's scope, and what the step's name means there."""
    pool = _pools(actor).filter(id=body.pool_id).first()
    if pool is None:
        raise Refusal(CoreCode.NOT_FOUND, field="pool_id")
    return PoolStep(pool, ways(_name(body), pool))


def _name(body: Any) -> str:
    """The step asked for; of a run, its first."""
    names: tuple[str, ...] = getattr(body, "transitions", ()) or (body.transition,)
    return names[0]


def is_the_engines(name: str, pool: Pool) -> bool:
    """Whether nobody takes this step by hand: time does, or a pool's own run."""
    return all(
        way.transition.is_timer or all(role.works == "nobody" for role in way.transition.by)
        for way in ways(name, pool)
    )


def lock_pool_step(body: Any, actor: Actor) -> PoolStep:
    """The same with its cases, locked; at most 500. A case that somebody moves meanwhile is
    waited for and looked at again, so that no two runs move it twice."""
    found = pool_step(body, actor)
    wanted = getattr(body, "agreement_ids", None)
    after = getattr(body, "after", None)
    locked = _standing(found, wanted, after)
    timers = _timers(found, locked)
    locked = [one for one in locked if not _by_time(found, one) or one.pk in timers]
    rows = Pool.rows.filter(pk=found.pool.pk).select_for_update(no_key=True)
    pool = rows.get()
    stale = _elsewhere(pool, wanted, locked) if wanted is not None else ()
    return PoolStep(pool, found.ways, tuple(locked), timers, tuple(stale))


def ways(name: str, pool: Pool) -> tuple[Way, ...]:
    """The transitions of this name in the processes of the pool's open cases; where none of them
    knows it, in any. Raises NOT_FOUND for a name that no process knows."""
    known = tuple(
        Way(process, transition)
        for process in BY_VERSION.values()
        for transition in process.transitions
        if transition.name == name and transition.source is not None
    )
    if not known:
        raise Refusal(CoreCode.NOT_FOUND, field="transition")
    rows = Agreement.rows.filter(pool=pool, closed_at=None)
    running = set(rows.values_list("process", "version").distinct())
    return tuple(one for one in known if (one.process.key, one.process.version) in running) or known


def left(step: PoolStep, after: UUID | None = None) -> int:
    """How many cases of the pool still stand where the step begins (a timer's: and are due)."""
    return int(_where(step, None, str(after) if after is not None else None).count())


def _pools(actor: Actor) -> QuerySet[Pool]:
    if actor.kind is ActorKind.TIMER:
        found: QuerySet[Pool] = Pool.objects.everything("the clock moves the cases of every pool")
        return found
    within: QuerySet[Pool] = Pool.objects.within(actor)
    return within


def _where(step: PoolStep, wanted: Sequence[str] | None, after: str | None) -> QuerySet[Agreement]:
    rows = Agreement.rows.filter(_begins(step), pool=step.pool)
    if wanted is not None:
        rows = rows.filter(pk__in=wanted)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    related = rows.select_related("pool", "spec", "asset", "listing")
    found: QuerySet[Agreement] = related.order_by("pk")
    return found


def _begins(step: PoolStep) -> Q:
    """Cases that stand where the step begins; where time takes it, those whose time has come."""
    due = _due(step).values("agreement_id")
    begins = [way.q & Q(pk__in=due) if way.transition.is_timer else way.q for way in step.ways]
    return reduce(or_, begins)


def _due(step: PoolStep) -> QuerySet[Timer]:
    """Timers of the step that fell due."""
    names = {way.transition.name for way in step.ways}
    rows = Timer.rows.filter(agreement__pool=step.pool, transition__in=names, fired_at=None)
    found: QuerySet[Timer] = rows.filter(due_at__lte=clock.now())
    return found


def _standing(step: PoolStep, wanted: Sequence[str] | None, after: str | None) -> list[Agreement]:
    """Lock the next cases. Those that time moves are left to whoever has them in hand."""
    time = all(way.transition.is_timer for way in step.ways)
    rows = _where(step, wanted, after)
    return list(rows.select_for_update(of=("self",), no_key=True, skip_locked=time)[:AT_ONCE])


def _timers(step: PoolStep, locked: Sequence[Agreement]) -> dict[UUID, Timer]:
    """The timer of each of these cases that time moves; one that the tick has in hand is left."""
    moved = [one.pk for one in locked if _by_time(step, one)]
    if not moved:
        return {}
    rows = _due(step).filter(agreement__in=moved).select_for_update(of=("self",), skip_locked=True)
    return {one.agreement_id: one for one in rows}


def _by_time(step: PoolStep, agreement: Agreement) -> bool:
    return any(
        way.transition.is_timer
        for way in step.ways
        if (way.process.key, way.process.version) == (agreement.process, agreement.version)
    )


def _elsewhere(pool: Pool, wanted: Sequence[str], locked: Sequence[Agreement]) -> list[Agreement]:
    """Those named that are of the pool and do not stand where the step begins.

    Raises  NOT_FOUND for one that is of no such pool
    """
    rest = {UUID(one) for one in wanted} - {one.pk for one in locked}
    found = list(Agreement.rows.filter(pk__in=rest, pool=pool).order_by("pk"))
    if len(found) < len(rest):
        raise Refusal(CoreCode.NOT_FOUND, field="agreement_ids")
    return found


def stale(agreement: Agreement, actor: Actor) -> Refusal:
    """What the single step says of a case that stands elsewhere."""
    process = interpreter.process_of(agreement)
    steps = ", ".join(str(t.text) for t in interpreter.steps_open(agreement, actor))
    state = process.state(agreement.state)
    return Refusal(ExchangeCode.STALE_STATE, state=state.text, steps=steps or "–")
