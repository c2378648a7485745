"""Count an election by a rule (집계): one door to every rule of this library.

Law
    The same election and rule give the same outcome on every machine, with compiled loops or
    without. What a rule cannot count is refused, never passed over.
Source
    Budgeting design, *The engine*.
"""

from __future__ import annotations

from dure.engines.pb.completions import complete
from dure.engines.pb.election import BallotKind, Election
from dure.engines.pb.greedy import greedy
from dure.engines.pb.outcome import Outcome
from dure.engines.pb.phragmen import phragmen
from dure.engines.pb.rules import GREEDY_NAMES, Name, Rule, Satisfaction
from dure.engines.pb.scores import scores


def tally(election: Election, rule: Rule, traced_max: int | None = None) -> Outcome:
    """Count an election.

    election : any ballots; money in the currency of the file
    rule     : complete with all its parameters
    traced_max : see `completions.complete`
    Returns    the outcome; its money is exact
    Raises     RuleError when the ballots lack what the rule counts, or for too many runs.
    Source     budgeting design W1.

    >>> from dure.engines.pb.election import approvals
    >>> e = approvals([("a", 6, (0, 1, 2)), ("b", 4, (2, 3)), ("c", 5, (3,))], 12, n=4)
    >>> tally(e, Rule(Name.GREEDY)).winners, tally(e, Rule(Name.MES, Satisfaction.COST)).winners
    ((0, 1), (0, 1))
    """
    if rule.name in GREEDY_NAMES:
        outcome = greedy(election, rule)
    elif rule.name is Name.SCORES:
        outcome = scores(election, rule)
    elif rule.name is Name.PHRAGMEN:
        outcome = phragmen(election, rule)
    else:
        assert rule.name is Name.MES, rule.name
        outcome = complete(election, rule, traced_max)
    spent = sum(election.projects[at].cost for at in outcome.winners)
    assert spent == outcome.spent <= election.budget and outcome.left == election.budget - spent
    assert len(set(outcome.winners)) == len(outcome.winners)
    return outcome


def plain_rules(election: Election, ties: tuple[str, ...] = ("id",)) -> tuple[Rule, ...]:
    """List every rule without completion that can count these ballots and needs no parameter.

    Returns greedy, greedy-no-skip, density and equal shares under each satisfaction of the
            ballots, and Phragmén.

    >>> from dure.engines.pb.election import approvals
    >>> [label(one) for one in plain_rules(approvals([("a", 5, (0,))], 5, n=1))]
    ['greedy', 'greedy-no-skip', 'density', 'mes cost', 'mes cardinality', 'phragmen']
    """
    own: dict[BallotKind, Satisfaction] = {
        BallotKind.CUMULATIVE: Satisfaction.POINTS,
        BallotKind.SCORING: Satisfaction.POINTS,
        BallotKind.ORDINAL: Satisfaction.BORDA,
    }
    score = own.get(election.kind)
    shares = [Satisfaction.COST, Satisfaction.CARDINALITY, *([score] if score else [])]
    return (
        Rule(Name.GREEDY, score, ties=ties),
        Rule(Name.GREEDY_NO_SKIP, score, ties=ties),
        Rule(Name.DENSITY, score, ties=ties),
        *(Rule(Name.MES, one, ties=ties) for one in shares),
        Rule(Name.PHRAGMEN, ties=ties),
    )


def label(rule: Rule) -> str:
    """Name a rule in a few words: name, satisfaction, completion."""
    words = [rule.name.value, rule.satisfaction.value if rule.satisfaction else ""]
    if rule.completion.value != "none":
        words.append(rule.completion.value)
    return " ".join(word for word in words if word)
