"""Amounts of the ledger in words: with their unit, signed, spelled out; and read as typed."""

from __future__ import annotations

import re

from dure.core import amounts
from dure.core.errors import CoreCode, Refusal
from dure.core.parsers import ParseError
from dure.core.text import T
from dure.engines import number_words
from dure.interfaces.web import formats

MINUS = "\u2212"
UNIT_NAMES = {
    "KRW": T("원화", "won"),
    "TIME": T("시간", "hours"),
    "LOCAL": T("지역화폐", "community currency"),
    "VCH": T("상품권", "vouchers"),
    "WH": T("전력량", "energy"),
    "CO2": T("줄인 탄소", "carbon avoided"),
}
PLACES = {
    "KRW": T("%(n)s원", "%(n)s won"),
    "LOCAL": T("지역화폐 %(n)s원", "%(n)s community won"),
    "VCH": T("상품권 %(n)s원", "%(n)s won in vouchers"),
    "WH": T("%(n)s Wh", "%(n)s Wh"),
    "CO2": T("%(n)s gCO2e", "%(n)s gCO2e"),
}
EXAMPLES = {
    "TIME": T("예: 2시간 30분, 2:30, 150", "such as 2 h 30 min, 2:30 or 150"),
    "KRW": T("예: 3,000", "such as 3,000"),
}
_LIMIT = re.compile(r"[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4}")
_LIMIT_HOURS = re.compile(
    r"([0-9]{1,13}|[0-9]{1,3}(?:,[0-9]{3}){1,4}) ?(?:시간|h(?:ours?)?)"
    r"(?: ?([0-5]?[0-9]) ?(?:분|min(?:utes?)?))?"
)


def amount(number: int, unit: str) -> str:
    """Write an amount with its unit: `3,000원`, `2시간 30분`, `상품권 3,000원`."""
    if unit == "TIME":
        return formats.hours(abs(number)) if number >= 0 else MINUS + formats.hours(-number)
    sign = MINUS if number < 0 else ""
    return sign + PLACES[unit] % {"n": f"{abs(number):,}"}


def signed(number: int, unit: str) -> str:
    """Write an amount with its direction: `+2시간`, `−3,000원`."""
    return ("+" if number > 0 else "") + amount(number, unit)


def in_words(number: int, unit: str) -> str:
    """Say an amount in words, so that one zero too many is seen: `만 이천 원`."""
    if unit == "TIME":
        full, rest = divmod(number, 60)
        return _hours_ko(full, rest) if formats.in_korean() else _hours_en(full, rest)
    if formats.in_korean():
        return f"{number_words.korean(number)} {_unit_word(unit)}"
    return f"{number_words.english(number)} {_unit_word(unit)}"


def _unit_word(unit: str) -> str:
    if unit in ("KRW", "LOCAL", "VCH"):
        return str(T("원", "won"))
    return "Wh" if unit == "WH" else "gCO2e"


def _hours_ko(full: int, rest: int) -> str:
    native = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열")
    parts = []
    if full:
        parts.append((native[full] if full <= 10 else number_words.korean(full)) + " 시간")
    if rest or not full:
        parts.append(number_words.korean(rest) + " 분")
    return " ".join(parts)


def _hours_en(full: int, rest: int) -> str:
    parts = []
    if full:
        parts.append(f"{number_words.english(full)} hour{'s' if full != 1 else ''}")
    if rest or not full:
        parts.append(f"{number_words.english(rest)} minute{'s' if rest != 1 else ''}")
    return " ".join(parts)


def example(unit: str) -> str:
    """Say how an amount of this unit may be typed."""
    return str(EXAMPLES["TIME" if unit == "TIME" else "KRW"])


def typed_limit(text: str, unit: str, *, field: str) -> int | None:
    """Read a floor or ceiling as it was typed, in the words of `limit_text`; None when blank.

    A floor may stand below zero, with ``-`` before it; and limits may pass what one payment may.
    Raises Refusal that names the field.
    """
    plain = text.strip().replace(MINUS, "-")
    if not plain:
        return None
    sign, body = (-1, plain[1:].strip()) if plain.startswith("-") else (1, plain)
    if body in ("0", "0원", "0분", "0시간"):
        return 0
    said = _LIMIT_HOURS.fullmatch(body) if unit == "TIME" else None
    if said is not None:
        return sign * (_plain(said[1]) * 60 + int(said[2] or 0))
    for suffix in amounts.SHAPES[unit].suffixes:
        body = body.removesuffix(suffix).rstrip()
    if _LIMIT.fullmatch(body):
        return sign * _plain(body)
    return sign * typed_amount(body, unit, field=field)


def _plain(digits: str) -> int:
    return int(digits.replace(",", ""))


def limit_text(number: int | None, unit: str) -> str:
    """Write a limit as it may be typed again: `-1,000,000`, `-100,000시간`, ""."""
    if number is None:
        return ""
    if unit == "TIME":
        return formats.hours(number)
    return f"{number:,}"


def typed_amount(text: str, unit: str, *, field: str = "amount") -> int:
    """Read an amount as it was typed into a form. Raises Refusal that names the field."""
    if not text.strip():
        raise Refusal(CoreCode.BAD_FIELD, field=field, range=amounts.SHAPES[unit].accepted)
    try:
        return amounts.typed(text, unit)
    except ParseError as wrong:
        raise Refusal(wrong.code, field=field, range=wrong.accepted) from None
