"""Break-glass: one alone opens nothing; thirty minutes, told, and reviewed by a third person."""

from __future__ import annotations

import pytest
from django.db import connection

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.core.models.work import Notice
from dure.registry import vault
from dure.registry.models import BreakGlass
from tests.harness import people
from tests.harness.clock import Clock

pytestmark = pytest.mark.django_db
WHY = "쓰러진 이웃의 보호자를 찾습니다"


def ethics() -> Actor:
    return people.person_with(Role.ETHICS, purpose="care")


def resident() -> Actor:
    actor = Actor.person(people.person(people.MAPO).id)
    assert actor.id is not None
    vault.store(vault.Entry(actor.id, {"name": "홍길동"}), actor=actor, purpose="account")
    return actor


def asked(by: Actor, person: Actor) -> str:
    done = run("registry.breakglass.ask", {"person_id": str(person.id)}, by, reason=WHY)
    return str(done.result.id)


def decided(row: str, by: Actor, outcome: str = "grant") -> None:
    run("registry.breakglass.decide", {"breakglass_id": row, "outcome": outcome}, by)


def read(row: str, by: Actor) -> None:
    run("registry.breakglass.read", {"breakglass_id": row, "fields": ["name"]}, by)


def reviewed(row: str, by: Actor) -> None:
    body = {"breakglass_id": row, "finding": "right"}
    run("registry.breakglass.review", body, by, reason="두 사람이 급한 때에 맞게 했습니다")


def test_two_open_it_for_thirty_minutes_and_a_third_reviews(clock: Clock) -> None:
    clock.at("2026-07-01T10:00:00+09:00")
    one, two, three, person = ethics(), ethics(), ethics(), resident()
    assert person.id is not None
    row = asked(one, person)
    with pytest.raises(Refusal, match=r"registry\.breakglass_over"):
        read(row, one)
    with pytest.raises(Refusal, match=r"core\.not_allowed"):
        decided(row, one)
    decided(row, two)
    assert Notice.rows.get(person=person.id).template == "registry.breakglass.granted"
    read(row, one)
    seen = [access for access in vault.accesses(person.id) if access.kind == "read"]
    assert [(s.actor, s.purpose, s.reason, s.break_glass) for s in seen] == [
        (one.id, "break_glass", WHY, True)
    ]
    with pytest.raises(Refusal, match=r"core\.not_found"):
        read(row, two)
    with pytest.raises(Refusal, match=r"registry\.breakglass_over"):
        reviewed(row, three)
    clock.at("2026-07-01T10:30:00+09:00")
    with pytest.raises(Refusal, match=r"registry\.breakglass_over"):
        read(row, one)
    for involved in (one, two):
        with pytest.raises(Refusal, match=r"registry\.breakglass_own"):
            reviewed(row, involved)
    reviewed(row, three)
    assert BreakGlass.rows.get(pk=row).state == "reviewed"


def test_a_refused_one_opens_nothing() -> None:
    one, two, person = ethics(), ethics(), resident()
    row = asked(one, person)
    decided(row, two, "refuse")
    with pytest.raises(Refusal, match=r"registry\.breakglass_over"):
        read(row, one)
    assert Notice.rows.filter(person=person.id).count() == 0


def test_nobody_opens_or_grants_what_is_her_own() -> None:
    one, two = ethics(), ethics()
    with pytest.raises(Refusal, match=r"registry\.breakglass_own"):
        asked(one, one)
    row = asked(one, two)
    with pytest.raises(Refusal, match=r"registry\.breakglass_own"):
        decided(row, two)


def test_one_step_and_other_roles_open_nothing() -> None:
    person = resident()
    weak = Actor.person(ethics().id or "", assured=False)
    with pytest.raises(Refusal, match=r"core\.second_step"):
        asked(weak, person)
    for role in (Role.STAFF, Role.OFFICIAL, Role.RESIDENT):
        with pytest.raises(Refusal, match=r"core\.not_found"):
            asked(people.person_with(role, district=people.MAPO), person)


def test_the_database_keeps_two_three_and_thirty_minutes() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE contype = 'c'"
            " AND conrelid = 'registry_breakglass'::regclass"
        )
        names = {name for (name,) in cursor.fetchall()}
    assert {
        "breakglass_needs_two",
        "breakglass_is_not_of_oneself",
        "breakglass_is_short",
        "breakglass_is_reviewed_by_a_third",
    } <= names
