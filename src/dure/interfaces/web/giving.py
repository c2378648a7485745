"""Giving a thing away for good: the offer, and the ask."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core.text import T
from dure.exchange.queries import browsing, giving, library
from dure.interfaces.web import exchange_words as words
from dure.interfaces.web.base import act, body_of, page, see
from dure.interfaces.web.exchange_forms import WORDS
from dure.interfaces.web.giving_words import CHOOSERS, context_of
from dure.interfaces.web.library import CONDITIONS
from dure.interfaces.web.listings import answer, card_of, listing_or_404
from dure.interfaces.web.money_frame import signed_in

LABELS = {
    **words.LABELS,
    **WORDS,
    "title": T("물건 이름", "Name of the thing"),
    "pieces": T("몇 개", "How many"),
    "chooses": T("누구에게 갈지 어떻게 정하나요?", "How is it decided who gets it?"),
    "asset_id": T("물건", "The thing"),
}
TEXTS = ("title", "text", "condition", "chooses", "audience", "place", "organisation_id")


def given(request: HttpRequest) -> HttpResponse:
    """The listings of things that are given away."""
    return see(f"{reverse('web:listings')}?kind={browsing.GIVEN}")


def new(request: HttpRequest) -> HttpResponse:
    """Offer a thing for good: one that is nowhere yet, or one's own out of the library."""
    actor = signed_in(request)
    thing = _thing(request)
    context = {
        "thing": thing,
        "specs": browsing.kinds_of_specs("item"),
        "conditions": words.options(CONDITIONS, "good", "fair", "repair"),
        "choosers": words.options(CHOOSERS),
        "audiences": words.options(words.AUDIENCES, "public", "district"),
        "organisations": library.stewards(actor),
    }
    if request.method != "POST":
        return page(request, "exchange/giving_form.html", context)
    body: dict[str, object] = dict(body_of(request, *TEXTS))
    for name in ("spec_id", "pieces"):
        if request.POST.get(name, "").strip():
            body[name] = words.number(request.POST[name])
    if thing is not None:
        body["asset_id"] = str(thing.id)
        if thing.owner is None:
            body["organisation_id"] = str(thing.organisation_id)
    return answer(
        act(
            request,
            "exchange.giving.offer",
            body,
            success_url=lambda done: reverse("web:listing", args=[done.result.id]),
            again="exchange/giving_form.html",
            context=context,
            labels=LABELS,
            done=T("물려줄 물건을 올렸습니다.", "The thing is offered."),
        )
    )


def _thing(request: HttpRequest) -> Any:  # Any: a face names no model
    """The thing that the address names, where it is the reader's to give."""
    named = request.GET.get("asset", "")
    if not named:
        return None
    try:
        found = giving.own_thing(UUID(named), signed_in(request))
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


def ask(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    """Ask to be given a thing."""
    actor = signed_in(request)
    found = listing_or_404(listing_id, actor)
    told = context_of(found, actor)
    if told is None:
        raise Http404
    context = {"listing": found, "card": card_of(browsing.rows_of([found])[0]), "giving": told}
    if request.method != "POST":
        return page(request, "exchange/giving_ask.html", context)
    body: dict[str, object] = {
        "process": "give_away",
        "start": "ask",
        "listing_id": str(found.id),
        "terms": tuple(
            {"name": name, "value": value} for name, value in body_of(request, "note").items()
        ),
    }
    return answer(
        act(
            request,
            "exchange.agreement.open",
            body,
            success_url=lambda done: reverse("web:agreement", args=[done.result.id]),
            again="exchange/giving_ask.html",
            context=context,
            labels=LABELS,
            done=T(
                "물려받고 싶다고 알렸습니다. 고르면 만날 때와 곳이 옵니다.",
                "They are told. If you are chosen, you hear when and where to meet.",
            ),
        )
    )


urlpatterns = [
    path("exchange/giving/", given, name="giving"),
    path("exchange/giving/new/", new, name="giving_new"),
    path("exchange/listings/<uuid:listing_id>/ask/", ask, name="giving_ask"),
]
