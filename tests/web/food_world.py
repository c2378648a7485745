"""A hub with a shortage of potatoes, for the pages of the food hub."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from dure.core.actions import run
from dure.core.actors import Actor
from dure.engines.tables_out import write_xlsx
from dure.exchange import catalogue
from dure.exchange.models import Agreement, Pool
from tests.exchange.hubs import Hub, hub, item, move, order
from tests.harness.clock import Clock
from tests.harness.worker import work_off

OPEN = "2026-05-10T09:00:00+09:00"
CLOSED = "2026-05-11T18:00:01+09:00"
AT_PICKUP = "2026-05-12T16:00:00+09:00"


@dataclass(slots=True)
class Food:
    """Three neighbours want 12 kg of potatoes, there are 10; nobody is short of pumpkin."""

    hub: Hub
    buyers: list[Actor] = field(default_factory=list)
    baskets: list[str] = field(default_factory=list)
    potatoes: str = ""
    pumpkin: str = ""

    @property
    def cycle(self) -> str:
        """The id of the cycle."""
        return self.hub.cycle

    def state(self, number: int) -> str:
        """The state of a basket now."""
        return str(Agreement.rows.get(id=self.baskets[number]).state)


def a_food(pays: str = "won", **more: object) -> Food:
    """Through the door alone; needs a clock at `OPEN`."""
    made = Food(hub(pays, **more))
    price = {"price": 0} if pays == "gift" else {}
    made.potatoes, made.pumpkin = made.hub.load(
        item(season="6–8월", origin_text="여주", **price),
        item("단호박", lot=1000, margin_ppm=200_000, estate=9_000, **{"price": 4000, **price}),
    )
    for grams in (2000, 4000, 6000):
        buyer = made.hub.buyer()
        made.buyers.append(buyer)
        wishes = ((made.potatoes, grams, 0), (made.pumpkin, 1000, 0))
        made.baskets.append(order(made.hub, buyer, *wishes))
    return made


def share_out(food: Food, clock: Clock) -> None:
    """Close the cycle when its time has come, and let the worker share it out."""
    clock.at(CLOSED)
    run("exchange.cycle.close", {"cycle_id": food.cycle}, food.hub.keeper)
    work_off()


def pack_all(food: Food) -> None:
    """Pack every basket as it was awarded."""
    for basket in food.baskets:
        move(food.hub.keeper, basket, "pack")


def hand_over(food: Food, number: int, clock: Clock) -> None:
    """Both say that a basket was handed over."""
    clock.at(AT_PICKUP)
    for actor in (food.hub.keeper, food.buyers[number]):
        move(actor, food.baskets[number], "hand_over")


def sheet(*rows: Sequence[str | int | None], language: str = "ko") -> bytes:
    """A producer's list as a workbook under the template's head."""
    target = io.BytesIO()
    head = [text.en if language == "en" else text.ko for _, text in catalogue.COLUMNS]
    write_xlsx(target, "list", head, rows)
    return target.getvalue()


def row(title: str, **more: str | int) -> list[str | int | None]:
    """One line of a list: potatoes by half a kilogram, unless told otherwise."""
    told: dict[str, str | int | None] = {
        "title": title, "unit": "kg", "lot": "0.5", "price": 3000, "estate": "10",
        "origin": "경기", **more,
    }  # fmt: skip
    return [told.get(key) for key, _ in catalogue.COLUMNS]


def product_named(food_cycle: str, title: str) -> str:
    """The id of a product of a cycle."""
    return str(Pool.rows.get(parent=food_cycle, title=title).id)
