"""The food hub for members: cycles, the catalogue of one, and the page of a shortage."""

from __future__ import annotations

import hashlib
import re
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core import actions
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.core.text import T
from dure.engines.rationing import Rule
from dure.exchange.queries import browsing
from dure.exchange.queries import food as queries
from dure.interfaces.web import food_words as words
from dure.interfaces.web import formats
from dure.interfaces.web.base import Form, actor_of, known_actor, page, paged, picked, refused, see
from dure.interfaces.web.money_frame import date_or_none, signed_in

ON_A_PAGE = 60
SHARES_ON_A_PAGE = 50
LOTS = T(
    "%(title)s: 묶음 수를 숫자로만 적어 주세요. 예: 2",
    "%(title)s: please write the number of lots in digits, such as 2.",
)
_LINE = re.compile(r"lines\.([0-9]{1,4})\.(asked|tolerance)")
_AS_TOLD = {name: text for name, text in words.LABELS.items() if name != "lines"}
LOTS_MAX = 100_000
NOT_PLACED = ("cart", "dropped", "cancelled")


def cycles(request: HttpRequest) -> HttpResponse:
    """Order cycles of the hubs: those that take orders, or those of the past."""
    actor = known_actor(request)
    past = request.GET.get("past") == "1"
    filters = queries.Filters(
        text=request.GET.get("q", "").strip()[:100],
        district=picked(request, "district", frozenset(sig for sig, _ in browsing.districts())),
        place=request.GET.get("place", "").strip()[:200],
        on=date_or_none(request.GET.get("on", "")),
        past=past,
    )
    rows = paged(request, queries.cycles(filters, actor))
    context = {
        "rows": rows,
        "cards": [card_of(row) for row in queries.cycle_rows(list(rows), actor)],
        "filters": filters,
        "districts": browsing.districts(),
        "places": [(one, one) for one in queries.places(actor)],
        "is_filtered": filters != queries.Filters(past=past),
        "tabs": [
            {"href": reverse("web:food"), "title": T("지금 주문", "Now"), "here": not past},
            {"href": "?past=1", "title": T("지난 회차", "Past cycles"), "here": past},
        ],
        "works": actor.id is not None and works(actor),
    }
    return page(request, "exchange/food/cycles.html", context)


def works(actor: Actor) -> bool:
    """Whether the actor runs a hub or supplies one."""
    return bool(queries.hubs(actor)) or queries.supplied(actor).exists()


def card_of(row: Any) -> dict[str, Any]:  # Any: a cycle of the room's queries
    """A cycle as a card shows it."""
    kind, text = words.state_of(row)
    return {
        "row": row,
        "kind": kind,
        "state": text,
        "left": words.left_until(row.closes) if row.is_open else "",
        "pays": words.PAYS[row.pays],
        "deposit": words.value(row.deposit, row.pays) if row.deposit else "",
    }


def cycle_or_404(cycle_id: UUID, actor: Actor) -> Any:  # Any: a face names no model
    """A cycle of the hubs; anybody may read it."""
    found = queries.cycle(cycle_id, actor)
    if found is None:
        raise Http404
    return found


def cycle(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """One cycle: what is offered, by whom, at what price; quantities are typed beside it."""
    actor = known_actor(request)
    found = cycle_or_404(cycle_id, actor)
    if request.method == "POST":
        return _fill(request, found, signed_in(request))
    return page(request, "exchange/food/cycle.html", context_of(request, found, actor))


def context_of(request: HttpRequest, found: Any, actor: Actor) -> dict[str, object]:  # Any: a cycle
    """What the page of a cycle shows."""
    row = found.row
    text = request.GET.get("q", "").strip()[:100]
    producer = _uuid(request.GET.get("producer", ""))
    offered = [one for one in queries.products(row.id, text, producer) if not one.is_withdrawn]
    offered.sort(key=lambda one: (one.producer, str(one.producer_id)))  # their order stays within
    rows = paged(request, offered, ON_A_PAGE)
    basket = queries.basket(row.mine, actor) if row.mine and actor.id is not None else None
    lines = {line.product.id: line for line in basket.lines} if basket else {}
    is_filling = row.is_open and (basket is None or basket.state == "cart")
    is_placed = basket is not None and basket.state not in NOT_PLACED
    enough = queries.shown_from()
    producers = sorted({(one.producer, str(one.producer_id)) for one in queries.products(row.id)})
    return {
        "cycle": found,
        "card": card_of(row),
        "rows": rows,
        "products": [
            product_card(one, row.pays, lines.get(one.id))
            | {"tells": found.can_run or (is_placed and one.id in lines) or one.orders >= enough}
            for one in rows
        ],
        "basket": basket,
        "total": words.value(basket.total, row.pays) if basket else "",
        "basket_state": words.basket_state(basket.state) if basket else None,
        "producers": [(key, name) for name, key in producers],
        "producer": str(producer or ""),
        "q": text,
        "is_filtered": bool(text or producer),
        "has_by_weight": any(one.margin_ppm for one in offered),
        "can_fill": is_filling and actor.id is not None,
        "must_sign_in": row.is_open and actor.id is None,
        "rule_name": words.rule_name(found.rule),
        "rule_text": words.rule_text(found.rule),
        "pays_producers": row.pays != "gift" and queries.may_pay(row.hub_id, actor),
    }


def product_card(product: Any, pays: str, line: Any = None) -> dict[str, object]:  # Any: as above
    """A product as the catalogue shows it, with what this member has in her basket."""
    margin = product.margin_ppm
    return {
        "one": product,
        "price": words.price_of(product, pays),
        "lot": words.amount(product.lot, product.unit),
        "case": words.amount(product.case, product.unit) if product.case > product.lot else "",
        "unfilled": words.amount(product.unfilled, product.unit) if product.unfilled else "",
        "to_fill": words.amount(product.to_fill, product.unit) if product.unfilled else "",
        "margin": formats.portion(margin, 1_000_000, 0) if margin else "",
        "lots": line.asked // product.lot if line else "",
        "more": line.tolerance // product.lot if line and line.tolerance else "",
        "is_by_weight": bool(margin),
    }


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _fill(request: HttpRequest, found: Any, actor: Actor) -> HttpResponse:  # Any: a cycle
    """Put what was typed into the basket; it is opened when there is none yet."""
    row = found.row
    key = request.POST.get("key", "").strip()
    lines: tuple[dict[str, object], ...] = ()
    try:
        case = row.mine
        if case is None:
            body = {"process": "food_order", "start": "open", "pool_id": str(row.id)}
            opened = actions.run(
                "exchange.agreement.open",
                body,
                actor_of(request),
                key=f"{key}:open" if key else None,
            )
            case = UUID(str(opened.result.id))
        lines = _lines(request, queries.basket(case, actor), queries.products(row.id))
        actions.run(
            "exchange.basket.fill",
            {"agreement_id": str(case), "lines": lines},
            actor_of(request),
            key=key or None,
        )
    except Refusal as refusal:
        context = context_of(request, cycle_or_404(row.id, actor), actor)
        titles = {str(one.id): one.title for one in queries.products(row.id)}

        def again(form: Form) -> HttpResponse:
            form.errors = _by_product(form.errors, lines, titles)
            shown = {**context, "form": form}
            return page(request, "exchange/food/cycle.html", shown, status=form.status)

        return refused(request, refusal, again=again, labels=_AS_TOLD)
    return see(reverse("web:food_basket", args=[case]))


def _by_product(
    errors: dict[str, str], lines: tuple[dict[str, object], ...], titles: dict[str, str]
) -> dict[str, str]:
    """The faults of lines at the fields where they were typed, by the name of the product."""
    found: dict[str, str] = {}
    for name, sentence in errors.items():
        line = _LINE.fullmatch(name)
        if line is None or int(line[1]) >= len(lines):
            found[name] = sentence
            continue
        product = str(lines[int(line[1])]["product_id"])
        field = f"{'n' if line[2] == 'asked' else 'm'}_{product}"
        found[field] = LOTS % {"title": titles.get(product, "")}
    return found


def _lines(request: HttpRequest, basket: Any, products: Any) -> tuple[dict[str, object], ...]:
    """The basket's lines: those typed on this page, and those of other pages as they were."""
    typed: dict[str, dict[str, object]] = {}
    kept = {str(line.product.id): line for line in basket.lines} if basket else {}
    shown = set(request.POST.getlist("shown"))
    for one in products:
        name = str(one.id)
        if name in shown:
            lots, more = request.POST.get(f"n_{name}", ""), request.POST.get(f"m_{name}", "")
            asked = _times(lots, one.lot)
            if asked != 0:
                typed[name] = _line(name, asked, _times(more, one.lot))
        elif name in kept:
            typed[name] = _line(name, kept[name].asked, kept[name].tolerance)
    return tuple(typed.values())


def _line(name: str, asked: int | str, tolerance: int | str) -> dict[str, object]:
    return {"product_id": name, "asked": asked, "tolerance": tolerance}


def _times(text: str, lot: int) -> int | str:
    """Typed lots as an amount; what is no number stays as typed, for the door to refuse."""
    if not text.strip():
        return 0
    lots = words.whole_of(text)
    return lots * lot if isinstance(lots, int) and lots <= LOTS_MAX else text


# --- why there was less


def shortage(request: HttpRequest, product_id: UUID) -> HttpResponse:
    """One product of a cycle: rule, own share, others without names, what other rules give."""
    actor = known_actor(request)
    found = queries.shortage(product_id, actor)
    if found is None:
        raise Http404
    product = found.product
    rules = [rule.value for rule in Rule if found.rows and rule.value in found.rows[0].others]
    rows = paged(request, found.rows, SHARES_ON_A_PAGE)
    context = {
        "found": found,
        "card": product_card(product, found.cycle.pays),
        "mine": [_share(one, found, rules) for one in found.rows if one.is_mine],
        "rows": rows,
        "shares": [_share(one, found, rules) for one in rows],
        "rules": [(key, words.rule_name(key), key == found.rule) for key in rules],
        "rule_name": words.rule_name(found.rule),
        "rule_text": words.rule_text(found.rule),
        "estate": words.amount(found.ordered, product.unit),
        "there": words.amount(found.estate, product.unit),
        "asked": words.amount(found.asked, product.unit),
        "unfilled": words.amount(found.unfilled, product.unit) if found.unfilled else "",
        "told_rules": [
            (words.rule_name(key), words.rule_text(key)) for key in rules if key != found.rule
        ],
    }
    return page(request, "exchange/food/shortage.html", context)


def _share(one: Any, found: Any, rules: list[str]) -> dict[str, object]:  # Any: a row of a query
    unit = found.product.unit
    return {
        "name": one.name,
        "is_mine": one.is_mine,
        "is_protected": one.protected,
        "asked": words.amount(one.asked, unit),
        "more": words.amount(one.tolerance, unit) if one.tolerance else "",
        "awarded": "" if one.awarded is None else words.amount(one.awarded, unit),
        "reason": str(one.reason) if one.reason else "",
        "others": [
            (words.rule_name(key), words.amount(one.others[key], unit), key == found.rule)
            for key in rules
        ],
    }


def inputs(request: HttpRequest, product_id: UUID) -> HttpResponse:
    """What the rule was given, as the bytes whose SHA-256 is published; names are pseudonyms."""
    found = queries.shortage(product_id, known_actor(request))
    if found is None or not found.inputs:
        raise Http404
    data = found.inputs.encode()
    response = HttpResponse(data, content_type="application/json; charset=utf-8")
    digest = hashlib.sha256(data).hexdigest()[:12]
    response["Content-Disposition"] = f'attachment; filename="inputs-{digest}.json"'
    return response


HERE = "exchange/food/"
urlpatterns = [
    path(HERE, cycles, name="food"),
    path(f"{HERE}<uuid:cycle_id>/", cycle, name="food_cycle"),
    path(f"{HERE}products/<uuid:product_id>/", shortage, name="food_shortage"),
    path(f"{HERE}products/<uuid:product_id>/inputs/", inputs, name="food_inputs"),
]
