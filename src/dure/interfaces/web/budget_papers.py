"""Papers at the desk: mark who votes at the booth, how far each batch is, merging."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.budgeting.queries.batches import papers_view
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.interfaces.web.base import act, body_of, known_actor, page
from dure.interfaces.web.budget_desk import kept

LABELS = {
    "handle": T("로그인 이름", "Login name"),
    "batch": T("묶음", "Batch"),
}
DONE = {
    "mark": T(
        "표시했습니다. 온라인 표가 있었다면 투표함에서 뺐습니다.",
        "Marked. An online ballot, if there was one, has left the urn.",
    ),
    "match": T(
        "두 입력이 같아 표로 합쳤습니다.", "Both typings agree: the papers are ballots now."
    ),
}


def papers(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Marking at the booth while the vote is open; afterwards each batch with its next step."""
    shown = kept(request, call_id)
    if not shown.paper_allowed:
        raise Refusal(CoreCode.NOT_FOUND)
    do = request.POST.get("do", "")
    context = {
        "one": shown,
        "told": papers_view(call_id, known_actor(request)),
        "is_voting": shown.row.state == "voting",
        "is_counting": shown.row.state == "counting",
        "parts": sorted({one.part for one in shown.envelopes if one.part}),
    }
    if request.method != "POST" or do not in DONE:
        return page(request, "budgeting/desk_papers.html", context)
    fields = {"mark": ("handle",), "match": ("batch",)}[do]
    done = act(
        request,
        f"budgeting.paper.{do}",
        {"call_id": str(call_id), **body_of(request, *fields)},
        success_url=reverse("web:budget_papers", args=[call_id]),
        again="budgeting/desk_papers.html",
        context=context,
        labels=LABELS,
        done=DONE[do],
    )
    assert isinstance(done, HttpResponse)
    return done


urlpatterns = [path("desk/budget/<uuid:call_id>/papers/", papers, name="budget_papers")]
