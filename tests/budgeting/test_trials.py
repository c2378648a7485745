"""The paper before the vote and trial counts: as it will be, and nothing of them is kept."""

from __future__ import annotations

import pytest
from django.db import connection

from dure.budgeting.models import Call
from dure.budgeting.queries import papers, trials
from dure.core import clock as time
from dure.core import door
from dure.core.actions import run
from dure.core.actors import Actor
from tests.budgeting.calls import NOW, Round, frozen, official, resident, voting, with_projects
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.harness.people import JONGNO, MAPO, district

pytestmark = pytest.mark.django_db
KINDS = {
    "approval": {"kind": "approval", "marks_min": 1, "marks_max": 2},
    "choose-1": {"kind": "choose-1", "marks_min": 1},
    "cumulative": {"kind": "cumulative", "marks_min": 1, "points_max": 4, "points_sum": 5},
    "ordinal": {"kind": "ordinal", "marks_min": 2, "marks_max": 3},
    "knapsack": {"kind": "knapsack", "marks_min": 1, "spend_max_won": 40_000_000},
}
COSTS = (10_000_000, 20_000_000, 30_000_000, 450_000_000)


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)
    district(MAPO)
    district(JONGNO)


def known(actor: Actor) -> Actor:
    return door.load_grants(actor, time.now())


def rows() -> dict[str, int]:
    """How many rows every table holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r'"
                       " AND relnamespace = 'public'::regnamespace")  # fmt: skip
        names = [name for (name,) in cursor.fetchall()]
        cursor.execute(
            " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in names)
        )
        return dict(cursor.fetchall())


def tried(here: Round, voters: int = 60, seed: int = 1) -> trials.Trial:
    found = trials.trial(here.call.pk, known(here.lead), voters=voters, seed=seed)
    assert found is not None
    return found


def changed(here: Round, **more: object) -> None:
    run("budgeting.call.change", {"call_id": here.id, **more}, here.lead, reason="시험합니다")


@pytest.mark.parametrize("kind", KINDS)
def test_invented_ballots_pass_the_check_of_a_real_one(kind: str) -> None:
    here = with_projects(*COSTS)
    changed(here, ballot=KINDS[kind])
    drawn = trials.ballots_of(here.call, 60, 5)[""]
    assert len(drawn) == 60
    with connection.cursor() as cursor:
        for one in drawn:
            points = list(one.points) if one.points else None
            cursor.execute("SELECT budgeting_choice_fault(%s, '', %s, %s)",
                           (here.id, list(one.items), points))  # fmt: skip
            assert cursor.fetchone() == (None,)
        cursor.execute("SELECT budgeting_choice_fault(%s, '', %s, NULL)", (here.id, ["1", "9"]))
        assert cursor.fetchone() == ("dure.choice_unknown",)


def test_a_trial_counts_by_the_calls_rule_and_leaves_nothing() -> None:
    here = with_projects(*COSTS)
    before = rows()
    found = tried(here)
    (part,) = found.parts
    assert (part.ballot_count, part.budget_won) == (60, 500_000_000)
    assert part.spent_won + part.left_won == part.budget_won
    order = [line.votes for line in part.lines if line.place]
    assert order == sorted(order, reverse=True), "greedy: most votes first"
    assert tried(here) == found
    assert tried(here, seed=2) != found
    assert rows() == before
    with given() as audit:
        copy = here.call
        copy.title, copy.audit = "바뀜", audit
        copy.save()
    assert Call.rows.get(id=here.id).state == "listed"


def test_the_comparison_of_rows_would_see_a_row() -> None:
    here = with_projects(*COSTS)
    before = rows()
    changed(here, title="다른 이름")
    assert rows() != before


def test_voters_of_a_neighbourhood_vote_on_its_money() -> None:
    here = with_projects(*COSTS)
    money = [{"code": "gu", "name": "구", "amount_won": 500_000_000},
             {"code": "a", "name": "가동", "amount_won": 1_000, "part": "1144055500"},
             {"code": "b", "name": "나동", "amount_won": 1_000, "part": "1144056500"}]  # fmt: skip
    run("budgeting.envelope.set", {"call_id": here.id, "envelopes": money}, here.lead,
        reason="동마다 나눕니다")  # fmt: skip
    counts = [part.ballot_count for part in tried(here).parts]
    assert counts[0] == 60 == sum(counts[1:])
    assert min(counts) >= 1


def test_a_rule_or_ballot_that_cannot_be_counted_is_told() -> None:
    here = with_projects(*COSTS)
    changed(here, ballot={"kind": "knapsack", "marks_min": 2, "spend_max_won": 15_000_000})
    assert tried(here).fault == trials.NO_BALLOT
    weights = [{"measure": "survey", "ppm": 1_000_000, "norm": "raw"}]
    changed(here, ballot=KINDS["approval"],
            rule={"name": "scores", "ties": ["lot"], "weights": weights})  # fmt: skip
    fault = tried(here).fault
    assert fault is not None
    assert "survey" in fault.en


def test_only_who_keeps_the_call_tries_and_only_before_the_vote() -> None:
    here = frozen()
    for actor in (Actor.anonymous(), resident(), official(JONGNO)):
        assert trials.trial(here.call.pk, known(actor), voters=1, seed=0) is None
        assert papers.preview(here.call.pk, known(actor)) is None
    assert tried(here).voters == 60
    here.do("vote")
    assert trials.trial(here.call.pk, known(here.lead), voters=1, seed=0) is None
    assert papers.preview(here.call.pk, known(here.lead)) is None


def test_the_preview_is_the_voters_paper() -> None:
    voter = resident()
    here = voting(*COSTS)
    real = papers.paper(here.call.pk, known(voter))
    other = with_projects(*COSTS)
    shown = papers.preview(other.call.pk, known(other.lead))
    assert real is not None and shown is not None
    for name in ("kind", "sentence", "marks_min", "marks_max", "may_revote", "is_open"):
        assert getattr(real, name) == getattr(shown, name), name
    codes = [sorted(row.code for row in rows) for _, rows in shown.groups]
    assert codes == [sorted(row.code for row in rows) for _, rows in real.groups]
