"""Asking to be paid: requests to a person, what became of them, and what one is asked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core.actions import Outcome
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.interfaces.web.base import act, page, refused
from dure.interfaces.web.money_frame import LABELS, choices, signed_in, tabs
from dure.interfaces.web.money_words import typed_amount
from dure.ledger.queries import codes, rounds, wallets

STATES = {
    "open": ("wait", T("기다림", "Waiting")),
    "paid": ("ok", T("받음", "Paid")),
    "cancelled": ("stop", T("거둠", "Withdrawn")),
    "expired": ("draft", T("기한 지남", "Expired")),
}


def requests(request: HttpRequest) -> HttpResponse:
    """Ask somebody to pay; see what was asked, both ways."""
    actor = signed_in(request)
    own = tuple(one for one in wallets.mine(actor) if one.is_open)
    context: dict[str, object] = {
        "own": own,
        "accounts": choices(own),
        "made": [(code, *STATES[code.state]) for code in codes.made_by(actor, own)],
        "asked": codes.asked_of(actor),
        "rounds": rounds.mine(actor),
        "tabs": tabs("money_request"),
    }
    if request.method != "POST":
        return page(request, "ledger/requests.html", context)
    here = reverse("web:money_request")
    if request.POST.get("do") == "cancel":
        answer = act(
            request,
            "ledger.request.cancel",
            {"request_id": request.POST.get("request_id", "")},
            success_url=here,
            again="ledger/requests.html",
            context=context,
            done=T("청구를 거두었습니다.", "The request is withdrawn."),
        )
        assert not isinstance(answer, Outcome)
        return answer
    wallet = next((one for one in own if str(one.id) == request.POST.get("account")), None)
    try:
        if wallet is None:
            raise Refusal(CoreCode.NOT_FOUND, field="account")
        amount = typed_amount(request.POST.get("amount", ""), wallet.unit)
    except Refusal as refusal:
        again = "ledger/requests.html"
        return refused(request, refusal, again=again, context=context, labels=LABELS)
    body = {
        "account_id": str(wallet.id),
        "kind": "request",
        "amount": amount,
        "purpose": request.POST.get("purpose", "").strip(),
        "payer": request.POST.get("payer", "").strip().removeprefix("@").lower(),
    }
    answer = act(
        request,
        "ledger.request.create",
        body,
        success_url=here,
        again="ledger/requests.html",
        context=context,
        labels=LABELS,
        done=T("청구를 보냈습니다.", "The request is sent."),
    )
    assert not isinstance(answer, Outcome)
    return answer


urlpatterns = [path("money/request/", requests, name="money_request")]
