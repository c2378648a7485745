"""Reports: what became of the agreements of one process, on screen, on paper and as a file."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import path

from dure.core import clock
from dure.core.actors import Actor
from dure.core.parsers import ParseError, form_date
from dure.core.text import T
from dure.exchange.queries import reports
from dure.exchange.queries.desk import coordinates
from dure.interfaces.web.base import known_actor, page, picked
from dure.interfaces.web.downloads import TYPES, downloaded
from dure.interfaces.web.money_frame import signed_in

UNITS = {
    "MIN": T("분", "minutes"),
    "GRM": T("그램", "grams"),
    "MTR": T("미터", "metres"),
    "H87": T("개", "items"),
    "C62": T("건", "cases"),
    "KRW": T("원", "won"),
}
SPAN_DAYS = 90


def _day(request: HttpRequest, name: str, otherwise: date) -> date:
    try:
        return form_date(request.GET.get(name, ""))
    except ParseError:
        return otherwise


def _asked(request: HttpRequest, actor: Actor) -> reports.Asked:
    """What the address asks for; what it does not say, or says wrongly, is the usual."""
    keys = {one.key: one for one in reports.processes()}
    ends = _day(request, "ends", clock.today())
    begins = _day(request, "begins", ends - timedelta(days=SPAN_DAYS - 1))
    if not timedelta() <= ends - begins < timedelta(days=reports.DAYS_MAX):
        begins = ends - timedelta(days=SPAN_DAYS - 1)
    chosen = picked(request, "organisation", frozenset(one for one, _ in reports.hosts(actor)))
    process = picked(request, "process", keys, next(iter(keys)))
    return reports.Asked(process, begins, ends, UUID(chosen) if chosen else None)


def report(request: HttpRequest) -> HttpResponseBase:
    """Choose a process and days; read, print or download what became of its agreements."""
    signed_in(request)
    actor = known_actor(request)
    if not coordinates(actor):
        raise Http404
    if request.method == "POST":
        form = request.POST.get("form", "")
        body: dict[str, object] = {
            name: request.POST.get(name, "") for name in ("process", "begins", "ends", "form")
        }
        if request.POST.get("organisation"):
            body["organisation_id"] = request.POST["organisation"]
        name = f"dure-{body['process']}-{body['begins']}-{body['ends']}.{form}"
        return downloaded(request, "exchange.report.export", body, name, TYPES.get(form, ""))
    found = reports.report(_asked(request, actor), actor)
    context = {
        "report": found,
        "processes": [(one.key, one.text) for one in reports.processes()],
        "hosts": reports.hosts(actor),
        "forms": (("csv", T("CSV로 받기", "As CSV")), ("xlsx", T("엑셀로 받기", "As XLSX"))),
        "took": int(found.took.total_seconds()) // 60 if found.took is not None else None,
        "facts": [(one, UNITS.get(one.unit, one.unit)) for one in found.facts],
    }
    return page(request, "exchange/report.html", context)


urlpatterns = [path("exchange/reports/", report, name="exchange_report")]
