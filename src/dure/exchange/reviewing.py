"""Reviews: what neighbours say of each other afterwards, in words from a list, never in free text.

Nouns: *review* (points 1–3 and words), *reply* (one sentence from a list by who was reviewed),
*objection* (a reason from a list; nobody else sees the review until it is settled), *ruling*.
Law: a review is seen when both have written or after the days of the rulebook; sums are shown from
as many different writers as the rulebook says; none in care. Source: exchange.md, reviews.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from dure.core.text import T

Points = Literal[1, 2, 3]
Word = Literal[
    "on_time", "kind", "careful", "as_agreed", "clear", "late", "unclear", "not_as_agreed"
]
Reply = Literal["thanks", "sorry", "differs"]
Objection = Literal["untrue", "another", "unrelated"]
Ruling = Literal["stands", "hidden"]

POINTS: dict[int, T] = {
    3: T("좋았어요", "Good"),
    2: T("괜찮았어요", "All right"),
    1: T("아쉬웠어요", "Could be better"),
}
WORDS: dict[str, T] = {
    "on_time": T("시간을 지켰어요", "on time"),
    "kind": T("친절했어요", "kind"),
    "careful": T("꼼꼼했어요", "careful"),
    "as_agreed": T("약속대로였어요", "as agreed"),
    "clear": T("설명이 분명했어요", "clear"),
    "late": T("늦었어요", "late"),
    "unclear": T("연락이 어려웠어요", "hard to reach"),
    "not_as_agreed": T("약속과 달랐어요", "not as agreed"),
}
REPLIES: dict[str, T] = {
    "thanks": T("고맙습니다.", "Thank you."),
    "sorry": T("미안합니다. 다음에는 더 잘하겠습니다.", "I am sorry; I will do better."),
    "differs": T("제 기억은 다릅니다.", "I remember it otherwise."),
}
OBJECTIONS: dict[str, T] = {
    "untrue": T("사실과 달라요", "It is not true"),
    "another": T("다른 사람 이야기예요", "It is about somebody else"),
    "unrelated": T("이 약속과 관계없어요", "It is not about this agreement"),
}
RULINGS: dict[str, T] = {
    "stands": T("그대로 둠", "It stands"),
    "hidden": T("가림", "Hidden"),
}
WORDS_MAX = 3
NO_REVIEWS = frozenset({"care"})  # sectors


@dataclass(frozen=True, slots=True)
class Review:
    """One review as it stands: `by` of `of`, in a case that ended at `ended`."""

    uid: UUID
    case: UUID
    by: UUID
    of: UUID
    points: int
    words: tuple[str, ...]
    made_at: datetime
    ended: datetime
    is_answered_in_kind: bool = False
    reply: str | None = None
    objection: str | None = None
    ruling: str | None = None
    ruling_why: str = ""

    def is_seen(self, now: datetime, days: int) -> bool:
        """Whether others see it: both have written, or `days` have passed since the end; not
        while an objection is open, and not when it was ruled out."""
        if self.ruling == "hidden" or (self.objection is not None and self.ruling is None):
            return False
        return self.is_answered_in_kind or now >= self.ended + timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Sums:
    """What different neighbours said of one person: how many gave each points and each word."""

    writers: int
    points: tuple[tuple[int, int], ...]
    words: tuple[tuple[str, int], ...]


def sums(seen: Iterable[Review], least: int) -> Sums | None:
    """Add up the newest review of every writer; None below `least` different writers.

    >>> sums([], 5) is None
    True
    """
    newest: dict[UUID, Review] = {}
    for one in sorted(seen, key=lambda review: review.made_at):
        newest[one.by] = one
    if len(newest) < least:
        return None
    points = Counter(one.points for one in newest.values())
    words = Counter(word for one in newest.values() for word in one.words)
    return Sums(
        len(newest),
        tuple((given, points[given]) for given in sorted(POINTS, reverse=True)),
        tuple(sorted(words.items(), key=lambda item: (-item[1], item[0]))),
    )
