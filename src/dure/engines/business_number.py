"""Korean entity numbers (사업자등록번호, 법인등록번호): shape, check digit, token.

Nouns
    business number  : ten digits, three groups 3-2-5, the last digit a check digit
    corporate number : thirteen digits, two groups 6-7; its shape alone is checked
    token            : keyed hash of a number, so that "one legal entity once" needs no clear digits
Law
    Exactly one last digit completes nine digits to a valid business number.
Source
    Practice of the tax office (weights 1 3 7 1 3 7 1 3 5); registry design, *Formulas*. Newer
    corporate numbers may not follow the old check digit, so it is not asked.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import Final, Literal

Scheme = Literal["biz", "corp"]

_BUSINESS: Final = re.compile(r"[0-9]{10}|[0-9]{3}-[0-9]{2}-[0-9]{5}")
_CORPORATE: Final = re.compile(r"[0-9]{13}|[0-9]{6}-[0-9]{7}")


def business_check_digit(first_nine: str) -> int:
    """Compute the check digit of a business number.

    first_nine : exactly nine ASCII digits
    Returns      0..9
    Raises       ValueError when it is not nine ASCII digits.
    Formula      s = Σ d·w; s += ⌊d9·5/10⌋; check = (10 − s mod 10) mod 10

    >>> business_check_digit("999001000"), business_check_digit("999001999")
    (4, 9)
    """
    if len(first_nine) != 9 or not (first_nine.isascii() and first_nine.isdigit()):
        raise ValueError("nine ASCII digits are needed")
    a, b, c, d, e, f, g, h, i = (code - 48 for code in first_nine.encode())
    total = a + 3 * b + 7 * c + d + 3 * e + 7 * f + g + 3 * h + 5 * i + i * 5 // 10
    return (10 - total % 10) % 10


def business_digits(text: str) -> str | None:
    """Read a business number written with hyphens in their places or without.

    Returns ten ASCII digits, or None when the shape is another; the check digit is not looked at.

    >>> business_digits("999-00-10004"), business_digits("99-900-10004")
    ('9990010004', None)
    """
    return text.replace("-", "") if _BUSINESS.fullmatch(text) else None


def is_business_number(digits: str) -> bool:
    """Say whether ten ASCII digits end in their check digit.

    >>> is_business_number("9990010004"), is_business_number("9990017406")
    (True, False)
    """
    if len(digits) != 10 or not (digits.isascii() and digits.isdigit()):
        return False
    return business_check_digit(digits[:9]) == int(digits[9])


def corporate_digits(text: str) -> str | None:
    """Read a corporate number: thirteen digits, or six and seven with a hyphen; shape only.

    >>> corporate_digits("991231-3999999"), corporate_digits("99123-13999999")
    ('9912313999999', None)
    """
    return text.replace("-", "") if _CORPORATE.fullmatch(text) else None


def number_token(key: bytes, scheme: Scheme, digits: str) -> bytes:
    """Make the token that stands for a number wherever uniqueness is asked.

    key     : 32 secret bytes, kept outside the database
    scheme  : "biz" or "corp"
    digits  : 10 (biz) or 13 (corp) ASCII digits
    Returns 32 bytes, HMAC-SHA-256(key, scheme ‖ 0x00 ‖ digits)
    Raises  ValueError when key or digits have another length or digits are not ASCII digits.

    >>> number_token(b"\\x01" * 32, "biz", "9990010004").hex()[:16]
    'ce70218f25a9e011'
    """
    length = 10 if scheme == "biz" else 13
    if len(digits) != length or not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"a {scheme} number has {length} ASCII digits")
    begun = _begun(key, scheme)
    inner, outer = begun[0].copy(), begun[1].copy()
    inner.update(digits.encode())
    outer.update(inner.digest())
    return outer.digest()


@lru_cache(maxsize=16)
def _begun(key: bytes, scheme: Scheme) -> tuple[hashlib._Hash, hashlib._Hash]:
    """The two hashes of HMAC (RFC 2104) with the key and what stands before the digits taken in."""
    if len(key) != 32:
        raise ValueError("the key must be 32 bytes")
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in key.ljust(64, b"\x00")))
    inner.update(scheme.encode() + b"\x00")
    return inner, hashlib.sha256(bytes(b ^ 0x5C for b in key.ljust(64, b"\x00")))
