"""Allotment: stages in their order, reasons with their numbers, tolerance by money."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dure.engines.allotment import Allotment, Stage, Why, allot
from dure.engines.rationing import Measure, Rule, ration

CEA = Rule.EQUAL_AWARDS
BASKET = (1_000, 5_000, 3_000, 2_000, 3_000)


def whys(found: Allotment) -> list[Why | None]:
    parts = [found.decisive(place) for place in range(len(found.awards))]
    return [part.why if part else None for part in parts]


def test_without_stages_it_is_the_rule_alone() -> None:
    for rule in Rule:
        found = allot(rule, 10_000, BASKET, weights=(1, 3, 1, 1, 1), lot=1_000)
        assert (
            found.awards == ration(rule, 10_000, BASKET, weights=(1, 3, 1, 1, 1), lot=1_000).awards
        )
        assert [served.stage for served in found.stages] == [Stage.FIRM]


def test_the_sentence_of_the_worked_basket() -> None:
    """3 kg asked, 2.333 kg: equal share of 10 kg, nobody above got less than asked."""
    found = allot(CEA, 10_000, BASKET)
    part = found.decisive(2)
    assert part is not None and part.parameter is not None
    assert (part.asked, part.award, part.exact) == (3_000, 2_333, Fraction(7_000, 3))
    assert (part.why, part.parameter.measure) == (Why.EQUAL_SHARE, Measure.SHARE)
    assert part.parameter.value == Fraction(7_000, 3)
    assert whys(found) == [
        Why.IN_FULL,
        Why.EQUAL_SHARE,
        Why.EQUAL_SHARE,
        Why.IN_FULL,
        Why.EQUAL_SHARE,
    ]


def test_each_rule_has_its_reason() -> None:
    claims = (100, 200, 300)
    assert whys(allot(Rule.PROPORTIONAL, 200, claims)) == [Why.PORTION] * 3
    assert whys(allot(Rule.EQUAL_LOSSES, 200, claims)) == [Why.EQUAL_LOSS] * 3
    assert whys(allot(Rule.TALMUD, 200, claims)) == [Why.HALF, Why.EQUAL_SHARE, Why.EQUAL_SHARE]
    assert whys(allot(Rule.TALMUD, 400, claims)) == [Why.HALF, Why.EQUAL_LOSS, Why.EQUAL_LOSS]
    weighted = allot(Rule.WEIGHTED_AWARDS, 200, claims, weights=(3, 1, 1))
    assert whys(weighted) == [Why.IN_FULL, Why.WEIGHTED_SHARE, Why.WEIGHTED_SHARE]
    assert whys(allot(Rule.FIRST_COME, 200, claims)) == [Why.IN_FULL, Why.ORDER, Why.ORDER]
    assert whys(allot(CEA, 0, claims)) == [Why.NOTHING_LEFT] * 3
    assert whys(allot(CEA, 900, (0, 5))) == [None, Why.IN_FULL]


def test_protected_claims_come_first_and_share_by_the_rule_among_themselves() -> None:
    found = allot(CEA, 10, (6, 6, 9), protected=(True, True, False))
    assert found.awards == (5, 5, 0)
    assert whys(found) == [Why.EQUAL_SHARE, Why.EQUAL_SHARE, Why.NOTHING_LEFT]
    found = allot(CEA, 15, (6, 6, 9), protected=(True, True, False))
    assert found.awards == (6, 6, 3)


def test_firm_comes_before_the_rest() -> None:
    found = allot(CEA, 12, (10, 10), firm=(8, 2))
    assert found.awards == (9, 3)
    first = found.parts(0)
    assert [(part.stage, part.asked, part.award) for part in first] == [
        (Stage.FIRM, 8, 8),
        (Stage.REST, 2, 1),
    ]
    assert found.decisive(0) == first[1]


def test_tolerance_is_spread_by_money_not_by_heads() -> None:
    even = allot(CEA, 30, (6, 6), tolerance=(24, 12))
    assert even.awards == (6 + 12, 6 + 6)
    dear = allot(CEA, 30, (6, 6), tolerance=(24, 12), prices=(1_000, 2_000))
    assert dear.awards == (6 + 9, 6 + 9)
    capped = allot(CEA, 40, (6, 6), tolerance=(24, 12), prices=(1_000, 9_000))
    assert capped.awards == (6 + 16, 6 + 12)
    assert [part.why for part in capped.parts(0)] == [Why.IN_FULL, Why.WEIGHTED_SHARE]


rows = st.lists(
    st.tuples(
        st.integers(0, 30),
        st.integers(0, 30),
        st.integers(0, 30),
        st.booleans(),
        st.integers(1, 5_000),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=300, deadline=None)
@given(rows, st.integers(0, 900), st.sampled_from(Rule), st.integers(1, 7))
def test_a_later_stage_waits_and_everything_sums(
    listed: list[tuple[int, int, int, bool, int]], estate: int, rule: Rule, lot: int
) -> None:
    asked = [lot * max(row[0], row[1]) for row in listed]
    firm = [lot * min(row[0], row[1]) for row in listed]
    more = [lot * row[2] for row in listed]
    protected, prices = [row[3] for row in listed], [row[4] for row in listed]
    found = allot(
        rule, estate, asked, firm=firm, tolerance=more, protected=protected, prices=prices, lot=lot
    )
    assert sum(found.awards) == min(estate // lot * lot, sum(asked) + sum(more))
    assert found.left == estate - sum(found.awards)
    short = False
    for served in found.stages:
        got = sum(served.ration.awards)
        assert not (short and got), "a stage was served while an earlier one was short"
        short = short or got < sum(served.asked)
    for place, award in enumerate(found.awards):
        assert award == sum(part.award for part in found.parts(place))
        assert 0 <= award <= asked[place] + more[place]
        for part in found.parts(place):
            assert (part.why is Why.IN_FULL) == (part.exact == part.asked)


@pytest.mark.parametrize(
    "more",
    [
        {"firm": (2, 9)},
        {"firm": (-1, 1)},
        {"firm": (1,)},
        {"tolerance": (-1, 0)},
        {"tolerance": (1, 1), "prices": (0, 1)},
        {"protected": (True,)},
        {"lot": 2},
    ],
)
def test_bad_input_is_refused(more: dict[str, object]) -> None:
    with pytest.raises(AssertionError):
        allot(CEA, 5, (3, 4), **more)  # type: ignore[arg-type]  # bad on purpose
