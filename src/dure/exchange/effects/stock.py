"""Stock: reserved from one row by one statement, given back, or used up.

Law: `reserved` of an asset is the sum of the open stock commitments on it.
"""

from __future__ import annotations

from uuid import UUID

from dure.core.actions import line
from dure.core.errors import Refusal
from dure.exchange import rows
from dure.exchange.declaration import Effect
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Commitment

from .underway import Underway, effect


@effect("hold_stock")
def hold_stock(step: Underway, what: Effect) -> None:
    """Reserve what each claim of the case was awarded, all or none."""
    for claim in rows.here().claims(step.agreement):
        pool = claim.pool
        if pool.asset_id is None or not claim.awarded:
            continue
        reserve(pool.asset_id, claim.awarded)
        made = Commitment(
            agreement=step.agreement,
            action="transfer",
            taker=claim.person,
            spec_id=pool.spec_id,
            asset_id=pool.asset_id,
            qty=claim.awarded,
            unit=pool.unit or "C62",
            audit=line().id,
        )
        rows.here().add(made)


def reserve(asset_id: UUID, qty: int) -> None:
    """Take `qty` of what is left; refused when there is less."""
    if not rows.here().stock(asset_id, qty):
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
    for one in rows.here().promised(step.agreement):
        if one.slot is not None or one.asset_id is None:
            continue
        rows.here().stock(one.asset_id, -one.qty, one.qty * used)
        one.state = state
        one.version += 1
        one.audit = line().id
        rows.here().change(one, "state", "version", "audit")
