"""What a title is found by: half-typed words and initials, in one key under one index.

The key is the jamo key of title and text, then the paired initials of the title: the first is of
conjoining jamo, the second of single consonants, so that neither is found in the other.
"""

from __future__ import annotations

from django.db.models import Q

from dure.engines import hangul

TITLE_MAX = 60  # syllables whose initials are kept


def key_of(title: str, text: str = "", *, most: int) -> str:
    """Return the search key of a title and its text, at most so many characters.

    >>> len(key_of("전동 드릴", most=400)) <= 400
    True
    """
    initials = hangul.paired_initials(title)[: 2 * TITLE_MAX]
    return hangul.jamo_key(f"{title} {text}")[: most - len(initials)] + initials


def asked_by(text: str) -> Q | None:
    """Rows whose `search_key` a typed text asks for; None when nothing is left of the text.

    Consonants alone ask the initials (ㅈㄷㄷㄹ); a half-typed last syllable is read both ways:
    드릴ㄹ and 드ㄹ + 일.
    """
    key = hangul.jamo_key(text)
    if not key:
        return None
    if hangul.is_initials(text):
        return Q(search_key__contains=hangul.paired_initials(text))
    asked = Q(search_key__contains=key)
    shifted = hangul.jamo_key_shifted(text)
    if shifted is not None:
        asked |= Q(search_key__contains=shifted)
    return asked
