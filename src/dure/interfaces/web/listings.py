"""What neighbours offer and ask: list and map, one listing, writing and closing one's own."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core.actions import Outcome as Done
from dure.core.actors import Actor
from dure.core.text import T
from dure.exchange import reviewing
from dure.exchange.meeting_points import meeting_points
from dure.exchange.queries import agreements, browsing, reviews
from dure.exchange.queries.browsing import Filters, ListingRow
from dure.interfaces.web import exchange_words as words
from dure.interfaces.web.base import act, known_actor, page, paged, picked
from dure.interfaces.web.charts import Point
from dure.interfaces.web.giving_words import context_of
from dure.interfaces.web.maps import district_map
from dure.interfaces.web.money_frame import date_or_none, signed_in

MAP_BOUNDS = (1, 5, 20, 100)
KILOMETRES = {str(km): km for km in browsing.KILOMETRES}
KINDS = {**words.KINDS, browsing.GIVEN: words.GIVEN}
PASSED = ("side", "title", "text", "reciprocity", "audience", "place")


def filters_of(request: HttpRequest) -> Filters:
    """What the address asks for; anything unknown is left out."""
    districts = frozenset(sig for sig, _ in browsing.districts())
    return Filters(
        text=request.GET.get("q", "").strip()[: browsing.TEXT_MAX],
        side=picked(request, "side", words.SIDES),
        district=picked(request, "district", districts),
        kind=picked(request, "kind", KINDS),
        reciprocity=picked(request, "back", words.RECIPROCITY),
        on=date_or_none(request.GET.get("on", "")),
        dong=request.GET.get("place", "").strip()[:200],
        near=picked(request, "near", meeting_points()),
        within_km=int(picked(request, "km", KILOMETRES) or 0),
    )


def query_of(filters: Filters, **changes: str) -> str:
    """The filters as they stand in an address."""
    told = {
        "q": filters.text,
        "side": filters.side,
        "district": filters.district,
        "kind": filters.kind,
        "back": filters.reciprocity,
        "on": filters.on.isoformat() if filters.on else "",
        "place": filters.dong,
        "near": filters.near,
        "km": str(filters.within_km or ""),
        **changes,
    }
    return urlencode({name: value for name, value in told.items() if value})


def choices_of(filters: Filters) -> dict[str, object]:
    """What the filters offer to choose from."""
    return {
        "filters": filters,
        "sides": words.options(words.SIDES),
        "kinds": words.options(KINDS),
        "districts": browsing.districts(),
        "reciprocities": words.options(words.RECIPROCITY),
        "points": sorted(
            ((code, str(point.text)) for code, point in meeting_points().items()),
            key=lambda pair: pair[1],
        ),
        "kilometres": [(km, f"{km} km") for km in KILOMETRES],
    }


def listings(request: HttpRequest) -> HttpResponse:
    """Offers and requests that the reader may see, newest first."""
    filters = filters_of(request)
    actor = known_actor(request)
    rows = paged(request, browsing.found(filters, actor))
    cards = [card_of(row) for row in browsing.rows_of(list(rows.object_list))]
    context = {
        "rows": rows,
        "cards": cards,
        "is_full": rows.paginator.count >= browsing.COUNT_MAX,
        "is_filtered": filters != Filters(),
        "places": browsing.counts_by_place(filters, actor) if filters.district else (),
        "map": f"{reverse('web:listings_map')}?{query_of(filters, q='', district='', place='')}",
        **choices_of(filters),
    }
    return page(request, "exchange/listings.html", context)


def card_of(row: ListingRow) -> dict[str, object]:
    """A listing as a card shows it."""
    kind, state = words.LISTING_STATES[row.state]
    return {
        "row": row,
        "side": words.SIDES[row.side],
        "back": str(words.GIVEN_BACK)
        if row.gives
        else words.given_back(row.reciprocity, row.rate, is_ride=row.is_ride),
        "when": words.times(row),
        "state": state,
        "state_kind": kind,
        "href": reverse("web:listing", args=[row.id]),
    }


def listings_map(request: HttpRequest) -> HttpResponse:
    """How many open listings each district has; each leads to its list."""
    filters = filters_of(request)
    counts = browsing.counts_by_district(filters, known_actor(request))
    here = reverse("web:listings")
    points = {
        sig: Point(
            name,
            counts.get(sig, 0),
            str(T("%(n)s건", "%(n)s") % {"n": f"{counts.get(sig, 0):,}"}),
            href=f"{here}?{query_of(filters, district=sig)}",
        )
        for sig, name in browsing.districts()
    }
    drawn = district_map(
        str(T("자치구마다 열린 글", "Open listings by district")),
        points,
        MAP_BOUNDS,
        unit=str(T("건", "listings")),
        period=str(T("지금", "now")),
        source=str(T("두레 이웃 나눔", "Dure, neighbours")),
        tiles=request.GET.get("tiles") == "1",
    )
    total = f"{sum(counts.values()):,}"
    context = {"map": drawn, "total": total, "list": here, **choices_of(filters)}
    return page(request, "exchange/listings_map.html", context)


def sums_in_words(found: reviewing.Sums | None) -> dict[str, object] | None:
    """Sums as the include `exchange/review_sums.html` draws them."""
    if found is None:
        return None
    return {
        "writers": found.writers,
        "points": [(reviewing.POINTS[given], count) for given, count in found.points],
        "words": [(reviewing.WORDS[word], n) for word, n in found.words if word in reviewing.WORDS],
    }


def listing(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    """One listing: what, when, where about, what is given back, and how to answer."""
    actor = known_actor(request)
    found = listing_or_404(listing_id, actor)
    row = browsing.rows_of([found])[0]
    context = {
        "listing": found,
        "card": card_of(row),
        "audience": words.AUDIENCES[found.audience],
        "amount": words.amount_of(found.qty_min, found.qty_max, found.unit, is_ride=row.is_ride),
        "answers": agreements.matches(actor, request_id=found.id),
        "can_change": browsing.may_change(found, actor),
        "is_mine": agreements.is_own(found, actor),
        "signed_in": actor.id is not None,
        "giving": context_of(found, actor),
        "is_public": found.audience == "public" and found.state == "open",
        "sums": _sums_of(found.person if actor.id is not None else None),
    }
    if request.method != "POST":
        return page(request, "exchange/listing.html", context)
    if request.POST.get("do") == "decline":
        return _decline(request, context, str(found.id))
    return answer(
        act(
            request,
            "exchange.listing.close",
            {"listing_id": str(found.id)},
            success_url=reverse("web:exchange_mine"),
            again="exchange/listing.html",
            context=context,
            labels=words.LABELS,
            done=T("글을 닫았습니다.", "The listing is closed."),
        )
    )


def _sums_of(person: UUID | None) -> dict[str, object] | None:
    """What neighbours said of who put it up, added up; for the signed-in alone."""
    return sums_in_words(reviews.sums_of(person)) if person is not None else None


def _decline(request: HttpRequest, context: dict[str, object], listing_id: str) -> HttpResponse:
    """Thank a neighbour for an answer that is not taken."""
    return answer(
        act(
            request,
            "exchange.match.decline",
            {"match_id": request.POST.get("match_id", "")},
            success_url=reverse("web:listing", args=[listing_id]),
            again="exchange/listing.html",
            context=context,
            labels=words.LABELS,
            done=T("고맙다고 전하고 사양했습니다.", "Declined, with thanks."),
        )
    )


def listing_or_404(listing_id: UUID, actor: Actor) -> Any:  # Any: a face names no model
    """A listing the reader may see."""
    found = browsing.one(listing_id, actor)
    if found is None:
        raise Http404
    return found


def answer(response: HttpResponse | Done[Any]) -> HttpResponse:  # Any: with an address, no result
    """An act with an address gives a response."""
    assert isinstance(response, HttpResponse)
    return response


# --- writing


def form_choices(actor: Actor) -> dict[str, object]:
    """What the form of a listing offers to choose from."""
    return {
        "sides": words.options(words.SIDES),
        "specs": browsing.kinds_of_specs(*words.KINDS),
        "reciprocities": words.options(words.RECIPROCITY, "gift", "hours", "swap"),
        "audiences": words.options(words.AUDIENCES, "public", "district"),
        "organisations": browsing.organisations_served(actor),
        "labels": words.LABELS,
    }


def new(request: HttpRequest) -> HttpResponse:
    """Write an offer or a request."""
    actor = signed_in(request)
    context = {
        "side": picked(request, "side", words.SIDES, "offer"),
        **form_choices(actor),
    }
    if request.method != "POST":
        return page(request, "exchange/listing_form.html", context)
    body = body_of_listing(request)
    if request.POST.get("organisation_id", "").strip():
        body["organisation_id"] = request.POST["organisation_id"].strip()
        body["as_organisation"] = True
    if request.POST.get("spec_id", "").strip():
        body["spec_id"] = words.number(request.POST["spec_id"])
    return answer(
        act(
            request,
            "exchange.listing.publish",
            body,
            success_url=lambda done: reverse("web:listing", args=[done.result.id]),
            again="exchange/listing_form.html",
            context=context,
            labels=words.LABELS,
            done=T("글을 올렸습니다.", "The listing is up."),
        )
    )


def body_of_listing(request: HttpRequest) -> dict[str, object]:
    """The typed form as a body: days become instants, hours become minutes."""
    given = {name: request.POST.get(name, "").strip() for name in request.POST}
    body: dict[str, object] = {name: given[name] for name in PASSED if given.get(name)}
    if given.get("from"):
        body["starts"] = words.instant_of(given["from"], "")
    if given.get("to"):
        body["ends"] = words.instant_of(words.day_after(given["to"]), "")
    if given.get("from") and not given.get("to"):
        body["ends"] = words.instant_of(words.day_after(given["from"]), "")
    if given.get("reciprocity") == "hours":
        body["rate"], body["unit"] = 1, "MIN"
    if given.get("minutes"):
        body["qty_max"], body["unit"] = words.number(given["minutes"]), "MIN"
    return body


def change(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    """Change one's own listing, or let it rest."""
    actor = signed_in(request)
    found = listing_or_404(listing_id, actor)
    if not browsing.may_change(found, actor):
        raise Http404
    window = found.window
    context = {
        "listing": found,
        "from": _day(window.lower if window else None),
        "to": _day(window.upper if window else None, last=True),
        **form_choices(actor),
    }
    if request.method != "POST":
        return page(request, "exchange/listing_change.html", context)
    body = body_of_listing(request)
    for name in ("side", "unit") if found.unit == "MIN" else ("side", "unit", "qty_max"):
        body.pop(name, None)
    body["listing_id"] = str(found.id)
    body["paused"] = request.POST.get("paused") == "yes"
    return answer(
        act(
            request,
            "exchange.listing.change",
            body,
            success_url=reverse("web:listing", args=[found.id]),
            again="exchange/listing_change.html",
            context=context,
            labels=words.LABELS,
            done=T("글을 고쳤습니다.", "The listing is changed."),
        )
    )


def _day(when: Any, *, last: bool = False) -> str:  # Any: an instant or None
    if when is None:
        return ""
    day: date = words.last_day(when) if last else words.day_of(when)
    return day.isoformat()


HERE = "exchange/listings/"
urlpatterns = [
    path(HERE, listings, name="listings"),
    path(f"{HERE}map/", listings_map, name="listings_map"),
    path(f"{HERE}new/", new, name="listing_new"),
    path(f"{HERE}<uuid:listing_id>/", listing, name="listing"),
    path(f"{HERE}<uuid:listing_id>/change/", change, name="listing_change"),
]
