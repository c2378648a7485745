"""Results as their pages show them: winners, votes, the other rules beside, files to check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from dure.budgeting import policies
from dure.budgeting.models import Call, Result, ResultPart
from dure.budgeting.queries.calls import ProjectRow, project_rows
from dure.budgeting.queries.explanations import Share, Why, by_dong, by_field, whys
from dure.budgeting.queries.turnouts import may_tell_channels
from dure.budgeting.words import RULES
from dure.core import clock
from dure.core.actors import Actor
from dure.core.text import T

SATISFACTIONS = {
    "cost": T("비용 기준", "by cost"),
    "cardinality": T("개수 기준", "by number"),
    "points": T("점수 기준", "by points"),
    "borda": T("순위 기준", "by ranks"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One project in the result of its envelope. `place`: which winner it is, None = it lost;
    `beside`: whether it wins under each of the other rules, in the order of `PartView.beside`.
    """

    project: ProjectRow
    votes: int
    points: int | None
    place: int | None
    beside: tuple[bool, ...]
    why: Why | None


@dataclass(frozen=True, slots=True)
class BesideView:
    """Another rule on the same ballots."""

    text: T
    spent_won: int
    winner_count: int


@dataclass(frozen=True, slots=True)
class PartView:
    """One envelope by the call's own rule, the others beside it."""

    id: UUID
    name: T
    rule_text: T
    budget_won: int
    spent_won: int
    left_won: int
    ballot_count: int
    lines: tuple[Line, ...]
    beside: tuple[BesideView, ...]
    input_sha256: str
    fields: tuple[Share, ...]
    dongs: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class ResultView:
    """The newest result of a call that an actor may see.

    online_count, paper_count : None where few people voted one of the ways, as in its turnout
    """

    id: UUID
    number: int
    published_at: datetime | None
    computed_at: datetime
    replaces_why: str
    online_count: int | None
    paper_count: int | None
    rule_sha256: str
    roll_sha256: str
    seed: str
    engine_version: str
    parts: tuple[PartView, ...]


def results(call_id: UUID, actor: Actor) -> QuerySet[Result]:
    """Published results of a call; whoever runs the call sees those that wait as well."""
    call = Call.objects.within(actor).filter(pk=call_id).first()
    rows: QuerySet[Result] = Result.rows.filter(call=call_id).order_by("-number")
    if call is None:
        return rows.none()
    if policies.may_keep_call.holds(actor, call, clock.now()):
        return rows
    return rows.exclude(publication=None)


def result_view(call_id: UUID, actor: Actor) -> ResultView | None:
    """The newest result that the actor may see; None where there is none yet."""
    result = results(call_id, actor).select_related("publication").first()
    if result is None:
        return None
    projects = {row.code: row for row in project_rows(call_id, actor)}
    parts = list(
        result.parts.select_related("envelope")
        .defer("input_text", "certificate")
        .order_by("envelope__position", "envelope__code", "-is_official", "rule_name")
    )
    published = getattr(result, "publication", None)
    is_told = may_tell_channels(result.online_count, result.paper_count)
    return ResultView(
        id=result.pk,
        number=result.number,
        published_at=published.at if published else None,
        computed_at=result.computed_at,
        replaces_why=result.replaces_why,
        online_count=result.online_count if is_told else None,
        paper_count=result.paper_count if is_told else None,
        rule_sha256=result.rule_sha256,
        roll_sha256=result.roll_sha256,
        seed=result.seed,
        engine_version=result.engine_version,
        parts=tuple(
            _part(
                one, [o for o in parts if o.envelope_id == one.envelope_id and o != one], projects
            )
            for one in parts
            if one.is_official
        ),
    )


def _part(part: ResultPart, beside: list[ResultPart], projects: dict[str, ProjectRow]) -> PartView:
    place = {code: at for at, code in enumerate(part.winners, 1)}
    known = [(code, found) for code, found in part.scores.items() if code in projects]
    known.sort(key=lambda pair: (place.get(pair[0], 10**9), -pair[1]["votes"], pair[0]))
    reasons = whys(part.explanations, projects)
    winners = [projects[code] for code in part.winners if code in projects]
    return PartView(
        id=part.pk,
        name=T(part.envelope.name, part.envelope.name_en or part.envelope.name),
        rule_text=rule_words(part),
        budget_won=part.budget_won,
        spent_won=part.spent_won,
        left_won=part.left_won,
        ballot_count=part.ballot_count,
        lines=tuple(
            Line(
                projects[code],
                found["votes"],
                found.get("points"),
                place.get(code),
                tuple(code in other.winners for other in beside),
                reasons.get(code),
            )
            for code, found in known
        ),
        beside=tuple(BesideView(rule_words(o), o.spent_won, len(o.winners)) for o in beside),
        input_sha256=part.input_sha256,
        fields=by_field(winners),
        dongs=by_dong(winners),
    )


def rule_words(part: ResultPart) -> T:
    """A rule in a few words."""
    name = RULES[part.rule["name"]]
    how = SATISFACTIONS.get(part.rule.get("satisfaction") or "")
    return name if how is None else T(f"{name.ko}, {how.ko}", f"{name.en}, {how.en}")


def part_of(call_id: UUID, part_id: UUID, actor: Actor) -> ResultPart | None:
    """A counted part for its files; None outside what the actor may see."""
    return ResultPart.rows.filter(
        pk=part_id, is_official=True, result__in=results(call_id, actor).values("pk")
    ).first()
