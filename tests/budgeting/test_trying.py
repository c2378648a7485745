"""Trying out: whole counts of the published ballots, bounded, and the real result beside them."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import replace
from uuid import uuid4

import pytest

from dure.budgeting import trying
from dure.budgeting.models import ResultPart
from dure.budgeting.queries.what_if import try_page, try_view
from dure.budgeting.trying import Asked
from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.engines.pb import pabulib
from dure.engines.pb.election import approvals
from dure.engines.pb.pabulib_writing import write
from dure.engines.pb.tally import tally
from tests.budgeting.calls import NOW, official
from tests.engines.pb.elections import worked
from tests.engines.pb.test_pabulib_writing import META
from tests.harness.clock import Clock
from tests.harness.people import MAPO, district

pytestmark = pytest.mark.django_db
VISITOR = Actor.anonymous()


@pytest.fixture(autouse=True)
def _fresh(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    clock.at(NOW)
    district(MAPO)
    monkeypatch.setattr(trying, "_begun", deque())
    trying._answers.clear()


def imported(rule: dict[str, object] | None = None, content: bytes = b"") -> str:
    """The worked election of the design, counted by greedy unless said otherwise."""
    body = {
        "district": MAPO,
        "title": "지난 투표",
        "year": 2026,
        "source": "시험",
        "content": content or write(replace(worked(), meta=META)).encode(),
        "rule": rule or {"name": "greedy", "ties": ["id"]},
    }
    return str(run("budgeting.election.import", body, official()).result.id)


def test_another_rule_cost_or_budget_is_counted_whole() -> None:
    call = imported()
    shown = try_page(call, None, VISITOR)  # type: ignore[arg-type]  # an id as text will do
    assert shown is not None
    assert shown.part.winners == ["A", "B", "C"]
    shares = try_view(shown, Asked(rule="mes-cost"))
    assert [one.project.code for one in shares.lines if one.place] == ["A", "D"]
    assert (shares.spent_won, shares.come_count, shares.go_count) == (3_000_000, 1, 2)
    cheaper = try_view(shown, Asked(rule="mes-cost", costs=(("B", 1_700_000),)))
    assert "B" in [one.project.code for one in cheaper.lines if one.place]
    dearer = try_view(shown, Asked(rule="mes-cost", costs=(("B", 1_700_001),)))
    assert "B" not in [one.project.code for one in dearer.lines if one.place]
    poor = try_view(shown, Asked(budget_won=2_000_000))
    assert [one.project.code for one in poor.lines if one.place] == ["A"]
    stepped = try_view(shown, Asked(rule="mes-cost", completion="add1", step_won=10_000))
    assert [one.project.code for one in stepped.lines if one.place] == ["A", "D", "C"]
    few = try_view(shown, Asked(rule="greedy-threshold", threshold=5))
    assert [one.project.code for one in few.lines if one.place] == ["A", "B"]


def test_the_same_question_is_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = try_page(imported(), None, VISITOR)  # type: ignore[arg-type]  # as above
    assert shown is not None
    counted = []
    monkeypatch.setattr(trying, "tally", lambda *given: counted.append(1) or tally(*given))
    for _ in range(3):
        try_view(shown, Asked(rule="phragmen"))
    assert len(counted) == 1


def test_a_process_counts_only_so_often_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trying, "COUNTS_A_MINUTE", 2)
    shown = try_page(imported(), None, VISITOR)  # type: ignore[arg-type]  # as above
    assert shown is not None
    for won in (1, 2):
        try_view(shown, Asked(budget_won=won))
    with pytest.raises(Refusal) as caught:
        try_view(shown, Asked(budget_won=3))
    assert caught.value.name == "core.too_many"
    try_view(shown, Asked(budget_won=2))  # what was counted stays


def test_a_question_of_too_many_runs_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = try_page(imported(), None, VISITOR)  # type: ignore[arg-type]  # as above
    assert shown is not None
    asked = Asked(rule="mes-cost", completion="add1", step_won=10_000)
    monkeypatch.setattr(trying, "TRACED_MAX", 2)
    with pytest.raises(Refusal) as caught:
        try_view(shown, asked)
    assert caught.value.name == "budgeting.bad_rule"
    monkeypatch.undo()
    assert try_view(shown, asked).spent_won > 0


def test_one_count_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trying, "WAIT_S", 0)
    shown = try_page(imported(), None, VISITOR)  # type: ignore[arg-type]  # as above
    assert shown is not None
    with trying._one_at_a_time, pytest.raises(Refusal) as caught:
        try_view(shown, Asked(budget_won=5))
    assert caught.value.name == "core.busy"


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        (Asked(rule="mes-borda"), "budgeting.bad_rule"),
        (Asked(rule="mes-cost", completion="add1", step_won=1), "budgeting.bad_rule"),
        (Asked(rule="mes-cost", completion="add1"), "budgeting.bad_rule"),
        (Asked(costs=(("Z", 5),)), "core.not_found"),
    ],
)
def test_what_cannot_be_counted_is_refused(asked: Asked, name: str) -> None:
    shown = try_page(imported(), None, VISITOR)  # type: ignore[arg-type]  # as above
    assert shown is not None
    with pytest.raises(Refusal) as caught:
        try_view(shown, asked)
    assert caught.value.name == name


def test_a_part_of_another_result_is_not_found() -> None:
    with pytest.raises(Refusal):
        try_page(imported(), uuid4(), VISITOR)  # type: ignore[arg-type]  # as above


def test_a_large_round_is_answered_while_one_waits() -> None:
    """60,000 ballots of 30 kinds on 60 projects; the bench times the engine by itself."""
    rows = [
        (f"P{at}", 1_000_000 + 10_000 * at, tuple(range(at, 60_000, at + 2))) for at in range(60)
    ]
    election = replace(approvals(rows, 20_000_000, n=60_000), meta=META)
    call = imported(content=write(election).encode())
    shown = try_page(call, None, VISITOR)  # type: ignore[arg-type]  # as above
    assert shown is not None
    try_view(shown, Asked(budget_won=19_000_000))  # the ballots are read once
    began = time.process_time()
    found = try_view(shown, Asked(rule="mes-cost", budget_won=18_000_000))
    assert time.process_time() - began < 0.3
    part = ResultPart.rows.get(pk=shown.part.pk)
    again = pabulib.read(part.input_text.encode())
    assert len(found.lines) == len(again.projects) == 60
