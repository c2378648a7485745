"""What a coordinator does on the page of an agreement: put it right, give a role to another."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from dure.core.text import T
from dure.interfaces.web import exchange_words as words
from dure.interfaces.web.base import act, body_of
from dure.interfaces.web.exchange_forms import WORDS
from dure.interfaces.web.listings import answer

LABELS = {**words.LABELS, **WORDS}
WHYS = {
    "typo": T("잘못 적었음", "Written down wrongly"),
    "outcome_changed": T("실제와 다름", "Not what happened"),
    "duplicate": T("두 번 적었음", "Written down twice"),
    "withdrawn": T("당사자가 거둠", "Withdrawn by a party"),
}


def correct(request: HttpRequest, context: dict[str, object], case: str) -> HttpResponse:
    """Give an ended case another length, or none when it should not count at all."""
    return answer(
        act(
            request,
            "exchange.agreement.correct",
            {"agreement_id": case, **body_of(request, "why", "minutes")},
            success_url=reverse("web:agreement", args=[case]),
            again="exchange/agreement.html",
            context=context,
            labels=LABELS,
            done=T("바로잡았습니다.", "Corrected."),
        )
    )


def reassign(request: HttpRequest, context: dict[str, object], case: str) -> HttpResponse:
    """Give a role of an open case to another neighbour, by the handle she chose."""
    return answer(
        act(
            request,
            "exchange.agreement.reassign",
            {"agreement_id": case, **body_of(request, "role", "handle")},
            success_url=reverse("web:agreement", args=[case]),
            again="exchange/agreement.html",
            context=context,
            labels=LABELS,
            done=T("맡겼습니다. 두 사람에게 알렸습니다.", "Done; both have been told."),
        )
    )
