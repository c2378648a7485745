"""Receipts: what was paid, to whom, what for; giving back, and asking to be given back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core import notices
from dure.core.actions import Outcome, run
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.interfaces.web.base import act, actor_of, page, refused, see
from dure.interfaces.web.money_frame import LABELS, signed_in
from dure.interfaces.web.money_words import example, typed_amount
from dure.ledger import words
from dure.ledger.queries import receipts
from dure.ledger.queries.receipts import Receipt


def receipt(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """One payment; its payee may give back, its payer may ask for it."""
    actor = signed_in(request)
    told = receipts.one(actor, transfer_id)
    context: dict[str, object] = {
        "told": told,
        "example": example(told.unit),
        "news": _news(actor, told),
        "kind_words": {str(number): text for number, text in words.KINDS.items()},
        "rows": [(str(row.id), f"{row.id}") for row in told.rows],
    }
    if request.method != "POST":
        return page(request, "ledger/receipt.html", context)
    asked = request.POST.get("do", "")
    if asked == "seen":
        for number in _news(actor, told):
            run("core.notice.see", {"notice_id": number}, actor_of(request))
        return see(request.path)
    if asked == "ask":
        return _ask(request, told, context)
    return _give_back(request, told, context)


def _news(actor: Actor, told: Receipt) -> list[str]:
    """Notices of this payment that were not looked at yet."""
    paths = {f"/money/receipts/{row.id}/" for row in told.rows}
    return [str(one.id) for one in notices.of(actor) if one.is_new and one.path in paths]


def _ask(request: HttpRequest, told: Receipt, context: dict[str, object]) -> HttpResponse:
    answer = act(
        request,
        "ledger.refund.ask",
        {"transfer_id": str(told.id)},
        success_url=reverse("web:money_receipt", args=[told.id]),
        again="ledger/receipt.html",
        context=context,
        labels=LABELS,
        done=T(
            "되돌려 달라고 알렸습니다. 받은 쪽이 되돌려 주면 알림이 옵니다.",
            "The payee has been asked. You will be told when it comes back.",
        ),
    )
    assert not isinstance(answer, Outcome)
    return answer


def _give_back(request: HttpRequest, told: Receipt, context: dict[str, object]) -> HttpResponse:
    """Give back all or part; of a payment out of several lots, row by row."""
    rows = {str(row.id): row for row in told.rows}
    row = rows.get(request.POST.get("row", str(told.id)))
    try:
        if row is None:
            raise Refusal(CoreCode.NOT_FOUND)
        amount = typed_amount(request.POST.get("amount", ""), told.unit)
    except Refusal as refusal:
        again = "ledger/receipt.html"
        return refused(request, refusal, again=again, context=context, labels=LABELS)
    answer = act(
        request,
        "ledger.transfer.refund",
        {"transfer_id": str(row.id), "amount": amount},
        success_url=reverse("web:money_receipt", args=[told.id]),
        again="ledger/receipt.html",
        context=context,
        labels=LABELS,
        done=T("되돌려 주었습니다.", "Given back."),
    )
    assert not isinstance(answer, Outcome)
    return answer


urlpatterns = [path("money/receipts/<int:transfer_id>/", receipt, name="money_receipt")]
