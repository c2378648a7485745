"""Answering a listing, and choosing among those who answered mine."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core import clock
from dure.core.text import T
from dure.exchange.processes import BY_VERSION
from dure.exchange.queries import agreements, browsing
from dure.interfaces.web import exchange_words as words
from dure.interfaces.web import formats
from dure.interfaces.web.agreements import LABELS
from dure.interfaces.web.base import act, page, see
from dure.interfaces.web.exchange_forms import answers_of, asked
from dure.interfaces.web.listings import answer, card_of, listing_or_404
from dure.interfaces.web.money_frame import signed_in

USUAL, QUARTER = 60, 15


def begin(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    """Ask for what is offered, or say that I can do what is asked."""
    actor = signed_in(request)
    found = listing_or_404(listing_id, actor)
    process = BY_VERSION[("time_exchange", 1)]
    is_offer = found.side == "offer"
    context = {
        "listing": found,
        "card": card_of(browsing.rows_of([found])[0]),
        "is_offer": is_offer,
        "fields": asked(process.terms, plan=True, minutes=length_of(found)),
    }
    if request.method != "POST":
        return page(request, "exchange/begin.html", context)
    if not is_offer:
        return answer(
            act(
                request,
                "exchange.listing.answer",
                {"listing_id": str(found.id)},
                success_url=reverse("web:listing", args=[found.id]),
                again="exchange/begin.html",
                context=context,
                labels=LABELS,
                done=T(
                    "돕겠다고 알렸습니다. 상대가 받아들이면 약속이 됩니다.",
                    "They are told; it becomes an agreement once they accept.",
                ),
            )
        )
    return _open(request, {"listing_id": str(found.id)}, "exchange/begin.html", context)


def length_of(listing: Any) -> int:  # Any: a row of the room
    """The minutes that a listing names, else an hour."""
    named = listing.unit == "MIN" and listing.qty_max >= QUARTER
    return int(listing.qty_max) if named else USUAL


def _open(
    request: HttpRequest, at: dict[str, object], again: str, context: dict[str, object]
) -> HttpResponse:
    """Begin a time exchange with the day, the hour and the minutes typed."""
    process = BY_VERSION[("time_exchange", 1)]
    body: dict[str, object] = {
        "process": "time_exchange",
        "start": "request",
        "terms": answers_of(request, process.terms),
        **at,
        **times_of(request),
    }
    return answer(
        act(
            request,
            "exchange.agreement.open",
            body,
            success_url=lambda done: reverse("web:agreement", args=[done.result.id]),
            again=again,
            context=context,
            labels=LABELS,
            done=T("부탁을 보냈습니다.", "Your request is sent."),
        )
    )


def times_of(request: HttpRequest) -> dict[str, object]:
    """Start and end of a typed day, hour and length; nothing when no day was typed."""
    day, hour = request.POST.get("on", "").strip(), request.POST.get("at", "").strip()
    if not day:
        return {}
    starts = words.instant_of(day, hour)
    try:
        length = timedelta(minutes=int(request.POST.get("minutes", "")))
        ends = (datetime.fromisoformat(starts) + length).isoformat()
    except (ValueError, OverflowError):
        ends = starts
    return {"starts": starts, "ends": ends}


def match(request: HttpRequest, match_id: UUID) -> HttpResponse:
    """An answer to my request, or my turn for a thing that came free."""
    actor = signed_in(request)
    found = agreements.match(match_id, actor)
    if found is None:
        raise Http404
    if found.reason == "on_the_way":
        return see(reverse("web:ride", args=[found.asset_id]))
    process = BY_VERSION[("time_exchange", 1)]
    request_row = browsing.one(found.request_id, actor)
    length = length_of(request_row) if request_row is not None else USUAL
    context: dict[str, object] = {
        "match": found,
        "when": words.window(found.starts, found.ends),
        "until": formats.soon(found.until, clock.now()) if found.until else "",
        "fields": asked(process.terms, plan=True, minutes=length),
        "is_open": found.state in ("proposed", "held") and found.is_mine,
    }
    if request.method != "POST":
        return page(request, "exchange/match.html", context)
    if request.POST.get("do") == "decline":
        return _decline(request, context, found)
    at: dict[str, object] = {"listing_id": str(found.request_id), "other_id": str(found.by_id)}
    return _open(request, at, "exchange/match.html", context)


def _decline(request: HttpRequest, context: dict[str, object], found: Any) -> HttpResponse:
    """Thank a neighbour for an answer that is not taken."""  # Any: a match of the room
    return answer(
        act(
            request,
            "exchange.match.decline",
            {"match_id": str(found.id)},
            success_url=reverse("web:exchange_mine"),
            again="exchange/match.html",
            context=context,
            labels=LABELS,
            done=T("고맙다고 전하고 사양했습니다.", "Declined, with thanks."),
        )
    )


urlpatterns = [
    path("exchange/listings/<uuid:listing_id>/answer/", begin, name="listing_answer"),
    path("exchange/matches/<uuid:match_id>/", match, name="exchange_match"),
]
