"""Reconciling an account of a book with its bank: files in, pairs confirmed, rest explained."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core.actions import Outcome
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.interfaces.web import formats
from dure.interfaces.web.base import act, page, refused
from dure.interfaces.web.money_frame import signed_in
from dure.interfaces.web.money_words import signed
from dure.interfaces.web.uploads import TOO_LARGE
from dure.ledger.queries import keeping, reconciling
from dure.ledger.queries.reconciling import LineView, Reconciliation, RowView

FILE_MAX = 5_000_000
CHOICES_MAX = 100
LABELS = {
    "content": T("거래 파일", "Statement file"),
    "line_ids": T("은행 줄", "Lines of the bank"),
    "transfer_ids": T("장부 줄", "Rows of the book"),
    "reason": T("이유", "Reason"),
}
WHY = {
    "reference": T("거래번호가 같음", "same reference"),
    "amount": T("금액이 같음", "same amount"),
    "sum": T("더하면 같음", "same sum"),
}
STATES = {
    "confirmed": T("짝을 지음", "matched"),
    "waived": T("따로 처리함", "waived"),
}
NO_FILE = T("CSV나 XLSX 파일을 골라 주세요", "a CSV or XLSX file")


def accounts(request: HttpRequest, book_id: int) -> HttpResponse:
    """The accounts of a book that a bank or a meter has a statement of."""
    book = keeping.book(signed_in(request), book_id)
    context = {"book": book, "accounts": reconciling.accounts_of(book.id)}
    return page(request, "ledger/treasury_reconcile.html", context)


def _found(
    request: HttpRequest, book_id: int, account_id: int
) -> tuple[Actor, dict[str, object], Reconciliation]:
    actor = signed_in(request)
    book = keeping.book(actor, book_id)
    account = keeping.account(actor, account_id)
    if account.book_id != book.id:
        raise Refusal(CoreCode.NOT_FOUND)
    told = reconciling.of_account(actor, str(account.id))
    here = reverse("web:treasury_reconcile_account", args=[book.id, account.id])
    return actor, {"book": book, "account": account, "told": told, "here": here}, told


def account(request: HttpRequest, book_id: int, account_id: int) -> HttpResponse:
    """What agrees, what is proposed, what is left, and by how much the two sides differ."""
    _actor, context, told = _found(request, book_id, account_id)
    unit = told.unit
    context |= {
        "why_words": WHY,
        "state_words": STATES,
        "line_choices": [_line(one, unit) for one in told.lines[:CHOICES_MAX]],
        "row_choices": [_row(one, unit) for one in told.rows[:CHOICES_MAX]],
        "lines_sum": sum(one.amount for one in told.lines),
        "rows_sum": sum(one.amount for one in told.rows),
    }
    if request.method != "POST":
        return page(request, "ledger/treasury_reconcile_account.html", context)
    if request.POST.get("do") == "import":
        return _bring(request, account_id, context)
    body = {
        "account_id": str(account_id),
        "line_ids": request.POST.getlist("line_ids"),
        "transfer_ids": request.POST.getlist("transfer_ids"),
    }
    done = T("짝을 지었습니다.", "Matched.")
    return _answer(request, "ledger.match.confirm", body, context, done)


def _line(one: LineView, unit: str) -> tuple[str, str, str]:
    more = [one.reference] if one.reference else []
    if one.is_own:
        more.append(str(T("내가 올림", "brought in by me")))
    return one.id, f"{formats.day(one.on)} {signed(one.amount, unit)}", " · ".join(more)


def _row(one: RowView, unit: str) -> tuple[str, str, str]:
    return one.id, f"{formats.day(one.on)} {signed(one.amount, unit)}", f"{one.id} · {one.purpose}"


def _bring(request: HttpRequest, account_id: int, context: dict[str, object]) -> HttpResponse:
    again = "ledger/treasury_reconcile_account.html"
    file = request.FILES.get("content")
    try:
        if TOO_LARGE in request.META or (file is not None and (file.size or 0) > FILE_MAX):
            most = T(f"{FILE_MAX // 10**6}MB까지", f"at most {FILE_MAX // 10**6} MB")
            raise Refusal(CoreCode.BAD_FIELD, field="content", range=most)
        if file is None:
            raise Refusal(CoreCode.BAD_FIELD, field="content", range=NO_FILE)
    except Refusal as refusal:
        return refused(request, refusal, again=again, context=context, labels=LABELS)
    answer = act(
        request,
        "ledger.statement.import",
        {"account_id": str(account_id), "content": file.read()},
        success_url=lambda done: (
            f"{context['here']}?lines={done.result.lines}&new={done.result.new}"
        ),
        again=again,
        context=context,
        labels=LABELS,
    )
    assert not isinstance(answer, Outcome)
    return answer


def waive(request: HttpRequest, book_id: int, account_id: int, line_id: int) -> HttpResponse:
    """Take a line of the bank out of what is open, with a reason."""
    _actor, context, told = _found(request, book_id, account_id)
    line = next((one for one in told.lines if one.id == str(line_id)), None)
    if line is None:
        raise Refusal(CoreCode.NOT_FOUND)
    context |= {"line": line, "deed": "waive"}
    if request.method != "POST":
        return page(request, "ledger/treasury_reconcile_line.html", context)
    body = {"account_id": str(account_id), "line_ids": [line.id]}
    done = T("따로 처리했습니다.", "The line is waived.")
    return _answer(request, "ledger.match.waive", body, context, done)


def undo(request: HttpRequest, book_id: int, account_id: int, line_id: int) -> HttpResponse:
    """Open a matched or waived line again, with a reason."""
    _actor, context, told = _found(request, book_id, account_id)
    match = next((one for one in told.matched if one.line.id == str(line_id)), None)
    if match is None:
        raise Refusal(CoreCode.NOT_FOUND)
    context |= {"line": match.line, "deed": "undo"}
    if request.method != "POST":
        return page(request, "ledger/treasury_reconcile_line.html", context)
    body = {"account_id": str(account_id), "line_id": match.line.id}
    return _answer(
        request, "ledger.match.undo", body, context, T("되돌렸습니다.", "It is open again.")
    )


def _answer(
    request: HttpRequest, name: str, body: Mapping[str, object], context: dict[str, object], done: T
) -> HttpResponse:
    template = "line" if "deed" in context else "account"
    answer = act(
        request,
        name,
        body,
        success_url=str(context["here"]),
        again=f"ledger/treasury_reconcile_{template}.html",
        context=context,
        labels=LABELS,
        done=done,
    )
    assert not isinstance(answer, Outcome)
    return answer


HERE = "treasury/books/<int:book_id>/reconcile/"
ACCOUNT = f"{HERE}<int:account_id>/"
urlpatterns = [
    path(HERE, accounts, name="treasury_reconcile"),
    path(ACCOUNT, account, name="treasury_reconcile_account"),
    path(f"{ACCOUNT}waive/<int:line_id>/", waive, name="treasury_waive"),
    path(f"{ACCOUNT}undo/<int:line_id>/", undo, name="treasury_undo"),
]
