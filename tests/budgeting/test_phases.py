"""A call from draft to its end: by people, by the clock, cancelled, changed in public."""

from __future__ import annotations

from typing import Any

import pytest

from dure.budgeting.actions.phases import is_tick_due
from dure.budgeting.models import Call, CallChange
from dure.budgeting.types import RuleIn, engine_rule
from dure.core import clock as time
from dure.core import rulebook
from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.core.models import AuditLine
from dure.core.models.rules import Rule
from dure.engines.canonical import sha256_hex
from dure.engines.pb import rules as pb
from tests.budgeting.calls import (
    NOW,
    Round,
    begun,
    body_of,
    dates,
    frozen,
    official,
    rolled,
    sent,
    with_projects,
)
from tests.harness.clock import Clock
from tests.harness.people import JONGNO, MAPO, district, organisation, person_with

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)
    district(MAPO)
    district(JONGNO)


def code_of(call: Any, *args: Any, **kwargs: Any) -> str:  # Any: any call that refuses
    with pytest.raises(Refusal) as caught:
        call(*args, **kwargs)
    return caught.value.name


def change(here: Round, reason: str | None = None, **body: Any) -> Any:  # Any: bodies and answers
    return run("budgeting.call.change", {"call_id": here.id, **body}, here.lead, reason=reason)


def templates() -> list[str]:
    keys = Rule.rows.filter(key__startswith="budgeting.template.").values_list("key", flat=True)
    return sorted(key.removeprefix("budgeting.template.") for key in keys)


def test_every_template_makes_a_call_that_its_engine_takes() -> None:
    assert templates() == [
        "city", "coop_fund", "dong", "dongjak_2026", "gu", "seoul_2015", "seoul_2020",
    ]  # fmt: skip
    for code in templates():
        here = begun(template=code)
        rule = engine_rule(here.call.rule, seed=b"1", call=here.id)
        assert rule.ties[-1] == "lot", code
        here.do("open")
        assert rulebook.value(f"budgeting.template.{code}").version_id


def test_fund_of_a_cooperative_is_its_boards() -> None:
    coop = organisation()
    board = person_with(Role.BOARD, organisation=coop)
    here = begun(board, template="coop_fund", organisation_id=str(coop.id))
    assert here.call.rule["name"] == "mes"
    here.do("open")
    assert code_of(here.do, "review", official()) == "core.not_found"
    assert code_of(begun, official(), organisation_id=str(coop.id)) == "core.not_allowed"


def test_dates_must_follow_each_other() -> None:
    crossed = dates(time.now())
    crossed[1]["begins"] = crossed[0]["begins"]
    assert code_of(begun, phases=crossed) == "budgeting.bad_dates"
    backwards = dates(time.now())[:1]
    backwards[0]["ends"] = backwards[0]["begins"]
    assert code_of(begun, phases=backwards) == "budgeting.bad_dates"
    assert Call.rows.count() == 0


@pytest.mark.parametrize(
    ("ballot", "code"),
    [
        ({"kind": "approval", "marks_min": 5, "marks_max": 2}, "budgeting.bad_ballot_rule"),
        ({"kind": "cumulative"}, "budgeting.bad_ballot_rule"),
        ({"kind": "approval", "points_sum": 10}, "budgeting.bad_ballot_rule"),
        ({"kind": "knapsack"}, "budgeting.bad_ballot_rule"),
        ({"kind": "yes"}, "core.bad_field"),
    ],
)
def test_limits_of_a_ballot_fit_its_kind(ballot: dict[str, Any], code: str) -> None:
    here = begun()
    assert code_of(change, here, ballot=ballot) == code
    assert here.call.ballot_kind == "approval"


@pytest.mark.parametrize(
    "rule",
    [
        {"name": "mes", "ties": ["id"]},
        {"name": "mes", "satisfaction": "cost", "completion": "add1", "ties": ["id"]},
        {"name": "mes", "satisfaction": "cost", "completion": "add1", "step_won": 1,
         "start": "exact", "ties": ["id"]},
        {"name": "greedy", "ties": ["min_cost"]},
        {"name": "greedy-threshold", "ties": ["id"]},
        {"name": "scores", "ties": ["id"]},
    ],
)  # fmt: skip
def test_a_rule_that_lacks_a_parameter_is_refused(rule: dict[str, Any]) -> None:
    here = begun()
    assert code_of(change, here, rule=rule) == "budgeting.bad_rule"
    assert here.call.rule["name"] == "greedy"


def test_stored_rule_is_the_engines_rule() -> None:
    given = RuleIn(
        name="mes",
        satisfaction="cost",
        completion="add1",
        step_won=100,
        start="floor",
        stop="overspend",
        ties=("max_votes", "id"),
    )
    made = engine_rule(given.model_dump(mode="json"), seed=b"s", call="c")
    assert (made.name, made.step, made.stop) == (pb.Name.MES, 100, pb.Stop.OVERSPEND)
    assert made.seed is None, "no lot, no seed"


def test_changes_of_an_open_call_are_public_with_their_reason() -> None:
    here = begun()
    change(here, title="이름을 고침")
    assert CallChange.rows.count() == 0, "a draft is nobody's business yet"
    here.do("open")
    assert code_of(change, here, silent_days=60) == "core.reason_required"
    change(here, "조례에 맞춥니다", silent_days=60)
    money = {"envelopes": [{"code": "gu", "name": "구 전체", "amount_won": 7_000_000}]}
    body = {"call_id": here.id, **money}
    assert code_of(run, "budgeting.envelope.set", body, here.lead) == "core.reason_required"
    run("budgeting.envelope.set", body, here.lead, reason="예산이 줄었습니다")
    told = CallChange.rows.order_by("pk").values_list("name", "old", "new", "why")
    assert list(told) == [
        ("silent_days", "90", "60", "조례에 맞춥니다"),
        ("gu.name_en", "Whole district", "", "예산이 줄었습니다"),
        ("gu.amount_won", "500000000", "7000000", "예산이 줄었습니다"),
    ]


def test_money_in_use_is_not_taken_away() -> None:
    here = begun()
    here.do("open")
    sent(here, envelope="gu")
    body = {
        "call_id": here.id,
        "envelopes": [{"code": "dong", "name": "동", "amount_won": 1_000}],
    }
    found = code_of(run, "budgeting.envelope.set", body, here.lead, reason="바꾸려고요")
    assert found == "budgeting.in_use"
    assert [e.code for e in here.call.envelopes.all()] == ["gu"]


def test_freezing_needs_projects_roll_and_a_second_person() -> None:
    here = with_projects(10_000_000)
    assert code_of(here.do, "freeze") == "budgeting.not_ready"
    rolled(here)
    body = {"call_id": here.id, "district": MAPO}
    assert code_of(run, "budgeting.call.freeze", body, here.lead) == "core.second_person"
    assert here.call.state == "listed"


def test_roll_built_by_another_rule_does_not_do() -> None:
    here = with_projects(10_000_000)
    rolled(here)
    change(here, "조례가 바뀌었습니다", roll_rule={"basis": "residents", "age_min": 19})
    assert code_of(here.do, "freeze") == "budgeting.not_ready"


def test_frozen_rules_are_hashed_and_public() -> None:
    here = frozen(10_000_000)
    rules = here.call.rule_set
    import json

    assert rules.sha256 == sha256_hex(json.loads(rules.text))
    held = json.loads(rules.text)
    assert held["roll"]["sha256"] == here.call.roll.sha256
    assert held["projects"] == [["1", 10_000_000, "gu", None, 1]]
    assert held["seed"]["commit"] == here.call.seed_commit
    assert held["rule"] == here.call.rule


def test_the_clock_moves_a_call_at_its_dates(clock: Clock) -> None:
    here = frozen(10_000_000, clock=clock)
    lines = AuditLine.rows.count()
    assert not is_tick_due()
    voting = here.call.phases.get(kind="voting").during
    clock.at(voting.lower)
    assert is_tick_due()
    run("budgeting.call.tick", {}, Actor.timer("budgeting.call.tick"))
    assert here.call.state == "voting"
    assert not is_tick_due()
    clock.at(voting.upper)
    run("budgeting.call.tick", {}, Actor.timer("budgeting.call.tick"))
    assert here.call.state == "counting"
    assert AuditLine.rows.count() == lines + 2


def test_the_clock_closes_proposals(clock: Clock) -> None:
    here = begun(synthetic=False)
    here.do("open")
    assert code_of(here.do, "review") == "budgeting.not_now"
    clock.move(days=10)
    run("budgeting.call.tick", {}, Actor.timer("budgeting.call.tick"))
    assert here.call.state == "reviewing"


def test_cancelled_with_a_reason_before_the_vote_only() -> None:
    here = frozen(10_000_000)
    here.do("void")
    assert (here.call.state, here.call.void_reason) == ("void", "시험에서 부탁합니다")
    late = frozen(10_000_000)
    late.do("vote")
    body = {"call_id": late.id, "district": MAPO}
    with pytest.raises(Refusal) as caught:
        late.do("void")
    assert caught.value.name == "budgeting.wrong_state"
    assert late.call.state == "voting"
    assert body


def test_another_districts_official_finds_nothing() -> None:
    here = begun()
    for verb in ("open", "review", "list", "vote", "close"):
        assert code_of(here.do, verb, official(JONGNO)) == "core.not_found"
    assert here.call.state == "draft"


def test_call_without_dates_or_money_does_not_open() -> None:
    made = run("budgeting.call.draft", body_of(phases=[]), official()).result
    here = Round(made.id, official(), official())
    assert code_of(here.do, "open") == "budgeting.not_ready"
