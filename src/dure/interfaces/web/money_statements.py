"""Statements of a period: on the screen, printed, as CSV, as a workbook, as a PDF."""

from __future__ import annotations

import calendar
import io
import re
from collections.abc import Iterator
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.http import content_disposition_header

from dure.core import clock
from dure.core.text import T
from dure.engines.tables_out import Value, csv_lines, write_xlsx
from dure.interfaces.web.base import page
from dure.interfaces.web.money_frame import date_or_none, months, signed_in
from dure.ledger import words
from dure.ledger.queries import passages, wallets
from dure.ledger.queries.passages import Statement

DAYS_MAX = 366
ROWS_SHOWN = 500  # on a page; files hold all
MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
HEADER = (
    T("번호", "Number"),
    T("날짜", "Date"),
    T("적은 시각", "Recorded at"),
    T("종류", "Kind"),
    T("상대", "Other side"),
    T("받는 이름", "Handle"),
    T("용도", "Purpose"),
    T("단위", "Unit"),
    T("들어옴(+)·나감(-)", "In (+) or out (-)"),
    T("보류", "Held"),
    T("잔액", "Balance"),
    T("되돌린 이체", "Reversed by"),
    T("환불", "Refunded"),
)
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


def period_of(request: HttpRequest, today: date) -> tuple[date, date]:
    """Read the period of the address: a month, or two days; this month when it says neither.

    A period longer than a year is cut at its first day; two days in the wrong order are swapped.
    """
    month = MONTH.fullmatch(request.GET.get("month", ""))
    if month and 1900 <= int(month[1]) <= 2199:
        year, number = int(month[1]), int(month[2])
        return date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])
    first = date_or_none(request.GET.get("from", "")) or today.replace(day=1)
    last = date_or_none(request.GET.get("to", "")) or today
    first, last = min(first, last), max(first, last)
    return max(first, last - timedelta(days=DAYS_MAX - 1)), last


def rows_of(told: Statement) -> Iterator[tuple[Value, ...]]:
    """The rows of a statement as a table, oldest first, in minor units."""
    for row in told.rows:
        yield (
            row.id,
            row.event_date,
            row.at.astimezone(clock.SEOUL).isoformat(timespec="seconds"),
            str(words.KINDS[row.kind]),
            row.other,
            row.handle,
            row.purpose,
            told.wallet.unit,
            row.delta,
            0 if row.delta else row.amount,
            row.after,
            row.reversed_by,
            row.refunded,
        )


def statement(request: HttpRequest, account_id: int) -> HttpResponse:
    """The statement of one wallet, as a page or as a file."""
    actor = signed_in(request)
    today = clock.today()
    first, last = period_of(request, today)
    asked = request.GET.get("format", "")
    if asked in TYPES:
        return _file(passages.statement(actor, account_id, first, last), asked)
    told = passages.statement(actor, account_id, first, last, rows_max=ROWS_SHOWN)
    context = {
        "told": told,
        "wallet": told.wallet,
        "is_own": wallets.is_own(actor, told.wallet),
        "months": months(today),
        "made_at": clock.now(),
        "days": f"from={first}&to={last}",
        "kind_words": {str(number): text for number, text in words.KINDS.items()},
    }
    return page(request, "ledger/statement.html", context)


def _file(told: Statement, kind: str) -> HttpResponse:
    header = [str(one) for one in HEADER]
    if kind == "csv":
        data = b"".join(csv_lines(header, rows_of(told)))
    elif kind == "xlsx":
        buffer = io.BytesIO()
        write_xlsx(buffer, str(T("명세서", "Statement")), header, rows_of(told))
        data = buffer.getvalue()
    else:
        from dure.interfaces.web.money_paper import statement_pdf  # read by who asks for paper

        data = statement_pdf(told, clock.now())
    name = f"statement-{told.wallet.id}-{told.first}-{told.last}.{kind}"
    response = HttpResponse(data, content_type=TYPES[kind])
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


urlpatterns = [
    path("money/<int:account_id>/statement/", statement, name="money_statement"),
]
