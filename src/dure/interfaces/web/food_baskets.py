"""A basket: what I ordered, what I got and why, what is held; its steps, and the receipt."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core import clock
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.core.text import T
from dure.exchange.queries import agreements, happenings
from dure.exchange.queries import food as queries
from dure.interfaces.web import food_words as words
from dure.interfaces.web.agreements import (
    agreement_or_404,
    deadline_of,
    held_of,
)
from dure.interfaces.web.base import act, page, refused
from dure.interfaces.web.exchange_forms import answers_of, asked
from dure.interfaces.web.exchange_photos import PHOTO_LABELS, keep_photo, shown
from dure.interfaces.web.listings import answer
from dure.interfaces.web.money_frame import signed_in

DONE = {
    "place": T(
        "주문했습니다. 마감 전에는 바꾸거나 거둘 수 있어요.",
        "Your order is in. You may change or drop it until orders close.",
    ),
    "edit": T(
        "주문을 풀었습니다. 바꾼 뒤에 다시 주문해 주세요.",
        "The order is open again. Change it, then order again.",
    ),
    "claim": T("알렸습니다. 담당자가 살펴봅니다.", "They are told and will look into it."),
    "accept": T("잘 받았다고 알렸습니다.", "You confirmed that all is well."),
}
SAVED = T("저장했습니다.", "Saved.")
LABELS = {**words.LABELS, **PHOTO_LABELS}
GOT = frozenset({"allocated", "packed", "delivered", "claimed", "uncollected", "review", "settled"})


def basket_or_404(agreement_id: UUID, actor: Actor) -> Any:  # Any: a face names no model
    """A basket that the reader may see: her own, or one of the hub that she works for."""
    found = queries.basket(agreement_id, actor)
    if found is None:
        raise Http404
    return found


def basket(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """My basket: its lines and the steps that I may take now."""
    actor = signed_in(request)
    found = basket_or_404(agreement_id, actor)
    case = agreement_or_404(agreement_id, actor)
    told = agreements.told([case], actor)[0]
    context = context_of(found, case, told) | {"photos": shown(case, actor)}
    if request.method != "POST":
        return page(request, "exchange/food/basket.html", context)
    name = request.POST.get("transition", "")
    step = next((one for one in told.steps if one.name == name), None)
    if name == "claim":
        try:
            keep_photo(request, agreement_id, "damage")
        except Refusal as refusal:
            again = "exchange/food/basket.html"
            return refused(request, refusal, again=again, context=context, labels=LABELS)
    body: dict[str, object] = {
        "agreement_id": str(agreement_id),
        "transition": name,
        "state": request.POST.get("state", ""),
        "answers": _answers(request, found, step),
    }
    return answer(
        act(
            request,
            "exchange.agreement.step",
            body,
            success_url=reverse("web:food_basket", args=[agreement_id]),
            again="exchange/food/basket.html",
            context=context,
            labels=LABELS,
            done=DONE.get(name, SAVED),
        )
    )


def _answers(request: HttpRequest, found: Any, step: Any) -> tuple[dict[str, str], ...]:
    """What a step asks; a missing amount is typed in the unit of its product."""
    given = answers_of(request, step.asks if step else None)
    units = {str(line.product.id): line.product.unit for line in found.lines}
    unit = units.get(request.POST.get("product", ""), next(iter(units.values()), ""))
    return tuple(
        {"name": one["name"], "value": str(words.typed_amount(one["value"], unit))}
        if one["name"] == "missing"
        else one
        for one in given
    )


def line_of(line: Any, pays: str) -> dict[str, object]:  # Any: a line of the room's queries
    """A line in words."""
    unit = line.product.unit
    return {
        "line": line,
        "product": line.product,
        "asked": words.amount(line.asked, unit),
        "more": words.amount(line.tolerance, unit) if line.tolerance else "",
        "awarded": "" if line.awarded is None else words.amount(line.awarded, unit),
        "weighed": "" if line.weighed is None else words.amount(line.weighed, unit),
        "is_less": line.awarded is not None and line.awarded < line.asked,
        "reason": str(line.reason) if line.reason else "",
        "value": words.value(line.value, pays),
    }


def context_of(found: Any, case: Any, told: Any) -> dict[str, object]:  # Any: rows of the room
    """What the page of a basket shows."""
    pays = found.cycle.pays
    kind, text = words.basket_state(found.state)
    goods = [(str(line.product.id), line.product.title) for line in found.lines]
    margins = [line.product.margin_ppm for line in found.lines]
    return {
        "basket": found,
        "is_gift": pays == "gift",
        "told": told,
        "kind": kind,
        "state": text,
        "lines": [line_of(line, pays) for line in found.lines],
        "got": found.state in GOT,
        "total": words.value(found.total, pays),
        "to_hold": words.value(_to_hold(found), pays),
        "is_by_weight": any(margins),
        "held": held_of(told),
        "charged": words.value(found.charged, pays) if found.charged is not None else "",
        "deadline": deadline_of(told),
        "left": words.left_until(found.cycle.closes) if found.cycle.is_open else "",
        "steps": [_step(one, goods, found.complaint) for one in told.steps],
        "came": words.value(sum(line.value for line in found.lines), pays),
        "complaint": complaint_of(found.complaint),
        "crate": words.crate_of(found),
        "history": happenings.history(case),
    }


def complaint_of(found: Any) -> dict[str, object]:  # Any: what a buyer said, or None
    """What was said to be missing, in words."""
    if found is None:
        return {}
    agreed = found.agreed
    return {
        "title": found.title,
        "missing": words.amount(found.missing, found.unit),
        "note": found.note,
        "agreed": "" if agreed is None else words.amount(agreed, found.unit),
    }


def _step(one: Any, goods: list[tuple[str, str]], complaint: Any) -> dict[str, object]:
    """A step as the page offers it (Any: a step and a complaint as told)."""
    if one.name == "claim":
        return {"step": one, "fields": [], "goods": goods}
    missing = complaint.missing if complaint is not None else None
    fields = [
        replace(field, label=str(words.ASKED.get(field.name, field.label)))
        for field in asked(one.asks, missing=missing)
    ]
    return {"step": one, "fields": fields, "goods": []}


def _to_hold(found: Any) -> int:  # Any: a basket of the room's queries
    """What will be held: every line with all that may come and its margin of weight, rounded up;
    the deposit too."""
    total = int(found.cycle.deposit)
    for line in found.lines:
        product = line.product
        most = (line.asked + line.tolerance) // product.lot * product.price
        total += -(-most * (1_000_000 + product.margin_ppm) // 1_000_000)
    return total


def receipt(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """What was ordered, received and paid, to print or to keep."""
    actor = signed_in(request)
    found = basket_or_404(agreement_id, actor)
    case = agreement_or_404(agreement_id, actor)
    told = agreements.told([case], actor)[0]
    context = context_of(found, case, told) | {
        "sides": agreements.sides(case, actor),
        "now": clock.now(),
    }
    return page(request, "exchange/food/receipt.html", context)


HERE = "exchange/food/baskets/<uuid:agreement_id>/"
urlpatterns = [
    path(HERE, basket, name="food_basket"),
    path(f"{HERE}receipt/", receipt, name="food_receipt"),
]
