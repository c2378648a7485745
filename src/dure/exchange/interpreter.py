"""The interpreter: runs any declared process; the one place where a case changes its state.

Law: guards all asked before anything changes; effects in the order written; timers of the old
state dropped, of the new one set; state and proof in one transaction. Value is gathered and given
back to the action, which posts it once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dure.core import clock
from dure.core.actions import line
from dure.core.actors import Actor, ActorKind
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.exchange import answers as typed
from dure.exchange import hand_over, proofs, rows
from dure.exchange.answers import Answer
from dure.exchange.cases import (
    Case,
    held_roles,
    is_party,
    may_take,
    process_of,
    steps_open,
    works_for,
)
from dure.exchange.declaration import ByKind, Guard, Held, Process, States, Transition
from dure.exchange.effects import EFFECTS, GUARDS, Underway
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Agreement, Attestation, Party
from dure.exchange.moments import timers
from dure.exchange.repairing import latest_result
from dure.ledger.posting import Movement

__all__ = (
    "EFFECTS",
    "GUARDS",
    "Case",
    "Taken",
    "aside",
    "begin",
    "displace",
    "enter",
    "is_party",
    "latest_result",
    "may_take",
    "needs_second_step",
    "process_of",
    "steps_open",
    "take",
    "works_for",
)


@dataclass(frozen=True, slots=True)
class Taken:
    """Whether the case moved (or waits for the other of two), and what value is to be posted."""

    moved: bool
    movements: tuple[Movement, ...]


def take(
    case: Case, actor: Actor, given: tuple[Answer, ...] = (), code: str | None = None
) -> Taken:
    """Move a locked case along a transition: guards, proof, effects, state, timers.

    code : of a hand-over, shown by the other party; it stands for her confirmation
    """
    transition = case.transition
    role = _role(case, actor)
    step = Underway(case, actor, role, way_out=displace)
    ask_second_step(step)
    _ask_guards(step, actor)
    answer = _answer(case, given)
    if transition.kind is ByKind.BOTH and not _both(step, code):
        line().changed("waits", None, transition.name)
        return Taken(False, ())
    _prove(step, answer)
    _bind(case, actor)
    return _go(step)


def ask_second_step(step: Underway) -> None:
    """Refuse somebody trusted who decides over the value of others without a second step at
    sign-in. Who moves what she holds herself, and who takes what is hers, is not asked.

    Raises  SECOND_STEP. Source: docs/decisions/second-step-of-who-decides.md.
    """
    pays = any(effect.pays for effect in step.case.transition.do)
    if pays and _is_trusted(step):
        needs_second_step(step.actor)


def needs_second_step(actor: Actor) -> None:
    """Refuse a person whose session has taken no second step at sign-in."""
    if actor.kind is ActorKind.PERSON and not actor.assured:
        raise Refusal(CoreCode.SECOND_STEP)


def begin(case: Case, actor: Actor) -> tuple[Movement, ...]:
    """Ask the guards of a start and let it take effect; its case stands in its state already."""
    step = Underway(case, actor, case.transition.by[0].key, way_out=displace)
    _ask_guards(step, actor)
    for effect in case.transition.do:
        EFFECTS[effect.name](step, effect)
    return tuple(step.movements)


def _go(step: Underway) -> Taken:
    agreement, transition = step.agreement, step.case.transition
    for effect in transition.do:
        EFFECTS[effect.name](step, effect)
    old = agreement.state
    enter(agreement, step.process, transition.target, clock.now())
    line().changed("state", old, agreement.state)
    return Taken(True, tuple(step.movements))


def _ask_guards(step: Underway, actor: Actor) -> None:
    refused = [
        (guard, why) for guard in step.case.transition.when if (why := _why_not(guard, step, actor))
    ]
    if refused:
        details = tuple(("transition", why) for _, why in refused)
        raise Refusal(ExchangeCode.GUARD, why=refused[0][1], details=details)


def _why_not(guard: Guard, step: Underway, actor: Actor) -> T | None:
    """Why a guard refuses; None when it does not. A process may bring its own check."""
    if guard.check is not None:
        return None if guard.check((step.case, actor)) else guard.text
    asked = GUARDS.get(guard.name)
    assert asked is not None, f"no such guard: {guard.name}"
    return asked(step)


def _answer(case: Case, given: tuple[Answer, ...]) -> object | None:
    asks = case.transition.asks
    if asks is None:
        if given:
            raise Refusal(ExchangeCode.BAD_ANSWER, field=given[0].name)
        return None
    return typed.parse(asks, given)


def _role(case: Case, actor: Actor) -> str:
    found = held_roles(case, actor)
    return found[0] if found else "timer"


# --- proofs of a step


def _prove(step: Underway, answer: object | None) -> None:
    """Keep what the step says: its answer, or that its party confirms or disputes."""
    transition = step.case.transition
    if answer is not None:
        if _is_trusted(step):
            _nobody_judges_herself(step)
        kind = transition.says or Attestation.Kind.OUTCOME.value
        row = proofs.attest(step.agreement, kind, answer, step.actor, step.role, transition.name)
        step.proof = row.uid if _confirms(step) else step.proof
    elif transition.says:
        before = proofs.newest(step.agreement, Attestation.Kind.OUTCOME.value)
        if transition.says == "confirm" and _confirms(step) and before is not None:
            proofs.someone_else(before, step.actor)
        value = {"of": str(before.uid)} if before is not None else {}
        row = proofs.attest(
            step.agreement, transition.says, value, step.actor, step.role, transition.name
        )
        step.proof = row.uid if _confirms(step) else step.proof


def _confirms(step: Underway) -> bool:
    """Whether this step is the other party's word, or that of somebody trusted."""
    roles = {role.key: role for role in step.case.transition.by}
    role = roles.get(step.role)
    return role is not None and (role.confirms or role.trusted)


def _is_trusted(step: Underway) -> bool:
    return any(role.key == step.role and role.trusted for role in step.case.transition.by)


def _nobody_judges_herself(step: Underway) -> None:
    """Who said in this case what it came to, for herself or for another, does not decide it."""
    before = proofs.newest(step.agreement, Attestation.Kind.OUTCOME.value)
    if before is not None:
        proofs.someone_else(before, step.actor)


def _both(step: Underway, code: str | None) -> bool:
    """Note that one of two has confirmed; whether both have, and are two people."""
    case, actor = step.case, step.actor
    agreement, transition = step.agreement, case.transition
    said = proofs.said_since(agreement, transition.name)
    sides = transition.sides
    if code is not None:
        other = hand_over.read(code, case)
        if other.people & {actor.id, actor.acting_for}:
            raise Refusal(ExchangeCode.HAND_OVER_INVALID)
        giver = Actor.person(other.person, acting_for=other.acting_for)
        shown = {"by_code": True, "late": True} if other.is_late else {"by_code": True}
        step.is_late = other.is_late
        if sides[other.role] not in {sides[row.role] for row in said}:
            for row in said:
                proofs.someone_else(row, giver)
            said.append(
                proofs.attest(agreement, "confirm", shown, giver, other.role, transition.name)
            )
    wanted = set(sides.values())
    done = {sides[row.role] for row in said}
    mine = [role for role in held_roles(case, actor) if sides[role] not in done]
    if not mine and code is not None and done >= wanted:
        step.proof = said[-1].uid  # she confirmed before, and now shows the other's word
        return True
    if not mine:
        raise Refusal(ExchangeCode.WAITS_FOR_OTHER)
    for row in said:
        proofs.someone_else(row, actor)
    row = proofs.attest(agreement, "confirm", {}, actor, mine[0], transition.name)
    step.proof = row.uid
    return done | {sides[mine[0]]} >= wanted


def _bind(case: Case, actor: Actor) -> None:
    transition = case.transition
    if transition.binds is not None:
        made = Party(
            agreement=case.agreement,
            role=transition.binds.key,
            person=actor.behalf,
            acted_for=actor.acting_for,
            audit=line().id,
        )
        rows.here().add(made)
    if transition.frees is not None:
        for party in rows.here().parties(case.agreement):
            if party.role == transition.frees.key:
                rows.here().drop(party)


def enter(agreement: Agreement, process: Process, state: States, now: datetime) -> None:
    """Put a case in a state: its times, its timers."""
    agreement.state = state.key
    agreement.entered_at = now
    agreement.closed_at = now if process.is_terminal(state) else None
    agreement.audit = line().id
    rows.here().enter(agreement, timers(agreement, process, state, now))


# --- another case in the way


def displace(agreement: Agreement, step: Underway) -> None:
    """Move a locked case out of the way of a step: by `displace`, else by what gives the slot
    back."""
    aside(agreement, step.actor, step.movements)


def aside(agreement: Agreement, actor: Actor, movements: list[Movement]) -> None:
    """Move a locked case out of the way of what `actor` does; value is gathered with the rest."""
    process = process_of(agreement)
    ways = process.leaving(process.state(agreement.state))
    transition = _way_out(ways)
    assert transition is not None, f"{agreement.process}.{agreement.state} cannot be displaced"
    case = Case(agreement, transition, process)
    moved = Underway(case, actor, "system", movements, way_out=displace, offers=False)
    _bind(case, actor)
    _go(moved)


def _way_out(ways: Sequence[Transition]) -> Transition | None:
    giving = [t for t in ways if any(Held.SLOT in effect.gives for effect in t.do)]
    named = [t for t in ways if t.name == "displace"]
    timed = [t for t in giving if t.is_timer]
    return next(iter((*named, *timed, *giving)), None)
