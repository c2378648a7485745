"""Strict types of action bodies: scalars bound to the parsers of `core.parsers`.

Every body schema is frozen, refuses unknown fields and takes no coercion beyond its parser. Each
type states the form it takes, so that the API's pages say what the door does.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema

from dure.core import parsers

UUID_SHAPE = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"


def _text(least: int, most: int, **more: Any) -> WithJsonSchema:  # Any: JSON schema words
    return WithJsonSchema({"type": "string", "minLength": least, "maxLength": most, **more})


def _number(least: int, most: int) -> WithJsonSchema:
    return WithJsonSchema({"type": "integer", "minimum": least, "maximum": most})


Name = Annotated[str, BeforeValidator(parsers.name), _text(1, 100)]
Line = Annotated[str, BeforeValidator(parsers.line), _text(1, 200)]
Note = Annotated[str, BeforeValidator(parsers.note), _text(1, 5000)]
Text = Annotated[str, BeforeValidator(parsers.text), _text(1, 2000)]
UuidText = Annotated[
    str, BeforeValidator(parsers.uuid), _text(36, 36, format="uuid", pattern=UUID_SHAPE)
]
CodeText = Annotated[
    str, BeforeValidator(parsers.code_text), _text(1, 100, pattern="^[a-z0-9][a-z0-9_.:-]{0,99}$")
]
Digest = Annotated[str, BeforeValidator(parsers.digest), _text(64, 64, pattern="^[0-9a-f]{64}$")]
District = Annotated[str, BeforeValidator(parsers.district), _text(5, 5, pattern="^[0-9]{5}$")]
Won = Annotated[int, BeforeValidator(parsers.won), _number(1, parsers.WON_MAX)]
WonStock = Annotated[
    int, BeforeValidator(lambda v: parsers.won(v, stock=True)), _number(0, parsers.WON_MAX)
]
Minutes = Annotated[int, BeforeValidator(parsers.minutes), _number(1, parsers.MINUTES_MAX)]
Count = Annotated[int, BeforeValidator(parsers.count), _number(0, parsers.COUNT_MAX)]
IsoDate = Annotated[date, BeforeValidator(parsers.form_date), _text(10, 10, format="date")]
IsoInstant = Annotated[
    datetime, BeforeValidator(parsers.instant), _text(20, 32, format="date-time")
]


class Part(BaseModel):
    """Base of a nested part of a body (a row, a line item): frozen, strict, closed."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")
