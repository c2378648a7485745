"""Food orders as linked data (Data Food Consortium): products, offers, sale sessions, orders.

Nouns
    supplied product : what a producer has; catalogue item: how a seller lists it; offer: at which
                     price; sale session: the cycle that is open; order and its lines
    amount         : a decimal number with a unit, written as text, never a float
Law
    What is written and read again is the same. Reading is lenient: full addresses or prefixes, one
    value or a list, parts embedded or by reference, fields that we do not know are left out;
    a broken reference or number is refused by the place where it stands. Writing is strict.
Source
    DFC business ontology and its connectors (`dfc-b`), measures (`dfc-m`); JSON-LD 1.1 flattened
    form. Units of money there are concepts (SKOS) that a price points at; the won is none of them.
    Won, voucher won, local won and Korean labels are ours (`dure`), written beside the prices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from dure.engines.dfc_reading import Nodes, Unit, label_of, unit_address

CONTEXT: Final = "https://www.datafoodconsortium.org"
OWN: Final = "urn:dure:measures:"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
LINES_MAX: Final = 200_000

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Amount:
    """A number and its unit; `number` is finite and >= 0."""

    number: Decimal
    unit: Unit

    def __post_init__(self) -> None:
        assert self.number.is_finite() and self.number >= 0, self


@dataclass(frozen=True, slots=True)
class SuppliedProduct:
    """What a producer has: name in Korean and English, content of one piece, kind by address."""

    id: str
    name_ko: str
    name_en: str
    description: str
    content: Amount
    supplier: str
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class CatalogItem:
    """How a seller lists a product; stock in pieces, None = not limited."""

    id: str
    product: str
    sku: str
    stock: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A price for a listed product; VAT in percent."""

    id: str
    item: str
    price: Amount
    vat_percent: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class SaleSession:
    """A cycle: open from begin to end, aware instants, with its offers."""

    id: str
    begins: datetime
    ends: datetime
    offers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderLine:
    """So many pieces of an offer, at a price for all of them."""

    id: str
    offer: str
    quantity: Decimal
    price: Amount


@dataclass(frozen=True, slots=True)
class Order:
    """An order: whose (an address without a name in it), in which session, which lines."""

    id: str
    number: str
    buyer: str
    session: str
    ordered_at: datetime
    lines: tuple[OrderLine, ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """Everything of one document."""

    products: tuple[SuppliedProduct, ...] = ()
    items: tuple[CatalogItem, ...] = ()
    offers: tuple[Offer, ...] = ()
    sessions: tuple[SaleSession, ...] = ()
    orders: tuple[Order, ...] = ()


def write_exchange(exchange: Exchange) -> Json:
    """Write a flattened JSON-LD document.

    exchange : every reference names an object of it
    Returns    a document of plain JSON values; numbers as text, nodes in the order given, prices
               and amounts as nodes without address, labels of the units used in Korean and English.
    Raises     AssertionError for a repeated id, a reference to nothing, a session that ends before
               it begins, a naive instant.
    Source     see the module.

    >>> won, kg = Amount(Decimal(3200), Unit.WON), Amount(Decimal("0.5"), Unit.KILOGRAM)
    >>> tofu = SuppliedProduct("https://dure.test/p/1", "두부", "Tofu", "", kg, "urn:dure:o1")
    >>> item = CatalogItem("https://dure.test/c/1", tofu.id, "TOFU-500")
    >>> offer = Offer("https://dure.test/f/1", item.id, won)
    >>> document = write_exchange(Exchange((tofu,), (item,), (offer,)))
    >>> read_exchange(document) == Exchange((tofu,), (item,), (offer,))
    True
    """
    _check(exchange)
    writing = _Writing()
    for product in exchange.products:
        writing.product(product, [one.id for one in exchange.items if one.product == product.id])
    offered: dict[str, list[str]] = {}
    for offer in exchange.offers:
        offered.setdefault(offer.item, []).append(offer.id)
    for item in exchange.items:
        writing.item(item, offered.get(item.id, []))
    for offer in exchange.offers:
        writing.node(
            offer.id,
            "Offer",
            {
                "offers": _link(offer.item),
                "hasPrice": writing.price(offer.price, offer.vat_percent),
            },
        )
    for session in exchange.sessions:
        writing.node(
            session.id,
            "SaleSession",
            {
                "beginDate": _instant(session.begins),
                "endDate": _instant(session.ends),
                "lists": [_link(offer_id) for offer_id in session.offers],
            },
        )
    for order in exchange.orders:
        writing.order(order)
    context: Json = {"dure": OWN, "skos": SKOS}
    return {"@context": [CONTEXT, context], "@graph": [*writing.graph, *writing.labels()]}


class _Writing:
    """A graph that grows, with a count of nodes without address and the units used so far."""

    def __init__(self) -> None:
        self.graph: list[Json] = []
        self.blanks = 0
        self.units: dict[Unit, None] = {}

    def node(self, name: str, kind: str, fields: Json) -> Json:
        made: Json = {"@id": name, "@type": f"dfc-b:{kind}"}
        for field, value in fields.items():
            made[field if ":" in field else f"dfc-b:{field}"] = value
        self.graph.append(made)
        return _link(name)

    def blank(self, kind: str, fields: Json) -> Json:
        self.blanks += 1
        return self.node(f"_:b{self.blanks}", kind, fields)

    def amount(self, amount: Amount) -> Json:
        self.units[amount.unit] = None
        fields: Json = {"value": _text(amount.number), "hasUnit": _link(unit_address(amount.unit))}
        return self.blank("QuantitativeValue", fields)

    def price(self, amount: Amount, vat_percent: Decimal) -> Json:
        self.units[amount.unit] = None
        fields: Json = {
            "VATrate": _text(vat_percent),
            "value": _text(amount.number),
            "hasUnit": _link(unit_address(amount.unit)),
        }
        return self.blank("Price", fields)

    def product(self, product: SuppliedProduct, items: Sequence[str]) -> None:
        fields: Json = {
            "name": product.name_ko,
            "skos:prefLabel": _words(product.name_ko, product.name_en),
            "description": product.description,
            "hasQuantity": self.amount(product.content),
            "suppliedBy": _link(product.supplier),
            "referencedBy": [_link(item) for item in items],
        }
        if product.kind is not None:
            fields["hasType"] = _link(product.kind)
        self.node(product.id, "SuppliedProduct", fields)

    def item(self, item: CatalogItem, offers: Sequence[str]) -> None:
        fields: Json = {
            "references": _link(item.product),
            "sku": item.sku,
            "offeredThrough": [_link(offer) for offer in offers],
        }
        if item.stock is not None:
            fields["stockLimitation"] = _text(item.stock)
        self.node(item.id, "CatalogItem", fields)

    def order(self, order: Order) -> None:
        self.node(
            order.id,
            "Order",
            {
                "orderNumber": order.number,
                "orderedBy": _link(order.buyer),
                "belongsTo": _link(order.session),
                "date": _instant(order.ordered_at),
                "hasPart": [_link(line.id) for line in order.lines],
            },
        )
        for line in order.lines:
            fields: Json = {
                "partOf": _link(order.id),
                "concerns": _link(line.offer),
                "quantity": _text(line.quantity),
                "hasPrice": self.price(line.price, Decimal(0)),
            }
            self.node(line.id, "OrderLine", fields)

    def labels(self) -> list[Json]:
        return [
            {
                "@id": unit_address(unit),
                "@type": "skos:Concept",
                "skos:prefLabel": _words(*label_of(unit)),
            }
            for unit in self.units
        ]


def read_exchange(document: object) -> Exchange:
    """Read a document of ours or of another platform.

    document : parsed JSON: an object with @graph, a list of nodes, or one node
    Returns    objects in the order of the document; an offer's item is also found through the item
               that offers it, a line's order through the order that has it as a part.
    Raises     UnreadableDocumentError with the node and field for what cannot be understood.
    Source     see the module.
    """
    nodes = Nodes.of(document)
    offered = {
        offer: name
        for name in nodes.of_kind("CatalogItem")
        for offer in nodes.links(name, "offeredThrough")
    }
    orders = []
    for name in nodes.of_kind("Order"):
        parts = nodes.links(name, "hasPart") or nodes.pointing("OrderLine", "partOf", name)
        lines = tuple(
            OrderLine(
                line,
                nodes.link(line, "concerns"),
                nodes.number(line, "quantity"),
                Amount(*nodes.measured(line, "hasPrice")),
            )
            for line in parts
        )
        orders.append(
            Order(
                name,
                nodes.text(name, "orderNumber"),
                nodes.link(name, "orderedBy"),
                nodes.link(name, "belongsTo"),
                nodes.instant(name, "date"),
                lines,
            )
        )
    return Exchange(
        tuple(_product(nodes, name) for name in nodes.of_kind("SuppliedProduct")),
        tuple(
            CatalogItem(
                name,
                nodes.link(name, "references"),
                nodes.text(name, "sku", ""),
                nodes.number(name, "stockLimitation")
                if nodes.has(name, "stockLimitation")
                else None,
            )
            for name in nodes.of_kind("CatalogItem")
        ),
        tuple(
            Offer(
                name,
                offered[name] if name in offered else nodes.link(name, "offers"),
                Amount(*nodes.measured(name, "hasPrice")),
                nodes.number(nodes.link(name, "hasPrice"), "VATrate", Decimal(0)),
            )
            for name in nodes.of_kind("Offer")
        ),
        tuple(
            SaleSession(
                name,
                nodes.instant(name, "beginDate"),
                nodes.instant(name, "endDate"),
                tuple(nodes.links(name, "lists")),
            )
            for name in nodes.of_kind("SaleSession")
        ),
        tuple(orders),
    )


def _product(nodes: Nodes, name: str) -> SuppliedProduct:
    korean, english = nodes.words(name, "name", "prefLabel")
    kinds = nodes.links(name, "hasType")
    return SuppliedProduct(
        name,
        korean,
        english,
        nodes.text(name, "description", ""),
        Amount(*nodes.measured(name, "hasQuantity")),
        nodes.link(name, "suppliedBy", ""),
        kinds[0] if kinds else None,
    )


def _check(exchange: Exchange) -> None:
    """Assert that ids are unique, references lead somewhere and times run forward."""
    products = {one.id for one in exchange.products}
    items = {one.id for one in exchange.items}
    offers = {one.id for one in exchange.offers}
    sessions = {one.id for one in exchange.sessions}
    lines = [line for order in exchange.orders for line in order.lines]
    names = [*products, *items, *offers, *sessions]
    names += [order.id for order in exchange.orders] + [line.id for line in lines]
    count = sum(map(len, (exchange.products, exchange.items, exchange.offers, exchange.sessions)))
    count += len(exchange.orders) + len(lines)
    assert len(lines) <= LINES_MAX and len(set(names)) == count, "an id stands twice"
    assert all(one.product in products for one in exchange.items), "an item without product"
    assert all(one.item in items for one in exchange.offers), "an offer without item"
    assert all(one.offer in offers for one in lines), "a line without offer"
    for session in exchange.sessions:
        assert session.begins < session.ends and offers.issuperset(session.offers), session
    assert all(one.session in sessions for one in exchange.orders), "an order without session"


def _link(name: str) -> Json:
    assert name and not name.isspace(), "an empty address"
    return {"@id": name}


def _words(korean: str, english: str) -> list[Json]:
    return [{"@language": "ko", "@value": korean}, {"@language": "en", "@value": english}]


def _text(number: Decimal) -> str:
    return f"{number:f}"


def _instant(at: datetime) -> str:
    assert at.tzinfo is not None, "a naive instant"
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
