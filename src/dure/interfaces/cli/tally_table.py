"""What `dure tally` shows of one outcome: a table for people, plain values for programmes."""

from __future__ import annotations

import unicodedata
from fractions import Fraction

from dure.engines.pb.election import Election
from dure.engines.pb.outcome import Outcome
from dure.engines.pb.picture import money
from dure.engines.pb.tally import label

NAME_WIDTH = 40
LOSERS_SHOWN = 10


def plain_money(amount: Fraction) -> int | str:
    """A whole amount as a number, any other exactly as text."""
    return amount.numerator if amount.denominator == 1 else money(amount).replace(",", "")


def facts_of(election: Election, outcome: Outcome) -> dict[str, object]:
    """Winners as ids in the order chosen, money, size of the election, notes of reading."""
    rule = outcome.rule
    stated: dict[str, object] = {
        "rule": rule.name.value,
        "satisfaction": rule.satisfaction.value if rule.satisfaction else None,
        "completion": rule.completion.value,
        "ties": list(rule.ties),
        "winners": [election.projects[at].id for at in outcome.winners],
        "spent": plain_money(outcome.spent),
        "left": plain_money(outcome.left),
        "budget": plain_money(election.budget),
        "votes": election.ballots.count,
        "projects": len(election.projects),
        "notes": [
            {"line": one.line, "code": one.code, "ko": one.ko, "en": one.en}
            for one in election.notes
        ],
    }
    if outcome.runs:
        stated["runs"] = len(outcome.runs)
    if outcome.stopped:
        stated["stopped"] = outcome.stopped.value
    if outcome.comparison:
        stated["prefer_shares"] = outcome.comparison.prefer_shares
        stated["prefer_greedy"] = outcome.comparison.prefer_greedy
    return stated


def table(name: str, election: Election, outcome: Outcome, seconds: float) -> list[str]:
    """Lines for a terminal: what was counted, then winners in the order chosen, then others."""
    votes = election.votes()
    currency = election.meta.get("currency", "")
    runs = f", {len(outcome.runs)} runs" if outcome.runs else ""
    lines = [
        (
            f"{name}  {election.kind.value}, {election.ballots.count:,} ballots, "
            f"{len(election.projects)} projects"
        ),
        (
            f"  {label(outcome.rule):<24} {len(outcome.winners)} won, {money(outcome.spent)} of "
            f"{money(election.budget)} {currency} spent, {money(outcome.left)} left "
            f"({seconds:.3f} s{runs})"
        ),
    ]
    lines += [f"  note: {_at(one.line)}{one.en}" for one in election.notes]
    lines.append(_row("#", "project", "name", "cost", "votes"))
    for place, at in enumerate(outcome.winners, start=1):
        one = election.projects[at]
        lines.append(_row(str(place), one.id, one.name, money(one.cost), f"{votes[at]:,}"))
    others = sorted(
        set(range(len(election.projects))) - set(outcome.winners), key=lambda at: -votes[at]
    )
    for at in others[:LOSERS_SHOWN]:
        one = election.projects[at]
        lines.append(_row("-", one.id, one.name, money(one.cost), f"{votes[at]:,}"))
    if len(others) > LOSERS_SHOWN:
        lines.append(f"  and {len(others) - LOSERS_SHOWN} more that did not win")
    return lines


def _at(line: int) -> str:
    return f"line {line}: " if line else ""


def _row(place: str, project: str, name: str, cost: str, votes: str) -> str:
    return (
        f"  {place:>3}  {fitted(project, 12)}  {fitted(name, NAME_WIDTH)}  {cost:>16}  {votes:>9}"
    )


def fitted(text: str, width: int) -> str:
    """Text cut or filled to a number of terminal columns; wide letters take two.

    >>> fitted("두레 Dure", 7), fitted("ab", 4)
    ('두레 D…', 'ab  ')
    """
    text = " ".join(text.split())
    columns = [2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text]
    if sum(columns) <= width:
        return text + " " * (width - sum(columns))
    kept, used = "", 0
    for letter, column in zip(text, columns, strict=True):
        if used + column > width - 1:
            break
        kept, used = kept + letter, used + column
    return kept + "…" + " " * (width - 1 - used)
