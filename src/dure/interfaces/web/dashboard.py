"""The public dashboard: one district on one page, and the 25 districts of the city."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from dure.interfaces.web import tiles
from dure.interfaces.web.base import page


def dashboard(request: HttpRequest) -> HttpResponse:
    """Draw one district (or the whole city) from the newest release."""
    return page(
        request, "indicators/dashboard.html", tiles.dashboard(request.GET.get("district", ""))
    )


def city(request: HttpRequest) -> HttpResponse:
    """Draw the 25 districts side by side from the newest release."""
    return page(request, "indicators/city.html", tiles.city())


urlpatterns = [
    path("", dashboard, name="dashboard"),
    path("city/", city, name="city"),
]
