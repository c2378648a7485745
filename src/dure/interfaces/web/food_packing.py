"""The packing table on a tablet: by basket and by product, real weights typed, then handed over."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core import actions
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.core.text import T
from dure.exchange.queries import agreements
from dure.exchange.queries import food as queries
from dure.interfaces.web import food_words as words
from dure.interfaces.web.base import act, actor_of, page, paged, picked, refused
from dure.interfaces.web.food_baskets import basket_or_404, line_of
from dure.interfaces.web.food_desk import hosted_or_404
from dure.interfaces.web.listings import answer
from dure.interfaces.web.money_frame import signed_in

ON_A_PAGE = 60
PARTS = {
    "todo": (T("꾸릴 것", "To pack"), ("allocated",)),
    "packed": (T("건넬 것", "To hand over"), ("packed",)),
    "done": (T("건넨 것", "Handed over"), ("delivered", "claimed", "settled")),
}


def packing(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """All baskets of a cycle as big tiles: those to pack first."""
    actor = signed_in(request)
    found = hosted_or_404(cycle_id, actor)
    table = queries.packing(cycle_id, actor)
    if table is None:
        raise Http404
    number = request.GET.get("q", "").strip().lstrip("#0")
    part = picked(request, "part", PARTS, "todo")
    counts = {
        key: sum(one.state in states for one in table.baskets) for key, (_, states) in PARTS.items()
    }
    chosen = [one for one in table.baskets if one.state in PARTS[part][1]]
    if number:
        chosen = [one for one in table.baskets if one.number.lstrip("0") == number]
    rows = paged(request, chosen, ON_A_PAGE)
    context = {
        "cycle": found,
        "tabs": tabs_of(cycle_id, "basket"),
        "parts": [
            {
                "href": f"?part={key}",
                "title": str(text),
                "here": key == part and not number,
                "count": counts[key],
            }
            for key, (text, _) in PARTS.items()
        ],
        "part": part,
        "q": number,
        "rows": rows,
        "baskets": [
            {
                "one": one,
                "state": words.basket_state(one.state),
                "count": _count(one),
                "crate": words.crate_of(one),
            }
            for one in rows
        ],
    }
    return page(request, "exchange/food/packing.html", context)


def _count(basket: Any) -> int:  # Any: a basket of the room's queries
    return sum(bool(line.awarded) for line in basket.lines)


def tabs_of(cycle_id: UUID, here: str) -> list[dict[str, object]]:
    """The two ways of packing."""
    return [
        {"href": reverse(f"web:{name}", args=[cycle_id]), "title": text, "here": key == here}
        for key, name, text in (
            ("basket", "food_packing", T("바구니마다", "By basket")),
            ("product", "food_packing_products", T("품목마다", "By product")),
        )
    ]


def weighing_of(line: Any) -> dict[str, object]:  # Any: a line of a basket
    """A line on the packing table, in words."""
    unit = line.product.unit
    taken = line.awarded if line.weighed is None else line.weighed
    return {
        "line": line,
        "product": line.product,
        "awarded": words.amount(line.awarded or 0, unit),
        "weighed": "" if line.weighed is None else words.amount(line.weighed, unit),
        "typed": taken,
        "unit": "g" if unit == words.GRAMS else str(T("개", "pcs")),
        "is_by_weight": bool(line.product.margin_ppm),
    }


def pack(request: HttpRequest, cycle_id: UUID, agreement_id: UUID) -> HttpResponse:
    """One basket on the table: what goes in, its real weights, and the next one."""
    actor = signed_in(request)
    found = hosted_or_404(cycle_id, actor)
    one = basket_or_404(agreement_id, actor)
    context = _context(found, one, actor)
    if request.method != "POST":
        return page(request, "exchange/food/pack.html", context)
    if request.POST.get("do") == "crate":
        return _take_back(request, cycle_id, one, context)
    transition = request.POST.get("transition", "pack")
    if transition == "pack":
        weights = _weights(request, one)
        if weights:
            try:
                actions.run(
                    "exchange.basket.weigh",
                    {"agreement_id": str(agreement_id), "weights": weights},
                    actor_of(request),
                    key=f"{request.POST.get('key', '')}:w",
                )
            except Refusal as refusal:
                return refused(
                    request,
                    refusal,
                    again="exchange/food/pack.html",
                    context=context,
                    labels=words.LABELS,
                )
    body = {
        "agreement_id": str(agreement_id),
        "transition": transition,
        "state": request.POST.get("state", ""),
        "answers": (),
    }
    return answer(
        act(
            request,
            "exchange.agreement.step",
            body,
            success_url=_next(cycle_id, agreement_id, transition, actor),
            again="exchange/food/pack.html",
            context=context,
            labels=words.LABELS,
            done=T("%(n)s번을 꾸렸습니다.", "Basket %(n)s is packed.") % {"n": one.number}
            if transition == "pack"
            else T("건넸다고 적었습니다.", "You confirmed the hand-over."),
        )
    )


def _take_back(
    request: HttpRequest,
    cycle_id: UUID,
    one: Any,  # Any: a basket of the room's queries
    context: dict[str, object],
) -> HttpResponse:
    """Write down that the crate of this basket came back."""
    return answer(
        act(
            request,
            "exchange.crate.take_back",
            {"agreement_id": str(one.id)},
            success_url=reverse("web:food_pack", args=[cycle_id, one.id]),
            again="exchange/food/pack.html",
            context=context,
            labels=words.LABELS,
            done=T("상자가 돌아왔다고 적었습니다.", "The crate is noted as back."),
        )
    )


def _weights(request: HttpRequest, basket: Any) -> tuple[dict[str, object], ...]:
    """The typed weights of a basket's lines; what is left as it was awarded needs none."""
    found: list[dict[str, object]] = []
    for line in basket.lines:
        typed = request.POST.get(f"w_{line.product.id}", "").strip()
        if typed:
            weighed = words.typed_amount(typed, line.product.unit)
            if weighed != line.awarded or line.weighed is not None:
                found.append({"product_id": str(line.product.id), "weighed": weighed})
    return tuple(found)


def _next(cycle_id: UUID, agreement_id: UUID, transition: str, actor: Actor) -> str:
    """Where to go on: the next basket to pack, or the list when there is none."""
    table = queries.packing(cycle_id, actor)
    waiting = [
        one.id
        for one in (table.baskets if table else ())
        if one.state == "allocated" and one.id != agreement_id
    ]
    if transition == "pack" and waiting:
        return reverse("web:food_pack", args=[cycle_id, waiting[0]])
    part = "?part=packed"
    return reverse("web:food_packing", args=[cycle_id]) + part


def _context(found: Any, one: Any, actor: Actor) -> dict[str, object]:  # Any: rows of the room
    """What the table shows of one basket."""
    case = agreements.one(one.id, actor)
    if case is None:
        raise Http404
    told = agreements.told([case], actor)[0]
    steps = {step.name: step for step in told.steps}
    lines = [weighing_of(line) for line in one.lines if line.awarded]
    return {
        "cycle": found,
        "basket": one,
        "told": told,
        "state": words.basket_state(one.state),
        "lines": lines,
        "crate": words.crate_of(one),
        "none": [line_of(line, one.cycle.pays) for line in one.lines if not line.awarded],
        "can_pack": "pack" in steps,
        "hand_over": steps.get("hand_over"),
        "is_by_weight": any(line["is_by_weight"] for line in lines),
    }


HERE = "exchange/food/<uuid:cycle_id>/packing/"
urlpatterns = [
    path(HERE, packing, name="food_packing"),
    path(f"{HERE}<uuid:agreement_id>/", pack, name="food_pack"),
]
