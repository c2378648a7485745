"""Terms and second persons at the door: the last moment of a mandate, the approved body."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from dure.core import approvals, door
from dure.core.actions import always, run
from dure.core.actors import Actor, Grant, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.models import AuditLine, Rule
from dure.core.policies import fact
from tests.core.test_door import BODY, refused
from tests.harness.clock import Clock
from tests.harness.probe import probing


def _staff(actor: Actor, thing: object, now: datetime) -> bool:
    return actor.has(Role.STAFF, district="11440")


is_staff = fact("is_test_staff", ko="시험 직원", en="staff of the test")(_staff)
GRANT = Grant(Role.STAFF, "district", "11440")
END = datetime.fromisoformat("2026-07-01T00:00:00+09:00")


def test_mandate_holds_to_the_last_moment_and_then_names_its_end(
    db: None, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(person: UUID, now: datetime, brought: object) -> tuple[Grant, ...]:
        return (GRANT,) if now < END else ()

    def ended(person: UUID, now: datetime) -> tuple[tuple[Grant, datetime], ...]:
        return ((GRANT, END),) if now >= END else ()

    monkeypatch.setattr(door.ACTORS_LOAD, "_function", load)
    monkeypatch.setattr(door.ACTORS_ENDED, "_function", ended)
    person = Actor.person(uuid4())
    with probing(policy=is_staff):
        clock.at(END - timedelta(milliseconds=1))
        run("test.rule.write", BODY, person)
        clock.at(END)
        refusal = refused("test.rule.write", BODY, person)
    assert refusal.code is CoreCode.TERM_ENDED
    assert refusal.sentence("ko") == "임기가 끝났습니다(2026-07-01 00:00). 새 위임을 받아 주세요."


def test_second_person_is_asked_and_the_approved_body_runs(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[approvals.Question] = []
    number, approver = uuid4(), uuid4()

    def ask(question: approvals.Question) -> UUID:
        asked.append(question)
        return number

    def check(
        found: UUID, action: str, body_hash: str, requester: UUID, now: datetime
    ) -> tuple[UUID, ...]:
        if body_hash != asked[0].body_hash:
            raise Refusal(CoreCode.STATE_CHANGED, state="other body")
        return (approver,)

    monkeypatch.setattr(approvals.ASK, "_function", ask)
    monkeypatch.setattr(approvals.CHECK, "_function", check)
    monkeypatch.setattr(door.ACTORS_LOAD, "_function", lambda person, *_: (GRANT,))
    person = Actor.person(uuid4())
    with probing(second_person=always, policy=is_staff):
        refusal = refused("test.rule.write", BODY, person)
        assert refusal.code is CoreCode.SECOND_PERSON
        assert refusal.places["approval"] == str(number)
        assert not Rule.rows.filter(key="test.one").exists()
        other = refused("test.rule.write", {**BODY, "count": 9}, person, approval=number)
        assert other.code is CoreCode.STATE_CHANGED
        outcome = run("test.rule.write", BODY, person, approval=number)
    line = AuditLine.rows.get(id=outcome.line_id)
    assert line.approval == number
    assert asked[0].body == {"key": "test.one", "words": "두레", "count": 1}


def test_own_approval_and_that_of_somebody_without_the_role_are_refused(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    me, stranger = uuid4(), uuid4()
    grants = {me: (GRANT,), stranger: ()}
    monkeypatch.setattr(door.ACTORS_LOAD, "_function", lambda person, *_: grants[person])
    monkeypatch.setattr(door.ACTORS_ENDED, "_function", lambda person, now: ())
    for approver in (me, stranger):
        monkeypatch.setattr(approvals.CHECK, "_function", lambda *a, by=approver: (by,))
        with probing(second_person=always, policy=is_staff):
            refusal = refused("test.rule.write", BODY, Actor.person(me), approval=uuid4())
        assert refusal.code is CoreCode.NOT_ALLOWED
