"""Before the vote at the desk: the ballot paper as a voter will have it, and a trial count."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path

from dure.budgeting.queries import papers, trials
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.interfaces.web.base import known_actor, page, picked
from dure.interfaces.web.budget_desk import kept
from dure.interfaces.web.budget_vote import check_page, choice_of, paper_page

VOTERS, SEED = 200, 1
BAD = T("%(least)s부터 %(most)s까지의 숫자를 적어 주세요.",
        "Please write a number from %(least)s to %(most)s.")  # fmt: skip


def preview(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """The paper and its check page; whatever is sent, nothing is stored."""
    shown = kept(request, call_id)
    parts = {one.part: str(one.name) for one in shown.envelopes if one.part}
    part = picked(request, "part", parts)
    paper = papers.preview(call_id, known_actor(request), part)
    if paper is None:
        raise Refusal(CoreCode.NOT_FOUND)
    more: dict[str, object] = {"preview": shown, "parts": list(parts.items()), "part": part}
    sent = dict(request.POST.lists())
    if request.method != "POST" or "back" in sent:
        return paper_page(request, paper, sent, more=more)
    choice = choice_of(paper, sent)
    if choice.fault is not None:
        return paper_page(request, paper, sent, str(choice.fault), more=more)
    return check_page(request, paper, choice, more=more)


def trial(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Invented voters counted by the round's rule; the address holds what was asked."""
    shown = kept(request, call_id)
    if shown.row.state not in papers.BEFORE_VOTE:
        raise Refusal(CoreCode.NOT_FOUND)
    voters, wrong_voters = _number(request, "voters", VOTERS, 1, trials.VOTERS_MAX)
    seed, wrong_seed = _number(request, "seed", SEED, 0, trials.SEED_MAX)
    wrong = {"voters": wrong_voters, "seed": wrong_seed}
    is_asked = "voters" in request.GET and not any(wrong.values())
    found = None
    if is_asked and shown.row.project_count:
        found = trials.trial(call_id, known_actor(request), voters=voters, seed=seed)
    return page(
        request,
        "budgeting/desk_trial.html",
        {
            "one": shown,
            "found": found,
            "voters": request.GET.get("voters", VOTERS),
            "seed": request.GET.get("seed", SEED),
            "wrong": wrong,
        },
        status=422 if any(wrong.values()) else 200,
    )


def _number(
    request: HttpRequest, name: str, usual: int, least: int, most: int
) -> tuple[int, str]:  # fmt: skip
    """A number of the address within its bounds, or why it is none."""
    typed = request.GET.get(name, str(usual)).strip().replace(",", "")
    if typed.isascii() and typed.isdigit() and len(typed) < 8 and least <= int(typed) <= most:
        return int(typed), ""
    return usual, str(BAD % {"least": f"{least:,}", "most": f"{most:,}"})


HERE = "desk/budget/<uuid:call_id>/"
urlpatterns = [
    path(f"{HERE}preview/", preview, name="budget_preview"),
    path(f"{HERE}trial/", trial, name="budget_trial"),
]
