"""A call from draft to vote."""

from __future__ import annotations

import pytest

from dure.budgeting.models import Call
from dure.core.actions import run
from tests.budgeting.calls import NOW, body_of, official, voting
from tests.harness.clock import Clock
from tests.harness.people import MAPO, district

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)
    district(MAPO)


def test_draft_takes_the_template() -> None:
    actor = official()
    made = run("budgeting.call.draft", body_of(), actor).result
    call = Call.rows.get(id=made.id)
    assert (call.state, call.ballot_kind, call.marks_max) == ("draft", "approval", 5)
    assert [(e.code, e.amount_won) for e in call.envelopes.all()] == [("gu", 500_000_000)]
    assert call.rule["name"] == "greedy"


def test_whole_way_to_the_vote() -> None:
    here = voting(10_000_000, 20_000_000)
    call = here.call
    assert call.state == "voting"
    assert call.roll.state == "sealed"
    assert call.rule_set.sha256
