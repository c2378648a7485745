"""Repair: events, record sheets for a phone, quick entry, statistics."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core.actions import run
from dure.core.errors import Refusal
from dure.core.text import T
from dure.engines.ords_words import Outcome
from dure.exchange import queries, words
from dure.interfaces.web import charts, exchange_words
from dure.interfaces.web.base import (
    act,
    actor_of,
    body_of,
    known_actor,
    page,
    paged,
    picked,
    refused,
    see,
)
from dure.interfaces.web.charts import Chart, Point
from dure.interfaces.web.downloads import TYPES, downloaded
from dure.interfaces.web.repair_sheets import (
    LABELS,
    answer,
    event_or_404,
    href_of,
    many,
    paper,
    sheet,
)

SEOUL = ZoneInfo("Asia/Seoul")
FILE_MAX = 16 * 2**20


def events(request: HttpRequest) -> HttpResponse:
    """Upcoming and past repair events."""
    district = picked(request, "district", frozenset(d for d, _ in _districts()))
    rows = paged(request, queries.events(district=district or None))
    rows.object_list = queries.event_rows(list(rows.object_list))
    upcoming = queries.event_rows(
        list(queries.events(district=district or None, upcoming=True)[:10])
    )
    return page(
        request,
        "repair/events.html",
        {
            "rows": rows,
            "upcoming": upcoming,
            "districts": _districts(),
            "hosts": queries.hosted_organisations(known_actor(request)),
        },
    )


def _districts() -> list[tuple[str, str]]:
    return queries.districts_with_events()


def numbers(request: HttpRequest) -> HttpResponse:
    """Statistics over all events."""
    district = picked(request, "district", frozenset(d for d, _ in _districts()))
    told = queries.statistics(district=district or None)
    # volunteers are people: their time is shown live for the whole city only
    context = {"told": told, "districts": _districts(), "show_time": not district, **_charts(told)}
    return page(request, "repair/numbers.html", context)


def _charts(told: queries.Statistics) -> dict[str, Chart]:
    counted = (
        (Outcome.FIXED, told.fixed),
        (Outcome.REPAIRABLE, told.repairable),
        (Outcome.END_OF_LIFE, told.end_of_life),
        (Outcome.UNKNOWN, told.unknown),
    )
    unit = str(T("건", "items"))
    return {
        "outcomes": charts.bar(
            str(T("수리 결과", "Results of repairs")),
            [Point(str(words.OUTCOMES_SHORT[one]), count) for one, count in counted],
            unit=unit,
        ),
        "kinds": charts.bar(
            str(T("많이 가져온 물건", "What people bring most")),
            [Point(str(words.category(kind)), count) for kind, count, _ in told.categories[:8]],
            unit=unit,
        ),
        "barriers": charts.bar(
            str(T("못 고친 까닭", "What prevented repairs")),
            [Point(str(words.BARRIERS[one]), count) for one, count in told.barriers],
            unit=unit,
        ),
    }


def event(request: HttpRequest, pool_id: UUID) -> HttpResponse:
    """One event: facts, statistics, records."""
    found = event_or_404(pool_id)
    actor = known_actor(request)
    can = queries.can_at(found, actor)
    told = queries.statistics_of([found.id])
    records = paged(request, queries.records(found.id))
    context = {
        "event": found,
        "when": exchange_words.between(found.opens, found.closes),
        "told": told,
        "records": records,
        "rows": [_shown(row) for row in records],
        "cases": queries.open_cases(found.id, actor) if actor.id else (),
        "can": can,
        "show_time": can.record,
        "outcomes": _charts(told)["outcomes"],
    }
    if request.method != "POST":
        return page(request, "repair/event.html", context)
    return answer(
        act(
            request,
            "exchange.pool.cancel",
            {"pool_id": str(found.id)},
            success_url=href_of(found.id),
            again="repair/event.html",
            context=context,
            labels=LABELS,
            done=T("모임을 취소했습니다.", "The event is cancelled."),
        )
    )


def _shown(row: queries.RecordRow) -> dict[str, object]:
    return {
        "id": row.id,
        "category": words.category(row.category),
        "outcome": words.OUTCOMES_SHORT[row.outcome],
        "kind": {Outcome.FIXED: "ok", Outcome.REPAIRABLE: "wait"}.get(row.outcome, "draft"),
        "barrier": words.BARRIERS[row.barrier] if row.barrier else "",
        "minutes": row.minutes,
    }


# --- opening an event


def new_event(request: HttpRequest) -> HttpResponse:
    """Open an event for an organisation that one works for."""
    hosts = queries.hosted_organisations(known_actor(request))
    context = {"hosts": hosts}
    if request.method != "POST":
        return page(request, "repair/new.html", context)
    body = body_of(request, "organisation_id", "title", "place")
    for name in ("opens", "closes"):
        body[name] = _moment(request.POST.get("on", ""), request.POST.get(name, ""))
    return answer(
        act(
            request,
            "exchange.pool.open",
            body,
            success_url=lambda done: href_of(done.result.id),
            again="repair/new.html",
            context=context,
            labels=LABELS,
            done=T("모임을 열었습니다.", "The event is open."),
        )
    )


def _moment(day: str, clock: str) -> str:
    """The instant of a date and a time of day in Seoul; what is not one stays as typed."""
    try:
        return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=SEOUL).isoformat()
    except ValueError:
        return f"{day} {clock}".strip()


def bring_file(request: HttpRequest) -> HttpResponse:
    """Import a partner's file; its answer is the page: every line, or why not."""
    hosts = queries.hosted_organisations(known_actor(request))
    context: dict[str, object] = {"hosts": hosts, "most": FILE_MAX // 2**20}
    sent = request.FILES.get("file")
    if request.method != "POST" or not hosts:
        return page(request, "repair/import.html", context)
    if sent is None or sent.size is None or sent.size > FILE_MAX:
        return page(request, "repair/import.html", {**context, "wrong": True}, status=422)
    body = {"content": sent.read(), **body_of(request, "organisation_id")}
    try:
        told = run("exchange.repair.import", body, actor_of(request)).result
    except Refusal as refusal:
        return refused(request, refusal, again="repair/import.html", context=context, labels=LABELS)
    kinds = [(str(words.DEVIATIONS[kind.kind]), kind.count) for kind in told.deviations]
    return page(request, "repair/imported.html", {"told": told, "kinds": kinds})


def export(request: HttpRequest) -> HttpResponse | FileResponse:
    """The records of one's own scope as ORDS, without free text; the download leaves a record."""
    if request.method != "POST":
        return see(reverse("web:repair"))
    return downloaded(request, "exchange.repair.export", {}, "repairs-ords-0.3.csv", TYPES["csv"])


HERE = "exchange/repair/"
urlpatterns = [
    path(HERE, events, name="repair"),
    path(f"{HERE}numbers/", numbers, name="repair_numbers"),
    path(f"{HERE}new/", new_event, name="repair_new"),
    path(f"{HERE}import/", bring_file, name="repair_import"),
    path(f"{HERE}export.csv", export, name="repair_export"),
    path(f"{HERE}<uuid:pool_id>/", event, name="repair_event"),
    path(f"{HERE}<uuid:pool_id>/sheet/", sheet, name="repair_sheet"),
    path(f"{HERE}<uuid:pool_id>/many/", many, name="repair_many"),
    path(f"{HERE}<uuid:pool_id>/paper/", paper, name="repair_paper"),
]
