"""A town of the bench of food: producers, products, members and baskets with what they hold."""

from __future__ import annotations

import os
import random
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from dure.core import clock
from dure.core.actors import Role
from dure.exchange import baskets
from dure.exchange.models import (
    Agreement,
    Asset,
    Claim,
    Party,
    Pool,
    Spec,
    Timer,
)
from dure.exchange.moments import last_moment, timers
from dure.exchange.processes.food_order import FOOD_ORDER, S
from dure.ledger.models import Account, Unit
from dure.ledger.posting import Kind, Movement, post
from dure.registry.models import Person
from tests.harness import people
from tests.harness.given import given
from tests.journal.stating import acting
from tests.ledger.givens import a_book, an_account

BASKETS = int(os.environ.get("BENCH_BASKETS", "5000"))
PRODUCTS, PRODUCERS, SAMPLE, SLICE = 300, 20, 100, 500
CHANCE = random.Random(20260711)


class Town:
    """A hub with its keeper, a cycle of products, and who ordered."""

    def __init__(self) -> None:
        self.hub = people.organisation("두레먹거리나눔터")
        self.keeper = people.person_with(Role.STAFF, organisation=self.hub)
        self.book = a_book(organisation=self.hub)
        self.till = an_account(self.book, organisation=self.hub, unit="KRW")
        self.now = clock.now()
        self.cycle = self._cycle()
        self.products = self._products()
        self.buyers = self._buyers()

    def _cycle(self) -> Pool:
        terms = {"pays": "won", "rule": "cea"}
        return self._pool(title="7월 첫째 주", terms=terms, tie_salt=bytes(range(32)))

    def _pool(self, **more: Any) -> Pool:  # Any: columns
        with given() as audit:
            values = {
                "kind": "order_cycle", "organisation": self.hub,
                "opens": self.now - timedelta(days=5),
                "closes": self.now + timedelta(hours=1), "pickup": self.now + timedelta(days=2),
                "district_id": self.hub.district_id, "created_at": self.now, "audit": audit,
            }  # fmt: skip
            made: Pool = Pool.rows.create(**{**values, **more})
        return made

    def _products(self) -> list[Pool]:
        """Each with a stock of its own at its producer; estates are set when orders are known."""
        makers = [people.organisation(f"생산자 {n}") for n in range(PRODUCERS)]
        spec = Spec.rows.filter(kind="food").first() or Spec.rows.first()
        found = []
        for number in range(PRODUCTS):
            maker = makers[number % PRODUCERS]
            with given() as audit:
                stock = Asset.rows.create(
                    kind="stock", title=f"품목 {number}", organisation=maker, spec=spec,
                    district_id=maker.district_id, audience="public", created_at=self.now,
                    audit=audit,
                )  # fmt: skip
            weighed = number % 3 > 0
            found.append(
                self._pool(
                    parent=self.cycle,
                    organisation=maker,
                    asset=stock,
                    spec=spec,
                    title=f"품목 {number}",
                    unit="GRM" if weighed else "H87",
                    lot=500 if weighed else 1,
                    price=CHANCE.randint(5, 60) * 100,
                    terms={
                        "case": (10_000 if weighed else 20) if number % 5 == 0 else 0,
                        "margin_ppm": 100_000 if weighed else 0,
                        "gram_each": 0 if weighed else 300,
                        "origin": "capital",
                    },
                )
            )
        return found

    def _buyers(self) -> list[UUID]:
        with given() as audit:
            made = [
                Person(state="active", created_at=self.now, audit=audit) for _ in range(BASKETS)
            ]
            Person.rows.bulk_create(made, 1_000)
            won = Unit.rows.get(code="KRW")
            Account.rows.bulk_create(
                [
                    Account(
                        book=self.book, unit=won, type="liability", owner_person=one, label="지갑",
                        opened_at=self.now, audit=audit,
                    )
                    for one in made
                ],
                1_000,
            )  # fmt: skip
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT ledger_set_limits(id, -1000000000, NULL, 'bench') FROM ledger_account"
                    " WHERE book = %s AND owner_person IS NOT NULL",
                    [self.book.pk],
                )
        return [one.id for one in made]

    def order(self) -> None:
        """Baskets as they stand after ordering: terms, party, claims, timers, and a hold each."""
        won = dict(Account.rows.filter(book=self.book).values_list("owner_person_id", "pk"))
        asked: dict[UUID, int] = {}
        for begin in range(0, len(self.buyers), SLICE):
            with acting() as present:
                audit = present.line.id
                cases, claims, alarms, holds, parties = [], [], [], [], []
                for buyer in self.buyers[begin : begin + SLICE]:
                    lines = self._lines()
                    case = Agreement(
                        process="food_order", version=1, state="ordered", organisation=self.hub,
                        district_id=self.hub.district_id, case_id=uuid4(), pool=self.cycle,
                        terms={"lines": baskets.stored(lines)}, opened_at=self.now,
                        entered_at=self.now, audit=audit,
                    )  # fmt: skip
                    cases.append(case)
                    parties.append(Party(agreement=case, role="buyer", person=buyer, audit=audit))
                    alarms += timers(case, FOOD_ORDER, S.ORDERED, self.now)
                    for one in lines:
                        asked[UUID(one.product)] = asked.get(UUID(one.product), 0) + one.asked
                        claims.append(
                            Claim(
                                pool_id=one.product,
                                agreement=case,
                                person=buyer,
                                asked=one.asked,
                                firm=one.asked,
                                tolerance=one.tolerance,
                                made_at=self.now,
                                audit=audit,
                            )
                        )
                    holds.append(
                        Movement(
                            won[buyer],
                            self.till.pk,
                            sum(baskets.held(one) for one in lines),
                            "먹거리 주문",
                            Kind.HOLD,
                            group=case.id,
                            expires_at=last_moment(case, FOOD_ORDER, self.now),
                        )
                    )
                Agreement.rows.bulk_create(cases)
                Party.rows.bulk_create(parties)
                Claim.rows.bulk_create(claims, 2_000)
                Timer.rows.bulk_create(alarms)
                post(holds)
        with given() as audit:
            for product in self.products:  # every other product is a third short
                wanted = asked.get(product.pk, 0)
                short = (
                    (wanted * 2 // 3)
                    if product.title.endswith(("1", "3", "5", "7", "9"))
                    else wanted
                )
                there = -(-short // product.lot) * product.lot
                Pool.rows.filter(pk=product.pk).update(estate=there, audit=audit)
                Asset.rows.filter(pk=product.asset_id).update(stock=there + 50_000, audit=audit)

    def _lines(self) -> list[baskets.BasketLine]:
        found = []
        for product in CHANCE.sample(self.products, CHANCE.randint(4, 20)):
            terms = product.terms
            found.append(
                baskets.BasketLine(
                    str(product.pk),
                    product.lot * CHANCE.randint(1, 6),
                    product.lot * CHANCE.choice([0, 0, 1]),
                    product.price or 0,
                    product.lot,
                    terms["margin_ppm"],
                    product.unit,
                    terms["gram_each"],
                    terms["origin"],
                )
            )
        return found
