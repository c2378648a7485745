"""Reconciliation: each rule, every small sum by trying all, bounds that say so."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dure.engines.reconciling import Item, Proposals, Why, difference, propose

DAY = date(2026, 6, 10)


def item(number: int, amount: int, days: int = 0, reference: str = "") -> Item:
    return Item(number, DAY + timedelta(days), amount, reference)


def told(found: Proposals) -> list[tuple[tuple[int, ...], tuple[int, ...], str, int]]:
    return [(one.lines, one.rows, one.why.value, one.choices) for one in found.proposals]


def test_reference_comes_before_a_nearer_amount() -> None:
    found = propose([item(1, 500, 0, "A-1")], [item(8, 500, 0), item(9, 500, 30, "A-1")])
    assert told(found) == [((1,), (9,), "reference", 1)]
    assert found.proposals[0].days == 30
    assert (found.lines_left, found.rows_left) == ((), (8,))


def test_reference_with_another_sum_is_no_proposal_by_reference() -> None:
    found = propose([item(1, 500, 0, "A-1")], [item(9, 400, 0, "A-1")])
    assert told(found) == []
    together = propose([item(1, 500, 0, "A-1")], [item(8, 400, 9, "A-1"), item(9, 100, 0, "A-1")])
    assert told(together) == [((1,), (8, 9), "reference", 1)]


@pytest.mark.parametrize(("days", "proposed"), [(-4, 0), (-3, 1), (0, 1), (3, 1), (4, 0)])
def test_equal_amount_needs_three_days(days: int, proposed: int) -> None:
    assert len(propose([item(1, 500)], [item(9, 500, days)]).proposals) == proposed


def test_sign_is_part_of_the_amount() -> None:
    assert told(propose([item(1, 500)], [item(9, -500)])) == []
    assert told(propose([item(1, -500)], [item(9, -500)])) == [((1,), (9,), "amount", 1)]


def test_nearest_day_wins_and_doubt_is_told() -> None:
    found = propose([item(1, 500), item(2, 500, 1)], [item(8, 500, 1), item(9, 500, 3)])
    assert told(found) == [((2,), (8,), "amount", 2), ((1,), (9,), "amount", 2)]


def test_sums_of_two_to_five_both_ways() -> None:
    rows = [item(n, n) for n in (1, 2, 4, 8, 16)]
    assert told(propose([item(1, 31)], rows)) == [((1,), (1, 2, 4, 8, 16), "sum", 1)]
    assert told(propose(rows, [item(1, 31)])) == [((1, 2, 4, 8, 16), (1,), "sum", 1)]
    six = [item(n, n) for n in (1, 2, 4, 8, 16, 32)]
    assert told(propose([item(1, 63)], six)) == []
    mixed = [item(1, 40), item(2, -10)]
    assert told(propose([item(1, 30)], mixed)) == []


def test_fewest_parts_first_and_a_second_way_is_told() -> None:
    rows = [item(1, 10), item(2, 20), item(3, 25), item(4, 5)]
    found = propose([item(1, 30)], rows)
    assert told(found) == [((1,), (1, 2), "sum", 2)]
    assert found.rows_left == (3, 4)


def test_search_is_bounded_and_says_so() -> None:
    rows = [item(n, 2 * n) for n in range(1, 60)]
    lines = [item(n, 10**9 + 2 * n + 1) for n in range(1, 5)]
    near = [item(100 + n, 10**9 + n) for n in range(1, 5)]
    found = propose(lines, rows + near, steps_max=1_000)
    assert not found.is_complete
    assert propose(lines[:1], rows[:20]).is_complete


def test_many_alike_are_quick() -> None:
    lines = [item(n, 500, n % 30) for n in range(4_800)]
    rows = [item(n, 500, (n * 7) % 30) for n in range(4_800)]
    found = propose(lines, rows)
    assert len(found.proposals) == 4_800
    assert {one.choices for one in found.proposals} == {2}


items = st.lists(
    st.tuples(st.integers(-6, 12).filter(bool), st.integers(0, 5), st.sampled_from(["", "", "R"])),
    max_size=7,
)


@settings(max_examples=120, deadline=None)
@given(items, items, st.randoms(use_true_random=False))
def test_laws_hold_and_order_does_not_matter(
    left: list[tuple[int, int, str]], right: list[tuple[int, int, str]], order: random.Random
) -> None:
    lines = [item(n, *one) for n, one in enumerate(left)]
    rows = [item(n, *one) for n, one in enumerate(right)]
    found = propose(lines, rows)
    used_lines = [one for made in found.proposals for one in made.lines]
    used_rows = [one for made in found.proposals for one in made.rows]
    assert sorted([*used_lines, *found.lines_left]) == list(range(len(lines)))
    assert sorted([*used_rows, *found.rows_left]) == list(range(len(rows)))
    for made in found.proposals:
        assert sum(lines[one].amount for one in made.lines) == made.amount
        assert sum(rows[one].amount for one in made.rows) == made.amount
        assert 1 in (len(made.lines), len(made.rows)) or made.why is Why.REFERENCE
        assert made.days <= 3 or made.why is Why.REFERENCE
    order.shuffle(lines)
    order.shuffle(rows)
    again = propose(lines, rows)
    assert set(again.proposals) == set(found.proposals)
    assert difference(
        sum(row.amount for row in rows), sum(line.amount for line in lines),
        [row.amount for row in rows if row.id in found.rows_left],
        [line.amount for line in lines if line.id in found.lines_left],
    ) == 0  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(items, items)
def test_nothing_that_fits_is_left(
    left: list[tuple[int, int, str]], right: list[tuple[int, int, str]]
) -> None:
    """The slow twin: try every pair and every sum among what is left."""
    lines = [item(n, amount, days) for n, (amount, days, _ref) in enumerate(left)]
    rows = [item(n, amount, days) for n, (amount, days, _ref) in enumerate(right)]
    found = propose(lines, rows)
    rest = [lines[one] for one in found.lines_left], [rows[one] for one in found.rows_left]
    for side in (0, 1):
        for whole in rest[side]:
            for count in range(1, 6):
                for parts in combinations(rest[1 - side], count):
                    near = all(abs((one.on - whole.on).days) <= 3 for one in parts)
                    same = all((one.amount > 0) == (whole.amount > 0) for one in parts)
                    fits = sum(one.amount for one in parts) == whole.amount
                    assert not (near and same and fits), (whole, parts)


def test_planted_difference_is_seen() -> None:
    assert difference(900, 1_000, [-200], [-100]) == 0
    assert difference(901, 1_000, [-200], [-100]) == 1


def test_bad_items_are_refused() -> None:
    for bad in ([item(1, 0)], [item(1, 10**12 + 1)], [item(1, 5), item(1, 6)]):
        with pytest.raises(AssertionError):
            propose(bad, [])
