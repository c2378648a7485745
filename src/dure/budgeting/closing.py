"""What happens to ballots when a vote opens and closes, and what is still open at the end."""

from __future__ import annotations

from .models import Award, Call


def vote_opens(call: Call) -> None:
    """Make ready what ballots need; in the transaction that opens the vote."""


def vote_closed(call: Call) -> None:
    """Empty the urn into the ballots, in random order; in the transaction that closes the vote."""


def open_award_count(call: Call) -> int:
    """Winners of the newest result that are neither finished nor cancelled."""
    rows = Award.rows.filter(result__call=call, result__replaced_by=None)
    return rows.exclude(changes__kind__in=("cancelled", "finished")).count()
