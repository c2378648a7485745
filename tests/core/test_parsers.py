"""The strict parsers: worked numbers, and hostile literals that none may take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dure.core import json, parsers
from dure.core.errors import CoreCode
from dure.core.parsers import ParseError

Parser = Callable[[object], object]


def refused(parser: Parser, value: object) -> CoreCode:
    with pytest.raises(ParseError) as caught:
        parser(value)
    assert isinstance(caught.value.code, CoreCode)
    return caught.value.code


def read_json(value: object) -> object:
    assert isinstance(value, bytes)
    return json.loads(value)


def stock(value: object) -> int:
    return parsers.won(value, stock=True)


@pytest.mark.parametrize(
    ("parser", "text", "value"),
    [
        (parsers.won, "1,234", 1234),
        (parsers.won, "1", 1),
        (parsers.won, 1, 1),
        (parsers.won, "1000000000000", 10**12),
        (parsers.won, "1,000,000,000,000", 10**12),
        (parsers.won, "0000000000001", 1),
        (stock, "0", 0),
        (stock, 10**12, 10**12),
        (parsers.minutes, "2시간 30분", 150),
        (parsers.minutes, "2시간30분", 150),
        (parsers.minutes, "2시간", 120),
        (parsers.minutes, "90분", 90),
        (parsers.minutes, "2:30", 150),
        (parsers.minutes, "0:01", 1),
        (parsers.minutes, 1_000_000, 1_000_000),
        (parsers.count, "0", 0),
        (parsers.count, 10**9, 10**9),
    ],
)
def test_accepted_numbers(parser: Parser, text: object, value: int) -> None:
    assert parser(text) == value


@pytest.mark.parametrize(
    ("parser", "value", "code"),
    [
        (parsers.won, "12,34", CoreCode.NOT_AN_INTEGER),
        (parsers.won, "0", CoreCode.OUT_OF_RANGE),
        (parsers.won, "1000000000001", CoreCode.OUT_OF_RANGE),
        (parsers.won, 10**12 + 1, CoreCode.OUT_OF_RANGE),
        (stock, -1, CoreCode.OUT_OF_RANGE),
        (stock, 10**12 + 1, CoreCode.OUT_OF_RANGE),
        (parsers.minutes, "2:60", CoreCode.NOT_AN_INTEGER),
        (parsers.minutes, "2시간 60분", CoreCode.NOT_AN_INTEGER),
        (parsers.minutes, "1.5", CoreCode.NOT_AN_INTEGER),
        (parsers.minutes, "0:00", CoreCode.OUT_OF_RANGE),
        (parsers.minutes, "0", CoreCode.OUT_OF_RANGE),
        (parsers.minutes, 1_000_001, CoreCode.OUT_OF_RANGE),
        (parsers.count, -1, CoreCode.OUT_OF_RANGE),
        (parsers.count, 10**9 + 1, CoreCode.OUT_OF_RANGE),
    ],
)
def test_refused_numbers(parser: Parser, value: object, code: CoreCode) -> None:
    assert refused(parser, value) is code


# Literals that some reader of numbers takes and ours must not.
HOSTILE: tuple[object, ...] = (
    "", " ", " 1", "1 ", "\t1", "1\n", "+1", "-1", "--1", "1-", "1+1", "1.0", "1.", ".1",
    "1e3", "1E3", "1e+3", "0x10", "0X10", "0b1", "0o7", "010.", "1_000", "1_0", "_1",
    "1__0", "1,00", "1,0000", "1,,000", ",100", "100,", "1,000,00", "10,00,000", "1 000",
    "1'000", "1.000", "1.000.000", "1·000", "1，000", "１２", "１,２３４", "٣", "۳", "३", "๓",
    "一", "十二", "천", "1천", "1만", "만", "1원", "₩1", "￦1", "$1", "1 KRW", "NaN", "nan",
    "Infinity", "-Infinity", "inf", "∞", "null", "None", "true", "True", "false", "[]",
    "{}", "[1]", "(1)", "1;", "1#", "1//", "1/*", "1%", "1/1", "1*1", "2**3", "½", "²",
    "①", "Ⅳ", "1\u00a0000", "1\u2009000", "1\u200b", "\u200b1", "\ufeff1", "1\u0000",
    "\u00001", "1\u202e", "\u202e1", "1\u0301", "0.1e1", "1e0", "1e-1", "9" * 14,
    "9" * 40, "9" * 5000, "1"+"0" * 13, "-0", "+0", "0-", "1,234,", "=1", "=1+1", "'1",
    '"1"', "1'", "@1", "1h", "1 h", "1시", "1분30초", "1:2:3", "1:5", ":30", "1:", "1: 30",
    "1 :30", "25시간 61분", "시간", "분", "-1:30", "1:-30", "１:３０", "2시간 30", "2 시간 30 분",
    "30분 2시간", 1.0, 1.5, float("nan"), float("inf"), -1.0, True, False, None, [], [1], {},
    {"a": 1}, b"1", (1, ), 1j, object, "\ud800", "1\x0b", "1\x1c2", "\x851", "1\u2028",
    "1\u3000", "1\u066c000", "1\u066b5",
)  # fmt: skip


@pytest.mark.parametrize("parser", [parsers.won, stock, parsers.count])
@pytest.mark.parametrize("value", HOSTILE, ids=lambda v: ascii(v)[:24])
def test_hostile_number_is_refused(parser: Parser, value: object) -> None:
    refused(parser, value)


def test_enough_hostile_literals() -> None:
    assert len(HOSTILE) >= 150


@given(st.text(max_size=30))
@settings(max_examples=400, deadline=None)
def test_any_text_is_read_exactly_or_refused(text: str) -> None:
    try:
        value = parsers.won(text)
    except ParseError:
        return
    assert text.isascii()
    assert value == int(text.replace(",", ""))
    assert text in (f"{value}", f"{value:,}") or (text.isdigit() and len(text) <= 13)


@pytest.mark.parametrize(
    "text",
    ["2018-03-02", "2018.3.2", "2018. 3. 2.", "2018년 3월 2일", "20180302", "2018.03.02"],
)
def test_form_dates(text: str) -> None:
    assert parsers.form_date(text) == date(2018, 3, 2)


@pytest.mark.parametrize("text", ["2018.3.2", "2018년 3월 2일", "20180302", "2018-3-2"])
def test_json_takes_iso_dates_alone(text: str) -> None:
    assert parsers.iso_date("2018-03-02") == date(2018, 3, 2)
    assert refused(parsers.iso_date, text) is CoreCode.BAD_FIELD


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2018-02-30", CoreCode.BAD_FIELD),
        ("2019-02-29", CoreCode.BAD_FIELD),
        ("18-03-02", CoreCode.BAD_FIELD),
        ("18.3.2", CoreCode.BAD_FIELD),
        ("2018-03-02T00:00", CoreCode.BAD_FIELD),
        ("２０１８-03-02", CoreCode.BAD_FIELD),
        ("1899-12-31", CoreCode.OUT_OF_RANGE),
        ("2201-01-01", CoreCode.OUT_OF_RANGE),
        ("", CoreCode.BAD_FIELD),
        (20180302, CoreCode.BAD_FIELD),
        (None, CoreCode.BAD_FIELD),
    ],
)
def test_refused_dates(text: object, code: CoreCode) -> None:
    assert refused(parsers.form_date, text) is code


def test_date_bounds_are_inside() -> None:
    assert parsers.form_date("1900-01-01") == date(1900, 1, 1)
    assert parsers.form_date("2200-12-31") == date(2200, 12, 31)
    assert parsers.form_date("2020-02-29") == date(2020, 2, 29)


def test_instant_needs_an_offset_and_is_given_in_utc() -> None:
    assert parsers.instant("2026-07-01T00:00:00+09:00") == datetime(2026, 6, 30, 15, tzinfo=UTC)
    assert parsers.instant("2026-06-30T15:00:00Z") == datetime(2026, 6, 30, 15, tzinfo=UTC)
    for text in ("2026-07-01T00:00:00", "2026-07-01", "2026-07-01 00:00:00+09:00", "", 0, None):
        assert refused(parsers.instant, text) is CoreCode.BAD_FIELD
    assert refused(parsers.instant, datetime(2026, 7, 1)) is CoreCode.BAD_FIELD  # noqa: DTZ001  the fault


def test_names_are_normalised_and_bounded() -> None:
    assert parsers.name("  두레 ") == "두레"
    assert parsers.name("가") == "가"  # NFD comes in, NFC is kept
    assert parsers.name("가" * 100) == "가" * 100
    assert refused(parsers.name, "가" * 101) is CoreCode.BAD_FIELD


@pytest.mark.parametrize(
    "text",
    ["", " ", "\u3164", "\u115f\u1160", "\u200b", "a\u202eb", "a\u2066b", "a\x00b", "a\nb", "a\tb",
     "\ud800", "\x7f", "\x85", 1, None, b"a", ["a"]],
)  # fmt: skip
def test_refused_names(text: object) -> None:
    assert refused(parsers.name, text) is CoreCode.BAD_FIELD


def test_note_keeps_line_breaks_and_bounds() -> None:
    assert parsers.note("한 줄\r\n두 줄") == "한 줄\n두 줄"
    assert parsers.note("가" * 5000) == "가" * 5000
    assert refused(parsers.note, "가" * 5001) is CoreCode.BAD_FIELD
    assert refused(parsers.line, "가" * 201) is CoreCode.BAD_FIELD
    assert refused(parsers.note, "a\x0bb") is CoreCode.BAD_FIELD


@pytest.mark.parametrize("parser", [parsers.name, parsers.line, parsers.note, parsers.code_text])
def test_resident_number_is_refused_by_every_text(parser: Parser) -> None:
    for text in ("900101-1234567", "9001011234567"):
        assert refused(parser, text) is CoreCode.RRN


def test_ids() -> None:
    number = "00000000-0000-4000-8000-0000000000aa"
    assert parsers.uuid(number) == number
    assert parsers.uuid(number.upper()) == number
    for text in (
        number[:-1],
        number.replace("-", ""),
        "{" + number + "}",
        f"urn:uuid:{number}",
        1,
        None,
        "",
    ):
        assert refused(parsers.uuid, text) is CoreCode.BAD_FIELD


def test_digest_and_district() -> None:
    assert parsers.digest("a" * 64) == "a" * 64
    for text in ("0" * 64, "A" * 64, "a" * 63, "g" * 64, None):
        assert refused(parsers.digest, text) is CoreCode.BAD_FIELD
    assert parsers.district("11440") == "11440"
    for text in ("1144", "114400", "１１４４０", 11440, None):
        assert refused(parsers.district, text) is CoreCode.BAD_FIELD


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"{}x", b"{} {}", b'{"a":1,"a":2}', b'{"a":{"b":1,"b":1}}', b"NaN", b"[Infinity]",
     b"[-Infinity]", b"[1.5]", b"[1e3]", b"\xff\xfe", b"\xef\xbb\xbf{}", b"[1" + b"0" * 20 + b"]",
     b"[" * 21 + b"]" * 21, b"'a'", b'{a:1}', b"[01]", b"[+1]", b'["\x01"]',
     b" " * (1024 * 1024 + 1)],
)  # fmt: skip
def test_hostile_json_is_refused(data: bytes) -> None:
    assert refused(read_json, data) is CoreCode.BAD_FIELD


def test_json_at_its_bounds() -> None:
    assert json.loads(b"[" * 20 + b"]" * 20) is not None
    assert json.loads(b'["[[[[[[[[[[[[[[[[[[[[[[[[["]') == ["[" * 25]
    assert json.loads(b'{"a": "\\"[", "b": 9007199254740993}') == {"a": '"[', "b": 9007199254740993}
    assert json.loads(b'"' + b"a" * (1024 * 1024 - 2) + b'"') == "a" * (1024 * 1024 - 2)


def test_deep_json_is_refused_without_recursion() -> None:
    assert refused(read_json, b"[" * 500_000) is CoreCode.BAD_FIELD
