"""What proves a counted part: scores, input file, certificate, as a result stores them."""

from __future__ import annotations

import numpy as np

from dure.engines.pb.certificate import certificate, certificate_text, input_hash, rule_fields
from dure.engines.pb.election import Election
from dure.engines.pb.pabulib_writing import write

from .counting import Part

__all__ = ("certified", "input_hash", "pabulib", "rule_fields", "scores")


def scores(election: Election) -> dict[str, dict[str, int]]:
    """What each project got: ballots that name it, and points where ballots give them; by code."""
    votes = election.votes()
    points = election.ballots.points
    sums = (
        None
        if points is None
        else np.bincount(election.ballots.items, weights=points, minlength=len(votes))
    )
    return {
        one.id: {"votes": votes[at]} | ({} if sums is None else {"points": int(sums[at])})
        for at, one in enumerate(election.projects)
    }


def pabulib(part: Part) -> str:
    """The ballots as a Pabulib file; nothing is told about voters, and the order is by content."""
    return write(part.election, winners=frozenset(part.outcome.winners))


def certified(part: Part) -> str:
    """The certificate of a part, canonical JSON."""
    return certificate_text(certificate(part.election, part.outcome))
