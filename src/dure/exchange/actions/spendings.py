"""Local spending stated again, when a payee or the keeper of a book gave back what a case moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from dure.core.actions import Who, action, line
from dure.core.actors import Actor, Role
from dure.exchange import policies, spending
from dure.exchange.models import Agreement
from dure.ledger.giving_back import GIVEN_BACK
from dure.ledger.models import Transfer
from dure.ledger.types import RowId

NAME = "exchange.spending.restate"
Rows = Annotated[tuple[RowId, ...], Field(strict=False, min_length=1, max_length=1000)]


@dataclass(frozen=True, slots=True)
class Restated:
    """How many events were written."""

    events: int


@action(
    NAME,
    ko="되돌아간 지출을 다시 적습니다.",
    en="State again what local spending came to after some of it went back.",
    policy=policies.may_tick,
    letters={Role.OPERATOR: "o"},
    who=(Who.TIMER, Who.OPERATOR),
    faces=("job",),
    writes=("journal_event",),
    labels=(spending.LABEL,),
)
def restate_spending(transfer_ids: Rows, *, actor: Actor) -> Restated:
    """State what these rows of the ledger came to; what stands so already is left alone.

    Effects: reversals and restatements, with the times of the payment. The ledger says what went
    back, so that a row which did not changes nothing.
    """
    count = spending.restate((int(one) for one in transfer_ids), spending.LEDGER_SAYS)
    line().changed("events", None, count)
    return Restated(count)


@GIVEN_BACK.plug
def given_back(transfers: Sequence[int]) -> None:
    """Restate, in the ledger's own transaction, where what went back had been paid for a case."""
    groups = Transfer.rows.filter(pk__in=transfers).values("grp")
    if Agreement.rows.filter(pk__in=groups).exists():
        ids = tuple(str(one) for one in transfers)
        restate_spending(transfer_ids=ids, actor=Actor.timer(NAME))
