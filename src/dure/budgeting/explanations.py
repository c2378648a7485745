"""Explanations (설명): why each project of a counted part won or lost, as a result stores it.

Nouns: fact, the numbers of one project by its code; `kind` says which sentences it makes.
Law: money stands as whole numbers or "num/den", never rounded; a price is told only when a count
at it lets the project win, and `is_greatest` only when one won more does not.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from dure.engines.pb.explaining import Loss, is_exact, losses
from dure.engines.pb.outcome import Payers
from dure.engines.pb.record import recorded
from dure.engines.pb.reruns import extra_support, price_by_halving, verified_price
from dure.engines.pb.rules import Name

from .counting import Part

COUNTED_AGAIN_MAX: Final = 20_000_000  # ballots × runs of a completion, for one price

Facts = dict[str, dict[str, object]]


def explained(part: Part) -> Facts:
    """The facts of every project of a part, by code.

    won    : supporters, rank, `payers` [[how many, what each paid]] under equal shares, `added`
             when a completion added it
    shares : a loser under equal shares: supporters, given = sum of taken + left, missing, price
    score  : a loser under any other rule, or where greedy took the place of equal shares:
             supporters, left, missing, price, extra (further support at which it would have won)
    """
    votes = part.election.votes()
    found = _winners(part, votes)
    if _takes_money(part):
        found |= {
            part.election.projects[one.project].id: _by_shares(part, one)
            for one in losses(part.election, part.outcome)
        }
    for at, project in enumerate(part.election.projects):
        if project.id not in found:
            found[project.id] = _by_score(part, at, votes[at])
    return found


def _takes_money(part: Part) -> bool:
    """Whether supporters paid: equal shares, and greedy did not take its place."""
    compared = part.outcome.comparison
    return part.outcome.rule.name is Name.MES and not (compared and compared.is_replaced)


def _winners(part: Part, votes: tuple[int, ...]) -> Facts:
    paid: dict[int, tuple[Payers, ...]] = {}
    if _takes_money(part):
        run = recorded(part.election, part.outcome.rule, part.outcome.final)
        paid = {step.winner: step.payers for step in run.rounds}
    added = {step.winner for step in part.outcome.added}
    found: Facts = {}
    for rank, at in enumerate(part.outcome.winners, 1):
        found[part.election.projects[at].id] = {
            "kind": "won",
            "rank": rank,
            "supporters": votes[at],
            "payers": [[one.count, _text(one.payment)] for one in paid.get(at, ()) if one.payment],
            "added": at in added,
        }
    return found


def _by_shares(part: Part, loss: Loss) -> dict[str, object]:
    codes = [one.id for one in part.election.projects]
    price = loss.price
    if not is_exact(part.outcome):
        price = _price_with_completion(part, loss.project)
    return {
        "kind": "shares",
        "supporters": loss.supporters,
        "given": _text(loss.given),
        "taken": [[codes[one.winner], _text(one.money)] for one in loss.taken],
        "left": _text(loss.left),
        "missing": _text(loss.missing),
        "price": price,
        "is_greatest": is_exact(part.outcome),
    }


def _by_score(part: Part, at: int, supporters: int) -> dict[str, object]:
    election, outcome = part.election, part.outcome
    is_shares = outcome.rule.name is Name.MES
    cost = election.projects[at].cost
    return {
        "kind": "score",
        "supporters": supporters,
        "left": _text(outcome.left),
        "missing": _text(max(cost - outcome.left, Fraction(0))),
        "price": (
            _price_with_completion(part, at)
            if is_shares
            else price_by_halving(election, outcome, at)
        ),
        "is_greatest": not is_shares,
        "extra": extra_support(election, outcome, at),
        "counts_points": election.ballots.points is not None,
    }


def _price_with_completion(part: Part, at: int) -> int | None:
    """A cost that a count confirmed; not asked where counting again would take too long."""
    runs = max(len(part.outcome.runs), 1)
    if at in part.outcome.winners or part.election.ballots.count * runs > COUNTED_AGAIN_MAX:
        return None
    return verified_price(part.election, part.outcome, at)


def _text(money: Fraction) -> str:
    return str(money)
