"""Pools: one step of up to 500 cases at once, and runs of such steps, slice by slice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import Field

from dure.core import jobs, progress
from dure.core.actions import Who, action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.core.types import CodeText, Count, UuidText
from dure.exchange import policies, pooling, together
from dure.exchange.answers import Answers
from dure.exchange.errors import ExchangeCode
from dure.exchange.pooling import AT_ONCE, PoolStep
from dure.exchange.together import ToMove

from .agreements import LABELS, NOTICES, WRITES

Ids = Annotated[tuple[UuidText, ...], Field(strict=False, min_length=1, max_length=AT_ONCE)]
Names = Annotated[tuple[CodeText, ...], Field(strict=False, min_length=1, max_length=5)]
ENGINE = "exchange.pool.slice"
ENGINE_TEXT = T("시간 작업", "the engine")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A case that did not move, and why, in both languages."""

    agreement_id: str
    ko: str
    en: str


@dataclass(frozen=True, slots=True)
class PoolStepped:
    """How many cases moved, which did not, and how many still stand where the step begins."""

    moved: int
    left_out: tuple[LeftOut, ...]
    left: int


@dataclass(frozen=True, slots=True)
class PoolRun:
    """A run that was asked for: the job of its first slice."""

    job: str


@dataclass(frozen=True, slots=True)
class Slice:
    """One slice of a run: what it moved, whom it left out, and the job of the next slice."""

    transition: str
    moved: int
    left_out: tuple[LeftOut, ...]
    next_job: str | None


@action(
    "exchange.pool.step",
    ko="한 모음의 약속들을 함께 다음 단계로 옮깁니다.",
    en="Move up to 500 cases of a pool at once.",
    policy=policies.may_run_pool,
    letters={**policies.COORDINATORS, Role.OPERATOR: "o"},
    subject=pooling.pool_step,
    lock=pooling.lock_pool_step,
    idempotent=True,
    who=(Who.PERSON, Who.TIMER, Who.OPERATOR),
    writes=WRITES,
    labels=LABELS,
    notices=NOTICES,
    refusals=(CoreCode.NOT_FOUND, ExchangeCode.BAD_ANSWER),
)
def step_pool(
    pool_id: UuidText,
    transition: CodeText,
    agreement_ids: Ids | None = None,
    answers: Answers = (),
    *,
    actor: Actor,
) -> PoolStepped:
    """Take one declared step with many cases: those named, or the next 500 that stand there.

    Only steps of the pool itself, of the hub, or of time (then only cases whose timer is due).
    Effects: those of the step for every case, in one posting and one fact statement a label; a
    case that the single step would refuse is left out and told.
    """
    found = subject(PoolStep)
    moved, left_out, _ = _take(found, transition, answers, actor)
    return PoolStepped(moved, left_out, pooling.left(found))


@action(
    "exchange.pool.run",
    ko="한 모음의 약속을 모두 차례로 옮기는 일을 맡깁니다.",
    en="Have all cases of a pool moved, slice by slice.",
    policy=policies.may_run_pool,
    letters={**policies.COORDINATORS, Role.OPERATOR: "o"},
    subject=pooling.pool_step,
    idempotent=True,
    who=(Who.PERSON, Who.TIMER, Who.OPERATOR),
    writes=("core_progress",),
    refusals=(CoreCode.NOT_FOUND, ExchangeCode.NOT_YOUR_STEP),
)
def run_pool(pool_id: UuidText, transitions: Names, *, actor: Actor) -> PoolRun:
    """Ask for a run: the first step for every case that stands there, then the second, …

    Each slice is one action of at most 500 cases that asks for the next in its own transaction:
    after a crash the run goes on where it was. A step of the pool itself or of time is taken by
    the engine, one of the hub by whoever asked; a run has steps of one of the two.
    """
    found = subject(PoolStep)
    line().object("exchange.pool", found.pool.pk)
    line().organisation(found.pool.organisation_id)
    engine = [pooling.is_the_engines(name, found.pool) for name in transitions]
    if any(engine) and not all(engine):
        raise Refusal(ExchangeCode.NOT_YOUR_STEP, role=ENGINE_TEXT)
    runner = Actor.timer(ENGINE) if all(engine) else actor
    return PoolRun(_ask_for(str(found.pool.pk), transitions, None, 0, runner))


@action(
    "exchange.pool.slice",
    ko="맡긴 일의 한 묶음을 옮깁니다.",
    en="Move one slice of a run.",
    policy=policies.may_run_pool,
    letters={**policies.COORDINATORS, Role.OPERATOR: "o"},
    subject=pooling.pool_step,
    lock=pooling.lock_pool_step,
    idempotent=True,
    who=(Who.PERSON, Who.TIMER, Who.OPERATOR),
    faces=("job",),
    writes=(*WRITES, "core_progress"),
    labels=LABELS,
    notices=NOTICES,
    refusals=(CoreCode.NOT_FOUND,),
)
def run_slice(
    pool_id: UuidText,
    transitions: Names,
    after: UuidText | None = None,
    done: Count = 0,
    *,
    actor: Actor,
) -> Slice:
    """Move the next cases behind `after`, and ask for the slice behind them.

    done : how many cases this step of the run has looked at before; for its progress
    """
    found = subject(PoolStep)
    moved, left_out, last = _take(found, transitions[0], (), actor)
    seen = done + len(found.agreements)
    rest = pooling.left(found, last) if last is not None else 0
    text = found.ways[0].transition.text
    progress.report(text.ko, text.en, seen, seen + rest)
    if rest > 0:
        job = _ask_for(pool_id, transitions, str(last), seen, actor)
    elif len(transitions) > 1:
        job = _ask_for(pool_id, transitions[1:], None, 0, actor)
    else:
        job = None
    return Slice(transitions[0], moved, left_out, job)


def _take(
    found: PoolStep, name: str, answers: Answers, actor: Actor
) -> tuple[int, tuple[LeftOut, ...], UUID | None]:
    """Move the cases found; how many moved, who did not, and the last that was looked at."""
    what = ToMove(name, found.agreements, found.timers, answers)
    moved = together.take(what, actor)
    why = moved.left_out | {one.pk: pooling.stale(one, actor) for one in found.stale}
    line().object("exchange.pool", found.pool.pk)
    line().organisation(found.pool.organisation_id)
    line().changed("transition", None, name)
    line().changed("cases", None, len(moved.done))
    told = [LeftOut(str(key), no.sentence("ko"), no.sentence("en")) for key, no in why.items()]
    left_out = tuple(sorted(told, key=lambda one: one.agreement_id))
    last = found.agreements[-1].pk if found.agreements else None
    return len(moved.done), left_out, last


def _ask_for(
    pool_id: str, transitions: tuple[str, ...], after: str | None, done: int, actor: Actor
) -> str:
    body = {"pool_id": pool_id, "transitions": transitions, "after": after, "done": done}
    return jobs.later("exchange.pool.slice", body, actor).id
