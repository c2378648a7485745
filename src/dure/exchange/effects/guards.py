"""Guards: conditions that the engine knows by name; each says in words why not."""

from __future__ import annotations

from django.db import connection

from dure.core import clock
from dure.core.errors import Refusal
from dure.core.text import T
from dure.engines import lots
from dure.exchange import accounts
from dure.exchange.models import Commitment, Pool
from dure.exchange.models.commitments import OPEN
from dure.ledger import payments
from dure.ledger.models import Account

from .slots import free_lanes, lanes_of, widened
from .underway import Underway, guard
from .value import prices_of


@guard("within_limit")
def within_limit(step: Underway) -> T | None:
    """The payer can spend it, and it fits under the payee's ceiling; the ledger decides again."""
    need: dict[int, int] = {}
    for price in prices_of(step):
        try:
            payer, payee = accounts.pair(step.agreement, step.process, price)
        except Refusal as refusal:
            return T(refusal.sentence("ko"), refusal.sentence("en"))
        need[payer.pk] = need.get(payer.pk, 0) + price.amount
        there = _spendable(payer)
        if there is not None and there < need[payer.pk]:
            return T(
                "내는 쪽의 쓸 수 있는 잔액이 모자랍니다", "the payer does not have enough to spend"
            )
        room = None if payee.hi is None else payee.hi - payee.balance - payee.held_in
        if room is not None and room < price.amount:
            return T("받는 쪽의 상한을 넘습니다", "it would exceed the ceiling of the payee")
    return None


def _spendable(payer: Account) -> int | None:
    """What a payer can spend now; of vouchers what lies in lots that have not run out."""
    programme = payments.programme_of(payer)
    if programme is None or not programme.has_lots or payer.owner_person_id is None:
        return payer.spendable
    today = clock.today()
    return sum(lot.spendable for lot in payments.held(payer.pk) if lots.is_valid(lot, today))


@guard("window_open")
def window_open(step: Underway) -> T | None:
    """The pool takes orders now: [opens, closes); its times stay as they are until this stands."""
    pool = step.case.pool
    assert pool is not None, "a window is that of a pool"
    if not stays_open(pool):
        return T("주문을 받는 때가 아닙니다", "orders are not being taken now")
    return None


def stays_open(pool: Pool) -> bool:
    """Whether a pool takes orders now, read anew and kept from being changed or closed meanwhile:
    what was loaded with the case may be older than a change that is under way."""
    names = ("state", "cancelled", "opens", "closes", "pickup")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state, cancelled, opens, closes, pickup FROM exchange_pool WHERE id = %s"
            " FOR SHARE",
            [pool.pk],
        )
        for name, value in zip(names, cursor.fetchone(), strict=True):
            setattr(pool, name, value)
    now = clock.now()
    return pool.state == Pool.State.OPEN and not pool.cancelled and pool.opens <= now < pool.closes


@guard("capacity")
def capacity(step: Underway) -> T | None:
    """A lane of the asset is free in the time of the case."""
    agreement = step.agreement
    if agreement.asset_id is None or agreement.starts is None or agreement.ends is None:
        return None
    mine = Commitment.rows.filter(agreement=agreement, state__in=OPEN, slot__isnull=False)
    if mine.exists():
        return None
    asset = lanes_of([agreement.asset_id])[agreement.asset_id]
    if free_lanes(asset, widened(agreement.starts, agreement.ends, asset.buffer)):
        return None
    return T("그때는 빈 자리가 없습니다", "there is no free place at that time")
