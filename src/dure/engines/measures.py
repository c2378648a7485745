"""Arithmetic of published numbers: ratio, sum with missing parts, suppression, four value states.

Nouns: a *measure* is one cell of a release: numerator, denominator, state, reason, coverage.
Law: a number is shown only in the state `value`; deleting data never turns a cell into a better
one without a trace: a missing part makes a sum missing, or its coverage is told beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

PPM = 1_000_000
BIGINT_MAX = 2**63 - 1


class State(StrEnum):
    """What a cell says; the values are the flags of the CSV column `state`."""

    VALUE = ""
    MISSING = ":"
    SUPPRESSED = ":c"
    NOT_APPLICABLE = ":z"


class Missing(StrEnum):
    """Why a number is missing."""

    NO_REPORT = "no_report"
    NO_FACTOR = "no_factor"
    LATE_SOURCE = "late_source"
    NOT_COLLECTED = "not_collected"
    BUDGET_SPENT = "budget_spent"


class Better(StrEnum):
    """Which way a target is met: by more or by less."""

    MORE = "more"
    LESS = "less"


class NotAMeasure(ValueError):
    """A combination of number, state and reason that no cell may have."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One cell: integers only, and a number if and only if the state is `value`.

    num, den     : base units of the definition, 0 <= abs(x) < 2**63; den only for a ratio
    coverage_ppm : known part of what should be known, 0 … 1,000,000; None = complete by design
    Raises         NotAMeasure when state, numbers and reason disagree; TypeError for a float.

    >>> Measure(num=0)
    Measure(num=0, den=None, state=<State.VALUE: ''>, reason='', coverage_ppm=None)
    >>> Measure(num=None, state=State.MISSING, reason="no_factor").state
    <State.MISSING: ':'>
    """

    num: int | None
    den: int | None = None
    state: State = State.VALUE
    reason: str = ""
    coverage_ppm: int | None = None

    def __post_init__(self) -> None:
        for amount in (self.num, self.den, self.coverage_ppm):
            if amount is None:
                continue
            if type(amount) is not int:
                raise TypeError(f"an integer is needed, not {type(amount).__name__}")
            if abs(amount) > BIGINT_MAX:
                raise NotAMeasure("a number beyond 64 bits")
        if (self.state is State.VALUE) != (self.num is not None):
            raise NotAMeasure("a number stands in the state value, and only there")
        if self.state is not State.VALUE and (
            self.den is not None or self.coverage_ppm is not None
        ):
            raise NotAMeasure("a cell without a value shows no denominator and no coverage")
        if self.den is not None and self.den <= 0:
            raise NotAMeasure("a ratio needs a positive denominator")
        if (self.state is State.MISSING) != (self.reason in set(Missing)):
            raise NotAMeasure("a missing number has a reason, and only a missing one")
        if self.reason and self.state is not State.MISSING:
            raise NotAMeasure("only a missing number has a reason")
        if self.coverage_ppm is not None and not 0 <= self.coverage_ppm <= PPM:
            raise NotAMeasure("coverage is 0 to 1,000,000 parts per million")


NOT_APPLICABLE = Measure(num=None, state=State.NOT_APPLICABLE)
SUPPRESSED = Measure(num=None, state=State.SUPPRESSED)


def missing(reason: Missing) -> Measure:
    """Return the cell that says why there is no number.

    >>> missing(Missing.NO_REPORT).reason
    'no_report'
    """
    return Measure(num=None, state=State.MISSING, reason=str(reason))


def ratio(num: int, den: int) -> Measure:
    """Make a cell of a ratio of sums; an empty denominator is `not_applicable`, never 0.

    num, den : int, base units, 0 <= den; num may be negative (more reversals than facts)
    Raises     NotAMeasure when den is negative.
    Source     indicators page, four states: for a ratio a value needs a positive denominator.

    >>> ratio(3, 5).den, ratio(0, 0).state
    (5, <State.NOT_APPLICABLE: ':z'>)
    """
    if den < 0:
        raise NotAMeasure("a negative denominator")
    return NOT_APPLICABLE if den == 0 else Measure(num=num, den=den)


def covered(num: int, known: int, all_of: int, *, floor_ppm: int, reason: Missing) -> Measure:
    """Make a cell of a sum of which a part may be unknown.

    num       : int, sum over the known part, base units
    known     : int, number of facts known, 0 <= known <= all_of
    all_of    : int, number of facts that should be known
    floor_ppm : int, below this coverage the cell is missing; 1,000,000 asks for everything
    Returns     the value with its coverage (rounded down), or missing with `reason`.
    Raises      NotAMeasure when known is outside 0 … all_of.
    Source      indicators page: sums with a missing part are missing unless the definition
                names a coverage floor.

    >>> covered(130_000, 1, 1, floor_ppm=800_000, reason=Missing.NO_FACTOR).coverage_ppm
    1000000
    >>> covered(130_000, 1, 2, floor_ppm=800_000, reason=Missing.NO_FACTOR).reason
    'no_factor'
    >>> covered(0, 0, 0, floor_ppm=800_000, reason=Missing.NO_FACTOR).num
    0
    """
    if not 0 <= known <= all_of:
        raise NotAMeasure("the known part is not a part")
    if all_of == 0:
        return Measure(num=num, coverage_ppm=PPM)
    if known * PPM < floor_ppm * all_of:
        return missing(reason)
    return Measure(num=num, coverage_ppm=known * PPM // all_of)


def add(parts: Iterable[Measure]) -> Measure:
    """Add cells of an additive definition without coverage; one missing part makes it missing.

    parts   : cells without denominator and coverage; suppressed or not applicable parts refuse
    Returns   the sum; the reason of the first missing part if there is one; 0 for no parts.
    Raises    NotAMeasure for a part that cannot be added.

    >>> add([Measure(num=2), Measure(num=0)]).num
    2
    >>> add([Measure(num=2), missing(Missing.NO_REPORT)]).reason
    'no_report'
    """
    total = 0
    first_missing: Measure | None = None
    for part in parts:
        if part.state is State.MISSING:
            first_missing = first_missing or part
        elif part.state is not State.VALUE or part.den is not None or part.num is None:
            raise NotAMeasure("only plain numbers add up")
        else:
            total += part.num
    return first_missing or Measure(num=total)


def hide_small_groups(measure: Measure, contributors: int, *, k: int) -> Measure:
    """Hide a cell that rests on too few contributors (primary suppression).

    contributors : int >= 0, organisations or persons behind the number
    k            : int >= 1, 0 < contributors < k is hidden; nobody at all is a true number
    Returns        the same cell, or the suppressed one. Missing and not applicable stay.
    Source         rulebook `indicators.k_organisations` (5), `indicators.k_persons` (10).

    >>> hide_small_groups(Measure(num=12), 4, k=5).state
    <State.SUPPRESSED: ':c'>
    >>> hide_small_groups(Measure(num=12), 5, k=5).num
    12
    """
    if contributors < 0 or k < 1:
        raise NotAMeasure("contributors and k are counts")
    if measure.state is State.VALUE and 0 < contributors < k:
        return SUPPRESSED
    return measure


def meets(num: int, den: int, target_ppm: int, *, better: Better = Better.MORE) -> bool:
    """Tell whether a ratio meets its target, by cross-multiplication and never by division.

    num, den   : int, den > 0
    target_ppm : int, parts per million

    >>> meets(49_999_999, 1_000_000_000, 50_000)
    False
    >>> meets(50_000_000, 1_000_000_000, 50_000)
    True
    """
    if den <= 0:
        raise NotAMeasure("a ratio needs a positive denominator")
    left, right = num * PPM, target_ppm * den
    return left >= right if better is Better.MORE else left <= right


def ratio_text(
    num: int, den: int, *, scale: int = 100, digits: int = 2, better: Better = Better.MORE
) -> str:
    """Write scale × num / den as a decimal, cut towards *missing* the target.

    num, den : int, den > 0
    scale    : int >= 1, 100 writes percent, 1 the plain quotient
    digits   : decimals, 0 … 6
    better   : MORE cuts down (4.9999999 % is never "5.0"), LESS cuts up
    Returns    decimal text without a unit, e.g. "4.99".

    >>> ratio_text(49_999_999, 1_000_000_000)
    '4.99'
    >>> ratio_text(3, 5)
    '60.00'
    >>> ratio_text(1, 3, digits=0, better=Better.LESS)
    '34'
    >>> ratio_text(31_350, 12_540, scale=1, digits=1)
    '2.5'
    """
    if den <= 0 or not 0 <= digits <= 6 or scale < 1:
        raise NotAMeasure("a positive denominator and 0 to 6 digits are needed")
    scaled = num * scale * 10**digits
    cut = scaled // den if better is Better.MORE else -(-scaled // den)
    sign, whole = ("-", -cut) if cut < 0 else ("", cut)
    if digits == 0:
        return f"{sign}{whole}"
    return f"{sign}{whole // 10**digits}.{whole % 10**digits:0{digits}d}"


def change_text(new: int, old: int, *, digits: int = 2) -> str | None:
    """Write a change in percent, cut towards zero; None when there was nothing before.

    >>> change_text(417_300, 454_100)
    '-8.10'
    >>> change_text(6, 4)
    '+50.00'
    >>> change_text(5, 0) is None
    True
    """
    if old <= 0:
        return None
    difference = new - old
    text = ratio_text(abs(difference), old, digits=digits)
    return text if difference == 0 else f"{'+' if difference > 0 else '-'}{text}"
