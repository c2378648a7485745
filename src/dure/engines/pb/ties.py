"""The tie chain (동점 처리): which of several equal projects comes first, named before the vote.

Nouns
    step : one comparison of the chain; it keeps the best of those still tied
    lot  : the order of SHA-256(seed, call, project id), least first (추첨)
Law
    A chain ends in `lot` or `id`, so exactly one project is left, whatever the order it was given.
Source
    Budgeting design, *Tie chain*.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from hashlib import sha256

from dure.engines.pb.election import Election
from dure.engines.pb.rules import Rule


def first(
    tied: Sequence[int], election: Election, votes: Sequence[int], rule: Rule
) -> tuple[int, str]:
    """Choose the first of some tied projects by the rule's chain.

    tied    : indices of projects, at least one, in any order
    votes   : supporters of every project of the election
    Returns   the project and the step that decided; ``""`` when only one was given

    >>> from dure.engines.pb.election import approvals
    >>> from dure.engines.pb.rules import Name
    >>> e = approvals([("9", 5, ()), ("10", 5, ())], 10, n=0)
    >>> first((0, 1), e, (0, 0), Rule(Name.GREEDY, ties=("max_votes", "id")))
    (1, 'id')
    """
    left = sorted(set(tied))
    assert left
    if len(left) == 1:
        return left[0], ""
    for step in rule.ties:
        key = _key(step, election, votes, rule)
        best = min(key(one) for one in left)
        left = [one for one in left if key(one) == best]
        if len(left) == 1:
            return left[0], step
    # Two ids with one SHA-256: nobody has ever found such a pair.
    return min(left, key=lambda one: election.projects[one].id), "id"


def lot_ticket(seed: bytes, call: str, project_id: str) -> bytes:
    """Draw a project's ticket, 32 bytes; the least ticket is first.

    >>> lot_ticket(b"seed", "2026-1", "A").hex()[:16]
    '3155154f37576800'
    """
    return sha256(seed + call.encode() + project_id.encode()).digest()


def ranked(
    tied: Sequence[int], election: Election, votes: Sequence[int], rule: Rule
) -> list[tuple[int, ...]]:
    """Order tied projects by the chain, each with the places it takes at the steps.

    Returns rows of (project, place at step 1, place at step 2, ...), the first of the chain first.
            Two rows part at the step that decides between them: the one named by `parted`.

    >>> from dure.engines.pb.election import approvals
    >>> from dure.engines.pb.rules import Name
    >>> e = approvals([("9", 5, ()), ("10", 5, ())], 10, n=0)
    >>> ranked((0, 1), e, (0, 0), Rule(Name.GREEDY))
    [(1, 0), (0, 1)]
    """
    columns: list[dict[int, int]] = []
    for step in (*rule.ties, "id"):
        key = _key(step, election, votes, rule)
        keys = {one: key(one) for one in tied}
        places = {value: at for at, value in enumerate(sorted(set(keys.values())))}
        columns.append({one: places[value] for one, value in keys.items()})
    if rule.ties[-1] == "id":
        columns.pop()
    rows = [(one, *(column[one] for column in columns)) for one in set(tied)]
    return sorted(rows, key=lambda row: row[1:])


def parted(one: tuple[int, ...], other: tuple[int, ...], rule: Rule) -> str:
    """Name the step at which two rows of `ranked` part.

    >>> from dure.engines.pb.rules import Name
    >>> parted((1, 0, 0), (0, 0, 1), Rule(Name.GREEDY, ties=("max_votes", "id")))
    'id'
    """
    steps = (*rule.ties, "id")
    return next(step for step, a, b in zip(steps, one[1:], other[1:], strict=False) if a != b)


def _key(
    step: str, election: Election, votes: Sequence[int], rule: Rule
) -> Callable[[int], tuple[Fraction | int, bytes]]:
    """The step's key of a project; less is first."""
    projects = election.projects
    if step == "max_votes":
        return lambda one: (-votes[one], b"")
    if step == "min_cost":
        return lambda one: (projects[one].cost, b"")
    if step == "max_cost":
        return lambda one: (-projects[one].cost, b"")
    if step == "earliest_received":
        return lambda one: (projects[one].received, b"")
    if step == "list":
        places = {name: at for at, name in enumerate(rule.order)}
        return lambda one: (places.get(projects[one].id, len(places)), b"")
    if step == "lot":
        seed, call = rule.seed or b"", rule.call
        return lambda one: (0, lot_ticket(seed, call, projects[one].id))
    assert step == "id", step
    return lambda one: (0, projects[one].id.encode())  # UTF-8 keeps the order of code points
