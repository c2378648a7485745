"""Words for people: outcomes, barriers and categories of repairs in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from dure.core.text import T
from dure.engines.ords_words import CATEGORIES, Barrier, Outcome

OUTCOMES: Mapping[Outcome, T] = {
    Outcome.FIXED: T("고쳤어요", "Fixed"),
    Outcome.REPAIRABLE: T("고칠 수 있어요(아직)", "Repairable, not yet fixed"),
    Outcome.END_OF_LIFE: T("수명이 다했어요", "End of life"),
    Outcome.UNKNOWN: T("모르겠어요", "Not known"),
}
OUTCOMES_SHORT: Mapping[Outcome, T] = {
    Outcome.FIXED: T("고침", "Fixed"),
    Outcome.REPAIRABLE: T("고칠 수 있음", "Repairable"),
    Outcome.END_OF_LIFE: T("수명 다함", "End of life"),
    Outcome.UNKNOWN: T("모름", "Unknown"),
}
BARRIERS: Mapping[Barrier, T] = {
    Barrier.PARTS_UNAVAILABLE: T("부품을 구할 수 없음", "Spare parts not available"),
    Barrier.PARTS_EXPENSIVE: T("부품이 너무 비쌈", "Spare parts too expensive"),
    Barrier.NO_WAY_TO_OPEN: T("열 수 없게 만들어짐", "No way to open the product"),
    Barrier.NO_INFORMATION: T("고치는 법을 알 수 없음", "Repair information not available"),
    Barrier.NO_EQUIPMENT: T("장비가 없음", "Lack of equipment"),
    Barrier.WORN_OUT: T("너무 낡음", "Too worn out"),
}
UNKNOWN_CATEGORY = T("종류 모름", "Unknown kind")


def category(number: int | None) -> T:
    """The name of a device category; one that is not known says so."""
    found = CATEGORIES.get(number) if number is not None else None
    return T(found.ko, found.en) if found is not None else UNKNOWN_CATEGORY
