"""Sending: to whom, how much and for what, a check page, done. Two taps for the usual neighbour."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core.actions import Outcome
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.interfaces.web.base import Form, act, page, refused
from dure.interfaces.web.money_frame import LABELS, choices, signed_in, tabs
from dure.interfaces.web.money_words import example, typed_amount
from dure.ledger.queries import payees, previews, wallets
from dure.ledger.queries.payees import Payee
from dure.ledger.queries.previews import Preview
from dure.ledger.queries.wallets import Wallet

STEPS = (T("누구에게", "To whom"), T("얼마나", "How much"), T("살펴보기", "Check"))
NO_PAYEE = T(
    "그런 받는 이름이 없습니다. 글자를 확인하거나 상대에게 코드를 보여 달라고 하세요.",
    "There is no such handle. Check the letters, or ask the payee to show a code.",
)
NO_PURPOSE = T("무엇 때문에 보내는지 적어 주세요.", "Please say what it is for.")
PURPOSE_MAX = 120


@dataclass(frozen=True, slots=True)
class Told:
    """What a form or an address says of a payment, as far as it goes."""

    payee: Payee
    fitting: tuple[Wallet, ...]
    wallet: Wallet | None
    amount: int | None = None
    purpose: str = ""


def send(request: HttpRequest) -> HttpResponse:
    """One address for the whole errand: each step stands in it, so going back loses nothing."""
    actor = signed_in(request)
    own = tuple(one for one in wallets.mine(actor) if one.is_open)
    if request.method == "POST":
        return _pay(request, actor, own)
    given = request.GET
    if not given.get("to", "").strip():
        return _whom(request, actor, own)
    try:
        payee = payees.payee(actor, given["to"])
    except Refusal:
        return _whom(request, actor, own, Form(given, {"to": str(NO_PAYEE)}, status=422))
    told = _told(payee, own, given.get("debit", ""))
    if told.wallet is None or "amount" not in given:
        return _how_much(request, told)
    try:
        amount = typed_amount(given.get("amount", ""), payee.unit)
    except Refusal as refusal:
        return _how_much(request, told, Form(given, {"amount": _sentence(refusal)}, status=422))
    purpose = given.get("purpose", "").strip()
    if not purpose:
        return _how_much(request, told, Form(given, {"purpose": str(NO_PURPOSE)}, status=422))
    whole = Told(told.payee, told.fitting, told.wallet, amount, purpose[:PURPOSE_MAX])
    return _check(request, actor, whole)


def _sentence(refusal: Refusal) -> str:
    places = {**refusal.places, "field": str(LABELS["amount"])}
    return refusal.code.spec.text % {name: str(value) for name, value in places.items()}


def _told(payee: Payee, own: tuple[Wallet, ...], asked: str) -> Told:
    """The wallets that can pay this payee: same unit, the same book before others."""
    fitting = tuple(one for one in own if one.unit == payee.unit and one.id != payee.id)
    fitting = tuple(sorted(fitting, key=lambda one: one.book_id != payee.book_id))
    chosen = next((one for one in fitting if str(one.id) == asked), None)
    if chosen is None and fitting and (len(fitting) == 1 or not asked):
        chosen = fitting[0]
    return Told(payee, fitting, chosen)


def _draw(request: HttpRequest, step: int, context: dict[str, object]) -> HttpResponse:
    form = context.get("form")
    status = form.status if isinstance(form, Form) else 200
    shared = {"step": step, "steps": [str(one) for one in STEPS], "tabs": tabs("money_send")}
    return page(request, "ledger/send.html", {**shared, **context}, status=status)


def _whom(
    request: HttpRequest, actor: Actor, own: tuple[Wallet, ...], form: Form | None = None
) -> HttpResponse:
    asked = request.GET.get("debit", "")
    context: dict[str, object] = {
        "recent": payees.recent(actor) if own else (),
        "own": own,
        "debit": asked if asked.isascii() and asked.isdigit() else "",
        "form": form,
    }
    return _draw(request, 1, context)


def _how_much(request: HttpRequest, told: Told, form: Form | None = None) -> HttpResponse:
    context = {
        "told": told,
        "accounts": choices(told.fitting),
        "example": example(told.payee.unit),
        "form": form or Form(request.GET),
    }
    return _draw(request, 2, context)


def _check(
    request: HttpRequest, actor: Actor, told: Told, form: Form | None = None
) -> HttpResponse:
    assert told.wallet is not None
    assert told.amount is not None
    preview = previews.payment(actor, told.wallet, told.payee, told.amount)
    context = {"told": told, "preview": preview, "form": form, "short": _short(told, preview)}
    return _draw(request, 3, context)


def _short(told: Told, preview: Preview) -> int:
    """How much is missing; 0 when the wallet can pay."""
    assert told.wallet is not None
    if told.wallet.spendable is None:
        return 0
    return max(preview.total - told.wallet.spendable, 0)


def _pay(request: HttpRequest, actor: Actor, own: tuple[Wallet, ...]) -> HttpResponse:
    """Pay what the check page showed; a double tap carries one key and pays once."""
    try:
        payee = payees.payee(actor, request.POST.get("to", ""))
        told = _told(payee, own, request.POST.get("debit", ""))
        if told.wallet is None:
            raise Refusal(CoreCode.NOT_FOUND, field="debit")
        amount = typed_amount(request.POST.get("amount", ""), payee.unit)
    except Refusal as refusal:
        return refused(request, refusal, labels=LABELS)
    purpose = request.POST.get("purpose", "").strip()
    whole = Told(payee, told.fitting, told.wallet, amount, purpose)
    body = {
        "debit": str(told.wallet.id),
        "credit": str(payee.id),
        "amount": amount,
        "unit": payee.unit,
        "purpose": purpose,
    }
    answer = act(
        request,
        "ledger.transfer.post",
        body,
        success_url=lambda done: reverse("web:money_receipt", args=[done.result.id]),
        again=lambda form: _check(request, actor, whole, form),
        labels=LABELS,
        done=T("보냈습니다.", "Sent."),
    )
    assert not isinstance(answer, Outcome)
    return answer


urlpatterns = [path("money/send/", send, name="money_send")]
