"""Holds renewed: what a case set aside outlives the case, however long it waits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db.models import Exists, OuterRef, QuerySet

from dure.core import clock, jobs, rulebook
from dure.core.actions import Who, action, line
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.exchange import accounts, interpreter, policies
from dure.exchange.models import Agreement
from dure.exchange.moments import last_moment
from dure.exchange.posting_out import post_each
from dure.ledger.actions.holds import ENDS, ending
from dure.ledger.models import Transfer
from dure.ledger.posting import Kind, Movement

AHEAD_RULE = "exchange.hold.renew_days"
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Renewed:
    """Of how many cases the holds were renewed, and of how many they could not be."""

    cases: int
    stuck: int


@action(
    "exchange.hold.renew",
    ko="기다리는 약속이 맡아 둔 것을 이어서 맡아 둡니다.",
    en="Renew what waiting agreements hold.",
    policy=policies.may_tick,
    letters={Role.OPERATOR: "o"},
    who=(Who.TIMER, Who.OPERATOR),
    faces=("cli", "job"),
    writes=("ledger_transfer", "ledger_account"),
)
def renew_holds(*, actor: Actor) -> Renewed:
    """Give back and hold anew, in one posting, what would run out under an open case soon.

    Effects: at most 500 cases a run, a void and a hold each; a case that the ledger refuses keeps
    its hold, and is tried again the next night. Source: rulebook `exchange.hold.renew_days`.
    """
    cases = _cases()
    rows: dict[int, tuple[Movement, ...]] = {}
    stuck = 0
    for number, case in enumerate(cases):
        try:
            rows[number] = tuple(_renewal(case))
        except Refusal:  # an account is frozen
            stuck += 1
    refused: dict[int, Refusal] = {}
    while left := [(n, mine) for n, mine in rows.items() if n not in refused]:
        again = post_each(left)
        refused |= again
        if not again:
            break
    line().changed("cases", None, len(rows) - len(refused))
    return Renewed(len(rows) - len(refused), stuck + len(refused))


def _cases() -> list[Agreement]:
    ids = set(_running_out().values_list("grp", flat=True)[:AT_ONCE])
    rows = Agreement.rows.filter(pk__in=ids, closed_at=None).select_related("pool")
    return list(rows.order_by("pk").select_for_update(of=("self",), no_key=True, skip_locked=True))


def _running_out() -> QuerySet[Transfer]:
    """Open holds of open cases that end within the days of the rule."""
    ahead = timedelta(days=rulebook.value(AHEAD_RULE).integer)
    ended = Transfer.rows.filter(ref_id=OuterRef("pk"), kind__in=[int(one) for one in ENDS])
    held = Transfer.rows.filter(kind=Kind.HOLD, expires_at__lte=clock.now() + ahead)
    held = held.filter(grp__in=Agreement.rows.filter(closed_at=None).values("pk"))
    return held.exclude(Exists(ended)).order_by("expires_at", "pk")


def _renewal(case: Agreement) -> Iterator[Movement]:
    holds = accounts.open_holds(case.id)
    accounts.check_open(end for hold in holds for end in (hold.debit_id, hold.credit_id))
    until = last_moment(case, interpreter.process_of(case), clock.now())
    for hold in holds:
        void = ending(hold, Kind.VOID)
        yield void
        yield replace(void, kind=Kind.HOLD, ref=None, expires_at=until)


def is_renewal_due() -> bool:
    """Whether a hold would run out under an open case."""
    return _running_out().exists()


jobs.timer("exchange.hold.renew", cron="25 18 * * *", when=is_renewal_due)  # 03:25 in Seoul
