"""Posting what cases gathered, in one statement, and stating the won that it moved.

Law: all or nothing; what is posted for a case is stated in the same transaction, by here alone.
Of many cases, who is refused is told apart from the others: the caller takes back what those had
changed, and asks again without them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence

from django.db import OperationalError

from dure.core.errors import Refusal
from dure.exchange import spending
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Agreement
from dure.ledger.posting import Movement, post_fitting
from dure.ledger.posting import post as post_rows

log = logging.getLogger(__name__)
Group = tuple[int, Sequence[Movement]]


def post(
    movements: Sequence[Movement],
    cases: Iterable[Agreement] = (),
    reason: str = spending.LEDGER_SAYS,
) -> None:
    """Post the rows of one action, if there are any.

    cases : those whose rows they are, where the caller has them; reason : why what goes back does
    """
    if movements:
        post_rows(movements)
        spending.state(movements, cases, reason)


def post_each(groups: Sequence[Group], cases: Iterable[Agreement] = ()) -> dict[int, Refusal]:
    """Post the rows of all groups, or none of them; gives whose rows the ledger refuses, and whose
    spending cannot be told.

    groups : (name of the group, its rows); those before count when a later one is asked about
    cases  : as above; asked only where something was posted
    """
    full = [(name, mine) for name, mine in groups if mine]
    if not full:
        return {}
    known = tuple(cases)

    def tell(rows: Sequence[Movement], first: int) -> None:
        try:
            spending.state(rows, known, first=first)
        except (Refusal, OperationalError):
            raise
        except Exception as fault:
            log.exception("spending of %d rows", len(rows))
            raise Refusal(ExchangeCode.FAULT) from fault

    refused = post_fitting([mine for _, mine in full], tell)
    return {full[place][0]: why for place, why in refused.items()}
