"""Standing payments: a month's contribution, a weekly hour; set, stopped, taken up again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core import clock
from dure.core.actions import Outcome
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.interfaces.web.base import act, page, refused
from dure.interfaces.web.formats import DAYS_EN, DAYS_KO
from dure.interfaces.web.money_frame import LABELS, choices, date_or_none, signed_in, tabs
from dure.interfaces.web.money_words import typed_amount
from dure.ledger.queries import payees, standing_orders, wallets
from dure.ledger.queries.standing_orders import Standing
from dure.ledger.queries.wallets import Wallet

STATES = {
    "active": ("ok", T("움직임", "Running")),
    "waiting": ("wait", T("답을 기다림", "Waits for you")),
    "stopped": ("stop", T("멈춤", "Stopped")),
    "ended": ("draft", T("끝남", "Ended")),
}
RULES = (
    ("monthly", T("달마다", "Every month")),
    ("weekly", T("주마다", "Every week")),
    ("once", T("한 번", "Once")),
)
SHORTS = (
    ("skip", T("그때는 건너뛰기", "Skip that time")),
    ("retry", T("다음 날 다시 해 보기(세 번까지)", "Try again the next day, three times")),
    ("stop", T("멈추고 알려 주기", "Stop and tell me")),
)


def told_rule(one: Standing) -> str:
    """Say a rule in words: `달마다 25일`, `2주마다 월요일`."""
    if one.rule == "monthly":
        if one.every == 1:
            return T("달마다 %(d)s일", "every month on day %(d)s") % {"d": one.day}
        text = T("%(n)s달마다 %(d)s일", "every %(n)s months on day %(d)s")
        return text % {"n": one.every, "d": one.day}
    if one.rule == "weekly":
        place = one.weekday or 0
        day = str(T(f"{DAYS_KO[place]}요일", DAYS_EN[place]))
        if one.every == 1:
            return T("주마다 %(d)s", "every week on %(d)s") % {"d": day}
        return T("%(n)s주마다 %(d)s", "every %(n)s weeks on %(d)s") % {"n": one.every, "d": day}
    return str(T("한 번", "once"))


def standing(request: HttpRequest) -> HttpResponse:
    """Set a standing payment; see, stop and take up again those that stand."""
    actor = signed_in(request)
    own = tuple(one for one in wallets.mine(actor) if one.is_open)
    found = standing_orders.of(actor, own)
    context: dict[str, object] = {
        "own": own,
        "accounts": choices(own),
        "rows": [(one, told_rule(one), *STATES[one.state]) for one in found],
        "rules": [(code, str(text)) for code, text in RULES],
        "shorts": [(code, str(text)) for code, text in SHORTS],
        "today": clock.today(),
        "tabs": tabs("money_standing"),
    }
    if request.method != "POST":
        return page(request, "ledger/standing.html", context)
    asked = request.POST.get("do", "")
    try:
        name, body = _body(request, own, asked)
    except Refusal as refusal:
        again = "ledger/standing.html"
        return refused(request, refusal, again=again, context=context, labels=LABELS)
    answer = act(
        request,
        name,
        body,
        success_url=reverse("web:money_standing"),
        again="ledger/standing.html",
        context=context,
        labels=LABELS,
        done=T("저장했습니다.", "Saved."),
    )
    assert not isinstance(answer, Outcome)
    return answer


def _body(
    request: HttpRequest, own: tuple[Wallet, ...], asked: str
) -> tuple[str, dict[str, object]]:
    """The action that a form asks for, and its body. Raises Refusal that names a field."""
    if asked == "stop":
        return "ledger.schedule.stop", {"schedule_id": request.POST.get("schedule_id", "")}
    if asked in ("pay", "skip"):
        number = request.POST.get("schedule_id", "")
        return "ledger.schedule.resume", {"schedule_id": number, "missed": asked}
    wallet = next((one for one in own if str(one.id) == request.POST.get("account")), None)
    if wallet is None:
        raise Refusal(CoreCode.NOT_FOUND, field="account")
    payee = payees.payee(signed_in(request), request.POST.get("to", ""))
    starts = date_or_none(request.POST.get("starts_on", ""))
    if starts is None:
        accepted = T("2026-11-21 꼴의 날짜", "a date like 2026-11-21")
        raise Refusal(CoreCode.BAD_FIELD, field="starts_on", range=accepted)
    rule = request.POST.get("rule", "monthly")
    body: dict[str, object] = {
        "account_id": str(wallet.id),
        "payee_id": str(payee.id),
        "amount": typed_amount(request.POST.get("amount", ""), wallet.unit),
        "purpose": request.POST.get("purpose", "").strip(),
        "rule": rule,
        "starts_on": starts.isoformat(),
        "on_short": request.POST.get("on_short", "skip"),
    }
    if rule == "weekly":
        body["weekday"] = starts.weekday()
    if rule == "monthly":
        body["day"] = starts.day
    if request.POST.get("ends_on", "").strip():
        body["ends_on"] = request.POST["ends_on"].strip()
    return "ledger.schedule.set", body


urlpatterns = [path("money/standing/", standing, name="money_standing")]
