"""Lists to print or to keep: what a producer delivers, what is packed, what is left to settle."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core.actors import Actor
from dure.core.text import T
from dure.exchange.queries import agreements
from dure.exchange.queries import food as queries
from dure.exchange.queries.spendings import spent_in_cycle
from dure.interfaces.web import food_words as words
from dure.interfaces.web.agreements import card_of_case
from dure.interfaces.web.base import Form, page, see
from dure.interfaces.web.downloads import TYPES, downloaded
from dure.interfaces.web.food import card_of, cycle_or_404
from dure.interfaces.web.food_baskets import line_of
from dure.interfaces.web.food_desk import ORDER, hosted_or_404
from dure.interfaces.web.money_frame import signed_in

LEFT = ("claimed", "uncollected", "review")
FORMS = (("xlsx", T("엑셀(XLSX)", "Excel (XLSX)")), ("csv", T("CSV", "CSV")))


def delivery(request: HttpRequest, cycle_id: UUID, producer_id: UUID) -> HttpResponse:
    """What one producer delivers to a cycle, by whole cases; others' lines are not shown."""
    actor = signed_in(request)
    found, lines = _delivery(cycle_id, producer_id, actor)
    pays = found.row.pays
    context = {
        "cycle": found,
        "card": card_of(found.row),
        "producer_id": producer_id,
        "producer": lines[0].product.producer if lines else "",
        "lines": [
            {
                "line": line,
                "ordered": words.amount(line.ordered, line.product.unit),
                "amount": words.amount(line.amount, line.product.unit),
                "case": words.amount(line.product.case, line.product.unit)
                if line.product.case
                else "",
                "value": words.value(line.value, pays),
            }
            for line in lines
        ],
        "total": words.value(sum(line.value for line in lines), pays),
    }
    return page(request, "exchange/food/delivery.html", context)


def _delivery(cycle_id: UUID, producer_id: UUID, actor: Actor) -> tuple[Any, Any]:
    """The cycle and the producer's lines; 404 for whoever neither runs nor delivers."""
    found = cycle_or_404(cycle_id, actor)
    lines = queries.delivery(cycle_id, producer_id, actor)
    if lines is None:
        raise Http404
    return found, lines


def delivery_file(
    request: HttpRequest, cycle_id: UUID, producer_id: UUID
) -> HttpResponse | FileResponse:
    """The producer's lines as CSV or as a workbook; the download leaves a record."""
    _delivery(cycle_id, producer_id, signed_in(request))
    if request.method != "POST":
        return see(reverse("web:food_delivery", args=[cycle_id, producer_id]))
    form = request.POST.get("form", "")
    body = {"cycle_id": str(cycle_id), "producer_id": str(producer_id), "form": form}
    kind = TYPES.get(form, "")
    return downloaded(request, "exchange.delivery.export", body, f"delivery.{form}", kind)


def packing_file(request: HttpRequest, cycle_id: UUID) -> HttpResponse | FileResponse:
    """Every line of every basket as CSV or as a workbook, for a reason; it leaves a record."""
    found = hosted_or_404(cycle_id, signed_in(request))
    context = {"cycle": found, "forms": FORMS}
    if request.method != "POST":
        return page(request, "exchange/food/packing_file.html", context)

    def again(form: Form) -> HttpResponse:
        shown = {**context, "form": form}
        return page(request, "exchange/food/packing_file.html", shown, status=form.status)

    form = request.POST.get("form", "")
    body = {"cycle_id": str(cycle_id), "form": form}
    name, kind = f"packing.{form}", TYPES.get(form, "")
    labels = {**words.LABELS, "reason": T("왜 내려받나요", "Why you download it")}
    return downloaded(
        request, "exchange.packing.export", body, name, kind, again=again, labels=labels
    )


def printed(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """The packing list on paper: one block a basket, boxes to tick."""
    actor = signed_in(request)
    found = hosted_or_404(cycle_id, actor)
    table = queries.packing(cycle_id, actor)
    if table is None:
        raise Http404
    pays = found.row.pays
    context = {
        "cycle": found,
        "card": card_of(found.row),
        "baskets": [
            {
                "one": basket,
                "lines": [line_of(line, pays) for line in basket.lines if line.awarded],
            }
            for basket in table.baskets
            if basket.state in ("allocated", "packed")
        ],
    }
    return page(request, "exchange/food/packing_list.html", context)


def after(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """What is left of a cycle: claims, baskets nobody fetched, and what has been settled."""
    actor = signed_in(request)
    found = hosted_or_404(cycle_id, actor)
    table = queries.packing(cycle_id, actor)
    baskets = table.baskets if table else ()
    left = {one.id: one for one in baskets if one.state in LEFT}
    cases = [case for key in left if (case := agreements.one(key, actor)) is not None]
    cards = {told.id: card_of_case(told) for told in agreements.told(cases, actor)}
    pays = found.row.pays
    paid = sum(one.charged or 0 for one in baskets if one.state == "settled")
    held = sum(one.held for one in baskets if one.state not in ("settled", "cancelled", "dropped"))
    counts = queries.counts(cycle_id)
    context = {
        "cycle": found,
        "card": card_of(found.row),
        "parts": [(words.basket_state(state)[1], _cards(left, cards, state)) for state in LEFT],
        "is_clear": not left,
        "paid": words.value(paid, pays),
        "held": words.value(held, pays),
        "counts": [(words.basket_state(key)[1], counts[key]) for key in ORDER if counts.get(key)],
        "producers": _producers(cycle_id, actor, pays),
        "spent": spent_in_cycle(cycle_id),
    }
    return page(request, "exchange/food/after.html", context)


def _cards(left: Any, cards: Any, state: str) -> list[Any]:  # Any: baskets and their cards, by id
    return [(one, cards[key]) for key, one in left.items() if one.state == state and key in cards]


def _producers(cycle_id: UUID, actor: Actor, pays: str) -> list[dict[str, object]]:
    """What each producer delivered and what it comes to."""
    names = {one.producer_id: one.producer for one in queries.products(cycle_id)}
    found = []
    for key, name in sorted(names.items(), key=lambda pair: pair[1]):
        lines = queries.delivery(cycle_id, key, actor) or []
        found.append(
            {
                "id": key,
                "name": name,
                "count": len(lines),
                "value": words.value(sum(line.value for line in lines), pays),
            }
        )
    return found


HERE = "exchange/food/<uuid:cycle_id>/"
urlpatterns = [
    path(f"{HERE}delivery/<uuid:producer_id>/", delivery, name="food_delivery"),
    path(f"{HERE}delivery/<uuid:producer_id>/file/", delivery_file, name="food_delivery_file"),
    path(f"{HERE}packing/list/", printed, name="food_packing_print"),
    path(f"{HERE}packing/file/", packing_file, name="food_packing_file"),
    path(f"{HERE}after/", after, name="food_after"),
]
