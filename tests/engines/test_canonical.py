"""Canonical JSON: the quick way and the plain way write the same bytes."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.engines import canonical
from dure.engines.canonical import canonical as written

TEXT = st.text(alphabet=st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ["가", "가", "é", "\n\u0303", "\u0301", '"\u0338', "\\\u0303"]
)
PLAIN = (
    st.none()
    | st.booleans()
    | st.integers()
    | TEXT
    | st.dates()
    | st.datetimes(timezones=st.just(UTC))
)
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_quick_and_plain_agree(value: object) -> None:
    slow = canonical._write(canonical._plain(value)).encode()
    assert written(value) == slow


def test_decomposed_text_is_composed() -> None:
    assert written({"a": "가"}) == '{"a":"가"}'.encode()
    assert written("\n\u0303") == b'"\\n\xcc\x83"'
    assert unicodedata.normalize("NFC", "가") == "가"


def test_instants_stand_in_utc_and_keys_as_text() -> None:
    at = datetime(2026, 7, 1, 9, tzinfo=timezone(timedelta(hours=9)))
    assert written({1: at, "b": (date(2026, 7, 1), True)}) == (
        b'{"1":"2026-07-01T00:00:00.000000Z","b":["2026-07-01",true]}'
    )


@pytest.mark.parametrize("value", [1.5, {"a": [1.5]}, b"x", {"a": object()}])
def test_no_float_and_no_stranger(value: object) -> None:
    with pytest.raises(TypeError):
        written(value)
