"""Completions: every run of the plain loop, one by one, and the worked numbers of the page."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dure.engines.pb import ladder
from dure.engines.pb.completions import complete
from dure.engines.pb.election import BallotKind, Election
from dure.engines.pb.outcome import winners_hash
from dure.engines.pb.rules import Completion, Name, Rule, RuleError, Satisfaction, Start, Stop
from dure.engines.pb.shares import case, trace
from tests.engines.pb import oracle
from tests.engines.pb.elections import elections, made, worked


def add1(
    satisfaction: Satisfaction = Satisfaction.COST,
    step: Fraction | int = 1,
    stop: Stop = Stop.EXHAUSTIVE,
    start: Start = Start.EXACT,
    completion: Completion = Completion.ADD1,
) -> Rule:
    step = Fraction(step)
    return Rule(Name.MES, satisfaction, completion, step=step, start=start, stop=stop)


def agree(election: Election, rule: Rule) -> None:
    plain = oracle.plain(election, rule)
    outcome = complete(election, rule)
    assert list(outcome.winners) == oracle.completed(plain, rule)
    assert outcome.spent + outcome.left == election.budget
    if rule.step is None:
        return
    runs, why = oracle.add1(plain, rule)
    assert outcome.stopped == why
    if why == "all-fit":
        return
    ids = [one.id for one in election.projects]
    expected = [(r.start, winners_hash([ids[p] for p in r.winners]), r.cost) for r in runs]
    assert [(one.start, one.hash, one.cost) for one in outcome.runs] == expected
    bare = [
        replace(
            run, rounds=tuple(replace(r, payers=(), dropped=()) for r in run.rounds), dropped=()
        )
        for run in runs[-2:]
    ]
    assert outcome.final == bare[-2 if why == "overspent" else -1]
    assert outcome.after == (bare[-1] if why == "overspent" else None)


rules = st.builds(
    add1,
    step=st.sampled_from([Fraction(1, 7), Fraction(1, 20), Fraction(1, 3), Fraction(1)]),
    stop=st.sampled_from(list(Stop)),
    start=st.sampled_from(list(Start)),
)


@settings(max_examples=80, deadline=None)
@given(elections(linked=True), rules)
def test_cost_is_the_plain_loop_run_by_run(election: Election, rule: Rule) -> None:
    agree(election, rule)


@settings(max_examples=80, deadline=None)
@given(elections(linked=True), rules)
def test_cardinality_is_the_plain_loop_run_by_run(election: Election, rule: Rule) -> None:
    agree(election, replace(rule, satisfaction=Satisfaction.CARDINALITY))


@settings(max_examples=80, deadline=None)
@given(elections(linked=True), rules, st.sampled_from(["cost", "cardinality"]))
def test_slopes_of_compiled_loops_keep_every_run(
    election: Election, rule: Rule, satisfaction: str
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ladder, "PLAIN_RUNS", 1)
        fine = replace(rule, step=rule.step and rule.step / 3)
        agree(election, replace(fine, satisfaction=Satisfaction(satisfaction)))


@settings(max_examples=60, deadline=None)
@given(elections(BallotKind.CUMULATIVE, linked=True), rules)
def test_points_are_the_plain_loop_run_by_run(election: Election, rule: Rule) -> None:
    agree(election, replace(rule, satisfaction=Satisfaction.POINTS))


@settings(max_examples=60, deadline=None)
@given(elections(BallotKind.ORDINAL, linked=True), rules)
def test_borda_is_the_plain_loop_run_by_run(election: Election, rule: Rule) -> None:
    agree(election, replace(rule, satisfaction=Satisfaction.BORDA))


@settings(max_examples=80, deadline=None)
@given(elections(linked=True), rules, st.sampled_from(list(Completion)), st.booleans())
def test_other_completions_are_the_plain_twin(
    election: Election, rule: Rule, completion: Completion, climbs: bool
) -> None:
    needs = completion in (Completion.ADD1, Completion.EXHAUSTIVE)
    if completion is Completion.NONE or not (climbs or needs):
        agree(election, Rule(Name.MES, Satisfaction.COST, completion))
    else:
        stop = Stop.EXHAUSTIVE if completion is Completion.EXHAUSTIVE else rule.stop
        agree(election, replace(rule, completion=completion, stop=stop))


def open_beside(plain: oracle.Plain, winners: tuple[int, ...]) -> list[int]:
    """Supported projects outside the winners that links let win beside them, by the plain twin."""
    return [
        p
        for p in range(len(plain.costs))
        if plain.supporters(p) and p not in winners and plain.may_win(p, winners)
    ]


@settings(max_examples=150, deadline=None)
@given(
    elections(linked=True), rules, st.sampled_from([Satisfaction.COST, Satisfaction.CARDINALITY])
)
def test_add1_stops_where_nothing_may_come_and_not_before(
    election: Election, rule: Rule, satisfaction: Satisfaction
) -> None:
    """A start of all costs together buys whatever links let win: no add1 is longer than that."""
    rule = replace(rule, satisfaction=satisfaction)
    plain = oracle.plain(election, rule)
    together = sum(plain.costs, Fraction(0))
    rich = oracle.shares(plain, together)
    assert open_beside(plain, rich.winners) == []
    outcome = complete(election, rule)
    if outcome.stopped == "all-fit":
        return
    assert rule.step is not None
    assert len(outcome.runs) <= max(0, ceil((together - outcome.runs[0].start) / rule.step)) + 1
    for one in outcome.runs[:-1]:
        poor = oracle.shares(plain, one.start)
        assert open_beside(plain, poor.winners), "a run that nothing may follow is the last"
        assert poor.winners != rich.winners, "a greater start still changes the winners"


@pytest.mark.parametrize("stop", list(Stop))
def test_projects_that_links_keep_out_make_no_run(stop: Stop) -> None:
    """Of 4 projects one shuts out two that need each other, and one needs what nobody wants."""
    rows = [[(0, 1), (1, 1)], [(0, 1), (2, 1)], [(3, 1)]]
    costs = [Fraction(4), Fraction(3), Fraction(3), Fraction(1), Fraction(900)]
    needs = ((1, 2), (2, 1), (3, 4))
    election = made(BallotKind.APPROVAL, costs, Fraction(9), rows, 1, needs, ((0, 1),))
    rule = add1(step=Fraction(1, 1000), stop=stop)
    agree(election, rule)
    outcome = complete(election, rule)
    assert (outcome.stopped, outcome.winners, len(outcome.runs)) == ("all-won", (0,), 1)


@pytest.mark.parametrize(
    ("step", "winners", "runs"),
    [(1_000, (0, 3, 2), 35), (10_000, (0, 3, 2), 5), (100_000, (0, 1), 4)],
)
def test_worked_exhaustive(step: int, winners: tuple[int, ...], runs: int) -> None:
    outcome = complete(worked(), add1(step=step))
    assert outcome.winners == winners
    assert len(outcome.runs) == runs


@pytest.mark.parametrize(
    ("step", "winners", "runs"),
    [(1_000, (0, 1, 3), 301), (10_000, (0, 1, 3), 31), (100_000, (0, 1), 4)],
)
def test_worked_overspend(step: int, winners: tuple[int, ...], runs: int) -> None:
    outcome = complete(worked(), add1(step=step, stop=Stop.OVERSPEND))
    assert outcome.winners == winners
    assert len(outcome.runs) == runs
    assert outcome.after is not None
    assert outcome.after.cost == 5_800_000


def test_worked_cardinality() -> None:
    cardinality = Satisfaction.CARDINALITY
    exhaustive = complete(worked(), add1(cardinality, 10_000))
    overspend = complete(worked(), add1(cardinality, 10_000, Stop.OVERSPEND))
    assert (exhaustive.winners, len(exhaustive.runs)) == ((2, 3, 0), 2)
    assert (overspend.winners, len(overspend.runs)) == ((2, 0, 3), 28)


def test_worked_utilitarian_and_comparison() -> None:
    utilitarian = Rule(Name.MES, Satisfaction.COST, Completion.UTILITARIAN)
    comparison = replace(utilitarian, completion=Completion.COMPARISON)
    assert complete(worked(), utilitarian).winners == (0, 3, 1)
    outcome = complete(worked(), comparison)
    assert outcome.winners == (0, 1, 2)
    assert outcome.spent == 4_800_000
    assert outcome.comparison is not None
    assert (outcome.comparison.prefer_shares, outcome.comparison.prefer_greedy) == (2, 3)


def test_a_stretch_saves_runs_and_tells_them_all() -> None:
    rule = add1(step=10)
    climbed = ladder.Ladder(case(worked(), rule), Stop.EXHAUSTIVE)
    climbed.climb()
    assert len(climbed.runs) == 3335
    assert climbed.traced == 18


def there_and_back() -> Election:
    """From starts 9 and 11 the same winners in the same order, others from starts between."""
    rows = ["CD", "AB", "ACD", "AB", "D", "C", "BCD", "ACD", "BC"]
    costs = [Fraction(13), Fraction(23), Fraction(30), Fraction(18)]
    marks = [[("ABCD".index(name), 1) for name in row] for row in rows]
    return made(BallotKind.APPROVAL, costs, Fraction(83), marks)


@pytest.mark.parametrize("part", [Fraction(1), Fraction(1, 7)])
def test_a_stretch_does_not_pass_over_a_turn_whatever_the_unit_of_money(part: Fraction) -> None:
    election = there_and_back()
    projects = tuple(replace(one, cost=one.cost * part) for one in election.projects)
    prepared = case(replace(election, projects=projects, budget=83 * part), add1())
    low = trace(prepared, 9 * part, [1e9] * 4)
    high = trace(prepared, 11 * part, [1e9] * 4, low)
    between = {trace(prepared, (9 + Fraction(at, 20)) * part).winners for at in range(41)}
    assert low.winners == high.winners and len(between) == 2
    assert not ladder.is_stretch(low, high)


@settings(max_examples=100, deadline=None)
@given(elections(linked=True), st.integers(1, 40), st.integers(1, 12))
def test_every_start_of_a_stretch_has_its_winners(
    election: Election, start: int, width: int
) -> None:
    prepared = case(election, add1())
    wide = [1e9] * len(election.projects)
    low = trace(prepared, Fraction(start), wide)
    high = trace(prepared, Fraction(start + width), wide, low)
    if ladder.is_stretch(low, high):
        for at in range(1, 8):
            between = trace(prepared, start + Fraction(at * width, 8))
            assert between.winners == low.winners


def test_a_stretch_without_its_proof_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    election = there_and_back()
    rule = add1(step=Fraction(1, 10), stop=Stop.OVERSPEND, start=Start.FLOOR)
    agree(election, rule)
    monkeypatch.setattr(ladder, "is_stretch", lambda low, high: True)
    monkeypatch.setattr(ladder.Ladder, "_reach", lambda climbing: 20)
    with pytest.raises(AssertionError):
        agree(election, rule)


def test_all_projects_fit() -> None:
    rich = replace(worked(), budget=Fraction(20_000_000))
    outcome = complete(rich, add1(step=1))
    assert outcome.stopped == "all-fit"
    assert sorted(outcome.winners) == [0, 1, 2, 3, 4, 5]


def test_a_step_that_asks_for_too_many_runs_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ladder, "RUNS_MAX", 100)
    with pytest.raises(RuleError) as refused:
        complete(worked(), add1(step=1))
    assert refused.value.code == "pb.step_too_small"
