"""Rounds of the participatory budget: the list, and one round."""

from __future__ import annotations

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


urlpatterns = [
    path("budget/", listing, name="budget"),
    path("budget/<uuid:call_id>/", one, name="budget_round"),
]
