"""Replaying a published election (과거 투표 재현): the rule its file states, and what it published.

Nouns
    stated rule : the word under `rule` in META, made a rule with every parameter, or not at all
    replay      : that rule counted again and compared with the column `selected`
Law
    A stated rule is mapped or unknown, never guessed. `selected` is compared, never counted; only
    1 means won. A project withdrawn after the vote, as the file's own comment says, is left out.
Source
    Budgeting design, *Pabulib import and export*; equalshares.net for the real elections by equal
    shares: money of a ballot from the whole part of budget / n upwards by one unit of the currency,
    until a run costs more than the budget.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

import numpy as np

from dure.engines.pb.election import BallotKind, Ballots, Election
from dure.engines.pb.outcome import Outcome
from dure.engines.pb.pabulib import amount
from dure.engines.pb.rules import (
    Completion,
    Name,
    Norm,
    Rule,
    Satisfaction,
    Start,
    Stop,
    Weight,
)
from dure.engines.pb.tally import tally

SELECTED: Final = 1
THRESHOLD: Final = "min_project_score_threshold"
WITHDRAWN: Final = re.compile(r"Project (\S+) was withdrawn after the voting")
PLACE_POINTS: Final = "place_points"


@dataclass(frozen=True, slots=True)
class Replay:
    """One election counted again.

    rule   : as stated, complete; None when it cannot be counted from the file, `reason` says why
    won    : ids in the order chosen; published: ids with `selected` 1, in the order of the file
    reason : ``""`` for a rule that was counted
    """

    stated: str
    rule: Rule | None
    reason: str
    won: tuple[str, ...] = ()
    published: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """True when exactly the published projects won."""
        return self.rule is not None and set(self.won) == set(self.published)


def stated_rule(election: Election) -> tuple[Rule | None, str]:
    """Make the rule that a file states, or say why it cannot be counted.

    Returns the rule and ``""``, or None and the reason.

    >>> from dure.engines.pb.election import approvals
    >>> stated_rule(approvals([], 0, n=0))
    (None, 'no rule is stated')
    >>> stated_rule(replace(approvals([], 0, n=0), meta={"rule": "greedy-custom"}))
    (None, 'greedy-custom: the rule cannot be known from the file')
    """
    stated = election.meta.get("rule", "")
    if not stated:
        return None, "no rule is stated"
    score = Satisfaction.POINTS if election.ballots.points is not None else None
    if stated == "equalshares/add1":
        return _add1(Completion.ADD1), ""
    if stated == "equalshares/add1-comparison":
        return _add1(Completion.COMPARISON), ""
    if stated == "greedy" and election.kind is BallotKind.ORDINAL:
        weights = (Weight(PLACE_POINTS, 1_000_000, Norm.RAW),)
        if _ballot_length(election) is None:
            return None, "greedy: the points of a place are not stated"
        return Rule(Name.SCORES, weights=weights), ""
    if election.kind is not BallotKind.ORDINAL:
        if stated == "greedy":
            return Rule(Name.GREEDY, score), ""
        if stated == "greedy-no-skip":
            return Rule(Name.GREEDY_NO_SKIP, score), ""
        if stated == "greedy-threshold":
            least, _ = amount(election.meta.get(THRESHOLD, ""))
            if least is None:
                return None, "greedy-threshold: the threshold is not stated"
            return Rule(Name.GREEDY_THRESHOLD, score, threshold=least), ""
    return None, f"{stated}: the rule cannot be known from the file"


def replayed(election: Election) -> Replay:
    """Count an election by the rule it states, beside what it published."""
    stated = election.meta.get("rule", "")
    published = tuple(one.id for one in election.projects if one.selected == SELECTED)
    if all(one.selected is None for one in election.projects):
        return Replay(stated, None, "no outcome is published")
    rule, reason = stated_rule(election)
    if rule is None:
        return Replay(stated, None, reason, published=published)
    counted = with_place_points(without(election, withdrawn(election)))
    outcome: Outcome = tally(counted, rule)
    won = tuple(counted.projects[at].id for at in outcome.winners)
    return Replay(stated, rule, "", won, published)


def withdrawn(election: Election) -> tuple[str, ...]:
    """Projects that the file's comment says were withdrawn after the vote."""
    index = election.index()
    named = WITHDRAWN.findall(election.meta.get("comment", ""))
    return tuple(one for one in dict.fromkeys(named) if one in index)


def without(election: Election, ids: tuple[str, ...]) -> Election:
    """Leave some projects out; every ballot stays, an empty one too.

    >>> from dure.engines.pb.election import approvals
    >>> e = without(approvals([("a", 1, (0, 1)), ("b", 2, (1,))], 2, n=2), ("a",))
    >>> [one.id for one in e.projects], e.votes(), e.ballots.count
    (['b'], (1,), 2)
    """
    if not ids:
        return election
    assert not election.requires and not election.excludes
    stays = [at for at, one in enumerate(election.projects) if one.id not in ids]
    new = np.full(len(election.projects), -1, dtype=np.int32)
    new[stays] = np.arange(len(stays), dtype=np.int32)
    ballots = election.ballots
    keep = new[ballots.items] >= 0
    counts = np.bincount(ballots.owners()[keep], minlength=ballots.count)
    starts = np.concatenate((np.zeros(1, np.int64), np.cumsum(counts))).astype(np.int64)
    points = None if ballots.points is None else ballots.points[keep]
    return replace(
        election,
        projects=tuple(election.projects[at] for at in stays),
        ballots=Ballots(starts, new[ballots.items[keep]], points, ballots.points_scale),
        measures={name: tuple(row[at] for at in stays) for name, row in election.measures.items()},
    )


def with_place_points(election: Election) -> Election:
    """Give ordinal ballots of one fixed length L the measure `place_points`: L for the first place,
    one less for each further. Other ballots are left as they are.
    """
    length = _ballot_length(election)
    if election.kind is not BallotKind.ORDINAL or length is None:
        return election
    ballots = election.ballots
    places = np.arange(len(ballots.items)) - np.repeat(ballots.starts[:-1], np.diff(ballots.starts))
    sums = np.zeros(len(election.projects), dtype=np.int64)
    np.add.at(sums, ballots.items, np.maximum(length - places, 0))
    points = tuple(Fraction(one) for one in sums.tolist())
    return replace(election, measures={**election.measures, PLACE_POINTS: points})


def _ballot_length(election: Election) -> int | None:
    """The length of every ballot, where META fixes it."""
    least, most = election.meta.get("min_length"), election.meta.get("max_length")
    if least != most or not most or not re.fullmatch("[0-9]{1,4}", most):
        return None
    return int(most)


def _add1(completion: Completion) -> Rule:
    return Rule(
        Name.MES,
        Satisfaction.COST,
        completion,
        step=Fraction(1),
        start=Start.FLOOR,
        stop=Stop.OVERSPEND,
    )
