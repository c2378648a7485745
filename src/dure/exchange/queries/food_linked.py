"""A cycle as linked data (Data Food Consortium): catalogue for everybody, orders for who runs it.

Law: an order names its basket, never its buyer; amounts are exact decimals.
"""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from dure.core.actors import Actor
from dure.engines.dfc import (
    Amount,
    CatalogItem,
    Exchange,
    Offer,
    Order,
    OrderLine,
    SaleSession,
    SuppliedProduct,
)
from dure.engines.dfc_reading import Unit
from dure.exchange.baskets import GRAM
from dure.exchange.models import Agreement
from dure.exchange.queries.food_baskets import Basket, rows_of, told
from dure.exchange.queries.food_cycles import Product, cycle, products
from dure.exchange.queries.food_tables import OPEN

MONEY = {"voucher": Unit.VOUCHER, "local": Unit.LOCAL}  # what is free costs no won


def linked(cycle_id: UUID, actor: Actor, base: str) -> Exchange | None:
    """One cycle, or None. `base`: address of this installation, without a slash at its end.

    One piece of a product is its lot: quantities count lots, an offer's price is that of one.
    """
    found = cycle(cycle_id, actor)
    if found is None:
        return None
    here = f"{base}/exchange/food"
    goods = [one for one in products(cycle_id) if not one.is_withdrawn]
    orders: tuple[Order, ...] = ()
    if found.can_run:
        rows = list(rows_of(cycle_id).filter(state__in=OPEN))
        known = {one.id for one in goods}
        orders = tuple(
            _order(here, row, basket, known)
            for row, basket in zip(rows, told(rows, found.row, actor), strict=True)
        )
    money = MONEY.get(found.row.pays, Unit.WON)
    return Exchange(
        products=tuple(_product(here, base, one) for one in goods),
        items=tuple(
            CatalogItem(f"{here}/items/{one.id}/", _at(here, one.id), str(one.id), _lots(one))
            for one in goods
        ),
        offers=tuple(
            Offer(
                f"{here}/offers/{one.id}/",
                f"{here}/items/{one.id}/",
                Amount(Decimal(one.price), money),
            )
            for one in goods
        ),
        sessions=(
            SaleSession(
                f"{here}/{cycle_id}/",
                found.row.opens,
                found.row.closes,
                tuple(f"{here}/offers/{one.id}/" for one in goods),
            ),
        ),
        orders=orders,
    )


def _at(here: str, product: UUID) -> str:
    return f"{here}/products/{product}/"


def _lots(product: Product) -> Decimal:
    return Decimal(product.estate // product.lot)


def _product(here: str, base: str, one: Product) -> SuppliedProduct:
    content = (
        Amount(Decimal(one.lot) / 1_000, Unit.KILOGRAM)
        if one.unit == GRAM
        else Amount(Decimal(one.lot), Unit.PIECE)
    )
    supplier = f"{base}/organisations/{one.producer_id}/"
    return SuppliedProduct(_at(here, one.id), one.title, "", one.note, content, supplier)


def _order(here: str, row: Agreement, basket: Basket, known: set[UUID]) -> Order:
    money = MONEY.get(basket.cycle.pays, Unit.WON)
    return Order(
        id=f"{here}/baskets/{row.id}/",
        number=basket.number,
        buyer=f"urn:dure:basket:{row.id}",
        session=f"{here}/{basket.cycle.id}/",
        ordered_at=row.opened_at,
        lines=tuple(
            OrderLine(
                f"{here}/baskets/{row.id}/#{line.product.id}",
                f"{here}/offers/{line.product.id}/",
                Decimal(line.asked) / line.product.lot,
                Amount(Decimal(line.product.price * line.asked // line.product.lot), money),
            )
            for line in basket.lines
            if line.product.id in known
        ),
    )
