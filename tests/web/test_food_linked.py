"""A cycle as linked data: what is written is read again, and no buyer stands in it."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client

from dure.core.actors import Actor
from dure.core.models import ExportRecord
from dure.engines.dfc import Amount, read_exchange, write_exchange
from dure.engines.dfc_reading import Unit
from dure.exchange.models import Agreement
from dure.exchange.queries.food_linked import linked
from tests.exchange.hubs import Hub, cart, fill, hub, item, order, reading
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.web.food_world import OPEN
from tests.web.walk import client_of, sent_file


@pytest.fixture
def here(db: object, clock: Clock) -> Hub:
    clock.at(OPEN)
    return hub()


def path(of: Hub) -> str:
    return f"/exchange/food/{of.cycle}/dfc.jsonld"


def test_the_catalogue_goes_out_and_comes_back_whole(here: Hub) -> None:
    ids = here.load(item("감자"), item("대파"))
    answer = Client().get(path(here))
    assert answer.status_code == 200 and answer["Content-Type"].startswith("application/ld+json")
    read = read_exchange(answer.json())
    sent = linked(UUID(here.cycle), Actor.anonymous(), settings.DURE_ADDRESS)
    assert sent is not None
    assert read_exchange(write_exchange(sent)) == read
    # a product has one name; a reader of another language is given it, too
    named = tuple(replace(one, name_en=one.name_ko) for one in sent.products)
    sent = replace(sent, products=named)
    for part in ("products", "items", "offers", "sessions"):
        assert sorted(getattr(read, part), key=lambda one: one.id) == sorted(
            getattr(sent, part), key=lambda one: one.id
        )
    assert sorted(one.name_ko for one in read.products) == ["감자", "대파"]
    assert {one.sku for one in read.items} == set(ids)
    assert read.offers[0].price.unit is Unit.WON
    assert len(read.sessions[0].offers) == 2
    assert read.orders == ()


def test_orders_go_to_who_runs_it_and_name_no_buyer(here: Hub) -> None:
    (potatoes,) = here.load(item("감자", lot=1000, price=3200))
    buyer = here.buyer()
    basket = order(here, buyer, (potatoes, 3000, 0))
    for actor in (buyer, here.keeper):  # what is open to all has no orders, whoever asks
        assert read_exchange(client_of(actor).get(path(here)).json()).orders == ()
    assert client_of(buyer).post(path(here)).status_code == 404
    assert not ExportRecord.rows.exists()
    data = sent_file(client_of(here.keeper).post(path(here))).decode()
    assert str(buyer.id) not in data
    kept = ExportRecord.rows.get()
    assert (kept.kind, kept.row_count) == ("exchange.cycle", 1)
    (told,) = read_exchange(json.loads(data)).orders
    assert told.buyer == f"urn:dure:basket:{basket}"
    (line,) = told.lines
    assert (line.quantity, line.price) == (Decimal(3), Amount(Decimal(9600), Unit.WON))


@pytest.mark.parametrize(
    ("pays", "price", "unit", "label"),
    [
        ("voucher", 3200, Unit.VOUCHER, "상품권 원"),
        ("local", 3200, Unit.LOCAL, "지역화폐 원"),
        ("gift", 0, Unit.WON, "원"),
    ],
)
def test_price_is_told_in_what_it_is_paid_in(
    pays: str, price: int, unit: Unit, label: str, db: None, clock: Clock
) -> None:
    clock.at(OPEN)
    here = hub(pays)
    (potatoes,) = here.load(item("감자", lot=1000, price=price))
    buyer = here.buyer()
    if pays != "gift":  # what is held for it is not told
        basket = cart(here, buyer)
        fill(basket, buyer, (potatoes, 3000, 0))
        with given() as audit:
            Agreement.rows.filter(id=basket).update(state="ordered", audit=audit)
    else:
        order(here, buyer, (potatoes, 3000, 0))
    sent = linked(UUID(here.cycle), reading(here.keeper), settings.DURE_ADDRESS)
    assert sent is not None
    document = write_exchange(sent)
    read = read_exchange(json.loads(json.dumps(document)))
    assert read.offers[0].price == Amount(Decimal(price), unit)
    (told,) = read.orders
    assert told.lines[0].price == Amount(Decimal(3 * price), unit)
    assert read_exchange(write_exchange(read)) == read
    words = json.dumps(document, ensure_ascii=False)
    assert f"dure:{unit}" in words and label in words


def test_a_cycle_that_is_not_there_is_not_found(here: Hub) -> None:
    missing = "00000000-0000-4000-8000-000000000000"
    assert Client().get(f"/exchange/food/{missing}/dfc.jsonld").status_code == 404
