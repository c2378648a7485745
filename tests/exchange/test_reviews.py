"""Reviews: from lists alone, seen late or together, added up late, and never by oneself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from dure.core import clock as core_clock
from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.door import load_grants
from dure.core.errors import Refusal
from dure.core.models import Notice
from dure.exchange.models import Agreement, Attestation
from dure.exchange.queries import happenings, reviews
from tests.exchange.neighbours import NOW, Bank, ask, bank, offer, step
from tests.harness.clock import Clock
from tests.harness.people import JONGNO, MAPO, person_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(clock: Clock) -> Bank:
    clock.at(NOW)
    return bank()


def ended(here: Bank, ben: Actor | None = None) -> tuple[Actor, Actor, str]:
    """Who asked, who did, and their settled case."""
    anna, ben = here.neighbour(), ben or here.neighbour()
    case = ask(anna, offer(ben), 30)
    step(ben, case, "accept")
    step(ben, case, "claim", minutes=30)
    step(anna, case, "confirm")
    return anna, ben, case


def write(actor: Actor, of: Actor, case: str, points: int = 3, words: tuple[str, ...] = ()) -> str:
    body = {"agreement_id": case, "of": str(of.id), "points": points, "words": words}
    return str(run("exchange.review.write", body, actor, key=str(uuid4())).result.id)


def said(actor: Actor, name: str, review: str, code: str, reason: str | None = None) -> None:
    body = {"review_id": review, "code": code}
    run(f"exchange.review.{name}", body, actor, key=str(uuid4()), reason=reason)


def seen(person: Actor) -> list[int]:
    assert person.id is not None
    return [one.points for one in reviews.of_person(person.id)]


def test_one_side_is_seen_after_two_weeks_and_both_at_once(here: Bank, clock: Clock) -> None:
    anna, ben, case = ended(here)
    write(anna, ben, case, 2)
    assert seen(ben) == []
    assert Notice.rows.filter(person=ben.id, template="exchange.reviewed").count() == 1
    clock.at(core_clock.now() + timedelta(days=14, seconds=-1))
    assert seen(ben) == []
    clock.at(core_clock.now() + timedelta(seconds=1))
    assert seen(ben) == [2]
    write(ben, anna, case, 3)
    assert (seen(anna), seen(ben)) == ([3], [2])


def test_once_for_each_of_the_others_and_only_in_time(here: Bank, clock: Clock) -> None:
    anna, ben, case = ended(here)
    write(anna, ben, case)
    for actor, of in ((anna, ben), (anna, anna), (ben, here.neighbour())):
        with pytest.raises(Refusal, match=r"exchange\.no_review"):
            write(actor, of, case)
    clock.at(core_clock.now() + timedelta(days=30, seconds=1))
    with pytest.raises(Refusal, match=r"exchange\.no_review"):
        write(ben, anna, case)


def test_nothing_is_said_of_a_case_that_runs_or_in_which_nothing_happened(here: Bank) -> None:
    anna, ben = here.neighbour(), here.neighbour()
    running, declined = ask(anna, offer(ben), 30), ask(anna, offer(ben), 30)
    step(ben, declined, "decline")
    for case in (running, declined):
        with pytest.raises(Refusal, match=r"exchange\.no_review"):
            write(anna, ben, case)


def test_strangers_and_staff_write_none(here: Bank) -> None:
    anna, ben, case = ended(here)
    with pytest.raises(Refusal):
        write(here.neighbour(), ben, case)
    with pytest.raises(Refusal, match=r"core\.not_allowed"):
        write(person_with(Role.STAFF, district=MAPO), anna, case)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("points", 0), ("points", 4), ("points", "3"), ("words", ("불친절",)),
        ("words", ("kind", "clear", "careful", "on_time")), ("words", ("010-1234-5678",)),
    ],
)  # fmt: skip
def test_only_what_is_on_the_lists_is_taken(here: Bank, field: str, value: object) -> None:
    anna, ben, case = ended(here)
    body = {"agreement_id": case, "of": str(ben.id), "points": 3, "words": ()}
    with pytest.raises(Refusal, match=r"core\."):
        run("exchange.review.write", {**body, field: value}, anna)
    assert not Attestation.rows.filter(kind="review").exists()


def test_no_sums_below_five_different_writers(here: Bank) -> None:
    ben = here.neighbour(hi=None)
    assert ben.id is not None
    writers = [ended(here, ben) for _ in range(5)]
    for number, (anna, _, case) in enumerate(writers):
        assert reviews.sums_of(ben.id) is None
        write(anna, ben, case, 3 if number else 1, ("kind",))
        write(ben, anna, case)
    found = reviews.sums_of(ben.id)
    assert found is not None
    assert (found.writers, dict(found.points), dict(found.words)) == (
        5,
        {3: 4, 2: 0, 1: 1},
        {"kind": 5},
    )


def test_five_reviews_by_one_neighbour_are_one_writer(here: Bank) -> None:
    anna, ben = here.neighbour(), here.neighbour()
    assert ben.id is not None
    for _ in range(5):
        case = ask(anna, offer(ben), 15)
        step(ben, case, "accept")
        step(ben, case, "claim", minutes=15)
        step(anna, case, "confirm")
        write(anna, ben, case)
        write(ben, anna, case)
    assert len(seen(ben)) == 5
    assert reviews.sums_of(ben.id) is None


def test_an_objection_hides_it_until_somebody_else_has_looked(here: Bank) -> None:
    anna, ben, case = ended(here)
    review = write(anna, ben, case, 1)
    write(ben, anna, case)
    said(ben, "reply", review, "differs")
    with pytest.raises(Refusal, match=r"exchange\.review_settled"):
        said(ben, "reply", review, "thanks")
    said(ben, "object", review, "untrue")
    assert seen(ben) == []
    keeper = load_grants(person_with(Role.STAFF, district=MAPO), core_clock.now())
    assert [str(one.uid) for one in reviews.objected(keeper)] == [review]
    with pytest.raises(Refusal):
        said(person_with(Role.STAFF, district=JONGNO), "rule", review, "stands", "살펴보았습니다")
    with pytest.raises(Refusal, match=r"core\.reason"):
        said(keeper, "rule", review, "stands")
    said(keeper, "rule", review, "stands", "약속 기록과 맞습니다")
    assert seen(ben) == [1]
    assert reviews.objected(keeper) == []
    with pytest.raises(Refusal, match=r"exchange\.review_settled"):
        said(keeper, "rule", review, "hidden", "다시 살펴봄")


def test_what_was_ruled_out_is_not_counted(here: Bank) -> None:
    anna, ben, case = ended(here)
    review = write(anna, ben, case, 1)
    write(ben, anna, case)
    said(ben, "object", review, "another")
    said(person_with(Role.STAFF, district=MAPO), "rule", review, "hidden", "다른 사람 이야기")
    assert seen(ben) == []
    assert [one.ruling for one in reviews.written_by(anna)] == ["hidden"]


def test_nobody_answers_objects_or_rules_for_another(here: Bank) -> None:
    anna, ben, case = ended(here)
    review = write(anna, ben, case, 1)
    for name, code in (("reply", "thanks"), ("object", "untrue")):
        with pytest.raises(Refusal, match=r"core\.not_allowed"):
            said(anna, name, review, code)
    keeper = person_with(Role.STAFF, district=MAPO)
    assert keeper.id is not None
    assert Agreement.rows.get(pk=case).closed_at is not None
    with pytest.raises(Refusal, match=r"exchange\.review_settled"):
        said(keeper, "rule", review, "hidden", "이의가 없었습니다")


def test_who_acts_for_the_other_side_writes_nothing_about_herself(here: Bank) -> None:
    anna, ben, case = ended(here)
    assert anna.id is not None
    acting = replace(ben, acting_for=anna.id)
    found = Agreement.rows.get(pk=case)
    assert reviews.others(found, anna) == [ben.id]
    assert reviews.others(found, acting) == []


def test_reviews_are_told_in_no_history_and_the_ruling_says_why(here: Bank) -> None:
    anna, ben, case = ended(here)
    found = Agreement.rows.get(pk=case)
    before = (happenings.history(found), happenings.attested(found))
    review = write(anna, ben, case, 1)
    write(ben, anna, case)
    said(ben, "reply", review, "differs")
    said(ben, "object", review, "untrue")
    keeper = person_with(Role.STAFF, district=MAPO)
    said(keeper, "rule", review, "stands", "약속 기록과 맞습니다")
    assert (happenings.history(found), happenings.attested(found)) == before
    assert ben.id is not None
    for told in (reviews.about(ben.id), reviews.written_by(anna)):
        assert [one.ruling_why for one in told] == ["약속 기록과 맞습니다"]
