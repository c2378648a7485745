"""Papers at the desk: mark who votes at the booth, how far each batch is, merging."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.budgeting.queries.batches import papers_view
from dure.budgeting.queries.booth import people_on_roll
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.interfaces.web.base import Form, act, body_of, known_actor, page, sent
from dure.interfaces.web.budget_desk import kept
from dure.interfaces.web.budget_papers_print import FIXED

LABELS = {
    "name": T("이름", "Name"),
    "birth_year": T("태어난 해", "Year of birth"),
    "batch": T("묶음", "Batch"),
}
BAD_YEAR = T(
    "태어난 해를 네 자리로 적어 주세요: 1954처럼.",
    "Please type the year as four digits, such as 1954.",
)
NOBODY_NAMED = T(
    "이름을 적거나, 전화번호나 로그인 이름을 적어 주세요.",
    "Please type a name, or a phone number or login name.",
)
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
    context: dict[str, object] = {
        "one": shown,
        "told": papers_view(call_id, known_actor(request)),
        "is_voting": shown.row.state == "voting",
        "may_print": shown.row.state in FIXED,
        "is_counting": shown.row.state == "counting",
        "parts": sorted({one.part for one in shown.envelopes if one.part}),
    }
    if do == "find" and shown.row.state == "voting":
        return _find(request, call_id, context)
    if request.method != "POST" or do not in DONE:
        return page(request, "budgeting/desk_papers.html", context)
    fields = {"mark": ("person_id",), "match": ("batch",)}[do]
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


def _find(request: HttpRequest, call_id: UUID, context: dict[str, object]) -> HttpResponse:
    """The people on the roll who may be meant; posted, so that no address keeps a name."""
    asked = {
        name: request.POST.get(name, "").strip()[:60] for name in ("name", "birth_year", "contact")
    }
    year, form = asked["birth_year"], Form(sent(request))
    if year and not (year.isascii() and year.isdecimal() and len(year) == 4):
        form.errors["birth_year"] = str(BAD_YEAR)
    elif not asked["name"] and not asked["contact"]:
        form.errors["name"] = str(NOBODY_NAMED)
    else:
        context["found"] = people_on_roll(call_id, known_actor(request), **asked)
    status = 422 if form.refused else 200
    return page(request, "budgeting/desk_papers.html", {**context, "form": form}, status=status)


urlpatterns = [path("desk/budget/<uuid:call_id>/papers/", papers, name="budget_papers")]
