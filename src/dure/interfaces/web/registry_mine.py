"""One's own memberships, mandates, declared ties and consents; declaring a tie."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core.errors import Refusal
from dure.core.text import T
from dure.interfaces.web.base import act, body_of, known_actor, page, refused, see
from dure.interfaces.web.registry_forms import href_of
from dure.registry.queries import mine as queries
from dure.registry.queries import organisations

# What a button does: the action, the name of its id in the body, and the sentence afterwards.
DEEDS = {
    "leave": ("registry.membership.leave", "membership_id", T("마쳤습니다.", "It has ended.")),
    "resign": ("registry.mandate.end", "mandate_id", T("내려놓았습니다.", "Laid down.")),
    "untie": ("registry.tie.end", "tie_id", T("끝났다고 적었습니다.", "Recorded as over.")),
    "give": ("registry.consent.give", "purpose", T("동의했습니다.", "You agreed.")),
    "withdraw": ("registry.consent.withdraw", "purpose", T("동의를 거뒀습니다.", "Withdrawn.")),
}


def _answer(answer: HttpResponse | Any) -> HttpResponse:  # Any: an outcome where nothing is drawn
    assert isinstance(answer, HttpResponse)
    return answer


def ties(request: HttpRequest) -> HttpResponse:
    """What one belongs to, holds, declared and agreed to; each can be ended here."""
    actor = known_actor(request)
    if actor.id is None:
        return see(f"{reverse('account_login')}?next={request.path}")
    if request.method != "POST":
        return page(request, "registry/mine.html", {"mine": queries.mine(actor)})
    name, place, done = DEEDS.get(request.POST.get("deed", ""), DEEDS["leave"])
    body = {place: request.POST.get("id", "")}
    return _answer(act(request, name, body, success_url=reverse("web:my_ties"), done=done))


def cooperative(request: HttpRequest) -> HttpResponse:
    """The organisations in which one holds a mandate, with what there is to do in each."""
    actor = known_actor(request)
    if actor.id is None:
        return see(f"{reverse('account_login')}?next={request.path}")
    return page(request, "registry/cooperative.html", {"rows": queries.own_organisations(actor)})


def declare(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Declare a tie to an organisation."""
    try:
        one = organisations.detail(str(organisation_id), known_actor(request))
    except Refusal as refusal:
        return refused(request, refusal)
    kinds = [(code, str(text)) for code, text in queries.TIE_KINDS.items()]
    context = {"one": one, "href": href_of(one.id), "kinds": kinds}
    if request.method != "POST":
        return page(request, "registry/declare.html", context)
    return _answer(
        act(
            request,
            "registry.tie.declare",
            {"party_id": str(organisation_id), **body_of(request, "kind")},
            success_url=reverse("web:my_ties"),
            again="registry/declare.html",
            context=context,
            labels={"kind": T("관계", "kind of tie")},
            done=T("신고했습니다.", "Declared."),
        )
    )


urlpatterns = [
    path("co-op/", cooperative, name="cooperative"),
    path("me/ties/", ties, name="my_ties"),
    path("organisations/<uuid:organisation_id>/tie/", declare, name="tie_declare"),
]
