"""A listing as linked data (schema.org), for search engines and other programs of neighbourhoods.

Law: only what everybody may read; a person is not named, and a place is the district.
"""

from __future__ import annotations

from dure.core.text import T
from dure.engines.offers import Offered
from dure.exchange.models import Listing, Spec

SERVICES = frozenset({Spec.Kind.SKILL, Spec.Kind.SERVICE, Spec.Kind.RIDE})


def linked(listing: Listing, url: str) -> Offered:
    """One listing that everybody may read, in the language of the reader."""
    spec, window = listing.spec, listing.window
    organisation = listing.organisation
    return Offered(
        is_demand=listing.side == Listing.Side.REQUEST,
        url=url,
        name=listing.title,
        text=listing.text,
        item=str(T(spec.ko, spec.en)) if spec is not None else "",
        is_service=spec is None or spec.kind in SERVICES,
        least=listing.qty_min,
        most=listing.qty_max,
        unit=listing.unit,
        price=_price(listing),
        begins=window.lower if window is not None else None,
        ends=window.upper if window is not None else None,
        area=str(T(listing.district.name, listing.district.name_en)),
        by=organisation.name if organisation is not None else "",
    )


def _price(listing: Listing) -> int | None:
    """Won for a unit; hours, a swap and a voucher of one district are no price in won."""
    if listing.reciprocity == Listing.Reciprocity.GIFT:
        return 0
    return listing.rate if listing.reciprocity == Listing.Reciprocity.WON else None
