"""Public reads of the journal: the standard labels."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from dure.interfaces.api.pages import DOCUMENTED, Listed, Query, Window, part
from dure.journal import queries

router = Router(tags=["journal"])


class LabelOut(Schema):
    """One standard label in use."""

    code: str
    version: int
    sector: str
    ko: str
    en: str
    unit: str


@router.get("/labels", response=Listed[LabelOut], openapi_extra=DOCUMENTED, operation_id="labels")
def labels(request: HttpRequest, window: Query[Window]) -> dict[str, object]:
    """The standard labels in use today."""
    return part(queries.labels_in_use(), window, _label)


def _label(label: Any) -> dict[str, object]:  # Any: a row of the room's own query
    return {
        "code": label.code,
        "version": label.version,
        "sector": label.sector,
        "ko": label.ko,
        "en": label.en,
        "unit": label.unit,
    }
