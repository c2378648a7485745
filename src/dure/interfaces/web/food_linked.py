"""A cycle as a file of linked data (DFC), for other hubs and producers' own software."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.http import require_GET

from dure.engines.dfc import write_exchange
from dure.exchange.queries.food_linked import linked
from dure.interfaces.web.base import known_actor


@require_GET
def as_linked_data(request: HttpRequest, cycle_id: UUID) -> JsonResponse:
    """The catalogue of a cycle; its orders too, without people, for who runs it."""
    actor = known_actor(request)
    found = linked(cycle_id, actor, settings.DURE_ADDRESS)
    if found is None:
        raise Http404
    response = JsonResponse(write_exchange(found), json_dumps_params={"ensure_ascii": False})
    response["Content-Type"] = "application/ld+json; charset=utf-8"
    response["Content-Disposition"] = f'attachment; filename="dure-food-{str(cycle_id)[:8]}.jsonld"'
    if actor.id is not None:
        response["Cache-Control"] = "private, no-store"
    return response


urlpatterns = [path("exchange/food/<uuid:cycle_id>/dfc.jsonld", as_linked_data, name="food_linked")]
