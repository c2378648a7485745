"""Stock: reserved from one row by one statement, given back, or used up.

Law: `reserved` of an asset is the sum of the open stock commitments on it.
"""

from __future__ import annotations

from django.db.models import F

from dure.core.actions import line
from dure.core.errors import Refusal
from dure.exchange.declaration import Effect
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Asset, Commitment
from dure.exchange.models.commitments import OPEN

from .underway import Underway, effect


@effect("hold_stock")
def hold_stock(step: Underway, what: Effect) -> None:
    """Reserve what each claim of the case was awarded, all or none."""
    claims = step.agreement.claims.filter(withdrawn_at=None, awarded__gt=0)
    for claim in claims.select_related("pool").order_by("pool__asset_id", "pk"):
        pool = claim.pool
        if pool.asset_id is None or claim.awarded is None:
            continue
        reserve(pool.asset_id, claim.awarded)
        Commitment.rows.create(
            agreement=step.agreement,
            action="transfer",
            taker=claim.person,
            spec_id=pool.spec_id,
            asset_id=pool.asset_id,
            qty=claim.awarded,
            unit=pool.unit or "C62",
            audit=line().id,
        )


def reserve(asset_id: object, qty: int) -> None:
    """Take `qty` of what is left; one statement, so that two never take the same."""
    done = Asset.rows.filter(pk=asset_id, stock__gte=F("reserved") + qty).update(
        reserved=F("reserved") + qty, audit=line().id
    )
    if not done:
        raise Refusal(ExchangeCode.NO_STOCK)


@effect("release_stock")
def release_stock(step: Underway, what: Effect) -> None:
    """Put back what was reserved."""
    _end(step, "released", used=0)


@effect("use_stock")
def use_stock(step: Underway, what: Effect) -> None:
    """Take out of the stock what was reserved: it was handed over."""
    _end(step, "done", used=1)


def _end(step: Underway, state: str, used: int) -> None:
    rows = Commitment.rows.filter(
        agreement=step.agreement, state__in=OPEN, slot__isnull=True, asset__isnull=False
    )
    for one in rows.order_by("asset_id", "pk"):
        Asset.rows.filter(pk=one.asset_id).update(
            reserved=F("reserved") - one.qty,
            stock=F("stock") - one.qty * used,
            audit=line().id,
        )
        one.state = state
        one.version += 1
        one.audit = line().id
        one.save(update_fields=["state", "version", "audit"])
