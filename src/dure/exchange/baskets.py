"""Baskets: what their lines cost, hold and weigh; pure, read without a database.

Nouns: a *line* is a product with what is asked and how much more would do; its price, lot and
margin stand as they were when it was filled in. Amounts are in the product's unit (g or pieces).
Law: whole won; a line is never charged above what its award may cost with the margin, and that is
never above what was held for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Annotated, Any

from pydantic import BeforeValidator

PPM = 1_000_000
LINES_MAX = 100
GRAM, PIECE = "GRM", "H87"


@dataclass(frozen=True, slots=True)
class BasketLine:
    """One product of a basket. `price` is of one lot; `gram_each` the weight of a piece."""

    product: str
    asked: int
    tolerance: int
    price: int
    lot: int
    margin_ppm: int
    unit: str
    gram_each: int
    origin: str


def _lines(value: object) -> tuple[BasketLine, ...]:
    """Stored lines; nobody types them, so whatever else comes is refused."""
    if not isinstance(value, list | tuple) or len(value) > LINES_MAX:
        raise ValueError("not lines")
    names = {field.name for field in fields(BasketLine)}
    found = []
    for one in value:
        if isinstance(one, BasketLine):
            found.append(one)
        elif isinstance(one, dict) and set(one) == names:
            found.append(BasketLine(**one))
        else:
            raise ValueError("not a line")
    return tuple(found)


Lines = Annotated[tuple[BasketLine, ...], BeforeValidator(_lines)]


@dataclass(frozen=True, slots=True)
class Terms:
    """What is in a basket, and the standing order that it comes from, if any."""

    lines: Lines = ()
    standing: str | None = None


@dataclass(frozen=True, slots=True)
class Got:
    """What a claim came to: awarded, weighed when it was packed, missing as agreed later."""

    awarded: int | None
    weighed: int | None = None
    missing: int = 0

    @property
    def amount(self) -> int:
        """What was really handed over."""
        taken = self.awarded or 0 if self.weighed is None else self.weighed
        return max(0, taken - self.missing)


def most(line: BasketLine, amount: int) -> int:
    """What `amount` may cost at most, the margin of real weight counted; won, rounded up.

    amount : in the product's unit, >= 0

    >>> line = BasketLine("p", 1000, 0, 3000, 500, 100_000, "GRM", 0, "korea")
    >>> most(line, 1000), most(line, 0)
    (6600, 0)
    """
    return -(-amount * line.price * (PPM + line.margin_ppm) // (line.lot * PPM))


def held(line: BasketLine) -> int:
    """What is set aside for a line: all that it may come to, tolerance too."""
    return most(line, line.asked + line.tolerance)


def value(line: BasketLine, got: Got) -> int:
    """What a line costs by what was handed over: price · amount / lot, half up; never above what
    the award may cost.

    >>> line = BasketLine("p", 1000, 0, 3001, 500, 100_000, "GRM", 0, "korea")
    >>> value(line, Got(1000)), value(line, Got(1000, 1050)), value(line, Got(1000, 1200))
    (6002, 6302, 6603)
    """
    exact = (2 * line.price * got.amount + line.lot) // (2 * line.lot)
    return min(exact, most(line, got.awarded or 0))


def total(lines: Sequence[BasketLine], got: Mapping[str, Got]) -> int:
    """What a basket costs in all; a line without an award costs nothing."""
    return sum(value(line, got[line.product]) for line in lines if line.product in got)


def grams(line: BasketLine, got: Got) -> int:
    """How many grams were handed over; pieces by what one of them weighs."""
    return got.amount if line.unit == GRAM else got.amount * line.gram_each


def stored(lines: Sequence[BasketLine]) -> list[dict[str, Any]]:  # Any: JSON
    """Lines as they are kept."""
    return [{f.name: getattr(line, f.name) for f in fields(line)} for line in lines]
