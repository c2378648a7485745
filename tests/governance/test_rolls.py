"""Rolls: built from the register, objected to, sealed with a hash that anybody can recompute."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from dure.core import clock as time
from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.governance.models import Roll, RollEntry
from dure.governance.queries import rolls
from dure.registry.models import Household, Membership, PersonFact, Standing
from dure.registry.vault import roll_tokens
from tests.budgeting.calls import official, seconded
from tests.harness import people
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.harness.people import JONGNO, MAPO, membership, organisation, person, person_with

pytestmark = pytest.mark.django_db
RESIDENTS = {"basis": "residents", "grounds": ["home"]}


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at("2026-03-02T09:00:00+09:00")
    people.district(MAPO)
    people.district(JONGNO)


def fact(who: Any, kind: str, value: str, since: date = date(2020, 1, 1)) -> None:  # Any: Person
    with given() as audit:
        PersonFact.rows.create(
            person=who,
            kind=kind,
            value=value,
            derived_at=time.now(),
            valid=(since, None),
            audit=audit,
        )


def draft(lead: Actor, rule: dict[str, Any] | None = None, **more: Any) -> Roll:  # Any: a body
    body = {
        "subject_kind": "test.matter",
        "subject_id": str(uuid4()),
        "district": MAPO,
        "rule": rule or RESIDENTS,
        "as_of": "2026-03-02",
        "objection_days": 0,
        **more,
    }
    return Roll.rows.get(id=run("governance.roll.draft", body, lead).result.id)


def on(roll: Roll) -> set[UUID]:
    return set(RollEntry.rows.filter(roll=roll).values_list("person", flat=True))


def seal(roll: Roll, lead: Actor, second: Actor | None = None) -> Roll:
    body = {"roll_id": str(roll.id), "district": MAPO}
    seconded("governance.roll.seal", body, lead, second or official())
    return Roll.rows.get(id=roll.id)


def test_takes_those_at_home_in_the_district_once_each() -> None:
    here, elsewhere, works = person(MAPO), person(JONGNO), person(JONGNO)
    fact(works, "works_in", MAPO)
    fact(here, "works_in", MAPO)
    lead = official()
    assert on(draft(lead)) == {here.id, lead.id}
    both = draft(lead, {**RESIDENTS, "grounds": ["home", "works_in"]})
    assert on(both) == {here.id, lead.id, works.id}
    grounds = dict(RollEntry.rows.filter(roll=both).values_list("person", "ground"))
    assert (grounds[here.id], grounds[works.id]) == ("home", "works_in")
    assert elsewhere.id not in on(both)


def test_who_moved_in_after_the_day_or_too_lately_is_not_taken() -> None:
    late, lead = person(None), official()
    fact(late, "home", MAPO, since=date(2026, 2, 20))
    assert late.id in on(draft(lead))
    assert late.id not in on(draft(lead, as_of="2026-02-19"))
    assert late.id not in on(draft(lead, {**RESIDENTS, "days_min": 30}))


def test_age_is_asked_only_as_far_as_it_is_known() -> None:
    unknown, old, young, child = (person(MAPO) for _ in range(4))
    fact(old, "age_min", "19")
    fact(young, "age_band", "10-19")
    fact(child, "age_band", "0-9")
    lead = official()
    taken = draft(lead, {**RESIDENTS, "age_min": 14})
    assert on(taken) == {unknown.id, old.id, young.id, lead.id}
    assert (taken.voting_count, taken.unknown_count) == (4, 3)  # the official's age, too
    left = draft(lead, {**RESIDENTS, "age_min": 14, "age_unknown": "leave"})
    assert on(left) == {old.id}
    assert left.unknown_count == 3


def test_dong_is_kept_where_known_and_may_narrow_the_roll() -> None:
    one, lead = person(MAPO), official()
    fact(one, "dong", "1144056500")
    roll = draft(lead)
    parts = dict(RollEntry.rows.filter(roll=roll).values_list("person", "part"))
    assert parts == {one.id: "1144056500", lead.id: ""}
    assert on(draft(lead, {**RESIDENTS, "dong": "1144056500"})) == {one.id}
    assert rolls.counts_by_part(roll.id) == {"": 1, "1144056500": 1}


def test_members_vote_once_each_and_a_household_once() -> None:
    coop = organisation()
    board = person_with(Role.BOARD, organisation=coop)
    plain, preferred, suspended, one, two = (person(JONGNO) for _ in range(5))
    membership(plain.id, coop)
    membership(preferred.id, coop, "preferred")
    held = membership(suspended.id, coop)
    with given() as audit:
        Standing.rows.create(
            membership=held, standing="suspended", valid=(date(2026, 1, 1), None), audit=audit
        )
        home = Household.rows.create(
            organisation=coop, voting_person=two, valid=(date(2020, 1, 1), None), audit=audit
        )
        for one_of in (one, two):
            shared = membership(one_of.id, coop)
            Membership.rows.filter(pk=shared.pk).update(household=home)
    roll = draft(board, {"basis": "members"}, organisation_id=str(coop.id))
    assert on(roll) == {plain.id, two.id}


def test_hash_is_recomputed_from_the_lines_alone() -> None:
    lead = official()
    for _ in range(5):
        fact(person(MAPO), "dong", "1144056500")
    roll = seal(draft(lead), lead)
    entries = RollEntry.rows.filter(roll=roll)
    lines = sorted(
        f"{e.token};{e.weight};{e.standing}" + (f";{e.part}" if e.part else "") for e in entries
    )
    assert roll.sha256 == hashlib.sha256("\n".join(lines).encode()).hexdigest()
    assert roll.voting_count == len(lines)
    stored = [e.token for e in entries.order_by("pk")]
    assert stored == sorted(stored), "the order of the rows tells nothing but the token"


def test_tokens_of_two_rolls_cannot_be_joined() -> None:
    lead = official()
    one, two = draft(lead), draft(lead)
    tokens = [
        set(RollEntry.rows.filter(roll=r).values_list("token", flat=True)) for r in (one, two)
    ]
    assert not tokens[0] & tokens[1]
    assert roll_tokens(one.id, [lead.id])[0] in tokens[0]


def refused(statement: str, *values: object) -> str:
    try:
        with given(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return str(error).splitlines()[0]
    return "done"


LINE = (
    "INSERT INTO governance_rollentry"
    " (roll_id, person, token, weight, standing, ground, part, audit)"
    " VALUES (%s, gen_random_uuid(), repeat('a', 64), 1, 'voting', 'home', '', gen_random_uuid())"
)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE governance_roll SET voting_count = voting_count + 1 WHERE id = %s",
        "UPDATE governance_roll SET state = 'draft', sha256 = NULL, sealed_at = NULL WHERE id = %s",
        "DELETE FROM governance_roll WHERE id = %s",
        "UPDATE governance_rollentry SET part = 'x' WHERE roll_id = %s",
        "UPDATE governance_rollentry SET standing = 'recused' WHERE roll_id = %s",
        "DELETE FROM governance_rollentry WHERE roll_id = %s",
        LINE,
    ],
)
def test_a_sealed_roll_stays_as_it_is(statement: str) -> None:
    lead = official()
    roll = draft(lead)
    before = refused(statement, roll.id)
    assert before != "dure.roll_is_sealed", "negative control: a draft may change"
    seal(roll, lead)
    assert refused(statement, roll.id) == "dure.roll_is_sealed"


def test_a_wrong_hash_seals_nothing() -> None:
    roll = draft(official())
    statement = (
        "UPDATE governance_roll SET state = 'sealed', sealed_at = dure_now(),"
        " sha256 = repeat('0', 64) WHERE id = %s"
    )
    assert refused(statement, roll.id) == "dure.roll_hash"


def test_objections_are_made_answered_and_bar_the_sealing(clock: Clock) -> None:
    lead, outsider = official(), person_with(Role.RESIDENT, district=JONGNO)
    roll = draft(lead, objection_days=7)
    body = {"roll_id": str(roll.id), "kind": "missing", "text": "지난달에 이사 왔어요"}
    asked = run("governance.roll.object", body, outsider).result
    with pytest.raises(Refusal) as caught:
        run("governance.roll.object", body, outsider)
    assert caught.value.name == "governance.objected"
    clock.move(days=7)
    late = {**body, "kind": "remove"}
    with pytest.raises(Refusal) as caught:
        run("governance.roll.object", late, outsider)
    assert caught.value.name == "governance.roll_closed"
    with pytest.raises(Refusal) as caught:
        seal(roll, lead)
    assert caught.value.name == "governance.roll_unanswered"
    answer = {"objection_id": asked.id, "granted": True, "text": "전입을 확인했습니다"}
    run("governance.roll.answer", answer, lead)
    with pytest.raises(Refusal) as caught:
        run("governance.roll.answer", answer, lead)
    assert caught.value.name == "governance.answered"
    sealed = seal(roll, lead)
    assert outsider.id in on(sealed)
    assert sealed.voting_count == RollEntry.rows.filter(roll=roll).count()
    view = rolls.roll_of("test.matter", roll.subject_id)
    assert view is not None
    mine = rolls.standing_of(view, outsider.id)
    assert (mine.may_vote, mine.ground) == (True, "objection")
    assert [o.granted for o in mine.objections] == [True]


def test_not_before_the_objections_end() -> None:
    lead = official()
    roll = draft(lead, objection_days=7)
    with pytest.raises(Refusal) as caught:
        seal(roll, lead)
    assert caught.value.name == "governance.roll_open"


def test_one_person_alone_seals_nothing() -> None:
    lead = official()
    roll = draft(lead)
    with pytest.raises(Refusal) as caught:
        run("governance.roll.seal", {"roll_id": str(roll.id), "district": MAPO}, lead)
    assert caught.value.name == "core.second_person"
    assert Roll.rows.get(id=roll.id).state == "draft"
    with pytest.raises(Refusal):
        seal(roll, lead, lead)
    assert Roll.rows.get(id=roll.id).state == "draft"


def test_a_correction_names_the_roll_it_replaces_and_why() -> None:
    lead = official()
    first = seal(draft(lead), lead)
    body = {"subject_id": str(first.subject_id), "replaces_id": str(first.id)}
    with pytest.raises(Refusal) as caught:
        draft(lead, **body)
    assert caught.value.name == "core.reason_required"
    second = draft(lead, **body, why="한 동이 빠졌습니다")
    assert (second.replaces_id, second.replaces_why) == (first.id, "한 동이 빠졌습니다")
    view = rolls.roll_of("test.matter", first.subject_id)
    assert view is not None and view.id == first.id, "the sealed one counts until then"


def test_a_new_draft_drops_the_old_one() -> None:
    lead = official()
    old = draft(lead)
    new = draft(lead, subject_id=str(old.subject_id))
    states = {r.id: r.state for r in Roll.rows.filter(subject_id=old.subject_id)}
    assert states == {old.id: "dropped", new.id: "draft"}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"as_of": "2026-03-03"}, "governance.roll_rule"),
        ({"rule": {"basis": "members"}}, "governance.roll_rule"),
        ({"district": "99999"}, "core.not_found"),
        ({"organisation_id": str(uuid4())}, "core.not_found"),
        ({"rule": {**RESIDENTS, "age_min": -1}}, "core.bad_field"),
        ({"rule": {**RESIDENTS, "secret": 1}}, "core.bad_field"),
    ],
)
def test_bad_drafts_are_refused_and_leave_nothing(more: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as caught:
        draft(official(), **{"rule": RESIDENTS, **more})
    assert caught.value.name == code
    assert Roll.rows.count() == 0
    assert RollEntry.rows.count() == 0


def test_nobody_on_it_seals_nothing() -> None:
    lead = official()
    roll = draft(lead, {**RESIDENTS, "dong": "1144000000"})
    with pytest.raises(Refusal) as caught:
        seal(roll, lead)
    assert caught.value.name == "governance.roll_empty"


def test_as_of_is_the_day_in_seoul(clock: Clock) -> None:
    clock.at("2026-03-02T23:30:00+00:00")
    assert draft(official(), as_of="2026-03-03").as_of == date(2026, 3, 2) + timedelta(days=1)
