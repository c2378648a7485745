"""What a payment would do, before anybody pays: rows, fee, which lots, the balance after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dure.core import clock
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.engines import lots
from dure.ledger import payments
from dure.ledger.models import Account

from . import wallets
from .payees import Payee
from .wallets import Wallet


@dataclass(frozen=True, slots=True)
class LotShare:
    """How much of a lot a payment would take."""

    amount: int
    valid_to: date


@dataclass(frozen=True, slots=True)
class Preview:
    """A payment before it is made, amounts in minor units.

    total     : what leaves the wallet, the fee included
    fee       : what the payer pays beside the amount
    payee_fee : what the payee pays out of it
    after     : the balance afterwards
    """

    total: int
    fee: int
    payee_fee: int
    after: int
    lots: tuple[LotShare, ...]


def payment(actor: Actor, wallet: Wallet, payee: Payee, amount: int) -> Preview:
    """Preview a payment from one's own wallet; nothing is locked or written.

    Raises Refusal(NOT_FOUND) for a wallet that is not one's own.
    """
    if not wallets.is_own(actor, wallet):
        raise Refusal(CoreCode.NOT_FOUND)
    payer = Account.rows.select_related("book", "unit").get(pk=wallet.id)
    programme = payments.programme_of(payer) if payee.book_id == wallet.book_id else None
    due, side = payments.fee_of(programme, amount) if programme is not None else (0, "")
    own_fee = due if side == payments.PAYER else 0
    return Preview(
        total=amount + own_fee,
        fee=own_fee,
        payee_fee=due - own_fee,
        after=wallet.balance - amount - own_fee,
        lots=_shares(wallet, amount),
    )


def _shares(wallet: Wallet, amount: int) -> tuple[LotShare, ...]:
    """Which lots would pay, earliest last day first; none when they hold too little."""
    if not wallet.lots:
        return ()
    held = payments.held(wallet.id)
    ends = {part.account: part.valid_to for part in held}
    try:
        rows = lots.take(held, amount, clock.today())
    except lots.NotEnoughInLots:
        return ()
    return tuple(LotShare(row.amount, ends[row.account]) for row in rows)
