"""What happens to ballots when a vote opens and closes, and what is still open at the end."""

from __future__ import annotations

from django.db import connection, transaction

from dure.core.actions import line

from . import credentials, stating
from .models import Award, Call


def vote_opens(call: Call) -> None:
    """Make the call's key, which ties a person to a slip as long as the vote is open."""
    credentials.make(call.id)


def vote_closed(call: Call) -> None:
    """Empty the urn into the ballots, in random order; then nobody holds the key any more.

    The journal is told how many might vote and how many did.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT urn.empty(%s, %s)", (call.id, line().id))
    stating.vote_over(call)
    transaction.on_commit(lambda: credentials.destroy(call.id))


def open_award_count(call: Call) -> int:
    """Winners that stand and are neither finished nor cancelled."""
    rows = Award.standing().filter(result__call=call)
    return rows.exclude(changes__kind__in=("cancelled", "finished")).count()
