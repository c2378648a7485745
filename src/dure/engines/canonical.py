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
    text = json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


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
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {unicodedata.normalize("NFC", str(key)): _plain(item) for key, item in value.items()}
    raise TypeError(f"{type(value).__name__} has no canonical form")
