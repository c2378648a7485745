"""An offer or a demand of the neighbourhood as linked data (schema.org: Offer, Demand).

Nouns: offer (나눔), demand (요청), item (무엇: a thing or a service), eligible quantity (얼마나).
Law: what is not known is left out; no person is named; won only are a price, hours are not money.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

CONTEXT = "https://schema.org"
WON = "KRW"


@dataclass(frozen=True, slots=True)
class Offered:
    """One public offer (or demand) of a moment.

    url       : where it can be read
    unit      : UN/CEFACT code of the quantities and of what the price is for
    price     : won for each unit; 0 = nothing is asked for; None = something that is not money
    by        : name of the organisation that offers; empty for a person, who is never named
    """

    is_demand: bool
    url: str
    name: str
    text: str
    item: str
    is_service: bool
    least: int
    most: int
    unit: str
    price: int | None
    begins: datetime | None
    ends: datetime | None
    area: str
    by: str


def write_offer(offered: Offered) -> dict[str, Any]:
    """The JSON-LD object of one offer.

    >>> drill = Offered(False, "https://dure.kr/x/", "드릴", "", "전동 드릴", False, 1, 1, "C62",
    ...                 0, None, None, "마포구", "")
    >>> write_offer(drill)["itemOffered"]
    {'@type': 'Product', 'name': '전동 드릴'}
    >>> "offeredBy" in write_offer(drill), write_offer(drill)["price"]
    (False, '0')
    """
    told: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "Demand" if offered.is_demand else "Offer",
        "@id": offered.url,
        "url": offered.url,
        "name": offered.name,
        "itemOffered": {
            "@type": "Service" if offered.is_service else "Product",
            "name": offered.item or offered.name,
        },
        "eligibleQuantity": {
            "@type": "QuantitativeValue",
            "minValue": offered.least,
            "maxValue": offered.most,
            "unitCode": offered.unit,
        },
        "areaServed": {"@type": "AdministrativeArea", "name": offered.area},
    }
    if offered.text:
        told["description"] = offered.text
    if offered.price is not None and not offered.is_demand:
        told |= {"price": str(offered.price), "priceCurrency": WON}
    if offered.begins is not None:
        told["availabilityStarts"] = offered.begins.isoformat()
    if offered.ends is not None:
        told["availabilityEnds"] = offered.ends.isoformat()
    if offered.by and not offered.is_demand:
        told["offeredBy"] = {"@type": "Organization", "name": offered.by}
    return told
