"""The search columns of an organisation: computed from every name it bears or bore."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from dure.engines import hangul


class SearchColumns(TypedDict):
    """Columns of `Organisation` that whoever writes a name writes with it."""

    name: str
    name_key: str
    jamo_keys: str
    initials_keys: str


def search_columns(name: str, former: Sequence[str] = ()) -> SearchColumns:
    """Return the name and its keys; former names are searched after the present one.

    >>> search_columns("두레", ("옛 이름",))["initials_keys"]
    'ㄷㄷㄹㄹ ㅇㅇㅇㅇㄹㄹ'
    """
    names = (name, *former)
    return SearchColumns(
        name=name,
        name_key=hangul.search_key(name),
        jamo_keys=" ".join(hangul.jamo_key(each) for each in names),
        initials_keys=" ".join(hangul.paired_initials(each) for each in names),
    )
