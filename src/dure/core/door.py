"""How an action passes the door: transaction, mark, key, policy, body, audit line.

The body of every action runs here and nowhere else. Source: the table of steps in core.md.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import DatabaseError, connection, transaction
from pydantic import BaseModel, ValidationError

from dure.core import parsers, progress, running
from dure.core.actors import Actor, ActorKind, Grant
from dure.core.approvals import ASK, CHECK, Question
from dure.core.audit import write_line
from dure.core.catalogue import Entry, Outcome, Reason, from_plain, to_plain
from dure.core.clock import SEOUL
from dure.core.errors import Code, CoreCode, Refusal
from dure.core.policies import Policy
from dure.core.ports import Port
from dure.core.running import PendingLine, Running, _current
from dure.core.sqlstates import AGAIN, mapped, sqlstate
from dure.core.text import T
from dure.engines.canonical import sha256_hex
from dure.engines.rrn import has_rrn

TRIES = 3
RETRYING = frozenset({"api", "job"})
DEPTH_MAX = 4


# Grants in force at an instant; called once an action and person.
Load = Callable[[UUID, datetime], tuple[Grant, ...]]
ACTORS_LOAD: Port[Load] = Port("actors.load", served_by="registry")

# Grants that ended before an instant, with their ends; called only after a refusal, to tell
# "your term ended" from "you never had this role".
Ended = Callable[[UUID, datetime], tuple[tuple[Grant, datetime], ...]]
ACTORS_ENDED: Port[Ended] = Port("actors.ended", served_by="registry")


@dataclass(frozen=True, slots=True)
class _Opened:
    now: datetime
    xid: int
    found: UUID | None
    found_hash: str | None
    found_result: Any  # Any: whatever JSON the action answered
    old_mark: str
    behind: bool


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
    parsed = _parse(entry, body)
    why = _parse_reason(entry, reason)
    _check_key(key)
    if running.current_or_none() is not None:
        assert key is None, "an inner action is protected by the outer key"
        return _nested(entry, parsed, actor, why)
    _need_key(entry, actor, key)
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
    plain = _plain_body(body) if key or entry.second_person else {}
    body_hash = sha256_hex(plain) if plain or key else None
    key_organisation = _uuid(getattr(body, "organisation_id", None))
    line = PendingLine(uuid4())
    with mapped(entry.constraints), transaction.atomic(durable=True):
        opened = _open(line.id, entry, actor, key, key_organisation)
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
            _set_mark(opened.old_mark)  # a test's own transaction goes on after us
    return Outcome(result, line.id, replayed=False)


def _nested(
    entry: Entry, body: BaseModel, actor: Actor, reason: str | None
) -> Outcome[Any]:  # Any: each action its own result
    outer = running.current()
    assert outer.depth + 1 < DEPTH_MAX, f"{entry.name}: actions nest too deep"
    line = PendingLine(uuid4())
    old_mark = _mark(outer.line.id, outer.xid)
    opened = _Opened(outer.now, outer.xid, None, None, None, old_mark, False)
    _set_mark(_mark(line.id, outer.xid))
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
    _set_mark(old_mark)
    return Outcome(result, line.id, replayed=False)


def _inside(
    entry: Entry,
    body: BaseModel,
    actor: Actor,
    opened: _Opened,
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
    actor = outer.actor if outer and same else load_grants(actor, opened.now)
    present = Running(entry, actor, opened.now, line, opened.xid, depth, reason)
    if outer is not None:
        present.locked, present.locked_what = outer.locked, outer.locked_what
    token = _current.set(present)
    try:
        thing: object = entry.subject(body, actor) if entry.subject else body
        _ask(entry, actor, thing, opened.now)
        if entry.lock is not None:
            thing = entry.lock(body, actor)
            _ask(entry, actor, thing, opened.now)
        present.subject = thing
        if entry.second_person is not None and depth == 0:
            _ask_second(entry, body, plain, actor, thing, opened.now, reason, approval)
        arguments = {name: getattr(body, name) for name in type(body).model_fields}
        result = entry.function(**arguments, actor=actor)
        write_line(present, reason=reason, outcome="done", result=to_plain(result), **written)
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
    for person in CHECK.call(approval, entry.name, body_hash, actor.id, now):
        approver = load_grants(Actor.person(person, origin=actor.origin), now)
        if person == actor.id:
            raise Refusal(CoreCode.NOT_ALLOWED, role=entry.roles_in_words, fact=entry.policy.text)
        _ask(entry, approver, thing, now, entry.approver)


def _uuid(value: object) -> UUID | None:
    return UUID(str(value)) if value else None


def load_grants(actor: Actor, now: datetime) -> Actor:
    """The actor with the grants in force at `now`; only persons have loaded ones."""
    if actor.kind is not ActorKind.PERSON or not ACTORS_LOAD.is_plugged:
        return actor
    assert actor.id is not None
    return actor.with_grants(ACTORS_LOAD.call(actor.id, now))


def _ask(
    entry: Entry, actor: Actor, thing: object, now: datetime, policy: Policy | None = None
) -> None:
    asked = policy or entry.policy
    kinds = {who.value for who in entry.who}
    allowed_kind = (
        actor.kind.value in kinds
        or (actor.kind is ActorKind.ANONYMOUS and "person" in kinds)
        or actor.kind is ActorKind.OPERATOR
    )
    failed = asked if not allowed_kind else asked.failed(actor, thing, now)
    if failed is None:
        return
    ended_at = _ended_at(asked, actor, thing, now) if allowed_kind else None
    if ended_at is not None:
        shown = ended_at.astimezone(SEOUL).strftime("%Y-%m-%d %H:%M")
        raise Refusal(CoreCode.TERM_ENDED, ended_at=shown)
    raise Refusal(CoreCode.NOT_ALLOWED, role=entry.roles_in_words, fact=failed.text)


def _ended_at(policy: Policy, actor: Actor, thing: object, now: datetime) -> datetime | None:
    """When the grant ended that would have made the difference, or None."""
    if actor.kind is not ActorKind.PERSON or actor.id is None or not ACTORS_ENDED.is_plugged:
        return None
    for grant, ended_at in sorted(ACTORS_ENDED.call(actor.id, now), key=lambda pair: pair[1])[::-1]:
        if policy.holds(actor.with_grants((*actor.grants, grant)), thing, now):
            return ended_at
    return None


def _parse(entry: Entry, body: Mapping[str, object]) -> BaseModel:
    try:
        return entry.body.model_validate(dict(body))
    except ValidationError as error:
        raise _as_refusal(error) from None


def _as_refusal(error: ValidationError) -> Refusal:
    details: list[tuple[str, T]] = []
    code: Code = CoreCode.BAD_FIELD
    for number, fault in enumerate(error.errors(include_input=False, include_url=False)):
        field = ".".join(str(part) for part in fault["loc"]) or "body"
        cause = fault.get("ctx", {}).get("error")
        if isinstance(cause, parsers.ParseError):
            accepted = cause.accepted
            if number == 0 or cause.code is CoreCode.RRN:
                code = cause.code
        else:
            accepted = _ACCEPTED.get(fault["type"], T("정해진 꼴", "the stated form"))
        details.append((field, accepted))
    first_field, first_accepted = details[0]
    return Refusal(code, field=first_field, range=first_accepted, details=tuple(details))


_ACCEPTED = {
    "extra_forbidden": T("없음(모르는 칸)", "nothing (unknown field)"),
    "missing": T("꼭 필요한 값", "a required value"),
    "literal_error": T("목록에 있는 값", "a value from the list"),
    "enum": T("목록에 있는 값", "a value from the list"),
}


def _parse_reason(entry: Entry, reason: str | None) -> str | None:
    if entry.reason is Reason.NONE or reason is None or not reason.strip():
        if entry.reason is Reason.REQUIRED:
            raise Refusal(CoreCode.REASON_REQUIRED, field="reason")
        return None
    try:
        text = parsers.note(reason)
    except parsers.ParseError as error:
        raise Refusal(error.code, field="reason", range=error.accepted) from None
    if entry.reason_codes:
        if text not in entry.reason_codes:
            accepted = T(", ".join(entry.reason_codes), ", ".join(entry.reason_codes))
            raise Refusal(CoreCode.BAD_FIELD, field="reason", range=accepted)
        return text
    if not 5 <= len(text) <= 500:
        raise Refusal(CoreCode.REASON_REQUIRED, field="reason")
    return text


def _need_key(entry: Entry, actor: Actor, key: str | None) -> None:
    """Faces that retry by themselves must send a key to an idempotent action."""
    if key is None and entry.idempotent and actor.origin in RETRYING:
        raise Refusal(CoreCode.KEY_REQUIRED)


def _check_key(key: str | None) -> None:
    if key is None:
        return
    if not (1 <= len(key) <= 200 and key.isascii() and key.isprintable()) or has_rrn(key):
        accepted = T("보이는 ASCII 200자 이하", "at most 200 printable ASCII characters")
        raise Refusal(CoreCode.BAD_FIELD, field="key", range=accepted)


def _plain_body(body: BaseModel) -> dict[str, object]:
    plain: dict[str, object] = json.loads(body.model_dump_json())
    return plain


def _mark(line_id: UUID, xid: int) -> str:
    return f"{line_id}@{xid}"


def _set_mark(mark: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('dure.action', %s, true)", [mark])


def _open(
    line_id: UUID, entry: Entry, actor: Actor, key: str | None, key_organisation: UUID | None
) -> _Opened:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT at, xid, used_line, used_hash, used_result, old_mark, behind"
            " FROM dure_open(%s, %s, %s, %s, %s, %s)",
            [line_id, actor.key, key_organisation, entry.name, key, entry.long],
        )
        at, xid, found, found_hash, found_result, old_mark, behind = cursor.fetchone()
    stored = json.loads(found_result) if isinstance(found_result, str) else found_result
    return _Opened(at, xid, found, found_hash, stored, old_mark or "", behind)


def _write_refused(entry: Entry, actor: Actor, refusal: Refusal, reason: str | None) -> None:
    line = PendingLine(uuid4())
    with transaction.atomic(durable=True):
        opened = _open(line.id, entry, actor, None, None)
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
            _set_mark(opened.old_mark)
