"""Small elections with a certificate, and ways to spoil a certificate."""

from __future__ import annotations

import copy
import random
from dataclasses import replace
from fractions import Fraction
from math import lcm
from typing import Any  # what JSON holds

import numpy as np

from dure.engines.canonical import sha256_hex
from dure.engines.pb.certificate import certificate, certificate_text
from dure.engines.pb.check_result import check
from dure.engines.pb.election import BallotKind, Ballots, Election
from dure.engines.pb.pabulib_writing import write
from dure.engines.pb.rules import Completion, Name, Norm, Rule, Satisfaction, Start, Stop, Weight
from dure.engines.pb.tally import tally


def whole(election: Election) -> Election:
    """The same election with all money whole, so that it can be written with a decimal point."""
    scale = lcm(election.budget.denominator, *(one.cost.denominator for one in election.projects))
    projects = tuple(replace(one, cost=one.cost * scale) for one in election.projects)
    meta = {
        "description": "made",
        "country": "Korea",
        "unit": "Dongjak",
        "instance": "2026",
        "rule": "unknown",
        "date_begin": "2026",
        "date_end": "2026",
    }
    return replace(election, projects=projects, budget=election.budget * scale, meta=meta)


def shuffled(election: Election, draw: random.Random) -> Election:
    """The same ballots in another order."""
    ballots = election.ballots
    order = list(range(ballots.count))
    draw.shuffle(order)
    spans = [(int(ballots.starts[at]), int(ballots.starts[at + 1])) for at in order]
    places = np.array([at for begin, end in spans for at in range(begin, end)], dtype=np.int64)
    starts = np.concatenate(([0], np.cumsum([end - begin for begin, end in spans])))
    points = None if ballots.points is None else ballots.points[places]
    again = Ballots(starts.astype(np.int64), ballots.items[places], points, ballots.points_scale)
    return replace(election, ballots=again)


def rules(kind: BallotKind, step: Fraction = Fraction(1)) -> list[Rule]:
    """Every rule that can count such ballots, with every completion."""
    own = {
        BallotKind.CUMULATIVE: Satisfaction.POINTS,
        BallotKind.SCORING: Satisfaction.POINTS,
        BallotKind.ORDINAL: Satisfaction.BORDA,
    }.get(kind)
    by_votes = Satisfaction.COST if own else None
    found = [
        Rule(Name.GREEDY, own or by_votes),
        Rule(Name.GREEDY_NO_SKIP, own or by_votes, ties=("min_cost", "id")),
        Rule(Name.GREEDY_THRESHOLD, own or by_votes, threshold=Fraction(2)),
        Rule(Name.GREEDY_THRESHOLD, by_votes, threshold=Fraction(1, 4), share=True),
        Rule(Name.DENSITY, own or (Satisfaction.CARDINALITY if own else None)),
        Rule(Name.SCORES, weights=(Weight("votes", 10**6, Norm.SHARE_OF_MAX),)),
    ]
    if not own:
        found.append(Rule(Name.PHRAGMEN, ties=("max_cost", "lot"), seed=b"seed", call="2026-1"))
    chain = ("max_votes", "list", "id")
    for one in (Satisfaction.COST, Satisfaction.CARDINALITY, own):
        if one is None:
            continue
        found.append(Rule(Name.MES, one, ties=chain, order=("3", "1")))
        found.append(Rule(Name.MES, one, Completion.UTILITARIAN))
        found.append(Rule(Name.MES, one, Completion.COMPARISON))
        found.extend(
            Rule(Name.MES, one, Completion.ADD1, step / 2, Start.FLOOR, stop) for stop in Stop
        )
        found.append(Rule(Name.MES, one, Completion.COMPARISON, step, Start.EXACT, Stop.OVERSPEND))
        found.append(Rule(Name.MES, one, Completion.EXHAUSTIVE, step, Start.EXACT))
    return found


def certified(election: Election, rule: Rule) -> tuple[dict[str, Any], bytes]:
    """The certificate of a count, and the file it was counted from."""
    outcome = tally(election, rule)
    return certificate(election, outcome, engine="dure test"), write(election).encode()


def faults(stated: dict[str, Any], source: bytes, *, full: bool = True) -> list[str]:
    """What the checker finds; a certificate it cannot read at all is a fault as well."""
    try:
        return check(certificate_text(stated), source, full=full)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as broken:
        return [f"cannot be read: {broken!r}"]


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Paths of all that is no container, and of empty containers."""
    parts = (
        list(value.items() if isinstance(value, dict) else enumerate(value))
        if (isinstance(value, dict | list))
        else []
    )
    return [leaf for key, part in parts for leaf in leaves(part, (*path, key))] or [path]


def spoiled(stated: dict[str, Any], draw: random.Random) -> tuple[dict[str, Any], tuple[Any, ...]]:
    """The certificate with one field changed, and which."""
    changed = copy.deepcopy(stated)
    path = draw.choice(leaves(changed))
    holder: Any = changed
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = another(holder[path[-1]], draw)
    return changed, path


def another(value: Any, draw: random.Random) -> Any:
    """A value that is not this one."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + draw.choice([-1, 1])
    if value is None:
        return draw.choice(["id", 0])
    if isinstance(value, list | dict):
        return [["1", "0"]]
    try:
        number = Fraction(value)
    except ValueError:
        return value + "x" if not value or draw.random() < 0.5 else value[1:]
    changed = number + draw.choice([Fraction(1), Fraction(-1), Fraction(1, 10**9)])
    return str(changed)


def sealed(stated: dict[str, Any]) -> dict[str, Any]:
    """The certificate with a seal that fits it, as a forger would make it."""
    return {**stated, "seal": sha256_hex({**stated, "seal": ""})}
