"""The slow plain twin of the budget rules: one Fraction per ballot, every step as the page says it.

Written from the page *Budgeting*, not from the engine: it shares no code with it but the shapes of
outcomes and the tie chain.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from dure.engines.pb.election import BallotKind, Election
from dure.engines.pb.outcome import Dropped, Ended, Payers, Round, Run
from dure.engines.pb.rules import Rule, Satisfaction
from dure.engines.pb.ties import first

Utilities = Sequence[Mapping[int, Fraction]]


@dataclass(frozen=True)
class Plain:
    """An election as plain numbers."""

    costs: list[Fraction]
    budget: Fraction
    ballots: list[dict[int, Fraction]]
    choose: Callable[[list[int]], tuple[int, str | None]]
    requires: tuple[tuple[int, int], ...]
    excludes: tuple[tuple[int, int], ...]

    def supporters(self, project: int) -> list[int]:
        return [at for at, ballot in enumerate(self.ballots) if ballot.get(project, 0) > 0]

    def score(self, project: int) -> Fraction:
        return sum((ballot.get(project, Fraction(0)) for ballot in self.ballots), Fraction(0))

    def out(self, won: Sequence[int]) -> set[int]:
        """Projects that can never win beside these winners."""
        gone = {b for a, b in self.excludes if a in won} | {a for a, b in self.excludes if b in won}
        while True:
            more = {a for a, b in self.requires if b in gone} - gone
            if not more:
                return gone
            gone |= more

    def may_win(self, project: int, won: Sequence[int]) -> bool:
        needs = {b for a, b in self.requires if a == project}
        return project not in self.out(won) and needs <= set(won)


def plain(election: Election, rule: Rule) -> Plain:
    """Read the ballots one by one."""
    starts = election.ballots.starts.tolist()
    items = election.ballots.items.tolist()
    points = None if election.ballots.points is None else election.ballots.points.tolist()
    costs = [one.cost for one in election.projects]
    ballots: list[dict[int, Fraction]] = []
    for begin, end in zip(starts[:-1], starts[1:], strict=True):
        ballot: dict[int, Fraction] = {}
        for place, at in enumerate(range(begin, end)):
            given = None if points is None else Fraction(points[at], election.ballots.points_scale)
            if given is not None and given <= 0:
                continue
            if rule.satisfaction is Satisfaction.COST:
                ballot[items[at]] = costs[items[at]] or Fraction(1)
            elif rule.satisfaction is Satisfaction.POINTS:
                assert given is not None
                ballot[items[at]] = given
            elif rule.satisfaction is Satisfaction.BORDA:
                assert election.kind is BallotKind.ORDINAL
                ballot[items[at]] = Fraction(end - begin - place - 1)
            else:
                ballot[items[at]] = Fraction(1)
        ballots.append(ballot)

    def choose(tied: list[int]) -> tuple[int, str | None]:
        winner, step = first(tied, election, election.votes(), rule)
        return winner, step or None

    return Plain(costs, election.budget, ballots, choose, election.requires, election.excludes)


def rate_of(utilities: Mapping[int, Fraction], money: Sequence[Fraction], cost: Fraction) -> Fraction | None:
    """Solve sum(min(money, rho * u)) = cost by taking off the poor until none is poor."""
    if sum((money[at] for at in utilities), Fraction(0)) < cost:
        return None
    rich, poor = dict(utilities), Fraction(0)
    while True:
        rho = (cost - poor) / sum(rich.values())
        gone = [at for at, taken in rich.items() if money[at] < rho * taken]
        if not gone:
            return rho
        for at in gone:
            poor += money[at]
            del rich[at]


def shares(case: Plain, start: Fraction) -> Run:
    """Equal shares from one start, with payers and dropped."""
    money = [start] * len(case.ballots)
    backers = {p: {i: case.ballots[i][p] for i in case.supporters(p)} for p in range(len(case.costs))}
    left = [p for p in backers if backers[p]]
    won: list[int] = []
    rounds: list[Round] = []
    fresh: list[Dropped] = []
    while True:
        for p in list(left):
            behind = sum((money[i] for i in backers[p]), Fraction(0))
            if p in case.out(won):
                left.remove(p)
            elif behind < case.costs[p]:
                fresh.append(Dropped(p, behind))
                left.remove(p)
        can = [p for p in left if case.may_win(p, won)]
        if not can:
            break
        free = [p for p in can if case.costs[p] == 0]
        payers: tuple[Payers, ...] = ()
        if free:
            tied, rho = free, Fraction(0)
            winner, by = case.choose(tied)
        else:
            rates = {p: rate_of(backers[p], money, case.costs[p]) for p in can}
            rho = min(rate for rate in rates.values() if rate is not None)
            tied = [p for p in can if rates[p] == rho]
            winner, by = case.choose(tied)
            counts: dict[tuple[Fraction, Fraction], int] = {}
            for i, taken in backers[winner].items():
                payment = min(money[i], rho * taken)
                counts[money[i], payment] = counts.get((money[i], payment), 0) + 1
                money[i] -= payment
            payers = tuple(Payers(b, counts[b, x], x) for b, x in sorted(counts))
        rounds.append(Round(winner, rho, tuple(sorted(tied)), by, payers, tuple(fresh)))
        fresh = []
        won.append(winner)
        left.remove(winner)
    supported = [p for p in backers if backers[p]]
    ended = Ended.ALL_WON if set(supported) <= set(won) else Ended.UNAFFORDABLE
    cost = sum((case.costs[p] for p in won), Fraction(0))
    return Run(start, tuple(rounds), cost, ended, tuple(fresh))
