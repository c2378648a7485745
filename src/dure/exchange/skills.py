"""What a fixer knows: groups of device categories, each a skill that a volunteer may offer.

Nouns: a *skill* is a spec of our own list; the *group* of a category is the parent whose record
counts while the category's own is short.
Law: every category of the standard is in one group, but the miscellaneous one, which is in none.
"""

from __future__ import annotations

from collections.abc import Mapping

SCHEME = "dure"
GROUPS: Mapping[str, frozenset[int]] = {
    "repair_computing": frozenset({4, 8, 10, 16, 19, 22, 25, 26, 30, 33, 38}),
    "repair_sound": frozenset({5, 6, 11, 12, 13, 20, 23}),
    "repair_heat": frozenset({9, 14, 28, 29, 31, 36, 39, 40}),
    "repair_motor": frozenset({1, 7, 17, 21, 24, 27, 34, 37}),
    "repair_light": frozenset({2, 3, 15, 32, 35}),
}


def group_of(category: int | None) -> str | None:
    """The skill that a category asks for; None when the category is not known or miscellaneous."""
    for code, categories in GROUPS.items():
        if category in categories:
            return code
    return None
