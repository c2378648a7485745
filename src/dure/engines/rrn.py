"""Resident registration numbers (주민등록번호): found by shape, so that they can be refused.

Nouns
    hit : a stretch of text shaped like a resident registration number
Law
    No check digit is asked: numbers issued since October 2020 need not have one, so every number of
    the shape is a hit. The one exempt place is a typed corporate-number column, which its reader
    leaves out; nothing here knows columns.
Source
    개인정보 보호법 제24조의2 (we hold no ground to process them); trust design, *Parsers*.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_SHAPE: Final = re.compile(r"\d{6}[-\s]{0,3}[0-8]\d{6}")
_INVISIBLE: Final = "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff"
_DASHES: Final = "\u00b7\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u3161\u318d\u30fc"
_FOLDED: Final = re.compile(f"[{_INVISIBLE}{_DASHES}]")
_FOLD: Final = str.maketrans(dict.fromkeys(_INVISIBLE) | dict.fromkeys(_DASHES, "-"))


def _folded(text: str) -> str:
    """Fold width, composition, dashes and invisible characters away; length may change."""
    if text.isascii():
        return text
    folded = unicodedata.normalize("NFKC", text)
    return folded.translate(_FOLD) if _FOLDED.search(folded) else folded


def has_rrn(text: str) -> bool:
    """Say whether a text holds something shaped like a resident registration number.

    text    : any text: a field, a file name, a header, a log message
    Returns True when, after NFKC, with dashes of every kind as `-` and invisible characters
            removed, `six digits, at most three - or spaces, 0-8, six digits` stands anywhere.

    >>> [has_rrn(text) for text in ("담당 900101-1234567", "９００１０１1234567", "999-00-10004")]
    [True, True, False]
    """
    if len(text) < 13:
        return False
    return _SHAPE.search(_folded(text)) is not None


def blank_rrn(text: str, mask: str = "******-*******") -> str:
    """Give the text with every hit replaced, for logs and messages.

    Returns the text itself, unchanged, when there is no hit; else its folded form with each hit
            replaced by `mask`.

    >>> blank_rrn("대표자 900101-1234567 확인")
    '대표자 ******-******* 확인'
    """
    if not has_rrn(text):
        return text
    return _SHAPE.sub(mask, _folded(text))
