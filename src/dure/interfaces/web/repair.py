"""Repair: events, record sheets for a phone, quick entry, statistics, cases."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.core.text import T
from dure.engines.ords_words import Outcome
from dure.exchange import interpreter, queries, words
from dure.exchange.queries import happenings
from dure.interfaces.web import charts
from dure.interfaces.web.base import (
    act,
    actor_of,
    body_of,
    known_actor,
    page,
    paged,
    picked,
    refused,
)
from dure.interfaces.web.charts import Chart, Point
from dure.interfaces.web.repair_sheets import (
    LABELS,
    answer,
    category_choices,
    event_or_404,
    facts_of,
    href_of,
    many,
    paper,
    sheet,
)
from dure.interfaces.web.things import Thing, provider

SEOUL = ZoneInfo("Asia/Seoul")
FILE_MAX = 16 * 2**20
WHYS = {
    "typo": T("잘못 적었음", "Written down wrongly"),
    "outcome_changed": T("결과가 달라짐", "The result changed"),
    "duplicate": T("두 번 적었음", "Written down twice"),
    "withdrawn": T("주인이 거둠", "Withdrawn by the owner"),
}


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


# --- cases: handed in, moved on, corrected


def bring(request: HttpRequest, pool_id: UUID) -> HttpResponse:
    """Hand in an item as its owner."""
    found = event_or_404(pool_id)
    context = {
        "event": found,
        "categories": category_choices(),
        "signed_in": known_actor(request).id,
    }
    if request.method != "POST":
        return page(request, "repair/bring.html", context)
    given = body_of(request, "category", "brand", "problem")
    terms = tuple({"name": name, "value": value} for name, value in given.items())
    return answer(
        act(
            request,
            "exchange.agreement.open",
            {"pool_id": str(found.id), "terms": terms},
            success_url=lambda done: reverse("web:repair_case", args=[done.result.id]),
            again="repair/bring.html",
            context=context,
            labels=LABELS,
            done=T("접수했습니다.", "Handed in."),
        )
    )


def case(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """One case: its state, the next step, what is known of it; steps are taken here."""
    actor = known_actor(request)
    found = queries.case(agreement_id, actor)
    if found is None or found.pool is None:
        raise Http404
    process = interpreter.process_of(found)
    state = process.state(found.state)
    latest = interpreter.latest_result(found)
    context = {
        "case": found,
        "state": state,
        "ended": process.is_terminal(state),
        "steps": [
            {"name": t.name, "text": t.text, "asks": t.asks is not None}
            for t in interpreter.steps_open(found, actor)
        ],
        "result": facts_of(_given_of(latest[0])) if latest else (),
        "minutes": latest[0].minutes if latest else None,
        "category": words.category(int(found.spec.code) if found.spec else None),
        "history": happenings.attested(found),
        "outcomes": [(o.value, str(text)) for o, text in words.OUTCOMES.items()],
        "barriers": [(b.value, str(text)) for b, text in words.BARRIERS.items()],
        "whys": [(code, str(text)) for code, text in WHYS.items()],
        "can": queries.can_at(found.pool, actor),
    }
    if request.method != "POST":
        return page(request, "repair/case.html", context)
    here = reverse("web:repair_case", args=[found.id])
    if request.POST.get("do") == "correct":
        name = "exchange.agreement.correct"
        body = {
            "agreement_id": str(found.id),
            **body_of(request, "why", "outcome", "barrier", "minutes"),
        }
    else:
        name = "exchange.agreement.step"
        given = body_of(request, "outcome", "barrier", "minutes")
        body = {
            "agreement_id": str(found.id),
            **body_of(request, "transition", "state"),
            "answers": tuple({"name": key, "value": value} for key, value in given.items()),
        }
    return answer(
        act(
            request,
            name,
            body,
            success_url=here,
            again="repair/case.html",
            context=context,
            labels=LABELS,
            done=T("저장했습니다.", "Saved."),
        )
    )


def _given_of(result: Any) -> dict[str, str]:  # Any: the room's Result
    return {
        "category": "",
        "outcome": result.outcome.value,
        "barrier": result.barrier.value if result.barrier else "",
    }


@provider
def things(actor: Actor) -> list[Thing]:
    """Repairs in which it is this person's turn."""
    return [
        Thing(
            title=f"{waiting.title}: {waiting.step}",
            why=str(T("수리 모임에서 차례가 되었습니다.", "It is your turn at a repair event.")),
            href=reverse("web:repair_case", args=[waiting.agreement_id]),
            icon="repair",
        )
        for waiting in queries.waiting_for(actor)
    ]


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


def export(request: HttpRequest) -> HttpResponse:
    """The records of one's own scope as ORDS, without free text."""
    actor = known_actor(request)
    if actor.id is None:
        raise Http404
    written = queries.ords_export(actor)
    response = HttpResponse(written.text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="repairs-ords-0.3.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


HERE = "exchange/repair/"
urlpatterns = [
    path(HERE, events, name="repair"),
    path(f"{HERE}numbers/", numbers, name="repair_numbers"),
    path(f"{HERE}new/", new_event, name="repair_new"),
    path(f"{HERE}import/", bring_file, name="repair_import"),
    path(f"{HERE}export.csv", export, name="repair_export"),
    path(f"{HERE}case/<uuid:agreement_id>/", case, name="repair_case"),
    path(f"{HERE}<uuid:pool_id>/", event, name="repair_event"),
    path(f"{HERE}<uuid:pool_id>/sheet/", sheet, name="repair_sheet"),
    path(f"{HERE}<uuid:pool_id>/many/", many, name="repair_many"),
    path(f"{HERE}<uuid:pool_id>/paper/", paper, name="repair_paper"),
    path(f"{HERE}<uuid:pool_id>/bring/", bring, name="repair_bring"),
]
