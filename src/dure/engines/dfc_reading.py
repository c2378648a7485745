"""Nodes of a food document (JSON-LD), found whatever way they were written; see `dfc`.

Nouns
    node : an object with an address; one without gets one of its own
    name : the last part of an address or prefixed name: `dfc-b:Offer`, `…#Offer` and `Offer` agree
Law
    Nothing is fetched. Depth and number of nodes are bounded. What cannot be understood is refused
    with the node and the field.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

NODES_MAX: Final = 1_000_000
DEPTH_MAX: Final = 16
_NUMBER: Final = re.compile(r"[0-9]{1,15}(?:[.,][0-9]{1,9})?")


class Unit(StrEnum):
    """Units we trade in; the value is the name of the measure. Those of money are ours: won, a won
    that was issued as a voucher, a won of a district's own currency. One is never told as another.
    """

    GRAM = "Gram"
    KILOGRAM = "Kilogram"
    MILLILITRE = "Millilitre"
    LITRE = "Litre"
    PIECE = "Piece"
    UNIT = "Unit"
    BUNCH = "Bunch"
    BAG = "Bag"
    BOX = "Box"
    BOTTLE = "Bottle"
    DOZEN = "Dozen"
    WON = "KoreanWon"
    VOUCHER = "VoucherWon"
    LOCAL = "LocalWon"


_LABELS: Final = {
    Unit.GRAM: ("그램", "gram"),
    Unit.KILOGRAM: ("킬로그램", "kilogram"),
    Unit.MILLILITRE: ("밀리리터", "millilitre"),
    Unit.LITRE: ("리터", "litre"),
    Unit.PIECE: ("개", "piece"),
    Unit.UNIT: ("낱개", "unit"),
    Unit.BUNCH: ("단", "bunch"),
    Unit.BAG: ("봉지", "bag"),
    Unit.BOX: ("상자", "box"),
    Unit.BOTTLE: ("병", "bottle"),
    Unit.DOZEN: ("열두 개", "dozen"),
    Unit.WON: ("원", "Korean won"),
    Unit.VOUCHER: ("상품권 원", "voucher won"),
    Unit.LOCAL: ("지역화폐 원", "won of a local currency"),
}
_OWN: Final = frozenset({Unit.WON, Unit.VOUCHER, Unit.LOCAL})


class UnreadableDocumentError(ValueError):
    """What stands at a node and field cannot be understood."""

    def __init__(self, node: str, field: str) -> None:
        super().__init__(f"{node}: {field}")
        self.node, self.field = node, field


def label_of(unit: Unit) -> tuple[str, str]:
    """Name of a unit in Korean and English.

    >>> label_of(Unit.WON)
    ('원', 'Korean won')
    """
    return _LABELS[unit]


def unit_address(unit: Unit) -> str:
    """Prefixed name of a unit.

    >>> unit_address(Unit.GRAM), unit_address(Unit.WON)
    ('dfc-m:Gram', 'dure:KoreanWon')
    """
    return f"dure:{unit}" if unit in _OWN else f"dfc-m:{unit}"


def last_name(address: str) -> str:
    """Last part of an address or prefixed name.

    >>> last_name("https://example.test/DFC_BusinessOntology.owl#Offer"), last_name("dfc-b:Offer")
    ('Offer', 'Offer')
    """
    return re.split(r"[#/:]", address)[-1]


@dataclass(frozen=True, slots=True)
class Nodes:
    """All nodes of a document by address, each with its values by last name."""

    values: dict[str, dict[str, list[object]]] = field(default_factory=dict)

    @classmethod
    def of(cls, document: object) -> Nodes:
        """Flatten a document."""
        nodes = cls()
        if isinstance(document, dict) and "@graph" in document:
            document = document["@graph"]
        todo: list[tuple[object, int]] = [(document, 0)]
        while todo:
            value, depth = todo.pop()
            if depth > DEPTH_MAX or len(nodes.values) > NODES_MAX:
                raise UnreadableDocumentError("document", "size")
            if isinstance(value, list):
                todo += [(one, depth + 1) for one in reversed(value)]
            elif isinstance(value, dict):
                nodes._take(value, depth)
            else:
                raise UnreadableDocumentError("document", "@graph")
        return nodes

    def _take(self, value: dict[object, object], depth: int) -> str:
        """Take in one node and those embedded in it; gives its address."""
        if depth > DEPTH_MAX:
            raise UnreadableDocumentError("document", "depth")
        name = value.get("@id")
        if name is None:
            name = f"_:own{len(self.values)}"
        if not isinstance(name, str) or not name:
            raise UnreadableDocumentError("document", "@id")
        own = self.values.setdefault(name, {})
        for key, found in value.items():
            if key in ("@id", "@context") or not isinstance(key, str):
                continue
            listed = found if isinstance(found, list) else [found]
            kept = own.setdefault(last_name(key), [])
            for one in listed:
                part = one
                if isinstance(one, dict) and "@value" not in one:
                    part = {"@id": self._take(one, depth + 1)}
                if part is not None and part not in kept:
                    kept.append(part)
        return name

    def of_kind(self, kind: str) -> list[str]:
        """Addresses of the nodes of a type."""
        return [
            name
            for name, own in self.values.items()
            if any(isinstance(one, str) and last_name(one) == kind for one in own.get("@type", ()))
        ]

    def pointing(self, kind: str, key: str, target: str) -> list[str]:
        """Addresses of the nodes of a type that refer to a node."""
        return [name for name in self.of_kind(kind) if target in self.links(name, key)]

    def has(self, name: str, key: str) -> bool:
        """Whether a node says anything under a key."""
        return bool(self.values.get(name, {}).get(key))

    def links(self, name: str, key: str) -> list[str]:
        """Addresses a node refers to."""
        found = []
        for one in self.values.get(name, {}).get(key, ()):
            address = one.get("@id", one.get("@value")) if isinstance(one, dict) else one
            if not isinstance(address, str):
                raise UnreadableDocumentError(name, key)
            found.append(address)
        return found

    def link(self, name: str, key: str, default: str | None = None) -> str:
        """The one address a node refers to."""
        found = self.links(name, key)
        if len(found) == 1:
            return found[0]
        if found or default is None:
            raise UnreadableDocumentError(name, key)
        return default

    def plain(self, name: str, key: str) -> str | None:
        """The one value of a key as text; None when there is none."""
        listed = self.values.get(name, {}).get(key, [])
        if not listed:
            return None
        found = listed[0]
        if isinstance(found, dict):
            found = found.get("@value")
        if len(listed) > 1 or isinstance(found, bool) or not isinstance(found, str | int | float):
            raise UnreadableDocumentError(name, key)
        return repr(found) if isinstance(found, float) else str(found)

    def text(self, name: str, key: str, default: str | None = None) -> str:
        """A text."""
        found = self.plain(name, key)
        if found is None and default is None:
            raise UnreadableDocumentError(name, key)
        return found if found is not None else str(default)

    def number(self, name: str, key: str, default: Decimal | None = None) -> Decimal:
        """A number >= 0, with a point or a comma."""
        found = self.plain(name, key)
        if found is None and default is not None:
            return default
        if found is None or not _NUMBER.fullmatch(found):
            raise UnreadableDocumentError(name, key)
        return Decimal(found.replace(",", "."))

    def measured(self, name: str, key: str) -> tuple[Decimal, Unit]:
        """A number and its unit, from the node a key refers to."""
        inner = self.link(name, key)
        unit = last_name(self.link(inner, "hasUnit"))
        if unit not in set(Unit):
            raise UnreadableDocumentError(inner, "hasUnit")
        return self.number(inner, "value"), Unit(unit)

    def instant(self, name: str, key: str) -> datetime:
        """An instant with its offset, turned to UTC."""
        try:
            found = datetime.fromisoformat(self.text(name, key))
        except ValueError:
            raise UnreadableDocumentError(name, key) from None
        if found.tzinfo is None:
            raise UnreadableDocumentError(name, key)
        return found.astimezone(UTC)

    def words(self, name: str, plain: str, labels: str) -> tuple[str, str]:
        """Korean and English of a name; a plain name stands in for what is missing."""
        told: dict[object, object] = {}
        for one in self.values.get(name, {}).get(labels, ()):
            if isinstance(one, dict):
                told[one.get("@language")] = one.get("@value")
        korean, english = told.get("ko"), told.get("en")
        fallback = "" if korean and english else self.text(name, plain)
        return str(korean or fallback), str(english or fallback)
