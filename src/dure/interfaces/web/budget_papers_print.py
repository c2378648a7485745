"""Blank ballot papers of a round to be printed on A4, one of each part, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path

from dure.budgeting.queries.calls import CallView
from dure.budgeting.queries.papers import Paper, sheet
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.interfaces.web.base import known_actor, page
from dure.interfaces.web.budget_desk import kept

FIXED = ("frozen", "voting")
WHOLE = T("동 사업이 없는 종이", "Without projects of a neighbourhood")
WORDS = {
    "serial": T("일련번호", "Serial"),
    "later": T("투표함을 연 뒤에 찍습니다", "stamped when the box has been opened"),
    "won": T("원", "won"),
}
HOW = {
    "approval": T("고른 사업의 칸에 표시하세요.", "Mark the box of each project you choose."),
    "choose-1": T("한 사업의 칸에만 표시하세요.", "Mark the box of one project only."),
    "knapsack": T("고른 사업의 칸에 표시하세요.", "Mark the box of each project you choose."),
    "cumulative": T("칸에 점수를 숫자로 적으세요.", "Write points into the boxes as numbers."),
    "ordinal": T(
        "칸에 순위를 숫자로 적으세요. 가장 바라는 것이 1입니다.",
        "Write ranks into the boxes as numbers; 1 is what you want most.",
    ),
}
IN_BOX = {"cumulative": T("점", "points"), "ordinal": T("순위", "rank")}


@dataclass(frozen=True, slots=True)
class Blank:
    """One paper to print; `part` is None where the round knows no parts."""

    part: T | None
    paper: Paper


def blanks(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """The blank papers, once what stands on them is fixed and until the vote is over."""
    shown = kept(request, call_id)
    if not shown.paper_allowed:
        raise Refusal(CoreCode.NOT_FOUND)
    is_fixed = shown.row.state in FIXED
    context = {
        "one": shown,
        "is_fixed": is_fixed,
        "blanks": _blanks(request, shown) if is_fixed else [],
        "words": WORDS,
        "how": HOW[shown.ballot_kind],
        "in_box": IN_BOX.get(shown.ballot_kind),
    }
    return page(request, "budgeting/desk_papers_print.html", context)


def _blanks(request: HttpRequest, shown: CallView) -> list[Blank]:
    parts = {one.part: one.name for one in shown.envelopes if one.part}
    named: dict[str, T | None] = dict(parts)
    if len(parts) < len(shown.envelopes):  # some money is for everybody
        named = {"": WHOLE if parts else None, **named}
    actor = known_actor(request)
    made = ((name, sheet(shown.row.id, actor, part)) for part, name in named.items())
    return [Blank(name, paper) for name, paper in made if paper is not None]


urlpatterns = [path("desk/budget/<uuid:call_id>/papers/print/", blanks, name="budget_papers_print")]
