"""Linking: a case that makes work for another process, under the same roof."""

from __future__ import annotations

from uuid import uuid4

from django.db.models import Case as Choice
from django.db.models import IntegerField, Q, Value, When

from dure.core import clock
from dure.core.actions import line
from dure.exchange.declaration import Effect, Process, Transition
from dure.exchange.models import Agreement, Asset, Party, Pool, Timer
from dure.exchange.moments import timers
from dure.exchange.processes import newest

from .underway import Underway, effect


@effect("link")
def link(step: Underway, what: Effect) -> None:
    """Send the thing to be repaired: nobody books it until its steward says that it is well.

    Effects: the asset's condition, and a case of the named process under this one, with the
    thing's owner in it, at the next event of the steward, else of the district; without one it
    waits for an event to be chosen.
    """
    asset = step.agreement.asset
    process = newest(what.purpose)
    if asset is None or process is None or what.purpose != "repair":
        return
    Asset.rows.filter(pk=asset.pk).update(condition=Asset.Condition.REPAIR, audit=line().id)
    line().changed("condition", None, Asset.Condition.REPAIR.value)
    start = process.transition(None, "submit")
    assert start is not None and start.binds is not None
    child = _begin(step, process, start)
    Party.rows.create(
        agreement=child,
        role=start.binds.key,
        person=asset.owner,
        organisation_id=asset.organisation_id if asset.owner is None else None,
        audit=line().id,
    )
    line().changed("linked", None, child.id)


def _begin(step: Underway, process: Process, start: Transition) -> Agreement:
    now = clock.now()
    parent = step.agreement
    event = _next_event(parent)
    said = step.seen().answers.get(step.case.transition.name)
    problem = getattr(said, "note", None)
    child = Agreement(
        id=uuid4(),
        process=process.key,
        version=process.version,
        state=start.target.key,
        organisation_id=event.organisation_id if event else parent.organisation_id,
        district_id=event.district_id if event else parent.district_id,
        case_id=uuid4(),
        pool=event,
        parent=parent,
        asset=parent.asset,
        terms={"problem": problem} if problem else {},
        opened_at=now,
        entered_at=now,
        audit=line().id,
    )
    child.save(force_insert=True)
    Timer.rows.bulk_create(timers(child, process, start.target, now))
    return child


def _next_event(parent: Agreement) -> Pool | None:
    """The next event to bring it to: the steward's own first, else one of the district."""
    rows = Pool.rows.filter(
        kind=Pool.Kind.EVENT_QUEUE, cancelled=False, external_ref=None, closes__gt=clock.now()
    ).filter(Q(organisation=parent.organisation_id) | Q(district=parent.district_id))
    own = Choice(
        When(organisation=parent.organisation_id, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    found: Pool | None = rows.order_by(own, "opens", "id").first()
    return found
