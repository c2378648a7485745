"""Which device this browser is, so that notices end here when its person signs out.

Law: the cookie holds a random id and opens nothing; a browser that has none is dropped on the page
of devices.
"""

from __future__ import annotations

from uuid import UUID

from allauth.account import views as account
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.core.notices import GONE
from dure.interfaces.web.base import actor_of
from dure.registry.queries.security import place_of

COOKIE = "dure_device"
SECONDS = 400 * 24 * 3600


def remember(response: HttpResponse, device_id: str) -> None:
    """Note in the browser which device it is."""
    response.set_cookie(
        COOKIE,
        device_id,
        max_age=SECONDS,
        httponly=True,
        samesite="Lax",
        secure=bool(settings.SESSION_COOKIE_SECURE),
    )


def end_here(request: HttpRequest, actor: Actor) -> None:
    """Stop the notices of who is signed in on this browser, if it takes any."""
    kept = request.COOKIES.get(COOKIE, "")
    found = place_of(kept)
    if found is not None and found[0] == actor.id:
        try:
            own = Actor.person(found[0], origin="web", assured=actor.assured)
            run("registry.device.drop", {"device_id": kept}, own)
        except Refusal:
            return  # dropped elsewhere meanwhile


def end_for_others(request: HttpRequest, person_id: UUID) -> None:
    """Stop the notices of whoever used this browser before and never signed out."""
    found = place_of(request.COOKIES.get(COOKIE, ""))
    if found is not None and found[0] != person_id and GONE.is_plugged:
        GONE.call(*found)


def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out; this browser takes no more notices of who signed out."""
    actor = actor_of(request)
    leaves = request.method == "POST" and actor.id is not None
    if leaves:
        end_here(request, actor)
    response: HttpResponse = account.logout(request)
    if leaves:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
