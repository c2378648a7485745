"""Numbers in words (금액을 글로): so that a person who pays sees a slip of one zero.

Nouns
    big place : a power of 10,000 in Korean (만, 억, 조), of 1,000 in English
Law
    Reading is one to one on 0 to 10**16 - 1: two numbers never share their words.
Source
    한글 맞춤법 제44항 (numbers are written with a space at every 만); everyday English short scale.
"""

from __future__ import annotations

from typing import Final

NUMBER_MAX: Final = 10**16 - 1
_DIGITS: Final = "영일이삼사오육칠팔구"
_SMALL: Final = ("", "십", "백", "천")
_BIG: Final = ("", "만", "억", "조")
_ONES: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
    "eighteen", "nineteen",
)  # fmt: skip
_TENS: Final = (
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
)  # fmt: skip
_THOUSANDS: Final = ("", "thousand", "million", "billion", "trillion", "quadrillion")


def korean(number: int) -> str:
    """Read a number in Korean, with a space after each big place.

    number : 0 <= number < 10**16
    Raises   AssertionError outside the range.
    Source   한글 맞춤법 제44항.

    >>> korean(12_345), korean(10_000), korean(0)
    ('만 이천삼백사십오', '만', '영')
    """
    assert 0 <= number <= NUMBER_MAX, number
    if number == 0:
        return _DIGITS[0]
    parts: list[str] = []
    for place in range(3, -1, -1):
        group = number // 10_000**place % 10_000
        if group:
            # 만, but 일억: a lone one is silent before 만 only
            words = "" if group == 1 and place == 1 and not parts else _korean_group(group)
            parts.append(words + _BIG[place])
    return " ".join(parts)


def _korean_group(group: int) -> str:
    words = ""
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit:
            words += ("" if digit == 1 and place else _DIGITS[digit]) + _SMALL[place]
    return words


def english(number: int) -> str:
    """Read a number in English.

    number : 0 <= number < 10**16
    Raises   AssertionError outside the range.
    Source   short scale, no `and`.

    >>> english(12_345), english(100)
    ('twelve thousand three hundred forty-five', 'one hundred')
    """
    assert 0 <= number <= NUMBER_MAX, number
    if number == 0:
        return _ONES[0]
    parts: list[str] = []
    for place in range(5, -1, -1):
        group = number // 1_000**place % 1_000
        if group:
            parts.append(f"{_english_group(group)} {_THOUSANDS[place]}".strip())
    return " ".join(parts)


def _english_group(group: int) -> str:
    hundreds, rest = divmod(group, 100)
    words = [f"{_ONES[hundreds]} hundred"] if hundreds else []
    if 0 < rest < 20:
        words.append(_ONES[rest])
    elif rest:
        tens, ones = divmod(rest, 10)
        words.append(_TENS[tens] + (f"-{_ONES[ones]}" if ones else ""))
    return " ".join(words)
