"""The result of a round: winners and losers, their money as charts, their places on a map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.budgeting.queries import results, turnouts
from dure.budgeting.queries.calls import ProjectRow
from dure.budgeting.queries.explanations import Share
from dure.budgeting.queries.results import PartView
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.interfaces.web.base import known_actor, page
from dure.interfaces.web.budget import shown_call
from dure.interfaces.web.chart_values import Chart, Point
from dure.interfaces.web.charts import bar
from dure.interfaces.web.formats import whole, won, won_short
from dure.interfaces.web.point_maps import Place, PointMap, point_map

BARS_MAX = 12
FIELD_TITLE = T("%(name)s 분야에 가장 많이 씁니다", "Most goes to %(name)s")
DONG_TITLE = T("%(name)s에 가장 많이 씁니다", "Most goes to %(name)s")


@dataclass(frozen=True, slots=True)
class PartSection:
    """One part of a result with what is drawn of it; None where there is nothing to draw."""

    part: PartView
    by_field: Chart | None
    by_dong: Chart | None
    map: PointMap | None
    winners: tuple[ProjectRow, ...]


def result(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """The result: winners and losers with their votes, the other rules beside, files to check."""
    shown = shown_call(request, call_id)
    found = results.result_view(call_id, known_actor(request))
    sections = [_section(part, shown.district_id) for part in found.parts] if found else []
    context = {
        "one": shown,
        "found": found,
        "sections": sections,
        "turnout": turnouts.published_turnout(call_id, known_actor(request)),
        "seed": shown.seed_commit,
    }
    return page(request, "budgeting/result.html", context)


def _section(part: PartView, district: str) -> PartSection:
    winners = [(line.place, line.project) for line in part.lines if line.place is not None]
    rows = tuple(project for _, project in sorted(winners, key=lambda pair: pair[0]))
    return PartSection(
        part,
        _chart(part.fields, FIELD_TITLE, T("분야", "Field"), part),
        _chart(part.dongs, DONG_TITLE, T("동", "Neighbourhood"), part),
        _map(rows, part, district),
        rows,
    )


def _chart(shares: Sequence[Share], title: T, label: T, part: PartView) -> Chart | None:
    """Won of the winners by field or neighbourhood as bars; those beyond twelve are one bar."""
    if not shares:
        return None
    shown, rest = list(shares[:BARS_MAX]), shares[BARS_MAX:]
    if rest:
        other = T("그 밖 %(n)s개", "%(n)s others") % {"n": len(rest)}
        words = T(other, other)
        shown.append(Share(words, sum(one.won for one in rest), sum(one.count for one in rest)))
    points = [
        Point(
            str(one.name),
            one.won,
            won_short(one.won),
            note=f"= {won(one.won)} · {_projects(one.count)}",
        )
        for one in shown
    ]
    return bar(
        title % {"name": shares[0].name},
        points,
        unit=str(T("원", "won")),
        period=str(part.name),
        label=str(label),
    )


def _projects(count: int) -> str:
    """How many projects, in words."""
    if count == 1:
        return str(T("사업 1개", "1 project"))
    return T("사업 %(n)s개", "%(n)s projects") % {"n": whole(count)}


def _map(winners: Sequence[ProjectRow], part: PartView, district: str) -> PointMap | None:
    """The winners that have a place, under their numbers on the ballot; None where none has."""
    pins: list[tuple[str, str, str, Place]] = [
        (one.code, str(one.name), href_of(one), (one.latitude_e5, one.longitude_e5))
        for one in winners
        if one.latitude_e5 is not None and one.longitude_e5 is not None
    ]
    title = T("뽑힌 사업이 생기는 곳: %(part)s", "Where the winners will be: %(part)s")
    return point_map(title % {"part": part.name}, district, pins) if pins else None


def href_of(project: ProjectRow) -> str:
    """The page of the proposal that a project came from; empty for an imported one."""
    proposal = project.proposal
    return reverse("web:budget_proposal", args=[proposal]) if proposal else ""


def result_file(request: HttpRequest, call_id: UUID, part_id: UUID, kind: str) -> HttpResponse:
    """The certificate of a counted part, or its ballots as a Pabulib file."""
    part = results.part_of(call_id, part_id, known_actor(request))
    if part is None:
        raise Refusal(CoreCode.NOT_FOUND)
    text, name, content = (
        (part.certificate, "certificate.json", "application/json")
        if kind == "certificate"
        else (part.input_text, "ballots.pb", "text/plain; charset=utf-8")
    )
    return _file(text, name, content)


def checker(request: HttpRequest) -> HttpResponse:
    """The program that checks a certificate: standard library only."""
    text = files("dure.engines.pb").joinpath("check_result.py").read_text("utf-8")
    return _file(text, "check_result.py", "text/x-python; charset=utf-8")


def _file(text: str, name: str, content: str) -> HttpResponse:
    answer = HttpResponse(text, content_type=content)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


urlpatterns = [
    path("budget/check_result.py", checker, name="budget_checker"),
    path("budget/<uuid:call_id>/result/", result, name="budget_result"),
    path(
        "budget/<uuid:call_id>/result/<uuid:part_id>/certificate.json",
        result_file,
        {"kind": "certificate"},
        name="budget_certificate",
    ),
    path(
        "budget/<uuid:call_id>/result/<uuid:part_id>/ballots.pb",
        result_file,
        {"kind": "ballots"},
        name="budget_ballots",
    ),
]
