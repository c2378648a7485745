"""Hand-over: one shows a code, the other scans it or types its figures; both have confirmed."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core import clock
from dure.core.errors import Refusal
from dure.core.text import T
from dure.exchange import hand_over, interpreter
from dure.exchange.queries import agreements
from dure.interfaces.web import formats
from dure.interfaces.web.agreements import LABELS, PHOTO_STEPS, agreement_or_404
from dure.interfaces.web.base import act, page, refused
from dure.interfaces.web.exchange_forms import answers_of, asked
from dure.interfaces.web.exchange_photos import keep_photo
from dure.interfaces.web.listings import answer
from dure.interfaces.web.money_codes import origin_of
from dure.interfaces.web.money_frame import signed_in
from dure.interfaces.web.qr_drawing import qr_svg


def show(request: HttpRequest, agreement_id: UUID, transition: str) -> HttpResponse:
    """My code for a step of two: good for five minutes, for this step, once."""
    actor = signed_in(request)
    found = agreement_or_404(agreement_id, actor)
    process = interpreter.process_of(found)
    step = process.transition(process.state(found.state), transition)
    here = reverse("web:agreement", args=[found.id])
    told = agreements.told([found], actor)[0]
    context: dict[str, object] = {"told": told, "back": here, "step": step}
    code = digits = None
    if step is not None and not step.is_timer:
        case = interpreter.Case(found, step, process)
        code, digits = hand_over.code(case, actor), hand_over.digits(case, actor)
    if code is None:
        return page(request, "exchange/hand_over.html", context, status=409)
    taken = reverse("web:hand_over_take", args=[found.id, transition])
    address = f"{origin_of(request)}{taken}?{urlencode({'code': code})}"
    context |= {
        "qr": qr_svg(address, str(T("건네기 코드", "Hand-over code"))),
        "minutes": int(hand_over.LIFE.total_seconds()) // 60,
        "digits": f"{digits.text[:3]} {digits.text[3:]}" if digits else "",
        "until": formats.soon(digits.until, clock.now()) if digits else "",
        "hours": hand_over.late_hours(),
    }
    if request.method != "POST":
        return page(request, "exchange/hand_over.html", context)
    return answer(
        act(
            request,
            "exchange.hand_over.show",
            {
                "agreement_id": str(found.id),
                "transition": transition,
                "state": request.POST.get("state", ""),
            },
            success_url=reverse("web:hand_over", args=[found.id, transition]),
            again="exchange/hand_over.html",
            context=context,
            labels=LABELS,
        )
    )


def take(request: HttpRequest, agreement_id: UUID, transition: str) -> HttpResponse:
    """The page behind a scanned code: what it is about, and the button that confirms for both;
    without a code the six figures are typed here."""
    actor = signed_in(request)
    found = agreement_or_404(agreement_id, actor)
    told = agreements.told([found], actor)[0]
    step = next((one for one in told.steps if one.name == transition), None)
    code = request.GET.get("code", "")[:600]
    context: dict[str, object] = {
        "told": told,
        "step": step,
        "sides": agreements.sides(found, actor),
        "back": reverse("web:agreement", args=[found.id]),
        "code": code,
        "fields": asked(step.asks) if step is not None else (),
        "takes_photo": step is not None and step.name in PHOTO_STEPS,
    }
    if request.method != "POST":
        return page(request, "exchange/take.html", context)
    if step is None:
        raise Http404
    try:
        if step.name in PHOTO_STEPS:
            keep_photo(request, found.id, step.name)
    except Refusal as refusal:
        again = "exchange/take.html"
        return refused(request, refusal, again=again, context=context, labels=LABELS)
    body = {
        "agreement_id": str(found.id),
        "transition": transition,
        "state": request.POST.get("state", ""),
        "answers": answers_of(request, step.asks),
    }
    if code:
        body["hand_over"] = code
    else:
        body["digits"] = "".join(request.POST.get("digits", "").split())[:20]
    return answer(
        act(
            request,
            "exchange.agreement.step" if code else "exchange.hand_over.take",
            body,
            success_url=reverse("web:agreement", args=[found.id]),
            again="exchange/take.html",
            context=context,
            labels={**LABELS, "digits": T("여섯 자리 숫자", "Six digits")},
            done=T("주고받은 것을 두 사람이 확인했습니다.", "Both sides have confirmed."),
        )
    )


HERE = "exchange/agreements/<uuid:agreement_id>/"
urlpatterns = [
    path(f"{HERE}hand-over/<slug:transition>/", show, name="hand_over"),
    path(f"{HERE}take/<slug:transition>/", take, name="hand_over_take"),
]
