"""How an action passes the door: transaction, mark, key, policy, body, audit line.

The body of every action runs here and nowhere else. Source: the table of steps in core.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import DatabaseError, IntegrityError, connection, transaction
from pydantic import BaseModel, ValidationError

from dure.core import parsers, running
from dure.core.actions import Entry, Outcome, Reason, from_plain, to_plain
from dure.core.actors import Actor, ActorKind, Grant
from dure.core.audit import write_line
from dure.core.errors import CoreCode, Refusal
from dure.core.ports import Port
from dure.core.running import PendingLine, Running, _current
from dure.core.text import T
from dure.engines.canonical import sha256_hex

TRIES = 3
DEPTH_MAX = 4


def _load_actor(person_id: UUID, now: datetime) -> tuple[Grant, ...]:
    raise NotImplementedError


ACTORS_LOAD: Port[Any] = Port("actors.load", served_by="registry")  # Any: mypy wants one F


@dataclass(frozen=True, slots=True)
class _Opened:
    now: datetime
    xid: int
    found: UUID | None
    found_hash: str | None
    found_result: Any  # Any: whatever JSON the action answered
    old_mark: str


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
    for attempt in range(TRIES):
        try:
            return _outer(entry, parsed, actor, key, why, approval)
        except DatabaseError as error:
            if _sqlstate(error) not in ("40P01", "55P03"):
                raise
            if attempt == TRIES - 1:
                raise Refusal(CoreCode.BUSY, seconds=5) from error
        except Refusal as refusal:
            if entry.audit_refusals:
                _write_refused(entry, actor, refusal, why)
            raise
    raise AssertionError("unreachable")


def _outer(
    entry: Entry,
    body: BaseModel,
    actor: Actor,
    key: str | None,
    reason: str | None,
    approval: UUID | None,
) -> Outcome[Any]:  # Any: each action its own result
    body_hash = sha256_hex(_plain_body(body)) if key else None
    key_organisation = getattr(body, "organisation_id", None)
    line = PendingLine(uuid4())
    with transaction.atomic(durable=True), _mapped(entry):
        opened = _open(line.id, entry, actor, key, key_organisation)
        if opened.found is not None:
            if opened.found_hash != body_hash:
                raise Refusal(CoreCode.KEY_REUSED)
            result = from_plain(entry.result, opened.found_result)
            return Outcome(result, opened.found, replayed=True)
        result = _inside(
            entry, body, actor, opened, line, reason, depth=0,
            written=dict(
                key=key, key_organisation=key_organisation, body_hash=body_hash,
                approval=approval, cause=None,
            ),
        )
        if connection.in_atomic_block and len(connection.savepoint_ids) > 0:
            _set_mark(opened.old_mark)  # a test's own transaction goes on after us
    return Outcome(result, line.id, replayed=False)


def _nested(
    entry: Entry, body: BaseModel, actor: Actor, reason: str | None
) -> Outcome[Any]:  # Any: each action its own result
    outer = running.current()
    assert outer.depth + 1 < DEPTH_MAX, f"{entry.name}: actions nest too deep"
    line = PendingLine(uuid4())
    opened = _Opened(outer.now, outer.xid, None, None, None, _mark(outer.line.id, outer.xid))
    _set_mark(_mark(line.id, outer.xid))
    with transaction.atomic(savepoint=False), _mapped(entry):
        result = _inside(
            entry, body, actor, opened, line, reason, depth=outer.depth + 1,
            written=dict(
                key=None, key_organisation=None, body_hash=None, approval=None,
                cause=outer.line.id,
            ),
        )
    _set_mark(opened.old_mark)
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
    written: dict[str, Any],  # Any: columns of the line
) -> object:
    actor = load_grants(actor, opened.now)
    present = Running(entry, actor, opened.now, line, opened.xid, depth)
    token = _current.set(present)
    try:
        thing: object = entry.subject(body, actor) if entry.subject else body
        _ask(entry, actor, thing, opened.now)
        if entry.lock is not None:
            thing = entry.lock(body, actor)
            _ask(entry, actor, thing, opened.now)
        present.subject = thing
        arguments = {name: getattr(body, name) for name in type(body).model_fields}
        result = entry.function(**arguments, actor=actor)
        write_line(present, reason=reason, outcome="done", result=to_plain(result), **written)
    finally:
        _current.reset(token)
    return result


def load_grants(actor: Actor, now: datetime) -> Actor:
    """The actor with the grants in force at `now`; only persons have loaded ones."""
    if actor.kind is not ActorKind.PERSON or not ACTORS_LOAD.is_plugged:
        return actor
    grants: tuple[Grant, ...] = ACTORS_LOAD.call(actor.id, now)
    return actor.with_grants(grants)


def _ask(entry: Entry, actor: Actor, thing: object, now: datetime) -> None:
    kinds = {who.value for who in entry.who}
    allowed_kind = (
        actor.kind.value in kinds
        or (actor.kind is ActorKind.ANONYMOUS and "person" in kinds)
        or actor.kind is ActorKind.OPERATOR
    )
    failed = entry.policy if not allowed_kind else entry.policy.failed(actor, thing, now)
    if failed is not None:
        roles = [role.text for role, letters in entry.letters.items() if letters not in ("", "–")]
        role = T(", ".join(r.ko for r in roles) or "—", ", ".join(r.en for r in roles) or "—")
        raise Refusal(CoreCode.NOT_ALLOWED, role=role, fact=failed.text)


def _parse(entry: Entry, body: Mapping[str, object]) -> BaseModel:
    try:
        return entry.body.model_validate(dict(body))
    except ValidationError as error:
        raise _as_refusal(error) from None


def _as_refusal(error: ValidationError) -> Refusal:
    details: list[tuple[str, T]] = []
    code: Any = CoreCode.BAD_FIELD  # Any: the first parser's own code
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
    return Refusal(
        code, field=first_field, range=first_accepted, details=tuple(details)
    )


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
    if not 5 <= len(text) <= 500:
        raise Refusal(CoreCode.REASON_REQUIRED, field="reason")
    return text


def _check_key(key: str | None) -> None:
    if key is None:
        return
    if not (1 <= len(key) <= 200 and key.isascii() and key.isprintable()) or parsers.has_rrn(key):
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
    line_id: UUID, entry: Entry, actor: Actor, key: str | None, key_organisation: object
) -> _Opened:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT at, xid, used_line, used_hash, used_result, old_mark"
            " FROM dure_open(%s, %s, %s, %s, %s, %s)",
            [line_id, actor.key, key_organisation, entry.name, key, entry.long],
        )
        at, xid, found, found_hash, found_result, old_mark = cursor.fetchone()
    stored = json.loads(found_result) if isinstance(found_result, str) else found_result
    return _Opened(at, xid, found, found_hash, stored, old_mark or "")


def _write_refused(entry: Entry, actor: Actor, refusal: Refusal, reason: str | None) -> None:
    line = PendingLine(uuid4())
    with transaction.atomic(durable=True):
        opened = _open(line.id, entry, actor, None, None)
        present = Running(entry, actor, opened.now, line, opened.xid, 0)
        write_line(
            present, reason=reason, outcome=f"refused:{refusal.name}", result=None, key=None,
            key_organisation=None, body_hash=None, approval=None, cause=None,
        )
        if len(connection.savepoint_ids) > 0:
            _set_mark(opened.old_mark)


def _sqlstate(error: BaseException) -> str | None:
    cause = error.__cause__
    return getattr(cause, "sqlstate", None)


@contextmanager
def _mapped(entry: Entry) -> Iterator[None]:
    """Turn a database refusal that the entry names into the sentence a person reads."""
    try:
        yield
    except IntegrityError as error:
        constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if constraint in entry.constraints:
            raise Refusal(entry.constraints[constraint]) from error
        raise
    except DatabaseError as error:
        if _sqlstate(error) == "22003":
            accepted = T("더 작은 수", "a smaller number")
            raise Refusal(CoreCode.OUT_OF_RANGE, field="", range=accepted) from error
        raise
