"""Standing payments of one's own: to whom, how much, when next, what went wrong last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dure.core.actors import Actor
from dure.ledger.models import Schedule

from . import wallets
from .passages import name_of
from .wallets import Wallet


@dataclass(frozen=True, slots=True)
class Standing:
    """One standing payment; amounts in minor units."""

    id: int
    wallet_id: int
    from_label: str
    unit: str
    payee: str
    amount: int
    purpose: str
    rule: str
    every: int
    weekday: int | None
    day: int | None
    next_on: date | None
    ends_on: date | None
    on_short: str
    state: str
    last_on: date | None
    was_refused: bool

    @property
    def is_running(self) -> bool:
        """Whether it can still be stopped."""
        return self.state in ("active", "waiting")


def of(actor: Actor, own: Iterable[Wallet]) -> tuple[Standing, ...]:
    """The standing payments out of these wallets of one's own; running ones first."""
    ids = [one.id for one in own if wallets.is_own(actor, one)]
    rows = (
        Schedule.rows.filter(debit__in=ids)
        .select_related("debit__unit", "credit__owner_organisation", "credit__parent")
        .order_by("-id")
    )
    found = [
        Standing(
            id=row.pk,
            wallet_id=row.debit_id,
            from_label=row.debit.label,
            unit=row.debit.unit.code,
            payee=name_of(row.credit)[0],
            amount=row.amount,
            purpose=row.purpose,
            rule=row.rule,
            every=row.every,
            weekday=row.weekday,
            day=row.day,
            next_on=row.next_on,
            ends_on=row.ends_on,
            on_short=row.on_short,
            state=row.state,
            last_on=row.last_on,
            was_refused=bool(row.last_refusal),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: not one.is_running))
