"""Numbers in words: exact readings, one to one, and a reader of our own reads them back."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.engines import number_words
from dure.engines.number_words import NUMBER_MAX, english, korean

EXACT = (
    (0, "영", "zero"),
    (1, "일", "one"),
    (10, "십", "ten"),
    (11, "십일", "eleven"),
    (21, "이십일", "twenty-one"),
    (100, "백", "one hundred"),
    (110, "백십", "one hundred ten"),
    (1_000, "천", "one thousand"),
    (10_000, "만", "ten thousand"),
    (11_000, "만 천", "eleven thousand"),
    (110_000, "십일만", "one hundred ten thousand"),
    (210_001, "이십일만 일", "two hundred ten thousand one"),
    (100_000_000, "일억", "one hundred million"),
    (100_010_000, "일억 일만", "one hundred million ten thousand"),
    (1_000_000_000_000, "일조", "one trillion"),
)


@pytest.mark.parametrize(("number", "ko", "en"), EXACT)
def test_readings_are_exact(number: int, ko: str, en: str) -> None:
    assert (korean(number), english(number)) == (ko, en)


def read_back(words: str) -> int:
    """The number that Korean words say, by a walk over the letters."""
    total = 0
    for part in words.split():
        big = {"만": 10**4, "억": 10**8, "조": 10**12}.get(part[-1], 1)
        letters = part[:-1] if big > 1 else part
        group, digit = 0, 0
        for letter in letters:
            if letter in "십백천":
                group += (digit or 1) * {"십": 10, "백": 100, "천": 1000}[letter]
                digit = 0
            else:
                digit = "영일이삼사오육칠팔구".index(letter)
        group += digit
        total += (group or (1 if big > 1 else 0)) * big
    return total


@given(st.integers(0, NUMBER_MAX))
def test_words_say_the_number_again(number: int) -> None:
    assert read_back(korean(number)) == number


@given(st.sets(st.integers(0, NUMBER_MAX), min_size=2, max_size=2))
def test_two_numbers_never_share_english_words(pair: set[int]) -> None:
    assert len({english(number) for number in pair}) == 2


@pytest.mark.parametrize("number", [-1, NUMBER_MAX + 1])
def test_outside_the_range_is_a_fault_of_the_caller(number: int) -> None:
    for read in (korean, english):
        with pytest.raises(AssertionError):
            read(number)


def test_examples_hold() -> None:
    assert doctest.testmod(number_words).failed == 0
