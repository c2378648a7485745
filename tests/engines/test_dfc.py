"""Food orders as linked data: round trips, foreign spellings, refusals."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dure.engines.dfc import (
    Amount,
    CatalogItem,
    Exchange,
    Offer,
    Order,
    OrderLine,
    SaleSession,
    SuppliedProduct,
    read_exchange,
    write_exchange,
)
from dure.engines.dfc_reading import Unit, UnreadableDocumentError, label_of

AT = datetime(2026, 7, 1, 0, 0, tzinfo=UTC)
BASE = "https://dure.test/food/"
WON = Amount(Decimal(3_200), Unit.WON)
TOFU = SuppliedProduct(
    f"{BASE}p1",
    "두부",
    "Tofu",
    "국산 콩",
    Amount(Decimal("0.5"), Unit.KILOGRAM),
    f"{BASE}o1",
    "dfc-pt:tofu",
)
ITEM = CatalogItem(f"{BASE}c1", TOFU.id, "TOFU-500", Decimal(40))
OFFER = Offer(f"{BASE}f1", ITEM.id, WON)
SESSION = SaleSession(f"{BASE}s1", AT, AT + timedelta(days=3), (OFFER.id,))
LINE = OrderLine(f"{BASE}l1", OFFER.id, Decimal(2), Amount(Decimal(6_400), Unit.WON))
ORDER = Order(f"{BASE}r1", "2026-07-0001", "urn:dure:party:7f", SESSION.id, AT, (LINE,))
WHOLE = Exchange((TOFU,), (ITEM,), (OFFER,), (SESSION,), (ORDER,))


def served(exchange: Exchange) -> object:
    return json.loads(json.dumps(write_exchange(exchange), ensure_ascii=False))


def test_what_is_written_is_read_again() -> None:
    assert read_exchange(served(WHOLE)) == WHOLE
    assert read_exchange(served(Exchange())) == Exchange()


def test_the_document_speaks_the_consortiums_words() -> None:
    document = write_exchange(WHOLE)
    assert document["@context"][0] == "https://www.datafoodconsortium.org"  # type: ignore[index]
    graph = document["@graph"]
    assert isinstance(graph, list)
    kinds = [node["@type"] for node in graph]
    for kind in ("SuppliedProduct", "CatalogItem", "Offer", "SaleSession", "Order", "OrderLine"):
        assert kinds.count(f"dfc-b:{kind}") == 1
    line = next(node for node in graph if node["@type"] == "dfc-b:OrderLine")
    assert line["dfc-b:concerns"] == {"@id": OFFER.id}
    assert line["dfc-b:partOf"] == {"@id": ORDER.id}
    assert line["dfc-b:quantity"] == "2"
    price = next(node for node in graph if node["@id"] == line["dfc-b:hasPrice"]["@id"])
    assert (price["dfc-b:value"], price["dfc-b:hasUnit"]) == ("6400", {"@id": "dure:KoreanWon"})
    won = next(node for node in graph if node["@id"] == "dure:KoreanWon")
    assert won["skos:prefLabel"][0] == {"@language": "ko", "@value": "원"}


def test_no_float_is_written() -> None:
    def look(value: object) -> None:
        assert not isinstance(value, float)
        for one in (
            value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        ):
            look(one)

    look(served(WHOLE))


numbers = st.decimals(0, 10**9, places=3, allow_nan=False)
amounts = st.builds(Amount, numbers, st.sampled_from(Unit))
texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(texts, texts, texts, amounts, st.none() | numbers, amounts, numbers), max_size=4
    ),
    st.lists(st.tuples(st.integers(1, 10**6), numbers, amounts), max_size=4),
)
def test_any_exchange_round_trips(
    goods: list[tuple[str, str, str, Amount, Decimal | None, Amount, Decimal]],
    asked: list[tuple[int, Decimal, Amount]],
) -> None:
    products, items, offers = [], [], []
    for place, (korean, english, sku, content, stock, price, vat) in enumerate(goods):
        products.append(
            SuppliedProduct(f"{BASE}p{place}", korean, english, english, content, f"{BASE}o")
        )
        items.append(CatalogItem(f"{BASE}c{place}", f"{BASE}p{place}", sku, stock))
        offers.append(Offer(f"{BASE}f{place}", f"{BASE}c{place}", price, vat))
    session = replace(SESSION, offers=tuple(offer.id for offer in offers))
    lines = tuple(
        OrderLine(f"{BASE}l{place}", offers[place % len(offers)].id, quantity, price)
        for place, (_seconds, quantity, price) in enumerate(asked if offers else [])
    )
    order = replace(ORDER, lines=lines, ordered_at=AT + timedelta(seconds=len(asked)))
    whole = Exchange(tuple(products), tuple(items), tuple(offers), (session,), (order,))
    assert read_exchange(served(whole)) == whole


FOREIGN = {
    "@context": "https://www.datafoodconsortium.org",
    "@graph": [
        {
            "@id": "http://example.test/product",
            "@type": ["https://example.test/DFC_BusinessOntology.owl#SuppliedProduct"],
            "https://example.test/DFC_BusinessOntology.owl#name": [{"@value": "Apple"}],
            "dfc-b:hasQuantity": {
                "@type": "dfc-b:QuantitativeValue",
                "dfc-b:value": 1.5,
                "dfc-b:hasUnit": "dfc-m:Kilogram",
            },
            "dfc-b:alcoholPercentage": "0",
            "dfc-b:referencedBy": {
                "@id": "http://example.test/item",
                "@type": "dfc-b:CatalogItem",
                "dfc-b:references": "http://example.test/product",
                "dfc-b:offeredThrough": {"@id": "http://example.test/offer"},
            },
        },
        {
            "@id": "http://example.test/offer",
            "@type": "dfc-b:Offer",
            "dfc-b:hasPrice": {"dfc-b:value": "3200", "dfc-b:hasUnit": {"@id": "dure:KoreanWon"}},
        },
        {
            "@id": "http://example.test/line",
            "@type": "dfc-b:OrderLine",
            "dfc-b:partOf": {"@id": "http://example.test/order"},
            "dfc-b:concerns": {"@id": "http://example.test/offer"},
            "dfc-b:quantity": "2,5",
            "dfc-b:hasPrice": {"dfc-b:value": 8000, "dfc-b:hasUnit": "dure:KoreanWon"},
        },
        {
            "@id": "http://example.test/order",
            "@type": "dfc-b:Order",
            "dfc-b:orderNumber": 17,
            "dfc-b:orderedBy": "http://example.test/buyer",
            "dfc-b:belongsTo": "http://example.test/session",
            "dfc-b:date": "2026-07-01T09:00:00+09:00",
        },
    ],
}


def test_other_spellings_are_understood() -> None:
    found = read_exchange(FOREIGN)
    product, item, offer, order = (
        found.products[0],
        found.items[0],
        found.offers[0],
        found.orders[0],
    )
    assert (product.name_ko, product.name_en) == ("Apple", "Apple")
    assert product.content == Amount(Decimal("1.5"), Unit.KILOGRAM)
    assert (item.product, item.sku, item.stock) == ("http://example.test/product", "", None)
    assert (offer.item, offer.price, offer.vat_percent) == ("http://example.test/item", WON, 0)
    assert (order.number, order.ordered_at) == ("17", AT)
    assert [(line.id, line.quantity) for line in order.lines] == [
        ("http://example.test/line", Decimal("2.5"))
    ]


def broken(where: int, **fields: object) -> object:
    document = json.loads(json.dumps(FOREIGN))
    for field, value in fields.items():
        document["@graph"][where][f"dfc-b:{field}"] = value
    return document


@pytest.mark.parametrize(
    ("document", "node", "field"),
    [
        (broken(2, quantity="-1"), "http://example.test/line", "quantity"),
        (broken(2, quantity="１"), "http://example.test/line", "quantity"),
        (broken(2, quantity=True), "http://example.test/line", "quantity"),
        (broken(2, concerns=[]), "http://example.test/line", "concerns"),
        (broken(2, concerns=[{"@id": "a"}, {"@id": "b"}]), "http://example.test/line", "concerns"),
        (broken(3, date="yesterday"), "http://example.test/order", "date"),
        (broken(3, date="2026-07-01T09:00:00"), "http://example.test/order", "date"),
        (
            broken(1, hasPrice={"@id": "_:x", "dfc-b:value": 1, "dfc-b:hasUnit": "dfc-m:Euro"}),
            "_:x",
            "hasUnit",
        ),
        (
            broken(
                1,
                hasPrice={"@id": "_:x", "dfc-b:value": float("nan"), "dfc-b:hasUnit": "dfc-m:Gram"},
            ),
            "_:x",
            "value",
        ),
        ("text", "document", "@graph"),
        ([{"@id": 5}], "document", "@id"),
    ],
)
def test_what_cannot_be_understood_is_named(document: object, node: str, field: str) -> None:
    with pytest.raises(UnreadableDocumentError) as caught:
        read_exchange(document)
    assert (caught.value.node, caught.value.field) == (node, field)


def test_a_deep_document_is_refused() -> None:
    deep: dict[str, object] = {"@id": "x"}
    for place in range(40):
        deep = {"@id": f"n{place}", "dfc-b:hasPart": deep}
    with pytest.raises(UnreadableDocumentError):
        read_exchange(deep)


@pytest.mark.parametrize(
    "exchange",
    [
        replace(WHOLE, items=(ITEM, ITEM)),
        replace(WHOLE, products=()),
        replace(WHOLE, sessions=(replace(SESSION, ends=AT),)),
        replace(WHOLE, sessions=()),
        replace(WHOLE, orders=(replace(ORDER, lines=(replace(LINE, offer="x"),)),)),
        replace(WHOLE, orders=(replace(ORDER, ordered_at=AT.replace(tzinfo=None)),)),
    ],
)
def test_a_loose_exchange_is_not_written(exchange: Exchange) -> None:
    with pytest.raises(AssertionError):
        write_exchange(exchange)


def test_every_unit_has_both_names() -> None:
    assert len({label_of(unit) for unit in Unit}) == len(Unit)
    with pytest.raises(AssertionError):
        Amount(Decimal("NaN"), Unit.GRAM)
