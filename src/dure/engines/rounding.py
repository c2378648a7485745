"""Whole numbers out of fractions, with the rounding named.

Nouns: rounding (끝수 처리), the rule by which a fraction of the least unit is given up or taken.
Law: no float; the same fraction always gives the same whole number.
"""

from __future__ import annotations

from enum import StrEnum


class Rounding(StrEnum):
    """What becomes of a fraction of the least unit."""

    FLOOR = "floor"
    CEILING = "ceiling"
    HALF_UP = "half_up"


def divide(numerator: int, denominator: int, *, rounding: Rounding = Rounding.FLOOR) -> int:
    """Divide two whole numbers and round the quotient to a whole number.

    numerator   : int, any size and sign
    denominator : int >= 1
    rounding    : FLOOR towards minus infinity, CEILING towards plus infinity, HALF_UP to the
                  nearest, one half upwards
    Returns     int.
    Raises      AssertionError when the denominator is below 1.
    Source      definition of the floor function.

    >>> [divide(-5, 2, rounding=rounding) for rounding in Rounding]
    [-3, -2, -2]
    """
    assert denominator >= 1, denominator
    match rounding:
        case Rounding.FLOOR:
            return numerator // denominator
        case Rounding.CEILING:
            return -(-numerator // denominator)
        case Rounding.HALF_UP:
            return (2 * numerator + denominator) // (2 * denominator)
