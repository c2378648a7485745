"""Strict parsers: the only way in for text from outside, alike for forms, API, CSV and commands.

Law: ASCII digits only; nothing is guessed or silently mended; a resident registration number
is refused before anything else looks at the text. Source: house table of strict parsers.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from uuid import UUID

from dure.core.errors import Code, CoreCode
from dure.core.text import T
from dure.engines.rrn import has_rrn

WON_MAX = 10**12
MINUTES_MAX = 10**6
COUNT_MAX = 10**9
DATE_MIN, DATE_MAX = date(1900, 1, 1), date(2200, 12, 31)

_WON = re.compile(r"[0-9]{1,13}|[0-9]{1,3}(?:,[0-9]{3}){1,4}")
_PLAIN = re.compile(r"[0-9]{1,10}")
_HOURS = re.compile(r"(?:([0-9]{1,5})시간)? ?(?:([0-9]{1,2})분)?")
_CLOCK = re.compile(r"([0-9]{1,5}):([0-9]{2})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DATES = (
    _ISO,
    re.compile(r"([0-9]{4})\.\s?([0-9]{1,2})\.\s?([0-9]{1,2})\.?"),
    re.compile(r"([0-9]{4})년 ?([0-9]{1,2})월 ?([0-9]{1,2})일"),
    re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})"),
)
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?"
    r"(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_FILLERS = "\u3164\u115f\u1160\uffa0\u200b\u200c\u200d\u2060\ufeff"
_BIDI = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


class ParseError(ValueError):
    """What a parser refuses; carries the code and what would be accepted. Never the value."""

    def __init__(self, code: Code, accepted: T) -> None:
        super().__init__(code.spec.name)
        self.code = code
        self.accepted = accepted


def _bad(ko: str, en: str, code: Code = CoreCode.BAD_FIELD) -> ParseError:
    return ParseError(code, T(ko, en))


def refuse_rrn(text: str) -> None:
    """Raise when `text` holds the shape of a resident registration number, in any width.

    Source: 개인정보 보호법 제24조의2; no checksum is asked, newer numbers have none.

    >>> refuse_rrn("2026-11-21")
    """
    if has_rrn(text):
        raise _bad("주민등록번호가 아닌 글", "text without such a number", CoreCode.RRN)


def won(value: object, *, stock: bool = False) -> int:
    """Read an amount in won: 1 to 10^12, or 0 to 10^12 for a stock.

    >>> won("1,234")
    1234
    """
    least = 0 if stock else 1
    number = _integer(value, _WON, f"{least}–1,000,000,000,000")
    return _within(number, least, WON_MAX)


def minutes(value: object) -> int:
    """Read minutes: an integer 1 to 10^6, or ``2시간 30분`` or ``2:30``.

    >>> minutes("2시간 30분"), minutes("2:30")
    (150, 150)
    """
    if isinstance(value, str) and value:
        clock = _CLOCK.fullmatch(value)
        if clock and int(clock[2]) < 60:
            return _within(int(clock[1]) * 60 + int(clock[2]), 1, MINUTES_MAX)
        hours = _HOURS.fullmatch(value)
        if hours and (hours[1] or hours[2]):
            minute = int(hours[2] or 0)
            if minute < 60 or not hours[1]:
                return _within(int(hours[1] or 0) * 60 + minute, 1, MINUTES_MAX)
    number = _integer(value, _PLAIN, "1–1,000,000")
    return _within(number, 1, MINUTES_MAX)


def count(value: object) -> int:
    """Read a count, 0 to 10^9."""
    return _within(_integer(value, _PLAIN, "0–1,000,000,000"), 0, COUNT_MAX)


def _integer(value: object, shape: re.Pattern[str], accepted: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise _bad(accepted, accepted, CoreCode.NOT_AN_INTEGER)
    if isinstance(value, int):
        return value
    if not shape.fullmatch(value):
        raise _bad(accepted, accepted, CoreCode.NOT_AN_INTEGER)
    return int(value.replace(",", ""))


def _within(number: int, least: int, most: int) -> int:
    if not least <= number <= most:
        raise _bad(f"{least:,}–{most:,}", f"{least:,}–{most:,}", CoreCode.OUT_OF_RANGE)
    return number


def iso_date(value: object) -> date:
    """Read a date from JSON: ISO text only, 1900 to 2200."""
    return _date(value, _DATES[:1], T("2026-11-21 꼴의 날짜", "a date like 2026-11-21"))


def form_date(value: object) -> date:
    """Read a date from a form or sheet: ISO, ``2018.3.2``, ``2018년 3월 2일``, ``20180302``."""
    accepted = T("2026-11-21 또는 2026.11.21 꼴의 날짜", "a date like 2026-11-21 or 2026.11.21")
    return _date(value, _DATES, accepted)


def _date(value: object, shapes: tuple[re.Pattern[str], ...], accepted: T) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        found = value
    else:
        match = None
        if isinstance(value, str):
            match = next((m for s in shapes if (m := s.fullmatch(value))), None)
        if match is None:
            raise ParseError(CoreCode.BAD_FIELD, accepted)
        try:
            found = date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            raise ParseError(CoreCode.BAD_FIELD, accepted) from None
    if not DATE_MIN <= found <= DATE_MAX:
        raise _bad("1900-01-01–2200-12-31", "1900-01-01–2200-12-31", CoreCode.OUT_OF_RANGE)
    return found


def instant(value: object) -> datetime:
    """Read an instant: RFC 3339 with an offset; given back in UTC."""
    accepted = T("2026-11-21T09:00:00+09:00 꼴의 시각", "an instant like 2026-11-21T09:00:00+09:00")
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ParseError(CoreCode.BAD_FIELD, accepted)
        return value.astimezone(UTC)
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise ParseError(CoreCode.BAD_FIELD, accepted)
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ParseError(CoreCode.BAD_FIELD, accepted) from None


def _text(value: object, most: int, *, breaks: bool) -> str:
    if not isinstance(value, str):
        raise _bad(f"1–{most:,}자의 글", f"text of 1–{most:,} characters")
    refuse_rrn(value)
    text = unicodedata.normalize("NFC", value)
    if breaks:
        text = text.replace("\r\n", "\n")
    for c in text:
        if c in _BIDI or (unicodedata.category(c) in ("Cc", "Cs") and not (breaks and c in "\n\t")):
            raise _bad("보이는 글자", "visible characters")
    text = text.strip()
    if not text.strip(_FILLERS + " \t\n") or len(text) > most:
        raise _bad(f"1–{most:,}자의 글", f"text of 1–{most:,} characters")
    return text


def name(value: object) -> str:
    """Read a name: NFC, 1 to 100 characters on one line, not fillers only."""
    return _text(value, 100, breaks=False)


def line(value: object) -> str:
    """Read one line of text: NFC, 1 to 200 characters."""
    return _text(value, 200, breaks=False)


def note(value: object) -> str:
    """Read a note: NFC, 1 to 5,000 characters; line breaks stay."""
    return _text(value, 5000, breaks=True)


def text(value: object) -> str:
    """Read a text of a few paragraphs: NFC, 1 to 2,000 characters; line breaks stay."""
    return _text(value, 2000, breaks=True)


def uuid(value: object) -> str:
    """Read an id: the canonical 36 characters of a UUID, given back in lower case."""
    accepted = T("올바른 번호", "a valid id")
    if isinstance(value, UUID):
        return str(value)
    if not isinstance(value, str) or len(value) != 36:
        raise ParseError(CoreCode.BAD_FIELD, accepted)
    try:
        parsed = str(UUID(value))
    except ValueError:
        raise ParseError(CoreCode.BAD_FIELD, accepted) from None
    if parsed != value.lower():
        raise ParseError(CoreCode.BAD_FIELD, accepted)
    return parsed


_CODE = re.compile(r"[a-z0-9][a-z0-9_.:-]{0,99}")


def code_text(value: object) -> str:
    """Read a code: lower-case ASCII letters, digits and ``_ . : -``, 1 to 100 characters."""
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        raise _bad("정해진 코드", "a code from the list")
    refuse_rrn(value)
    return value


_DIGEST = re.compile(r"(?=[0-9]*[a-f])[0-9a-f]{64}")


def digest(value: object) -> str:
    """Read a SHA-256: 64 lower-case hexadecimal digits with a letter among them.

    A hash may hold thirteen digits in a row by chance, so this shape alone is not searched for
    resident registration numbers.
    """
    if not isinstance(value, str) or not _DIGEST.fullmatch(value):
        raise _bad("SHA-256 64자리", "a SHA-256 of 64 digits")
    return value


_DISTRICT = re.compile(r"[0-9]{5}")


def district(value: object) -> str:
    """Read a district code of the 법정동 system, five digits (``00000`` = the whole city)."""
    if not isinstance(value, str) or not _DISTRICT.fullmatch(value):
        raise _bad("자치구 코드 5자리", "a five-digit district code")
    return value
