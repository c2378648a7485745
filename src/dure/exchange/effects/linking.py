"""Linking: a case that makes work for another process, under the same roof."""

from __future__ import annotations

from dure.core.actions import line
from dure.exchange.declaration import Effect
from dure.exchange.models import Asset

from .underway import Underway, effect


@effect("link")
def link(step: Underway, what: Effect) -> None:
    """Send the thing to be repaired: nobody books it until its steward says that it is well.

    The repair case itself begins when the thing is brought to an event.
    """
    asset_id = step.agreement.asset_id
    if what.purpose == "repair" and asset_id is not None:
        Asset.rows.filter(pk=asset_id).update(condition=Asset.Condition.REPAIR, audit=line().id)
        line().changed("condition", None, Asset.Condition.REPAIR.value)
