"""Spending on a winner never passes what it was awarded; the database keeps it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from dure.budgeting.models import Award, AwardChange, Result, Spending
from dure.core import clock as time
from tests.budgeting.calls import NOW, Round, projects, with_projects
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.harness.people import MAPO, district

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)
    district(MAPO)


def a_result(here: Round, number: int = 1, **more: Any) -> Result:  # Any: columns
    with given() as audit:
        return Result.rows.create(
            call_id=here.id,
            number=number,
            rule_sha256="a" * 64,
            roll_sha256="b" * 64,
            seed="c" * 64,
            engine_version="test",
            online_count=1,
            paper_count=0,
            computed_at=time.now(),
            audit=audit,
            **more,
        )


@pytest.fixture
def award() -> Award:
    here = with_projects(10_000)
    with given() as audit:
        return Award.rows.create(
            result=a_result(here),
            project=projects(here)[0],
            amount_won=10_000,
            position=1,
            at=time.now(),
            audit=audit,
        )


def spend(award: Award, won: int, **more: Any) -> Spending:  # Any: columns
    with given() as audit:
        return Spending.rows.create(
            award=award,
            amount_won=won,
            paid_on="2026-03-02",
            purpose="의자",
            document="지출결의 1호",
            by=award.id,
            at=time.now(),
            audit=audit,
            **more,
        )


def change(award: Award, won: int) -> AwardChange:
    with given() as audit:
        return AwardChange.rows.create(
            award=award,
            kind="amount",
            amount_won=won,
            reason_code="price",
            reason="자재값이 올랐습니다",
            by=award.id,
            at=time.now(),
            audit=audit,
        )


def refused(call: Any, *args: Any, **kwargs: Any) -> str:  # Any: any write
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        call(*args, **kwargs)
    return str(caught.value).splitlines()[0]


def test_to_the_last_won_and_not_one_more(award: Award) -> None:
    spend(award, 9_999)
    spend(award, 1)
    assert refused(spend, award, 1) == "dure.spending_over_award"
    change(award, 10_001)
    spend(award, 1)
    assert refused(change, award, 10_000) == "dure.spending_over_award"


def test_spending_is_taken_back_whole_and_once(award: Award) -> None:
    first = spend(award, 10_000)
    assert refused(spend, award, -1, takes_back=first) == "dure.spending_taken_back"
    spend(award, -10_000, takes_back=first)
    assert "takes_back" in refused(spend, award, -10_000, takes_back=first)
    spend(award, 10_000)


def test_award_is_of_its_results_call(award: Award) -> None:
    other = with_projects(10_000)
    with given() as audit:
        values = {
            "result": award.result,
            "project": projects(other)[0],
            "amount_won": 1,
            "position": 2,
            "at": time.now(),
            "audit": audit,
        }
    assert refused(_create, Award, values) == "dure.award_of_another_call"


def _create(kind: Any, values: dict[str, Any]) -> None:  # Any: any table
    with given():
        kind.rows.create(**values)


def test_a_correction_says_why(award: Award) -> None:
    here_id = award.result.call_id
    here = Round(str(here_id), None, None)  # type: ignore[arg-type]  # only its id is asked
    assert "says_why" in refused(a_result, here, 2, replaces=award.result)
    a_result(here, 2, replaces=award.result, replaces_why="표를 두 번 세었습니다")
