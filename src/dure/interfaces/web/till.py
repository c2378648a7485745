"""A shop's till: a code for each sale, a poster, today's payments, the closing of the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.http import content_disposition_header

from dure.core import clock
from dure.core.actions import Outcome
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.engines.tables_out import Value, csv_lines
from dure.interfaces.web.base import act, page, refused
from dure.interfaces.web.money_codes import drawn, make_code, shown_code
from dure.interfaces.web.money_frame import LABELS, choices, date_or_none, signed_in
from dure.interfaces.web.money_words import example, typed_amount
from dure.ledger import words
from dure.ledger.queries import codes, passages, wallets
from dure.ledger.queries.passages import Passage, Statement
from dure.ledger.queries.wallets import Wallet

GIVEN, BACK = (0, 2), (5, 6)
HEADER = (
    T("계정", "Account"),
    T("번호", "Number"),
    T("시각", "At"),
    T("종류", "Kind"),
    T("상대", "Other side"),
    T("용도", "Purpose"),
    T("단위", "Unit"),
    T("받음(+)·내줌(-)", "In (+) or out (-)"),
)


@dataclass(frozen=True, slots=True)
class Day:
    """One account over one day. taken − given_back − paid_out = the change of its balance."""

    wallet: Wallet
    told: Statement
    taken: int
    taken_count: int
    given_back: int
    paid_out: int

    @property
    def rows(self) -> tuple[Passage, ...]:
        """The rows that moved value, newest first."""
        return tuple(row for row in reversed(self.told.rows) if row.delta)


def day_of(actor: Actor, wallet: Wallet, on: date) -> Day:
    """Sum one day of an account."""
    told = passages.statement(actor, wallet.id, on, on)
    taken = [row.delta for row in told.rows if row.delta > 0 and row.kind in GIVEN]
    undone = sum(row.delta for row in told.rows if row.kind in BACK)
    out = sum(row.delta for row in told.rows if row.delta < 0 and row.kind in GIVEN)
    assert sum(taken) + undone + out == told.closing - told.opening
    return Day(wallet, told, sum(taken), len(taken), -undone, -out)


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


def day(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """The closing of a day: each account's takings, refunds and rows; printed, or as CSV."""
    actor, shop = _open(request, organisation_id)
    today = clock.today()
    on = min(date_or_none(request.GET.get("on", "")) or today, today)
    days = [day_of(actor, one, on) for one in _own(shop)]
    if request.GET.get("format") == "csv":
        return _csv(days, on)
    context = {
        **shop,
        "days": days,
        "on": on,
        "made_at": clock.now(),
        "kind_words": {str(number): text for number, text in words.KINDS.items()},
    }
    return page(request, "ledger/day.html", context)


def _csv(days: list[Day], on: date) -> HttpResponse:
    rows: list[tuple[Value, ...]] = [
        (
            one.wallet.label,
            row.id,
            row.at.astimezone(clock.SEOUL).isoformat(timespec="seconds"),
            str(words.KINDS[row.kind]),
            row.other,
            row.purpose,
            one.wallet.unit,
            row.delta,
        )
        for one in days
        for row in one.told.rows
        if row.delta
    ]
    data = b"".join(csv_lines([str(one) for one in HEADER], rows))
    response = HttpResponse(data, content_type="text/csv; charset=utf-8")
    name = content_disposition_header(True, f"till-{on}.csv") or "attachment"
    response["Content-Disposition"] = name
    response["Cache-Control"] = "private, no-store"
    return response


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
