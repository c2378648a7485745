"""Public reads of the register: districts and organisations."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.indicators import queries as indicators
from dure.interfaces.api.pages import DOCUMENTED, Listed, Query, Window, part
from dure.registry.queries import search

router = Router(tags=["registry"])
DISTRICT = "^([0-9]{5})?$"


class DistrictOut(Schema):
    """One district."""

    code: str
    ko: str
    en: str


class OrganisationOut(Schema):
    """One organisation of the public register."""

    id: str
    name: str
    name_en: str
    form: str
    district: str
    state: str | None
    statuses: list[str]


class OrganisationsOut(Schema):
    """A page of organisations; `after` leads to the next one."""

    count: int
    more: bool
    after: str | None
    items: list[OrganisationOut]


class Sought(Schema):
    """What to look for."""

    q: Annotated[str, Field(max_length=100)] = ""
    district: Annotated[str, Field(pattern=DISTRICT)] = ""
    status: Annotated[str, Field(max_length=20, pattern="^[a-z_.]*$")] = ""
    state: Annotated[str, Field(max_length=10, pattern="^[a-z]*$")] = ""
    after: Annotated[str | None, Field(max_length=2000)] = None
    size: Annotated[int, Field(ge=1, le=100)] = 20


@router.get(
    "/districts", response=Listed[DistrictOut], openapi_extra=DOCUMENTED, operation_id="districts"
)
def districts(request: HttpRequest, window: Query[Window]) -> dict[str, object]:
    """The districts of the city."""
    return part(
        indicators.districts(),
        window,
        lambda row: {"code": row[0], "ko": row[1], "en": row[2]},
    )


@router.get(
    "/organisations",
    response=OrganisationsOut,
    openapi_extra=DOCUMENTED,
    operation_id="organisations",
)
def organisations(request: HttpRequest, sought: Query[Sought]) -> dict[str, object]:
    """Find organisations by name (Korean partial words and initials too), district and status."""
    if "\x00" in sought.q:
        raise Refusal(CoreCode.BAD_FIELD, field="q", range=T("보이는 글자", "visible characters"))
    filters = search.Filters(sought.q, sought.district, sought.status, sought.state)
    try:
        found = search.search(filters, after=sought.after or None, size=sought.size)
    except (ValueError, KeyError, TypeError):
        accepted = T("앞 답의 after", "the `after` of the answer before")
        raise Refusal(CoreCode.BAD_FIELD, field="after", range=accepted) from None
    return {
        "count": found.count,
        "more": found.is_more,
        "after": found.after,
        "items": [
            {
                "id": str(row.id),
                "name": row.name,
                "name_en": row.name_en,
                "form": row.form,
                "district": row.district,
                "state": row.state,
                "statuses": list(row.statuses),
            }
            for row in found.rows
        ],
    }
