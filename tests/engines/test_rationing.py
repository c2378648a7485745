"""Rationing: published tables, slow twins in exact fractions, lots, ties, bounds."""

from __future__ import annotations

import hashlib
import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dure.engines.rationing import Measure, Ration, Rule, ration, tie_ranks

PROP, CEA, WCEA, CEL = (
    Rule.PROPORTIONAL,
    Rule.EQUAL_AWARDS,
    Rule.WEIGHTED_AWARDS,
    Rule.EQUAL_LOSSES,
)
THIRD = Fraction(100, 3)
BASKET = (1_000, 5_000, 3_000, 2_000, 3_000)


def exact(found: Ration) -> list[Fraction]:
    return [found.exact(place) for place in range(len(found.awards))]


PUBLISHED = [
    (100, PROP, [Fraction(50, 3), THIRD, 50]),
    (100, CEA, [THIRD] * 3),
    (100, CEL, [0, 0, 100]),
    (100, Rule.TALMUD, [THIRD] * 3),
    (200, PROP, [THIRD, 2 * THIRD, 100]),
    (200, CEA, [2 * THIRD] * 3),
    (200, CEL, [0, 50, 150]),
    (200, Rule.TALMUD, [50, 75, 75]),
    (300, PROP, [50, 100, 150]),
    (300, CEA, [100] * 3),
    (300, CEL, [0, 100, 200]),
    (300, Rule.TALMUD, [50, 100, 150]),
]


@pytest.mark.parametrize(("estate", "rule", "expected"), PUBLISHED)
def test_published_tables(estate: int, rule: Rule, expected: list[Fraction]) -> None:
    assert exact(ration(rule, estate, (100, 200, 300))) == expected


@pytest.mark.parametrize(
    ("rule", "weights", "expected"),
    [
        (Rule.FIRST_COME, None, (1_000, 5_000, 3_000, 1_000, 0)),
        (PROP, None, (714, 3_571, 2_143, 1_429, 2_143)),
        (CEA, None, (1_000, 2_334, 2_333, 2_000, 2_333)),
        (WCEA, (1, 3, 1, 1, 1), (1_000, 4_500, 1_500, 1_500, 1_500)),
        (CEL, None, (200, 4_200, 2_200, 1_200, 2_200)),
        (Rule.TALMUD, None, (500, 4_125, 2_125, 1_125, 2_125)),
    ],
)
def test_worked_basket(
    rule: Rule, weights: tuple[int, ...] | None, expected: tuple[int, ...]
) -> None:
    assert ration(rule, 10_000, BASKET, weights=weights).awards == expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [(PROP, (1, 4, 2, 1, 2)), (CEA, (1, 3, 2, 2, 2)), (WCEA, (1, 5, 2, 1, 1))],
)
def test_worked_basket_in_kilograms(rule: Rule, expected: tuple[int, ...]) -> None:
    found = ration(rule, 10_000, BASKET, weights=(1, 3, 1, 1, 1), lot=1_000)
    assert found.awards == tuple(1_000 * units for units in expected)


def test_parameters_are_told_in_units_of_the_estate() -> None:
    found = ration(CEA, 10_000, BASKET, lot=1_000).parameter
    assert found is not None
    assert (found.measure, found.value) == (Measure.SHARE, Fraction(7_000, 3))
    weighted = ration(WCEA, 10_000, BASKET, weights=(1, 3, 1, 1, 1)).parameter
    assert weighted is not None and weighted.value == 1_500
    losses = ration(CEL, 10_000, BASKET).parameter
    assert losses is not None
    assert (losses.measure, losses.value) == (Measure.LOSS, 800)
    rate = ration(PROP, 10_000, BASKET, lot=1_000).parameter
    assert rate is not None
    assert (rate.measure, rate.value) == (Measure.RATE, Fraction(5, 7))


def twin(rule: Rule, estate: int, claims: list[int], weights: list[int]) -> list[Fraction]:
    """The slow twin: each rule from its definition, the parameter tried at every break."""
    total = sum(claims)
    if estate >= total:
        return [Fraction(claim) for claim in claims]
    if rule is PROP:
        return [Fraction(claim * estate, total) for claim in claims]
    if rule is Rule.TALMUD:
        half = [Fraction(claim, 2) for claim in claims]
        if 2 * estate <= total:
            return capped(half, [1] * len(half), Fraction(estate))
        lost = capped(half, [1] * len(half), Fraction(total - estate))
        return [claim - loss for claim, loss in zip(claims, lost, strict=True)]
    whole = [Fraction(claim) for claim in claims]
    if rule is CEL:
        lost = capped(whole, [1] * len(claims), Fraction(total - estate))
        return [claim - loss for claim, loss in zip(whole, lost, strict=True)]
    return capped(whole, weights if rule is WCEA else [1] * len(claims), Fraction(estate))


def capped(claims: list[Fraction], weights: list[int], estate: Fraction) -> list[Fraction]:
    """Give everyone the same per weight; who has enough leaves the rest to the others."""
    awards = [Fraction(0)] * len(claims)
    open_ones = [place for place, claim in enumerate(claims) if claim > 0]
    while estate and open_ones:
        step = min((claims[place] - awards[place]) / weights[place] for place in open_ones)
        step = min(step, estate / sum(weights[place] for place in open_ones))
        for place in open_ones:
            awards[place] += step * weights[place]
            estate -= step * weights[place]
        open_ones = [place for place in open_ones if awards[place] < claims[place]]
    return awards


problems = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 9), st.integers(0, 10**6)),
    min_size=1,
    max_size=9,
    unique_by=lambda one: one[2],
)


@settings(max_examples=400, deadline=None)
@given(problems, st.integers(0, 400), st.sampled_from(list(Rule)[:5]))
def test_exact_awards_agree_with_the_twin(
    rows: list[tuple[int, int, int]], estate: int, rule: Rule
) -> None:
    claims, weights, ties = (list(column) for column in zip(*rows, strict=True))
    found = ration(rule, estate, claims, weights=weights, ties=ties)
    assert exact(found) == twin(rule, estate, claims, weights)


@settings(max_examples=300, deadline=None)
@given(problems, st.integers(0, 4_000), st.sampled_from(Rule), st.integers(1, 12))
def test_sums_exactly_never_above_and_fair_to_one_lot(
    rows: list[tuple[int, int, int]], estate: int, rule: Rule, lot: int
) -> None:
    claims, weights, ties = (list(column) for column in zip(*rows, strict=True))
    claims = [claim * lot for claim in claims]
    found = ration(rule, estate, claims, weights=weights, ties=ties, lot=lot)
    assert sum(found.awards) == min(estate // lot * lot, sum(claims))
    assert found.left == estate - sum(found.awards)
    for place, (award, claim) in enumerate(zip(found.awards, claims, strict=True)):
        assert 0 <= award <= claim and award % lot == 0
        assert abs(award - found.exact(place)) < lot


@settings(max_examples=200, deadline=None)
@given(
    problems,
    st.integers(0, 400),
    st.sampled_from(Rule),
    st.randoms(use_true_random=False),
)
def test_order_of_rows_does_not_matter(
    rows: list[tuple[int, int, int]], estate: int, rule: Rule, chance: random.Random
) -> None:
    def awards(listed: list[tuple[int, int, int]]) -> dict[int, int]:
        claims, weights, ties = (list(column) for column in zip(*listed, strict=True))
        found = ration(rule, estate, claims, weights=weights, ties=ties)
        return dict(zip(ties, found.awards, strict=True))

    assert awards(chance.sample(rows, len(rows))) == awards(rows)


@given(problems, st.integers(0, 400))
def test_equal_losses_are_equal_awards_of_what_is_missing(
    rows: list[tuple[int, int, int]], estate: int
) -> None:
    claims = [row[0] for row in rows]
    missing = max(0, sum(claims) - estate)
    lost = [
        claim - award
        for claim, award in zip(claims, exact(ration(CEL, estate, claims)), strict=True)
    ]
    assert lost == exact(ration(CEA, missing, claims))


def test_integers_beyond_a_machine_word_are_exact() -> None:
    claims = [3 * 10**14 - 7, 10**14 + 1, 5 * 10**13 + 3, 1]
    weights = [999_999_937, 3, 10**9, 1]
    for rule in list(Rule)[:5]:
        for estate in (10**14 + 9, 3 * 10**14 + 11):
            found = ration(rule, estate, claims, weights=weights)
            assert exact(found) == twin(rule, estate, claims, weights)
            assert sum(found.awards) == estate


def test_quotients_that_floats_cannot_part() -> None:
    """Two breaks that are one float apart or less: the exact steps tell them apart."""
    claims = [333_333_333_333_331, 333_333_333_333_332, 10**14]
    weights = [10**9 - 1, 10**9 - 1, 1]
    for estate in range(2 * claims[0] - 2, 2 * claims[0] + 4):
        found = ration(WCEA, estate, claims, weights=weights)
        assert exact(found) == twin(WCEA, estate, claims, weights)


def test_arrays_and_lists_give_the_same_and_both_widths_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chance = np.random.default_rng(5)
    claims = chance.integers(0, 5_000, 2_000)
    weights = chance.integers(1, 6, 2_000)
    ties = chance.permutation(2_000)
    quick = [ration(rule, 1_000_000, claims, weights=weights, ties=ties) for rule in Rule]
    monkeypatch.setattr("dure.engines.rationing._INT64_SAFE", 0)
    plain = [
        ration(rule, 1_000_000, claims.tolist(), weights=weights.tolist(), ties=ties.tolist())
        for rule in Rule
    ]
    assert quick == plain
    assert all(type(award) is int for award in quick[0].awards)


def test_ties_follow_the_committed_salt() -> None:
    names = tuple(f"claim-{number}" for number in range(50))
    ranks = tie_ranks(b"salt", names)
    slow = sorted(names, key=lambda name: hashlib.sha256(b"salt" + name.encode()).hexdigest())
    assert [names[ranks.index(rank)] for rank in range(50)] == slow
    assert tie_ranks(b"other", names) != ranks
    awards = ration(CEA, 20, [1] * 50, ties=ranks).awards
    assert [award for award, rank in zip(awards, ranks, strict=True) if rank < 20] == [1] * 20
    with pytest.raises(AssertionError, match="named twice"):
        tie_ranks(b"", ("a", "a"))


def test_edges_of_the_estate() -> None:
    for rule in Rule:
        nothing = ration(rule, 0, (5, 7))
        assert (nothing.awards, nothing.parameter) == ((0, 0), None)
        assert ration(rule, 100, (5, 7)).awards == (5, 7)
        assert ration(rule, 100, (5, 7)).left == 88
        assert ration(rule, 3, (5,)).awards == (3,)
        assert ration(rule, 9, ()).awards == ()
        assert ration(rule, 9, (0, 0)).awards == (0, 0)
        assert ration(rule, 999, (5_000,), lot=1_000).left == 999


@pytest.mark.parametrize(
    ("estate", "claims", "more"),
    [
        (-1, (1,), {}),
        (1, (-1, 3), {}),
        (1, (1.5, 2.0), {}),
        (1, (float("nan"),), {}),
        (1, (15,), {"lot": 10}),
        (1, (2, 3), {"weights": (1, 0)}),
        (1, (2, 3), {"ties": (4, 4)}),
        (1, (2, 3), {"ties": (4,)}),
        (1, (2, 3), {"lot": 0}),
        (1, (10**15, 10**15), {}),
        (1, (10**30,), {}),
    ],
)
def test_bad_input_is_refused(
    estate: int, claims: tuple[int, ...], more: dict[str, object]
) -> None:
    with pytest.raises(AssertionError):
        ration(WCEA, estate, claims, **more)  # type: ignore[arg-type]  # bad on purpose


def test_a_rounding_that_ignores_fractions_is_caught() -> None:
    """Negative control: lots given to the first rows are off by more than the law allows."""
    found = ration(PROP, 10_000, BASKET, lot=1_000)
    wrong = [int(share) // 1_000 for share in exact(found)]
    wrong[0] += 10 - sum(wrong)
    assert any(
        abs(1_000 * award - share) >= 1_000
        for award, share in zip(wrong, exact(found), strict=True)
    )
