"""The interpreter: runs any declared process; the one place where a case changes its state.

Nouns: a *case* is an agreement in motion: its row, its process, the moment, who acts.
Law: guards all asked before anything changes; effects in the order written; timers of the old
state dropped, of the new one set; state and proof in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from dure.core import clock, rulebook
from dure.core.actions import line
from dure.core.actors import Actor, ActorKind, Role
from dure.core.errors import Refusal
from dure.engines.ords_words import Outcome
from dure.exchange import answers as typed
from dure.exchange import recording
from dure.exchange.answers import Answer
from dure.exchange.declaration import Due, Effect, Process, States, Transition
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import HELPING, HOSTING, Agreement, Attestation, Party, Pool, Timer
from dure.exchange.processes import BY_VERSION
from dure.exchange.processes.repair import Result
from dure.exchange.recording import Recorded


@dataclass(frozen=True, slots=True)
class Case:
    """One agreement at one transition, as policies, guards and effects see it."""

    agreement: Agreement
    transition: Transition
    process: Process

    @property
    def pool(self) -> Pool | None:
        """The event that the case belongs to."""
        return self.agreement.pool


def process_of(agreement: Agreement) -> Process:
    """The version of the process that this case began with."""
    return BY_VERSION[(agreement.process, agreement.version)]


def steps_open(agreement: Agreement, actor: Actor) -> tuple[Transition, ...]:
    """The steps that `actor` may take now, in the order declared."""
    process = process_of(agreement)
    return tuple(
        t
        for t in process.leaving(process.state(agreement.state))
        if not t.is_timer and may_take(Case(agreement, t, process), actor)
    )


def may_take(case: Case, actor: Actor) -> bool:
    """Whether `actor` holds one of the roles of the transition in this case."""
    if case.transition.is_timer:
        return actor.kind in (ActorKind.TIMER, ActorKind.OPERATOR)
    return any(_holds(role.key, case, actor) for role in case.transition.by)


def _holds(role: str, case: Case, actor: Actor) -> bool:
    agreement = case.agreement
    if role == "host":
        return works_for(actor, agreement.organisation_id, agreement.district_id, HELPING)
    if role == "coordinator":
        return works_for(actor, agreement.organisation_id, agreement.district_id, HOSTING)
    if actor.kind is not ActorKind.PERSON:
        return False
    if case.transition.binds is not None and case.transition.binds.key == role:
        helper = works_for(actor, agreement.organisation_id, agreement.district_id, HELPING)
        return role == "owner" or helper
    return Party.rows.filter(agreement=agreement, role=role, person=actor.id).exists()


def works_for(
    actor: Actor, organisation: UUID | None, district: str, roles: tuple[Role, ...]
) -> bool:
    """Whether `actor` holds one of `roles` for the host, or keeps its district."""
    if actor.kind is ActorKind.OPERATOR or actor.has(Role.STAFF, district=district):
        return True
    return organisation is not None and any(
        actor.has(role, organisation=organisation) for role in roles
    )


# --- one case, one step


def take(case: Case, actor: Actor, given: tuple[Answer, ...]) -> None:
    """Move a locked case along a transition: guards, effects, state, timers."""
    agreement, transition = case.agreement, case.transition
    now = clock.now()
    refused = [g for g in transition.when if g.check is not None and not g.check((case, actor))]
    if refused:
        details = tuple(("transition", guard.text) for guard in refused)
        raise Refusal(ExchangeCode.GUARD, why=refused[0].text, details=details)
    if transition.asks is None:
        if given:
            raise Refusal(ExchangeCode.BAD_ANSWER, field=given[0].name)
    else:
        attest(agreement, "outcome", typed.parse(transition.asks, given), actor, _role(case, actor))
    _bind(case, actor)
    for effect in transition.do:
        EFFECTS[effect.name](case, effect, actor)
    old = agreement.state
    _enter(agreement, case.process, transition.target, now)
    line().changed("state", old, agreement.state)


def _role(case: Case, actor: Actor) -> str:
    for role in case.transition.by:
        if _holds(role.key, case, actor):
            return role.key
    return "timer"


def attest(agreement: Agreement, kind: str, value: object, actor: Actor, role: str) -> Attestation:
    """Keep what somebody said of a case; a result must be whole."""
    if isinstance(value, Result):
        check_result(value)
    made = Attestation(
        agreement=agreement,
        by=actor.id,
        role=role,
        kind=kind,
        value=typed.to_json(value) if not isinstance(value, dict) else value,
        made_at=clock.now(),
        audit=line().id,
    )
    made.save(force_insert=True)
    return made


def check_result(result: Result) -> None:
    """A barrier stands only beside an end of life."""
    if result.barrier is not None and result.outcome is not Outcome.END_OF_LIFE:
        raise Refusal(ExchangeCode.BAD_BARRIER, field="barrier")


def _bind(case: Case, actor: Actor) -> None:
    transition = case.transition
    if transition.binds is not None:
        Party.rows.create(
            agreement=case.agreement,
            role=transition.binds.key,
            person=actor.id,
            acted_for=actor.acting_for,
            audit=line().id,
        )
    if transition.frees is not None:
        Party.rows.filter(agreement=case.agreement, role=transition.frees.key).delete()


def _enter(agreement: Agreement, process: Process, state: States, now: datetime) -> None:
    Timer.rows.filter(agreement=agreement, fired_at__isnull=True).delete()
    agreement.state = state.key
    agreement.entered_at = now
    agreement.closed_at = now if process.is_terminal(state) else None
    agreement.audit = line().id
    agreement.save(update_fields=["state", "entered_at", "closed_at", "audit"])
    Timer.rows.bulk_create(timers(agreement, process, state, now))


def timers(agreement: Agreement, process: Process, state: States, now: datetime) -> list[Timer]:
    """The timers of a state that was just entered."""
    return [
        Timer(
            agreement=agreement,
            transition=transition.name,
            due_at=due_at(transition.due, now, agreement.pool),
            audit=line().id,
        )
        for transition in process.leaving(state)
        if transition.due is not None
    ]


def due_at(due: Due, entered: datetime, pool: Pool | None) -> datetime:
    """When a timer falls due; a moment of the pool that has passed is due at once."""
    if due.rule:
        count = rulebook.value(due.rule).integer
        return entered + timedelta(**{due.rule.rpartition("_")[2]: count})
    if due.anchor == "entered":
        return entered + due.offset
    assert pool is not None, f"{due.anchor} is a moment of a pool"
    moment: datetime = getattr(pool, due.anchor)
    return max(entered, moment + due.offset)


# --- effects


def _record(case: Case, effect: Effect, actor: Actor) -> None:
    agreement = case.agreement
    found = latest_result(agreement)
    assert found is not None, "a case is recorded after its result"
    result, outcome = found
    proof = None
    if effect.evidence == "B":
        if outcome.by == actor.id:  # two confirmations of one person are one person
            raise Refusal(ExchangeCode.SAME_PERSON)
        proof = attest(agreement, "confirm", {"of": str(outcome.uid)}, actor, "owner").uid
    recording.state([recorded(agreement, result, effect.evidence, proof)])


EFFECTS: dict[str, Callable[[Case, Effect, Actor], None]] = {"record": _record}


def latest_result(agreement: Agreement) -> tuple[Result, Attestation] | None:
    """The newest result that somebody attested; None when there is none or it was made void."""
    rows = Attestation.rows.filter(agreement=agreement, kind__in=("outcome", "correct"))
    newest = rows.order_by("-seq").first()
    if newest is None or "outcome" not in newest.value:
        return None
    return result_of(newest.value), newest


def result_of(value: dict[str, object]) -> Result:
    """A stored result, typed again."""
    stored = {k: v for k, v in value.items() if k in ("outcome", "barrier", "minutes")}
    return typed.restore(Result, stored)


def recorded(
    agreement: Agreement,
    result: Result,
    evidence: str = "A",
    proof: UUID | None = None,
    part: str = "",
) -> Recorded:
    """A case as the journal needs it; the event's day decides the time."""
    pool = agreement.pool
    assert pool is not None
    return Recorded(
        agreement_id=agreement.id,
        case_id=agreement.case_id,
        organisation_id=agreement.organisation_id,
        district=agreement.district_id,
        category=int(agreement.spec.code) if agreement.spec is not None else None,
        origin=origin_of(pool),
        ended=moment_of(pool, clock.now()),
        result=result,
        evidence=evidence,
        proof=proof,
        part=part,
    )


def origin_of(pool: Pool) -> str:
    """Where a record comes from, as the label's closed list says it."""
    if pool.external_ref is None:
        return "here"
    return "partner_korea" if pool.country == "KOR" else "partner_abroad"


def moment_of(pool: Pool, now: datetime) -> datetime:
    """When a repair of this event happened: now while it runs, else its end; a partner's file
    gives only a day, stored as noon of it."""
    if pool.external_ref is not None:
        return pool.opens + timedelta(hours=12)
    if now < pool.opens:
        raise Refusal(ExchangeCode.POOL_NOT_OPEN)
    return min(now, pool.closes)
