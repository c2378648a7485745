"""The page of a person: things to do, own entries, what is held about me."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from dure.interfaces.web import sitemap
from dure.interfaces.web.base import known_actor, page, see
from dure.interfaces.web.context import roles_of
from dure.interfaces.web.things import SHOWN_MAX, things_for
from dure.ledger.queries import wallets


def me(request: HttpRequest) -> HttpResponse:
    """Show what waits for the person who asks; a visitor is led to sign in."""
    actor = known_actor(request)
    if actor.id is None:
        href = sitemap.address_of("account_login")
        return (
            see(f"{href}?next={request.path}")
            if href
            else page(request, "web/me.html", {"things": []}, status=403)
        )
    things = things_for(actor)
    everything = request.GET.get("all") == "1"
    path, roles = request.path, roles_of(request)
    context = {
        "things": things if everything else things[:SHOWN_MAX],
        "more_count": 0 if everything else max(len(things) - SHOWN_MAX, 0),
        "entries": [entry for entry in sitemap.shown(sitemap.OWN, path, roles) if not entry.here],
        "mine": sitemap.shown(sitemap.MINE, path, roles),
        "wallets": wallets.mine(actor),
    }
    return page(request, "web/me.html", context)
