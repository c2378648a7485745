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
DEVIATIONS: Mapping[str, T] = {
    "id_pattern": T("번호의 꼴이 표준과 다름", "id not in the published pattern"),
    "country_pattern": T("나라 부호가 아님", "not a country code"),
    "category_unknown": T("목록에 없는 물건 종류", "kind of item not in the list"),
    "category_name": T("종류 이름과 번호가 맞지 않음", "name of the kind does not fit its number"),
    "year_pattern": T("만든 해가 네 자리 수가 아님", "year not of four digits"),
    "age_number": T("쓴 햇수가 수가 아님", "age not a number"),
    "status_spelling": T("결과의 철자가 다름", "result spelt differently"),
    "status_unknown": T(
        "목록에 없는 결과(모름으로 셈)", "result not in the list, taken as unknown"
    ),
    "barrier_spelling": T("못 고친 까닭의 철자가 다름", "barrier spelt differently"),
    "barrier_unknown": T("목록에 없는 까닭", "barrier not in the list"),
    "barrier_misplaced": T("수명이 다하지 않았는데 까닭이 적힘", "barrier without end of life"),
    "date_form": T("날짜의 꼴이 다름", "date written in another form"),
    "text_cleaned": T("보이지 않는 글자를 지움", "invisible characters taken out"),
    "text_cut": T("너무 긴 글을 자름", "text too long, cut"),
    "text_blanked": T("주민등록번호 꼴의 글을 지움", "text like a resident number, blanked"),
    "cells_extra": T("칸이 더 많음", "more cells than columns"),
    "cells_missing": T("칸이 모자람", "fewer cells than columns"),
}
UNKNOWN_CATEGORY = T("종류 모름", "Unknown kind")


def category(number: int | None) -> T:
    """The name of a device category; one that is not known says so."""
    found = CATEGORIES.get(number) if number is not None else None
    return T(found.ko, found.en) if found is not None else UNKNOWN_CATEGORY
