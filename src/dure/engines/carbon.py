"""Emissions avoided by repair: footprint times displacement, in whole grams, never guessed.

Nouns: a *footprint* is what making one device emitted, in micrograms CO2e a piece; *displacement*
is the part of it that a repair is assumed to avoid, in parts per million; *missing* counts the
pieces without a known footprint.
Law: a missing footprint stays missing: it adds nothing and is counted, it is never 0.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

PPM = 1_000_000
FOOTPRINT_MAX_UG = 10**15
PIECES_MAX = 10**9
DISPLACEMENT_HALF_PPM = 500_000


class Rounding(Enum):
    """What becomes of half a gram."""

    HALF_EVEN = "half_even"
    DOWN = "down"


class OutOfRange(ValueError):
    """A number outside the stated bounds."""


@dataclass(frozen=True, slots=True)
class Avoided:
    """Grams avoided by the pieces with a known footprint, and how many pieces had none."""

    grams: int
    piece_count: int
    missing_count: int

    @property
    def is_complete(self) -> bool:
        """Say whether every piece had a footprint."""
        return self.missing_count == 0


def avoided_grams(
    footprint_ug: int | None,
    displacement_ppm: int,
    pieces: int = 1,
    *,
    rounding: Rounding = Rounding.HALF_EVEN,
) -> int | None:
    """Grams CO2e that `pieces` repaired devices avoid, or None when the footprint is not known.

    footprint_ug     : micrograms CO2e a piece, 0 <= f <= 10**15 (1,000 t), or None = not known
    displacement_ppm : part avoided, 0 <= d <= 1,000,000
    pieces           : 0 <= n <= 10**9
    Returns            whole grams, rounded once at the end by `rounding`
    Raises             OutOfRange
    Source             The Restart Project, methodology: 0.5 of the footprint before use, an
                       assumption

    >>> avoided_grams(260_000_000_000, 500_000)
    130000
    >>> avoided_grams(None, 500_000) is None
    True
    """
    if not 0 <= displacement_ppm <= PPM:
        raise OutOfRange("displacement_ppm")
    if not 0 <= pieces <= PIECES_MAX:
        raise OutOfRange("pieces")
    if footprint_ug is None:
        return None
    if not 0 <= footprint_ug <= FOOTPRINT_MAX_UG:
        raise OutOfRange("footprint_ug")
    exact = Fraction(footprint_ug * displacement_ppm * pieces, PPM * PPM)
    return round(exact) if rounding is Rounding.HALF_EVEN else exact.numerator // exact.denominator


def avoided_sum(parts: Iterable[tuple[int, int | None]]) -> Avoided:
    """Add up grams already rounded by piece group; parts without grams are counted as missing.

    parts : (pieces, grams or None)

    >>> avoided_sum([(2, 260_000), (3, None)])
    Avoided(grams=260000, piece_count=2, missing_count=3)
    """
    grams = known = missing = 0
    for pieces, part in parts:
        if pieces < 0:
            raise OutOfRange("pieces")
        if part is None:
            missing += pieces
        else:
            known += pieces
            grams += part
    return Avoided(grams, known, missing)


def success_ppm(fixed: int, repairable: int, end_of_life: int) -> int | None:
    """Share of fixed among the known outcomes (N4r), in ppm rounded down, or None when none is
    known.

    Unknown outcomes are counted beside it, never in it. Source: indicator N4r.

    >>> success_ppm(3, 1, 1), success_ppm(0, 0, 0)
    (600000, None)
    """
    if min(fixed, repairable, end_of_life) < 0:
        raise OutOfRange("count")
    known = fixed + repairable + end_of_life
    return None if known == 0 else fixed * PPM // known
