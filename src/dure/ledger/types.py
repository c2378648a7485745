"""Types of the ledger's action bodies, bound to strict parsers."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, WithJsonSchema

from dure.core import parsers
from dure.core.errors import CoreCode
from dure.core.text import T

from .errors import LedgerCode
from .models import AMOUNT_MAX
from .posting import AMOUNTS, PURPOSE_MAX

_ID = re.compile(r"[1-9][0-9]{0,17}")
_HANDLE = re.compile(r"[a-z0-9가-힣][a-z0-9가-힣._-]{1,29}")


def row_id(value: object) -> str:
    """Read the id of an account, a transfer or another row: digits alone."""
    if isinstance(value, str) and _ID.fullmatch(value):
        return value
    raise parsers.ParseError(CoreCode.BAD_FIELD, T("번호", "a number of a row"))


def amount(value: object) -> int:
    """Read an amount in minor units: 1 to 10^12, as `parsers.won` reads it."""
    try:
        return parsers.won(value)
    except parsers.ParseError as error:
        code = error.code if error.code is CoreCode.RRN else LedgerCode.AMOUNT
        raise parsers.ParseError(code, AMOUNTS) from None


def purpose(value: object) -> str:
    """Read the payer's line: one line of at most 120 characters."""
    text = parsers.line(value)
    if len(text) > PURPOSE_MAX:
        accepted = T(f"{PURPOSE_MAX}자 이하", f"at most {PURPOSE_MAX} characters")
        raise parsers.ParseError(CoreCode.BAD_FIELD, accepted)
    return text


def handle(value: object) -> str:
    """Read what others type to pay: 2 to 30 of small letters, Hangul, digits and ._-"""
    text = parsers.line(value).lower()
    if not _HANDLE.fullmatch(text):
        accepted = T("한글·영소문자·숫자 2–30자", "2–30 small letters, Hangul or digits")
        raise parsers.ParseError(CoreCode.BAD_FIELD, accepted)
    return text


def limit(value: object) -> int:
    """Read a floor or ceiling: a whole number, −10^15 to 10^15, also negative."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= 10**15:
        return value
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,15}", value):
        return int(value)
    raise parsers.ParseError(CoreCode.BAD_FIELD, T("정수", "a whole number"))


RowId = Annotated[
    str,
    BeforeValidator(row_id),
    WithJsonSchema({"type": "string", "pattern": "^[1-9][0-9]{0,17}$"}),
]
Amount = Annotated[
    int,
    BeforeValidator(amount),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": AMOUNT_MAX}),
]
Purpose = Annotated[
    str,
    BeforeValidator(purpose),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": PURPOSE_MAX}),
]
Handle = Annotated[
    str,
    BeforeValidator(handle),
    WithJsonSchema({"type": "string", "minLength": 2, "maxLength": 30}),
]
Limit = Annotated[
    int,
    BeforeValidator(limit),
    WithJsonSchema({"type": "integer", "minimum": -(10**15), "maximum": 10**15}),
]
UnitCode = Literal["KRW", "TIME", "LOCAL", "VCH", "WH", "CO2"]
AccountType = Literal[
    "liability", "equity", "income", "asset", "expense", "issuer", "meter", "sink"
]
