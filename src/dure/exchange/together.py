"""One step of many cases: the interpreter's own `take`, over the rows of a set.

Law: a case moves here exactly as it would have moved alone after those before it (ids rising); one
that would have been refused is left out, with the refusal that it would have met. Where an effect
or a guard reads more than its own case (lanes, what waits for them, another process), the set is
taken case by case instead, each behind a savepoint; so is one in which a case meets a fault of
ours, which is then left out alone. All value is posted in one statement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from uuid import UUID

from django.db import OperationalError, transaction

from dure.core import clock, door
from dure.core.actions import CATALOGUE, line
from dure.core.actors import Actor, ActorKind
from dure.core.errors import CoreCode, Refusal
from dure.exchange import interpreter, rows, setwise_writing
from dure.exchange.answers import Answer
from dure.exchange.apart import apart
from dure.exchange.cases import Case, holds, process_of
from dure.exchange.declaration import ByKind, Process, Transition
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Agreement, Timer
from dure.exchange.posting_out import post_each
from dure.exchange.setwise import Gathered, Together
from dure.ledger.posting import Movement

SINGLE = "exchange.agreement.step"
OWN_CASE_EFFECTS = frozenset(
    {
        "hold_stock", "release_stock", "use_stock", "hold_value", "void_value", "settle", "record",
        "notify",
    }
)  # fmt: skip
OWN_CASE_GUARDS = frozenset({"within_limit", "window_open", "has_award", "has_no_award"})


@dataclass(frozen=True, slots=True)
class ToMove:
    """Cases to be moved by one transition, locked, ids rising, and the timers that fell due."""

    transition: str
    agreements: Sequence[Agreement]
    timers: Mapping[UUID, Timer] = field(default_factory=dict)
    given: tuple[Answer, ...] = ()


@dataclass(slots=True)
class Moved:
    """The cases that moved, and why others did not."""

    done: list[Agreement] = field(default_factory=list)
    left_out: dict[UUID, Refusal] = field(default_factory=dict)


@dataclass(slots=True)
class _Tried:
    """One try: the cases that moved, with the value that each will post."""

    done: list[Agreement] = field(default_factory=list)
    groups: list[tuple[Movement, ...]] = field(default_factory=list)


def take(what: ToMove, actor: Actor) -> Moved:
    """Move every case that may move, and post and write all of it.

    Effects: as the transition declares them. A try in which the ledger refuses something is undone
    and made again without the cases that do not fit.
    """
    moved = Moved()
    together = all(_is_of_own_case(one, what.transition) for one in what.agreements)
    stood = [_standing(one) for one in what.agreements]
    for _ in range(2 * len(what.agreements) + 2):
        try:
            with transaction.atomic():
                if _try(what, actor, moved, together=together):
                    return moved
                transaction.set_rollback(True)
        except OperationalError:  # a deadlock or a lost connection: the door begins anew
            raise
        except Exception:
            if not together:
                raise
            together = False  # a fault, or something met at the writing: each case tells whose
            moved = Moved()
        for agreement, fields in zip(what.agreements, stood, strict=True):
            _restore(agreement, fields)
    raise AssertionError("every try leaves one more case out")


def _try(what: ToMove, actor: Actor, moved: Moved, *, together: bool) -> bool:
    """Whether all that was tried was posted and written; else `moved` knows who is left out."""
    port = Together(what.agreements) if together else Gathered()
    early = set(moved.left_out)
    tried = _Tried()
    refused: dict[UUID, Refusal] = {}
    with rows.through(port):
        for agreement in what.agreements:
            if agreement.pk in early:
                continue
            try:
                with _alone(port, f"{what.transition} of case {agreement.pk}"):
                    movements = _one(what, agreement, actor)
            except Refusal as refusal:
                refused[agreement.pk] = refusal
                continue
            port.gather(movements)
            tried.done.append(agreement)
            tried.groups.append(movements)
        misfits = post_each(list(enumerate(tried.groups)), tried.done)
    if misfits:
        moved.left_out |= {tried.done[place].pk: why for place, why in misfits.items()}
        return False
    if isinstance(port, Together):
        setwise_writing.write(port.written)
    moved.done = tried.done
    moved.left_out |= refused
    return True


def _alone(port: Gathered, name: str) -> AbstractContextManager[object]:
    """What one case changes stands or falls together; a fault while all are written as one does
    not say whose it is, so it goes on to who tries them one by one."""
    return port.case() if isinstance(port, Together) else apart(name)


def _one(what: ToMove, agreement: Agreement, actor: Actor) -> tuple[Movement, ...]:
    process = process_of(agreement)
    transition = process.transition(process.state(agreement.state), what.transition)
    assert transition is not None, f"{agreement.pk} is not where {what.transition} begins"
    case = Case(agreement, transition, process)
    _ask(case, actor)
    alarm = what.timers.get(agreement.pk)
    if alarm is not None:
        alarm.fired_at, alarm.refusal = clock.now(), None
        alarm.audit = line().id
        rows.here().change(alarm, "fired_at", "refusal", "audit")
    return interpreter.take(case, actor, what.given).movements


def _ask(case: Case, actor: Actor) -> None:
    """Ask what the single step asks, and that the step is the pool's or the hub's, not a party's.

    Raises  NOT_ALLOWED in the words of the single step; NOT_YOUR_STEP
    """
    transition = case.transition
    if not transition.is_timer:
        works = [role for role in transition.by if role.works]
        if transition.kind is ByKind.BOTH or not works:
            raise Refusal(ExchangeCode.NOT_YOUR_STEP, role=transition.by[0].text)
        if any(holds(role, case, actor) for role in works):
            return
    entry = CATALOGUE[SINGLE]
    if actor.kind is ActorKind.PERSON:
        door.ask(entry, actor, case, clock.now())
        raise Refusal(ExchangeCode.NOT_YOUR_STEP, role=works_of(transition))
    if not interpreter.may_take(case, actor):
        fact = entry.policy.text
        raise Refusal(CoreCode.NOT_ALLOWED, role=entry.roles_in_words, fact=fact)


def works_of(transition: Transition) -> object:
    """Who takes a step that no party takes, in words."""
    return next((role.text for role in transition.by if role.works), "–")


def _is_of_own_case(agreement: Agreement, name: str) -> bool:
    """Whether guards and effects of the step look at nothing but the case and its pool."""
    process = process_of(agreement)
    transition = process.transition(process.state(agreement.state), name)
    assert transition is not None
    return is_of_own_case(process, transition)


def is_of_own_case(process: Process, transition: Transition) -> bool:
    """Whether a transition can be taken by a set: its effects and its guards are known to read
    their own case alone. A guard that brings its own check promises so."""
    effects = {effect.name for effect in transition.do}
    guards = {guard.name for guard in transition.when if guard.check is None}
    told_here = process.facts is not None or "record" not in effects
    return effects <= OWN_CASE_EFFECTS and guards <= OWN_CASE_GUARDS and told_here


def _standing(agreement: Agreement) -> tuple[object, ...]:
    return agreement.state, agreement.entered_at, agreement.closed_at, agreement.audit


def _restore(agreement: Agreement, fields: tuple[object, ...]) -> None:
    for name, value in zip(("state", "entered_at", "closed_at", "audit"), fields, strict=True):
        setattr(agreement, name, value)
