"""Records of runs (과정 기록): who paid what in each round, and when a project was out of reach.

Nouns
    payers  : supporters with the same money before the round and the same payment
    dropped : a project whose supporters hold less than its cost, listed in the first round at
              whose start that is so
Law
    Payments of a round sum to the winner's cost. A record is made by running the same start again
    and is the same whatever the ballots' order; the rounds agree with the run it records.
Source
    Budgeting design, *Certificate and checker*.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from dure.engines.pb.classes import Floats, Places, Support
from dure.engines.pb.election import Election
from dure.engines.pb.links import Links
from dure.engines.pb.market import Market, Mask, Offer
from dure.engines.pb.outcome import Dropped, Payers, Round, Run
from dure.engines.pb.rules import Rule
from dure.engines.pb.shares import Case, case, trace


@dataclass(frozen=True, slots=True, eq=False)
class Paid:
    """Who paid in one round: groups of one history, ballots of each, whether they keep money."""

    nodes: Places
    units: Floats
    counts: Floats
    rich: Mask


class Notebook(Market):
    """A market that notes every payment, and for each ballot type when its money ended."""

    def __init__(self, held: Support, start: Fraction) -> None:
        super().__init__(held, start)
        self.paid: list[Paid] = []
        self.ended_at: Places = np.full(held.type_count, np.iinfo(np.intp).max, dtype=np.intp)
        self.last_node: Places = np.zeros(held.type_count, dtype=np.intp)

    def buy(self, offer: Offer) -> None:
        """Note the payers, then let them pay."""
        node = self.classes.node
        holds = offer.slots > 0
        self.paid.append(
            Paid(
                node[offer.slots[holds]], offer.units[holds], offer.counts[holds], offer.rich[holds]
            )
        )
        types = self.held.types[offer.project]
        nodes = node[offer.places]
        super().buy(offer)
        ends = types[(offer.places > 0) & (self.classes.slot[types] == 0)]
        gone = (offer.places > 0) & (self.classes.slot[types] == 0)
        self.last_node[ends] = nodes[gone]
        self.ended_at[ends] = self.classes.rounds - 1

    def close(self) -> list[int]:
        """After the last round: note where everybody stands; give the exact money of each node."""
        alive = self.classes.slot > 0
        self.last_node[alive] = self.classes.node[self.classes.slot[alive]]
        classes = self.classes
        money = [self.start]
        parents, rounds = classes.parent.tolist(), classes.when.tolist()
        units = classes.taken.tolist()
        for node in range(1, classes.nodes):
            money.append(money[parents[node]] - int(units[node]) * self.prices[rounds[node]])
        return money

    def behind(self, project: int, paid_rounds: int) -> int:
        """Money of the project's supporters after that many paid rounds, exact, times `scale`."""
        types, sizes = self.held.types[project], self.held.sizes[project]
        alive = self.ended_at[types] >= paid_rounds
        nodes, counts = self.last_node[types[alive]], sizes[alive]
        late = self.classes.when[nodes] >= paid_rounds
        while (late & (nodes > 0)).any():
            nodes = np.where(late, self.classes.parent[nodes], nodes)
            late = self.classes.when[nodes] >= paid_rounds
        left = int(counts.sum()) * self.start
        for at, units in enumerate(self.classes.paid(nodes, counts).tolist()):
            if units:
                left -= int(units) * self.prices[at]
        return left


def recorded(election: Election, rule: Rule, run: Run) -> Run:
    """Write a run of equal shares with the payers of every round and the projects dropped.

    run     : a run of `shares` or `completions` of this election under this rule
    Returns the same rounds with `payers` and `dropped`
    Source  budgeting design W1.

    >>> from dure.engines.pb.election import approvals
    >>> from dure.engines.pb.rules import Name, Satisfaction
    >>> from dure.engines.pb.shares import equal_shares
    >>> e = approvals([("a", 6, (0, 1, 2)), ("b", 4, (2, 3)), ("c", 5, (3,))], 12, n=4)
    >>> rule = Rule(Name.MES, Satisfaction.COST)
    >>> full = recorded(e, rule, equal_shares(e, rule))
    >>> [(str(one.before), one.count, str(one.payment)) for one in full.rounds[1].payers]
    [('1', 1, '1'), ('3', 1, '3')]
    >>> full.rounds[0].dropped[0].project, str(full.rounds[0].dropped[0].behind)
    (2, '3')
    """
    assert run.start is not None, "equal shares give every ballot a start"
    prepared = case(election, rule)
    books: list[Notebook] = []

    def market(held: Support, start: Fraction) -> Notebook:
        books.append(Notebook(held, start))
        return books[-1]

    again = trace(replace(prepared, market=market), run.start).run(prepared)
    assert again.winners == run.winners, "the same start gives the same rounds"
    book = books[0]
    money = book.close()
    dropped = _dropped(prepared, book, again)
    rounds, paid = [], iter(book.paid)
    for at, step in enumerate(again.rounds):
        is_paid = prepared.held.costs[step.winner] > 0
        payers = _payers(prepared.held, book, money, step, next(paid)) if is_paid else ()
        rounds.append(replace(step, payers=payers, dropped=dropped[at]))
    return replace(again, rounds=tuple(rounds), dropped=dropped[-1])


def _payers(
    held: Support, book: Notebook, money: list[int], step: Round, paid: Paid
) -> tuple[Payers, ...]:
    """Merge the groups of one round by exact money before and payment."""
    price = Fraction(held_price(held, step)) * book.scale
    assert price.denominator == 1
    counts: dict[tuple[int, int], int] = {}
    rows = zip(
        paid.nodes.tolist(),
        paid.units.tolist(),
        paid.counts.tolist(),
        paid.rich.tolist(),
        strict=True,
    )
    for node, units, count, rich in rows:
        before = money[node]
        key = (before, int(units) * price.numerator if rich else before)
        counts[key] = counts.get(key, 0) + int(count)
    empty = held.voices[step.winner] - sum(counts.values())
    if empty:
        counts[0, 0] = empty
    scale = book.scale * held.scale
    made = tuple(
        Payers(Fraction(before, scale), counts[before, part], Fraction(part, scale))
        for before, part in sorted(counts)
    )
    total = sum(part * count for (_, part), count in counts.items())
    assert total == held.costs[step.winner] * book.scale, "payments sum to the cost"
    return made


def held_price(held: Support, step: Round) -> Fraction:
    """Price per unit of a round, in money times the scale of the election's costs."""
    if held.by_cost:
        return step.rate * held.costs[step.winner]
    return step.rate * held.scale / held.unit_scale


def _dropped(prepared: Case, book: Notebook, run: Run) -> list[tuple[Dropped, ...]]:
    """Find for each loser the first round at whose start its supporters hold too little.

    Money behind only falls, so the round is found by halving; a project that links put out before
    that is not listed.
    """
    held = prepared.held
    paid_at = [at for at, step in enumerate(run.rounds) if held.costs[step.winner] > 0]
    out_at = _barred(prepared.election, run)
    found: list[list[Dropped]] = [[] for _ in range(len(run.rounds) + 1)]
    won = set(run.winners)
    for project, cost in enumerate(held.costs):
        if not held.loads[project] or not cost or project in won:
            continue
        due = cost * book.scale
        low, high = 0, len(paid_at)
        if book.behind(project, high) >= due:
            continue
        while low < high:
            middle = (low + high) // 2
            if book.behind(project, middle) < due:
                high = middle
            else:
                low = middle + 1
        place = 0 if low == 0 else paid_at[low - 1] + 1
        if place < out_at.get(project, len(run.rounds) + 1):
            behind = Fraction(book.behind(project, low), book.scale * held.scale)
            found[place].append(Dropped(project, behind))
    return [tuple(row) for row in found]


def _barred(election: Election, run: Run) -> dict[int, int]:
    """Round at whose start each project was first out through links."""
    links, out = Links(election), {}
    for at, winner in enumerate(run.winners):
        links.win(winner)
        for project in range(len(election.projects)):
            if project not in out and links.is_out(project):
                out[project] = at + 1
    return out
