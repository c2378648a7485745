"""Demurrage: posted once a month to the community fund."""

from __future__ import annotations

from dataclasses import dataclass

from dure.core import clock, jobs
from dure.core.actions import Who, action, line
from dure.core.actors import Actor
from dure.ledger import accruing, programme_policies
from dure.ledger.accruing import Month
from dure.ledger.models import Programme
from dure.ledger.opening import ROWS_MAX
from dure.ledger.posting import Movement, post


@dataclass(frozen=True, slots=True)
class Charged:
    """How many accounts a run charged, and how much in all."""

    accounts: int
    amount: int


@action(
    "ledger.demurrage.post",
    ko="지난달의 보유료를 공동기금에 옮깁니다.",
    en="Post last month's demurrage to the community funds.",
    policy=programme_policies.may_run_timer,
    letters={},
    who=Who.TIMER,
    faces=("job",),
    value=True,
    writes=("ledger_transfer", "ledger_account"),
)
def post_demurrage(*, actor: Actor) -> Charged:
    """Charge every member's account of programmes with demurrage, at most 1,000 a run.

    Day-weighted over the month that ended; key uuid5(account, month), so a repeated run charges
    nobody twice. Source: the programme's rules `demurrage_ppm`, `demurrage_exempt`.
    """
    rows = _due(ROWS_MAX)
    if rows:
        post(rows)
    line().changed("accounts", None, len(rows))
    return Charged(len(rows), sum(row.amount for row in rows))


def _due(most: int) -> list[Movement]:
    month = Month.of(clock.today()).before()
    running = Programme.rows.filter(
        state__in=(Programme.State.OPEN, Programme.State.CLOSING),
        demurrage_rule__isnull=False,
        opens_on__lte=month.last,
    ).exclude(kind=Programme.Kind.REGIONAL)
    rows: list[Movement] = []
    for programme in running.order_by("id"):
        rows += accruing.charges(programme, month, most=most - len(rows))
        if len(rows) >= most:
            break
    return rows


def is_demurrage_due() -> bool:
    """Whether an account is still to be charged for last month."""
    return bool(_due(1))


jobs.timer("ledger.demurrage.post", cron="*/20 0-5 1-3 * *", when=is_demurrage_due)
