"""Why each project won or lost, in whole won, and where the money of a part goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from dure.budgeting.queries.calls import ProjectRow
from dure.core.text import T
from dure.registry.models import Dong

# Any: facts as `dure.budgeting.explanations` stores them.


@dataclass(frozen=True, slots=True)
class Went:
    """Won of a loser's supporters that went into a winner."""

    code: str
    name: T
    won: int


@dataclass(frozen=True, slots=True)
class Why:
    """Why a project won or lost. `kind`: won, shares or score, as the facts say.

    given_won     : what its supporters had: the sum of `went` and `left_won`, exactly
    paid          : whether its supporters paid for it; least_won and most_won: what one of them
                    paid, cut to whole won
    least_support : supporters of the winner that has the fewest; None where nothing won
    """

    kind: str
    supporters: int
    rank: int | None
    added: bool
    payers: int
    least_won: int
    most_won: int
    given_won: int
    went: tuple[Went, ...]
    left_won: int
    missing_won: int
    price_won: int | None
    is_greatest: bool
    extra: int | None
    counts_points: bool
    least_support: int | None


@dataclass(frozen=True, slots=True)
class Share:
    """Won of winners in one field or neighbourhood."""

    name: T
    won: int
    count: int


def whys(facts: Mapping[str, Any], projects: Mapping[str, ProjectRow]) -> dict[str, Why]:
    """The reasons of a part by code; empty for results stored without facts."""
    won = [fact["supporters"] for fact in facts.values() if fact["kind"] == "won"]
    least = min(won, default=None)
    return {code: _why(fact, projects, least) for code, fact in facts.items()}


def _why(fact: Mapping[str, Any], projects: Mapping[str, ProjectRow], least: int | None) -> Why:
    taken = [(code, Fraction(money)) for code, money in fact.get("taken", ())]
    left = Fraction(fact.get("left", "0"))
    given, parts = whole_parts([*(money for _, money in taken), left])
    payments = [(count, Fraction(money)) for count, money in fact.get("payers", ())]
    return Why(
        kind=fact["kind"],
        supporters=fact["supporters"],
        rank=fact.get("rank"),
        added=fact.get("added", False),
        payers=sum(count for count, _ in payments),
        least_won=int(min((money for _, money in payments), default=Fraction(0))),
        most_won=int(max((money for _, money in payments), default=Fraction(0))),
        given_won=given,
        went=tuple(
            Went(code, projects[code].name, part)
            for (code, _), part in zip(taken, parts, strict=False)
            if code in projects
        ),
        left_won=parts[-1],
        missing_won=-int(-Fraction(fact.get("missing", "0")) // 1),
        price_won=fact.get("price"),
        is_greatest=fact.get("is_greatest", False),
        extra=fact.get("extra"),
        counts_points=fact.get("counts_points", False),
        least_support=least,
    )


def whole_parts(parts: list[Fraction]) -> tuple[int, list[int]]:
    """Cut exact money to whole won so that the parts still sum to their (cut) sum.

    Returns the sum and the parts; the won left over go to the largest fractions, the first first.

    >>> whole_parts([Fraction(5, 2), Fraction(5, 2)])
    (5, [3, 2])
    """
    total = int(sum(parts, Fraction(0)))
    cut = [int(one) for one in parts]
    order = sorted(range(len(parts)), key=lambda at: (cut[at] - parts[at], at))
    for at in order[: total - sum(cut)]:
        cut[at] += 1
    assert sum(cut) == total
    return total, cut


def by_field(winners: Iterable[ProjectRow]) -> tuple[Share, ...]:
    """Won of the winners by field, the most first; empty where no project has a field."""
    rows = [(one.field, one.field_name, one.cost_won) for one in winners]
    return _shares(rows) if any(code for code, _, _ in rows) else ()


def by_dong(winners: Iterable[ProjectRow]) -> tuple[Share, ...]:
    """Won of the winners by neighbourhood, the most first; empty where none is told."""
    found = list(winners)
    codes = {one.dong for one in found if one.dong}
    names = dict(Dong.rows.filter(code__in=codes).order_by("valid").values_list("code", "name"))
    rows = []
    for one in found:
        name = names.get(one.dong, one.dong)
        rows.append((one.dong, T(name, name), one.cost_won))
    return _shares(rows) if codes else ()


def _shares(rows: Iterable[tuple[str, T, int]]) -> tuple[Share, ...]:
    sums: dict[str, Share] = {}
    for code, name, won in rows:
        held = sums.get(code, Share(name if code else T("정하지 않음", "none named"), 0, 0))
        sums[code] = Share(held.name, held.won + won, held.count + 1)
    return tuple(sums[code] for code in sorted(sums, key=lambda code: (-sums[code].won, code)))
