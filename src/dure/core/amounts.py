"""Amounts as people type them (금액 적기): one strict reading for each unit of the ledger.

Nouns: minor unit (가장 작은 단위: won, minute, Wh, gCO2e); typed amount (적은 금액), with or
without the unit behind it.
Law: ASCII digits only; an amount of another unit is refused, never converted or rounded; a won has
no parts. What is read is an integer of minor units, 1 to 10^12.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dure.core import parsers
from dure.core.errors import CoreCode
from dure.core.parsers import ParseError
from dure.core.text import T

AMOUNT_MAX = parsers.WON_MAX
_PLAIN = re.compile(r"[0-9]{1,13}|[0-9]{1,3}(?:,[0-9]{3}){1,4}")
_DIGITS = re.compile(r"[0-9]*")
_ENGLISH_TIME = re.compile(r"(?:([0-9]{1,5}) ?h(?:ours?)?)? ?(?:([0-9]{1,2}) ?min(?:utes?)?)?")


@dataclass(frozen=True, slots=True)
class Shape:
    """How an amount of one unit may be typed.

    suffixes : what may stand behind the number
    accepted : what would be accepted, in words
    """

    suffixes: tuple[str, ...]
    accepted: T


_WON = Shape(
    ("원", "won", "KRW"),
    T(
        "원 단위의 정수 1–1,000,000,000,000 (예: 3,000)",
        "whole won, 1–1,000,000,000,000 (such as 3,000)",
    ),
)
SHAPES: Mapping[str, Shape] = MappingProxyType(
    {
        "KRW": _WON,
        "LOCAL": _WON,
        "VCH": _WON,
        "TIME": Shape(
            ("분", "min"),
            T(
                "시간 1분–1,000,000분 (예: 2시간 30분, 2:30, 150)",
                "time, 1–1,000,000 minutes (such as 2 h 30 min, 2:30 or 150)",
            ),
        ),
        "WH": Shape(
            ("Wh",),
            T("Wh 단위의 정수 1–1,000,000,000,000", "whole Wh, 1–1,000,000,000,000"),
        ),
        "CO2": Shape(
            ("g", "gCO2e"),
            T("g 단위의 정수 1–1,000,000,000,000", "whole grams, 1–1,000,000,000,000"),
        ),
    }
)


def minor(value: object) -> int:
    """Read an amount of any unit in minor units, as bodies of actions carry it: 1 to 10^12.

    value  : an int, or ASCII digits with or without thousands separators
    Raises ParseError for anything else.

    >>> minor("1,234"), minor(150)
    (1234, 150)
    """
    if isinstance(value, str) and not _DIGITS.fullmatch(value):
        parsers.refuse_rrn(value)
    return parsers.won(value)


def typed(value: object, unit: str) -> int:
    """Read an amount that a person typed for an account of `unit`; gives minor units.

    value  : text such as ``3,000``, ``3,000원``; for TIME also ``2시간 30분``, ``2:30``, ``2 h``
    unit   : a code of `SHAPES`
    Raises ParseError with what would be accepted; an amount of another unit is refused.

    >>> typed("3,000원", "KRW"), typed("2시간 30분", "TIME"), typed("2 h 30 min", "TIME")
    (3000, 150, 150)
    """
    shape = SHAPES[unit]
    if isinstance(value, str):
        text = value.strip(" ")
        if not _DIGITS.fullmatch(text):  # thirteen digits in a row may be an amount
            parsers.refuse_rrn(text)
        try:
            return _minutes(text) if unit == "TIME" else _whole(text, shape)
        except ParseError as wrong:
            raise ParseError(wrong.code, shape.accepted) from None
    raise ParseError(CoreCode.NOT_AN_INTEGER, shape.accepted)


def _whole(text: str, shape: Shape) -> int:
    for suffix in shape.suffixes:
        if text.endswith(suffix):
            text = text.removesuffix(suffix).rstrip(" ")
            break
    if not _PLAIN.fullmatch(text):
        raise ParseError(CoreCode.NOT_AN_INTEGER, shape.accepted)
    return parsers.won(text)


def _minutes(text: str) -> int:
    said = _ENGLISH_TIME.fullmatch(text)
    if said and (said[1] or said[2]):
        full, rest = int(said[1] or 0), int(said[2] or 0)
        if rest < 60 or not said[1]:
            return parsers.minutes(full * 60 + rest)
    return parsers.minutes(text)
