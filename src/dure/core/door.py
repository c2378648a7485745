"""How an action passes the door: transaction, mark, key, policy, body, audit line.

The body of every action runs here and nowhere else. Source: the table of steps in core.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID, uuid4

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, transaction
from pydantic import BaseModel

from dure.core import assurance, progress, running
from dure.core.actors import Actor, ActorKind, Grant
from dure.core.approvals import ASK, CHECK, Question
from dure.core.audit import write_line
from dure.core.catalogue import Entry, Outcome, from_plain, to_plain
from dure.core.clock import SEOUL
from dure.core.errors import CoreCode, Kind, Refusal
from dure.core.incoming import check_key, need_key, parsed_of, plain_of, reason_of
from dure.core.opening import Opened, mark_of, opened_for, set_mark
from dure.core.policies import Policy
from dure.core.ports import Port
from dure.core.running import PendingLine, Running, _current
from dure.core.sqlstates import AGAIN, mapped, sqlstate
from dure.core.text import T
from dure.engines.canonical import sha256_hex

TRIES = 3
DEPTH_MAX = 4


class Load(Protocol):
    """Grants in force at an instant; called once an action and person.

    What `dure_grants` answered when the action was opened comes along; None = it was not asked.
    """

    def __call__(
        self, person_id: UUID, now: datetime, brought: Sequence[str] | None = None
    ) -> tuple[Grant, ...]: ...


ACTORS_LOAD: Port[Load] = Port("actors.load", served_by="registry")

# Grants that ended before an instant, with their ends; called only after a refusal, to tell
# "your term ended" from "you never had this role".
Ended = Callable[[UUID, datetime], tuple[tuple[Grant, datetime], ...]]
ACTORS_ENDED: Port[Ended] = Port("actors.ended", served_by="registry")

# What somebody carries who acts for another: the other's own grants, while she may. The flag says
# whether the action may be done for another at all. Raises Refusal.
ActsFor = Callable[[UUID, UUID, bool, datetime], tuple[Grant, ...]]
ACTS_FOR: Port[ActsFor] = Port("actors.acts_for", served_by="registry")


def pass_through(
    entry: Entry,
    body: Mapping[str, object],
    actor: Actor,
    *,
    key: str | None,
    reason: str | None,
    approval: UUID | None,
) -> Outcome[Any]:  # Any: each action its own result
    """Run one action; see `dure.core.actions.run`."""
    parsed = parsed_of(entry, body)
    why = reason_of(entry, reason)
    check_key(key)
    if running.current_or_none() is not None:
        assert key is None, "an inner action is protected by the outer key"
        return _nested(entry, parsed, actor, why)
    need_key(entry, actor, key)
    if entry.secret:
        key = None
    if entry.short is not None and approval is None and why is None:
        done = _short(entry, parsed, actor, key)
        if done is not None:
            return done
    for attempt in range(TRIES):
        try:
            return _outer(entry, parsed, actor, key, why, approval)
        except DatabaseError as error:
            if sqlstate(error) not in AGAIN:
                raise
            if attempt == TRIES - 1:
                raise Refusal(CoreCode.BUSY, seconds=5) from error
        except _SecondPerson as waiting:
            number = ASK.call(waiting.question)
            raise Refusal(CoreCode.SECOND_PERSON, approval=str(number)) from None
        except Refusal as refusal:
            if entry.audit_refusals:
                _write_refused(entry, actor, refusal, why)
            raise
    raise AssertionError("unreachable")


def _short(
    entry: Entry, body: BaseModel, actor: Actor, key: str | None
) -> Outcome[Any] | None:  # Any: each action its own result
    """Try the one-statement form; like the long one it is never part of a foreign transaction."""
    assert entry.short is not None
    here = connections[DEFAULT_DB_ALIAS]
    if here.in_atomic_block and not _in_test():
        return None  # the durable transaction of the long form says what is wrong
    with mapped(entry.constraints), here.wrap_database_errors:
        done: Outcome[Any] | None = entry.short(entry, body, actor, key, sha256_hex(plain_of(body)))
    return done


def _in_test() -> bool:
    """Whether every open block is that of a test case, as `durable` asks."""
    blocks = connection.atomic_blocks
    return all(getattr(block, "_from_testcase", False) for block in blocks)


class _SecondPerson(Exception):
    """Leaves the transaction, so that the question to a second person outlives it."""

    def __init__(self, question: Question) -> None:
        super().__init__(question.action)
        self.question = question


def _outer(
    entry: Entry,
    body: BaseModel,
    actor: Actor,
    key: str | None,
    reason: str | None,
    approval: UUID | None,
) -> Outcome[Any]:  # Any: each action its own result
    plain = plain_of(body) if key or entry.second_person else {}
    body_hash = sha256_hex(plain) if plain or key else None
    key_organisation = _uuid(getattr(body, "organisation_id", None))
    line = PendingLine(uuid4())
    with mapped(entry.constraints), transaction.atomic(durable=True):
        ahead = entry.ahead(body) if entry.ahead is not None else None
        opened = opened_for(line.id, entry, actor, key, key_organisation, ahead)
        if opened.found is not None:
            if opened.found_hash != body_hash:
                raise Refusal(CoreCode.KEY_REUSED)
            result = from_plain(entry.result, opened.found_result)
            return Outcome(result, opened.found, replayed=True)
        if opened.behind and entry.value:
            raise Refusal(CoreCode.CLOCK_BEHIND)
        result = _inside(
            entry,
            body,
            actor,
            opened,
            line,
            reason,
            depth=0,
            plain=plain,
            approval=approval,
            written={
                "key": key,
                "key_organisation": key_organisation,
                "body_hash": body_hash,
                "approval": approval,
                "cause": None,
            },
        )
        if entry.long:
            progress.stop_if_cancelled(afresh=True)
        if len(connection.savepoint_ids) > 0:
            set_mark(opened.old_mark)  # a test's own transaction goes on after us
    return Outcome(result, line.id, replayed=False)


def _nested(
    entry: Entry, body: BaseModel, actor: Actor, reason: str | None
) -> Outcome[Any]:  # Any: each action its own result
    outer = running.current()
    assert outer.depth + 1 < DEPTH_MAX, f"{entry.name}: actions nest too deep"
    line = PendingLine(uuid4())
    old_mark = mark_of(outer.line.id, outer.xid)
    opened = Opened(outer.now, outer.xid, None, None, None, old_mark, False, None)
    set_mark(mark_of(line.id, outer.xid))
    with mapped(entry.constraints), transaction.atomic(savepoint=False):
        result = _inside(
            entry,
            body,
            actor,
            opened,
            line,
            reason,
            depth=outer.depth + 1,
            plain={},
            approval=None,
            written={
                "key": None,
                "key_organisation": None,
                "body_hash": None,
                "approval": None,
                "cause": outer.line.id,
            },
        )
    set_mark(old_mark)
    return Outcome(result, line.id, replayed=False)


def _inside(
    entry: Entry,
    body: BaseModel,
    actor: Actor,
    opened: Opened,
    line: PendingLine,
    reason: str | None,
    *,
    depth: int,
    plain: dict[str, object],
    approval: UUID | None,
    written: dict[str, Any],  # Any: columns of the line
) -> object:
    outer = running.current_or_none()
    same = outer is not None and outer.actor.key == actor.key
    if outer is not None and same:
        actor = outer.actor
    else:
        actor = load_grants(actor, opened.now, entry, opened.grants)
    actor = assurance.carried(actor, strong=entry.asks_second_step)
    present = Running(entry, actor, opened.now, line, opened.xid, depth, reason)
    present.brought = opened.brought
    if outer is not None:
        present.locked, present.locked_what = outer.locked, outer.locked_what
        present.approvers = outer.approvers
    token = _current.set(present)
    try:
        thing = subject_of(entry, body, actor, opened.now)
        ask(entry, actor, thing, opened.now)
        if entry.lock is not None:
            thing = entry.lock(body, actor)
            ask(entry, actor, thing, opened.now)
        present.subject = thing
        if entry.second_person is not None and depth == 0:
            _ask_second(entry, body, plain, actor, thing, opened.now, reason, approval)
        result = entry.function(**body.__dict__, actor=actor)
        last = depth == 0 and not entry.long  # a long one may still be cancelled
        told = to_plain(result)
        write_line(present, reason=reason, outcome="done", result=told, last=last, **written)
    finally:
        _current.reset(token)
    if outer is not None:
        outer.locked, outer.locked_what = present.locked, present.locked_what
    return result


def _ask_second(
    entry: Entry,
    body: BaseModel,
    plain: dict[str, object],
    actor: Actor,
    thing: object,
    now: datetime,
    reason: str | None,
    approval: UUID | None,
) -> None:
    """Let the action on only when it needs no second person or has the approval of one."""
    assert entry.second_person is not None
    if not entry.second_person(body, actor):
        return
    body_hash = sha256_hex(plain)
    if approval is None or actor.id is None:
        organisation = running.line().organisation_id or getattr(body, "organisation_id", None)
        raise _SecondPerson(
            Question(entry.name, plain, body_hash, actor, _uuid(organisation), reason)
        )
    approvers = CHECK.call(approval, entry.name, body_hash, actor.id, now)
    running.current().approvers = approvers
    for person in approvers:
        approver = load_grants(Actor.person(person, origin=actor.origin), now)
        if person == actor.id:
            raise Refusal(CoreCode.NOT_ALLOWED, role=entry.roles_in_words, fact=entry.policy.text)
        ask(entry, approver, thing, now, entry.approver)


def _uuid(value: object) -> UUID | None:
    return UUID(str(value)) if value else None


def load_grants(
    actor: Actor,
    now: datetime,
    entry: Entry | None = None,
    brought: Sequence[str] | None = None,
) -> Actor:
    """The actor with the grants in force at `now` that her sign-in carries; only persons have
    loaded ones. Who acts for another carries the other's; with an `entry`, only where it allows it.
    `brought`: her own as the opening statement found them.
    """
    if actor.kind is not ActorKind.PERSON or not ACTORS_LOAD.is_plugged:
        return actor
    assert actor.id is not None
    if actor.acting_for is not None:
        if not actor.assured:
            raise Refusal(CoreCode.SECOND_STEP)
        allowed = entry is None or entry.for_another
        return actor.with_grants(ACTS_FOR.call(actor.id, actor.acting_for, allowed, now))
    held = replace(actor, grants=ACTORS_LOAD.call(actor.id, now, brought), withheld=())
    return assurance.carried(held, strong=False)


def subject_of(entry: Entry, body: BaseModel, actor: Actor, now: datetime) -> object:
    """The object acted on, through the actor's scope.

    Raises its NOT_FOUND; SECOND_STEP when a second step at sign-in would find and allow it.
    """
    if entry.subject is None:
        return body
    try:
        return entry.subject(body, actor)
    except Refusal as refusal:
        if not actor.withheld or refusal.kind is not Kind.NOT_FOUND:
            raise
        full = assurance.restored(actor)
        try:
            thing = entry.subject(body, full)
        except Refusal:
            raise refusal from None
        if not entry.policy.holds(full, thing, now):
            raise
        raise Refusal(CoreCode.SECOND_STEP) from None


def ask(
    entry: Entry, actor: Actor, thing: object, now: datetime, policy: Policy | None = None
) -> None:
    """Let the actor pass the entry's sentence (or `policy`) on this object, or raise Refusal."""
    asked = policy or entry.policy
    allowed_kind = actor.kind in entry.kinds
    failed = asked if not allowed_kind else asked.failed(actor, thing, now)
    if failed is None:
        return
    if allowed_kind and actor.withheld and asked.holds(assurance.restored(actor), thing, now):
        raise Refusal(CoreCode.SECOND_STEP)
    ended_at = _ended_at(asked, actor, thing, now) if allowed_kind else None
    if ended_at is not None:
        shown = ended_at.astimezone(SEOUL).strftime("%Y-%m-%d %H:%M")
        raise Refusal(CoreCode.TERM_ENDED, ended_at=shown)
    role, fact = entry.roles_in_words, failed.text
    if any(entry.letters.get(grant.role, "") not in ("", "–") for grant in actor.grants):
        role = T(f"{role.ko}({fact.ko})", f"{role.en} ({fact.en})")  # who holds it asks why not
    raise Refusal(CoreCode.NOT_ALLOWED, role=role, fact=fact)


def _ended_at(policy: Policy, actor: Actor, thing: object, now: datetime) -> datetime | None:
    """When the grant ended that would have made the difference, or None."""
    if actor.kind is not ActorKind.PERSON or actor.id is None or not ACTORS_ENDED.is_plugged:
        return None
    for grant, ended_at in sorted(ACTORS_ENDED.call(actor.id, now), key=lambda pair: pair[1])[::-1]:
        if policy.holds(actor.with_grants((*actor.grants, grant)), thing, now):
            return ended_at
    return None


def _write_refused(entry: Entry, actor: Actor, refusal: Refusal, reason: str | None) -> None:
    line = PendingLine(uuid4())
    with transaction.atomic(durable=True):
        opened = opened_for(line.id, entry, actor, None, None)
        present = Running(entry, actor, opened.now, line, opened.xid, 0)
        write_line(
            present,
            reason=reason,
            outcome=f"refused:{refusal.name}",
            result=None,
            key=None,
            key_organisation=None,
            body_hash=None,
            approval=None,
            cause=None,
        )
        if len(connection.savepoint_ids) > 0:
            set_mark(opened.old_mark)
