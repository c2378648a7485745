"""A shop's till: a code for each sale, a poster, today's payments, the closing of the day."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core import clock
from dure.core.actions import Outcome
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.interfaces.web.base import act, page, refused
from dure.interfaces.web.downloads import TYPES, downloaded
from dure.interfaces.web.money_codes import drawn, make_code, shown_code
from dure.interfaces.web.money_frame import LABELS, choices, date_or_none, signed_in
from dure.interfaces.web.money_words import example, typed_amount
from dure.ledger import words
from dure.ledger.queries import codes, wallets
from dure.ledger.queries.sheets import day_of
from dure.ledger.queries.wallets import Wallet


def tills(request: HttpRequest) -> HttpResponse:
    """The shops at whose till one may stand."""
    actor = signed_in(request)
    found = [(key, wallets.name_of_organisation(key)) for key in wallets.organisations_of(actor)]
    return page(request, "ledger/tills.html", {"shops": found})


def _open(request: HttpRequest, organisation_id: UUID) -> tuple[Actor, dict[str, object]]:
    """Who asks and the shop with its open accounts. Raises Refusal(NOT_FOUND) for others."""
    actor = signed_in(request)
    found = wallets.of_organisation(actor, organisation_id)
    shop = {
        "organisation": organisation_id,
        "shop": wallets.name_of_organisation(organisation_id),
        "own": tuple(one for one in found if one.is_open),
    }
    return actor, shop


def _own(shop: dict[str, object]) -> tuple[Wallet, ...]:
    found = shop["own"]
    assert isinstance(found, tuple)
    return found


def till(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Type the amount of a sale; the code to show comes of it. Below: what came in today."""
    actor, shop = _open(request, organisation_id)
    own = _own(shop)
    days = [day_of(actor, one, clock.today()) for one in own]
    context: dict[str, object] = {
        **shop,
        "accounts": choices(own),
        "days": [day for day in days if day.rows],
        "today": clock.today(),
        "example": example(own[0].unit) if own else "",
        "vouchers": [one for one in own if one.unit == "VCH"],
        "kind_words": {str(number): text for number, text in words.KINDS.items()},
    }
    if request.method != "POST":
        return page(request, "ledger/till.html", context)
    return make_code(request, own, "ledger/till.html", context, "web:till_code", organisation_id)


def till_code(request: HttpRequest, organisation_id: UUID, request_id: int) -> HttpResponse:
    """The code of one sale, for the customer to scan."""
    actor, shop = _open(request, organisation_id)
    found = codes.one(actor, request_id, _own(shop))
    back = reverse("web:till", args=[organisation_id])
    return shown_code(request, found, back, str(T("계산대", "Till")))


def poster(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """A standing code to print and hang up; the payer types the amount."""
    actor, shop = _open(request, organisation_id)
    own = _own(shop)
    asked = request.GET.get("account", "")
    chosen = next((one for one in own if str(one.id) == asked), own[0] if own else None)
    code = codes.shown(actor, chosen, "static") if chosen else None
    context: dict[str, object] = {
        **shop,
        "chosen": chosen,
        **(drawn(request, code) if code else {}),
    }
    if request.method != "POST":
        return page(request, "ledger/poster.html", context)
    answer = make_code(
        request, own, "ledger/poster.html", context, "web:till_code", organisation_id
    )
    if answer.status_code == 303 and chosen is not None:
        answer["Location"] = f"{reverse('web:till_poster', args=[organisation_id])}?account=" + str(
            request.POST.get("account", chosen.id)
        )
    return answer


def day(request: HttpRequest, organisation_id: UUID) -> HttpResponse | FileResponse:
    """The closing of a day: each account's takings, refunds and rows; printed, or as a file."""
    actor, shop = _open(request, organisation_id)
    today = clock.today()
    on = min(date_or_none(request.GET.get("on", "")) or today, today)
    days = [day_of(actor, one, on) for one in _own(shop)]
    form = request.POST.get("form", "")
    if form:
        body = {"organisation_id": str(organisation_id), "on": on.isoformat(), "form": form}
        kind = TYPES.get(form, "")
        return downloaded(request, "ledger.till.export", body, f"till-{on}.{form}", kind)
    context = {
        **shop,
        "days": days,
        "on": on,
        "made_at": clock.now(),
        "kind_words": {str(number): text for number, text in words.KINDS.items()},
    }
    return page(request, "ledger/day.html", context)


def redeem(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Turn vouchers that the shop took into won."""
    _actor, shop = _open(request, organisation_id)
    own = tuple(one for one in _own(shop) if one.unit == "VCH")
    context: dict[str, object] = {**shop, "own": own, "accounts": choices(own)}
    if request.method != "POST":
        return page(request, "ledger/redeem.html", context)
    wallet = next((one for one in own if str(one.id) == request.POST.get("account")), None)
    try:
        if wallet is None:
            raise Refusal(CoreCode.NOT_FOUND, field="account")
        amount = typed_amount(request.POST.get("amount", ""), wallet.unit)
    except Refusal as refusal:
        again = "ledger/redeem.html"
        return refused(request, refusal, again=again, context=context, labels=LABELS)
    answer = act(
        request,
        "ledger.lot.redeem",
        {"account_id": str(wallet.id), "amount": amount},
        success_url=lambda done: reverse("web:money_receipt", args=[done.result.transfers[0]]),
        again="ledger/redeem.html",
        context=context,
        labels=LABELS,
        done=T("상품권을 원으로 바꾸었습니다.", "The vouchers are redeemed."),
    )
    assert not isinstance(answer, Outcome)
    return answer


HERE = "till/<uuid:organisation_id>/"
urlpatterns = [
    path("till/", tills, name="tills"),
    path(HERE, till, name="till"),
    path(f"{HERE}code/<int:request_id>/", till_code, name="till_code"),
    path(f"{HERE}poster/", poster, name="till_poster"),
    path(f"{HERE}day/", day, name="till_day"),
    path(f"{HERE}redeem/", redeem, name="till_redeem"),
]
