"""Arithmetic of charts: ticks, places, portions and classes, all in whole numbers.

Nouns: tick (눈금), place (위치, parts per million of a span), class (급간).
Law: a drawing never says more than its numbers; portions of a whole add up to the whole.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction

from dure.engines.splits import split

PPM = 1_000_000
STEPS = (1, 2, 5)

Amount = int | Fraction


def step_of(span: Amount, count_max: int) -> int:
    """Give the least step 1, 2 or 5 times a power of ten that cuts `span` into few enough parts.

    span      : whole or fraction, 0 <= span <= 10**18, in the unit of the data
    count_max : most parts, 1 <= count_max <= 20
    Returns     a step >= 1 in the same unit; 1 for an empty span.
    Raises      AssertionError outside these ranges.
    Source      steps of 1, 2, 5: W. S. Cleveland, The Elements of Graphing Data, 1994.

    >>> step_of(870, 4)
    500
    """
    assert 0 <= span <= 10**18 and 1 <= count_max <= 20, (span, count_max)
    power = 1
    for _digit in range(20):
        for step in STEPS:
            if span <= step * power * count_max:
                return step * power
        power *= 10
    raise AssertionError("unreachable: a span of at most 10**18 has a step")


def ticks(low: Amount, high: Amount, count_max: int = 4) -> tuple[int, ...]:
    """Give round values that enclose `low` … `high`, zero among them where it lies inside.

    low, high : whole or fraction in the unit of the data, low <= high
    count_max : most steps between them, 1 … 20
    Returns     2 to count_max + 2 whole values, ascending, the first <= low, the last >= high.
    Raises      AssertionError when high < low.
    Source      as `step_of`.

    >>> ticks(0, 870)
    (0, 500, 1000)
    >>> ticks(-30, 110)
    (-50, 0, 50, 100, 150)
    """
    assert low <= high, (low, high)
    step = step_of(high - low, count_max)
    first = (low // step) * step
    last = -((-high) // step) * step
    if first == last:
        last += step
    values = tuple(range(int(first), int(last) + 1, step))
    assert values[0] <= low and values[-1] >= high
    return values


def place(value: Amount, low: Amount, high: Amount) -> int:
    """Give where `value` lies between `low` and `high`, in parts per million, cut at both ends.

    value, low, high : whole or fraction in one unit, low < high
    Returns            0 … 1_000_000, truncated.
    Raises             AssertionError when low >= high.
    Source             linear interpolation.

    >>> place(1, 0, 3)
    333333
    """
    assert low < high, (low, high)
    inside = min(max(value, low), high)
    found = int((inside - low) * PPM // (high - low))
    assert 0 <= found <= PPM
    return found


def portions(amounts: Sequence[int], whole: int = PPM) -> tuple[int, ...]:
    """Cut `whole` in proportion to the amounts so that the portions add up to it exactly.

    amounts : n whole amounts in one unit, each 0 <= amount <= 10**18
    whole   : what is cut, default parts per million
    Returns   n whole portions; all zero when every amount is zero.
    Raises    AssertionError for a negative amount.
    Rounding  largest remainder first, the earlier amount on a tie.
    Source    Hamilton's method of largest remainders.

    >>> portions((1, 1, 1), 100)
    (34, 33, 33)
    """
    assert all(0 <= amount <= 10**18 for amount in amounts), "an amount is out of range"
    return split(whole, amounts) if any(amounts) else (0,) * len(amounts)


def class_of(value: Amount, bounds: Sequence[Amount]) -> int:
    """Give the class of a value: how many bounds it reaches.

    value  : whole or fraction in the unit of the data
    bounds : n ascending lower bounds of the classes 1 … n; class 0 lies below the first
    Returns  0 … n; a value equal to a bound belongs to the class above it.
    Raises   AssertionError when bounds do not ascend.
    Source   half-open classes [bound, next bound).

    >>> [class_of(value, (10, 20, 50)) for value in (9, 10, 49, 50)]
    [0, 1, 2, 3]
    """
    assert all(a < b for a, b in itertools.pairwise(bounds)), "bounds must ascend"
    return sum(1 for bound in bounds if value >= bound)


def bounds_of(values: Sequence[Amount], count: int = 5) -> tuple[int, ...]:
    """Propose round lower bounds for `count` classes of about equal size; at most count - 1.

    values : the values to class, in one unit, each |value| <= 10**18; may be empty
    count  : classes wanted, 2 … 9
    Returns  0 to count - 1 ascending whole bounds above the least value; keep them.
    Raises   AssertionError when count is out of range.
    Rounding each bound down to two leading digits.
    Source   quantile classes; rounding so that a reader can say the bound.

    >>> bounds_of((3, 8, 12, 40, 77, 130, 131, 260, 999, 1200))
    (12, 77, 130, 990)
    """
    assert 2 <= count <= 9, count
    ordered = sorted(values)
    found: list[int] = []
    for index in range(1, count):
        if not ordered:
            break
        value = int(ordered[min(len(ordered) * index // count, len(ordered) - 1)])
        power = 10 ** max(len(str(abs(value))) - 2, 0)
        bound = value // power * power if len(str(abs(value))) > 2 else value
        if bound > ordered[0] and (not found or bound > found[-1]):
            found.append(bound)
    return tuple(found)
