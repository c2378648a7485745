import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.engines import business_number as bn

KEY = b"\x01" * 32


def plain_check_digit(first_nine: str) -> int:
    """The slow twin: the ten candidates are tried, as a person with a pencil would."""
    weighted = [int(d) * w for d, w in zip(first_nine, [1, 3, 7, 1, 3, 7, 1, 3, 5], strict=True)]
    total = sum(weighted) + weighted[-1] // 10
    return next(digit for digit in range(10) if (total + digit) % 10 == 0)


@pytest.mark.parametrize(
    ("first_nine", "check"),
    [("999001000", 4), ("999001999", 9), ("999001074", 1), ("999001740", 5)],
)
def test_check_digit_of_the_worked_numbers(first_nine, check):
    assert bn.business_check_digit(first_nine) == check
    assert plain_check_digit(first_nine) == check


@given(st.text("0123456789", min_size=9, max_size=9))
def test_exactly_one_last_digit_is_valid(first_nine):
    valid = [d for d in "0123456789" if bn.is_business_number(first_nine + d)]
    assert valid == [str(plain_check_digit(first_nine))]


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("999-00-10004", "9990010004"),
        ("9990010004", "9990010004"),
        ("99-900-10004", None),
        ("999-0010004", None),
        ("９９９-００-１０００４", None),
        ("999-00-10004 ", None),
        ("", None),
    ],
)
def test_business_number_is_read_in_two_spellings_only(text, digits):
    assert bn.business_digits(text) == digits


def test_wrong_check_digit_is_seen():
    assert not bn.is_business_number("9990017406")
    assert bn.is_business_number("9990017405")


@pytest.mark.parametrize(
    ("text", "digits"),
    [("991231-3999999", "9912313999999"), ("9912313999999", "9912313999999"), ("1-2", None)],
)
def test_corporate_number_is_checked_by_shape_alone(text, digits):
    assert bn.corporate_digits(text) == digits


def test_tokens_of_the_worked_numbers():
    assert (
        bn.number_token(KEY, "biz", "9990010004").hex()
        == "ce70218f25a9e0111a1cfc1534e6d19eb71a8ecf3db60313a8ff4f7c6eb07d14"
    )
    assert (
        bn.number_token(KEY, "corp", "9999301000000").hex()
        == "afd13bd4e2a153d547d5ee06ec79d427076078e44a36cd939cb1ef67da1f1ebc"
    )


def test_schemes_do_not_share_tokens():
    plain = hmac.new(KEY, b"biz\x009990010004", "sha256").digest()
    assert bn.number_token(KEY, "biz", "9990010004") == plain
    with pytest.raises(ValueError, match="corp number has 13"):
        bn.number_token(KEY, "corp", "9990010004")
    with pytest.raises(ValueError, match="32 bytes"):
        bn.number_token(b"short", "biz", "9990010004")
