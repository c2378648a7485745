"""Canonical JSON: one text for one value, so that hashes agree everywhere.

Law: keys sorted, no spaces, UTF-8, strings in NFC, integers as integers, no floats.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from datetime import UTC, date, datetime


def canonical(value: object) -> bytes:
    """Write `value` (None, bool, int, str, date, instant, list, dict) as canonical JSON bytes.

    Raises TypeError for a float or any other type. Instants are written in UTC with six digits.

    >>> canonical({"b": 1, "a": "두레"}).decode()
    '{"a":"두레","b":1}'
    """
    if _is_simple(value):
        text = _write(value)
        if text.isascii() or unicodedata.is_normalized("NFC", text):
            return text.encode()  # any part of a text in NFC is in NFC
    return _write(_plain(value)).encode()


def _time(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
    assert isinstance(value, date), value
    return value.isoformat()


_write = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_time
).encode


def _is_simple(value: object) -> bool:
    """Whether JSON's own writer says the same of `value`: no float, no key but text."""
    kind = type(value)
    if kind in _SIMPLE:
        return True
    if kind is dict:
        for key, item in value.items():  # type: ignore[attr-defined]  # a dict
            if type(key) is not str or (type(item) not in _SIMPLE and not _is_simple(item)):
                return False
        return True
    return kind in (list, tuple) and all(map(_is_simple, value))  # type: ignore[call-overload]  # a sequence


_SIMPLE = frozenset({str, int, bool, type(None), datetime, date})


def sha256_hex(value: object) -> str:
    """SHA-256 of the canonical JSON of `value`, 64 hexadecimal digits.

    >>> sha256_hex({"amount": 1})[:16]
    'c2b11e657e12fd17'
    """
    return hashlib.sha256(canonical(value)).hexdigest()


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, date):
        return _time(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {unicodedata.normalize("NFC", str(key)): _plain(item) for key, item in value.items()}
    raise TypeError(f"{type(value).__name__} has no canonical form")
