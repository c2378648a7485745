"""Typed input of steps and terms of cases: parsed once, into the declared dataclass."""

from __future__ import annotations

from dataclasses import MISSING, asdict, fields
from enum import Enum
from functools import cache
from typing import Annotated, Any, TypeVar, get_type_hints

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    create_model,
)

from dure.core import parsers
from dure.core.errors import CoreCode, Refusal
from dure.core.types import CodeText, Part
from dure.exchange.errors import ExchangeCode

D = TypeVar("D")

NoteText = Annotated[str, BeforeValidator(parsers.note)]


class Answer(Part):
    """One named answer, as text; the transition's declaration says what it means."""

    name: CodeText
    value: NoteText


Answers = Annotated[tuple[Answer, ...], Field(strict=False, max_length=20)]


def parse(kind: type[D], answers: tuple[Answer, ...]) -> D:
    """Read answers into `kind`; an unknown, doubled or wrong one is refused by its name."""
    values = {answer.name: answer.value for answer in answers}
    if len(values) != len(answers):
        raise Refusal(ExchangeCode.BAD_ANSWER, field=answers[-1].name)
    try:
        return _read(kind, values)
    except ValidationError as error:
        fault = error.errors(include_input=False)[0]
        field = str(fault["loc"][0]) if fault["loc"] else ""
        cause = fault.get("ctx", {}).get("error")
        if isinstance(cause, parsers.ParseError) and cause.code is CoreCode.RRN:
            raise Refusal(CoreCode.RRN, field=field) from None
        raise Refusal(ExchangeCode.BAD_ANSWER, field=field) from None


@cache
def _schema(kind: type[Any]) -> type[BaseModel]:  # Any: one schema a declared dataclass
    hints = get_type_hints(kind, include_extras=True)
    defaults = {f.name: ... if f.default is MISSING else f.default for f in fields(kind)}
    shape: dict[str, Any] = {name: (hints[name], defaults[name]) for name in defaults}
    config = ConfigDict(extra="forbid", strict=True)
    return create_model(kind.__name__, __config__=config, **shape)


def _read(kind: type[D], values: dict[str, Any]) -> D:
    checked = _schema(kind).model_validate(values)  # type: ignore[arg-type]  # a class has a hash
    return kind(**{f.name: getattr(checked, f.name) for f in fields(kind)})  # type: ignore[arg-type]  # a dataclass


def restore(kind: type[D], stored: dict[str, object]) -> D:
    """Build a stored value again; what we stored is right, so a fault here crashes."""
    return _read(kind, stored)


def to_json(value: object) -> dict[str, object]:
    """The stored form of terms or a result: what is empty is left out."""
    stored: dict[str, object] = {}
    for field in fields(value):  # type: ignore[arg-type]  # a declared dataclass
        one = getattr(value, field.name)
        if one not in (None, ""):
            stored[field.name] = _plain(one)
    return stored


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [asdict(part) for part in value]
    return value.value if isinstance(value, Enum) else value
