"""Statements of a period: on the screen, printed, as CSV, as a workbook, as a PDF."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta

from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import path

from dure.core import clock
from dure.interfaces.web.base import page
from dure.interfaces.web.downloads import TYPES, downloaded
from dure.interfaces.web.money_frame import date_or_none, months, signed_in
from dure.ledger import papers, words
from dure.ledger.queries import passages, wallets
from dure.ledger.queries.passages import Statement

DAYS_MAX = 366
ROWS_SHOWN = 500  # on a page; files hold all
MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


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


@papers.STATEMENT.plug
def paper(told: Statement, made_at: datetime) -> bytes:
    """The statement as a PDF; what draws it is read by who asks for paper."""
    from dure.interfaces.web.money_paper import statement_pdf

    return statement_pdf(told, made_at)


def statement(request: HttpRequest, account_id: int) -> HttpResponse | FileResponse:
    """The statement of one wallet, as a page or as a file."""
    actor = signed_in(request)
    today = clock.today()
    first, last = period_of(request, today)
    form = request.POST.get("form", "")
    if form:
        body = {
            "account_id": str(account_id),
            "first": first.isoformat(),
            "last": last.isoformat(),
            "form": form,
        }
        name = f"statement-{account_id}-{first}-{last}.{form}"
        return downloaded(request, "ledger.statement.export", body, name, TYPES.get(form, ""))
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


urlpatterns = [
    path("money/<int:account_id>/statement/", statement, name="money_statement"),
]
