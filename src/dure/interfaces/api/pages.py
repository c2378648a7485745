"""What every read shares: the page of a list, and the documented answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from ninja import Query, Schema
from pydantic import Field

from dure.core.text import T
from dure.interfaces.api import answers

X = TypeVar("X")
LIMIT_MOST = 200
OFFSET_MOST = 100_000
DOCUMENTED: dict[str, Any] = {"responses": answers.documented(422)}  # Any: OpenAPI words
DOCUMENTED_ONE: dict[str, Any] = {"responses": answers.documented(404, 422)}  # Any: as above


class Window(Schema):
    """Which part of a list is asked for."""

    limit: int = Field(50, ge=1, le=LIMIT_MOST)
    offset: int = Field(0, ge=0, le=OFFSET_MOST)


class Words(Schema):
    """A text in both languages; English is the Korean one where none was given."""

    ko: str
    en: str


def words(text: T) -> dict[str, str]:
    """A text as `Words`."""
    return {"ko": text.ko, "en": text.en}


class Listed(Schema, Generic[X]):
    """A part of a list and the size of the whole."""

    total: int
    items: list[X]


def part(
    rows: Any, window: Window, draw: Callable[[Any], X]
) -> dict[str, object]:  # Any: a queryset
    """The part of a queryset or sequence that `window` asks for."""
    total = len(rows) if isinstance(rows, Sequence) else rows.count()
    found = rows[window.offset : window.offset + window.limit]
    return {"total": total, "items": [draw(row) for row in found]}


__all__ = ["DOCUMENTED", "DOCUMENTED_ONE", "Listed", "Query", "Window", "Words", "part", "words"]
