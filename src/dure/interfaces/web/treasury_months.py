"""Trial balance as of a day, closing of months, and the list of what was corrected."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core import clock
from dure.core.actions import Outcome
from dure.core.text import T
from dure.interfaces.web.base import act, body_of, page
from dure.interfaces.web.downloads import TYPES, downloaded
from dure.interfaces.web.money_frame import date_or_none, signed_in
from dure.ledger import words
from dure.ledger.queries import keeping, trial
from dure.ledger.queries.trial import Trial


def trial_balance(request: HttpRequest, book_id: int) -> HttpResponse | FileResponse:
    """The trial balance of a book: screen, paper, CSV, workbook."""
    actor = signed_in(request)
    book = keeping.book(actor, book_id)
    today = clock.today()
    as_of = min(date_or_none(request.GET.get("to", "")) or today, today)
    since = date_or_none(request.GET.get("from", ""))
    told = trial.balance(actor, str(book_id), as_of, min(since, as_of) if since else None)
    asked = request.POST.get("format", "")
    if asked in ("csv", "xlsx"):
        return _file(request, told, asked)
    context = {
        "book": book,
        "told": told,
        "from_start": told.since == trial.FIRST,
        "days": f"from={told.since}&to={told.as_of}",
        "type_words": words.ACCOUNT_TYPES,
        "made_at": clock.now(),
    }
    return page(request, "ledger/treasury_trial.html", context)


def _file(request: HttpRequest, told: Trial, kind: str) -> HttpResponse | FileResponse:
    """The same as a file; the download leaves a record."""
    body: dict[str, object] = {
        "book_id": told.book_id,
        "form": kind,
        "since": told.since.isoformat(),
        "to": told.as_of.isoformat(),
    }
    name = f"trial-balance-{told.book_id}-{told.as_of}.{kind}"
    return downloaded(request, "ledger.trial.export", body, name, TYPES[kind])


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
    backdated, invented = keeping.backdated(book.id)
    context = {
        "book": book,
        "reversals": keeping.reversals(book.id),
        "backdated": backdated,
        "invented": invented,
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
