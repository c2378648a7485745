"""Payment codes (결제 코드): what a token or eight digits stand for, as a payer may see it.

Law: a used, expired, cancelled and unknown code are told apart to nobody but whoever made it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from dure.core import clock
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.engines import qr_payload
from dure.ledger.models import Account, PaymentRequest

from .passages import name_of
from .payees import Payee, told
from .wallets import Wallet, works_for

SHOWN_MAX = 50


@dataclass(frozen=True, slots=True)
class PaymentCode:
    """A payment request. `state`: open, paid, cancelled or expired; `from_whom` when it is asked
    of one payer only. `account` is paid; of a code that the payer shows, it pays."""

    id: int
    token: str
    digits: str | None
    kind: str
    account: Payee
    amount: int | None
    most: int | None
    purpose: str
    made_at: datetime
    expires_at: datetime | None
    is_accepted: bool
    state: str
    paid_by: int | None
    payer_id: int | None
    from_whom: str
    is_single_use: bool

    @property
    def is_shown(self) -> bool:
        """Whether the payer shows it; then who confirms is paid."""
        return self.kind == "shown"

    @property
    def unit(self) -> str:
        """What it counts."""
        return self.account.unit


def open_one(actor: Actor, token: str) -> PaymentCode:
    """The open request behind a token, for whoever may pay it. Raises Refusal(NOT_FOUND)."""
    found = None
    if actor.id is not None and qr_payload.token_of(token) is not None:
        found = _rows().filter(token=token).first()
    code = _told(found) if found is not None else None
    if code is None or code.state != "open":
        raise Refusal(CoreCode.NOT_FOUND)
    return code


def asked_of(actor: Actor) -> tuple[PaymentCode, ...]:
    """What this person is asked to pay and has not paid."""
    if actor.id is None:
        return ()
    rows = _rows().filter(payer__owner_person=actor.acting_for or actor.id, payee__isnull=False)
    return _open(rows.order_by("made_at")[:SHOWN_MAX])


def made_by(actor: Actor, accounts: Iterable[Wallet]) -> tuple[PaymentCode, ...]:
    """The requests to these accounts of one's own, newest first."""
    ids = [one.id for one in accounts if _may_see(actor, one)]
    rows = _rows().filter(payee__in=ids, kind="request").order_by("-id")[:SHOWN_MAX]
    return tuple(_told(row) for row in rows)


def shown(actor: Actor, wallet: Wallet, kind: str) -> PaymentCode | None:
    """The newest open code of a kind on one's own account."""
    if not _may_see(actor, wallet):
        raise Refusal(CoreCode.NOT_FOUND)
    found = _open(_rows().filter(payee=wallet.id, kind=kind).order_by("-id")[:1])
    return found[0] if found else None


def one(actor: Actor, number: int, wallets: Iterable[Wallet]) -> PaymentCode:
    """A request of one's own accounts by its number, in any state. Raises Refusal(NOT_FOUND)."""
    ids = [wallet.id for wallet in wallets if _may_see(actor, wallet)]
    rows = _rows().filter(pk=number)
    found = rows.filter(payee__in=ids).first() or rows.filter(kind="shown", payer__in=ids).first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return _told(found)


def _may_see(actor: Actor, wallet: Wallet) -> bool:
    if wallet.owner_person is not None:
        return actor.id is not None and wallet.owner_person == (actor.acting_for or actor.id)
    owner: UUID | None = wallet.owner_organisation
    return owner is not None and works_for(actor, owner)


def _rows() -> QuerySet[PaymentRequest]:
    return PaymentRequest.rows.select_related(
        "payee__unit",
        "payee__owner_organisation",
        "payer__unit",
        "payer__owner_organisation",
        "payer__parent",
    )


def _open(rows: Iterable[PaymentRequest]) -> tuple[PaymentCode, ...]:
    return tuple(code for code in map(_told, rows) if code.state == "open")


def _told(row: PaymentRequest) -> PaymentCode:
    payer: Account | None = row.payer
    account = payer if row.kind == PaymentRequest.Kind.SHOWN else row.payee
    assert account is not None
    return PaymentCode(
        id=row.pk,
        token=row.token,
        digits=row.digits,
        kind=row.kind,
        account=told(account),
        amount=row.amount,
        most=row.amount_max,
        purpose=row.purpose,
        made_at=row.made_at,
        expires_at=row.expires_at,
        is_accepted=row.accepted_at is not None,
        state=_state(row),
        paid_by=row.paid_by_id,
        payer_id=row.payer_id,
        from_whom=name_of(payer)[0] if payer is not None else "",
        is_single_use=row.single_use,
    )


def _state(row: PaymentRequest) -> str:
    if row.paid_by_id is not None or row.paid_at is not None:
        return "paid"
    if row.cancelled_at is not None:
        return "cancelled"
    if row.expires_at is not None and row.expires_at <= clock.now():
        return "expired"
    return "open"
