"""Tables of a cycle: what is packed by basket and by product, what a producer delivers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from dure.core.actors import Actor, Role
from dure.core.text import T
from dure.engines.case_orders import case_order
from dure.engines.tables_out import Value
from dure.exchange import weighing
from dure.exchange.dues import dues
from dure.exchange.models import Claim, Pool
from dure.exchange.processes.food_order import FOOD_ORDER
from dure.exchange.queries.food_baskets import Basket, Line, rows_of, told
from dure.exchange.queries.food_cycles import CycleRow, Product, cycle, products
from dure.exchange.queries.food_cycles import product as one_product
from dure.registry.models import Organisation

OPEN = (
    "ordered",
    "allocated",
    "packed",
    "delivered",
    "claimed",
    "uncollected",
    "review",
    "settled",
)


@dataclass(frozen=True, slots=True)
class Packed:
    """A product on the packing table: whole cases, what comes, and into which baskets."""

    product: Product
    cases: int
    ordered: int
    rows: tuple[tuple[Basket, Line], ...]


@dataclass(frozen=True, slots=True)
class Packing:
    """A cycle on the packing table."""

    cycle: CycleRow
    baskets: tuple[Basket, ...]
    products: tuple[Packed, ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a producer delivers of a product: whole cases, their amount and what it comes to."""

    product: Product
    ordered: int
    cases: int
    amount: int
    value: int


@dataclass(frozen=True, slots=True)
class Payout:
    """What buyers paid for a producer's food, what the hub keeps of it, what is sent."""

    producer: str
    paid: int
    kept: int
    amount: int


def packing(cycle_id: UUID, actor: Actor) -> Packing | None:
    """The packing table of a cycle, for those who run it."""
    found = cycle(cycle_id, actor)
    if found is None or not found.can_run:
        return None
    rows = rows_of(cycle_id).filter(state__in=OPEN)
    baskets = tuple(told(list(rows), found.row, actor))
    amounts = _ordered(cycle_id)
    lines: dict[UUID, list[tuple[Basket, Line]]] = defaultdict(list)
    for basket in baskets:
        for line in basket.lines:
            if line.awarded:
                lines[line.product.id].append((basket, line))
    packed = []
    for product in products(cycle_id):
        amount = amounts.get(product.id)
        if amount is not None:
            into = tuple(lines[product.id])
            packed.append(Packed(product, _cases(product, amount), amount, into))
    return Packing(found.row, baskets, tuple(packed))


def packed(product_id: UUID, actor: Actor) -> Packed | None:
    """One product of the packing table of a cycle, for those who run it."""
    product = one_product(product_id)
    found = cycle(product.cycle_id, actor) if product is not None else None
    if product is None or found is None or not found.can_run:
        return None
    given = Claim.rows.filter(pool=product_id, withdrawn_at=None, awarded__gt=0)
    rows = rows_of(product.cycle_id).filter(
        state__in=OPEN, id__in=given.values_list("agreement", flat=True)
    )
    lines = tuple(
        (basket, line)
        for basket in told(list(rows), found.row, actor)
        for line in basket.lines
        if line.product.id == product_id and line.awarded
    )
    amount = _ordered(product.cycle_id).get(product_id, 0)
    return Packed(product, _cases(product, amount), amount, lines)


def weight_faults(product_id: UUID, weights: Mapping[str, int], actor: Actor) -> dict[str, T]:
    """Why these weights cannot be written down, by basket; those that can are left out."""
    product = Pool.rows.filter(id=product_id, parent__isnull=False).first()
    return weighing.of_product(product, weights, actor).faults if product is not None else {}


def delivery(cycle_id: UUID, producer_id: UUID, actor: Actor) -> list[Delivery] | None:
    """The lines of one producer, for itself and for those who run the cycle; else None."""
    found = cycle(cycle_id, actor)
    if found is None or not (found.can_run or producer_id in found.produces):
        return None
    amounts = _ordered(cycle_id)
    return [
        _delivery(one, amounts.get(one.id))
        for one in products(cycle_id, producer=producer_id)
        if one.asked
    ]


def payouts(cycle_id: UUID, actor: Actor) -> list[Payout] | None:
    """What buyers paid for each producer's food and what it gets, for those who run or pay it."""
    found = cycle(cycle_id, actor)
    if found is None or not (found.can_run or may_pay(found.row.hub_id, actor)):
        return None
    owed = dues(Pool.rows.get(id=cycle_id))
    names = names_of([one.producer_id for one in owed])
    return [Payout(names[one.producer_id], one.paid, one.kept, one.amount) for one in owed]


def may_pay(hub_id: UUID, actor: Actor) -> bool:
    """Whether the actor sends the hub's money."""
    return any(actor.has(role, organisation=hub_id) for role in (Role.TREASURER, Role.APPROVER))


def names_of(ids: Sequence[UUID]) -> dict[UUID, str]:
    """Organisations by name."""
    return dict(Organisation.rows.filter(id__in=ids).values_list("id", "name"))


def _ordered(cycle_id: UUID) -> dict[UUID, int]:
    """What was ordered of each product once it was allotted, from the reasons of its claims."""
    rows = Claim.rows.filter(pool__parent=cycle_id, withdrawn_at=None, awarded__isnull=False)
    return {pool: int(why.get("ordered", 0)) for pool, why in rows.values_list("pool_id", "reason")}


def _cases(product: Product, amount: int) -> int:
    return amount // product.case if product.case else 0


def _delivery(product: Product, ordered: int | None) -> Delivery:
    amount = ordered
    if amount is None:
        case = product.case or product.lot
        most = 0 if product.is_withdrawn else product.estate // case
        amount = case_order(product.asked, product.tolerated, case, cases_max=most).amount
    value = product.price * amount // product.lot
    return Delivery(product, product.asked, _cases(product, amount), amount, value)


# --- as files

PACKING = (
    T("바구니 번호", "Basket"),
    T("받을 사람", "Member"),
    T("품목", "Product"),
    T("생산자", "Producer"),
    T("주문", "Ordered"),
    T("몫", "Share"),
    T("실제 무게", "Real weight"),
    T("단위", "Unit"),
    T("상태", "State"),
)
DELIVERY = (
    T("품목", "Product"),
    T("주문", "Ordered"),
    T("상자", "Cases"),
    T("낼 양", "To deliver"),
    T("단위", "Unit"),
    T("값(원)", "Value (won)"),
)


def packing_rows(table: Packing) -> Iterator[tuple[Value, ...]]:
    """Every line of every basket; members by handle, as on the screen."""
    for basket in table.baskets:
        for line in basket.lines:
            yield (
                basket.number,
                basket.buyer,
                line.product.title,
                line.product.producer,
                line.asked,
                line.awarded,
                line.weighed,
                line.product.unit,
                str(FOOD_ORDER.state(basket.state).text),
            )


def delivery_rows(lines: Sequence[Delivery]) -> Iterator[tuple[Value, ...]]:
    """What one producer delivers, a line a product."""
    for one in lines:
        yield (
            one.product.title,
            one.ordered,
            one.cases,
            one.amount,
            one.product.unit,
            one.value,
        )
