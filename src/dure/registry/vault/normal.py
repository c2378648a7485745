"""Normal forms of an address, so that one address has one blind index.

Nouns: *phone* (E.164 with its plus), *mail* (NFKC, lower case, domain as IDNA),
*named* (a person's name without spaces and case, with her year of birth where one is known).
"""

from __future__ import annotations

import re
import unicodedata

import phonenumbers

from dure.engines.hangul import search_key

HOME_REGION = "KR"
_MAIL = re.compile(r"[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]{3,190}")


class NotAnAddress(ValueError):
    """The text is neither a phone number nor a mail address."""


def phone(text: str) -> str:
    """Return a phone number in E.164.

    text   : as typed; without a country code it is read as Korean
    Raises   NotAnAddress when no number of that shape exists.

    >>> phone("010-0000-0000"), phone("+82 10 0000 0000")
    ('+821000000000', '+821000000000')
    """
    try:
        number = phonenumbers.parse(unicodedata.normalize("NFKC", text), HOME_REGION)
    except phonenumbers.NumberParseException:
        raise NotAnAddress("phone") from None
    if not phonenumbers.is_possible_number(number) or number.extension:
        raise NotAnAddress("phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def mail(text: str) -> str:
    """Return a mail address in its normal form.

    Raises NotAnAddress for anything without one @, a local part and a dotted domain.

    >>> mail(" A@Example.Invalid "), mail("a@두레.한국")
    ('a@example.invalid', 'a@xn--hu1bo4e.xn--3e0b707e')
    """
    folded = unicodedata.normalize("NFKC", text).strip().lower()
    if not _MAIL.fullmatch(folded):
        raise NotAnAddress("mail")
    local, domain = folded.split("@")
    try:
        host = domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise NotAnAddress("mail") from None
    if "." not in host:
        raise NotAnAddress("mail")
    return f"{local}@{host}"


def address(text: str) -> tuple[str, str]:
    """Return (scheme, normal form) of what may be a phone number or a mail address.

    >>> address("010 0000 0000")
    ('phone', '+821000000000')
    """
    if "@" in text:
        return "mail", mail(text)
    return "phone", phone(text)


def named(name: str, birth: str | None) -> str:
    """Return a name with the year of birth, for people whom somebody names at a counter.

    birth : a date or a year beginning with four digits; None where none is known
    The year is part of the index so that the tags of a frequent name differ.

    >>> named("홍 길동", "1954-03-01") == named("홍길동", "1954"), named("홍길동", None)
    (True, '홍길동 ')
    """
    return f"{search_key(name)} {(birth or '')[:4]}"
