"""Standing orders: what a member wants of every cycle of a hub, until she stops it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core.text import T
from dure.exchange.queries import food as queries
from dure.interfaces.web import food_words as words
from dure.interfaces.web.base import act, page
from dure.interfaces.web.food_baskets import basket_or_404
from dure.interfaces.web.listings import answer
from dure.interfaces.web.money_frame import signed_in


def standing(request: HttpRequest) -> HttpResponse:
    """My standing orders, and the form that stops one."""
    actor = signed_in(request)
    context: dict[str, object] = {"orders": [_told(one) for one in queries.standing(actor)]}
    if request.method != "POST":
        return page(request, "exchange/food/standing.html", context)
    return answer(
        act(
            request,
            "exchange.standing.close",
            {"listing_id": request.POST.get("listing_id", "")},
            success_url=reverse("web:food_standing"),
            again="exchange/food/standing.html",
            context=context,
            labels=words.LABELS,
            done=T("정기 주문을 멈추었습니다.", "The standing order is stopped."),
        )
    )


def _told(one: Any) -> dict[str, object]:  # Any: a standing order of the room's queries
    return {
        "one": one,
        "lines": [
            (
                line.title,
                words.amount(line.asked, line.unit),
                words.amount(line.tolerance, line.unit) if line.tolerance else "",
            )
            for line in one.lines
        ],
    }


def keep(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Make a standing order of a basket: the same, each time the hub opens a cycle."""
    actor = signed_in(request)
    basket = basket_or_404(agreement_id, actor)
    if not basket.is_mine:
        raise Http404
    context: dict[str, object] = {
        "basket": basket,
        "lines": [
            {
                "line": line,
                "lot": words.amount(line.product.lot, line.product.unit),
                "lots": line.asked // line.product.lot,
                "more": line.tolerance // line.product.lot or "",
            }
            for line in basket.lines
        ],
    }
    if request.method != "POST":
        return page(request, "exchange/food/standing_form.html", context)
    lines = []
    for line in basket.lines:
        key, lot = line.product.id, line.product.lot
        lots = words.whole_of(request.POST.get(f"n_{key}", "").strip() or "0")
        more = words.whole_of(request.POST.get(f"m_{key}", "").strip() or "0")
        if lots != 0:
            lines.append(
                {
                    "spec_id": line.product.spec_id,
                    "asked": lots * lot if isinstance(lots, int) else lots,
                    "tolerance": more * lot if isinstance(more, int) else more,
                }
            )
    return answer(
        act(
            request,
            "exchange.standing.set",
            {"organisation_id": str(basket.cycle.hub_id), "lines": tuple(lines)},
            success_url=reverse("web:food_standing"),
            again="exchange/food/standing_form.html",
            context=context,
            labels=words.LABELS,
            done=T(
                "정기 주문을 적었습니다. 회차가 열릴 때마다 주문하고 알려 드려요.",
                "Noted. Each time a cycle opens it is ordered, and you are told.",
            ),
        )
    )


urlpatterns = [
    path("exchange/food/standing/", standing, name="food_standing"),
    path("exchange/food/baskets/<uuid:agreement_id>/standing/", keep, name="food_standing_new"),
]
