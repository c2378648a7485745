"""The public dashboard: one district on one page, and the 25 districts of the city."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from dure.indicators import queries
from dure.interfaces.web import fragments, heads, tiles
from dure.interfaces.web.base import page


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Draw one district (or the whole city) from the newest release."""
    places = tiles.places()
    place = tiles.chosen(request.GET.get("district", ""), places)
    body = fragments.kept(
        "indicators/dashboard_body.html",
        (queries.newest_head(), place.code),
        lambda: tiles.dashboard(place),
    )
    return page(
        request,
        "indicators/dashboard.html",
        {"places": places, "place": place, "body": body, "heads": heads.told()},
    )


@require_safe
def city(request: HttpRequest) -> HttpResponse:
    """Draw the 25 districts side by side from the newest release."""
    body = fragments.kept("indicators/city_body.html", (queries.newest_head(),), tiles.city)
    return page(request, "indicators/city.html", {"body": body})


urlpatterns = [
    path("", dashboard, name="dashboard"),
    path("city/", city, name="city"),
]
