"""The end of a cycle: closed by its hub or by time, allotted, and its cases moved on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dure.core import clock, jobs
from dure.core.actions import Who, action, line, subject
from dure.core.actors import Actor, ActorKind, Role
from dure.core.errors import CoreCode
from dure.core.types import UuidText
from dure.exchange import closing, policies
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Pool

from .pools import ENGINE, run_pool

ALLOT = "exchange.pool.allot"


@dataclass(frozen=True, slots=True)
class CycleClosed:
    """A cycle that takes no more orders; the job that allots it."""

    id: str
    job: str


@dataclass(frozen=True, slots=True)
class Allotted:
    """What was shared out, how many products were short, and the job that moves the baskets."""

    products: int
    claims: int
    short: int
    job: str | None


@dataclass(frozen=True, slots=True)
class CyclesClosed:
    """How many cycles time has closed."""

    closed: int


# Any: each action its own body.


def _cycle(body: Any, actor: Actor) -> Pool:
    number = getattr(body, "cycle_id", None) or body.pool_id
    return closing.cycle(number, actor, everywhere=actor.kind is ActorKind.TIMER)


def _lock_cycle(body: Any, actor: Actor) -> Pool:
    return closing.lock(_cycle(body, actor))


@action(
    "exchange.cycle.close",
    ko="주문 회차를 마감하고 나누기를 맡깁니다.",
    en="Close a cycle, and have it shared out.",
    policy=policies.may_run_pool,
    letters={**policies.COORDINATORS, Role.OPERATOR: "o"},
    subject=_cycle,
    lock=_lock_cycle,
    idempotent=True,
    who=(Who.PERSON, Who.TIMER, Who.OPERATOR),
    writes=("exchange_pool", "exchange_timer", "core_progress"),
    refusals=(CoreCode.NOT_FOUND, ExchangeCode.NO_ORDERS_NOW),
)
def close_cycle(cycle_id: UuidText, *, actor: Actor) -> CycleClosed:
    """Take no more orders, at once where its time has not come; the job behind it allots.

    Effects: the cycle and its products are closed; timers that hang on the closing are due now.
    """
    found = subject(Pool)
    closing.close(found)
    line().object("exchange.pool", found.pk)
    line().organisation(found.organisation_id)
    job = jobs.later(ALLOT, {"pool_id": str(found.pk)}, Actor.timer(ALLOT))
    return CycleClosed(str(found.pk), job.id)


@action(
    ALLOT,
    ko="마감된 회차의 품목을 규칙대로 나눕니다.",
    en="Share out every product of a closed cycle by its rule.",
    policy=policies.may_run_pool,
    letters={**policies.COORDINATORS, Role.OPERATOR: "o"},
    subject=_cycle,
    lock=_lock_cycle,
    idempotent=True,
    who=(Who.PERSON, Who.TIMER, Who.OPERATOR),
    writes=("exchange_pool", "exchange_claim", "core_progress"),
    refusals=(CoreCode.NOT_FOUND, ExchangeCode.NO_ORDERS_NOW),
)
def allot_pool(pool_id: UuidText, *, actor: Actor) -> Allotted:
    """Order whole cases of each producer and share them by the rule; then the baskets move.

    Effects: awards and reasons on every claim, inputs hashed on every product; a run of the steps
    that are the pool's own, and of what was due at the closing.
    """
    found = subject(Pool)
    shared = closing.allot_all(found)
    line().object("exchange.pool", found.pk)
    line().organisation(found.organisation_id)
    line().changed("claims", None, shared.claims)
    steps = closing.steps_after(found)
    engine = Actor.timer(ENGINE)
    job = run_pool(pool_id, steps, actor=engine).job if steps else None
    return Allotted(shared.products, shared.claims, shared.short, job)


@action(
    "exchange.cycle.close_due",
    ko="마감 때가 된 회차를 마감합니다.",
    en="Close the cycles whose time has come.",
    policy=policies.may_tick,
    letters={Role.OPERATOR: "o"},
    who=(Who.TIMER, Who.OPERATOR),
    faces=("cli", "job"),
    writes=("exchange_pool", "exchange_timer", "core_progress"),
)
def close_due(*, actor: Actor) -> CyclesClosed:
    """Close what is due, and have each cycle shared out."""
    found = list(_due().order_by("closes")[:20])
    for one in found:
        close_cycle(str(one.pk), actor=actor)
    return CyclesClosed(len(found))


def _due() -> Any:  # Any: a queryset
    return Pool.rows.filter(
        kind=closing.KIND,
        parent=None,
        external_ref=None,
        state=Pool.State.OPEN,
        cancelled=False,
        closes__lte=clock.now(),
    )


def is_close_due() -> bool:
    """Whether a cycle waits for its closing."""
    return bool(_due().exists())


jobs.timer("exchange.cycle.close_due", cron="* * * * *", when=is_close_due)
