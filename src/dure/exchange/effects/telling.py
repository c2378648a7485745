"""Telling: the people of a case learn that it has moved; no word of its content."""

from __future__ import annotations

from dure.core import notices
from dure.core.models.work import Notice
from dure.core.text import T
from dure.exchange import rows
from dure.exchange.cases import people_in
from dure.exchange.declaration import Effect

from .underway import Underway, effect

MOVED = notices.template(
    "exchange.moved",
    subject=T("약속에 새 소식이 있습니다", "There is news of an agreement"),
    text=T(
        "약속이 다음 단계로 넘어갔습니다. 할 일이 있는지 살펴봐 주세요.",
        "An agreement has moved on. Please see whether something is left for you to do.",
    ),
    path="/exchange/agreements/%(agreement)s/",
    urgency=Notice.Urgency.DAY,
)


@effect("notify")
def notify(step: Underway, what: Effect) -> None:
    """Tell those who hold the roles as parties, but not who just acted."""
    people = {one for role in what.tells for one in people_in(step.agreement, role)}
    people -= {step.actor.id, step.actor.acting_for}
    if people:
        places = {"agreement": str(step.agreement.id)}
        rows.here().tell(sorted(people, key=str), MOVED, places)
