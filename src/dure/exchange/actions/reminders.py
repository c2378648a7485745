"""Reminders of loans: the day before they are due, and each day while they are late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from dure.core import clock, jobs, notices, rulebook
from dure.core.actions import Who, action, line
from dure.core.actors import Actor, Role
from dure.core.models.work import Notice
from dure.core.text import T
from dure.exchange import policies
from dure.exchange.models import Agreement, Party

LATE_RULE = "exchange.loan.remind_days"
AT_ONCE = 2_000
DUE = notices.template(
    "exchange.loan_due",
    subject=T("빌린 것을 돌려줄 때가 다가옵니다", "Something you borrowed is due soon"),
    text=T(
        "내일까지 돌려줄 것이 있습니다. 더 쓰려면 그 약속에서 늘릴 수 있는지 봐 주세요.",
        "Something is due by tomorrow. If you need it longer, see in the agreement whether it can"
        " be kept.",
    ),
    path="/exchange/agreements/%(agreement)s/",
    urgency=Notice.Urgency.DAY,
)
LATE = notices.template(
    "exchange.loan_late",
    subject=T("빌린 것을 돌려줄 때가 지났습니다", "Something you borrowed is late"),
    text=T(
        "다음 이웃이 기다릴 수 있습니다. 돌려주거나, 어려우면 약속에 한마디 남겨 주세요.",
        "Others may be waiting. Please bring it back, or leave a word in the agreement.",
    ),
    path="/exchange/agreements/%(agreement)s/",
    urgency=Notice.Urgency.DAY,
)


@dataclass(frozen=True, slots=True)
class Reminded:
    """Of how many loans somebody was reminded, before they are due and after."""

    due: int
    late: int


@action(
    "exchange.loan.remind",
    ko="빌린 것을 돌려줄 때를 알립니다.",
    en="Remind borrowers of what is due or late.",
    policy=policies.may_tick,
    letters={Role.OPERATOR: "o"},
    who=(Who.TIMER, Who.OPERATOR),
    faces=("cli", "job"),
    writes=(),
    notices=(DUE, LATE),
)
def remind_borrowers(*, actor: Actor) -> Reminded:
    """Tell who has a thing that is due today or tomorrow, and for some days who is late.

    Once a day and case, however often it runs; at most 2,000 of each a run.
    """
    today = datetime.combine(clock.today(), time(), clock.SEOUL)
    rows = Agreement.rows.filter(process="equipment_loan")
    soon = rows.filter(state="out", ends__gt=clock.now(), ends__lt=today + timedelta(days=2))
    since = clock.now() - timedelta(days=rulebook.value(LATE_RULE).integer)
    late = rows.filter(state="overdue", ends__gte=since)
    told = Reminded(
        _tell(list(soon.order_by("ends", "id")[:AT_ONCE]), DUE, today),
        _tell(list(late.order_by("ends", "id")[:AT_ONCE]), LATE, today),
    )
    line().changed("reminded", None, [told.due, told.late])
    return told


def _tell(cases: Sequence[Agreement], code: str, today: datetime) -> int:
    """Tell the borrowers of these cases who were not told today."""
    ids = [str(case.id) for case in cases]
    done = Notice.rows.filter(template=code, made_at__gte=today, places__agreement__in=ids)
    before = set(done.values_list("places__agreement", flat=True))
    people = Party.rows.filter(agreement__in=cases, role="borrower", person__isnull=False)
    found = [
        (person, {"agreement": str(case)})
        for case, person in people.order_by("id").values_list("agreement_id", "person")
        if person is not None and str(case) not in before
    ]
    if found:
        notices.tell_each(found, code)
    return len(found)


jobs.timer("exchange.loan.remind", cron="0 1 * * *")  # 10:00 in Seoul
