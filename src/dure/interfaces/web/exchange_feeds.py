"""Feeds: my agreements in my own calendar, by a secret address; a library's availability and
what is offered to everybody, open."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path, reverse
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_safe

from dure.core import clock, tokens
from dure.core.actions import Outcome
from dure.core.actors import Actor
from dure.core.text import T
from dure.engines import gbfs, ical
from dure.engines.offers import write_offer
from dure.exchange.queries import availability as availabilities
from dure.exchange.queries import browsing, calendars
from dure.exchange.queries.listings_linked import linked
from dure.interfaces.web.base import Form, act, known_actor, page
from dure.interfaces.web.money_codes import origin_of
from dure.interfaces.web.money_frame import signed_in

DAYS = 365


def addresses(request: HttpRequest) -> HttpResponse:
    """The addresses of my calendar; a new one is shown once, on the answer to the form."""
    signed_in(request)
    if request.method != "POST":
        return _page(request)
    token = tokens.new_token()
    body = {
        "label": str(T("내 달력 주소", "Address of my calendar")),
        "purpose": tokens.CALENDAR,
        "days": str(DAYS),
        "token_hash": tokens.hash_of(token),
    }
    told = act(request, "core.token.create", body, again=lambda form: _page(request, form=form))
    if not isinstance(told, Outcome):
        return told
    made = "" if told.replayed else f"{origin_of(request)}{reverse('web:calendar', args=[token])}"
    return _page(request, made=made)


def _page(request: HttpRequest, *, made: str = "", form: Form | None = None) -> HttpResponse:
    mine = [one for one in tokens.of(known_actor(request)) if one.purpose == tokens.CALENDAR]
    context: dict[str, object] = {
        "made": made,
        "tokens": [one for one in mine if one.is_in_force],
        "days": DAYS,
    }
    if form is not None:
        context["form"] = form
    return page(request, "exchange/calendar.html", context)


def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The file behind an address; unknown, ended and withdrawn ones are not found alike."""
    person = tokens.open_calendar(token)
    if person is None or not calendars.is_active(person):
        raise Http404
    content = ical.feed(
        calendars.entries(person),
        name=str(T("두레 약속", "Dure agreements")),
        made_at=clock.now(),
    )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


# --- what a library lends, for everybody


def availability(request: HttpRequest, organisation_id: UUID, feed: str) -> HttpResponse:
    """One document of a library's public feed (GBFS 3.1); a library that lends nothing has none."""
    found = availabilities.of_library(
        organisation_id,
        contact=settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">"),
        secret=salted_hmac("exchange.gbfs", str(organisation_id), algorithm="sha256").digest(),
    )
    if found is None:
        raise Http404
    now = clock.now()
    writers: dict[str, Callable[[], dict[str, object]]] = {
        "gbfs": lambda: gbfs.discovery(
            f"{origin_of(request)}{request.path.rpartition('/')[0]}/", now
        ),
        "system_information": lambda: gbfs.system_information(found.system, now),
        "station_information": lambda: gbfs.station_information(found.stations, now),
        "vehicle_types": lambda: gbfs.vehicle_types(found.types, now),
        "vehicle_availability": lambda: gbfs.vehicle_availability(found.vehicles, now),
        "system_pricing_plans": lambda: gbfs.system_pricing_plans(found.plans, now),
    }
    if feed not in writers:
        raise Http404
    return _open(writers[feed]())


@require_safe
def offer(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    """A listing as linked data (schema.org): the same for everybody, so only what is public."""
    found = browsing.one(listing_id, Actor.anonymous())
    if found is None:
        raise Http404
    url = f"{origin_of(request)}{reverse('web:listing', args=[found.id])}"
    response = _open(write_offer(linked(found, url)))
    response["Content-Type"] = "application/ld+json; charset=utf-8"
    return response


def _open(told: dict[str, object]) -> JsonResponse:
    """An answer that anybody may read, keep for a minute and use on a page of their own."""
    response = JsonResponse(told, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "public, max-age=60"
    response["Access-Control-Allow-Origin"] = "*"
    return response


HERE = "exchange/calendar/"
urlpatterns = [
    path(
        "exchange/library/gbfs/<uuid:organisation_id>/<slug:feed>.json",
        availability,
        name="availability",
    ),
    path("exchange/listings/<uuid:listing_id>/offer.jsonld", offer, name="listing_linked"),
    path(HERE, addresses, name="calendars"),
    path(f"{HERE}<slug:token>.ics", calendar, name="calendar"),
]
