"""What the pages of the food hub read: cycles, baskets, shortages, packing."""

from dure.exchange.queries.food_baskets import Basket, Line, basket, counts
from dure.exchange.queries.food_cycles import (
    Cycle,
    CycleRow,
    Filters,
    Product,
    cycle,
    cycle_rows,
    cycles,
    hosted,
    hubs,
    places,
    producer,
    producers_for,
    product,
    products,
    supplied,
)
from dure.exchange.queries.food_shortages import Share, Shortage, shortage
from dure.exchange.queries.food_standing import Standing, standing
from dure.exchange.queries.food_tables import Delivery, Packed, Packing, delivery, packing

__all__ = (
    "Basket",
    "Cycle",
    "CycleRow",
    "Delivery",
    "Filters",
    "Line",
    "Packed",
    "Packing",
    "Product",
    "Share",
    "Shortage",
    "Standing",
    "basket",
    "counts",
    "cycle",
    "cycle_rows",
    "cycles",
    "delivery",
    "hosted",
    "hubs",
    "packing",
    "places",
    "producer",
    "producers_for",
    "product",
    "products",
    "shortage",
    "standing",
    "supplied",
)
