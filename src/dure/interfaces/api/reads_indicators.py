"""Public reads of the indicators: definitions and frozen releases with their cells."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Router, Schema
from pydantic import Field

from dure.indicators import queries
from dure.interfaces.api.pages import DOCUMENTED, DOCUMENTED_ONE, Listed, Query, Window, part

router = Router(tags=["indicators"])


class DefinitionOut(Schema):
    """What a number means."""

    code: str
    version: int
    ko: str
    en: str
    what_ko: str
    what_en: str
    unit: str
    numerator: str
    denominator: str
    labels: list[str]
    valid_from: date
    digest: str


class ReleaseOut(Schema):
    """One frozen release."""

    number: int
    period: str
    since: str
    vintage: str
    synthetic: bool
    frozen_at: datetime
    root: str
    head: str
    previous: str


class CellOut(Schema):
    """One published cell; `state` is empty, or says why there is no value."""

    code: str
    breakdown: str
    period: str
    place: str
    num: int | None
    den: int | None
    value: str
    state: str


class Cells(Schema):
    """Which cells of a release."""

    indicator: Annotated[str, Field(max_length=20, pattern="^[A-Za-z0-9._-]+$")]
    place: Annotated[str, Field(pattern="^[0-9]{5}$")] = "00000"


@router.get(
    "/definitions",
    response=Listed[DefinitionOut],
    openapi_extra=DOCUMENTED,
    operation_id="definitions",
)
def definitions(request: HttpRequest, window: Query[Window]) -> dict[str, object]:
    """The definitions in force."""
    return part(queries.meanings(), window, _definition)


@router.get(
    "/releases", response=Listed[ReleaseOut], openapi_extra=DOCUMENTED, operation_id="releases"
)
def releases(request: HttpRequest, window: Query[Window]) -> dict[str, object]:
    """The frozen releases."""
    return part(queries.releases(), window, _release)


@router.get(
    "/releases/{number}/cells",
    response=Listed[CellOut],
    openapi_extra=DOCUMENTED_ONE,
    operation_id="cells",
)
def cells(
    request: HttpRequest,
    window: Query[Window],
    asked: Query[Cells],
    number: Annotated[int, Path(ge=1, le=10**6)],
) -> dict[str, object]:
    """The published cells of one indicator at one place."""
    found = queries.release_by_number(number)
    return part(queries.cell_table(found, asked.indicator, asked.place), window, _cell)


def _definition(row: queries.Meaning) -> dict[str, object]:
    return {
        "code": row.code,
        "version": row.version,
        "ko": row.name_ko,
        "en": row.name_en,
        "what_ko": row.what_ko,
        "what_en": row.what_en,
        "unit": row.unit,
        "numerator": row.numerator,
        "denominator": row.denominator,
        "labels": list(row.labels),
        "valid_from": row.valid_from,
        "digest": row.digest,
    }


def _release(row: queries.Published) -> dict[str, object]:
    return {
        "number": row.number,
        "period": row.period,
        "since": row.since,
        "vintage": row.vintage,
        "synthetic": row.synthetic,
        "frozen_at": row.frozen_at,
        "root": row.root,
        "head": row.head,
        "previous": row.previous,
    }


def _cell(row: queries.Shown) -> dict[str, object]:
    return {
        "code": row.code,
        "breakdown": row.breakdown,
        "period": row.period,
        "place": row.place,
        "num": row.num,
        "den": row.den,
        "value": row.value,
        "state": row.state,
    }
