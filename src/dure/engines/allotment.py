"""Allotment (배분 결과): a pool's claims served stage by stage, each award with its reason.

Nouns
    stage  : protected claims, firm quantities, the rest of what was asked, tolerance; each is
             rationed out of what the stage before left
    firm   : what a claim counts on; asked: all it asks for; tolerance: what it would take on top
    reason : why a part of a claim got what it got, with the number that decided it
Law
    A later stage gets nothing while an earlier one is short. Awards sum to min(estate, sum of asked
    and tolerance) in whole lots; none passes its asked plus its tolerance.
Source
    Exchange design, *Pools and the rationing kernel*; the rules stand in `dure.engines.rationing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dure.engines.rationing import Measure, Numbers, Parameter, Ration, Rule, ration

PRICE_MAX: Final = 10**9
_TOLERANCE_MAX: Final = 10**12


class Stage(StrEnum):
    """Whose turn it is."""

    PROTECTED = "protected"
    FIRM = "firm"
    REST = "rest"
    TOLERANCE = "tolerance"


class Why(StrEnum):
    """What decided a part of an award."""

    IN_FULL = "in_full"
    NOTHING_LEFT = "nothing_left"
    PORTION = "portion"
    EQUAL_SHARE = "equal_share"
    WEIGHTED_SHARE = "weighted_share"
    EQUAL_LOSS = "equal_loss"
    HALF = "half"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Part:
    """One stage of one claim: asked and awarded in units of the estate, and why.

    `parameter` is the rate, share or loss of the stage; None where none was needed.
    """

    stage: Stage
    asked: int
    award: int
    exact: Fraction
    why: Why
    parameter: Parameter | None


@dataclass(frozen=True, slots=True)
class Served:
    """A stage as it was rationed: what it found, what it asked and what came out of it."""

    stage: Stage
    estate: int
    asked: tuple[int, ...]
    weights: tuple[int, ...] | None
    ration: Ration


@dataclass(frozen=True, slots=True)
class Allotment:
    """Awards in the order of the claims; `left` is what no claim could take."""

    rule: Rule
    awards: tuple[int, ...]
    left: int
    stages: tuple[Served, ...] = field(repr=False)

    def parts(self, place: int) -> tuple[Part, ...]:
        """Tell one claim what it got and why in each stage in which it asked for something."""
        return tuple(_part(served, place) for served in self.stages if served.asked[place])

    def decisive(self, place: int) -> Part | None:
        """The first part that was cut, tolerance last; the first of all when none was."""
        parts = self.parts(place)
        cut = [part for part in parts if part.award < part.asked]
        return cut[0] if cut else parts[0] if parts else None


def allot(
    rule: Rule,
    estate: int,
    asked: Sequence[int] | npt.NDArray[np.int64],
    *,
    firm: Sequence[int] | npt.NDArray[np.int64] | None = None,
    tolerance: Sequence[int] | npt.NDArray[np.int64] | None = None,
    protected: Sequence[bool] | None = None,
    prices: Sequence[int] | None = None,
    weights: Sequence[int] | npt.NDArray[np.int64] | None = None,
    ties: Sequence[int] | npt.NDArray[np.int64] | None = None,
    lot: int = 1,
) -> Allotment:
    """Serve a pool: protected claims, then firm quantities, then the rest, then tolerance.

    rule, estate, weights, ties, lot : as in `rationing.ration`, for every stage but the last
    asked     : n amounts, multiples of the lot
    firm      : n amounts, 0 <= firm <= asked, multiples of the lot; None = all that is asked
    tolerance : n amounts >= 0 on top of asked, multiples of the lot; None = none. Spread in
                proportion to the money offered for it, tolerance · price, not by heads
    protected : n truths: who comes before all others with all it asks; None = nobody
    prices    : n won an estate unit or any other common measure, 1 <= p <= 10**9; None = one price
    Returns     awards, 0 <= award <= asked + tolerance, which sum to
                min(whole lots of the estate, sum of asked and tolerance) exactly.
    Raises      AssertionError outside these ranges.
    Source      exchange design; tolerance by money is the weighted rule with weight
                tolerance · price.

    >>> found = allot(Rule.EQUAL_AWARDS, 10, (4, 9, 9), protected=(False, False, True))
    >>> found.awards, found.decisive(1).why.value, found.decisive(1).parameter.value
    ((1, 0, 9), 'equal_share', Fraction(1, 2))
    """
    wanted = _whole(asked)
    count = len(wanted)
    sure = wanted if firm is None else _whole(firm)
    more = np.zeros_like(wanted) if tolerance is None else _whole(tolerance)
    first = np.zeros(count, bool) if protected is None else np.asarray(protected, bool)
    assert len(sure) == len(more) == len(first) == count, "one number a claim"
    assert (sure >= 0).all() and (sure <= wanted).all(), "firm is more than asked"
    assert not count or int(more.max()) <= _TOLERANCE_MAX, "a tolerance is out of range"
    money = more if prices is None else _priced(more, prices)
    none = np.zeros_like(wanted)
    stages: list[Served] = []
    left = estate
    for stage, part, scale in (
        (Stage.PROTECTED, np.where(first, wanted, none), weights),
        (Stage.FIRM, np.where(first, none, sure), weights),
        (Stage.REST, np.where(first, none, wanted - sure), weights),
        (Stage.TOLERANCE, more, np.maximum(money, 1)),
    ):
        if not part.any():
            continue
        used = Rule.WEIGHTED_AWARDS if stage is Stage.TOLERANCE else rule
        found = ration(used, left, part, weights=scale, ties=ties, lot=lot)
        kept = None if scale is None else tuple(int(weight) for weight in scale)
        stages.append(Served(stage, left, tuple(part.tolist()), kept, found))
        left = found.left
    awards = none.copy()
    for served in stages:
        awards += np.asarray(served.ration.awards, np.int64)
    limit = min(estate // lot * lot, int(wanted.sum()) + int(more.sum()))
    assert int(awards.sum()) == limit and left == estate - limit, (left, limit)
    assert (awards <= wanted + more).all(), "an award passes its claim"
    return Allotment(rule, tuple(awards.tolist()), left, tuple(stages))


def _whole(numbers: Sequence[int] | npt.NDArray[Any]) -> Numbers:  # Any: as `Numbers`
    column = np.asarray(numbers) if len(numbers) else np.zeros(0, np.int64)
    assert column.dtype.kind in "iu" and column.ndim == 1, "whole numbers only"
    whole: Numbers = column.astype(np.int64)
    return whole


def _priced(more: Numbers, prices: Sequence[int]) -> Numbers:
    """Money offered for tolerance, brought down by a common divisor so that weights stay small."""
    assert len(prices) == len(more) and all(1 <= price <= PRICE_MAX for price in prices), "prices"
    money = more.astype(object) * np.asarray(prices, object)
    shared = int(np.gcd.reduce(money)) if len(money) else 0
    money //= max(1, shared)
    assert not len(money) or max(money) <= _TOLERANCE_MAX, "money for tolerance is out of range"
    weights: Numbers = money.astype(np.int64)
    return weights


def _part(served: Served, place: int) -> Part:
    found, asked = served.ration, served.asked[place]
    exact = found.exact(place)
    return Part(
        served.stage,
        asked,
        found.awards[place],
        exact,
        _why(found, asked, exact),
        found.parameter,
    )


def _why(found: Ration, asked: int, exact: Fraction) -> Why:
    """Name what decided an exact award; rounding to a lot never changes the reason."""
    if exact == asked:
        return Why.IN_FULL
    if found.rule is Rule.FIRST_COME:
        return Why.ORDER
    if found.parameter is None:
        return Why.NOTHING_LEFT
    if found.rule is Rule.TALMUD and 2 * exact == asked:
        return Why.HALF
    match found.parameter.measure:
        case Measure.RATE:
            return Why.PORTION
        case Measure.LOSS:
            return Why.EQUAL_LOSS
        case Measure.SHARE:
            weighted = found.rule is Rule.WEIGHTED_AWARDS
            return Why.WEIGHTED_SHARE if weighted else Why.EQUAL_SHARE
