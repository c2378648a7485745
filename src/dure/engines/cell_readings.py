"""Reading one cell (칸 읽기): from what is written to a value, with every mending said.

Nouns
    reading : the value, or None for unknown, and the codes of what was found on the way
Law
    A reading is a function of the cell and its column's kind alone. An amount is never mended. A
    value that is not certain comes back as unknown, or with a code that asks a person.
Source
    Core design, *Strict parsers*; registry design, *Import*. Codes: `dure.engines.issues`.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from fractions import Fraction
from typing import Final

from dure.engines.business_number import business_digits, corporate_digits, is_business_number
from dure.engines.cells import NO_VALUE, Cell, Number
from dure.engines.hangul import FILLERS
from dure.engines.serials import serial_date

AMOUNT_MAX: Final = 10**12
COUNT_MAX: Final = 10**9
DATE_MIN: Final = date(1900, 1, 1)
DATE_MAX: Final = date(2200, 12, 31)

Codes = tuple[str, ...]

_INVISIBLE: Final = re.compile("[\u00ad\u180e\u200b-\u200f\u2060-\u2064\ufeff]")
_CONTROL: Final = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_DATES: Final = (
    re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[ T]00:00(?::00)?)?"),
    re.compile(r"([0-9]{4})\. ?([0-9]{1,2})\. ?([0-9]{1,2})\.?"),
    re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})"),
    re.compile(r"([0-9]{4})년 ?([0-9]{1,2})월 ?([0-9]{1,2})일"),
    re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})"),
)
_SHORT_YEAR: Final = re.compile(
    r"[0-9]{2}[-./년] ?[0-9]{1,2}[-./월] ?[0-9]{1,2}[.일]?|[0-9]{1,2}[-./][0-9]{1,2}[-./][0-9]{2}"
)
_WHOLE: Final = re.compile(r"[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+")
_DECIMAL: Final = re.compile(r"[0-9]*\.[0-9]+")
_EXPONENT: Final = re.compile(r"([0-9]{1,20}(?:\.[0-9]{1,20})?)[eE]([+-]?[0-9]{1,2})")
_UNIT: Final = re.compile(
    r"([0-9]{1,20}|[0-9]{1,3}(?:,[0-9]{3})*)(\.[0-9]{1,6})? ?(천|만|백만|천만|억|십억|조)? ?원?"
)
_UNITS: Final = {
    "천": 10**3,
    "만": 10**4,
    "백만": 10**6,
    "천만": 10**7,
    "억": 10**8,
    "십억": 10**9,
    "조": 10**12,
}
_MAIL: Final = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\".]+(?:\.[^@\s,;<>\".]+)+")
_PHONE: Final = re.compile(
    r"\+?[0-9]{1,4}(?:[-. )]{1,2}[0-9]{2,4}){1,4}|[0-9]{7,12}"
    r"|\([0-9]{2,4}[-. )]{1,2}[0-9]{3,4}[-. ][0-9]{4}"
)
_WEB: Final = re.compile(r"(?:https?://)?[^\s/<>\"@]+\.[^\s/<>\"@]{2,}(?:/[^\s<>\"]*)?")
MOBILE: Final = re.compile(r"(?<!\d)01[016789][-. ]?\d{3,4}[-. ]?\d{4}(?!\d)")


def plain_text(cell: Cell, *, is_1904: bool = False) -> str:
    """The text a cell shows: a dated number as an ISO day, no value as nothing.

    >>> plain_text(Number("39813", dated=True), is_1904=True), plain_text(NO_VALUE)
    ('2013-01-01', '')
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Number):
        day = serial_date(cell.text, is_1904=is_1904) if cell.dated else None
        return cell.text if day is None else day.isoformat()
    return ""


def read_text(text: str, *, lines: bool = False, length: int = 200) -> tuple[str, Codes]:
    """Clean a text: compose Hangul, drop invisible characters and extra spaces.

    text    : as written
    lines   : keep line breaks
    length  : most characters that are left
    Returns the cleaned text and the codes of what was done or is wrong with it

    >>> read_text("  두레  샘랩 ")
    ('두레 샘랩', ('spaces',))
    """
    if text == "":
        return text, ()
    codes: list[str] = []
    if not text.isprintable() or not unicodedata.is_normalized("NFC", text):
        if _CONTROL.search(text):
            return "", ("control_char",)
        seen = _INVISIBLE.sub("", text)
        if seen != text:
            codes.append("zero_width")
        composed = unicodedata.normalize("NFC", seen)
        if composed != seen:
            codes.append("nfd_name")
        text = composed
    if lines and ("\n" in text or "\r" in text):
        rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        even = "\n".join(" ".join(row.split()) for row in rows).strip("\n")
        is_even = even == text.replace("\r\n", "\n").replace("\r", "\n")
    else:
        even = " ".join(text.split())
        is_even = even == text
    if not is_even:
        codes.append("spaces")
    if even[:1] == "'" and even[1:2] in ("=", "+", "-", "@"):
        even = even[1:]  # an export's own apostrophe
    if even[:1] in ("=", "+", "@") or (even[:1] == "-" and len(even) > 1):
        codes.append("formula_text")
    elif even == "-":
        return "", (*codes, "dash_empty")
    if len(even) > length:
        return "", ("too_long",)
    return even, tuple(codes)


def read_choice(text: str, choices: dict[str, str], spacing: str) -> tuple[str | None, Codes]:
    """Find a label in a closed list, spaces and width forgiven and said.

    choices : label → code
    spacing : code of the mending
    Returns the code of the label, or None; and (spacing,) when the label was written otherwise

    >>> read_choice("운영 중", {"운영중": "operating"}, "status_spacing")
    ('operating', ('status_spacing',))
    """
    found = choices.get(text)
    if found is not None:
        return found, ()
    even = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    found = choices.get("".join(even.split()))
    return found, () if found is None else (spacing,)


def read_district(text: str, districts: dict[str, str]) -> tuple[str | None, Codes]:
    """Find a district by name; `districts` is name → code.

    >>> read_district("강남", {"강남구": "11680"}), read_district("중 구", {"중구": "11140"})
    (('11680', ('gu_short',)), ('11140', ('gu_spacing',)))
    """
    found, codes = read_choice(text, districts, "gu_spacing")
    if found is None:
        even = "".join(unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).split())
        for city in ("서울특별시", "서울시", "서울"):
            if even.startswith(city) and even.removeprefix(city) in districts:
                return districts[even.removeprefix(city)], ("gu_spacing",)
        found = districts.get(even + "구")
        codes = () if found is None else ("gu_short",)
    return found, codes


def read_number(text: str, scheme: str) -> tuple[str | None, Codes]:
    """Read a business ("biz") or corporate ("corp") number into its digits.

    >>> read_number("９９９-００-１５９２１", "biz")
    ('9990015921', ('fullwidth_digits',))
    """
    codes: list[str] = []
    even = text
    if not even.isascii():
        seen = _INVISIBLE.sub("", even)
        if seen != even:
            codes.append("zero_width")
        even = unicodedata.normalize("NFKC", seen)
        if even != seen:
            codes.append("fullwidth_digits")
        even = even.replace("\u2010", "-").replace("\u2013", "-")
    bare = "".join(even.split())
    if bare != even:
        codes.append("spaces")
    if bare in ("", "-"):
        return None, ("dash_empty",) if bare else tuple(codes)
    if scheme == "corp":
        digits = corporate_digits(bare)
        return (digits, tuple(codes)) if digits else (None, ("corp_shape",))
    digits = business_digits(bare)
    if digits is None:
        return None, ("biz_shape",)
    if not is_business_number(digits):
        return None, ("biz_checksum",)
    return digits, tuple(codes)


def read_date(cell: Cell, *, is_1904: bool = False) -> tuple[date | None, Codes]:
    """Read a day from a typed or a written cell.

    >>> read_date(Number("39813"), is_1904=True)[0], read_date("2018년 3월 2일")[0]
    (datetime.date(2013, 1, 1), datetime.date(2018, 3, 2))
    >>> read_date("18/3/2"), read_date("2021-02-30")
    ((None, ('date_ambiguous',)), (None, ('impossible_date',)))
    """
    if cell is NO_VALUE:
        return None, ("formula_cell",)
    if isinstance(cell, Number):
        if cell.dated or len(cell.text) != 8:
            day = serial_date(cell.text, is_1904=is_1904)
            return (day, ()) if day else (None, ("impossible_date",))
        written = cell.text
    else:
        written = plain_text(cell)
    codes: Codes = ()
    text = written
    if text != text.strip() or not text.isascii():
        text = " ".join(_INVISIBLE.sub("", text).split())
        if text != written:
            codes = ("spaces",)
    if text == "":
        return None, codes
    if text == "-":
        return None, ("dash_empty",)
    for shape in _DATES:
        if match := shape.fullmatch(text):
            try:
                day = date(int(match[1]), int(match[2]), int(match[3]))
            except ValueError:
                return None, ("impossible_date",)
            if not DATE_MIN <= day <= DATE_MAX:
                return None, ("impossible_date",)
            return day, codes
    return None, ("date_ambiguous",) if _SHORT_YEAR.fullmatch(text) else ("bad_date",)


def read_count(cell: Cell) -> tuple[int | None, Codes]:
    """Read a count of people, 0 … 10^9; full-width digits are mended and said.

    >>> read_count("１２８"), read_count("12.5"), read_count("-5")
    ((128, ('fullwidth_digits',)), (None, ('fraction_count',)), (None, ('negative_count',)))
    """
    if cell is NO_VALUE:
        return None, ("formula_cell",)
    text = plain_text(cell)
    if isinstance(cell, Number) and cell.dated:
        return None, ("bad_count",)
    codes: list[str] = []
    if text != text.strip():
        text = text.strip()
        codes.append("spaces")
    if not text.isascii():
        even = unicodedata.normalize("NFKC", text)
        if even.isascii():
            codes.append("fullwidth_digits")
        text = even
    if text == "":
        return None, tuple(codes)
    if text == "-":
        return None, ("dash_empty",)
    if _WHOLE.fullmatch(text):
        digits = text.replace(",", "")
        if len(digits) > 10 or int(digits) > COUNT_MAX:
            return None, ("bad_count",)
        return int(digits), tuple(codes)
    unsigned = text.removeprefix("-")
    if unsigned != text and (_WHOLE.fullmatch(unsigned) or _DECIMAL.fullmatch(unsigned)):
        return None, ("negative_count",)
    return None, ("fraction_count",) if _DECIMAL.fullmatch(text) else ("bad_count",)


def read_amount(cell: Cell) -> tuple[int | None, Codes]:
    """Read an amount in won, 0 … 10^12; nothing is mended, a unit or exponent asks a person.

    Returns the amount, or None when unknown or refused; with `sci_amount` and `unit_in_amount` the
            exact value of what is written

    >>> read_amount("12,000,000"), read_amount("1,200만원"), read_amount("1.2E+11")
    ((12000000, ()), (12000000, ('unit_in_amount',)), (120000000000, ('sci_amount',)))
    >>> read_amount(""), read_amount("100000000000000000000"), read_amount("12,34")
    ((None, ('amount_missing',)), (None, ('amount_too_big',)), (None, ('bad_amount',)))
    """
    if cell is NO_VALUE:
        return None, ("formula_cell",)
    text = plain_text(cell)
    if isinstance(cell, Number) and cell.dated:
        return None, ("bad_amount",)
    if text in ("", "-"):
        return None, ("amount_missing",)
    if _WHOLE.fullmatch(text):
        return _bounded(text.replace(",", ""), ())
    unsigned = text.removeprefix("-")
    if unsigned != text and (_WHOLE.fullmatch(unsigned) or _DECIMAL.fullmatch(unsigned)):
        return None, ("negative_amount",)
    if match := _EXPONENT.fullmatch(text):
        value = Fraction(match[1]) * Fraction(10) ** int(match[2])
        if value.denominator != 1:
            return None, ("bad_amount",)
        return _bounded(str(value.numerator), ("sci_amount",))
    if (match := _UNIT.fullmatch(text)) and not text[-1].isdigit():
        value = Fraction(match[1].replace(",", "") + (match[2] or "")) * _UNITS.get(match[3], 1)
        if value.denominator != 1:
            return None, ("bad_amount",)
        return _bounded(str(value.numerator), ("unit_in_amount",))
    return None, ("bad_amount",)


def _bounded(digits: str, codes: Codes) -> tuple[int | None, Codes]:
    if len(digits) > 13 or int(digits) > AMOUNT_MAX:
        return None, ("amount_too_big",)
    return int(digits), codes


def read_mail(text: str) -> tuple[str, Codes]:
    """Read an office mail address.

    >>> read_mail("office1@example.invalid"), read_mail("010-0000-0000")
    (('office1@example.invalid', ()), ('', ('phone_in_mail',)))
    """
    even, codes = read_text(text)
    if even == "" or _MAIL.fullmatch(even):
        return even, codes
    return "", ("phone_in_mail",) if _PHONE.fullmatch(even) else ("bad_mail",)


def read_phone(text: str) -> tuple[str, Codes]:
    """Read an office phone number as written.

    >>> read_phone("02-000-0000"), read_phone("없음")
    (('02-000-0000', ()), ('', ('bad_phone',)))
    """
    even, codes = read_text(text, length=40)
    if even.startswith("+"):
        codes = tuple(code for code in codes if code != "formula_text")
    return (even, codes) if even == "" or _PHONE.fullmatch(even) else ("", ("bad_phone",))


def read_web(text: str) -> tuple[str, Codes]:
    """Read a web address as written.

    >>> read_web("https://example.invalid/x"), read_web("javascript:alert(1)")
    (('https://example.invalid/x', ()), ('', ('bad_web',)))
    """
    even, codes = read_text(text)
    return (even, codes) if even == "" or _WEB.fullmatch(even) else ("", ("bad_web",))


def is_blank(text: str) -> bool:
    """Say whether nothing of a text can be seen: fillers, spaces and zero-width only.

    >>> is_blank("ㅤㅤ"), is_blank("가")
    (True, False)
    """
    return all(
        c in FILLERS or c.isspace() or not (c.isprintable() or c == "\n") or _INVISIBLE.match(c)
        for c in text
    )
