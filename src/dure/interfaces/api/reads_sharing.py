"""Public reads of the local app: listings, things to borrow, food cycles, how agreements run.

Everything is read as a visitor, with what the public pages show: no person is named but by the
handle that they chose, no place is nearer than a neighbourhood.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.duration import duration_iso_string
from ninja import Path, Router, Schema
from pydantic import Field

from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.exchange.declaration import Due, Process, Transition
from dure.exchange.processes import PROCESSES, newest
from dure.exchange.queries import browsing, food, library
from dure.exchange.queries.food import CycleRow
from dure.interfaces.api.pages import (
    DOCUMENTED,
    DOCUMENTED_ONE,
    Listed,
    Query,
    Window,
    Words,
    words,
)

router = Router(tags=["exchange"])
VISITOR = Actor.anonymous(origin="api")
District = Annotated[str, Field(pattern="^([0-9]{5})?$")]


class ListingOut(Schema):
    """One offer or request; `rate`: minutes or won for each unit, none for a gift or a swap."""

    id: UUID
    side: str
    title: str
    text: str
    kind: str
    by: str
    district: str
    place: str
    gives_back: str
    rate: int | None
    least: int
    most: int
    unit: str
    begins: datetime | None
    ends: datetime | None
    thing: UUID | None


class ThingOut(Schema):
    """One thing to borrow; `free_now` of its `lanes` (identical ones) are free at this moment."""

    id: UUID
    title: str
    kind: str
    by: str
    district: str
    place: str
    lanes: int
    free_now: int
    condition: str
    fee: int
    fee_unit: str
    deposit: int
    deposit_unit: str


class CycleOut(Schema):
    """One food cycle; `pays`: won, voucher, local or gift."""

    id: UUID
    title: str
    hub: str
    district: str
    place: str
    opens: datetime
    closes: datetime
    pickup: datetime
    open: bool
    cancelled: bool
    pays: str
    deposit: int
    products: int


class ProductOut(Schema):
    """One product: `price` for one `lot` of `unit`; a `case` of none is sold in single lots."""

    id: UUID
    title: str
    producer: str
    price: int
    lot: int
    unit: str
    there_is: int
    case: int | None
    margin_ppm: int
    origin: str
    season: str
    allergens: str
    withdrawn: bool


class CycleWhole(CycleOut):
    """One food cycle with its rule for a shortage and its products."""

    text: str
    rule: str
    adopted: Words
    tie_commitment: str
    tie_salt: str
    goods: list[ProductOut]


class ArrowOut(Schema):
    """One arrow of a process; `by` is empty where time takes it, and `after` then says when."""

    name: str
    source: str | None
    target: str
    text: Words
    by: list[str]
    both: bool
    after: str
    when: list[Words]
    does: list[str]
    records: list[str]


class ProcessOut(Schema):
    """One kind of agreement as it is declared, newest version."""

    key: str
    version: int
    sector: str
    text: Words
    states: dict[str, Words]
    roles: dict[str, Words]
    arrows: list[ArrowOut]


class WhichListings(Schema):
    """Which listings."""

    q: Annotated[str, Field(max_length=browsing.TEXT_MAX)] = ""
    side: Annotated[str, Field(pattern="^(offer|request)?$")] = ""
    district: District = ""
    gives_back: Annotated[str, Field(pattern="^(gift|hours|won|voucher|swap)?$")] = ""


class WhichThings(Schema):
    """Which things."""

    q: Annotated[str, Field(max_length=browsing.TEXT_MAX)] = ""
    district: District = ""


class WhichCycles(Schema):
    """Which cycles: those that take orders or soon will, or those of the past."""

    district: District = ""
    past: bool = False


@router.get(
    "/listings", response=Listed[ListingOut], openapi_extra=DOCUMENTED, operation_id="listings"
)
def listings(
    request: HttpRequest, window: Query[Window], which: Query[WhichListings]
) -> dict[str, object]:
    """Open offers and requests that everybody may read, newest first; at most 1,000."""
    filters = browsing.Filters(
        text=which.q, side=which.side, district=which.district, reciprocity=which.gives_back
    )
    found = browsing.found(filters, VISITOR)
    shown = found[window.offset : window.offset + window.limit]
    return {"total": found.count(), "items": _listings(shown)}


@router.get(
    "/listings/{listing_id}",
    response=ListingOut,
    openapi_extra=DOCUMENTED_ONE,
    operation_id="listing",
)
def listing(request: HttpRequest, listing_id: UUID) -> dict[str, object]:
    """One open offer or request."""
    found = browsing.one(listing_id, VISITOR)
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return _listings([found])[0]


@router.get("/things", response=Listed[ThingOut], openapi_extra=DOCUMENTED, operation_id="things")
def things(
    request: HttpRequest, window: Query[Window], which: Query[WhichThings]
) -> dict[str, object]:
    """Things to borrow that everybody may see; when each is free: the GBFS feed of its library."""
    found = library.things(library.Filters(text=which.q, district=which.district), VISITOR)
    shown = list(found[window.offset : window.offset + window.limit])
    return {"total": found.count(), "items": [asdict(one) for one in library.rows_of(shown)]}


@router.get(
    "/food-cycles", response=Listed[CycleOut], openapi_extra=DOCUMENTED, operation_id="food_cycles"
)
def cycles(
    request: HttpRequest, window: Query[Window], which: Query[WhichCycles]
) -> dict[str, object]:
    """Food cycles, the next to close first; those of the past newest first."""
    found = food.cycles(food.Filters(district=which.district, past=which.past), VISITOR)
    shown = list(found[window.offset : window.offset + window.limit])
    rows = food.cycle_rows(shown, VISITOR)
    return {"total": found.count(), "items": [_cycle(row) for row in rows]}


@router.get(
    "/food-cycles/{cycle_id}",
    response=CycleWhole,
    openapi_extra=DOCUMENTED_ONE,
    operation_id="food_cycle",
)
def cycle(request: HttpRequest, cycle_id: UUID) -> dict[str, object]:
    """One food cycle with its products; as linked data: its page's DFC file."""
    found = food.cycle(cycle_id, VISITOR)
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return {
        **_cycle(found.row),
        "text": found.text,
        "rule": found.rule,
        "adopted": words(found.adopted),
        "tie_commitment": found.tie_commitment,
        "tie_salt": found.tie_salt,
        "goods": [_product(one) for one in food.products(cycle_id)],
    }


@router.get("/processes", response=list[ProcessOut], operation_id="processes")
def processes(request: HttpRequest) -> list[dict[str, object]]:
    """How every kind of agreement runs, from its declaration."""
    return [_process(one) for one in PROCESSES if newest(one.key) is one]


@router.get(
    "/processes/{key}",
    response=ProcessOut,
    openapi_extra=DOCUMENTED_ONE,
    operation_id="process",
)
def process(request: HttpRequest, key: Annotated[str, Path(max_length=40)]) -> dict[str, object]:
    """How one kind of agreement runs."""
    found = newest(key)
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return _process(found)


def _listings(shown: Sequence[Any]) -> list[dict[str, object]]:  # Any: a face names no model
    rows = zip(shown, browsing.rows_of(shown), strict=True)
    return [
        {
            "id": row.id,
            "side": row.side,
            "title": row.title,
            "text": one.text,
            "kind": row.kind,
            "by": row.by,
            "district": row.district,
            "place": row.place,
            "gives_back": row.reciprocity,
            "rate": row.rate,
            "least": one.qty_min,
            "most": one.qty_max,
            "unit": row.unit,
            "begins": row.starts,
            "ends": row.ends,
            "thing": row.asset_id,
        }
        for one, row in rows
    ]


def _cycle(row: CycleRow) -> dict[str, object]:
    return {**asdict(row), "open": row.is_open, "cancelled": row.is_cancelled}


def _product(one: food.Product) -> dict[str, object]:
    return {
        **asdict(one),
        "there_is": one.estate,
        "case": one.case or None,
        "withdrawn": one.is_withdrawn,
    }


def _process(one: Process) -> dict[str, object]:
    return {
        "key": one.key,
        "version": one.version,
        "sector": one.sector,
        "text": words(one.text),
        "states": {state.key: words(state.text) for state in one.states},
        "roles": {role.key: words(role.text) for role in one.roles},
        "arrows": [_arrow(arrow) for arrow in one.transitions],
    }


def _arrow(arrow: Transition) -> dict[str, object]:
    return {
        "name": arrow.name,
        "source": arrow.source.key if arrow.source is not None else None,
        "target": arrow.target.key,
        "text": words(arrow.text),
        "by": [role.key for role in arrow.by],
        "both": arrow.is_for_two,
        "after": _after(arrow.due) if arrow.due is not None else "",
        "when": [words(guard.text) for guard in arrow.when],
        "does": [effect.name for effect in arrow.do],
        "records": [label for effect in arrow.do for label in effect.labels],
    }


def _after(due: Due) -> str:
    """A moment and what is added to it: a length (ISO 8601) or a key of the rulebook."""
    return f"{due.anchor}+{due.rule or duration_iso_string(due.offset)}"
