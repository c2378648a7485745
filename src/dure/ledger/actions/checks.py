"""The nightly check of the books."""

from __future__ import annotations

from dataclasses import dataclass

from dure.core import jobs
from dure.core.actions import Who, action, line
from dure.core.actors import Actor, Role
from dure.ledger import policies
from dure.ledger.queries import checks

NAME = "ledger.books.check"


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check saw."""

    transfers: int
    faults: int


@action(
    NAME,
    ko="장부를 처음부터 다시 셈합니다.",
    en="Compute the books again from their rows.",
    policy=policies.may_run_timers,
    letters={Role.OPERATOR: "o"},
    who=(Who.TIMER, Who.OPERATOR),
    faces=("job", "cli"),
    long=True,
)
def check_books(*, actor: Actor) -> Checked:
    """Replay balances, holds, limits, sums, references, periods, lots, bodies and seals."""
    seen = checks.check_books()
    for fault in seen.faults[:100]:
        line().changed(f"{fault.fault} {fault.place}", None, fault.detail)
    return Checked(seen.transfers, len(seen.faults))


jobs.timer(NAME, cron="20 18 * * *")  # 03:20 in Seoul
