"""Codes: my QR to be paid by, a code to pay with, scanning, and the page behind a code."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path, reverse

from dure.core import clock
from dure.core.actions import Outcome
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.engines import qr_payload
from dure.interfaces.web.base import act, known_actor, page, refused, see
from dure.interfaces.web.money_frame import LABELS, choices, signed_in, tabs
from dure.interfaces.web.money_words import amount as amount_words
from dure.interfaces.web.money_words import example, typed_amount
from dure.interfaces.web.qr_drawing import qr_svg
from dure.ledger.queries import codes, previews, wallets
from dure.ledger.queries.codes import PaymentCode
from dure.ledger.queries.wallets import Wallet

KINDS = ("static", "sale", "shown")
DEFAULT_PURPOSE = T("코드로 받음", "Paid by code")


def origin_of(request: HttpRequest) -> str:
    """The address of this installation as the browser knows it."""
    return f"{request.scheme}://{request.get_host().lower()}"


def drawn(request: HttpRequest, code: PaymentCode) -> dict[str, object]:
    """What a page needs to show a code: its drawing, its address, its digits, its end."""
    token = qr_payload.token_of(code.token)
    assert token is not None
    address = qr_payload.address_of(origin_of(request), token)
    return {
        "code": code,
        "qr": qr_svg(address, str(T("결제 코드", "Payment code"))),
        "address": address,
        "seconds": max(int((code.expires_at - clock.now()).total_seconds()), 0)
        if code.expires_at
        else None,
    }


def can_take(actor: Actor) -> tuple[Wallet, ...]:
    """Open wallets that may be paid: one's own, and those of organisations one serves."""
    found = list(wallets.mine(actor))
    for organisation in wallets.organisations_of(actor):
        found += wallets.of_organisation(actor, organisation)
    return tuple(one for one in found if one.is_open)


def show(request: HttpRequest) -> HttpResponse:
    """Choose an account and, perhaps, an amount; a code to show comes of it."""
    actor = signed_in(request)
    own = tuple(one for one in wallets.mine(actor) if one.is_open)
    asked = request.GET.get("account", "")
    chosen = next((one for one in own if str(one.id) == asked), own[0] if own else None)
    code = codes.shown(actor, chosen, "static") if chosen else None
    context: dict[str, object] = {
        "own": own,
        "chosen": chosen,
        "example": example(chosen.unit) if chosen else "",
        "tabs": tabs("money_show"),
        **(drawn(request, code) if code else {}),
    }
    if request.method != "POST":
        return page(request, "ledger/show.html", context)
    return make_code(request, own, "ledger/show.html", context, "web:money_code")


def make_code(
    request: HttpRequest,
    own: tuple[Wallet, ...],
    again: str,
    context: dict[str, object],
    success: str,
    *args: object,
) -> HttpResponse:
    """Make the code that a form asks for, and go on to its page."""
    wallet = next((one for one in own if str(one.id) == request.POST.get("account")), None)
    kind = request.POST.get("do", "")
    try:
        if wallet is None or kind not in KINDS:
            raise Refusal(CoreCode.NOT_FOUND, field="account")
        body: dict[str, object] = {
            "account_id": str(wallet.id),
            "kind": kind,
            "purpose": request.POST.get("purpose", "").strip() or str(DEFAULT_PURPOSE),
        }
        if kind != "static":
            name = "most" if kind == "shown" else "amount"
            typed = request.POST.get(name, "")
            body[name] = typed_amount(typed, wallet.unit, field=name)
    except Refusal as refusal:
        return refused(request, refusal, again=again, context=context, labels=LABELS)
    answer = act(
        request,
        "ledger.request.create",
        body,
        success_url=lambda done: reverse(success, args=[*args, done.result.id]),
        again=again,
        context=context,
        labels=LABELS,
    )
    assert not isinstance(answer, Outcome)
    return answer


def code(request: HttpRequest, request_id: int) -> HttpResponse:
    """A code of one's own to show: large, with its digits and its end."""
    actor = signed_in(request)
    found = codes.one(actor, request_id, can_take(actor))
    return shown_code(request, found, reverse("web:money_show"), str(T("받기", "Receive")))


def shown_code(
    request: HttpRequest, found: PaymentCode, back: str, back_title: str
) -> HttpResponse:
    """The page of a code; asked again, it says when the code was used."""
    poll = reverse("web:money_code_state", args=[found.id])
    context = {**drawn(request, found), "poll": poll, "back": back, "back_title": back_title}
    if request.method != "POST":
        return page(request, "ledger/code.html", context)
    answer = act(
        request,
        "ledger.request.cancel",
        {"request_id": str(found.id)},
        success_url=back,
        again="ledger/code.html",
        context=context,
        done=T("코드를 거두었습니다.", "The code is withdrawn."),
    )
    assert not isinstance(answer, Outcome)
    return answer


def code_state(request: HttpRequest, request_id: int) -> HttpResponse:
    """Whether a code was used by now; asked by the page that shows it."""
    actor = signed_in(request)
    found = codes.one(actor, request_id, can_take(actor))
    response = JsonResponse({"state": found.state})
    response["Cache-Control"] = "private, no-store"
    return response


def scan(request: HttpRequest) -> HttpResponse:
    """Read a code by the camera where the browser can, or type its digits."""
    actor = signed_in(request)
    context = {"own": wallets.mine(actor), "origin": origin_of(request)}
    if request.method != "POST":
        return page(request, "ledger/scan.html", context)
    typed = request.POST.get("code", "")
    token = qr_payload.token_in(typed, origin=origin_of(request))
    if token is not None:
        return see(reverse("web:pay", args=[qr_payload.token_text(token)]))
    answer = act(
        request,
        "ledger.request.find",
        {"code": typed.strip()},
        success_url=lambda done: reverse("web:pay", args=[done.result.token]),
        again="ledger/scan.html",
        context=context,
        labels=LABELS,
    )
    assert not isinstance(answer, Outcome)
    return answer


def pay(request: HttpRequest, token: str) -> HttpResponse:
    """What a code asks for, confirmed by whoever opened it; a dead code is one page, whatever."""
    actor = known_actor(request)
    if actor.id is None:
        return see(f"{reverse('account_login')}?next={request.path}")
    try:
        found = codes.open_one(actor, token)
    except Refusal:
        return page(request, "ledger/dead_code.html", status=404)
    context = _paying(request, actor, found)
    if request.method != "POST":
        return page(request, "ledger/pay.html", context)
    if request.POST.get("do") in ("accept", "cancel"):
        return _answered(request, found, request.POST["do"])
    body: dict[str, object] = {"code": found.token, "account_id": request.POST.get("account", "")}
    try:
        if found.amount is None:
            body["amount"] = typed_amount(request.POST.get("amount", ""), found.unit)
    except Refusal as refusal:
        return refused(request, refusal, again="ledger/pay.html", context=context, labels=LABELS)
    answer = act(
        request,
        "ledger.request.pay",
        body,
        success_url=lambda done: reverse("web:money_receipt", args=[done.result.transfers[0]]),
        again="ledger/pay.html",
        context=context,
        labels={**LABELS, "account_id": LABELS["debit"]},
        done=T("받았습니다.", "Received.") if found.is_shown else T("보냈습니다.", "Sent."),
    )
    assert not isinstance(answer, Outcome)
    return answer


def _paying(request: HttpRequest, actor: Actor, found: PaymentCode) -> dict[str, object]:
    """The accounts that fit, the amount where it is known, and the balance after."""
    usable = can_take(actor) if found.is_shown else wallets.mine(actor)
    fitting = [one for one in usable if one.unit == found.unit and one.is_open]
    fitting = [one for one in fitting if one.id != found.account.id]
    if found.payer_id is not None and not found.is_shown:
        fitting = [one for one in fitting if one.id == found.payer_id]
    fitting.sort(key=lambda one: one.book_id != found.account.book_id)
    amount = found.amount
    typed = request.GET.get("amount", "")
    if amount is None and typed:
        try:
            amount = typed_amount(typed, found.unit)
        except Refusal:
            amount = None
    asked = request.GET.get("account", "")
    chosen = next((one for one in fitting if str(one.id) == asked), fitting[0] if fitting else None)
    preview = None
    if chosen is not None and amount is not None and not found.is_shown:
        preview = previews.payment(actor, chosen, found.account, amount)
    short = 0
    if preview and chosen and chosen.spendable is not None:
        short = max(preview.total - chosen.spendable, 0)
    return {
        "code": found,
        "fitting": fitting,
        "accounts": choices(fitting),
        "chosen": chosen,
        "amount": amount,
        "preview": preview,
        "short": short,
        "example": example(found.unit),
        "most": amount_words(found.most, found.unit) if found.most else "",
    }


def _answered(request: HttpRequest, found: PaymentCode, what: str) -> HttpResponse:
    done = {
        "accept": T("갚을 것으로 받아들였습니다.", "You accepted that you owe this."),
        "cancel": T("요청을 거절했습니다.", "The request is refused."),
    }[what]
    answer = act(
        request,
        f"ledger.request.{what}",
        {"request_id": str(found.id)},
        success_url=reverse("web:money"),
        done=done,
    )
    assert not isinstance(answer, Outcome)
    return answer


urlpatterns = [
    path("money/show/", show, name="money_show"),
    path("money/show/<int:request_id>/", code, name="money_code"),
    path("money/show/<int:request_id>/state/", code_state, name="money_code_state"),
    path("money/scan/", scan, name="money_scan"),
    path("pay/<str:token>/", pay, name="pay"),
]
