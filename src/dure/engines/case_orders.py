"""Case orders (상자 단위 주문): how many whole cases a group orders for what its members ask.

Nouns: case, the least a producer sells; tolerance, what members would take so that a case fills.
Law: a case that is begun is ordered only when tolerance fills it; nobody is made to take more.
Source: exchange design, *case rounding*.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

AMOUNT_MAX: Final = 10**15


@dataclass(frozen=True, slots=True)
class CaseOrder:
    """Whole cases; `amount` in units, `spread` of it on tolerance; `short` is not ordered."""

    cases: int
    amount: int
    spread: int
    short: int


def case_order(asked: int, tolerance: int, case: int, *, cases_max: int | None = None) -> CaseOrder:
    """Round what is asked to whole cases, the last one only when tolerance fills it.

    asked     : units, 0 <= asked <= 10**15
    tolerance : units, the sum over members, 0 <= tolerance <= 10**15
    case      : units a case, >= 1
    cases_max : what the producer has, whole cases >= 0; None = enough
    Returns     cases = asked div case, and one more when asked mod case > 0 and
                asked mod case + tolerance >= case; at most `cases_max`;
                amount = cases · case = asked + spread - short.
    Raises      AssertionError outside these ranges.
    Source      exchange design, *case rounding*.

    >>> [case_order(asked, more, 12).cases for asked, more in ((11, 0), (11, 1), (25, 20))]
    [0, 1, 3]
    """
    assert 0 <= asked <= AMOUNT_MAX and 0 <= tolerance <= AMOUNT_MAX and case >= 1, (asked, case)
    assert cases_max is None or cases_max >= 0, cases_max
    full, begun = divmod(asked, case)
    cases = full + (begun > 0 and begun + tolerance >= case)
    if cases_max is not None:
        cases = min(cases, cases_max)
    amount = cases * case
    spread, short = max(0, amount - asked), max(0, asked - amount)
    assert amount == asked + spread - short and spread <= tolerance, (amount, spread)
    return CaseOrder(cases, amount, spread, short)


def keeps_full_cases(before: int, after: int, case: int) -> bool:
    """Say whether a changed basket leaves every case full that was full before.

    before, after : units all members ask together, >= 0
    case          : units a case, >= 1

    >>> keeps_full_cases(25, 24, 12), keeps_full_cases(25, 23, 12)
    (True, False)
    """
    assert before >= 0 and after >= 0 and case >= 1, (before, after, case)
    return after // case >= before // case


def is_at_capacity(asked: int, capacity: int | None) -> bool:
    """Say whether a pool with a capacity is full and closes itself.

    asked    : units all members ask together, >= 0
    capacity : units, >= 1; None = no capacity, never full

    >>> is_at_capacity(99, 100), is_at_capacity(100, 100), is_at_capacity(10**9, None)
    (False, True, False)
    """
    assert asked >= 0 and (capacity is None or capacity >= 1), (asked, capacity)
    return capacity is not None and asked >= capacity
