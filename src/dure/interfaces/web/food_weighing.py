"""Packing by product: one product on the scale for all baskets in a row, written in one go."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core.errors import Refusal
from dure.core.text import T
from dure.exchange.errors import ExchangeCode
from dure.exchange.queries import food as queries
from dure.interfaces.web import food_words as words
from dure.interfaces.web.base import Form, act, page, paged, refused
from dure.interfaces.web.food_desk import hosted_or_404
from dure.interfaces.web.food_packing import HERE, tabs_of, weighing_of
from dure.interfaces.web.listings import answer
from dure.interfaces.web.money_frame import signed_in

ON_A_PAGE = 100
AMOUNT_MAX = 10**8  # what is beyond is too much of anything
WEIGH = "exchange/food/weigh_product.html"
NO_WEIGHT = T(
    "0–9 숫자로 적어 주세요(예: 1340 또는 1.34 kg)", "use the digits 0–9, as in 1340 or 1.34 kg"
)
NO_COUNT = T("0–9 숫자로 적어 주세요(예: 12)", "use the digits 0–9, as in 12")
WRITTEN = T("바구니 %(n)s개의 무게를 적었습니다.", "The weights of %(n)s baskets are written.")
AT = T("%(n)s번 바구니: %(why)s.", "Basket %(n)s: %(why)s.")


def products(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """The products of a cycle as big tiles: how many baskets of each are weighed."""
    actor = signed_in(request)
    found = hosted_or_404(cycle_id, actor)
    table = queries.packing(cycle_id, actor)
    if table is None:
        raise Http404
    context = {
        "cycle": found,
        "tabs": tabs_of(cycle_id, "product"),
        "products": [_tile(one) for one in table.products],
    }
    return page(request, "exchange/food/packing_products.html", context)


def _tile(one: Any) -> dict[str, object]:  # Any: a product of the packing table
    unit = one.product.unit
    done = sum(_is_done(basket, line) for basket, line in one.rows)
    return {
        "product": one.product,
        "ordered": words.amount(one.ordered, unit),
        "cases": one.cases,
        "case": words.amount(one.product.case, unit) if one.product.case else "",
        "is_by_weight": bool(one.product.margin_ppm),
        "count": len(one.rows),
        "done": done,
        "is_done": done == len(one.rows),
    }


def _is_done(basket: Any, line: Any) -> bool:  # Any: a basket and its line
    """Whether nothing of this product is left to weigh for a basket."""
    return basket.state != "allocated" or line.weighed is not None


def weigh(request: HttpRequest, cycle_id: UUID, product_id: UUID) -> HttpResponse:
    """One product and every basket that gets it; what is typed is written, the rest waits."""
    actor = signed_in(request)
    found = hosted_or_404(cycle_id, actor)
    one = queries.packed(product_id, actor)
    if one is None or one.product.cycle_id != cycle_id:
        raise Http404
    rows = paged(request, [_row(basket, line) for basket, line in one.rows], ON_A_PAGE)
    context = {
        "cycle": found,
        "tabs": tabs_of(cycle_id, "product"),
        "one": _tile(one),
        "rows": rows,
        "can_weigh": any(row["is_open"] for row in rows),
        "next_product": _next(cycle_id, product_id),
    }
    if request.method != "POST":
        return page(request, WEIGH, context)
    numbers = {str(basket.id): basket.number for basket, _line in one.rows}

    def told(form: Form) -> HttpResponse:
        why = form.errors
        form.errors = {
            f"w_{key}": str(AT % {"n": number, "why": why.pop(key)})
            for key, number in numbers.items()
            if key in why
        } | why
        return page(request, WEIGH, {**context, "form": form}, status=form.status)

    weights, unread = _typed(request, one)
    if unread:
        details = queries.weight_faults(product_id, weights, actor) | unread
        refusal = Refusal(ExchangeCode.BAD_QUANTITY, details=tuple(details.items()))
        return refused(request, refusal, again=told)
    if not weights:
        return page(request, WEIGH, context | {"nothing": True})
    body = {
        "product_id": str(product_id),
        "weights": tuple({"agreement_id": key, "weighed": n} for key, n in weights.items()),
    }
    here = reverse("web:food_weigh_product", args=[cycle_id, product_id])
    return answer(
        act(
            request,
            "exchange.product.weigh",
            body,
            success_url=f"{here}?page={rows.number}" if rows.number > 1 else here,
            again=told,
            labels=words.LABELS,
            done=WRITTEN % {"n": len(weights)},
        )
    )


def _next(cycle_id: UUID, product_id: UUID) -> Any:  # Any: a product of the room's queries
    """The product that stands behind this one in the cycle's list."""
    goods = queries.products(cycle_id)
    places = [n for n, one in enumerate(goods, 1) if one.id == product_id]
    return next((one for one in goods[places[0] :] if one.asked), None) if places else None


def _row(basket: Any, line: Any) -> dict[str, object]:  # Any: a basket and its line
    shown = weighing_of(line)
    if line.weighed is None:
        shown["typed"] = ""
    return {
        "basket": basket,
        "key": str(basket.id),
        "state": words.basket_state(basket.state),
        "is_open": basket.state == "allocated",
        **shown,
    }


def _typed(request: HttpRequest, one: Any) -> tuple[dict[str, int], dict[str, T]]:
    """The weights that were typed and are new, and why others cannot be read; by basket."""
    weights: dict[str, int] = {}
    unread: dict[str, T] = {}
    for basket, line in one.rows:
        text = request.POST.get(f"w_{basket.id}", "").strip()
        weighed = words.typed_amount(text, one.product.unit) if text else None
        if isinstance(weighed, str):
            unread[str(basket.id)] = NO_WEIGHT if one.product.unit == words.GRAMS else NO_COUNT
        elif weighed is not None and weighed != line.weighed:
            weights[str(basket.id)] = min(weighed, AMOUNT_MAX)
    return weights, unread


urlpatterns = [
    path(f"{HERE}products/", products, name="food_packing_products"),
    path(f"{HERE}products/<uuid:product_id>/", weigh, name="food_weigh_product"),
]
