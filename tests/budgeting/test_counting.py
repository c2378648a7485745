"""From the urn to a published result."""

from __future__ import annotations

import json

import pytest

from dure.budgeting.models import Award, Call, Result, ResultPart
from dure.core.actions import run
from dure.core.errors import Refusal
from dure.engines.pb import pabulib
from tests.budgeting.calls import NOW, Round, projects, resident, seconded, voting
from tests.harness.clock import Clock
from tests.harness.people import MAPO, district

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)
    district(MAPO)


def closed_vote() -> Round:
    """Three voters: two for the first project, one for the second, which no longer fits."""
    voters = [resident() for _ in range(3)]
    here = voting(300_000_000, 250_000_000)
    first, second = (one.code for one in projects(here))
    for voter, items in zip(voters, ([first], [first], [second]), strict=True):
        run("budgeting.ballot.cast", {"call_id": here.id, "items": items}, voter)
    here.do("close")
    return here


def test_a_vote_is_counted_published_and_awarded() -> None:
    here = closed_vote()
    made = run("budgeting.result.compute", {"call_id": here.id}, here.lead).result
    official = ResultPart.rows.get(result=made.id, is_official=True)
    first, second = projects(here)
    assert official.winners == [first.code]
    assert official.scores == {first.code: {"votes": 2}, second.code: {"votes": 1}}
    assert (official.spent_won, official.left_won) == (300_000_000, 200_000_000)
    assert official.explanations[second.code]["supporters"] == 1
    assert official.explanations[first.code]["kind"] == "won"
    beside = ResultPart.rows.filter(result=made.id, is_official=False)
    assert {one.rule_name for one in beside} >= {"mes cost", "mes cardinality", "phragmen"}
    assert pabulib.read(official.input_text.encode()).ballots.count == 3
    assert json.loads(official.certificate)["winners"] == [first.code]
    assert not Award.rows.exists()
    body = {"result_id": made.id, "district": MAPO}
    seconded("budgeting.result.publish", body, here.lead, here.second)
    assert here.call.state == Call.State.PUBLISHED
    assert [(one.project.code, one.amount_won) for one in Award.rows.all()] == [
        (first.code, 300_000_000)
    ]


def test_a_correction_names_what_it_replaces() -> None:
    here = closed_vote()
    run("budgeting.result.compute", {"call_id": here.id}, here.lead)
    with pytest.raises(Refusal) as caught:
        run("budgeting.result.compute", {"call_id": here.id}, here.lead)
    assert caught.value.name == "budgeting.not_ready"
    body = {"call_id": here.id, "replaces_why": "종이 표가 빠졌습니다"}
    run("budgeting.result.compute", body, here.lead)
    second = Result.rows.get(call=here.id, number=2)
    assert second.replaces is not None
    assert second.replaces.number == 1


def test_nothing_is_counted_while_the_vote_is_open() -> None:
    here = voting()
    with pytest.raises(Refusal) as caught:
        run("budgeting.result.compute", {"call_id": here.id}, here.lead)
    assert caught.value.name == "budgeting.wrong_state"
