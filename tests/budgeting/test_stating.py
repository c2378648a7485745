"""What rounds state to the journal: counts and won, once, and taken back when they were wrong."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import F, Sum

from dure.budgeting.models import Award, Spending
from dure.budgeting.queries.ballots import turnout
from dure.core.actions import run
from dure.core.errors import Refusal
from dure.journal.models import Event
from tests.budgeting.calls import NOW, Round, official, projects, resident, seconded, voting
from tests.harness.clock import Clock
from tests.harness.people import MAPO, district

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demo(clock: Clock, settings: Any) -> None:  # Any: pytest-django's own
    """In the demo synthetic rounds state too; nobody need wait for dates."""
    clock.at(NOW)
    district(MAPO)
    settings.DEMO = True


def sums(label: str) -> int:
    """Sum of sign x quantity under one label."""
    rows = Event.rows.filter(label__code=label)
    return int(rows.aggregate(n=Sum(F("sign") * F("qty")))["n"] or 0)


def voted() -> Round:
    """Three voters, one of whom changes her ballot before the close."""
    voters = [resident() for _ in range(3)]
    here = voting(300_000_000, 150_000_000)
    first, second = (one.code for one in projects(here))
    for voter, items in zip(voters, ([first], [first, second], [second]), strict=True):
        run("budgeting.ballot.cast", {"call_id": here.id, "items": items}, voter)
    run("budgeting.ballot.cast", {"call_id": here.id, "items": [first]}, voters[2])
    here.do("close")
    return here


def published(here: Round, **more: Any) -> None:  # Any: of a body
    made = run("budgeting.result.compute", {"call_id": here.id, **more}, here.lead).result
    body = {"result_id": made.id, "district": MAPO}
    seconded("budgeting.result.publish", body, here.lead, here.second)


def test_the_close_states_counts_and_never_a_person() -> None:
    here = voted()
    events = list(Event.rows.filter(label__code__startswith="vote."))
    assert sums("vote.eligible") == sum(one.on_roll for one in turnout(here.call)) > 3
    assert sums("vote.cast") == 3  # one changed her ballot and counts once
    assert {event.district for event in events} == {MAPO}
    assert {event.evidence for event in events} == {"C"}
    assert all(event.giver_key is None and event.taker_key is None for event in events)
    assert {event.proof for event in events} == {here.call.roll_id}
    assert {event.dims["matter"] for event in events if event.dims} == {"budget"}


def test_a_trial_round_states_nothing_outside_the_demo(settings: Any) -> None:  # Any: as above
    settings.DEMO = False
    published(voted())
    assert not Event.rows.filter(label__code__regex="^(vote|budget)").exists()


def test_publication_states_the_won_of_each_winner() -> None:
    here = voted()
    assert sums("budget.awarded") == 0
    published(here)
    assert sums("budget.awarded") == 450_000_000
    award = Award.rows.get(position=1)
    event = Event.rows.get(source=f"budgeting.award:{award.id}:awarded")
    assert (event.qty, event.dims, event.proof) == (
        300_000_000, {"field": "none", "money": "district"}, award.result_id,
    )  # fmt: skip


def test_a_corrected_result_takes_back_what_was_stated() -> None:
    here = voted()
    published(here)
    published(here, replaces_why="명부를 다시 보았습니다")
    assert sums("budget.awarded") == 450_000_000
    assert Event.rows.filter(label__code="budget.awarded").count() == 6
    # a correction that nobody published states nothing, and the next one skips it
    run("budgeting.result.compute", {"call_id": here.id, "replaces_why": "셋째"}, here.lead)
    published(here, replaces_why="넷째")
    assert sums("budget.awarded") == 450_000_000


def changed(here: Round, award: Award, won: int) -> None:
    """Another amount, asked by one and approved by the other."""
    body = {"award_id": str(award.id), "district": MAPO, "amount_won": won, "reason_code": "bid"}
    seconded("budgeting.award.change", body, here.lead, here.second)


def test_a_changed_amount_stands_for_the_old_one_at_the_time_of_the_result(clock: Clock) -> None:
    here = voted()
    published(here)
    award = Award.rows.get(position=1)
    clock.at("2026-06-01T09:00:00+09:00")
    changed(here, award, 200_000_000)
    assert sums("budget.awarded") == 350_000_000
    changed(here, award, 250_000_000)
    rows = Event.rows.filter(label__code="budget.awarded", case_id=award.id).order_by("seq")
    assert [(row.sign, row.qty) for row in rows] == [
        (1, 300_000_000), (-1, 300_000_000), (1, 200_000_000), (-1, 200_000_000), (1, 250_000_000),
    ]  # fmt: skip
    assert {row.ended for row in rows} == {award.at}, "it stays in the period of its result"
    assert rows[2].proof != award.result_id and rows[2].dims == rows[0].dims
    with pytest.raises(Refusal):  # the same amount once more states nothing
        run("budgeting.award.change", {"award_id": str(award.id), "district": MAPO,
            "amount_won": 250_000_000, "reason_code": "bid"}, here.lead, reason="또")  # fmt: skip
    assert sums("budget.awarded") == 400_000_000
    published(here, replaces_why="명부를 다시 보았습니다")
    assert sums("budget.awarded") == 450_000_000, "a corrected result takes back what stands"
    with pytest.raises(Refusal):  # of the result before
        run("budgeting.award.change", {"award_id": str(award.id), "district": MAPO,
            "amount_won": 100_000_000, "reason_code": "bid"}, here.lead, reason="또")  # fmt: skip
    assert sums("budget.awarded") == 450_000_000


def test_an_amount_of_a_trial_round_states_nothing(settings: Any) -> None:  # Any: as above
    settings.DEMO = False
    here = voted()
    published(here)
    changed(here, Award.rows.get(position=1), 200_000_000)
    assert not Event.rows.filter(label__code="budget.awarded").exists()


def test_spending_is_stated_on_its_day_and_reversed_when_taken_back() -> None:
    here = voted()
    published(here)
    award = Award.rows.get(position=1)
    body = {
        "award_id": str(award.id),
        "text": "설계를 맡겼습니다",
        "spent_won": 3_000_000,
        "spent_on": "2026-03-01",
        "purpose": "설계",
        "document": "2026-17",
    }
    run("budgeting.award.report", body, here.lead)
    assert sums("budget.spent") == 3_000_000
    event = Event.rows.get(label__code="budget.spent")
    assert event.on_date.isoformat() == "2026-03-01"
    spending = Spending.rows.get()
    back = {"spending_id": str(spending.id)}
    run("budgeting.spending.take_back", back, here.lead, reason="다른 사업의 영수증입니다")
    assert sums("budget.spent") == 0
    assert Spending.rows.aggregate(n=Sum("amount_won"))["n"] == 0
    with pytest.raises(Refusal) as caught:
        run("budgeting.spending.take_back", back, here.lead, reason="또 한 번")
    assert caught.value.name == "budgeting.spending_taken_back_already"
    again = {"spending_id": str(Spending.rows.get(takes_back=spending).id)}
    with pytest.raises(Refusal):
        run("budgeting.spending.take_back", again, here.lead, reason="되돌린 것을 되돌리기")
    with pytest.raises(Refusal):
        run("budgeting.spending.take_back", back, official("11680"), reason="다른 구")


def test_money_of_tomorrow_is_refused() -> None:
    here = voted()
    published(here)
    body = {
        "award_id": str(Award.rows.get(position=1).id),
        "text": "설계를 맡겼습니다",
        "spent_won": 3_000_000,
        "spent_on": "2026-03-03",
        "purpose": "설계",
        "document": "2026-17",
    }
    with pytest.raises(Refusal) as caught:
        run("budgeting.award.report", body, here.lead)
    assert caught.value.name == "budgeting.paid_in_the_future"
    assert not Spending.rows.exists()


def test_a_winner_that_is_finished_is_stated_once() -> None:
    here = voted()
    published(here)
    body = {"award_id": str(Award.rows.get(position=1).id), "text": "다 지었습니다"}
    run("budgeting.award.report", {**body, "finished": True}, here.lead)
    assert sums("budget.finished") == 1
