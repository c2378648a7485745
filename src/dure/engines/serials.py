"""Numbers as workbooks store them (통합 문서의 수): serial days, decimals, formats, references.

Nouns
    serial : a date as the count of days since the workbook's own first day
Law
    A whole number below 10^22 comes back with the digits it was stored with.
Source
    ECMA-376 part 1, 18.8.30 (number formats) and 18.17.4 (dates).
"""

from __future__ import annotations

import math
import re
from datetime import date, timedelta
from typing import Final

SERIAL_MAX: Final = 200_000
_NO_DATE_PARTS: Final = re.compile(
    r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE
)


def serial_date(text: str, *, is_1904: bool) -> date | None:
    """Read a serial number as a day.

    text    : decimal text, a time of day after the point is dropped
    is_1904 : the workbook counts from 1904-01-01 (day 0); else 1900-01-01 is day 1 and the day
              1900-02-29, which never was, is day 60
    Returns the day, or None: no number, day 60 of the 1900 system, or outside 1900 … 2200

    >>> serial_date("39813", is_1904=True), serial_date("39813", is_1904=False)
    (datetime.date(2013, 1, 1), datetime.date(2008, 12, 31))
    """
    whole = text.partition(".")[0]
    if not (whole.isascii() and whole.isdigit()) or len(whole) > 6:
        return None
    days = int(whole)
    if days > SERIAL_MAX:
        return None
    if is_1904:
        day = date(1904, 1, 1) + timedelta(days)
    elif days in (0, 60):
        return None
    else:
        day = date(1899, 12, 31 if days < 60 else 30) + timedelta(days)
    return day if day <= date(2200, 12, 31) else None


def plain_number(raw: str) -> str:
    """Write a stored number as decimal text without exponent; whole ones without a point.

    raw     : text of a numeric cell
    Returns the digits as stored where they stand plainly, else those of the nearest double; text
            that is no number comes back as it is

    >>> plain_number("39813"), plain_number("1.2E+11"), plain_number("12.50"), plain_number("5.0")
    ('39813', '120000000000', '12.5', '5')
    """
    if raw.isascii() and raw.isdigit():
        return raw
    try:
        value = float(raw)
    except ValueError:
        return raw
    if not math.isfinite(value):
        return raw
    if value == int(value) and abs(value) < 10**22:
        return str(int(value))
    return repr(value)


def is_date_format(code: str) -> bool:
    """Say whether a number format shows days or times.

    >>> is_date_format("yyyy-mm-dd"), is_date_format('#,##0"원"'), is_date_format('yyyy"년" m"월"')
    (True, False, True)
    """
    bare = _NO_DATE_PARTS.sub("", code.split(";", maxsplit=1)[0])
    return any(letter in "ymdhsYMDHS" for letter in bare) and "General" not in bare


def column_index(reference: str) -> int:
    """The 0-based column of a cell reference; -1 when it has none.

    >>> column_index("A1"), column_index("O64"), column_index("AA3"), column_index("7")
    (0, 14, 26, -1)
    """
    index = 0
    for letter in reference:
        if not "A" <= letter <= "Z":
            break
        index = index * 26 + ord(letter) - 64
        if index > 10**6:
            break
    return index - 1
