"""Cash for the rest of a voucher: find the holder, see what is due and why, ask a second person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core.actions import Outcome
from dure.core.errors import Refusal
from dure.core.text import T
from dure.interfaces.web.base import act, body_of, page, refused
from dure.interfaces.web.formats import portion
from dure.interfaces.web.money_frame import signed_in
from dure.ledger.queries import enrolled, rests

LABELS = {
    "who": T("받는 이름이나 계정 번호", "Handle or account number"),
    "reason": T("이유", "Reason"),
    "account_id": T("계정", "Account"),
    "lot_id": T("발행 묶음", "Lot"),
}


def cash(request: HttpRequest, code: str) -> HttpResponse:
    """What a member has left, lot by lot; what is due by the rule is asked of a second person."""
    actor = signed_in(request)
    share = rests.share_of(actor, code)
    sought = request.GET.get("q", "").strip()[:60]
    context: dict[str, object] = {
        "place": enrolled.place(actor, code),
        "share": None if share is None else portion(share, rests.PPM),
        "sought": sought,
    }
    if sought and share is not None:
        try:
            context["holder"] = rests.holder(actor, code, sought)
        except Refusal as refusal:
            return refused(
                request, refusal, again="ledger/programme_cash.html", context=context, labels=LABELS
            )
    if request.method != "POST":
        return page(request, "ledger/programme_cash.html", context)
    answer = act(
        request,
        "ledger.lot.cash",
        body_of(request, "lot_id", "account_id"),
        success_url=reverse("web:programme_cash", args=[code]),
        again="ledger/programme_cash.html",
        context=context,
        labels=LABELS,
        done=T("돌려주었습니다.", "It is paid back."),
    )
    assert not isinstance(answer, Outcome)
    return answer


urlpatterns = [path("programmes/<slug:code>/cash/", cash, name="programme_cash")]
