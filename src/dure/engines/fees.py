"""Fees (수수료): a row of their own beside a payment, never netted inside its amount.

Nouns: fee, in the minor unit of the payment; least and most, its bounds.
Law: a fee is a whole number of minor units; 0 means that no row is written.
"""

from __future__ import annotations

from typing import Final

from dure.engines.rounding import Rounding, divide

PPM: Final = 1_000_000
AMOUNT_MAX: Final = 10**12


def fee(
    amount: int,
    ppm: int,
    least: int = 0,
    most: int | None = None,
    *,
    rounding: Rounding = Rounding.FLOOR,
) -> int:
    """Compute the fee on one payment.

    amount   : minor units, 1 … 10**12
    ppm      : rate in parts per million, 0 … 1,000,000
    least    : the fee is never below it, 0 <= least; it applies to every payment
    most     : the fee is never above it, least <= most; None = no bound
    rounding : of the fraction of a unit; the one who pays keeps it by default
    Returns  minor units >= 0; 0 means that no row is written.
    Raises   AssertionError outside these ranges.
    Source   ⌊ amount · ppm / 10^6 ⌋ with stated bounds; rulebook article of the programme.

    >>> [fee(amount, 15_000) for amount in (12_345, 10_000, 67, 66)]
    [185, 150, 1, 0]
    >>> fee(66, 15_000, least=100), fee(10**9, 15_000, most=5_000)
    (100, 5000)
    """
    assert 1 <= amount <= AMOUNT_MAX, amount
    assert 0 <= ppm <= PPM, ppm
    assert least >= 0 and (most is None or least <= most), (least, most)
    found = max(least, divide(amount * ppm, PPM, rounding=rounding))
    return found if most is None else min(found, most)
