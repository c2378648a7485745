"""A sentence in both languages of the product.

Nouns: text (글, one sentence in Korean and in English). Law: both halves are always there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["ko", "en"]


def active_language() -> Language:
    """Tell the language of the present page: ``"en"`` under ``/en/``, else ``"ko"``."""
    from django.utils.translation import get_language  # Django only when a page asks

    return "en" if (get_language() or "ko").startswith("en") else "ko"


@dataclass(frozen=True, slots=True)
class T:
    """One sentence or word in Korean and English, with the same named places in both.

    >>> T("%(n)s건", "%(n)s items").in_("en", {"n": 3})
    '3 items'
    """

    ko: str
    en: str

    def in_(self, language: Language, places: Mapping[str, object] | None = None) -> str:
        """Give the half of `language` with its named places filled."""
        half = self.en if language == "en" else self.ko
        return half % places if places else half

    def __str__(self) -> str:
        return self.in_(active_language())

    def __mod__(self, places: Mapping[str, object]) -> str:
        return self.in_(active_language(), places)
