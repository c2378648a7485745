"""Splits (나눔): one whole amount cut into parts that add up to it exactly.

Nouns: whole, weights, part; tie order, who comes first when two have the same claim.
Law: the parts sum to the whole; with the largest remainder no part is a whole unit off its exact
share; who gets the last unit never depends on the order in which rows were read.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

WHOLE_MAX: Final = 10**18


class Remainder(StrEnum):
    """Who gets the units that are left after every part was rounded down."""

    LARGEST = "largest"
    FIRST = "first"


def split(
    whole: int,
    weights: Sequence[int],
    *,
    remainder: Remainder = Remainder.LARGEST,
    ties: Sequence[int] | None = None,
) -> tuple[int, ...]:
    """Cut a whole amount in proportion to weights.

    whole     : minor units, 0 <= whole <= 10**18
    weights   : n whole numbers of one unit, each 0 <= w <= 10**18, not all zero
    remainder : who gets the units left over, one each: LARGEST = largest fraction first, then the
                tie order; FIRST = the tie order alone, among weights above zero
    ties      : n distinct numbers, usually account ids: the lowest comes first; None = the earlier
    Returns   n parts in minor units; they sum to `whole` exactly; a weight of zero gets zero.
    Raises    AssertionError outside these ranges, or when all weights are zero.
    Source    Hamilton's method of largest remainders.

    >>> split(100, (1, 1, 1))
    (34, 33, 33)
    >>> split(100, (1, 1, 1), ties=(12, 11, 13))
    (33, 34, 33)
    """
    order = tuple(range(len(weights))) if ties is None else tuple(ties)
    assert len(order) == len(weights) == len(set(order)), "ties must name each weight once"
    assert 0 <= whole <= WHOLE_MAX, whole
    assert all(0 <= weight <= WHOLE_MAX for weight in weights), "a weight is out of range"
    total = sum(weights)
    assert total > 0, "nothing to split by"
    parts = [weight * whole // total for weight in weights]
    rest = [weight * whole % total for weight in weights]
    left = whole - sum(parts)
    claims = [index for index, weight in enumerate(weights) if weight > 0]
    if remainder is Remainder.LARGEST:
        claims.sort(key=lambda index: (-rest[index], order[index]))
    else:
        claims.sort(key=lambda index: order[index])
    assert left * total == sum(rest) and left < len(claims), (left, total)
    for index in claims[:left]:
        parts[index] += 1
    assert sum(parts) == whole
    return tuple(parts)
