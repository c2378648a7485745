"""The demo's first release, frozen by two synthetic people through the same actions as any."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings

from dure.core import clock
from dure.core.actions import Who, action
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.engines import release_grid
from dure.indicators import policies
from dure.indicators.actions.freezing import approve_release, freeze_release
from dure.indicators.actions.releases import (
    ReleaseRef,
    check_release,
    compute_release,
    draft_release,
)
from dure.registry.models import Mandate


@action(
    "indicators.demo.release",
    ko="시연용 자료로 첫 공표본을 만들어 굳힙니다.",
    en="Make and freeze the first release of the demo data.",
    policy=policies.may_install,
    letters={},
    who=Who.OPERATOR,
    idempotent=True,
    long=True,
    faces=("cli",),
    refusals=(CoreCode.NOT_ALLOWED,),
)
def release_demo(*, actor: Actor) -> ReleaseRef:
    """Release the last quarter that is over, with the months since January of the year before.

    One synthetic analyst drafts, one synthetic official approves and another freezes.
    """
    if not settings.DEMO:
        raise Refusal(CoreCode.NOT_ALLOWED, role=T("시연 설정", "demo setting"))
    (analyst,), (official, second) = _holders("analyst", 1), _holders("official", 2)
    period = last_quarter(clock.today())
    since = f"{int(period[:4]) - 1}-01"
    drafted = draft_release(period=period, since=since, vintage="1", actor=analyst)
    compute_release(release_id=drafted.id, actor=analyst)
    checked = check_release(release_id=drafted.id, actor=analyst)
    if checked.state != "checked":
        return checked
    approve_release(release_id=drafted.id, actor=official)
    return freeze_release(release_id=drafted.id, actor=second)


def _holders(role: str, count: int) -> list[Actor]:
    mandates = Mandate.rows.filter(role=role, valid__contains=clock.now())
    people = list(dict.fromkeys(m.person_id for m in mandates.order_by("given_at", "id")))[:count]
    if len(people) < count:
        raise Refusal(CoreCode.NOT_ALLOWED, role=T(role, role))
    return [Actor.person(person, origin="demo") for person in people]


def last_quarter(today: date) -> str:
    """The newest quarter that is over on a day.

    >>> last_quarter(date(2026, 11, 21)), last_quarter(date(2026, 1, 1))
    ('2026-Q3', '2025-Q4')
    """
    first = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    month = (first - timedelta(days=1)).isoformat()[:7]
    return release_grid.period_of(month, "quarter")
