"""Whom one can pay: by handle, and those one paid before. Only what a payer may see."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.ledger.models import Account, Transfer
from dure.registry.models import Organisation

NEIGHBOUR = T("이웃 %(n)s", "neighbour %(n)s")
HANDLE = re.compile(r"[a-z0-9가-힣][a-z0-9가-힣._-]{1,29}")
RECENT_ROWS = 200


@dataclass(frozen=True, slots=True)
class Payee:
    """An account that takes payments, as a payer sees it: no balance, no limits, no person."""

    id: int
    unit: str
    handle: str
    label: str
    organisation: str
    book_id: int
    is_open: bool
    is_person: bool

    @property
    def name(self) -> str:
        """What to call it on a page: an organisation by name, a person by handle."""
        if self.organisation or self.handle:
            return self.organisation or self.handle
        return NEIGHBOUR % {"n": self.id} if self.is_person else self.label


@dataclass(frozen=True, slots=True)
class Recent:
    """Somebody paid before, with the last amount, so that two taps are enough."""

    payee: Payee
    debit_id: int
    amount: int
    purpose: str


def payee(actor: Actor, handle: str) -> Payee:
    """The account behind a handle. Raises Refusal(NOT_FOUND), the same for every miss."""
    typed = handle.strip().removeprefix("@").lower()
    found = None
    if actor.id is not None and HANDLE.fullmatch(typed):
        found = (
            Account.rows.filter(handle=typed)
            .select_related("unit", "owner_organisation")
            .exclude(status="closed")
            .first()
        )
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND, field="to")
    return told(found)


def told(account: Account) -> Payee:
    """An account as a payer may see it."""
    organisation: Organisation | None = account.owner_organisation
    return Payee(
        id=account.pk,
        unit=account.unit.code,
        handle=account.handle or "",
        label=account.label,
        organisation=organisation.name if organisation else "",
        book_id=account.book_id,
        is_open=account.status == "open",
        is_person=account.owner_person_id is not None,
    )


def recent(actor: Actor, *, limit: int = 5) -> tuple[Recent, ...]:
    """The accounts that this person paid last, newest first, each once."""
    if actor.id is None:
        return ()
    own = dict(
        Account.rows.filter(owner_person=actor.acting_for or actor.id).values_list(
            "id", "parent_id"
        )
    )
    rows = (
        Transfer.rows.filter(debit__in=list(own), kind=0)
        .exclude(credit__in=list(own))
        .select_related("credit__unit", "credit__owner_organisation", "credit__parent")
        .order_by("-id")[:RECENT_ROWS]
    )
    found: dict[str, Recent] = {}
    for row in rows:
        credit = row.credit
        if not credit.handle or credit.status != "open" or credit.handle in found:
            continue
        found[credit.handle] = Recent(
            payee=told(credit),
            debit_id=own[row.debit_id] or row.debit_id,
            amount=row.amount,
            purpose=row.purpose,
        )
        if len(found) == limit:
            break
    return tuple(found.values())
