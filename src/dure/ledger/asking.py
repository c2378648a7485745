"""Payment requests: found by token or digits, judged, counted against guessing.

Nouns: token (표), digits (숫자 8자리), case (한 번의 지급: the request and the account that takes
part), wrong code (틀린 코드).
Law: a used, expired, cancelled and unknown token are one refusal; a payer has five wrong codes an
hour; who pays is who confirms.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, Sum

from dure.core import clock, locks, rulebook
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.core.models import AuditLine
from dure.core.running import line
from dure.engines.qr_payload import code_of, code_text, token_of, token_text

from .models import Account, Book, PaymentRequest
from .programme_errors import ProgrammeCode
from .programme_subjects import one

PAY = "ledger.request.pay"
FIND = "ledger.request.find"
Kind = PaymentRequest.Kind


@dataclass(frozen=True, slots=True)
class Case:
    """A request and the account of the one who confirms it."""

    request: PaymentRequest
    account: Account

    @property
    def book(self) -> Book:
        """The book of the account."""
        return self.account.book

    @property
    def debit(self) -> Account:
        """The account whose owner must confirm."""
        return self.account


def new_token() -> str:
    """128 random bits, as they stand in an address."""
    return token_text(secrets.token_bytes(16))


def new_digits() -> str:
    """Eight digits that no living request has."""
    taken = set(living().exclude(digits=None).values_list("digits", flat=True))
    while True:
        drawn = code_text(secrets.randbelow(10**8))
        if drawn not in taken:
            return drawn


def living() -> Any:  # Any: a queryset
    """Requests that can still be paid."""
    open_rows = PaymentRequest.rows.filter(cancelled_at=None, paid_by=None, paid_at=None)
    return open_rows.filter(Q(expires_at=None) | Q(expires_at__gt=clock.now()))


def dead() -> Refusal:
    """What a used, expired, cancelled and unknown code are answered alike."""
    return Refusal(ProgrammeCode.ASK_NEW_CODE)


def living_one(code: str) -> PaymentRequest | None:
    """The living request behind a token or eight typed digits."""
    digits = code_of(code)
    rows = living().select_related("payee__book", "payee__unit", "payer__book", "payer__unit")
    found: PaymentRequest | None = None
    if digits is not None:
        found = rows.filter(digits=digits).first()
    elif token_of(code) is not None:
        found = rows.filter(token=code).first()
    return found


def case(body: Any, actor: Actor) -> Case:  # Any: a body with code and account_id
    """The living request, and the actor's own account that pays it (or, shown, takes it)."""
    check_guessing(actor)
    found = living_one(body.code)
    if found is None:
        raise dead()
    rows = Account.objects.within(actor).select_related("book", "unit", "owner_person")
    account = one(rows, "account_id", id=body.account_id)
    line().organisation(account.owner_organisation_id)
    return Case(found, account)


def lock_case(body: Any, actor: Actor) -> Case:  # Any: as above
    """The same with the request locked; who comes second finds it used."""
    found = case(body, actor)
    locks.row(PaymentRequest.rows.filter(id=found.request.pk))
    return case(body, actor)


def check_guessing(actor: Actor) -> None:
    """Refuse who typed too many wrong codes in the last hour; the audit counts them."""
    if actor.id is None:
        return
    wrong = AuditLine.rows.filter(
        action__in=(PAY, FIND),
        actor=actor.id,
        at__gt=clock.now() - timedelta(hours=1),
        outcome=f"refused:{ProgrammeCode.ASK_NEW_CODE.spec.name}",
    )
    if wrong.count() >= rulebook.value("ledger.request.wrong_codes").integer:
        raise Refusal(ProgrammeCode.TOO_MANY_CODES)


def expiry(kind: str) -> datetime | None:
    """When a new request of a kind ends; a static code does not. Source: rulebook."""
    now = clock.now()
    if kind == Kind.SALE:
        return now + timedelta(minutes=rulebook.value("ledger.request.sale_minutes").integer)
    if kind == Kind.SHOWN:
        return now + timedelta(seconds=rulebook.value("ledger.request.shown_seconds").integer)
    if kind == Kind.REQUEST:
        return now + timedelta(days=rulebook.value("ledger.request.days").integer)
    return None


def left(request: PaymentRequest) -> int | None:
    """What a request still asks for: its amount less what rounds have cleared; None = any."""
    if request.amount is None:
        return None
    cleared = request.set_offs.aggregate(total=Sum("amount"))["total"] or 0
    return request.amount - cleared


def amount_of(request: PaymentRequest, offered: int | None) -> int:
    """The amount that is paid: the request's own, or what is offered within its bounds."""
    asked = left(request)
    if asked is not None:
        if asked <= 0 or offered not in (None, asked):
            raise Refusal(ProgrammeCode.REQUEST_AMOUNT, field="amount", range=f"{asked:,}")
        return asked
    most = request.amount_max
    if offered is None or (most is not None and offered > most):
        shown = f"1–{most:,}" if most is not None else "1–"
        raise Refusal(ProgrammeCode.REQUEST_AMOUNT, field="amount", range=shown)
    return offered
