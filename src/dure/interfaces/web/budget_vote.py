"""Voting on a round: the ballot paper, the check page, the receipt. Nothing of a choice is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.budgeting.queries import papers
from dure.budgeting.queries.papers import Paper
from dure.core.actions import Outcome
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.interfaces.web.base import Form, act, known_actor, page
from dure.interfaces.web.money_frame import signed_in

GIVEN = "n-"
BAD_NUMBER = T("1부터 시작하는 숫자를 적어 주세요.", "Please write whole numbers from 1 on.")
BAD_RANKS = T(
    "순위는 1부터 빠짐없이 한 번씩 적어 주세요.", "Please give each rank from 1 on exactly once."
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen on a paper, as the action takes it; `fault` = why it cannot be read."""

    items: tuple[str, ...]
    points: tuple[int, ...] | None
    fault: T | None = None


def _last(sent: Mapping[str, list[str]], name: str) -> str:
    return (sent.get(name) or [""])[-1]


def choice_of(paper: Paper, sent: Mapping[str, list[str]]) -> Choice:
    """Read a paper that was sent: marks as `item`, numbers as `n-<code>`.

    A limit that it breaks is told; those of a field are the database's alone to tell.
    """
    choice = _read(paper, sent)
    return choice if choice.fault else replace(choice, fault=_over(paper, choice))


def _over(paper: Paper, choice: Choice) -> T | None:
    """Why a choice is outside the limits of the paper: what was done, and what may be."""
    count, points = len(choice.items), choice.points or ()
    if count < paper.marks_min or (paper.marks_max is not None and count > paper.marks_max):
        return T(
            f"지금 고른 사업은 {count}개입니다. 고를 수 있는 수에 맞추어 주세요:"
            f" {paper.sentence.ko}.",
            f"You have chosen {count}. Please keep to the number that may be chosen:"
            f" {paper.sentence.en}.",
        )
    if paper.points_sum is not None and sum(points) > paper.points_sum:
        return T(
            f"준 점수를 더하면 {sum(points)}점입니다. 모두 {paper.points_sum}점까지 줄 수"
            " 있습니다.",
            f"The points add up to {sum(points)}; at most {paper.points_sum} may be given.",
        )
    if paper.points_max is not None and max(points, default=0) > paper.points_max:
        return T(
            f"한 사업에는 {paper.points_max}점까지 줄 수 있습니다.",
            f"One project may be given at most {paper.points_max} points.",
        )
    cost = {row.code: row.cost_won for _, rows in paper.groups for row in rows}
    spent = sum(cost.get(code, 0) for code in choice.items)
    if paper.spend_max_won is not None and spent > paper.spend_max_won:
        over = spent - paper.spend_max_won
        return T(
            f"고른 사업의 비용이 한도 {paper.spend_max_won:,}원을 {over:,}원 넘습니다.",
            f"The projects chosen cost {over:,} won more than the limit of"
            f" {paper.spend_max_won:,} won.",
        )
    return None


def _read(paper: Paper, sent: Mapping[str, list[str]]) -> Choice:
    codes = [row.code for _, rows in paper.groups for row in rows]
    if paper.kind not in ("cumulative", "ordinal"):
        chosen = sent.get("item", [])
        return Choice(tuple(dict.fromkeys(chosen)), None)
    numbers: dict[str, int] = {}
    for code in codes:
        typed = _last(sent, GIVEN + code).strip()
        if typed in ("", "0"):
            continue
        if not (typed.isascii() and typed.isdigit() and len(typed) <= 6):
            return Choice((), None, BAD_NUMBER)
        numbers[code] = int(typed)
    if paper.kind == "cumulative":
        return Choice(tuple(numbers), tuple(numbers.values()))
    ranked = sorted(numbers, key=lambda code: numbers[code])
    if sorted(numbers.values()) != list(range(1, len(numbers) + 1)):
        return Choice((), None, BAD_RANKS)
    return Choice(tuple(ranked), None)


def vote(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """The ballot paper; sent once it shows what was chosen, sent again it casts."""
    actor = signed_in(request)
    paper = papers.paper(call_id, actor)
    if paper is None:
        raise Refusal(CoreCode.NOT_FOUND)
    sent = dict(request.POST.lists())
    if request.method != "POST" or "back" in sent:
        return paper_page(request, paper, sent)
    choice = choice_of(paper, sent)
    if choice.fault is not None:
        return paper_page(request, paper, sent, str(choice.fault))
    if request.POST.get("step") != "cast":
        return check_page(request, paper, choice)
    body: dict[str, object] = {"call_id": str(call_id), "items": choice.items}
    if choice.points is not None:
        body["points"] = choice.points
    done = act(
        request,
        "budgeting.ballot.cast",
        body,
        success_url=reverse("web:budget_receipt", args=[call_id]),
        again=lambda form: paper_page(request, paper, sent, _told(form)),
    )
    assert not isinstance(done, Outcome)
    return done


def _told(form: Form) -> str:
    return form.sentence or " ".join(form.errors.values())


def groups_of(paper: Paper, sent: Mapping[str, list[str]]) -> list[tuple[object, list[object]]]:
    """Envelopes with their projects: the row, whether it is ticked, its number, its field."""
    chosen = sent.get("item", [])
    return [
        (
            envelope,
            [
                (row, row.code in chosen, _last(sent, GIVEN + row.code), GIVEN + row.code)
                for row in rows
            ],
        )
        for envelope, rows in paper.groups
    ]


def paper_page(
    request: HttpRequest,
    paper: Paper,
    sent: Mapping[str, list[str]],
    fault: str = "",
    *,
    more: Mapping[str, object] = MappingProxyType({}),
) -> HttpResponse:
    """The paper as it is drawn for a voter; `more` = what a preview adds around it."""
    return page(
        request,
        "budgeting/vote.html",
        {"paper": paper, "groups": groups_of(paper, sent), "fault": fault, **more},
        status=422 if fault else 200,
    )


def check_page(
    request: HttpRequest,
    paper: Paper,
    choice: Choice,
    *,
    more: Mapping[str, object] = MappingProxyType({}),
) -> HttpResponse:
    """What was chosen, before it is cast; `more` as above."""
    rows = {row.code: row for _, found in paper.groups for row in found}
    known = [code for code in choice.items if code in rows]
    numbers = choice.points or tuple(range(1, len(choice.items) + 1))
    lines = [(rows[code], numbers[at]) for at, code in enumerate(known)]
    spent = sum(rows[code].cost_won for code in known)
    return page(
        request,
        "budgeting/vote_check.html",
        {
            "paper": paper,
            "lines": lines,
            "given": GIVEN,
            "spent": spent,
            "left": None if paper.spend_max_won is None else paper.spend_max_won - spent,
            **more,
        },
    )


def receipt(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """That one's ballot counts: where and on which day; never what it says."""
    signed_in(request)
    paper = papers.paper(call_id, known_actor(request))
    if paper is None or paper.mark.channel is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return page(request, "budgeting/receipt.html", {"paper": paper})


urlpatterns = [
    path("budget/<uuid:call_id>/vote/", vote, name="budget_vote"),
    path("budget/<uuid:call_id>/receipt/", receipt, name="budget_receipt"),
]
