"""My accounts: balances with what they mean, history with search, statements of a period."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core import clock, notices
from dure.core.actions import Outcome
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.interfaces.web import (
    money_clearing,
    money_codes,
    money_receipts,
    money_requests,
    money_send,
    money_standing,
    money_statements,
    money_words,
)
from dure.interfaces.web.base import act, known_actor, page, picked, see
from dure.interfaces.web.money_frame import LABELS, date_or_none, months, signed_in, tabs
from dure.interfaces.web.money_words import UNIT_NAMES
from dure.interfaces.web.things import Thing, provider
from dure.ledger import words
from dure.ledger.queries import codes, passages, payees, receipts, wallets
from dure.ledger.queries.passages import KINDS, Mark, Sought

KIND_CHOICES = (
    ("in", T("들어온 것", "In")),
    ("out", T("나간 것", "Out")),
    ("held", T("보류", "Held")),
    ("undone", T("되돌림·환불", "Reversed or refunded")),
)
TOLD, FRESH = timedelta(days=14), timedelta(days=1)


def accounts(request: HttpRequest) -> HttpResponse:
    """Every wallet of the person: balance, spendable, held, what expires next, and why."""
    actor = known_actor(request)
    if actor.id is None:
        return see(f"{reverse('account_login')}?next={request.path}")
    own = wallets.mine(actor)
    context = {
        "wallets": own,
        "recent": payees.recent(actor, limit=3) if own else (),
        "asked": codes.asked_of(actor),
        "tills": wallets.organisations_of(actor),
        "tabs": tabs("money"),
    }
    return page(request, "ledger/money.html", context)


def account(request: HttpRequest, account_id: int) -> HttpResponse:
    """The history of one wallet: search, filters, pages, ways to take it along."""
    actor = signed_in(request)
    wallet = wallets.one(actor, account_id)
    sought = sought_of(request)
    before = Mark.read(request.GET.get("before", ""))
    found = passages.page(actor, wallet.id, sought, before=before)
    context = {
        "wallet": wallet,
        "is_own": wallets.is_own(actor, wallet),
        "rows": found.rows,
        "older": found.older,
        "before": before,
        "sought": request.GET,
        "filtered": bool(sought != Sought()),
        "kinds": [(code, str(text)) for code, text in KIND_CHOICES],
        "kind_words": {str(number): text for number, text in words.KINDS.items()},
        "months": months(clock.today()),
    }
    return page(request, "ledger/account.html", context)


def handle(request: HttpRequest, account_id: int) -> HttpResponse:
    """Choose the name that others type to pay, or change it."""
    actor = signed_in(request)
    wallet = wallets.one(actor, account_id)
    if not wallets.is_own(actor, wallet):
        raise Refusal(CoreCode.NOT_FOUND)
    context = {"wallet": wallet}
    if request.method != "POST":
        return page(request, "ledger/handle.html", context)
    typed = request.POST.get("handle", "").strip().removeprefix("@").lower()
    answer = act(
        request,
        "ledger.account.handle",
        {"account_id": str(wallet.id), "handle": typed},
        success_url=reverse("web:money"),
        again="ledger/handle.html",
        context=context,
        labels=LABELS,
        done=T("받는 이름을 정했습니다.", "The handle is set."),
    )
    assert not isinstance(answer, Outcome)
    return answer


def sought_of(request: HttpRequest) -> Sought:
    """Read the filters of the address; what is no date is left out."""
    return Sought(
        text=request.GET.get("q", "").strip()[:60],
        first=date_or_none(request.GET.get("from", "")),
        last=date_or_none(request.GET.get("to", "")),
        kind=picked(request, "kind", KINDS),
    )


@provider
def things(actor: Actor) -> list[Thing]:
    """What one is asked to pay, and what came in and was not looked at yet."""
    asked = [
        Thing(
            title=T("보내기: %(who)s", "Pay %(who)s") % {"who": code.account.name},
            why=str(T("보내 달라는 요청을 받았습니다.", "You were asked to pay.")),
            href=reverse("web:pay", args=[code.token]),
            due=clock.kst_date(code.expires_at) if code.expires_at else None,
            icon="arrow",
        )
        for code in codes.asked_of(actor)
    ]
    now = clock.now()
    messages = [
        one
        for one in notices.of(actor)
        if one.path.startswith("/money/receipts/") and one.made_at >= now - TOLD
    ]
    news = [
        Thing(title=str(one.subject), why=str(one.text), href=receipt_of(one.path), icon="download")
        for one in messages
        if one.is_new
    ]
    told = {one.path for one in messages}
    came = [
        Thing(
            title=T("받았습니다: %(n)s", "Received: %(n)s")
            % {"n": money_words.amount(one.amount, one.unit)},
            why=T("%(who)s에게서 왔습니다.", "It came from %(who)s.") % {"who": one.payer},
            href=reverse("web:money_receipt", args=[one.id]),
            icon="download",
        )
        for one in receipts.arrived(actor, now - FRESH)
        if f"/money/receipts/{one.id}/" not in told
    ]
    return asked + news + came


def receipt_of(path: str) -> str:
    """The address of a receipt in the language of the page, from that of its notice."""
    return reverse("web:money_receipt", args=[path.strip("/").rpartition("/")[2]])


assert set(UNIT_NAMES) == set(words.UNITS), "every unit has a name"

HERE = "money/"
urlpatterns = [
    path(HERE, accounts, name="money"),
    path(f"{HERE}<int:account_id>/", account, name="money_account"),
    path(f"{HERE}<int:account_id>/handle/", handle, name="money_handle"),
    *money_statements.urlpatterns,
    *money_send.urlpatterns,
    *money_receipts.urlpatterns,
    *money_codes.urlpatterns,
    *money_requests.urlpatterns,
    *money_clearing.urlpatterns,
    *money_standing.urlpatterns,
]
