"""Members and shops of a programme: who belongs to it, one more, a whole list, a shop that goes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core.actions import run
from dure.core.errors import CoreCode, Kind, Refusal
from dure.core.text import T
from dure.interfaces.web import errors
from dure.interfaces.web.base import (
    KEY_NAME,
    Form,
    actor_of,
    known_actor,
    page,
    paged,
    refused,
    see,
    sent,
)
from dure.interfaces.web.uploads import TOO_LARGE
from dure.ledger import words
from dure.ledger.enrolling import FILE_MAX, ROWS_MAX, Judged, Wanted, read
from dure.ledger.queries import enrolled
from dure.ledger.queries.enrolled import Place

ROWS_TEXT_MAX = 200_000
BAD_SHOWN, GOOD_SHOWN = 200, 50
EXAMPLES = {"members": "회원\n", "shops": "가맹점,매출\n"}
LABELS: Mapping[str, T] = {
    "who": T("누구", "Who"),
    "sales": T("한 해 매출", "Yearly sales"),
    "file": T("파일", "File"),
    "reason": T("이유", "Reason"),
}
NO_FILE = T("CSV나 XLSX 파일을 골라 주세요", "a CSV or XLSX file")
DONE = {
    "members": T("회원으로 등록했습니다.", "They are enrolled."),
    "shops": T("가맹점으로 등록했습니다.", "They are registered."),
}


@dataclass(frozen=True, slots=True)
class Desk:
    """One of the two pages: what it lists, its action, its own address and templates."""

    what: str
    action: str
    is_shops: bool

    @property
    def template(self) -> str:
        """The page with the list and its forms."""
        return f"ledger/programme_{self.what}.html"

    def here(self, code: str) -> str:
        """The address of the page."""
        return reverse(f"web:programme_{self.what}", args=[code])


MEMBERS = Desk("members", "ledger.programme.enrol", False)
SHOPS = Desk("shops", "ledger.programme.shops", True)


def members(request: HttpRequest, code: str) -> HttpResponse:
    """Who has joined, for those who keep the programme; enrol one more, or a list."""
    actor = known_actor(request)
    text = request.GET.get("q", "").strip()[:60]
    rows = paged(request, enrolled.members(actor, code, text))
    context = {
        "found": enrolled.member_views(list(rows.object_list)),
        "status_words": words.STATUSES,
        **_context(request, code, rows, text),
    }
    return _answer(request, MEMBERS, code, context)


def shops(request: HttpRequest, code: str) -> HttpResponse:
    """Where one can pay, for everybody; register and stop shops, for those who run it."""
    text, left = request.GET.get("q", "").strip()[:60], request.GET.get("left") == "1"
    rows = paged(request, enrolled.shops(code, text, left=left))
    context = {
        "found": enrolled.shop_views(list(rows.object_list)),
        "left": left,
        "shown_choices": [("1", str(T("그만둔 곳도", "Those that left too")))],
        **_context(request, code, rows, text),
    }
    return _answer(request, SHOPS, code, context)


def _context(request: HttpRequest, code: str, rows: object, text: str) -> dict[str, object]:
    return {
        "place": enrolled.place(known_actor(request), code),
        "rows": rows,
        "total": rows.paginator.count,  # type: ignore[attr-defined]  # a page of rows
        "sought": text,
        "rows_max": ROWS_MAX,
    }


def _answer(
    request: HttpRequest, desk: Desk, code: str, context: dict[str, object]
) -> HttpResponse:
    if request.GET.get("format") == "csv":
        return _example(desk)
    if request.method != "POST":
        return page(request, desk.template, context)
    asked = request.POST.get("do", "")
    try:
        if asked == "stop" and desk.is_shops:
            number = request.POST.get("account_id", "")
            place = context["place"]
            assert isinstance(place, Place)
            body: dict[str, object] = {"programme_id": place.id, "account_id": number}
            done = T("가맹점 등록을 멈췄습니다.", "The shop is stopped.")
            return _run(request, "ledger.programme.stop", body, desk.here(code), done)
        if asked == "enrol":
            return _enrol(request, desk, code, context, _sent_rows(request))
        if asked == "one":
            return _one(request, desk, code, context)
        judged = enrolled.judged(
            known_actor(request), code, _file(request, desk), shops=desk.is_shops
        )
        return _check(request, desk, context, judged)
    except Refusal as refusal:
        if refusal.kind is Kind.ACCEPTED:
            return errors.refusal_page(request, refusal)
        return refused(request, refusal, again=desk.template, context=context, labels=LABELS)


def _file(request: HttpRequest, desk: Desk) -> list[Wanted]:
    file = request.FILES.get("file")
    if TOO_LARGE in request.META or (file is not None and (file.size or 0) > FILE_MAX):
        most = T(f"{FILE_MAX // 10**6}MB까지의 파일", f"a file of at most {FILE_MAX // 10**6} MB")
        raise Refusal(CoreCode.BAD_FIELD, field="file", range=most)
    if file is None:
        raise Refusal(CoreCode.BAD_FIELD, field="file", range=NO_FILE)
    return read(file.read(), shops=desk.is_shops)


def _one(request: HttpRequest, desk: Desk, code: str, context: dict[str, object]) -> HttpResponse:
    """One more, typed into the form; what is wrong with it stands at the field."""
    typed = Wanted(
        1, request.POST.get("who", "").strip()[:60], request.POST.get("sales", "").strip()[:30]
    )
    (judged,) = enrolled.judged(known_actor(request), code, [typed], shops=desk.is_shops)
    if not judged.faults:
        return _enrol(request, desk, code, context, [_row(judged, desk)])
    form = Form(values=sent(request), status=422, key=request.POST.get(KEY_NAME, ""))
    form.errors["who" if judged.who is None or not desk.is_shops else "sales"] = str(
        judged.faults[0]
    )
    return page(request, desk.template, {**context, "form": form}, status=422)


def _row(judged: Judged, desk: Desk) -> object:
    if not desk.is_shops:
        return str(judged.who)
    return {"shop": str(judged.who), **({} if judged.sales is None else {"sales": judged.sales})}


def _check(
    request: HttpRequest, desk: Desk, context: dict[str, object], judged: list[Judged]
) -> HttpResponse:
    """Every row with its verdict; the button is there when all are good. Nothing is kept."""
    bad = [one for one in judged if one.faults]
    shown = bad[:BAD_SHOWN] + [one for one in judged if not one.faults][:GOOD_SHOWN]
    body = "" if bad else json.dumps([_row(one, desk) for one in judged])
    checked = {
        **context,
        "what": desk.what,
        "shown": shown,
        "bad": len(bad),
        "count": len(judged),
        "more": len(judged) - len(shown),
        "body": body,
    }
    status = 422 if bad else 200
    return page(request, "ledger/programme_list.html", checked, status=status)


def _sent_rows(request: HttpRequest) -> list[object]:
    try:
        found = json.loads(request.POST.get("rows", "")[:ROWS_TEXT_MAX])
    except ValueError:
        found = None
    if not isinstance(found, list) or not 1 <= len(found) <= ROWS_MAX:
        raise Refusal(CoreCode.BAD_FIELD, field="file", range=NO_FILE)
    return found


def _enrol(
    request: HttpRequest,
    desk: Desk,
    code: str,
    context: dict[str, object],
    rows: list[object],
) -> HttpResponse:
    place = context["place"]
    assert isinstance(place, Place)
    body: dict[str, object] = {"programme_id": place.id, desk.what: tuple(rows)}
    return _run(request, desk.action, body, desk.here(code), DONE[desk.what])


def _run(
    request: HttpRequest, name: str, body: dict[str, object], href: str, done: T
) -> HttpResponse:
    key = request.POST.get(KEY_NAME, "").strip() or None
    reason = request.POST.get("reason", "").strip() or None
    run(name, body, actor_of(request), key=key, reason=reason)
    messages.success(request, str(done))
    return see(href)


def _example(desk: Desk) -> HttpResponse:
    """A file with the header alone, to be filled in."""
    content = "\ufeff" + EXAMPLES[desk.what]
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{desk.what}.csv"'
    return response


urlpatterns = [
    path("programmes/<slug:code>/members/", members, name="programme_members"),
    path("programmes/<slug:code>/shops/", shops, name="programme_shops"),
]
