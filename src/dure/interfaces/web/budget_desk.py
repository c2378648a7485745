"""The desk of rounds: those one keeps, a new one from a template, one round with its next step."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.budgeting.queries import calls, desk, papers
from dure.budgeting.queries.calls import CallView
from dure.budgeting.queries.desk import Step
from dure.core import clock
from dure.core.actions import Outcome
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.governance.queries import rolls
from dure.interfaces.web.base import act, body_of, known_actor, page, paged
from dure.interfaces.web.budget import MARKS
from dure.interfaces.web.budget_desk_forms import (
    LABELS,
    ballot_of,
    date_rows,
    money_of,
    money_rows,
    more_of,
    numbers_of,
    phases_of,
    roll_rule_of,
    rule_fields,
    rule_of,
)
from dure.interfaces.web.money_frame import signed_in

Asked = tuple[str, dict[str, object], T]
SAVED = T("고쳤습니다.", "Changed.")
DONE = {
    "open": T("공모를 열었습니다.", "The round is open."),
    "review": T("검토를 시작했습니다.", "The review has begun."),
    "list": T("사업 목록을 공개했습니다.", "The list of projects is public."),
    "freeze": T("규칙을 고정했습니다.", "The rules are frozen."),
    "vote": T("투표를 열었습니다.", "The vote is open."),
    "close": T("투표를 마감했습니다.", "The vote is closed."),
    "finish": T("공모를 끝냈습니다.", "The round is finished."),
}
PARTS = {
    "dates": T("일정 고치기", "Change the dates"),
    "money": T("재원과 분야 고치기", "Change money and fields"),
    "ballot": T("투표 방법 고치기", "Change the ballot"),
    "rule": T("규칙 고치기", "Change the rule"),
    "roll": T("투표할 수 있는 사람 고치기", "Change who may vote"),
    "more": T("그 밖의 규칙 고치기", "Change other rules"),
    "words": T("이름과 소개 고치기", "Change name and words"),
    "void": T("공모 취소하기", "Cancel the round"),
}


def listing(request: HttpRequest) -> HttpResponse:
    """Rounds that one works for, each with its one next step."""
    actor = signed_in(request)
    rows = paged(request, calls.kept_calls(actor))
    cards = [
        (one, MARKS[one.state], desk.NEXT[one.state])
        for one in calls.call_rows(list(rows.object_list))
    ]
    return page(
        request,
        "budgeting/desk_list.html",
        {"rows": rows, "cards": cards, "may_begin": bool(desk.places(actor))},
    )


def new(request: HttpRequest) -> HttpResponse:
    """A new round from a template: its rule, ballot and money come with it and can be changed."""
    actor = signed_in(request)
    places = desk.places(actor)
    if not places:
        raise Refusal(CoreCode.NOT_FOUND)
    context: dict[str, object] = {
        "places": [(place.code, str(place.name)) for place in places],
        "templates": [(row.code, str(row.text), row.source) for row in desk.templates()],
        "year": clock.today().year + 1,
        "dates": date_rows(None, request.POST),
        "trial": [("yes", str(T("가상 자료로 표시하고 날짜를 기다리지 않음",
                                "Marked as synthetic; no date is waited for")))],
    }  # fmt: skip
    if request.method != "POST":
        return page(request, "budgeting/desk_new.html", context)
    district, _, organisation = request.POST.get("place", "").partition("/")
    body: dict[str, object] = {
        "district": district,
        **body_of(request, "title", "title_en", "about", "about_en", "template", "dong"),
        **numbers_of(request, "year"),
        "phases": phases_of(request.POST),
        "synthetic": bool(request.POST.getlist("synthetic")),
    }
    if organisation:
        body["organisation_id"] = organisation
    return _answer(
        act(
            request,
            "budgeting.call.draft",
            body,
            success_url=lambda made: reverse("web:budget_desk_call", args=[made.result.id]),
            again="budgeting/desk_new.html",
            context=context,
            labels=LABELS,
            done=T("공모를 준비했습니다. 아직 담당자에게만 보입니다.",
                   "The round is prepared. Only those who keep it see it yet."),
        )
    )  # fmt: skip


def kept(request: HttpRequest, call_id: UUID) -> CallView:
    """The round of an address, for those who work for it. Raises Refusal(NOT_FOUND)."""
    signed_in(request)
    found = calls.call_view(call_id, known_actor(request))
    if found is None or "desk" not in found.can:
        raise Refusal(CoreCode.NOT_FOUND)
    return found


def one(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """One round at the desk: what is missing, its forms, its steps, what was changed."""
    shown = kept(request, call_id)
    actor = known_actor(request)
    steps = {step.do: step for step in desk.next_steps(call_id, actor)}
    context = _context(request, shown, steps, actor)
    if request.method != "POST":
        return page(request, "budgeting/desk_call.html", context)
    asked = _step(request, shown, steps, request.POST.get("do", ""))
    return _run(request, shown, asked, "budgeting/desk_call.html", context)


def part(request: HttpRequest, call_id: UUID, part: str) -> HttpResponse:
    """One form of a round: dates, money, ballot, rule, words, or its end."""
    shown = kept(request, call_id)
    if part not in PARTS or ("call.void" if part == "void" else "call.change") not in shown.can:
        raise Refusal(CoreCode.NOT_FOUND)
    context: dict[str, object] = {
        "one": shown,
        "part": part,
        "heading": PARTS[part],
        "needs_reason": shown.row.state != "draft" and part != "void",
        "dates": date_rows(shown, request.POST),
        "money": money_rows(shown, request.POST),
        **rule_fields(shown),
    }
    if request.method != "POST":
        return page(request, "budgeting/desk_part.html", context)
    call: dict[str, object] = {"call_id": str(call_id)}
    forms: dict[str, Callable[[], dict[str, object]]] = {
        "words": lambda: body_of(request, "title", "title_en", "about", "about_en"),
        "dates": lambda: {"phases": phases_of(request.POST)},
        "ballot": lambda: ballot_of(request),
        "rule": lambda: rule_of(request, shown),
        "roll": lambda: roll_rule_of(request, shown),
        "more": lambda: more_of(request),
        "money": lambda: money_of(request.POST),
        "void": lambda: {"district": shown.district_id},
    }
    actions = {"money": "budgeting.envelope.set", "void": "budgeting.call.void"}
    asked = actions.get(part, "budgeting.call.change"), call | forms[part](), SAVED
    return _run(request, shown, asked, "budgeting/desk_part.html", context)


def _run(
    request: HttpRequest, shown: CallView, asked: Asked, again: str, context: dict[str, object]
) -> HttpResponse:
    name, body, done = asked
    return _answer(
        act(
            request,
            name,
            body,
            success_url=reverse("web:budget_desk_call", args=[shown.row.id]),
            again=again,
            context=context,
            labels=LABELS,
            done=done,
        )
    )


def _answer(answer: HttpResponse | Outcome[object]) -> HttpResponse:
    assert isinstance(answer, HttpResponse)
    return answer


def _context(
    request: HttpRequest, shown: CallView, steps: dict[str, Step], actor: Actor
) -> dict[str, object]:
    drafted = rolls.draft_of("budgeting.call", shown.row.id)
    return {
        "one": shown,
        "mark": MARKS[shown.row.state],
        "next": desk.NEXT[shown.row.state],
        "steps": list(steps.values()),
        "offered": [do for do, step in steps.items() if step.is_ready and not step.approval],
        "may_change": "call.change" in shown.can,
        "may_void": "call.void" in shown.can,
        "before_vote": shown.row.state in papers.BEFORE_VOTE,
        "drafted": drafted,
        "objections": rolls.objections(drafted.id, actor) if drafted else (),
        "today": clock.today(),
    }


def _step(request: HttpRequest, shown: CallView, steps: dict[str, Step], do: str) -> Asked:
    """The action that a button of the page asks for, its body, and what is said when it is done."""
    call: dict[str, object] = {"call_id": str(shown.row.id)}
    place: dict[str, object] = {"district": shown.district_id}
    if do == "freeze":
        return "budgeting.call.freeze", call | place, DONE[do]
    if do in DONE:
        return f"budgeting.call.{do}", call, DONE[do]
    if do == "compute":
        more = body_of(request, "public_value", "replaces_why")
        return "budgeting.result.compute", call | more, T("표를 셌습니다.", "Counted.")
    if do == "publish" and do in steps:
        body = {"result_id": str(steps[do].object_id), **place}
        return "budgeting.result.publish", body, T("결과를 공개했습니다.", "The result is public.")
    if do == "roll_draft":
        return "governance.roll.draft", _roll(request, shown), T("명부를 만들어 열람에 부쳤습니다.",
               "The roll is drafted and open to objections.")  # fmt: skip
    if do == "roll_seal" and do in steps:
        body = {"roll_id": str(steps[do].object_id), **place}
        return "governance.roll.seal", body, T("명부를 확정했습니다.", "The roll is sealed.")
    if do == "roll_answer":
        body = body_of(request, "objection_id", "text", "part")
        body["granted"] = request.POST.get("granted") == "yes"
        return "governance.roll.answer", body, T("이의에 답했습니다.", "Answered.")
    raise Refusal(CoreCode.NOT_FOUND)


def _roll(request: HttpRequest, shown: CallView) -> dict[str, object]:
    """A roll of this round by its own rule."""
    body: dict[str, object] = {
        "subject_kind": "budgeting.call",
        "subject_id": str(shown.row.id),
        "district": shown.district_id,
        "rule": shown.roll_rule,
        **body_of(request, "as_of"),
        **numbers_of(request, "objection_days"),
    }
    if shown.organisation_id:
        body["organisation_id"] = str(shown.organisation_id)
    return body


urlpatterns = [
    path("desk/budget/", listing, name="budget_desk"),
    path("desk/budget/new/", new, name="budget_desk_new"),
    path("desk/budget/<uuid:call_id>/", one, name="budget_desk_call"),
    path("desk/budget/<uuid:call_id>/<slug:part>/", part, name="budget_desk_part"),
]
