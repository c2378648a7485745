"""Codes of an authenticator app against the vectors of RFC 6238 and another implementation."""

from __future__ import annotations

import base64

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from dure.engines.totp import totp_code

SECRET = base64.b32encode(b"12345678901234567890").decode("ascii")
VECTORS = (
    (59, "94287082"),
    (1111111109, "07081804"),
    (1111111111, "14050471"),
    (1234567890, "89005924"),
    (2000000000, "69279037"),
    (20000000000, "65353130"),
)  # appendix B, SHA-1


@pytest.mark.parametrize(("at", "code"), VECTORS)
def test_vectors_of_the_rfc(at: int, code: str) -> None:
    assert totp_code(SECRET, at, digits=8) == code


@pytest.mark.parametrize("at", [0, 29, 30, 1_790_000_000])
def test_agrees_with_the_library_that_checks_codes(at: int) -> None:
    assert totp_code(SECRET, at) == format_hotp_value(hotp_value(SECRET, at // 30))
