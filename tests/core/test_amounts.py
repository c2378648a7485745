"""Amounts as people type them: worked readings, and hostile ones that no unit may take."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.core import amounts
from dure.core.amounts import SHAPES, minor, typed
from dure.core.parsers import ParseError

HOSTILE: tuple[object, ...] = (
    "-1", "-3000", "0", "00", str(10**20), "NaN", "nan", "inf", "1_0", "１２", "٣", "0.5", "3000.0",
    "1e3", "0x10", "+5", "1,00", "12,34", ",", "", " ", "삼천", "3000원원", "₩3000", "1 000",
    "３,０００원", "1000000000001", "2시간 30분 5초", "1:60", "1:5", "-1:30", "3000\n",
    "3000\u200b", 0.5, 3.0, True, None, -1, 0, 10**12 + 1, float("nan"), [1], b"12",
)  # fmt: skip
OF_OTHERS = (
    ("KRW", "2시간"), ("KRW", "30분"), ("KRW", "2:30"), ("VCH", "90 min"), ("LOCAL", "5Wh"),
    ("TIME", "3,000원"), ("TIME", "30 won"), ("TIME", "5Wh"), ("WH", "5원"), ("CO2", "2시간"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "unit", "amount"),
    [
        ("3000", "KRW", 3_000),
        ("3,000", "VCH", 3_000),
        ("3,000원", "LOCAL", 3_000),
        ("3000 원", "KRW", 3_000),
        ("3,000 won", "KRW", 3_000),
        (" 1 ", "KRW", 1),
        ("1,000,000,000,000", "KRW", 10**12),
        ("150", "TIME", 150),
        ("2시간 30분", "TIME", 150),
        ("2시간", "TIME", 120),
        ("90분", "TIME", 90),
        ("2:30", "TIME", 150),
        ("2 h 30 min", "TIME", 150),
        ("2h", "TIME", 120),
        ("1 hour 5 minutes", "TIME", 65),
        ("90 min", "TIME", 90),
        ("500 Wh", "WH", 500),
        ("70gCO2e", "CO2", 70),
    ],
)
def test_what_people_type_is_read(text: str, unit: str, amount: int) -> None:
    assert typed(text, unit) == amount


@pytest.mark.parametrize("unit", sorted(SHAPES))
@pytest.mark.parametrize("value", HOSTILE, ids=repr)
def test_hostile_amounts_are_refused_in_every_unit(unit: str, value: object) -> None:
    with pytest.raises(ParseError) as caught:
        typed(value, unit)
    assert caught.value.accepted == SHAPES[unit].accepted


@pytest.mark.parametrize("value", HOSTILE, ids=repr)
def test_hostile_amounts_are_refused_in_bodies(value: object) -> None:
    with pytest.raises(ParseError):
        minor(value)


@pytest.mark.parametrize(("unit", "text"), OF_OTHERS)
def test_amount_of_another_unit_is_refused_not_converted(unit: str, text: str) -> None:
    with pytest.raises(ParseError):
        typed(text, unit)


def test_registration_number_is_no_amount() -> None:
    with pytest.raises(ParseError) as caught:
        typed("900101-1234567", "KRW")
    assert caught.value.code.spec.name == "core.rrn"


@given(st.integers(1, 10**12))
def test_every_amount_written_with_separators_is_read_back(amount: int) -> None:
    assert typed(f"{amount:,}원", "KRW") == amount == minor(str(amount))


@given(st.text(max_size=12))
def test_no_text_is_read_as_anything_but_its_digits(text: str) -> None:
    try:
        amount = typed(text, "KRW")
    except ParseError:
        return
    digits = "".join(letter for letter in text if letter in "0123456789")
    assert amount == int(digits)


def test_examples_hold() -> None:
    assert doctest.testmod(amounts).failed == 0
