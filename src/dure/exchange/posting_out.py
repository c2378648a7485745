"""Posting what cases gathered, in one statement, and stating the won that it moved.

Law: all or nothing; what is posted for a case is stated in the same transaction, by here alone.
Of many cases, who is refused is told apart from the others: the caller takes back what those had
changed, and asks again without them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dure.core.errors import Refusal
from dure.exchange import spending
from dure.exchange.models import Agreement
from dure.ledger.posting import Movement, post_fitting
from dure.ledger.posting import post as post_rows

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
    """Post the rows of all groups, or none of them; gives whose rows the ledger refuses.

    groups : (name of the group, its rows); those before count when a later one is asked about
    cases  : as above; asked only where something was posted
    """
    full = [(name, mine) for name, mine in groups if mine]
    if not full:
        return {}
    refused = post_fitting([mine for _, mine in full])
    if not refused:
        spending.state([one for _, mine in full for one in mine], cases)
    return {full[place][0]: why for place, why in refused.items()}
