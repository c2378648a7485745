"""Rationing (배분): one estate that is smaller than what is claimed, divided by a voted rule.

Nouns
    estate    : what there is; claim: what one party asks; lot: the least unit handed out
    award     : what a claim gets; its exact award is a fraction of a lot before rounding
    parameter : the one number behind all awards: rate, equal share (lambda) or equal loss (mu)
Law
    Awards are whole lots, none is above its claim, they sum to min(estate, sum of claims) exactly,
    and none is a whole lot off its exact award. Who gets the last lots never depends on the order
    in which rows were read, only on fractions and tie keys.
Source
    Thomson, Mathematical Social Sciences 45 (2003) 249-297; Herrero and Villar, ibid. 42 (2001)
    307-328; Aumann and Maschler, Journal of Economic Theory 36 (1985) 195-213; weights: Boccard and
    Goetz, Energy Economics 150, 108822; last lots: Hamilton's method of largest remainders.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from math import gcd
from typing import Any, Final

import numpy as np
import numpy.typing as npt

AMOUNT_MAX: Final = 10**15
WEIGHT_MAX: Final = 10**12
CLAIMS_MAX: Final = 1_000_000
_INT64_SAFE: Final = 2**62

Numbers = npt.NDArray[Any]  # int64; Python integers where a product could pass 2**62


class Rule(StrEnum):
    """How an estate that is too small is divided."""

    PROPORTIONAL = "prop"
    EQUAL_AWARDS = "cea"
    WEIGHTED_AWARDS = "wcea"
    EQUAL_LOSSES = "cel"
    TALMUD = "talmud"
    FIRST_COME = "first_come"


class Measure(StrEnum):
    """What the parameter of a division is."""

    RATE = "rate"
    SHARE = "lambda"
    LOSS = "mu"


@dataclass(frozen=True, slots=True)
class Parameter:
    """The number behind the awards; share and loss in units of the estate, a rate without unit."""

    measure: Measure
    value: Fraction


@dataclass(frozen=True, slots=True)
class Ration:
    """Awards in the order of the claims, and what they were rounded from.

    `numerators[i] / denominator` is the exact award of claim i in lots; `left` stays undivided.
    `parameter` is None where none was needed: everyone in full, nothing at all, first come.
    """

    rule: Rule
    lot: int
    awards: tuple[int, ...]
    parameter: Parameter | None
    denominator: int
    left: int
    numerators: Numbers = field(compare=False, repr=False)

    def exact(self, place: int) -> Fraction:
        """The award of one claim before rounding, in units of the estate."""
        return Fraction(int(self.numerators[place]) * self.lot, self.denominator)


def tie_ranks(salt: bytes, claim_ids: Sequence[str]) -> tuple[int, ...]:
    """Draw the order of claims that are equal, fixed by a salt nobody could choose afterwards.

    salt      : bytes, committed to before the pool closes
    claim_ids : n distinct texts
    Returns     n ranks from 0: the claim with the least SHA-256(salt + id in UTF-8) comes first.
    Raises      AssertionError when an id stands twice.
    Source      exchange design, *Pools and the rationing kernel*.

    >>> tie_ranks(b"2026-11", ("a", "b", "c"))
    (1, 2, 0)
    """
    assert len(set(claim_ids)) == len(claim_ids), "a claim is named twice"
    digests = [hashlib.sha256(salt + name.encode()).digest() for name in claim_ids]
    ranks = [0] * len(digests)
    for rank, place in enumerate(sorted(range(len(digests)), key=digests.__getitem__)):
        ranks[place] = rank
    return tuple(ranks)


def ration(
    rule: Rule,
    estate: int,
    claims: Sequence[int] | npt.NDArray[np.int64],
    *,
    weights: Sequence[int] | npt.NDArray[np.int64] | None = None,
    ties: Sequence[int] | npt.NDArray[np.int64] | None = None,
    lot: int = 1,
) -> Ration:
    """Divide an estate among claims by one rule, in whole lots.

    rule    : the rule the members chose
    estate  : minor units (g, minutes, won, Wh), 0 <= estate <= 10**15; what does not fill a lot
              stays undivided
    claims  : n amounts of the same unit, multiples of the lot, 0 <= claim, at most 10**6 of them,
              together <= 10**15
    weights : n whole numbers, 1 <= w <= 10**12, read by WEIGHTED_AWARDS alone; None = all 1
    ties    : n distinct numbers, the lowest first: who gets a last lot among equal fractions, and
              the order of asking for FIRST_COME; None = the earlier row
    lot     : minor units, >= 1
    Returns   awards that sum to min(whole lots of the estate, sum of claims) exactly.
    Raises    AssertionError outside these ranges.
    Source    see the module. PROP c·E/C; CEA min(c, lambda); wCEA min(c, lambda·w); CEL
              max(0, c - mu); Talmud: CEA of half claims up to half of C, else half claims and CEL
              of the rest.

    >>> ration(Rule.EQUAL_AWARDS, 10_000, (1_000, 5_000, 3_000, 2_000, 3_000)).awards
    (1000, 2334, 2333, 2000, 2333)
    >>> ration(Rule.TALMUD, 200, (100, 200, 300)).awards
    (50, 75, 75)
    """
    asked = _column(claims, 0, AMOUNT_MAX)
    count = len(asked)
    if weights is None or rule is not Rule.WEIGHTED_AWARDS:
        scale = np.ones(count, np.int64)
    else:
        scale = _column(weights, 1, WEIGHT_MAX)
    order = np.arange(count) if ties is None else _column(ties, -(2**63), 2**63 - 1)
    assert count <= CLAIMS_MAX and lot >= 1, (count, lot)
    assert len(order) == len(scale) == count, "one tie key, one weight each"
    assert (np.diff(np.sort(order)) > 0).all(), "two claims have one tie key"
    assert 0 <= estate <= AMOUNT_MAX, estate
    assert not (asked % lot).any(), "a claim is not a multiple of the lot"
    total = sum(asked.tolist()) if count and int(asked.max()) > AMOUNT_MAX // count else asked.sum()
    asked, total, lots = asked // lot, int(total) // lot, estate // lot
    assert total * lot <= AMOUNT_MAX, total
    if lots >= total or lots == 0:
        numerators, denominator, parameter = asked * min(lots, 1), 1, None
    elif rule is Rule.FIRST_COME:
        numerators, denominator, parameter = _in_order(lots, asked, order), 1, None
    else:
        numerators, denominator, parameter = _shares(rule, lots, asked, scale, total)
    given = _rounded(numerators, denominator, min(lots, total), order)
    assert (given <= asked).all() and (given >= 0).all(), "an award is above its claim"
    if parameter is not None and parameter.measure is not Measure.RATE:
        parameter = Parameter(parameter.measure, parameter.value * lot)
    return Ration(
        rule,
        lot,
        tuple((given * lot).tolist()),
        parameter,
        denominator,
        estate - min(lots, total) * lot,
        numerators,
    )


def _column(numbers: Sequence[int] | Numbers, least: int, most: int) -> Numbers:
    """Read whole numbers into an array of int64; no float, no other type, none out of range."""
    column = np.asarray(numbers) if len(numbers) else np.zeros(0, np.int64)
    assert column.ndim == 1 and column.dtype.kind in "iu", "whole numbers only"
    assert not len(column) or least <= int(column.min()) <= int(column.max()) <= most, (
        "out of range"
    )
    return column.astype(np.int64)


def _in_order(lots: int, asked: Numbers, order: Numbers) -> Numbers:
    """Serve claims in their order until nothing is left."""
    queue = np.argsort(order)
    before = np.cumsum(asked[queue]) - asked[queue]
    given = np.zeros_like(asked)
    given[queue] = np.clip(lots - before, 0, asked[queue])
    return given


def _shares(
    rule: Rule, lots: int, asked: Numbers, scale: Numbers, total: int
) -> tuple[Numbers, int, Parameter]:
    """Give exact awards in lots as numerators over one denominator, for 0 < lots < total."""
    if rule is Rule.PROPORTIONAL:
        common = gcd(lots, total)
        over, under = lots // common, total // common
        rate = Parameter(Measure.RATE, Fraction(over, under))
        return _wide(asked, int(asked.max()) * over + len(asked) * under) * over, under, rate
    lose, twice = total - lots, 1
    is_loss = rule is Rule.EQUAL_LOSSES
    if rule is Rule.TALMUD:
        is_loss, twice = 2 * lots > total, 2
    target = twice * (lose if is_loss else lots)
    widths = int(scale.sum())
    bound = 2 * (widths * (int(asked.max()) + len(asked)) + twice * total * int(scale.max()))
    asked, scale = _wide(asked, bound), _wide(scale, bound)
    over, under = (int(asked.max()), 1) if target == total else _cap(asked, scale, target)
    capped = np.minimum(asked * under, scale * over)
    value = Fraction(over, under * twice)
    if is_loss:
        loss = Parameter(Measure.LOSS, value)
        return asked * (under * twice) - capped, under * twice, loss
    return capped, under * twice, Parameter(Measure.SHARE, value)


def _wide(numbers: Numbers, bound: int) -> Numbers:
    """Leave int64 where nothing computed from it passes the bound 2**62; else Python integers."""
    return numbers if bound < _INT64_SAFE else numbers.astype(object)


def _cap(asked: Numbers, scale: Numbers, target: int) -> tuple[int, int]:
    """Find over / under with sum of min(asked, scale · over / under) = target < sum of asked.

    A sort of rounded quotients gives the start; Newton's steps with exact comparisons end on the
    root: the sum is concave and piecewise linear, so after one step they only climb.
    """
    over, under = _guess(asked.astype(np.float64), scale.astype(np.float64), float(target))
    for _step in range(len(asked) + 3):
        free = asked * under > scale * over
        width = int(scale[free].sum())
        if width == 0:  # rounding put the start beyond every claim: begin below all of them
            over, under = target, int(scale.sum())
            continue
        rest = target - int(asked[~free].sum())
        if rest * under == over * width:
            return over, under
        over, under = rest, width
    raise AssertionError("unreachable: each step frees at least one claim fewer")


def _guess(asked: Numbers, scale: Numbers, target: float) -> tuple[int, int]:
    """Give the claim and weight at which the cap is about reached: a start, not an answer."""
    if (scale == scale[0]).all():
        asked = np.sort(asked)
    else:
        queue = np.argsort(asked / scale)
        asked, scale = asked[queue], scale[queue]
    weight = np.cumsum(scale[::-1])[::-1]
    reached = np.cumsum(asked) - asked + asked / scale * weight
    place = min(int(np.searchsorted(reached, target)), len(asked) - 1)
    return int(asked[place]), int(scale[place])


def _rounded(numerators: Numbers, denominator: int, lots: int, order: Numbers) -> Numbers:
    """Round down, then hand out the lots left: largest fraction first, then the lowest tie key."""
    given, rest = numerators // denominator, numerators % denominator
    left = lots - int(given.sum())
    assert left * denominator == int(rest.sum()) and 0 <= left <= len(rest), left
    if left:
        edge = np.sort(rest)[len(rest) - left]
        assert edge > 0, "more lots are left than fractions"
        sure = rest > edge
        tied = np.flatnonzero(rest == edge)
        chosen = tied[np.argsort(order[tied])[: left - int(sure.sum())]]
        given = given + sure
        given[chosen] += 1
    assert int(given.sum()) == lots, lots
    return given.astype(np.int64)
