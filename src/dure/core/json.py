"""Our own JSON reader: stock ones keep the last of two equal keys and take NaN.

Law: at most 1 MiB, at most 20 deep, no NaN or Infinity, no key twice, no trailing bytes, no
number that is not exact, UTF-8 only.
"""

from __future__ import annotations

import json
from typing import NoReturn

from dure.core.errors import CoreCode
from dure.core.parsers import ParseError
from dure.core.text import T

BYTES_MAX = 1024 * 1024
DEPTH_MAX = 20
DIGITS_MAX = 20


def loads(data: bytes) -> object:
    """Read JSON from outside. Raises ParseError with what would be accepted, never the value.

    Numbers with a fraction are read as text is not: they are refused, since no body takes one.

    >>> loads(b'{"amount": 1}')
    {'amount': 1}
    """
    if len(data) > BYTES_MAX:
        raise _bad("1 MiB 이하의 JSON", "JSON of at most 1 MiB")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise _bad("UTF-8 JSON", "JSON in UTF-8") from None
    if _depth(text) > DEPTH_MAX:
        raise _bad("깊이 20 이하의 JSON", "JSON at most 20 deep")
    try:
        return json.loads(
            text,
            object_pairs_hook=_once,
            parse_constant=_no_constant,
            parse_float=_no_float,
            parse_int=_exact,
        )
    except ParseError:
        raise
    except ValueError:
        raise _bad("올바른 JSON", "well-formed JSON") from None


def _bad(ko: str, en: str) -> ParseError:
    return ParseError(CoreCode.BAD_FIELD, T(ko, en))


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise _bad("한 번씩만 나오는 이름", "each key once")
        found[key] = value
    return found


def _no_constant(_: str) -> NoReturn:
    raise _bad("유한한 수", "finite numbers")


def _no_float(_: str) -> NoReturn:
    raise _bad("정수", "integers")


def _exact(digits: str) -> int:
    if len(digits) > DIGITS_MAX:
        raise _bad("20자리 이하의 정수", "integers of at most 20 digits")
    return int(digits)


def _depth(text: str) -> int:
    """The deepest nesting of brackets outside strings; found without recursion."""
    depth = deepest = 0
    inside = escaped = False
    for char in text:
        if inside:
            if escaped:
                escaped = False
            elif char == "\\":
                escaped = True
            elif char == '"':
                inside = False
        elif char == '"':
            inside = True
        elif char in "[{":
            depth += 1
            deepest = max(deepest, depth)
            if deepest > DEPTH_MAX:
                return deepest
        elif char in "]}":
            depth -= 1
    return deepest
