"""Queueing: a case takes its place among those of its pool; since when it waits is kept."""

from __future__ import annotations

from django.db.models import Q

from dure.core import clock
from dure.core.actions import line
from dure.core.errors import CoreCode, Refusal
from dure.exchange.declaration import Effect
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Asset, Claim, Spec

from .underway import Underway, effect

SCHEME = "ords"


@effect("enqueue")
def enqueue(step: Underway, what: Effect) -> None:
    """Join the queue of the pool, and correct what kind of thing it is.

    What the case will want must be the host's own to lend, or the actor's.
    """
    agreement, pool = step.agreement, step.case.pool
    assert pool is not None, "a queue is that of a pool"
    seen = step.seen()
    answer = seen.answers.get(step.case.transition.name)
    category = getattr(answer, "category", None)
    if category is not None:
        agreement.spec = Spec.rows.get(scheme=SCHEME, code=str(category))
        agreement.audit = line().id
        agreement.save(update_fields=["spec", "audit"])
    wanted = step.process.wanted(seen) if step.process.wanted is not None else ()
    for one in wanted:
        if one.asset is not None:
            _check(step, one.asset)
    begun = {start.binds.key for start in step.process.leaving(None) if start.binds is not None}
    who = agreement.parties.filter(role__in=begun).order_by("id").first()
    if who is not None:
        Claim.rows.create(
            pool=pool,
            agreement=agreement,
            person=who.person,
            organisation_id=who.organisation_id,
            asked=1,
            made_at=clock.now(),
            audit=line().id,
        )


def _check(step: Underway, asset_id: object) -> None:
    ours = Q(organisation_id__isnull=False, organisation_id=step.agreement.organisation_id)
    found = Asset.rows.filter(ours | Asset.mine_q(step.actor), pk=asset_id).first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND, field="tool")
    if found.retired_at is not None or found.condition == Asset.Condition.REPAIR:
        raise Refusal(ExchangeCode.NOT_OFFERED, field="tool")
