"""The slow plain twin of the budget rules: one Fraction per ballot, every step as the page says it.

Written from the page *Budgeting*, not from the engine: it shares no code with it but the shapes of
outcomes and the tie chain.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from dure.engines.pb.election import BallotKind, Election
from dure.engines.pb.outcome import Dropped, Ended, Payers, Round, Run
from dure.engines.pb.rules import Completion, Rule, Satisfaction, Start, Stop
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
    for begin, end in pairwise(starts):
        ballot: dict[int, Fraction] = {}
        for place, at in enumerate(range(begin, end)):
            given = None if points is None else Fraction(points[at], election.ballots.points_scale)
            named = (
                election.kind is not BallotKind.SCORING
                and rule.satisfaction is not Satisfaction.POINTS
            )
            if given is not None and given <= 0 and not named:
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


def rate_of(
    utilities: Mapping[int, Fraction], money: Sequence[Fraction], cost: Fraction
) -> Fraction | None:
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
    backers = {
        p: {i: case.ballots[i][p] for i in case.supporters(p)} for p in range(len(case.costs))
    }
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
    missed = [p for p in backers if backers[p] and p not in won and case.may_win(p, won)]
    ended = Ended.UNAFFORDABLE if missed else Ended.ALL_WON
    cost = sum((case.costs[p] for p in won), Fraction(0))
    return Run(start, tuple(rounds), cost, ended, tuple(fresh))


def loads(case: Plain) -> Run:
    """Sequential Phragmen: the load of every ballot kept one by one."""
    carried = [Fraction(0)] * len(case.ballots)
    backers = {p: case.supporters(p) for p in range(len(case.costs))}
    left = [p for p in backers if backers[p] and case.costs[p] <= case.budget]
    won: list[int] = []
    rounds: list[Round] = []
    spent = Fraction(0)
    ended = Ended.ALL_WON
    while True:
        can = [p for p in left if p not in won and case.may_win(p, won)]
        if not can:
            break
        after = {
            p: (case.costs[p] + sum(carried[i] for i in backers[p])) / len(backers[p]) for p in can
        }
        least = min(after.values())
        tied = [p for p in can if after[p] == least]
        if any(spent + case.costs[p] > case.budget for p in tied):
            ended = Ended.DOES_NOT_FIT
            break
        winner, by = case.choose(tied)
        counts: dict[Fraction, int] = {}
        for i in backers[winner]:
            counts[carried[i]] = counts.get(carried[i], 0) + 1
            carried[i] = least
        payers = tuple(Payers(x, counts[x], least - x) for x in sorted(counts))
        rounds.append(Round(winner, least, tuple(sorted(tied)), by, payers))
        won.append(winner)
        spent += case.costs[winner]
    return Run(None, tuple(rounds), spent, ended)


def add1(case: Plain, rule: Rule, limit: int = 3000) -> tuple[list[Run], str]:
    """Every run of add1, one by one, and why it ended; the plain loop of the page."""
    assert rule.step is not None
    start = case.budget / len(case.ballots)
    if rule.start is Start.FLOOR:
        start = Fraction(start.numerator // start.denominator)
    if sum(case.costs) <= case.budget:
        return [shares(case, start)], "all-fit"
    runs: list[Run] = []
    while True:
        runs.append(shares(case, start))
        assert len(runs) < limit
        run = runs[-1]
        outside = [
            p
            for p in range(len(case.costs))
            if case.supporters(p) and p not in run.winners and case.may_win(p, run.winners)
        ]
        if run.cost > case.budget:
            return runs, "overspent"
        if not outside:
            return runs, "all-won"
        fits = any(run.cost + case.costs[p] <= case.budget for p in outside)
        if rule.stop is not Stop.OVERSPEND and not fits:
            return runs, "exhaustive"
        start += rule.step


def utilitarian(case: Plain, rule: Rule, won: Sequence[int]) -> list[int]:
    """The highest score first over what is left; skip what does not fit."""
    chosen = list(won)
    left = case.budget - sum(case.costs[p] for p in won)
    weighs = rule.satisfaction in (Satisfaction.POINTS, Satisfaction.BORDA)
    scores = {
        p: case.score(p) if weighs else Fraction(len(case.supporters(p)))
        for p in range(len(case.costs))
    }
    queue = [p for p in scores if scores[p] > 0 and p not in chosen]
    while True:
        can = [p for p in queue if case.may_win(p, chosen)]
        if not can:
            return chosen
        best = max(scores[p] for p in can)
        winner, _ = case.choose([p for p in can if scores[p] == best])
        queue.remove(winner)
        if case.costs[winner] <= left:
            chosen.append(winner)
            left -= case.costs[winner]


def completed(case: Plain, rule: Rule) -> list[int]:
    """Winners in order with the rule's completion."""
    start = case.budget / len(case.ballots)
    if rule.step is None:
        winners = list(shares(case, start).winners)
        fits_all = False
    else:
        runs, why = add1(case, rule)
        winners = list(runs[-2 if why == "overspent" else -1].winners)
        fits_all = why == "all-fit"
    if fits_all or rule.completion not in (Completion.NONE, Completion.ADD1):
        winners = utilitarian(case, rule, winners)
    if rule.completion is Completion.COMPARISON:
        other = utilitarian(case, rule, [])
        mine = [sum(1 for p in winners if ballot.get(p, -1) >= 0) for ballot in case.ballots]
        theirs = [sum(1 for p in other if ballot.get(p, -1) >= 0) for ballot in case.ballots]
        pairs = list(zip(mine, theirs, strict=True))
        if sum(b > a for a, b in pairs) > sum(a > b for a, b in pairs):
            return other
    return winners
