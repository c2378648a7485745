"""What a payment code (QR) holds: an https address with a token, and nothing else.

Nouns
    token : 128 random bits that name a payment request; 22 characters in an address
    code  : eight digits beside a code of one sale, to be typed
Law
    A code holds no payee, amount, purpose or key; who reads it learns an address. One token has
    one spelling, so a changed address never names the same request twice. Chance comes in as an
    argument.
Source
    RFC 4648 section 5 (base64url); RFC 3986 section 3.3 (path).
"""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Final

TOKEN_BYTES: Final = 16
CODE_DIGITS: Final = 8
PATH: Final = "/pay/"
_TEXT: Final = re.compile(r"[A-Za-z0-9_-]{22}")
_PATH: Final = re.compile(r"(?:/en)?/pay/([A-Za-z0-9_-]{22})/?")
_CODE: Final = re.compile(r"([0-9]{4})[ -]?([0-9]{4})")
_ORIGIN: Final = re.compile(
    r"https?://[a-z0-9.-]+(?::[0-9]{1,5})?|https?://\[[0-9a-f:]+\](?::\d+)?"
)


def token_text(token: bytes) -> str:
    """Write a token as it stands in an address: 22 characters of base64url.

    token  : 16 bytes
    Raises AssertionError for another length.

    >>> token_text(bytes(16))
    'AAAAAAAAAAAAAAAAAAAAAA'
    """
    assert len(token) == TOKEN_BYTES, len(token)
    return base64.urlsafe_b64encode(token).decode("ascii").rstrip("=")


def token_of(text: str) -> bytes | None:
    """Read a token; None for anything but the one spelling that `token_text` writes.

    >>> token_of("AAAAAAAAAAAAAAAAAAAAAA") == bytes(16), token_of("AAAAAAAAAAAAAAAAAAAAAB")
    (True, None)
    """
    if not _TEXT.fullmatch(text):
        return None
    token = base64.urlsafe_b64decode(text + "==")
    return token if token_text(token) == text else None


def path_of(token: bytes) -> str:
    """Give the path of a token on this installation.

    >>> path_of(bytes(16))
    '/pay/AAAAAAAAAAAAAAAAAAAAAA'
    """
    return PATH + token_text(token)


def address_of(origin: str, token: bytes) -> str:
    """Give the text of the code: the installation's own address and the path.

    origin : scheme, host and perhaps port, lower case, no path, no user, e.g. ``https://dure.test``
    Raises AssertionError for another shape.

    >>> address_of("https://dure.test", bytes(16))
    'https://dure.test/pay/AAAAAAAAAAAAAAAAAAAAAA'
    """
    assert _ORIGIN.fullmatch(origin), origin
    return origin + path_of(token)


def token_in(scanned: str, *, origin: str) -> bytes | None:
    """Find the token in what a camera read or a person pasted; None when it is not ours.

    scanned : an address of this installation, a path, or the bare 22 characters
    origin  : as in `address_of`; an address of another host is refused

    >>> token_in("https://dure.test/pay/AAAAAAAAAAAAAAAAAAAAAA", origin="https://dure.test").hex()
    '00000000000000000000000000000000'
    >>> token_in("https://evil.test/pay/AAAAAAAAAAAAAAAAAAAAAA", origin="https://dure.test")
    """
    text = scanned.strip(" \r\n\t")
    if text.startswith(origin + "/"):
        text = text[len(origin) :]
    match = _PATH.fullmatch(text)
    return token_of(match.group(1) if match else text)


def token_hash(token: bytes) -> bytes:
    """Hash a token for a log line or a lookup that must not hold it: SHA-256, 32 bytes."""
    assert len(token) == TOKEN_BYTES, len(token)
    return hashlib.sha256(b"dure.payment-request.v1" + token).digest()


def code_text(number: int) -> str:
    """Write a drawn number as eight digits.

    number : 0 <= number < 10**8, drawn by the caller, uniform

    >>> code_text(1234)
    '00001234'
    """
    assert 0 <= number < 10**CODE_DIGITS, number
    return f"{number:0{CODE_DIGITS}d}"


def code_of(typed: str) -> str | None:
    """Read eight typed digits, with one space or hyphen allowed in the middle; else None.

    >>> code_of("0000 1234"), code_of("００００1234"), code_of("1234")
    ('00001234', None, None)
    """
    match = _CODE.fullmatch(typed.strip(" "))
    return match.group(1) + match.group(2) if match else None
