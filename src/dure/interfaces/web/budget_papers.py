"""Papers at the desk: mark who votes at the booth, type a batch, merge what two people typed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.budgeting.queries.batches import batches
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.interfaces.web.base import act, body_of, known_actor, page
from dure.interfaces.web.budget_desk import kept

LABELS = {
    "handle": T("로그인 이름", "Login name"),
    "batch": T("묶음", "Batch"),
    "part": T("동", "Neighbourhood"),
    "papers": T("종이 표", "Papers"),
}
DONE = {
    "mark": T(
        "표시했습니다. 온라인 표가 있었다면 투표함에서 뺐습니다.",
        "Marked. An online ballot, if there was one, has left the urn.",
    ),
    "enter": T("적은 것을 두었습니다.", "What you typed is kept."),
    "match": T(
        "두 입력이 같아 표로 합쳤습니다.", "Both typings agree: the papers are ballots now."
    ),
}


def papers_of(text: str) -> tuple[dict[str, object], ...]:
    """Read typed papers: one a line, its serial, then the codes; `code=points` where points count.

    >>> papers_of("1: a b")
    ({'serial': '1', 'items': ('a', 'b')},)
    >>> papers_of("2 a=3 b=7")[0]["points"]
    (3, 7)
    """
    found: list[dict[str, object]] = []
    for row in text.splitlines():
        words = row.replace(":", " ", 1).replace(",", " ").split()
        if not words:
            continue
        given = [word.partition("=") for word in words[1:]]
        paper: dict[str, object] = {
            "serial": words[0],
            "items": tuple(code for code, _, _ in given),
        }
        if any(equals for _, equals, _ in given):
            paper["points"] = tuple(_points(typed) for _, _, typed in given)
        found.append(paper)
    return tuple(found)


def _points(typed: str) -> int | str:
    """A number of points; anything else stays as it was typed and is refused by name."""
    is_number = typed.isascii() and typed.isdigit() and len(typed) <= 6
    return int(typed) if is_number else typed


def papers(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """The three forms, and how far each batch is."""
    shown = kept(request, call_id)
    if not shown.paper_allowed:
        raise Refusal(CoreCode.NOT_FOUND)
    do = request.POST.get("do", "")
    context = {
        "one": shown,
        "batches": batches(call_id, known_actor(request)),
        "is_voting": shown.row.state == "voting",
        "is_counting": shown.row.state == "counting",
    }
    if request.method != "POST" or do not in DONE:
        return page(request, "budgeting/desk_papers.html", context)
    body: dict[str, object] = {
        "call_id": str(call_id),
        **body_of(request, *{"mark": ("handle",), "enter": ("batch", "part")}.get(do, ("batch",))),
    }
    if do == "enter":
        body["papers"] = papers_of(request.POST.get("papers", ""))
    done = act(
        request,
        f"budgeting.paper.{do}",
        body,
        success_url=lambda made: reverse("web:budget_papers", args=[call_id]),
        again="budgeting/desk_papers.html",
        context=context,
        labels=LABELS,
        done=DONE[do],
    )
    assert isinstance(done, HttpResponse)
    return done


urlpatterns = [path("desk/budget/<uuid:call_id>/papers/", papers, name="budget_papers")]
