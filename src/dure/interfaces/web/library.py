"""The library of things: find one, see when it is free, book it, wait for it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core import clock
from dure.core.actors import Actor
from dure.core.text import T
from dure.exchange.queries import browsing, giving, library
from dure.exchange.queries.library import Day, Filters, ThingRow
from dure.exchange.terms import maintenance_due
from dure.interfaces.web import exchange_words as words
from dure.interfaces.web import formats
from dure.interfaces.web.base import act, body_of, known_actor, page, paged, picked
from dure.interfaces.web.exchange_forms import WORDS
from dure.interfaces.web.listings import answer
from dure.interfaces.web.loan_words import AS_SEEN, price
from dure.interfaces.web.money_frame import date_or_none

DAYS = 28
AHEAD_MAX = 366
LABELS = {**words.LABELS, **WORDS, "purpose": T("어디에 쓰나요?", "What is it for?")}
CONDITIONS = {
    "good": T("좋음", "Good"),
    "fair": T("쓸 만함", "Fair"),
    "repair": T("수리 필요", "Needs repair"),
    "retired": T("내보냄", "Retired"),
}


def things(request: HttpRequest) -> HttpResponse:
    """Things that can be borrowed, newest first."""
    specs = browsing.kinds_of_specs("item")
    filters = Filters(
        text=request.GET.get("q", "").strip()[:100],
        district=picked(request, "district", frozenset(sig for sig, _ in browsing.districts())),
        spec=picked(request, "spec", dict(specs)),
    )
    actor = known_actor(request)
    rows = paged(request, library.things(filters, actor))
    context = {
        "rows": rows,
        "cards": [card_of(row) for row in library.rows_of(list(rows))],
        "filters": filters,
        "specs": specs,
        "districts": browsing.districts(),
        "is_filtered": filters != Filters(),
        "can_lend": actor.id is not None,
        "keeps": actor.id is not None and library.stewarded(actor).exists(),
    }
    return page(request, "exchange/library.html", context)


def card_of(row: ThingRow) -> dict[str, object]:
    """A thing as a card shows it."""
    return {
        "row": row,
        "fee": price(row.fee, row.fee_unit),
        "deposit": price(row.deposit, row.deposit_unit) if row.deposit else "",
        "condition": CONDITIONS[row.condition],
    }


def thing_or_404(asset_id: UUID, actor: Actor) -> Any:  # Any: a face names no model
    """A thing the reader may see."""
    found = library.thing(asset_id, actor)
    if found is None:
        raise Http404
    return found


def thing(request: HttpRequest, asset_id: UUID) -> HttpResponse:
    """One thing: its terms, its calendar, and the form that books it."""
    actor = known_actor(request)
    found = thing_or_404(asset_id, actor)
    context = context_of(request, found, actor)
    if request.method != "POST":
        return page(request, "exchange/thing.html", context)
    if request.POST.get("do") == "wait":
        return _wait(request, found, context)
    body: dict[str, object] = {
        "process": "equipment_loan",
        "start": "hold",
        "asset_id": str(found.id),
        **_times(request),
        "terms": tuple(
            {"name": name, "value": value}
            for name, value in body_of(request, "purpose", *AS_SEEN).items()
        ),
    }
    return answer(
        act(
            request,
            "exchange.agreement.open",
            body,
            success_url=lambda done: reverse("web:agreement", args=[done.result.id]),
            again="exchange/thing.html",
            context=context,
            labels=LABELS,
            done=T(
                "자리를 잠깐 맡아 두었습니다. 이제 예약을 마쳐 주세요.",
                "The place is held for a moment; please book it now.",
            ),
        )
    )


def _times(request: HttpRequest) -> dict[str, object]:
    given = {name: request.POST.get(name, "").strip() for name in ("on", "at", "to", "back")}
    if not given["on"]:
        return {}
    return {
        "starts": words.instant_of(given["on"], given["at"]),
        "ends": words.instant_of(given["to"] or given["on"], given["back"]),
    }


def _wait(request: HttpRequest, found: Any, context: dict[str, object]) -> HttpResponse:
    """Take a place in the waiting list: a request for this thing in a span of days."""
    starts, ends = request.POST.get("from", ""), request.POST.get("until", "")
    body = {
        "side": "request",
        "title": found.title,
        "reciprocity": "gift",
        "asset_id": str(found.id),
        "district": found.district_id,
        "audience": found.audience,
        "starts": words.instant_of(starts, ""),
        "ends": words.instant_of(words.day_after(ends or starts), ""),
    }
    return answer(
        act(
            request,
            "exchange.listing.publish",
            body,
            success_url=reverse("web:asset", args=[found.id]),
            again="exchange/thing.html",
            context=context,
            labels=LABELS,
            done=T(
                "기다리는 줄에 섰습니다. 비면 차례대로 알려 드려요.",
                "You are in line and will be told when it is your turn.",
            ),
        )
    )


def context_of(request: HttpRequest, found: Any, actor: Actor) -> dict[str, object]:  # Any: a row
    """What the page of a thing shows."""
    today = clock.today()
    first = date_or_none(request.GET.get("from", "")) or today
    first = min(max(first, today), today + timedelta(days=AHEAD_MAX))
    first -= timedelta(days=first.weekday())
    chosen = date_or_none(request.GET.get("day", ""))
    if chosen is not None and not today <= chosen <= today + timedelta(days=AHEAD_MAX):
        chosen = None
    opens, closes = library.opening(found)
    row = library.rows_of([found])[0]
    waiting = library.my_waiting(found, actor)
    window = waiting.window if waiting is not None else None
    return {
        "thing": found,
        "card": card_of(row),
        "audience": words.AUDIENCES[found.audience],
        "days": [_day(day, chosen) for day in library.calendar(found, first, DAYS)],
        "names": formats.DAYS_KO if formats.in_korean() else formats.DAYS_EN,
        "earlier": first - timedelta(days=DAYS) if first > today else None,
        "later": first + timedelta(days=DAYS),
        "chosen": chosen,
        "hours": library.hours(found, chosen) if chosen else (),
        "opens": f"{opens:%H:%M}" if found.terms.get("opens") else "",
        "closes": f"{closes:%H:%M}" if found.terms.get("closes") else "",
        "max_days": found.terms.get("max_days"),
        "maintenance": maintenance_due(found.terms),
        "waiting_count": library.waiting_count(found),
        "waiting": waiting,
        "waiting_when": words.window(window.lower, window.upper) if window else "",
        "can_change": library.may_change(found, actor),
        "is_own": found.owner is not None and found.owner == actor.behalf,
        "signed_in": actor.id is not None,
        "given": giving.offer_of(found, actor),
        "can_give": giving.own_thing(found.id, actor) is not None,
        "today": today,
    }


def _day(day: Day, chosen: date | None) -> dict[str, object]:
    if day.is_past:
        kind, text = "shut", T("지남", "Past")
    elif not day.is_open:
        kind, text = "shut", T("쉼", "Shut")
    elif day.free == 0:
        kind, text = "full", T("참", "Full")
    else:
        kind, text = "free", T("비어 있음 %(n)s", "%(n)s free")
    return {
        "day": day,
        "kind": kind,
        "text": text % {"n": day.free} if kind == "free" else str(text),
        "here": day.on == chosen,
    }


HERE = "exchange/library/"
urlpatterns = [
    path(HERE, things, name="library"),
    path(f"{HERE}<uuid:asset_id>/", thing, name="asset"),
]
