"""What a payment would do, before anybody pays: rows, fee, which lots, the balance after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal

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
    return Preview(total=amount, fee=0, payee_fee=0, after=wallet.balance - amount, lots=())
