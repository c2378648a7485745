"""Posting what many cases gathered, in one statement; who is refused is told apart from the others.

Law: all or nothing; the caller takes back what those had changed, and asks again without them.
"""

from __future__ import annotations

from collections.abc import Sequence

from dure.core.errors import Refusal
from dure.ledger.posting import Movement, post_fitting

Group = tuple[int, Sequence[Movement]]


def post_each(groups: Sequence[Group]) -> dict[int, Refusal]:
    """Post the rows of all groups, or none of them; gives whose rows the ledger refuses.

    groups : (name of the group, its rows); those before count when a later one is asked about
    """
    full = [(name, mine) for name, mine in groups if mine]
    if not full:
        return {}
    refused = post_fitting([mine for _, mine in full])
    return {full[place][0]: why for place, why in refused.items()}
