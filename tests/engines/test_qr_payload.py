"""Payment codes: one spelling a token, no other host, digits alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.engines.qr_payload import (
    address_of,
    code_of,
    code_text,
    path_of,
    token_hash,
    token_in,
    token_of,
    token_text,
)

ORIGIN = "https://dure.test"
tokens = st.binary(min_size=16, max_size=16)


@given(tokens)
def test_token_comes_back_from_every_form(token: bytes) -> None:
    text = token_text(token)
    assert len(text) == 22
    assert token_of(text) == token
    for scanned in (text, path_of(token), "/en" + path_of(token), address_of(ORIGIN, token)):
        assert token_in(scanned, origin=ORIGIN) == token
        assert token_in(f" {scanned}\n", origin=ORIGIN) == token


@given(tokens, st.integers(0, 21), st.sampled_from("Aa0_-"))
def test_another_spelling_is_another_token(token: bytes, place: int, sign: str) -> None:
    text = token_text(token)
    changed = text[:place] + sign + text[place + 1 :]
    assert changed == text or token_of(changed) != token


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    found = token_in(text, origin=ORIGIN)
    assert found is None or token_text(found) in text


@pytest.mark.parametrize(
    "scanned",
    [
        "", "A" * 21, "A" * 23, "A" * 21 + "=", "Ａ" * 22, "A" * 22 + "\x00",
        "http://dure.test/pay/" + "A" * 22, "https://dure.test.evil.test/pay/" + "A" * 22,
        "https://dure.test@evil.test/pay/" + "A" * 22, "//evil.test/pay/" + "A" * 22,
        "https://dure.test/pay/" + "A" * 22 + "?amount=1", "javascript:" + "A" * 22,
        "https://dure.test/other/" + "A" * 22,
    ],
)  # fmt: skip
def test_foreign_and_bent_addresses_are_refused(scanned: str) -> None:
    assert token_in(scanned, origin=ORIGIN) is None


@pytest.mark.parametrize("origin", ["dure.test", "https://dure.test/x", "https://a@dure.test", ""])
def test_origin_is_an_origin(origin: str) -> None:
    with pytest.raises(AssertionError):
        address_of(origin, bytes(16))


@given(st.integers(0, 10**8 - 1))
def test_code_comes_back(number: int) -> None:
    text = code_text(number)
    assert len(text) == 8
    assert int(text) == number
    assert code_of(text) == code_of(f"{text[:4]} {text[4:]}") == code_of(f"{text[:4]}-{text[4:]}")
    assert code_of(text) == text


@pytest.mark.parametrize(
    "typed", ["", "1234567", "123456789", "1_234567", "１２３４５６７８", "1234  5678", "12 345678"]
)
def test_other_digits_are_no_code(typed: str) -> None:
    assert code_of(typed) is None


def test_hash_does_not_show_the_token() -> None:
    assert len({token_hash(bytes([n]) * 16) for n in range(9)}) == 9
    assert bytes(16) not in token_hash(bytes(16))
