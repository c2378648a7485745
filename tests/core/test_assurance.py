"""A session without a second step: which powers wait, at the door and in what the faces make."""

from __future__ import annotations

import ast
from pathlib import Path
from uuid import uuid4

import pytest

from dure.core import assurance, door, jobs, tokens
from dure.core.actions import CATALOGUE, run
from dure.core.actors import Actor, Grant, Role
from dure.core.errors import CoreCode, Kind, Refusal
from dure.core.models import AuditLine
from dure.core.policies import fact, is_person
from tests.core.test_matrix import world  # noqa: F401  the same world
from tests.harness import people
from tests.harness.matrix import APART, At, World, body_of, expected, personal, undone
from tests.harness.probe import probing

SOURCE = Path(__file__).resolve().parents[2] / "src" / "dure"
BODY = {"key": "test.one", "words": "두레"}


@fact("is_staff_here", ko="직원", en="staff")
def is_staff_here(actor: Actor, thing: object, now: object) -> bool:
    return actor.has(Role.STAFF, district=people.MAPO)


@fact("is_treasurer_somewhere", ko="회계 담당", en="treasurer")
def is_treasurer_somewhere(actor: Actor, thing: object, now: object) -> bool:
    return actor.has(Role.TREASURER)


def one_step(actor: Actor) -> Actor:
    """The same person in a session without a second step."""
    assert actor.id is not None
    return Actor.person(actor.id, origin="web", assured=False)


def test_roles_that_wait_everywhere_and_those_that_wait_at_strong_actions() -> None:
    held = tuple(Grant(role, "district", "11440") for role in Role if role is not Role.VISITOR)
    actor = Actor.person(uuid4(), assured=False).with_grants(held)
    plain = assurance.carried(actor, strong=False)
    assert {g.role for g in plain.withheld} == {
        Role.TREASURER, Role.APPROVER, Role.VAULT, Role.OPERATOR,
    }  # fmt: skip
    strong = assurance.carried(plain, strong=True)
    assert {g.role for g in strong.grants} == {Role.RESIDENT, Role.MEMBER}
    assert assurance.carried(strong, strong=False) == plain
    assert set(assurance.restored(strong).grants) == set(held)
    assert assurance.carried(assurance.restored(strong), strong=True).withheld == ()


def test_strong_action_asks_a_second_step_of_a_mandate(db: None) -> None:
    staff = people.person_with(Role.STAFF, district=people.MAPO)
    before = AuditLine.rows.count()
    with probing(policy=is_staff_here, strong=True):
        with pytest.raises(Refusal) as caught:
            run("test.rule.write", BODY, one_step(staff))
        assert AuditLine.rows.count() == before
        run("test.rule.write", BODY, staff)
    assert caught.value.code is CoreCode.SECOND_STEP
    assert caught.value.kind is Kind.FORBIDDEN
    assert "로그인과 안전" in caught.value.sentence("ko")


def test_value_action_asks_it_too_and_a_plain_one_does_not(db: None) -> None:
    staff = people.person_with(Role.STAFF, district=people.MAPO)
    with (
        probing(policy=is_staff_here, value=True),
        pytest.raises(Refusal, match=r"core\.second_step"),
    ):
        run("test.rule.write", BODY, one_step(staff))
    with probing(policy=is_staff_here):
        run("test.rule.write", BODY, one_step(staff))


def test_treasurer_without_a_second_step_carries_nothing(db: None) -> None:
    treasurer = people.person_with(Role.TREASURER, organisation=people.organisation())
    with probing(policy=is_treasurer_somewhere):
        with pytest.raises(Refusal, match=r"core\.second_step"):
            run("test.rule.write", BODY, one_step(treasurer))
        run("test.rule.write", BODY, treasurer)


def test_what_is_ones_own_needs_no_second_step(db: None) -> None:
    resident = people.person_with(Role.RESIDENT)
    with probing(policy=is_person, strong=True, value=True):
        run("test.rule.write", BODY, one_step(resident))


def test_who_never_had_the_role_is_told_of_the_role(db: None) -> None:
    resident = people.person_with(Role.RESIDENT)
    with (
        probing(policy=is_staff_here, strong=True),
        pytest.raises(Refusal, match=r"core\.not_allowed"),
    ):
        run("test.rule.write", BODY, one_step(resident))


def test_token_carries_the_second_step_of_its_making(db: None) -> None:
    staff = people.person_with(Role.STAFF, district=people.MAPO)
    for actor, assured in ((staff, True), (one_step(staff), False)):
        token = tokens.new_token()
        body = {"label": "시험", "purpose": "all", "days": 7, "token_hash": tokens.hash_of(token)}
        run("core.token.create", body, actor)
        opened = tokens.open_token(token)
        assert opened is not None and opened.actor.assured is assured
        with probing(policy=is_staff_here, strong=True):
            if assured:
                run("test.rule.write", BODY, opened.actor, key=f"k{assured}")
            else:
                with pytest.raises(Refusal, match=r"core\.second_step"):
                    run("test.rule.write", BODY, opened.actor, key=f"k{assured}")


def test_job_carries_no_more_than_who_asked_for_it(db: None) -> None:
    assert jobs.run_job.__defaults__ is not None
    assert jobs.run_job.__defaults__[-1] is False
    officer = people.person_with(Role.VAULT, purpose="care")
    known = door.load_grants(one_step(officer), people._now())
    assert [grant.role for grant in known.withheld] == [Role.VAULT]
    assert not known.has(Role.VAULT)


# -- the matrix with and without ------------------------------------------------------------------


def strong_cells() -> list[tuple[str, Role]]:
    """Every strong or value action × mandate role that its letters let in."""
    return [
        (entry.name, role)
        for entry in personal()
        if entry.asks_second_step and entry.name not in APART
        for role in Role
        if role in assurance.WITHHELD_FROM_STRONG | {Role.AUDITOR, Role.ANALYST}
        and entry.letters.get(role, "").strip("–- o")
        and not entry.letters.get(Role.RESIDENT)
    ]


@pytest.mark.parametrize(("name", "role"), strong_cells())
def test_every_strong_action_waits(name: str, role: Role, world: World) -> None:  # noqa: F811
    entry = CATALOGUE[name]
    assert expected(entry, role, At.OWN)
    assert refusal_of(name, role, world, assured=True) not in ("core.second_step", *STOPPED)
    assert refusal_of(name, role, world, assured=False) == "core.second_step"


STOPPED = ("core.not_allowed", "core.not_found", "core.term_ended")


def refusal_of(name: str, role: Role, world: World, *, assured: bool) -> str:  # noqa: F811
    """The code of the refusal of one cell in the own place, or an empty text; all taken back."""
    entry = CATALOGUE[name]
    with undone():
        actor = world.actor(entry, role, At.OWN)
        body = body_of(entry, world.place(At.OWN, actor), actor)
        asked = actor if assured else one_step(actor)
        try:
            run(name, body, asked, reason="매트릭스 시험입니다")
        except Refusal as refusal:
            return refusal.name
        return ""


def test_planted_hole_is_found(world: World) -> None:  # noqa: F811
    """Negative control: a strong action whose mark was forgotten lets one step in."""
    with probing(policy=is_staff_here, letters={Role.STAFF: "d"}):
        assert refusal_of("test.rule.write", Role.STAFF, world, assured=False) == ""
    with probing(policy=is_staff_here, letters={Role.STAFF: "d"}, strong=True):
        assert refusal_of("test.rule.write", Role.STAFF, world, assured=False) == (
            "core.second_step"
        )


# -- faces state it -------------------------------------------------------------------------------


def silent_actors(source: str) -> list[int]:
    """Lines of a face that make a person's actor without saying whether she took a second step."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("Actor.person", "Actor")
        and "assured" not in {keyword.arg for keyword in node.keywords}
    ]


def test_every_face_states_the_second_step() -> None:
    places = [*SOURCE.glob("interfaces/**/*.py"), *SOURCE.glob("core/*s.py")]
    assert SOURCE / "core/tokens.py" in places and SOURCE / "core/jobs.py" in places
    makers = [path for path in places if path.name != "actors.py"]
    found = {str(path): silent_actors(path.read_text("utf-8")) for path in makers}
    assert {place: lines for place, lines in found.items() if lines} == {}


def test_a_silent_actor_is_found() -> None:
    """Negative control."""
    source = "a = Actor.person(one, origin='web')\nb = Actor.person(one, assured=x)"
    assert silent_actors(source) == [1]
