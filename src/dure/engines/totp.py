"""Codes of an authenticator app: HMAC over the count of half-minutes.

Source: RFC 6238 (TOTP) over RFC 4226 (HOTP), SHA-1 as apps have it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

PERIOD_SECONDS = 30
DIGITS = 6


def totp_code(secret: str, at: int, *, digits: int = DIGITS) -> str:
    """The code that an app shows at `at` (whole seconds since 1970, UTC) for a base 32 secret.

    Raises ValueError for a secret that is not base 32. Source: RFC 6238 section 4, appendix B.

    >>> totp_code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 59, digits=8)
    '94287082'
    """
    key = base64.b32decode(secret, casefold=True)
    count = (at // PERIOD_SECONDS).to_bytes(8, "big")
    digest = hmac.new(key, count, hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}d}"
