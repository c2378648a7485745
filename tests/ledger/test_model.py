"""The oracle itself, on the worked numbers of the ledger's design."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from tests.ledger.model import Account, Kind, Ledger, Refused, Row
from tests.ledger.model_reading import as_of, held, spend, statement, trial

TODAY = date(2026, 6, 10)
NOW = datetime(2026, 6, 10, 3, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def key(number: int) -> UUID:
    return UUID(int=number)


def books(**limits: tuple[int | None, int | None]) -> Ledger:
    """Accounts 1, 2, … of one book with the limits given, and an unlimited source 99."""
    ledger = Ledger(NOW, TODAY)
    ledger.open(Account(99, 1, "TIME", None, None))
    for number, (lo, hi) in enumerate(limits.values(), 1):
        ledger.open(Account(number, 1, "TIME", lo, hi))
    return ledger


def row(number: int, debit: int, credit: int, amount: int, **more: object) -> Row:
    return Row(key(number), debit, credit, amount, more.pop("event_date", TODAY), **more)  # type: ignore[arg-type]  # tests name the columns


def refused(ledger: Ledger, *rows: Row) -> set[str]:
    before = repr(ledger.accounts), list(ledger.rows)
    with pytest.raises(Refused) as told:
        ledger.post(rows)
    assert (repr(ledger.accounts), list(ledger.rows)) == before
    return set(told.value.codes)


def state(ledger: Ledger, account: int) -> tuple[int, int, int]:
    one = ledger.accounts[account]
    return one.balance, one.held_out, one.held_in


def test_a_hold_counts_against_the_floor() -> None:
    ledger = books(a=(-500, None), b=(0, None))
    ledger.post([row(1, 1, 2, 400, kind=Kind.HOLD, expires_at=LATER)])
    assert refused(ledger, row(2, 1, 2, 101)) == {"insufficient"}
    ledger.post([row(3, 1, 2, 100)])
    assert (state(ledger, 1), state(ledger, 2)) == ((-100, 400, 0), (100, 0, 400))
    assert ledger.accounts[1].spendable == 0


def test_a_settle_frees_the_rest() -> None:
    ledger = books(a=(-500, None), b=(0, None))
    ledger.post([row(1, 1, 2, 400, kind=Kind.HOLD, expires_at=LATER)])
    ledger.post([row(2, 1, 2, 250, kind=Kind.SETTLE, ref=key(1))])
    assert (state(ledger, 1), state(ledger, 2)) == ((-250, 0, 0), (250, 0, 0))
    assert ledger.accounts[1].spendable == 250
    assert refused(ledger, row(3, 1, 2, 1, kind=Kind.SETTLE, ref=key(1))) == {"already_resolved"}


def test_order_inside_a_statement_counts() -> None:
    ledger = books(a=(0, None))
    assert refused(ledger, row(1, 1, 99, 10), row(2, 99, 1, 10)) == {"insufficient"}
    ledger.post([row(3, 99, 1, 10), row(4, 1, 99, 10)])
    assert state(ledger, 1) == (0, 0, 0)


def test_lots_are_spent_earliest_first() -> None:
    ledger = Ledger(NOW, date(2026, 5, 20))
    ledger.open(Account(1, 1, "VCH", lot=1, valid_to=date(2026, 7, 1), balance=3_000))
    ledger.open(Account(2, 1, "VCH", lot=2, valid_to=date(2026, 6, 1), balance=5_000))
    assert spend(ledger, (1, 2), 6_000) == [(2, 5_000), (1, 1_000)]
    with pytest.raises(Refused):
        spend(ledger, (1, 2), 8_001)
    ledger.today = date(2026, 6, 2)
    assert spend(ledger, (1, 2), 3_000) == [(1, 3_000)]


def test_a_key_takes_effect_once() -> None:
    ledger = books(a=(0, None), b=(0, None))
    assert ledger.post([row(1, 99, 1, 10)]) == [key(1)]
    assert ledger.post([row(1, 99, 1, 10)]) == [key(1)]
    assert refused(ledger, row(1, 99, 1, 11)) == {"key_reused"}
    assert refused(ledger, row(2, 99, 1, 1), row(2, 99, 1, 1)) == {"duplicate_key"}
    assert state(ledger, 1) == (10, 0, 0)


def test_reversal_and_refund_exclude_each_other() -> None:
    ledger = books(a=(0, None), b=(0, None))
    ledger.post([row(1, 99, 1, 100), row(2, 1, 2, 60)])
    ledger.post([row(3, 2, 1, 25, kind=Kind.REFUND, ref=key(2))])
    assert refused(ledger, row(4, 2, 1, 60, kind=Kind.REVERSAL, ref=key(2))) >= {"refunded"}
    assert refused(ledger, row(5, 2, 1, 36, kind=Kind.REFUND, ref=key(2))) >= {"amount"}
    ledger.post([row(6, 2, 1, 35, kind=Kind.REFUND, ref=key(2))])
    ledger.post([row(7, 1, 99, 100, kind=Kind.REVERSAL, ref=key(1))])
    again = row(8, 1, 99, 100, kind=Kind.REVERSAL, ref=key(1))
    assert refused(ledger, again) == {"already_reversed", "insufficient"}
    small = row(9, 1, 99, 1, kind=Kind.REFUND, ref=key(1))
    assert refused(ledger, small) == {"already_reversed", "insufficient"}
    assert state(ledger, 1) == state(ledger, 2) == state(ledger, 99) == (0, 0, 0)


def test_time_of_a_hold() -> None:
    ledger = books(a=(-10, None))
    ledger.post([row(1, 1, 99, 5, kind=Kind.HOLD, expires_at=LATER)])
    assert refused(ledger, row(2, 1, 99, 5, kind=Kind.EXPIRE, ref=key(1))) == {"not_expired"}
    ledger.now = LATER
    assert refused(ledger, row(3, 1, 99, 5, kind=Kind.SETTLE, ref=key(1))) == {"hold_expired"}
    assert held(ledger, 1) == (5, 0)
    ledger.post([row(4, 1, 99, 5, kind=Kind.EXPIRE, ref=key(1))])
    assert held(ledger, 1) == (0, 0) == state(ledger, 1)[1:]


def test_shape_of_a_row() -> None:
    ledger = books(a=(0, None), b=(0, 50))
    ledger.steps["TIME"] = 5
    ledger.open(Account(50, 2, "TIME", None, None))
    ledger.open(Account(51, 1, "KRW", None, None))
    assert refused(ledger, row(1, 99, 1, 0)) >= {"amount"}
    assert refused(ledger, row(1, 99, 1, 7)) == {"amount"}
    assert refused(ledger, row(1, 99, 1, 10**12 + 5)) == {"amount"}
    assert refused(ledger, row(1, 99, 50, 5)) == {"cross_book"}
    assert refused(ledger, row(1, 99, 51, 5)) == {"cross_unit"}
    assert refused(ledger, row(1, 99, 98, 5)) == {"not_found"}
    assert refused(ledger, row(1, 99, 99, 5)) == {"same_account"}
    assert refused(ledger, row(1, 99, 2, 55)) == {"over_ceiling"}
    assert refused(ledger, row(1, 99, 1, 5, event_date=date(2026, 6, 11))) == {"future_date"}
    ledger.set_status(1, "frozen")
    assert refused(ledger, row(1, 99, 1, 5)) == {"not_open"}


def test_a_closed_period_takes_nothing_and_stands_as_it_was() -> None:
    ledger = books(a=(0, None))
    may, june = date(2026, 5, 31), date(2026, 6, 1)
    ledger.post([row(1, 99, 1, 10, event_date=may), row(2, 99, 1, 7, event_date=june)])
    ledger.close(1, may)
    assert refused(ledger, row(3, 99, 1, 1, event_date=may)) == {"period_closed"}
    ledger.post([row(4, 1, 99, 10, kind=Kind.REVERSAL, ref=key(1))])
    assert trial(ledger, may) == {99: -10, 1: 10}
    assert as_of(ledger, 1, TODAY) == 7
    assert statement(ledger, 1, june, TODAY) == (10, [7, -10], 7)
    with pytest.raises(Refused):
        ledger.close(1, may)


def test_limits_and_closing_need_their_balance() -> None:
    ledger = books(a=(0, None))
    ledger.post([row(1, 99, 1, 10)])
    for lo, hi in ((11, None), (0, 9)):
        with pytest.raises(Refused):
            ledger.limit(1, lo, hi)
    ledger.limit(1, 10, 10)
    with pytest.raises(Refused):
        ledger.set_status(1, "closed")
