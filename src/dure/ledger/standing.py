"""Standing payments: when they fall due, and what a run does with one.

Nouns: due date (보낼 날), waiting date (사람을 기다리는 날: missed for
longer than the rule allows).
Law: dates post in order, one posting a date, under the key uuid5(schedule, date); what was missed
for too long waits for a person.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from dure.core import rulebook
from dure.engines import schedules
from dure.engines.ledger_rows import schedule_key
from dure.engines.schedules import Due, Monthly, Rule, Weekly

from .models import Schedule

WAIT = "ledger.schedule.wait_days"


def key(schedule_id: int, on: date) -> UUID:
    """The row key of one date of a standing payment."""
    return schedule_key(schedule_id, on)


def rule_of(schedule: Schedule) -> Rule | None:
    """The engine's rule; None for a payment that is made once."""
    if schedule.rule == Schedule.Rule.WEEKLY:
        assert schedule.weekday is not None
        return Weekly(schedule.every, schedule.weekday + 1)
    if schedule.rule == Schedule.Rule.MONTHLY:
        assert schedule.day is not None
        return Monthly(schedule.every, schedule.day)
    return None


def first_date(schedule: Schedule) -> date | None:
    """The first date that pays."""
    rule = rule_of(schedule)
    if rule is None:
        return schedule.starts_on
    return schedules.next_after(rule, schedule.starts_on, None, schedule.ends_on)


def due(schedule: Schedule, today: date) -> Due:
    """What a run does today: dates to post, dates that wait for a person, the next date."""
    wait_days = rulebook.value(WAIT).integer
    rule = rule_of(schedule)
    if rule is not None:
        return schedules.due(
            rule,
            schedule.starts_on,
            schedule.last_on,
            today,
            ends_on=schedule.ends_on,
            wait_days=wait_days,
        )
    on = schedule.starts_on
    if schedule.last_on is not None:
        return Due((), (), None)
    if on > today:
        return Due((), (), on)
    late = (today - on).days > wait_days
    return Due(() if late else (on,), (on,) if late else (), None)


def after(schedule: Schedule, on: date) -> date | None:
    """The date that follows one that was dealt with."""
    rule = rule_of(schedule)
    if rule is None:
        return None
    return schedules.next_after(rule, schedule.starts_on, on, schedule.ends_on)
