"""Local spending as pages show it: what cases spent, by who was paid and by origin of the goods."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum

from dure.core.text import T
from dure.exchange.food_terms import ORIGINS
from dure.exchange.models import Agreement
from dure.exchange.spending import LABEL, NEIGHBOUR, ORGANISATION
from dure.journal.models import Event

PAYEES: dict[str, T] = {
    ORGANISATION: T("조직", "organisations"),
    NEIGHBOUR: T("이웃", "neighbours"),
}
WON = F("sign") * F("qty")
SPENT = "won_spent"


@dataclass(frozen=True, slots=True)
class SpentLine:
    """Won that cases spent and that did not go back: whom they reached, where the goods come from;
    None = not food, or not known."""

    payee: T
    origin: T | None
    won: int


def spent_by(case_ids: Iterable[UUID]) -> tuple[SpentLine, ...]:
    """What these cases spent, a line for each payee and origin, in the order of their lists."""
    rows = Event.rows.filter(label__code=LABEL, case_id__in=list(case_ids))
    sums = rows.values_list("dims__payee", "dims__origin").annotate(won=Sum(WON)).order_by()
    found = {(payee, origin): won for payee, origin, won in sums}
    return tuple(
        SpentLine(PAYEES[payee], ORIGINS.get(origin) if origin else None, won)
        for payee in PAYEES
        for origin in (*ORIGINS, None)
        if (won := found.get((payee, origin), 0))
    )


def spent_in_cycle(cycle_id: UUID) -> tuple[SpentLine, ...]:
    """What was spent in the baskets of a cycle."""
    cases = Agreement.rows.filter(pool=cycle_id).values_list("case_id", flat=True)
    return spent_by(cases)


def with_spent(rows: QuerySet[Agreement]) -> QuerySet[Agreement]:
    """Cases that bring along what they spent, for `spent_of`."""
    told = Event.rows.filter(label__code=LABEL, case_id=OuterRef("case_id")).order_by()
    won = told.values("case_id").annotate(won=Sum(WON)).values("won")
    return rows.annotate(**{SPENT: Subquery(won)})


def spent_of(case: Agreement) -> int:
    """What a case of `with_spent` spent."""
    won: int | None = getattr(case, SPENT)
    return won or 0
