"""Strict types of action bodies: scalars bound to the parsers of `core.parsers`.

Every body schema is frozen, refuses unknown fields and takes no coercion beyond its parser.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from dure.core import parsers

Name = Annotated[str, BeforeValidator(parsers.name)]
Line = Annotated[str, BeforeValidator(parsers.line)]
Note = Annotated[str, BeforeValidator(parsers.note)]
UuidText = Annotated[str, BeforeValidator(parsers.uuid)]
CodeText = Annotated[str, BeforeValidator(parsers.code_text)]
District = Annotated[str, BeforeValidator(parsers.district)]
Won = Annotated[int, BeforeValidator(parsers.won)]
WonStock = Annotated[int, BeforeValidator(lambda v: parsers.won(v, stock=True))]
Minutes = Annotated[int, BeforeValidator(parsers.minutes)]
Count = Annotated[int, BeforeValidator(parsers.count)]
IsoDate = Annotated[date, BeforeValidator(parsers.form_date)]
IsoInstant = Annotated[datetime, BeforeValidator(parsers.instant)]


class Part(BaseModel):
    """Base of a nested part of a body (a row, a line item): frozen, strict, closed."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")
