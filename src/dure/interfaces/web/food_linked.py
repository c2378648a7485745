"""A cycle as a file of linked data (DFC), for other hubs and producers' own software."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from dure.core.actors import Actor
from dure.engines.dfc import write_exchange
from dure.exchange.queries.food_linked import linked
from dure.interfaces.web.downloads import downloaded

TYPE = "application/ld+json; charset=utf-8"


def as_linked_data(request: HttpRequest, cycle_id: UUID) -> HttpResponse | FileResponse:
    """The catalogue of a cycle, open to all; asked by its form, with the orders, for who runs it.

    With orders, which name no buyer, the download leaves a record.
    """
    name = f"dure-food-{str(cycle_id)[:8]}.jsonld"
    if request.method == "POST":
        body: dict[str, object] = {"cycle_id": str(cycle_id)}
        return downloaded(request, "exchange.cycle.export", body, name, TYPE)
    found = linked(cycle_id, Actor.anonymous(), settings.DURE_ADDRESS)
    if found is None:
        raise Http404
    response = JsonResponse(write_exchange(found), json_dumps_params={"ensure_ascii": False})
    response["Content-Type"] = TYPE
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


urlpatterns = [path("exchange/food/<uuid:cycle_id>/dfc.jsonld", as_linked_data, name="food_linked")]
