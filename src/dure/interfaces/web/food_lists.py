"""Producers' lists: a template to download, a file to bring, its faults row by row; all or none."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path, reverse

from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.engines.cells import SheetRefused
from dure.engines.tables_out import csv_lines, write_xlsx
from dure.exchange import catalogue
from dure.exchange.food_terms import ORIGINS
from dure.exchange.queries import food as queries
from dure.interfaces.web import food_words as words
from dure.interfaces.web import formats
from dure.interfaces.web.base import Form, act, page, refused
from dure.interfaces.web.downloads import TYPES
from dure.interfaces.web.food_desk import hosted_or_404
from dure.interfaces.web.listings import answer
from dure.interfaces.web.money_frame import signed_in
from dure.interfaces.web.uploads import TOO_LARGE
from dure.registry import spool
from dure.registry.import_errors import refusal_of

MISSING = T("엑셀 파일(.xlsx)이나 CSV", "a workbook (.xlsx) or CSV")
FAULTS_HEAD = ("줄 line", "열 column", "값 value", "까닭", "할 일", "why", "what to do")
FAULTS_SHOWN = 50
NAMES = dict(catalogue.COLUMNS)
KEPT, KEPT_MOST = "food_files", 5  # the files that a session brought, by their names in the spool
GIFT = "gift"


def lists(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """Bring a producer's list: it is read whole, its faults shown, then stored in one go."""
    actor = signed_in(request)
    found = hosted_or_404(cycle_id, actor)
    wanted = (request.GET.get("q") or request.POST.get("q") or "").strip()[:100]
    context = {
        "cycle": found,
        "producers": [(str(key), name) for key, name in queries.producers_for(cycle_id, wanted)],
        "q": wanted,
        "loaded": _loaded(cycle_id),
        "columns": [str(text) for _, text in catalogue.COLUMNS],
    }
    if request.method != "POST":
        return page(request, "exchange/food/lists.html", context)
    try:
        if request.POST.get("step") == "store":
            return _store(request, cycle_id, context)
        return _check(request, cycle_id, context)
    except Refusal as refusal:
        return _again(request, refusal, context)


def _again(request: HttpRequest, refusal: Refusal, context: dict[str, object]) -> HttpResponse:
    return refused(
        request,
        refusal,
        again="exchange/food/lists.html",
        context=context,
        labels=words.LABELS,
    )


def _loaded(cycle_id: UUID) -> list[tuple[str, int]]:
    """The producers whose lists stand, with how many products each brings."""
    counted: dict[str, int] = {}
    for one in queries.products(cycle_id):
        counted[one.producer] = counted.get(one.producer, 0) + (not one.is_withdrawn)
    return sorted(counted.items())


def _check(request: HttpRequest, cycle_id: UUID, context: dict[str, object]) -> HttpResponse:
    """Keep the file aside and show what was read of it."""
    file = request.FILES.get("content")
    producer = request.POST.get("producer_id", "")
    name_of = queries.producer(producer)
    if name_of is None:
        raise Refusal(CoreCode.BAD_FIELD, field="producer_id", range=T("생산자", "a producer"))
    if file is None or not file.name or TOO_LARGE in request.META:
        raise Refusal(CoreCode.BAD_FIELD, field="content", range=MISSING)
    name = spool.put(file.chunks(), file.name)
    request.session[KEPT] = [*request.session.get(KEPT, ()), name][-KEPT_MOST:]
    try:
        lines, faults = read(request, name, is_gift=is_gift(context))
    except Refusal:
        spool.drop(name)
        raise
    rows = [_told(line) for line in lines]
    shown = context | {
        "file": name,
        "file_name": file.name,
        "producer_id": producer,
        "producer_name": name_of,
        "faults": [(one, NAMES.get(one.column, one.column)) for one in faults[:FAULTS_SHOWN]],
        "fault_count": len(faults),
        "faulty_rows": len({fault.line for fault in faults}),
        "lines": rows[:FAULTS_SHOWN],
        "line_count": len(rows),
    }
    status = 422 if faults else 200
    return page(request, "exchange/food/lists_check.html", shown, status=status)


def is_gift(context: dict[str, Any]) -> bool:  # Any: what the page shows
    """Whether the list is for a cycle without a price."""
    return bool(context["cycle"].row.pays == GIFT)


def read(
    request: HttpRequest, name: str, *, is_gift: bool
) -> tuple[Any, Any]:  # Any: lines and faults as read
    """Read a file that this session brought; the spool holds others' files, too. Raises Refusal
    when it is no table at all."""
    if name not in request.session.get(KEPT, ()):
        raise Refusal(CoreCode.NOT_FOUND)
    with spool.path_of(name).open("rb") as file:
        try:
            return catalogue.read_file(file, is_gift=is_gift)
        except SheetRefused as why:
            refusal = refusal_of(why)
            refusal.field = "content"
            raise refusal from why


def _told(line: Any) -> dict[str, object]:  # Any: a line of the room's reader
    """A line that was read, in words."""
    return {
        "line": line,
        "price": words.price_of(line, "won"),
        "estate": words.amount(line.estate, line.unit),
        "origin": line.origin_text or str(ORIGINS[line.origin]),
        "margin": formats.portion(line.margin_ppm, 1_000_000, 0) if line.margin_ppm else "",
    }


def _store(request: HttpRequest, cycle_id: UUID, context: dict[str, object]) -> HttpResponse:
    """Store the whole list, or nothing of it."""
    name = request.POST.get("file", "")
    try:
        lines, faults = read(request, name, is_gift=is_gift(context))
    except Refusal as refusal:
        raise Refusal(CoreCode.BAD_FIELD, field="content", range=MISSING) from refusal
    if faults:
        raise Refusal(CoreCode.BAD_FIELD, field="content", range=MISSING)
    body = {
        "cycle_id": str(cycle_id),
        "producer_id": request.POST.get("producer_id", ""),
        "lines": tuple(line.body() for line in lines),
    }

    def again(form: Form) -> HttpResponse:
        return page(
            request, "exchange/food/lists.html", {**context, "form": form}, status=form.status
        )

    response = answer(
        act(
            request,
            "exchange.catalogue.load",
            body,
            success_url=reverse("web:food_lists", args=[cycle_id]),
            again=again,
            labels=words.LABELS,
            done=T("목록을 모두 올렸습니다.", "The whole list is stored."),
        )
    )
    spool.drop(name)
    return response


def template(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """An empty workbook with the right columns and one example row."""
    hosted_or_404(cycle_id, signed_in(request))
    target = io.BytesIO()
    write_xlsx(target, "두레", [str(text) for _, text in catalogue.COLUMNS], catalogue.EXAMPLES)
    response = HttpResponse(target.getvalue(), content_type=TYPES["xlsx"])
    response["Content-Disposition"] = 'attachment; filename="dure-products.xlsx"'
    return response


def faults(request: HttpRequest, cycle_id: UUID, name: str) -> StreamingHttpResponse:
    """The faults of a file that was brought, as CSV: where, what, why, what to do."""
    cycle = hosted_or_404(cycle_id, signed_in(request))
    _lines, found = read(request, name, is_gift=cycle.row.pays == GIFT)
    body = ((f.line, str(NAMES.get(f.column, f.column)), f.value, *_both(f)) for f in found)
    response = StreamingHttpResponse(
        csv_lines(FAULTS_HEAD, body), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="faults.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


def _both(fault: Any) -> tuple[str, str, str, str]:  # Any: a fault of the room's reader
    return fault.what.ko, fault.remedy.ko, fault.what.en, fault.remedy.en


HERE = "exchange/food/<uuid:cycle_id>/lists/"
urlpatterns = [
    path(HERE, lists, name="food_lists"),
    path(f"{HERE}template.xlsx", template, name="food_template"),
    path(f"{HERE}faults/<slug:name>.csv", faults, name="food_faults"),
]
