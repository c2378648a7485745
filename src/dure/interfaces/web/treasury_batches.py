"""Many payments of a book from one file: verdict a row, all or nothing, receipt."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core.actions import Outcome
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.interfaces.web.base import Form, act, page, paged, refused
from dure.interfaces.web.money_frame import signed_in
from dure.interfaces.web.uploads import TOO_LARGE
from dure.ledger.errors import LedgerCode
from dure.ledger.payment_lists import COLUMNS, FILE_MAX, ROWS_MAX, Judged
from dure.ledger.queries import batches, keeping
from dure.ledger.queries.keeping import BookView

LABELS = {"file": T("파일", "File"), "rows": T("줄", "Rows")}
STEPS = (T("파일", "File"), T("살펴보기", "Check"), T("받은 결과", "Receipt"))
ROWS_TEXT_MAX = 2_000_000
BAD_SHOWN, GOOD_SHOWN = 200, 50
EXAMPLE = "보내는 계정,받는 쪽,금액,용도,날짜\n"
NO_FILE = T("CSV나 XLSX 파일을 골라 주세요", "a CSV or XLSX file")


@dataclass(frozen=True, slots=True)
class Shown:
    """One row of the check page: what would be posted, or where it fails.

    place : column and sentence of each fault
    """

    line: int
    debit: str
    credit: str
    amount: int | None
    unit: str
    typed: str
    purpose: str
    day: str
    places: tuple[tuple[str, str], ...]


def batch(request: HttpRequest, book_id: int) -> HttpResponse:
    """Bring a file; see every row; post all. Nothing is kept between the steps."""
    actor = signed_in(request)
    book = keeping.book(actor, book_id)
    if request.GET.get("format") == "csv":
        return _example(book)
    if request.method != "POST":
        return _file(request, book)
    if "rows" in request.POST:
        return _post(request, book)
    try:
        rows = batches.judged(actor, book.id, _content(request))
    except Refusal as refusal:
        return refused(
            request, refusal, again=lambda form: _file(request, book, form), labels=LABELS
        )
    return _check(request, book, rows)


def _content(request: HttpRequest) -> bytes:
    file = request.FILES.get("file")
    if TOO_LARGE in request.META or (file is not None and (file.size or 0) > FILE_MAX):
        most = T(f"{FILE_MAX // 10**6}MB까지의 파일", f"a file of at most {FILE_MAX // 10**6} MB")
        raise Refusal(CoreCode.BAD_FIELD, field="file", range=most)
    if file is None:
        raise Refusal(CoreCode.BAD_FIELD, field="file", range=NO_FILE)
    content: bytes = file.read()
    return content


def _file(request: HttpRequest, book: BookView, form: Form | None = None) -> HttpResponse:
    context = {
        "book": book,
        "step": 1,
        "steps": [str(one) for one in STEPS],
        "columns": [str(one) for one in COLUMNS.values()],
        "rows_max": ROWS_MAX,
        "form": form,
    }
    return page(request, "ledger/treasury_batch.html", context, status=form.status if form else 200)


def _shown(row: Judged) -> Shown:
    account = row.debit or row.credit
    return Shown(
        line=row.line,
        debit=row.debit.label if row.debit else row.typed.get("debit", ""),
        credit=row.credit.label if row.credit else row.typed.get("credit", ""),
        amount=row.amount,
        unit=account.unit.code if account else "KRW",
        typed=row.typed.get("amount", ""),
        purpose=row.purpose or row.typed.get("purpose", ""),
        day=row.event_date.isoformat() if row.event_date else row.typed.get("event_date", ""),
        places=tuple((str(COLUMNS[one.column]), str(one.why)) for one in row.faults),
    )


def _check(request: HttpRequest, book: BookView, rows: list[Judged]) -> HttpResponse:
    """Every row with its verdict; the button is there when all are good."""
    bad = [row for row in rows if row.faults]
    body = [] if bad else [row.body() for row in rows]
    lines = [row.line for row in rows]
    return _draw_check(
        request, book, [_shown(row) for row in rows], batches.sums(rows), body, lines
    )


def _draw_check(
    request: HttpRequest,
    book: BookView,
    rows: list[Shown],
    sums: tuple[tuple[str, int], ...],
    body: list[dict[str, object]],
    lines: list[int],
    form: Form | None = None,
) -> HttpResponse:
    bad = [row for row in rows if row.places]
    shown = bad[:BAD_SHOWN] + [row for row in rows if not row.places][:GOOD_SHOWN]
    context = {
        "book": book,
        "step": 2,
        "steps": [str(one) for one in STEPS],
        "rows": shown,
        "more": len(rows) - len(shown),
        "bad": len(bad),
        "count": len(rows),
        "sums": sums,
        "body": "" if bad else json.dumps([body, lines], ensure_ascii=False),
        "form": form,
    }
    status = form.status if form else 422 if bad else 200
    return page(request, "ledger/treasury_batch.html", context, status=status)


def _post(request: HttpRequest, book: BookView) -> HttpResponse:
    """Post what the check page showed; the door judges every row again."""
    body, lines = _sent_rows(request)

    def again(form: Form) -> HttpResponse:
        if form.code == CoreCode.SECOND_PERSON.spec.name:
            context = {"book": book, "count": len(body)}
            return page(request, "ledger/treasury_batch_waiting.html", context, status=202)
        return _refused_rows(request, book, body, lines, form)

    answer = act(
        request,
        "ledger.batch.post",
        {"book_id": str(book.id), "rows": body},
        success_url=lambda done: reverse("web:treasury_batch_done", args=[book.id, done.result.id]),
        again=again,
        labels=LABELS,
        done=T("모두 보냈습니다.", "All rows are posted."),
    )
    assert not isinstance(answer, Outcome)
    return answer


def _sent_rows(request: HttpRequest) -> tuple[list[dict[str, object]], list[int]]:
    text = request.POST.get("rows", "")
    try:
        body, lines = json.loads(text[:ROWS_TEXT_MAX])
        rows = [dict(one) for one in body]
        numbers = [int(one) for one in lines]
    except (ValueError, TypeError):
        raise Refusal(LedgerCode.BATCH_SIZE, field="rows") from None
    if not 1 <= len(rows) <= ROWS_MAX or len(rows) != len(numbers):
        raise Refusal(LedgerCode.BATCH_SIZE, field="rows")
    return rows, numbers


def _refused_rows(
    request: HttpRequest,
    book: BookView,
    body: list[dict[str, object]],
    lines: list[int],
    form: Form,
) -> HttpResponse:
    """The check page again, with what the door says of each row beside it."""
    ends = [str(row.get(name, "")) for row in body for name in ("debit", "credit")]
    named = batches.labels(book, ends)
    told = {name: form.errors.pop(name) for name in list(form.errors) if name.startswith("rows.")}
    rows, sums = [], dict[str, int]()
    for place, row in enumerate(body):
        debit, credit, amount = str(row.get("debit")), str(row.get("credit")), row.get("amount")
        unit = named.get(debit, ("", "KRW"))[1]
        number = amount if type(amount) is int else None
        sums[unit] = sums.get(unit, 0) + (number or 0)
        why = [text for name, text in told.items() if name.split(".")[1] == str(place)]
        rows.append(
            Shown(
                line=lines[place],
                debit=named.get(debit, ("", ""))[0],
                credit=named.get(credit, ("", ""))[0],
                amount=number,
                unit=unit,
                typed=str(amount)[:40],
                purpose=str(row.get("purpose", ""))[:120],
                day=str(row.get("event_date", ""))[:10],
                places=tuple(("", one) for one in why),
            )
        )
    if told and not form.sentence:
        form.sentence = str(
            T(
                "보내지 않았습니다. 고칠 줄이 %(n)s건 있습니다.",
                "Nothing was posted. %(n)s rows must be corrected.",
            )
            % {"n": len({name.split(".")[1] for name in told})}
        )
    return _draw_check(request, book, rows, tuple(sorted(sums.items())), body, lines, form)


def done(request: HttpRequest, book_id: int, first: int) -> HttpResponse:
    """The receipt of a batch: every row with its number."""
    actor = signed_in(request)
    book = keeping.book(actor, book_id)
    told = batches.posted(book, first)
    rows = paged(request, told.rows)
    context = {
        "book": book,
        "told": told,
        "rows": batches.views(list(rows.object_list)),
        "page": rows,
        "steps": [str(one) for one in STEPS],
    }
    return page(request, "ledger/treasury_batch_done.html", context)


def _example(book: BookView) -> HttpResponse:
    """A file with the header alone, to be filled in."""
    response = HttpResponse("\ufeff" + EXAMPLE, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="payments-{book.id}.csv"'
    return response


HERE = "treasury/books/<int:book_id>/batch/"
urlpatterns = [
    path(HERE, batch, name="treasury_batch"),
    path(f"{HERE}<int:first>/", done, name="treasury_batch_done"),
]
