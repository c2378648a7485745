"""One door to all rules; the picture; every rule that needs no parameter."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest

from dure.engines.pb.election import BallotKind, Election, approvals
from dure.engines.pb.picture import picture
from dure.engines.pb.rules import Completion, Name, Rule, RuleError, Satisfaction, Start, Stop
from dure.engines.pb.tally import label, plain_rules, tally
from tests.engines.pb.elections import made, worked


def won(election: Election, rule: Rule) -> str:
    return "".join(election.projects[at].id for at in tally(election, rule).winners)


@pytest.mark.parametrize(
    ("rule", "winners"),
    [
        (Rule(Name.GREEDY), "ABC"),
        (Rule(Name.DENSITY), "CAB"),
        (Rule(Name.MES, Satisfaction.COST), "AD"),
        (Rule(Name.MES, Satisfaction.CARDINALITY), "CD"),
        (Rule(Name.MES, Satisfaction.COST, Completion.UTILITARIAN), "ADB"),
        (Rule(Name.PHRAGMEN), "CDA"),
    ],
)
def test_worked_numbers(rule: Rule, winners: str) -> None:
    assert won(worked(), rule) == winners


def test_every_plain_rule_can_be_counted() -> None:
    rows = [[(0, 3), (1, 1)], [(1, 2)], []]
    for kind in (BallotKind.APPROVAL, BallotKind.CUMULATIVE, BallotKind.ORDINAL):
        election = made(kind, [Fraction(2), Fraction(2)], Fraction(4), rows)
        for rule in plain_rules(election):
            assert tally(election, rule).rule == rule
    names = [label(rule) for rule in plain_rules(election)]
    assert names == [
        "greedy borda",
        "greedy-no-skip borda",
        "density borda",
        "mes cost",
        "mes cardinality",
        "mes borda",
        "phragmen",
    ]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "pb.satisfaction_missing"),
        ({"satisfaction": Satisfaction.COST, "completion": Completion.ADD1}, "pb.step_missing"),
        ({"satisfaction": Satisfaction.COST, "step": Fraction(1)}, "pb.add1_only"),
        ({"satisfaction": Satisfaction.COST, "threshold": Fraction(1)}, "pb.threshold_unknown"),
    ],
)
def test_parameter_nobody_gave_is_refused(given: dict[str, object], code: str) -> None:
    with pytest.raises(RuleError) as refused:
        Rule(Name.MES, **given)  # type: ignore[arg-type]  # one field at a time
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("step", "start", "stop", "code"),
    [
        (None, Start.EXACT, Stop.OVERSPEND, "pb.step_missing"),
        (Fraction(0), Start.EXACT, Stop.OVERSPEND, "pb.step_not_positive"),
        (Fraction(1), None, Stop.OVERSPEND, "pb.start_missing"),
        (Fraction(1), Start.EXACT, None, "pb.stop_missing"),
    ],
)
def test_add1_names_all_it_needs(
    step: Fraction | None, start: Start | None, stop: Stop | None, code: str
) -> None:
    with pytest.raises(RuleError) as refused:
        Rule(Name.MES, Satisfaction.COST, Completion.ADD1, step=step, start=start, stop=stop)
    assert refused.value.code == code


def test_picture_has_a_bar_per_project_and_the_budget() -> None:
    outcome = tally(worked(), Rule(Name.GREEDY))
    drawn = picture(worked(), outcome, title='A & <b> "c"\x07')
    root = ET.fromstring(drawn)  # noqa: S314  # our own text
    space = "{http://www.w3.org/2000/svg}"
    assert len(root.findall(f"{space}rect")) == 1 + 6
    assert len(root.findall(f"{space}line")) == 1
    texts = [one.text for one in root.findall(f"{space}text")]
    assert texts[0] == 'A & <b> "c"'
    assert "greedy: 3 / 6 · 4,800,000 / 5,000,000  · 10표" in texts
    assert "예산 Budget 5,000,000" in texts
    assert "2. B" in texts


def test_picture_of_nothing_and_of_many() -> None:
    empty = approvals([], 0, n=0)
    ET.fromstring(picture(empty, tally(empty, Rule(Name.GREEDY))))  # noqa: S314  # our own text
    many = approvals([(f"p{at}", 1, (0,)) for at in range(500)], 300, n=1)
    drawn = picture(many, tally(many, Rule(Name.GREEDY)))
    assert drawn.count("<rect") == 401 and "+ 100<" in drawn


def test_order_of_projects_changes_nothing() -> None:
    election = worked()
    turned = approvals(
        [
            (
                one.id,
                one.cost,
                tuple(
                    int(b)
                    for b, item in zip(
                        election.ballots.owners(), election.ballots.items, strict=True
                    )
                    if election.projects[int(item)].id == one.id
                ),
            )
            for one in reversed(election.projects)
        ],
        election.budget,
        n=10,
    )
    for rule in plain_rules(election):
        assert won(election, rule) == won(replace(turned, meta={}), rule)
