"""A thought experiment on a published vote, beside what really won."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from dure.budgeting import trying
from dure.budgeting.models import ResultPart
from dure.budgeting.queries.calls import ProjectRow, project_rows
from dure.budgeting.queries.results import results, rule_words
from dure.budgeting.trying import THRESHOLD, Asked
from dure.budgeting.words import RULES
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T

SHARES = "mes-"


@dataclass(frozen=True, slots=True)
class PartChoice:
    """A part of a result that one may try out."""

    id: UUID
    name: T


@dataclass(frozen=True, slots=True)
class TryLine:
    """A project in the thought experiment. `place`: which winner it would be, None = it loses;
    `won`: whether it really won; `cost_won`: as asked, `is_changed` when not its own.
    """

    project: ProjectRow
    votes: int
    cost_won: int
    is_changed: bool
    won: bool
    place: int | None

    @property
    def comes(self) -> bool:
        """Whether it would win and did not."""
        return self.place is not None and not self.won

    @property
    def goes(self) -> bool:
        """Whether it won and would not."""
        return self.place is None and self.won


@dataclass(frozen=True, slots=True)
class TryView:
    """The answer: the money as it was and would be, and the projects, winners first."""

    rule_text: T
    budget_won: int
    spent_won: int
    left_won: int
    come_count: int
    go_count: int
    lines: tuple[TryLine, ...]


@dataclass(frozen=True, slots=True)
class TryPage:
    """What a page needs to ask: the parts, the one that is chosen, its rule and its projects."""

    parts: tuple[PartChoice, ...]
    part: ResultPart
    name: T
    rule_text: T
    rules: tuple[tuple[str, T], ...]
    projects: tuple[ProjectRow, ...]


def try_page(call_id: UUID, part_id: UUID | None, actor: Actor) -> TryPage | None:
    """What may be tried out on the newest published result; None where nothing is published.

    part_id : None = the first. Raises Refusal(NOT_FOUND) for a part of another result.
    """
    newest = results(call_id, actor).exclude(publication=None).first()
    if newest is None:
        return None
    rows = list(
        newest.parts.select_related("envelope", "result__call")
        .defer("input_text", "certificate", "explanations")
        .order_by("envelope__position", "envelope__code", "rule_name")
    )
    official = [row for row in rows if row.is_official]
    part = next((row for row in official if part_id in (None, row.pk)), None)
    if part is None:
        raise Refusal(CoreCode.NOT_FOUND, field="part")
    beside = [r for r in rows if not r.is_official and r.envelope_id == part.envelope_id]
    found = project_rows(call_id, actor)
    return TryPage(
        tuple(PartChoice(row.pk, _name(row)) for row in official),
        part,
        _name(part),
        rule_words(part),
        tuple(_rules(beside)),
        tuple(one for one in found if one.code in part.scores),
    )


def _name(part: ResultPart) -> T:
    return T(part.envelope.name, part.envelope.name_en or part.envelope.name)


def _rules(beside: Iterable[ResultPart]) -> Iterable[tuple[str, T]]:
    """The other rules that can count these ballots, as the result shows them, and the threshold."""
    rows = sorted(beside, key=lambda row: (row.rule_name.startswith("mes"), row.rule_name))
    for row in rows:
        yield row.rule_name.replace(" ", "-"), rule_words(row)
    yield THRESHOLD, RULES[THRESHOLD]


def try_view(shown: TryPage, asked: Asked) -> TryView:
    """Count with what is asked, and set it beside the real result.

    Raises Refusal(NOT_FOUND) for a project of another part, and those of `trying.tried`.
    """
    part, rows = shown.part, {one.code: one for one in shown.projects}
    costs = dict(asked.costs)
    if not costs.keys() <= rows.keys():
        raise Refusal(CoreCode.NOT_FOUND, field="costs")
    found = trying.tried(part, asked)
    place = {code: at for at, code in enumerate(found.winners, 1)}
    really = set(part.winners)
    lines = [
        TryLine(
            row,
            part.scores[code]["votes"],
            costs.get(code, row.cost_won),
            costs.get(code, row.cost_won) != row.cost_won,
            code in really,
            place.get(code),
        )
        for code, row in rows.items()
    ]
    lines.sort(key=lambda one: (one.place or 10**9, not one.won, -one.votes, one.project.code))
    return TryView(
        _asked_rule(shown, asked),
        part.budget_won if asked.budget_won is None else asked.budget_won,
        found.spent_won,
        found.left_won,
        sum(one.comes for one in lines),
        sum(one.goes for one in lines),
        tuple(lines),
    )


def _asked_rule(shown: TryPage, asked: Asked) -> T:
    return dict(shown.rules).get(asked.rule, shown.rule_text)
