"""The desk during and after a vote: turnout by part, winners as a file, reports of winners."""

from __future__ import annotations

import io
from collections.abc import Iterable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.http import content_disposition_header

from dure.budgeting.queries import awards, results, turnouts
from dure.budgeting.queries.awards import AwardView
from dure.budgeting.queries.results import ResultView
from dure.budgeting.words import AMOUNTS, DELAYS, ENDS
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.engines.tables_out import Value, csv_lines, write_xlsx
from dure.interfaces.web.base import act, body_of, known_actor, page, refused
from dure.interfaces.web.budget_desk import kept
from dure.interfaces.web.budget_desk_forms import options
from dure.interfaces.web.budget_propose import stored_photo

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
HEADER = (
    T("재원", "Money"),
    T("뽑힌 차례", "Place"),
    T("사업 번호", "Project"),
    T("사업 이름", "Name"),
    T("분야", "Field"),
    T("장소", "Where"),
    T("비용(원)", "Cost (won)"),
    T("표", "Votes"),
)
LABELS = {
    "text": T("내용", "Text"),
    "milestone": T("할 일", "Step"),
    "due_on": T("기한", "Due"),
    "done_on": T("마친 날", "Done on"),
    "spent_won": T("쓴 돈", "Spent"),
    "spent_on": T("쓴 날", "Spent on"),
    "purpose": T("어디에", "For what"),
    "document": T("문서", "Document"),
    "next_due_on": T("새 기한", "New due day"),
    "reason": T("이유", "Reason"),
    "reason_code": T("까닭", "Kind of reason"),
    "lesson": T("배운 것", "What was learnt"),
    "amount_won": T("바꿀 금액", "New amount"),
    "delay_code": T("늦어지는 까닭", "Why it is late"),
    "content": T("사진", "Photo"),
    "photos": T("사진", "Photo"),
}
REPORTED = ("text", "milestone", "due_on", "done_on", "spent_won", "spent_on", "purpose",
            "document", "delay_code", "next_due_on")  # fmt: skip
DONE = {
    "report": T("알렸습니다. 공개된 쪽에 나옵니다.", "Reported; it stands on the public page."),
    "cancel": T("취소했습니다.", "Cancelled."),
    "change": T("금액을 바꾸었습니다.", "The amount was changed."),
}
BACK = T("지출을 되돌렸습니다.", "The payment was taken back.")


def turnout(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """How many of each part voted; fewer than ten are not told."""
    shown = kept(request, call_id)
    told = turnouts.turnout_view(call_id, known_actor(request))
    return page(request, "budgeting/desk_turnout.html", {"one": shown, "told": told})


def winners(request: HttpRequest, call_id: UUID, form: str) -> HttpResponse:
    """The winners for those who carry them out, as CSV or a workbook; nothing but public data."""
    kept(request, call_id)
    found = results.result_view(call_id, known_actor(request))
    if form not in TYPES or found is None or found.published_at is None:
        raise Refusal(CoreCode.NOT_FOUND)
    header = [str(one) for one in HEADER]
    if form == "csv":
        content = b"".join(csv_lines(header, _rows(found)))
    else:
        buffer = io.BytesIO()
        write_xlsx(buffer, "winners", header, _rows(found))
        content = buffer.getvalue()
    answer = HttpResponse(content, content_type=TYPES[form])
    name = f"winners-{found.number}.{form}"
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


def _rows(found: ResultView) -> Iterable[tuple[Value, ...]]:
    for part in found.parts:
        for line in part.lines:
            if line.place is not None:
                project = line.project
                yield (
                    str(part.name), line.place, project.code, str(project.name),
                    str(project.field_name), project.place, project.cost_won, line.votes,
                )  # fmt: skip


def follow(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """The winners of a round with where each stands; silent ones first."""
    shown = kept(request, call_id)
    rows = sorted(
        awards.awards(call_id, known_actor(request)),
        key=lambda row: (not row.is_silent, row.state != "", row.position),
    )
    return page(request, "budgeting/desk_follow.html", {"one": shown, "rows": rows})


def award(request: HttpRequest, call_id: UUID, award_id: UUID) -> HttpResponse:
    """One winner: report what was done, change its amount, or end it; both with another person."""
    shown = kept(request, call_id)
    context: dict[str, object] = {
        "one": shown,
        "found": _winner(request, call_id, award_id),
        "spendings": awards.spendings(award_id, known_actor(request)),
        "ends": options(dict(ENDS)),
        "delays": options(dict(DELAYS)),
        "amount_reasons": options(dict(AMOUNTS)),
        "may_cancel": "call.finish" in shown.can,
    }
    if request.method != "POST":
        return page(request, "budgeting/desk_award.html", context)
    do = request.POST.get("do", "")
    if do not in DONE:
        raise Refusal(CoreCode.NOT_FOUND)
    try:
        body = _body(request, do, shown.district_id)
    except Refusal as refusal:
        return refused(request, refusal, again="budgeting/desk_award.html", context=context,
                       labels=LABELS)  # fmt: skip
    answer = act(
        request,
        f"budgeting.award.{do}",
        {"award_id": str(award_id), **body},
        success_url=reverse("web:budget_desk_follow", args=[call_id]),
        again="budgeting/desk_award.html",
        context=context,
        labels=LABELS,
        done=DONE[do],
    )
    assert isinstance(answer, HttpResponse)
    return answer


def _winner(request: HttpRequest, call_id: UUID, award_id: UUID) -> AwardView:
    rows = awards.awards(call_id, known_actor(request))
    found = next((one for one in rows if one.id == award_id), None)
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return found


def take_back(
    request: HttpRequest, call_id: UUID, award_id: UUID, spending_id: UUID
) -> HttpResponse:
    """Look once more at a payment that was noted by mistake, and take it back with a reason."""
    shown = kept(request, call_id)
    context: dict[str, object] = {"one": shown, "found": _winner(request, call_id, award_id)}
    rows = awards.spendings(award_id, known_actor(request))
    paid = next((one for one in rows if one.id == spending_id), None)
    if paid is None or not (paid.may_take_back or paid.back_why is not None):
        raise Refusal(CoreCode.NOT_FOUND)
    context["paid"] = paid
    if request.method != "POST":
        return page(request, "budgeting/desk_take_back.html", context)
    answer = act(
        request,
        "budgeting.spending.take_back",
        {"spending_id": str(spending_id)},
        success_url=reverse("web:budget_desk_award", args=[call_id, award_id]),
        again="budgeting/desk_take_back.html",
        context=context,
        labels=LABELS,
        done=BACK,
    )
    assert isinstance(answer, HttpResponse)
    return answer


def _body(request: HttpRequest, do: str, district: str) -> dict[str, object]:
    """The body of one form of the page; a photo that came along is stored first."""
    if do == "cancel":
        return {"district": district, **body_of(request, "reason_code", "lesson")}
    if do == "change":
        return {"district": district, **body_of(request, "amount_won", "reason_code")}
    body = body_of(request, *REPORTED)
    stored = stored_photo(request)
    if stored:
        alt = request.POST.get("photo_alt", "").strip() or request.POST.get("text", "").strip()
        body["photos"] = ({"upload_id": stored, "alt": alt[:200] or "–"},)
    return {**body, "finished": bool(request.POST.getlist("finished"))}


HERE = "desk/budget/<uuid:call_id>/"
urlpatterns = [
    path(f"{HERE}turnout/", turnout, name="budget_desk_turnout"),
    path(f"{HERE}winners.<slug:form>", winners, name="budget_desk_winners"),
    path(f"{HERE}follow/", follow, name="budget_desk_follow"),
    path(f"{HERE}follow/<uuid:award_id>/", award, name="budget_desk_award"),
    path(
        f"{HERE}follow/<uuid:award_id>/spending/<uuid:spending_id>/",
        take_back,
        name="budget_desk_take_back",
    ),
]
