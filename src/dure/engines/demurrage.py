"""Demurrage (보유료): the monthly charge on idle community currency.

Nouns
    day-end balance : what an account holds at the end of a day in Korea, in minor units
    exempt          : the part of a balance that pays nothing
Law
    The charge weighs every day of the month, not its lowest day: emptying the account for one day
    saves that day alone. Debt earns nothing. What was accrued never falls within a month.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dure.engines.rounding import Rounding, divide

PPM: Final = 1_000_000
BALANCE_MAX: Final = 10**18
DAYS_MAX: Final = 31


def charge(
    day_end_balances: Sequence[int],
    ppm: int,
    exempt: int = 0,
    cap: int | None = None,
    *,
    rounding: Rounding = Rounding.FLOOR,
) -> int:
    """Compute what an account pays for one whole month.

    day_end_balances : one balance for each day of the month, 28 to 31, minor units, any sign,
                       abs <= 10**18
    ppm              : rate of the month in parts per million, 0 … 1,000,000
    exempt           : minor units free of charge each day, >= 0
    cap              : what the account can spend now, any sign; None = no cap
    rounding         : of the last fraction of a unit; the account keeps it by default
    Returns          minor units >= 0; 0 means that no row is written.
    Raises           AssertionError outside these ranges.
    Source           ⌊ Σ_d max(0, B_d - exempt) · ppm / (N · 10^6) ⌋, N days of the month; rulebook
                     articles of the programme (ppm, exempt).

    >>> charge([100_000] * 10 + [40_000] * 20, 20_000)
    1200
    >>> charge([100_000] * 10 + [40_000] * 20, 20_000, 30_000)
    600
    """
    days = len(day_end_balances)
    assert days >= 28, days
    return accrued(day_end_balances, days, ppm, exempt, cap, rounding=rounding)


def accrued(
    day_end_balances: Sequence[int],
    days_in_month: int,
    ppm: int,
    exempt: int = 0,
    cap: int | None = None,
    *,
    rounding: Rounding = Rounding.FLOOR,
) -> int:
    """Compute what has accrued in the days of a month that have ended so far, for display.

    day_end_balances : one balance for each day ended, 0 … days_in_month of them, minor units
    days_in_month    : 28 … 31
    ppm, exempt, cap, rounding : as in `charge`
    Returns          minor units >= 0; equals `charge` when the month has ended.
    Raises           AssertionError outside these ranges.
    Source           as `charge`, over the days that have ended.

    >>> accrued([100_000] * 10, 30, 20_000)
    666
    """
    assert 28 <= days_in_month <= DAYS_MAX, days_in_month
    assert len(day_end_balances) <= days_in_month, len(day_end_balances)
    assert 0 <= ppm <= PPM and exempt >= 0, (ppm, exempt)
    assert all(abs(balance) <= BALANCE_MAX for balance in day_end_balances)
    idle = sum(max(0, balance - exempt) for balance in day_end_balances)
    found = divide(idle * ppm, days_in_month * PPM, rounding=rounding)
    if cap is not None:
        found = min(found, max(0, cap))
    assert 0 <= found <= idle, (found, idle)
    return found
