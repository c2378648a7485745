"""Following winners up: photos, delays with a reason, amounts changed by two people, silence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from dure.budgeting.closing import open_award_count
from dure.budgeting.models import Award, AwardChange, AwardReport
from dure.budgeting.queries import awards, photos
from dure.budgeting.queries.awards import AwardView
from dure.core import clock as time
from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.core.models import Upload
from dure.core.stored import path_of
from tests.budgeting.calls import NOW, Round, official, projects, resident, seconded, staff, voting
from tests.engines.test_pictures import SECRET, jpeg
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.harness.people import JONGNO, MAPO, district

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(clock: Clock) -> Round:
    """A published round of two winners, 100 and 200 million of 500."""
    clock.at(NOW)
    district(MAPO)
    district(JONGNO)
    voter = resident()
    made = voting(100_000_000, 200_000_000)
    codes = [one.code for one in projects(made)]
    run("budgeting.ballot.cast", {"call_id": made.id, "items": codes}, voter)
    made.do("close")
    result = run("budgeting.result.compute", {"call_id": made.id}, made.lead).result
    seconded("budgeting.result.publish", {"result_id": result.id, "district": MAPO},
             made.lead, made.second)  # fmt: skip
    return made


def seen(here: Round) -> tuple[AwardView, ...]:
    return awards.awards(here.id, Actor.anonymous())


def report(here: Round, actor: Actor | None = None, **more: Any) -> Any:  # Any: a body
    body = {"award_id": str(seen(here)[0].id), "text": "터를 닦았습니다", **more}
    return run("budgeting.award.report", body, actor or here.lead).result


def change(here: Round, won: int, at: int = 0) -> None:
    body = {"award_id": str(seen(here)[at].id), "district": MAPO, "amount_won": won,
            "reason_code": "price"}  # fmt: skip
    seconded("budgeting.award.change", body, here.lead, here.second)


def refused(call: Any, *args: Any, **more: Any) -> str:  # Any: an action
    with pytest.raises(Refusal) as caught:
        call(*args, **more)
    return str(caught.value.name)


def test_a_photo_of_a_report_is_stripped_and_public(here: Round) -> None:
    keeper = staff()
    made = run("budgeting.photo.store", {"content": jpeg(turn=6)}, keeper).result.id
    assert photos.photo(made, Actor.anonymous()) is None
    report(here, keeper, photos=[{"upload_id": made, "alt": "닦은 터"}])
    assert seen(here)[0].reports[0].photos[0][1] == "닦은 터"
    shown = photos.photo(made, Actor.anonymous())
    assert shown is not None
    assert SECRET in jpeg(turn=6), "control: the camera wrote it"
    assert SECRET not in path_of(Upload.rows.get(id=made).sha256).read_bytes()


def test_a_photo_of_somebody_else_or_twice_is_refused(here: Round) -> None:
    made = run("budgeting.photo.store", {"content": jpeg()}, resident()).result.id
    one = {"upload_id": made, "alt": "남의 것"}
    assert refused(report, here, photos=[one]) == "budgeting.photo"
    own = {**one, "upload_id": run("budgeting.photo.store", {"content": jpeg()},
                                   here.lead).result.id}  # fmt: skip
    assert refused(report, here, photos=[own, own]) == "budgeting.photo"
    assert AwardReport.rows.count() == 0


def test_a_delay_has_a_reason_and_a_new_day(here: Round) -> None:
    day = (time.today() + timedelta(days=40)).isoformat()
    assert refused(report, here, delay_code="permit") == "budgeting.delay_in_part"
    assert refused(report, here, next_due_on=day) == "budgeting.delay_in_part"
    assert refused(report, here, delay_code="mood", next_due_on=day) == "core.bad_field"
    report(here, delay_code="permit", next_due_on=day)
    told = seen(here)[0].reports[0]
    assert told.delay_text is not None
    assert (told.delay_text.en, str(told.next_due_on)) == ("Permits or procedure", day)


def test_an_amount_is_changed_by_two_people_within_the_envelope(here: Round) -> None:
    body = {"award_id": str(seen(here)[0].id), "district": MAPO, "amount_won": 300_000_000,
            "reason_code": "price"}  # fmt: skip
    name = "budgeting.award.change"
    assert refused(run, name, body, here.lead) == "core.reason_required"
    with pytest.raises(Refusal) as caught:
        run(name, body, here.lead, reason="자재값이 올랐습니다")
    assert caught.value.name == "core.second_person"
    decision = {"approval_id": caught.value.places["approval"], "outcome": "approve"}
    with pytest.raises(Refusal):
        run("registry.approval.decide", decision, here.lead)
    assert AwardChange.rows.count() == 0, "one person alone changes nothing"
    run("registry.approval.decide", decision, here.second)
    first = seen(here)[0]
    assert (first.awarded_won, first.amount_won) == (100_000_000, 300_000_000)
    assert [(one.old_won, one.new_won, one.reason_text.en) for one in first.amounts] == [
        (100_000_000, 300_000_000, "Prices rose or fell")
    ]
    change(here, 299_999_999)
    assert [one.new_won for one in seen(here)[0].amounts] == [300_000_000, 299_999_999]


def test_winners_never_pass_their_envelope_even_by_sql(here: Round) -> None:
    change(here, 300_000_000)
    one, other = (Award.rows.get(id=row.id) for row in seen(here))
    assert over(one, 300_000_001) == "dure.award_over_envelope"
    assert over(other, 200_000_001) == "dure.award_over_envelope"
    assert over(other, 200_000_000) == ""


def over(award: Award, won: int) -> str:
    """What the database says to a change as a row."""
    try:
        with transaction.atomic(), given() as audit:
            AwardChange.rows.create(award=award, kind="amount", amount_won=won, by=award.id,
                                    reason_code="price", reason="값이 올랐습니다",
                                    at=time.now(), audit=audit)  # fmt: skip
    except DatabaseError as error:
        return str(error).splitlines()[0]
    return ""


def test_refusals_of_a_change(here: Round) -> None:
    paid = {"spent_on": "2026-03-02", "purpose": "설계", "document": "지출-1"}
    report(here, spent_won=60_000_000, **paid)
    for won, code in ((100_000_000, "budgeting.award_same_amount"),
                      (300_000_001, "budgeting.award_over_envelope"),
                      (59_999_999, "budgeting.spending_over_award")):  # fmt: skip
        assert refused(approved, here, won) == code
    assert AwardChange.rows.count() == 0
    report(here, finished=True)
    assert refused(approved, here, 90_000_000) == "budgeting.award_over"
    body = {"award_id": str(seen(here)[0].id), "district": MAPO, "amount_won": 1,
            "reason_code": "price"}  # fmt: skip
    for actor, code in ((staff(), "core.not_allowed"), (official(JONGNO), "core.not_found")):
        assert refused(run, "budgeting.award.change", body, actor, reason="값이 올랐습니다") == code


def approved(here: Round, won: int) -> None:
    """Ask and approve, or be refused by either."""
    body = {"award_id": str(seen(here)[0].id), "district": MAPO, "amount_won": won,
            "reason_code": "price"}  # fmt: skip
    try:
        run("budgeting.award.change", body, here.lead, reason="값이 올랐습니다")
    except Refusal as refusal:
        if refusal.name != "core.second_person":
            raise
        decision = {"approval_id": refusal.places["approval"], "outcome": "approve"}
        run("registry.approval.decide", decision, here.second)


def test_a_cancelled_winner_frees_what_it_did_not_spend(here: Round) -> None:
    paid = {"spent_on": "2026-03-02", "purpose": "설계", "document": "지출-1"}
    report(here, spent_won=10_000_000, **paid)
    body = {"award_id": str(seen(here)[0].id), "district": MAPO, "reason_code": "land",
            "lesson": "먼저 땅 주인을 만납니다"}  # fmt: skip
    seconded("budgeting.award.cancel", body, here.lead, here.second)
    other = Award.rows.get(id=seen(here)[1].id)
    assert over(other, 490_000_001) == "dure.award_over_envelope"
    assert over(other, 490_000_000) == ""


def test_silence_is_shown_with_its_days_and_the_last_word(here: Round, clock: Clock) -> None:
    flag = Actor.timer("budgeting.award.flag")
    begun = seen(here)[0].heard_at
    clock.at(begun + timedelta(days=90) - timedelta(seconds=1))
    assert run("budgeting.award.flag", {}, flag).result.flagged == 0
    clock.at(begun + timedelta(days=90))
    assert run("budgeting.award.flag", {}, flag).result.flagged == 2
    assert [(row.is_silent, row.silent_days, row.heard_at) for row in seen(here)] == [
        (True, 90, begun)
    ] * 2
    report(here)
    assert [row.is_silent for row in seen(here)] == [False, True]
    assert seen(here)[0].heard_at == time.now()


def test_winners_stand_until_the_correction_is_published(here: Round) -> None:
    before = [one.id for one in seen(here)]
    assert len(before) == 2
    body = {"call_id": here.id, "replaces_why": "종이 표가 빠졌습니다"}
    for _ in range(2):
        result = run("budgeting.result.compute", body, here.lead).result
        assert [one.id for one in seen(here)] == before, "the public sees the published result"
        assert open_award_count(here.call) == 2
    seconded("budgeting.result.publish", {"result_id": result.id, "district": MAPO},
             here.lead, here.second)  # fmt: skip
    after = [one.id for one in seen(here)]
    assert len(after) == 2
    assert not set(after) & set(before)
    spent = {"text": "냈습니다", "spent_won": 1_000_000, "spent_on": str(time.today()),
             "purpose": "설계", "document": "2026-1"}  # fmt: skip
    name = "budgeting.award.report"
    assert refused(run, name, {"award_id": str(before[0]), **spent}, here.lead) == (
        "core.not_found"
    ), "the money of an envelope is not spent twice"
    run(name, {"award_id": str(after[0]), **spent}, here.lead)
