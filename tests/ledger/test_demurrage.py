"""Demurrage: the worked numbers, once a month, by the balance of every day."""

from __future__ import annotations

import pytest

from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.clock import today
from dure.ledger import accruing
from dure.ledger.accruing import Month
from dure.ledger.models import Account, Programme, Transfer
from dure.ledger.posting import Movement
from tests.harness.clock import Clock
from tests.ledger.programmes import a_runner, balance, member, opened, posted, rule

pytestmark = pytest.mark.django_db
TIMER = Actor.timer("ledger.demurrage.post")
RULES = (rule("demurrage_ppm", 20_000), rule("demurrage_exempt", 0), rule("grant", 0))


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at("2026-05-31T10:00:00+09:00")


def charge() -> tuple[int, int]:
    done = run("ledger.demurrage.post", {}, TIMER).result
    return done.accounts, done.amount


def test_hundred_thousand_for_ten_days_then_forty_for_twenty(clock: Clock) -> None:
    """Σ = 1,800,000 → 1,200."""
    money = opened("mutual", a_runner(), *RULES)
    (_, anna), (_, ben) = member(money), member(money)
    assert money.issuer_id is not None
    posted(Movement(money.issuer_id, anna.pk, 100_000, "programme.grant"))
    clock.at("2026-06-11T10:00:00+09:00")
    posted(Movement(anna.pk, ben.pk, 60_000, "일"))
    clock.at("2026-07-01T00:00:00+09:00")
    # Ben held 60,000 for 20 days: Σ = 1,200,000 → 800.
    assert charge() == (2, 1_200 + 800)
    assert (balance(anna), balance(ben)) == (40_000 - 1_200, 60_000 - 800)
    assert balance(money.community) == 2_000
    assert charge() == (0, 0)
    row = Transfer.rows.filter(debit=anna.pk).latest("id")
    assert (row.purpose, row.rule_version) == ("demurrage:2026-06", money.demurrage_rule)


def test_exempt_part_and_debt_pay_nothing(clock: Clock) -> None:
    money = opened(
        "mutual",
        a_runner(),
        rule("demurrage_ppm", 20_000),
        rule("demurrage_exempt", 30_000),
        rule("grant", 0),
    )
    (_, anna), (_, ben) = member(money), member(money)
    assert money.issuer_id is not None
    posted(Movement(money.issuer_id, anna.pk, 100_000, "programme.grant"))
    clock.at("2026-06-11T10:00:00+09:00")
    posted(Movement(anna.pk, ben.pk, 60_000, "일"))
    posted(Movement(ben.pk, anna.pk, 60_000, "일"))
    posted(Movement(anna.pk, ben.pk, 60_000, "일"))
    posted(Movement(ben.pk, money.community_id or 0, 60_000, "기부"))
    clock.at("2026-07-01T00:00:00+09:00")
    assert charge() == (1, 600)
    assert balance(ben) == 0


def test_month_of_thirty_one_days_rounds_down(clock: Clock) -> None:
    """1,234 for 31 days: 617/25 → 24."""
    money = opened("mutual", a_runner(), *RULES)
    _, anna = member(money)
    assert money.issuer_id is not None
    clock.at("2026-07-01T08:00:00+09:00")
    posted(Movement(money.issuer_id, anna.pk, 1_234, "programme.grant"))
    clock.at("2026-08-01T00:00:00+09:00")
    assert charge() == (1, 24)


def test_emptying_the_account_for_one_day_evades_one_day(clock: Clock) -> None:
    """100,000 for 29 days, 0 on the last: 1,933."""
    money = opened("mutual", a_runner(), *RULES)
    (_, anna), (_, ben) = member(money), member(money)
    assert money.issuer_id is not None
    posted(Movement(money.issuer_id, anna.pk, 100_000, "programme.grant"))
    clock.at("2026-06-30T20:00:00+09:00")
    posted(Movement(anna.pk, ben.pk, 100_000, "일"))
    clock.at("2026-07-01T00:00:00+09:00")
    posted(Movement(ben.pk, anna.pk, 100_000, "일"))
    assert charge() == (2, 1_933 + 66)
    assert balance(anna) == 100_000 - 1_933


def test_debt_earns_nothing(clock: Clock) -> None:
    """−5,000 for 15 days, +5,000 for 15 days: 50."""
    money = opened("mutual", a_runner(), *RULES)
    (_, anna), (_, ben) = member(money), member(money)
    posted(Movement(anna.pk, ben.pk, 5_000, "일"))
    clock.at("2026-06-16T10:00:00+09:00")
    posted(Movement(ben.pk, anna.pk, 10_000, "일"))
    clock.at("2026-07-01T00:00:00+09:00")
    charge()
    assert balance(anna) == 5_000 - 50


def test_accrued_so_far_is_shown_and_not_posted(clock: Clock) -> None:
    money = opened("mutual", a_runner(), *RULES)
    _, anna = member(money)
    assert money.issuer_id is not None
    posted(Movement(money.issuer_id, anna.pk, 100_000, "programme.grant"))
    clock.at("2026-06-11T10:00:00+09:00")
    shown = Account.rows.get(pk=anna.pk)
    assert accruing.so_far(Programme.rows.get(), shown, today()) == 666
    assert Transfer.rows.filter(purpose__startswith="demurrage").count() == 0


def test_key_is_of_account_and_month() -> None:
    """Negative control: without keys of their own two runs in one month would charge twice."""
    money = opened("mutual", a_runner(), *RULES)
    _, anna = member(money)
    assert money.issuer_id is not None
    posted(Movement(money.issuer_id, anna.pk, 100_000, "programme.grant"))
    (row,) = accruing.charges(money, Month(2026, 5), most=10)
    posted(row)
    assert accruing.charges(money, Month(2026, 5), most=10) == []
    posted(row)  # the same key and body: the first row again
    assert balance(money.community) == row.amount
