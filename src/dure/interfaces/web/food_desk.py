"""The hub's side of a food cycle: open one, watch its orders, close it and share it out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core import clock
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.exchange.queries import food as queries
from dure.interfaces.web import exchange_words as common
from dure.interfaces.web import food_words as words
from dure.interfaces.web import formats
from dure.interfaces.web.base import act, page, paged
from dure.interfaces.web.food import card_of, cycle_or_404
from dure.interfaces.web.listings import answer
from dure.interfaces.web.money_frame import signed_in

TEXTS = ("title", "place", "pays", "text")
SET_ONCE = ("opens", "pays", "deposit")
TIMES = ("opens", "closes", "pickup")
ORDER = (
    "ordered", "allocated", "packed", "delivered", "claimed",
    "uncollected", "review", "settled", "cart", "cancelled", "dropped",
)  # fmt: skip


def desk(request: HttpRequest) -> HttpResponse:
    """The cycles that I run and those that I deliver to."""
    actor = signed_in(request)
    hubs = queries.hubs(actor)
    rows = paged(request, queries.hosted(actor))
    supplied = list(queries.supplied(actor)[:50])
    if not hubs and not rows.paginator.count and not supplied:
        raise Refusal(CoreCode.NOT_FOUND)
    context = {
        "rows": rows,
        "cards": [card_of(one) for one in queries.cycle_rows(list(rows), actor)],
        "supplied": [_supplied(one, actor) for one in queries.cycle_rows(supplied, actor)],
        "can_open": bool(hubs),
    }
    return page(request, "exchange/food/desk.html", context)


def _supplied(row: Any, actor: Actor) -> dict[str, object]:  # Any: a cycle of the room's queries
    found = queries.cycle(row.id, actor)
    return {**card_of(row), "producers": found.produces if found else ()}


def hosted_or_404(cycle_id: UUID, actor: Actor) -> Any:  # Any: a face names no model
    """A cycle that the actor runs; for others it is not there."""
    found = cycle_or_404(cycle_id, actor)
    if not found.can_run:
        raise Refusal(CoreCode.NOT_FOUND)
    return found


def choices(actor: Actor) -> dict[str, object]:
    """What the form of a cycle offers to choose from."""
    return {
        "hubs": [(str(key), name) for key, name in queries.hubs(actor)],
        "pays": [(key, str(text)) for key, text in words.PAYS.items()],
    }


def body_of_cycle(request: HttpRequest) -> dict[str, object]:
    """The typed form as a body: a day and an hour become an instant."""
    given = {name: request.POST.get(name, "").strip() for name in request.POST}
    body: dict[str, object] = {name: given[name] for name in TEXTS if given.get(name)}
    for name in TIMES:
        if given.get(name):
            day, _, hour = given[name].partition("T")
            body[name] = common.instant_of(day, hour)
    if given.get("deposit"):
        body["deposit"] = words.whole_of(given["deposit"])
    return body


def new(request: HttpRequest) -> HttpResponse:
    """Open a cycle: when orders are taken, where food is picked up, which rule shares it."""
    actor = signed_in(request)
    context = choices(actor)
    if not context["hubs"]:
        raise Refusal(CoreCode.NOT_FOUND)
    if request.method != "POST":
        return page(request, "exchange/food/cycle_form.html", context)
    body = body_of_cycle(request)
    body["organisation_id"] = request.POST.get("organisation_id", "").strip()
    return answer(
        act(
            request,
            "exchange.cycle.open",
            body,
            success_url=lambda done: reverse("web:food_lists", args=[done.result.id]),
            again="exchange/food/cycle_form.html",
            context=context,
            labels=words.LABELS,
            done=T(
                "회차를 열었습니다. 이제 생산자의 목록을 올려 주세요.",
                "The cycle is open. Now bring the producers' lists.",
            ),
        )
    )


def change(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """Change the words and times of a cycle, or cancel it."""
    actor = signed_in(request)
    found = hosted_or_404(cycle_id, actor)
    row = found.row
    context = {
        "cycle": found,
        "closes": typed_instant(row.closes),
        "pickup": typed_instant(row.pickup),
        **choices(actor),
    }
    if request.method != "POST":
        return page(request, "exchange/food/cycle_form.html", context)
    if request.POST.get("do") == "cancel":
        name, body, done = "cancel", {}, T("회차를 거두었습니다.", "The cycle is cancelled.")
    else:
        name, body, done = "change", body_of_cycle(request), T("고쳤습니다.", "Changed.")
        body = {key: value for key, value in body.items() if key not in SET_ONCE}
    return answer(
        act(
            request,
            f"exchange.cycle.{name}",
            {"cycle_id": str(cycle_id), **body},
            success_url=reverse("web:food_manage", args=[cycle_id]),
            again="exchange/food/cycle_form.html",
            context=context,
            labels=words.LABELS,
            done=done,
        )
    )


def typed_instant(when: Any) -> str:  # Any: an instant or None
    """An instant as a field of day and hour holds it."""
    return f"{formats.local(when):%Y-%m-%dT%H:%M}" if when else ""


def manage(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """One cycle for those who run it: orders against stock, what to do next, the long run."""
    actor = signed_in(request)
    found = hosted_or_404(cycle_id, actor)
    context = context_of(found, actor)
    if request.method != "POST":
        return page(request, "exchange/food/manage.html", context)
    return answer(
        act(
            request,
            "exchange.cycle.close",
            {"cycle_id": str(cycle_id)},
            success_url=reverse("web:food_manage", args=[cycle_id]),
            again="exchange/food/manage.html",
            context=context,
            labels=words.LABELS,
            done=T("마감하고 나누기 시작했습니다.", "Orders are closed; sharing out has begun."),
        )
    )


def product(request: HttpRequest, product_id: UUID) -> HttpResponse:
    """Change the stock or the price of a product while orders are taken, or withdraw it."""
    actor = signed_in(request)
    one = queries.product(product_id)
    if one is None:
        raise Http404
    found = hosted_or_404(one.cycle_id, actor)
    context = {
        "cycle": found,
        "product": one,
        "estate": words.amount(one.estate, one.unit) if one.unit == words.GRAMS else one.estate,
        "lot": words.amount(one.lot, one.unit),
    }
    if request.method != "POST":
        return page(request, "exchange/food/product_form.html", context)
    given = {name: request.POST.get(name, "").strip() for name in ("estate", "price")}
    return answer(
        act(
            request,
            "exchange.product.change",
            {
                "product_id": str(product_id),
                "estate": words.typed_amount(given["estate"], one.unit),
                "price": common.number(given["price"]),
                "withdrawn": "withdrawn" in request.POST,
            },
            success_url=reverse("web:food_manage", args=[one.cycle_id]),
            again="exchange/food/product_form.html",
            context=context,
            labels=words.LABELS,
            done=T("품목을 고쳤습니다.", "The product is changed."),
        )
    )


def context_of(found: Any, actor: Actor) -> dict[str, object]:  # Any: a cycle
    """What the page of a cycle shows to those who run it."""
    row = found.row
    kind, text = words.state_of(row)
    counts = queries.counts(row.id)
    return {
        "cycle": found,
        "card": card_of(row),
        "kind": kind,
        "state": text,
        "rule_name": words.rule_name(found.rule),
        "products": [stock_of(one, row.pays) for one in queries.products(row.id)],
        "counts": [(words.basket_state(key)[1], counts[key]) for key in ORDER if counts.get(key)],
        "ordered": counts.get("ordered", 0),
        "claims": counts.get("claimed", 0) + counts.get("uncollected", 0) + counts.get("review", 0),
        "to_pack": counts.get("allocated", 0),
        "packed": counts.get("packed", 0),
        "run": run_of(row, counts),
        "is_over": row.closes <= clock.now(),
        "can_change": row.state == "open" and not row.is_cancelled,
        "can_close": row.state == "open" and not row.is_cancelled and row.opens <= clock.now(),
    }


def run_of(row: Any, counts: dict[str, int]) -> dict[str, int] | None:  # Any: a cycle
    """How far the long run of sharing out is, while baskets wait for it."""
    waiting = counts.get("ordered", 0)
    if row.state not in ("closed", "awarded") or row.is_cancelled or not waiting:
        return None
    total = sum(number for key, number in counts.items() if key not in ("cart", "dropped"))
    return {"done": total - waiting, "total": total}


def stock_of(product: Any, pays: str) -> dict[str, object]:  # Any: a product of the room's queries
    """What is ordered of a product against what there is."""
    unit, estate = product.unit, product.estate
    short = max(0, product.asked - estate)
    return {
        "one": product,
        "price": words.price_of(product, pays),
        "estate": words.amount(estate, unit),
        "asked": words.amount(product.asked, unit),
        "short": words.amount(short, unit) if short else "",
        "to_fill": words.amount(product.to_fill, unit) if product.unfilled else "",
        "portion": formats.portion(product.asked, estate, 0) if estate else "–",
        "case": words.amount(product.case, unit) if product.case else "",
        "is_full": estate > 0 and product.asked * 10 >= estate * 9,
    }


def pay(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """The end of a cycle's money: what each producer gets, and the button that sends it."""
    actor = signed_in(request)
    found = cycle_or_404(cycle_id, actor)
    rows = queries.payouts(cycle_id, actor)
    if rows is None:
        raise Refusal(CoreCode.NOT_FOUND)
    row = found.row
    counts = queries.counts(cycle_id)
    running = sum(counts.get(key, 0) for key in ORDER[:7])
    context = {
        "cycle": found,
        "card": card_of(row),
        "rows": [
            (
                one.producer,
                words.value(one.paid, row.pays),
                words.value(one.kept, row.pays),
                words.value(one.amount, row.pays),
            )
            for one in rows
        ],
        "total": words.value(sum(one.amount for one in rows), row.pays),
        "running": running,
        "can_pay": row.pays != "gift"
        and row.state == "awarded"
        and not running
        and queries.may_pay(row.hub_id, actor),
    }
    if request.method != "POST":
        return page(request, "exchange/food/pay.html", context)
    return answer(
        act(
            request,
            "exchange.cycle.pay",
            {"cycle_id": str(cycle_id)},
            success_url=reverse("web:food_pay", args=[cycle_id]),
            again="exchange/food/pay.html",
            context=context,
            labels=words.LABELS,
            done=T("생산자에게 대금을 보냈습니다.", "The producers are paid."),
        )
    )


HERE = "exchange/food/"
urlpatterns = [
    path(f"{HERE}desk/", desk, name="food_desk"),
    path(f"{HERE}desk/new/", new, name="food_open"),
    path(f"{HERE}<uuid:cycle_id>/desk/", manage, name="food_manage"),
    path(f"{HERE}<uuid:cycle_id>/change/", change, name="food_change"),
    path(f"{HERE}<uuid:cycle_id>/pay/", pay, name="food_pay"),
    path(f"{HERE}products/<uuid:product_id>/change/", product, name="food_product"),
]
