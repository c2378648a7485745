"""The matrix of permissions, from the catalogue: every action × role × place, and its controls."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from dure.core.actions import CATALOGUE, Who, run
from dure.core.actors import Actor, Role
from dure.core.errors import Kind, Refusal
from dure.core.policies import anyone, fact
from tests.harness import matrix, people
from tests.harness.matrix import APART, At, World, faults_of, personal, swapped_slots
from tests.harness.probe import probing

TESTS = Path(__file__).resolve().parent.parent
for found in sorted(TESTS.glob("*/objects.py")):
    import_module(f"tests.{found.parent.name}.objects")

NAMES = [entry.name for entry in personal()]


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.mark.parametrize("name", [name for name in NAMES if name not in APART])
def test_letters_and_door_agree(name: str, world: World) -> None:
    faults, cells = faults_of(CATALOGUE[name], world)
    assert cells == 1 + 3 + 3 + 10 * 4
    assert not faults, "\n" + "\n".join(str(fault) for fault in faults)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in APART])
def test_foreign_id_in_any_slot_is_refused(name: str, world: World) -> None:
    assert swapped_slots(CATALOGUE[name], world) == []


def test_entries_left_apart_exist_and_say_why() -> None:
    assert {name for name in APART if name not in CATALOGUE} == set()
    assert all(why for why in APART.values())


@pytest.mark.parametrize(
    "name", sorted(e.name for e in CATALOGUE.values() if Who.PERSON not in e.who)
)
def test_timers_and_operators_work_is_closed_to_people(name: str, world: World) -> None:
    entry = CATALOGUE[name]
    for role in Role:
        if role is Role.OPERATOR:
            continue
        at = At.ANONYMOUS if role is Role.VISITOR else At.OWN
        actor = world.actor(entry, role, at)
        body = matrix.body_of(entry, world.place(at, actor), actor)
        with pytest.raises(Refusal) as caught:
            run(name, body, actor, reason="매트릭스 시험입니다")
        assert caught.value.kind is Kind.FORBIDDEN, role


def test_every_entry_states_letters_that_name_its_roles() -> None:
    assert [entry.name for entry in personal() if not entry.letters] == []


def test_planted_hole_is_found(world: World) -> None:
    """Negative control: an action that fetches by bare id and asks only for some role."""

    @fact("is_any_staff", ko="아무 직원", en="any staff")
    def is_any_staff(actor: Actor, thing: object, now: object) -> bool:
        return actor.has(Role.STAFF)

    matrix.slot("test.rule.write:key")(lambda place, actor: f"o{place.district}")
    try:
        with probing(policy=is_any_staff, letters={Role.STAFF: "d"}):
            faults, _ = faults_of(CATALOGUE["test.rule.write"], world)
            holes = swapped_slots(CATALOGUE["test.rule.write"], world)
    finally:
        del matrix.SLOTS["test.rule.write:key"]
    assert [(f.role, f.at) for f in faults] == [("staff", "other district")]
    assert holes == ["test.rule.write: key of another district was taken from staff"]


def test_undeclared_success_is_found(world: World) -> None:
    """Negative control: a policy wider than the letters."""
    with probing(policy=anyone, letters={Role.STAFF: "d"}):
        faults, _ = faults_of(CATALOGUE["test.rule.write"], world)
    assert {r.code for r in Role} - {"staff"} <= {f.role for f in faults}
    assert ("visitor", "anonymous") in {(f.role, f.at) for f in faults}


def test_policy_narrower_than_the_letters_is_found(world: World) -> None:
    """Negative control: letters that promise more than the policy gives."""

    @fact("nobody", ko="아무도 아님", en="nobody")
    def nobody(actor: Actor, thing: object, now: object) -> bool:
        return False

    with probing(policy=nobody, letters={Role.STAFF: "d"}):
        faults, _ = faults_of(CATALOGUE["test.rule.write"], world)
    assert ("staff", "own", "refused (core.not_allowed)") in {
        (f.role, f.at, f.found) for f in faults
    }


def test_person_of_the_harness_has_the_role_until_its_end(db: None) -> None:
    staff = people.person_with(Role.STAFF, district=people.MAPO)
    with probing(
        policy=fact("s", ko="s", en="s")(lambda a, t, n: a.has(Role.STAFF, district="11440"))
    ):
        body = {"key": "test.one", "words": "두레"}
        run("test.rule.write", body, staff)
        with pytest.raises(Refusal) as caught:
            run("test.rule.write", body, people.ended(Role.STAFF, district=people.MAPO))
    assert caught.value.name == "core.term_ended"
