"""Certificate (증명서): what a count rests on, so that anybody can count again without us.

Nouns
    canonical input : the part of an election that can change a result, in one text whatever the
                      order of its ballots; its SHA-256 names the input
    certificate     : input, rule, every round of the run the outcome rests on, the outcome
    seal            : SHA-256 of the certificate's canonical JSON with an empty seal
Law
    Everything but the name of the engine can be counted again from the input: `check_result.py`
    does so and shares no code with the engine. Numbers that may be fractions are text, "num/den".
Source
    docs/certificate.md; budgeting design, *Certificate and checker*.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from fractions import Fraction
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from typing import Final
from unicodedata import is_normalized

import numpy as np

from dure.engines.canonical import canonical, sha256_hex
from dure.engines.pb.election import BallotKind, Election
from dure.engines.pb.outcome import Dropped, Outcome, Round, Run
from dure.engines.pb.record import recorded
from dure.engines.pb.rules import Name, Rule

FORMAT: Final = "dure-pb-certificate 1"
INPUT_FORMAT: Final = "dure-pb-input 1"


class CertificateError(ValueError):
    """An election that cannot be certified: the message names the project."""


def certificate(election: Election, outcome: Outcome, *, engine: str = "") -> dict[str, object]:
    """State an outcome so that it can be counted again.

    election : what was counted
    outcome  : what its rule made of it
    engine   : name and version of what counted; ours when empty
    Returns    a value of JSON; `certificate_text` writes it
    Raises     CertificateError for a project id that is not in NFC.
    Source     docs/certificate.md.

    >>> from dure.engines.pb.election import approvals
    >>> from dure.engines.pb.greedy import greedy
    >>> e = approvals([("a", 6, (0, 1, 2)), ("b", 5, (0, 1)), ("c", 4, (2,))], 10, n=3)
    >>> found = certificate(e, greedy(e, Rule(Name.GREEDY)))
    >>> found["winners"], found["spent"], found["ballots"]
    (['a', 'c'], '10', 3)
    """
    ids = [one.id for one in election.projects]
    for name in ids:
        if not is_normalized("NFC", name):
            raise CertificateError(f"project id {name!r} is not in NFC")
    final, after = outcome.final, outcome.after
    if outcome.rule.name is Name.MES:
        final = recorded(election, outcome.rule, final)
        after = after and recorded(election, outcome.rule, after)
    stated: dict[str, object] = {
        "format": FORMAT,
        "engine": engine or _engine(),
        "input": input_hash(election),
        "ballots": election.ballots.count,
        "projects": len(ids),
        "budget": str(election.budget),
        "links": bool(election.requires or election.excludes),
        "rule": rule_fields(outcome.rule),
        "final": _run(final, ids),
        "after": after and _run(after, ids),
        "runs": [[str(one.start), one.hash, str(one.cost)] for one in outcome.runs],
        "stopped": outcome.stopped and outcome.stopped.value,
        "added": [_round(one, ids) for one in outcome.added],
        "comparison": _comparison(outcome, ids),
        "winners": _names(outcome.winners, ids),
        "spent": str(outcome.spent),
        "left": str(outcome.left),
    }
    return {**stated, "seal": sha256_hex({**stated, "seal": ""})}


def certificate_text(stated: dict[str, object]) -> str:
    """Write a certificate as canonical JSON, one line."""
    return canonical(stated).decode() + "\n"


def input_hash(election: Election) -> str:
    """Name the input: SHA-256 of its canonical text, 64 hexadecimal digits."""
    return hashlib.sha256(input_text(election).encode()).hexdigest()


def input_text(election: Election) -> str:
    r"""Write the canonical input: head, projects in the order of arrival, ballots sorted.

    Returns lines of canonical JSON, each ended by LF, as docs/certificate.md defines them; equal
            for every order of the ballots.

    >>> from dure.engines.pb.election import approvals
    >>> print(input_text(approvals([("b", 5, (0, 1)), ("a", 3, (1,))], 10, n=3)), end="")
    ["dure-pb-input 1","approval","10"]
    ["b","5",[],[],[],{}]
    ["a","3",[],[],[],{}]
    [["a","1"],["b","1"]]
    [["b","1"]]
    []
    """
    ids = [one.id for one in election.projects]
    lines = [_line([INPUT_FORMAT, election.kind.value, str(election.budget)])]
    for at, one in enumerate(election.projects):
        needs = sorted({ids[other] for this, other in election.requires if this == at})
        bars = sorted({ids[other] for this, other in election.excludes if this == at})
        measures = {f"measure:{name}": str(row[at]) for name, row in election.measures.items()}
        lines.append(
            _line([one.id, str(one.cost), needs, bars, sorted(set(one.categories)), measures])
        )
    return "\n".join([*lines, *sorted(_ballot_lines(election, ids))]) + "\n"


def _ballot_lines(election: Election, ids: Sequence[str]) -> Iterator[str]:
    """One line a ballot: pairs of project and points, by project id."""
    ballots = election.ballots
    owners = ballots.owners()
    order = np.argsort(np.argsort(np.array(ids, dtype=object)))
    places = np.lexsort((order[ballots.items], owners))
    scale = 1
    if ballots.points is not None:
        given, scale = ballots.points, ballots.points_scale
    elif election.kind is BallotKind.ORDINAL:
        given = ballots.starts[1:][owners] - np.arange(len(ballots.items)) - 1
    else:
        given = np.ones(len(ballots.items), dtype=np.int64)
    names = [_line(name) for name in ids]
    amounts, kinds = np.unique(given, return_inverse=True)
    texts = [str(Fraction(one, scale)) for one in amounts.tolist()]
    pairs = [
        f'[{names[item]},"{texts[kind]}"]'
        for item, kind in zip(ballots.items[places].tolist(), kinds[places].tolist(), strict=True)
    ]
    starts = ballots.starts.tolist()
    for begin, end in pairwise(starts):
        yield "[" + ",".join(pairs[begin:end]) + "]"


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def rule_fields(rule: Rule) -> dict[str, object]:
    """State a rule with all its parameters, those that are not used too."""
    return {
        "name": rule.name.value,
        "satisfaction": rule.satisfaction and rule.satisfaction.value,
        "completion": rule.completion.value,
        "step": _maybe(rule.step),
        "start": rule.start and rule.start.value,
        "stop": rule.stop and rule.stop.value,
        "threshold": _maybe(rule.threshold),
        "share": rule.share,
        "ties": list(rule.ties),
        "seed": rule.seed.hex() if rule.seed is not None else None,
        "call": rule.call,
        "order": list(rule.order),
        "weights": [[one.measure, one.ppm, one.norm.value] for one in rule.weights],
        "caps": [[field, str(cap)] for field, cap in rule.caps],
    }


def _engine() -> str:
    try:
        return f"dure {version('dure')}"
    except PackageNotFoundError:
        return "dure"


def _maybe(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _names(indices: Sequence[int], ids: Sequence[str]) -> list[str]:
    return [ids[at] for at in indices]


def _dropped(dropped: Sequence[Dropped], ids: Sequence[str]) -> list[list[str]]:
    return [[ids[one.project], str(one.behind)] for one in dropped]


def _round(step: Round, ids: Sequence[str]) -> dict[str, object]:
    return {
        "winner": ids[step.winner],
        "rate": str(step.rate),
        "tied": _names(step.tied, ids),
        "by": step.by,
        "payers": [[str(one.before), one.count, str(one.payment)] for one in step.payers],
        "dropped": _dropped(step.dropped, ids),
    }


def _run(run: Run, ids: Sequence[str]) -> dict[str, object]:
    return {
        "start": _maybe(run.start),
        "rounds": [_round(one, ids) for one in run.rounds],
        "winners": _names(run.winners, ids),
        "cost": str(run.cost),
        "ended": run.ended.value,
        "dropped": _dropped(run.dropped, ids),
    }


def _comparison(outcome: Outcome, ids: Sequence[str]) -> dict[str, object] | None:
    found = outcome.comparison
    if found is None:
        return None
    return {
        "shares": _names(found.shares, ids),
        "greedy": _names(found.greedy, ids),
        "prefer_shares": found.prefer_shares,
        "prefer_greedy": found.prefer_greedy,
    }
