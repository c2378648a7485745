"""Rounds of the participatory budget: the list, one round, its result with files to check it."""

from __future__ import annotations

from importlib.resources import files
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path

from dure.budgeting.queries import awards, calls, papers, results
from dure.budgeting.queries.calls import CallView
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.interfaces.web.base import known_actor, page, paged, picked

SHOWN = {"": None, "live": True, "over": False}
MARKS = {
    "draft": "draft", "open": "now", "reviewing": "wait", "listed": "wait", "frozen": "wait",
    "voting": "now", "counting": "wait", "published": "ok", "following": "ok", "closed": "draft",
    "void": "stop",
}  # fmt: skip
SORTS = frozenset({"number", "cost", "name"})
WORDS = {"live": T("진행 중", "Going on"), "over": T("끝난 공모", "Over"), "": T("모두", "All")}


def listing(request: HttpRequest) -> HttpResponse:
    """Every round that is public, and the drafts of whoever works for them."""
    actor = known_actor(request)
    shown = picked(request, "show", SHOWN, "")
    words = request.GET.get("q", "").strip()
    found = calls.calls(actor, live=SHOWN[shown])
    if words:
        found = found.filter(title__icontains=words)
    rows = paged(request, found)
    cards = [(one, MARKS[one.state]) for one in calls.call_rows(list(rows.object_list))]
    tabs = [
        {"href": f"?show={key}" if key else "?", "title": str(text), "here": key == shown}
        for key, text in WORDS.items()
    ]
    return page(
        request,
        "budgeting/rounds.html",
        {"rows": rows, "cards": cards, "tabs": tabs, "words": words, "shown": shown},
    )


def shown_call(request: HttpRequest, call_id: UUID) -> CallView:
    """The round of an address. Raises Refusal(NOT_FOUND)."""
    found = calls.call_view(call_id, known_actor(request))
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return found


def one(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """One round: where it stands, its money and rule, its projects, whether I may vote."""
    actor = known_actor(request)
    shown = shown_call(request, call_id)
    sort = picked(request, "sort", SORTS, "number")
    projects = list(calls.project_rows(call_id, actor))
    words = request.GET.get("q", "").strip()
    if words:
        projects = [row for row in projects if words in str(row.name) or words in row.summary]
    if sort == "cost":
        projects.sort(key=lambda row: (row.cost_won, row.code))
    elif sort == "name":
        projects.sort(key=lambda row: str(row.name))
    mine = papers.paper(call_id, actor) if actor.id else None
    return page(
        request,
        "budgeting/round.html",
        {
            "one": shown,
            "tone": MARKS[shown.row.state],
            "projects": projects,
            "words": words,
            "sort": sort,
            "mine": mine,
            "standing": calls.my_standing(call_id, actor) if actor.id else None,
            "awards": awards.awards(call_id, actor),
            "has_result": results.results(call_id, actor).exists(),
            "signed_in": actor.id is not None,
        },
    )


def result(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """The result: winners and losers with their votes, the other rules beside, files to check."""
    shown = shown_call(request, call_id)
    found = results.result_view(call_id, known_actor(request))
    return page(
        request, "budgeting/result.html", {"one": shown, "found": found, "seed": shown.seed_commit}
    )


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
    path("budget/", listing, name="budget"),
    path("budget/check_result.py", checker, name="budget_checker"),
    path("budget/<uuid:call_id>/", one, name="budget_round"),
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
