"""The runs of add1 (한 걸음씩 더 주는 보충): all of them told, few of them traced.

Nouns
    run     : one try of add1; run k starts from the first start + k * step
    stretch : runs between two starts that are proven to have the same winners in the same order
    probe   : a run traced ahead of the last one that is told
    turn    : where winners change from one run to the next
Law
    Winners are not monotone in the start, so no run is told without a trace or a proof. A stretch
    rests on this: while winners come in one order, more money at the start never lowers a later
    budget and never raises a rate. So between two starts with the same order every rate lies
    between the two, and no other project comes first if it would not even with its own rate taken
    from the greater start and the winner's from the lesser. Where to probe next is only a guess:
    it saves work and decides nothing.
Source
    Budgeting design, *Completion* and *Incremental add1*.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from dure.engines.compiled import is_available
from dure.engines.pb.links import Links
from dure.engines.pb.market import ABOVE
from dure.engines.pb.outcome import CompletedRun, Stopped, winners_hash
from dure.engines.pb.rules import RuleError, Stop
from dure.engines.pb.shares import Bought, Case, Trace, trace

RUNS_MAX: Final = 1_000_000
STRIDE_MAX: Final = 1 << 16
PLAIN_RUNS: Final = 20  # before loops are compiled, or loaded: that costs as much as these


def is_stretch(low: Trace, high: Trace) -> bool:
    """Say whether every start between two runs surely has the winners of both, in the same order.

    low, high : `high` was traced beside `low`, or beside a run from a start below `low`

    A round holds when its rate is the same in both runs (then only projects that the chain puts
    behind the winner can tie with it), or when all others at the greater start lie above the
    winner's rate at the lesser one, or keep apart by their slopes: that was shown for each start
    from the lesser run on whose earlier rounds are the same.
    """
    return low.winners == high.winners and all(
        one.above * other.below == other.above * one.below
        or one.rate * ABOVE < other.second
        or other.is_apart
        for one, other in zip(low.bought, high.bought, strict=True)
    )


@dataclass(frozen=True, slots=True)
class Probe:
    """A run traced ahead: its place, its trace, the place of the run it was traced beside."""

    at: int
    found: Trace
    beside: int


class Ladder:
    """The runs of add1 from the lowest start up; `last` and `before` are the last two told."""

    def __init__(self, prepared: Case, stop: Stop, traced_max: int | None = None) -> None:
        assert prepared.rule.step is not None
        self.prepared, self.stop, self.traced_max = prepared, stop, traced_max
        self.base, self.step = prepared.start, prepared.rule.step
        self.runs: list[CompletedRun] = []
        self.before: Trace | None = None
        self.last = trace(prepared, self.base)
        self.at = 0
        self.traced = 1
        self.turn = 0  # place of the first run with the winners of `last`, among those traced
        self.span = 1  # runs between the last two turns
        self.same: tuple[int, Trace] | None = None  # an earlier run with these winners
        self.ahead: list[Probe] = []  # the nearest one last
        self.falls: list[float] = []  # by round, what its rate falls by from run to run: a guess
        self.tries = 0

    def climb(self) -> Stopped:
        """Run until the stop. A stopping run never ends a stretch: its twin below goes on."""
        self._keep(self.last)
        while (reason := self._stopped(self.last)) is None:
            if self.at >= RUNS_MAX:
                raise RuleError("pb.step_too_small")
            self._ascend()
        return reason

    def _ascend(self) -> None:
        """Tell the runs up to the nearest probe where that is proven; else trace one more."""
        if not self.ahead:
            self._probe(self.at + self._reach())
        probe = self.ahead[-1]
        is_same = probe.found.winners == self.last.winners
        if probe.at == self.at + 1 or (is_same and is_stretch(self.last, probe.found)):
            self._tell(self.ahead.pop())
        elif is_same and probe.beside != self.at:
            self._probe(self.ahead.pop().at)
        elif is_same:
            self._probe((self.at + probe.at) // 2)
        else:
            self._probe(self._between(probe))

    def _probe(self, at: int) -> None:
        """Trace a run before all other probes; the next run needs no proof."""
        if self.traced == self.traced_max:
            raise RuleError("pb.too_many_runs")
        if self.traced == PLAIN_RUNS:
            self.prepared = _compiled(self.prepared)
        at = min(at, RUNS_MAX)
        found = trace(
            self.prepared,
            self.base + at * self.step,
            self._targets(at),
            self.last if at > self.at + 1 else None,
            self.last.winners,
        )
        self.traced += 1
        self.tries += 1
        self.ahead.append(Probe(at, found, self.at))

    def _tell(self, probe: Probe) -> None:
        """Write down the runs up to a probe: it is the next one, or all between are alike."""
        for between in range(self.at + 1, probe.at):
            same = self.runs[-1]
            start = self.base + between * self.step
            self.runs.append(CompletedRun(start, same.hash, same.cost))
        self._keep(probe.found)
        if probe.found.winners == self.last.winners:
            self.same = (self.at, self.last)
        else:
            self.same = None
            self.span, self.turn = probe.at - self.turn, probe.at
        self.before, self.last, self.at, self.tries = self.last, probe.found, probe.at, 0

    def _keep(self, found: Trace) -> None:
        ids = [self.prepared.election.projects[winner].id for winner in found.winners]
        cost = Fraction(found.cost, self.prepared.held.scale)
        self.runs.append(CompletedRun(found.start, winners_hash(ids), cost))

    def _stopped(self, found: Trace) -> Stopped | None:
        if found.cost > self.prepared.held.budget:
            return Stopped.OVERSPENT
        if not may_still_win(self.prepared, found):
            return Stopped.ALL_WON
        if self.stop is Stop.OVERSPEND:
            return None
        fits = may_still_win(self.prepared, found, self.prepared.held.budget - found.cost)
        return None if fits else Stopped.EXHAUSTIVE

    def _reach(self) -> int:
        """Guess how far the winners stay: rates fall about as fast as they did, and the second
        comes as near as it came.
        """
        if self.same is None:
            self.falls = []
            return max(1, self.span // 8)
        at, low = self.same
        stride = self.at - at
        reach, self.falls = float(STRIDE_MAX), []
        for one, other in zip(low.bought, self.last.bought, strict=True):
            fall = (one.rate - other.rate) / stride
            gap = other.second - other.rate
            is_known = one.runner == other.runner is not None
            if is_known:
                fall = max(fall, (one.second - other.second) / stride)
            self.falls.append(fall)
            # Slopes hold two known rates apart until they meet; else one must not pass the other.
            nears = (one.second - one.rate - gap) / stride if is_known else fall
            if nears > 1e-12 * other.rate:
                reach = min(reach, (1.0 if is_known else 0.9) * gap / nears)
        return max(1, min(int(reach), 8 * stride))

    def _targets(self, at: int) -> list[float]:
        """Guess by round how sharply a run needs to see the other projects."""
        ahead = max(at - self.at, self.span)
        usual = float(self.step / self.last.start) if self.last.start else 1.0
        return [
            step.rate * ABOVE * ABOVE
            + 4 * ahead * (self.falls[place] if place < len(self.falls) else step.rate * usual)
            for place, step in enumerate(self.last.bought)
        ]

    def _between(self, probe: Probe) -> int:
        """Guess the turn before a probe with other winners: where the first two that differ meet,
        as straight lines; every third time the middle.
        """
        width = probe.at - self.at
        middle = self.at + width // 2
        if self.tries % 3 == 2:
            return middle
        for one, other in zip(self.last.bought, probe.found.bought, strict=False):
            if one.winner != other.winner:
                met = _meeting(one, other)
                if met is None:
                    break
                return self.at + max(1, min(int(met * width), width - 1))
        return middle


def _meeting(one: Bought, other: Bought) -> float | None:
    """Where two rates meet, as a part of the way, when each was the second of the other."""
    if one.runner != other.winner or other.runner != one.winner:
        return None
    before, after = one.second - one.rate, other.second - other.rate
    return before / (before + after) if before + after > 0 else None


def _compiled(prepared: Case) -> Case:
    """Take compiled loops for the runs to come, where they are installed and know these ballots."""
    if not is_available() or prepared.held.units is not None:
        return prepared
    from dure.engines.pb.fast_market import FastMarket

    return replace(prepared, market=FastMarket)


def may_still_win(prepared: Case, found: Trace, left: int | None = None) -> list[int]:
    """List supported projects that did not win and may, where `left` is given for at most it."""
    links, held = Links(prepared.election), prepared.held
    for winner in found.winners:
        links.win(winner)
    won = set(found.winners)
    return [
        at
        for at, cost in enumerate(held.costs)
        if held.loads[at] and at not in won and links.may_win(at) and (left is None or cost <= left)
    ]
