"""A food hub with producers, buyers and an order cycle."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.clock import now
from dure.core.door import load_grants
from dure.exchange.models import Agreement, Pool
from dure.ledger.models import Account, Book
from dure.registry.models import Organisation
from tests.exchange.neighbours import at
from tests.harness.people import organisation, person_with
from tests.ledger.givens import a_book, an_account, balance

NOW = "2026-05-10T09:00:00+09:00"
CLOSED = "2026-05-11T18:00:01+09:00"
PICKUP = "2026-05-12T17:00:00+09:00"


@dataclass(slots=True)
class Hub:
    """A hub with won accounts, one producer and one open cycle."""

    host: Organisation
    book: Book
    keeper: Actor
    till: Account
    producer: Organisation
    farmer: Actor
    cycle: str = ""
    accounts: dict[UUID | None, Account] = field(default_factory=dict)

    def buyer(self, won: int = 100_000) -> Actor:
        """A resident with won to spend."""
        made = person_with(Role.RESIDENT)
        self.accounts[made.id] = an_account(self.book, owner=made, unit="KRW", lo=-won)
        return made

    def load(self, *items: dict[str, object], by: Actor | None = None) -> list[str]:
        """Load products of the producer; gives their ids in order."""
        body = {
            "cycle_id": self.cycle,
            "producer_id": str(self.producer.id),
            "lines": list(items),
        }
        run("exchange.catalogue.load", body, by or self.keeper)
        titles = {p.title: str(p.id) for p in Pool.rows.filter(parent=self.cycle)}
        return [titles[str(item["title"])] for item in items]

    def money(self, actor: Actor) -> tuple[int, int, int]:
        """Balance, held out, held in."""
        return balance(self.accounts[actor.id])


def reading(actor: Actor) -> Actor:
    """The same person with her grants, as a page reads for her."""
    return load_grants(actor, now())


def item(title: str = "감자", **more: object) -> dict[str, object]:
    """A product sold by 500 g at 3,000 won, 10 kg there."""
    return {
        "title": title,
        "unit": "GRM",
        "lot": 500,
        "price": 3000,
        "estate": 10_000,
        "origin": "capital",
        **more,
    }


def hub(pays: str = "won", **more: object) -> Hub:
    """A hub whose cycle takes orders until the evening of the 11th."""
    host = organisation("마포먹거리나눔터")
    keeper = person_with(Role.STAFF, organisation=host)
    producer = organisation("여주들녘작목반")
    farmer = person_with(Role.BOARD, organisation=producer)
    book = a_book(organisation=host)
    till = an_account(book, organisation=host, unit="KRW")
    made = Hub(host, book, keeper, till, producer, farmer)
    made.cycle = a_cycle(made, pays=pays, **more)
    return made


def a_cycle(of: Hub, **more: object) -> str:
    """Another cycle of a hub; gives its id."""
    body = {
        "organisation_id": str(of.host.id),
        "title": "5월 둘째 주",
        "place": "합정동 나눔터",
        "opens": at("10T08:00"),
        "closes": at("11T18:00"),
        "pickup": at("12T17:00"),
        **more,
    }
    return str(run("exchange.cycle.open", body, of.keeper).result.id)


def cart(of: Hub, buyer: Actor, cycle: str = "") -> str:
    """Begin a basket; gives its id."""
    body = {"process": "food_order", "start": "open", "pool_id": cycle or of.cycle}
    return str(run("exchange.agreement.open", body, buyer).result.id)


def fill(basket: str, buyer: Actor, *wishes: tuple[str, int, int]) -> Any:  # Any: BasketRef
    """Fill a basket: product, asked, tolerance."""
    lines = [{"product_id": p, "asked": a, "tolerance": t} for p, a, t in wishes]
    return run("exchange.basket.fill", {"agreement_id": basket, "lines": lines}, buyer).result


def order(of: Hub, buyer: Actor, *wishes: tuple[str, int, int], cycle: str = "") -> str:
    """Place an order; gives the id of the basket."""
    made = cart(of, buyer, cycle)
    fill(made, buyer, *wishes)
    move(buyer, made, "place")
    return made


def move(actor: Actor, basket: str, name: str, **given: object) -> str:
    """Take a step from the state in which the basket is; gives the new state."""
    body = {
        "agreement_id": basket,
        "transition": name,
        "state": Agreement.rows.get(id=basket).state,
        "answers": [{"name": k, "value": str(v)} for k, v in given.items()],
    }
    return str(run("exchange.agreement.step", body, actor).result.state)
