"""Demurrage of programmes: what has accrued, and what a month charges.

Nouns: month (달), day-end balance (하루 끝 잔액), accrued so far (지금까지 쌓인 보유료).
Law: each day of the month weighs, by the balance at its end in Korea; the charge is capped at what
can be spent; one charge an account and month, by its key.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from dure.engines.demurrage import accrued, charge
from dure.engines.ledger_rows import demurrage_key

from . import purposes
from .models import Account, Programme, Transfer
from .opening import rule
from .posting import Movement


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month."""

    year: int
    number: int

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def days(self) -> int:
        """How many days it has."""
        return calendar.monthrange(self.year, self.number)[1]

    @property
    def last(self) -> date:
        """Its last day."""
        return self.first + timedelta(days=self.days - 1)

    @property
    def text(self) -> str:
        """As ``2026-06``."""
        return f"{self.year:04d}-{self.number:02d}"

    @classmethod
    def of(cls, day: date) -> Month:
        """The month of a day."""
        return cls(day.year, day.month)

    def before(self) -> Month:
        """The month before.

        >>> Month(2026, 1).before().text
        '2025-12'
        """
        return Month.of(self.first - timedelta(days=1))


# Balances at the ends of days: the present one less what moved after each day.
DAY_ENDS = """
WITH days AS (SELECT d::date AS day FROM generate_series(%(first)s::date, %(last)s, '1 day') d),
moved AS (
    SELECT account, event_date, sum(amount)::bigint AS amount FROM (
        SELECT debit AS account, event_date, -amount AS amount FROM ledger_transfer
        WHERE debit = ANY (%(accounts)s) AND kind IN (0, 2, 5, 6) AND event_date > %(first)s
        UNION ALL
        SELECT credit, event_date, amount FROM ledger_transfer
        WHERE credit = ANY (%(accounts)s) AND kind IN (0, 2, 5, 6) AND event_date > %(first)s
    ) m GROUP BY 1, 2
)
SELECT a.id, d.day, (a.balance - coalesce(sum(m.amount), 0))::bigint
FROM ledger_account a CROSS JOIN days d
LEFT JOIN moved m ON m.account = a.id AND m.event_date > d.day
WHERE a.id = ANY (%(accounts)s)
GROUP BY a.id, a.balance, d.day ORDER BY a.id, d.day
"""


def day_ends(accounts: Iterable[int], first: date, last: date) -> Mapping[int, list[int]]:
    """The balance of each account at the end of each day from first to last, both counted."""
    found: dict[int, list[int]] = {}
    wanted = sorted(set(accounts))
    if not wanted or last < first:
        return {account: [] for account in wanted}
    with connection.cursor() as cursor:
        cursor.execute(DAY_ENDS, {"accounts": wanted, "first": first, "last": last})
        for account, _day, balance in cursor.fetchall():
            found.setdefault(account, []).append(balance)
    return found


def charges(programme: Programme, month: Month, *, most: int) -> list[Movement]:
    """The rows of a month's demurrage that are not posted yet, by account, at most `most`."""
    ppm, exempt = rule(programme, "demurrage_ppm"), rule(programme, "demurrage_exempt")
    if not ppm or programme.community_id is None:
        return []
    purpose = purposes.month(month.text)
    owned = Account.rows.filter(
        book=programme.book_id,
        unit=programme.unit_id,
        status=Account.Status.OPEN,
        type=Account.Type.LIABILITY,
        lot=None,
    ).exclude(owner_person=None, owner_organisation=None)
    paid = _paid(programme, purpose)
    accounts = {one.pk: one for one in owned.order_by("id") if one.pk not in paid}
    balances = day_ends(accounts, month.first, month.last)
    rows = []
    for number, one in accounts.items():
        amount = charge(balances[number], ppm, exempt, one.spendable)
        if amount:
            key = demurrage_key(number, month.first.year, month.first.month)
            rows.append(
                Movement(
                    number,
                    programme.community_id,
                    amount,
                    purpose,
                    key=key,
                    rule_version=programme.demurrage_rule,
                )
            )
        if len(rows) == most:
            break
    return rows


def _paid(programme: Programme, purpose: str) -> set[int]:
    rows = Transfer.rows.filter(credit=programme.community_id, purpose=purpose)
    return set(rows.values_list("debit_id", flat=True))


def so_far(programme: Programme, account: Account, today: date) -> int:
    """What has accrued this month to the end of yesterday; shown, not posted."""
    ppm, exempt = rule(programme, "demurrage_ppm"), rule(programme, "demurrage_exempt")
    month = Month.of(today)
    if not ppm:
        return 0
    balances = day_ends([account.pk], month.first, today - timedelta(days=1))
    return accrued(balances.get(account.pk, []), month.days, ppm, exempt, account.spendable)
