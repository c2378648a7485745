"""What if (가정): another cost, budget or rule, and what would differ.

Nouns
    change     : other costs, another budget, another rule; what is not named stays
    difference : winners that come and go, and the money beside them
Law
    The ballots are collapsed once and kept; an answer is a whole count, never an estimate. On a
    round that is still open it would leak the count: the room asks only after closing.
Source
    Budgeting design, *Explanation*, last sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from types import MappingProxyType

from dure.engines.pb.election import Election
from dure.engines.pb.outcome import Outcome
from dure.engines.pb.rules import Rule
from dure.engines.pb.tally import tally


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be otherwise.

    costs  : by project id, each >= 0
    budget : >= 0; None = as it is
    rule   : None = as it is
    """

    costs: Mapping[str, Fraction] = field(default_factory=lambda: MappingProxyType({}))
    budget: Fraction | None = None
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """The changed outcome beside the first.

    come, go : winners of the one that are not winners of the other, in the order chosen
    spent    : changed less first; left likewise
    """

    outcome: Outcome
    come: tuple[int, ...]
    go: tuple[int, ...]
    spent: Fraction
    left: Fraction


class ChangeError(ValueError):
    """A change that cannot be made: the message names the project or amount."""


def what_if(election: Election, outcome: Outcome, change: Change) -> Difference:
    """Count again with a change, and tell what differs.

    outcome : of the election as it is
    Raises  ChangeError for an unknown project or an amount below zero; RuleError for a rule that
            cannot count these ballots.

    >>> from dure.engines.pb.election import approvals
    >>> from dure.engines.pb.rules import Name
    >>> e = approvals([("a", 6, (0, 1, 2)), ("b", 5, (0, 1)), ("c", 4, (2,))], 10, n=3)
    >>> first = tally(e, Rule(Name.GREEDY))
    >>> found = what_if(e, first, Change(costs={"a": Fraction(5)}))
    >>> found.outcome.winners, found.come, found.go, str(found.spent)
    ((0, 1), (1,), (2,), '0')
    """
    changed = changed_election(election, change)
    again = tally(changed, change.rule or outcome.rule)
    return Difference(
        again,
        tuple(one for one in again.winners if one not in outcome.winners),
        tuple(one for one in outcome.winners if one not in again.winners),
        again.spent - outcome.spent,
        again.left - outcome.left,
    )


def changed_election(election: Election, change: Change) -> Election:
    """The election with other costs and another budget; the ballots are the same arrays."""
    index = election.index()
    projects = list(election.projects)
    for name, cost in change.costs.items():
        if name not in index:
            raise ChangeError(f"unknown project {name}")
        if cost < 0:
            raise ChangeError(f"project {name}: a cost below zero")
        projects[index[name]] = replace(projects[index[name]], cost=cost)
    budget = election.budget if change.budget is None else change.budget
    if budget < 0:
        raise ChangeError("a budget below zero")
    return replace(election, projects=tuple(projects), budget=budget)
