"""Trial balance as of a day, closing of months, and the list of what was corrected."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.http import content_disposition_header

from dure.core import clock
from dure.core.actions import Outcome
from dure.core.text import T
from dure.engines.tables_out import Value, csv_lines, write_xlsx
from dure.interfaces.web.base import act, body_of, page
from dure.interfaces.web.money_frame import date_or_none, signed_in
from dure.interfaces.web.money_statements import TYPES
from dure.ledger import words
from dure.ledger.queries import keeping, trial
from dure.ledger.queries.trial import Trial

HEADER = (
    T("계정 번호", "Account number"),
    T("계정", "Account"),
    T("갈래", "Type"),
    T("단위", "Unit"),
    T("기초", "Opening"),
    T("차변", "Debits"),
    T("대변", "Credits"),
    T("기말", "Closing"),
)


def trial_balance(request: HttpRequest, book_id: int) -> HttpResponse:
    """The trial balance of a book: screen, paper, CSV, workbook."""
    actor = signed_in(request)
    book = keeping.book(actor, book_id)
    today = clock.today()
    as_of = min(date_or_none(request.GET.get("to", "")) or today, today)
    since = date_or_none(request.GET.get("from", ""))
    told = trial.balance(actor, str(book_id), as_of, min(since, as_of) if since else None)
    asked = request.GET.get("format", "")
    if asked in ("csv", "xlsx"):
        return _file(told, asked)
    context = {
        "book": book,
        "told": told,
        "from_start": told.since == trial.FIRST,
        "days": f"from={told.since}&to={told.as_of}",
        "type_words": words.ACCOUNT_TYPES,
        "made_at": clock.now(),
    }
    return page(request, "ledger/treasury_trial.html", context)


def rows_of(told: Trial) -> Iterator[tuple[Value, ...]]:
    """The rows of a trial balance as a table, in minor units; then one row of sums a unit."""
    for row in told.rows:
        kind = str(words.ACCOUNT_TYPES[row.type])
        yield (
            row.account_id, row.label, kind, row.unit,
            row.opening, row.debits, row.credits, row.closing,
        )  # fmt: skip
    for total in told.totals:
        yield (
            "", str(T("합계", "Sum")), "", total.unit,
            total.opening, total.debits, total.credits, total.closing,
        )  # fmt: skip


def _file(told: Trial, kind: str) -> HttpResponse:
    header = [str(one) for one in HEADER]
    if kind == "csv":
        data = b"".join(csv_lines(header, rows_of(told)))
    else:
        buffer = io.BytesIO()
        write_xlsx(buffer, str(T("시산표", "Trial balance")), header, rows_of(told))
        data = buffer.getvalue()
    response = HttpResponse(data, content_type=TYPES[kind])
    name = f"trial-balance-{told.book_id}-{told.as_of}.{kind}"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def periods(request: HttpRequest, book_id: int) -> HttpResponse:
    """Close a book through a day, with a second person; the months that are closed."""
    actor = signed_in(request)
    book = keeping.book(actor, book_id)
    context: dict[str, object] = {
        "book": book,
        "periods": keeping.periods(book.id),
        "proposed": _month_end(clock.today(), book.closed_through),
    }
    if request.method != "POST":
        return page(request, "ledger/treasury_periods.html", context)
    answer = act(
        request,
        "ledger.period.close",
        {"book_id": str(book_id), **body_of(request, "to")},
        success_url=reverse("web:treasury_periods", args=[book_id]),
        again="ledger/treasury_periods.html",
        context=context,
        labels={"to": T("마감할 날", "Close through")},
        done=T("마감했습니다.", "The period is closed."),
    )
    assert not isinstance(answer, Outcome)
    return answer


def _month_end(today: date, closed: date | None) -> date | None:
    """The last day of the month before this one; None when it is closed already."""
    last = today.replace(day=1) - timedelta(days=1)
    return None if closed is not None and last <= closed else last


def changes(request: HttpRequest, book_id: int) -> HttpResponse:
    """Reversals, rows posted for an earlier day, and every change of limits."""
    actor = signed_in(request)
    book = keeping.book(actor, book_id)
    context = {
        "book": book,
        "reversals": keeping.reversals(book.id),
        "backdated": keeping.backdated(book.id),
        "limits": keeping.limit_changes(book.id),
        "latest": keeping.LATEST,
    }
    return page(request, "ledger/treasury_changes.html", context)


BOOK = "treasury/books/<int:book_id>/"
urlpatterns = [
    path(f"{BOOK}trial/", trial_balance, name="treasury_trial"),
    path(f"{BOOK}periods/", periods, name="treasury_periods"),
    path(f"{BOOK}changes/", changes, name="treasury_changes"),
]
