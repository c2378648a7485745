"""Forms drawn from declarations: what a step or a start asks, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from enum import Enum
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from django.http import HttpRequest

from dure.core.text import T

LONG = frozenset({"why", "note", "problem"})
NUMBERS: Mapping[str, T] = {
    "minutes": T("분", "min"),
    "days": T("일", "days"),
    "share": T("원", "won"),
}
TYPES: Mapping[str, str] = {"on": "date", "at": "time"}
GIVEN_IN: Mapping[str, T] = {
    "won": T("원", "won"),
    "minutes": T("분", "min"),
    "voucher": T("원(지역상품권)", "won in vouchers"),
    "local": T("원(지역화폐)", "won in local currency"),
}
WORDS: Mapping[str, T] = {
    "minutes": T("걸린 시간", "How long it took"),
    "days": T("며칠 더 빌리나요?", "How many days longer?"),
    "charge": T("보증금에서 뺄 만큼", "How much of the deposit is kept"),
    "why": T("까닭", "Why"),
    "note": T("덧붙일 말", "Anything to add"),
    "place": T("만나는 곳", "Where to meet"),
    "purpose": T("어디에 쓰나요?", "What is it for?"),
    "outcome": T("결과", "Result"),
    "barrier": T("못 고친 까닭", "What prevented it"),
    "seats": T("몇 자리", "How many seats"),
    "share": T("타는 사람이 나누어 낼 돈", "What the rider pays"),
    "on": T("만나는 날", "Day to meet"),
    "at": T("만나는 시각", "Hour to meet"),
}
PLANNED: Mapping[str, T] = {"minutes": T("얼마나 걸리나요?", "How long will it take?")}
HELP: Mapping[str, T] = {
    "minutes": T("15분 단위로 적습니다.", "In quarters of an hour."),
    "place": T(
        "약속이 되면 상대에게만 보입니다.", "Shown to the other side alone, once it is agreed."
    ),
    "why": T("당사자와 코디네이터만 봅니다.", "Only the parties and the coordinator see this."),
    "note": T(
        "전화번호, 주소, 건강 이야기는 적지 마세요.",
        "Please write no phone numbers, addresses or health matters.",
    ),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One field as `c-field` draws it."""

    name: str
    label: str
    help: str
    type: str
    unit: str
    required: bool
    options: tuple[tuple[str, str], ...] = ()
    value: str = ""


def asked(
    kind: type[object] | None, *, plan: bool = False, deposit: str = "won", **values: object
) -> list[Asked]:
    """The fields of a declared dataclass, in its order; `values` stand in them at first.

    plan : the words speak of what is to come, not of what was
    deposit : in what the deposit of the case is given
    """
    if kind is None:
        return []
    hints = get_type_hints(kind, include_extras=True)
    return [
        _field(
            one.name,
            PLANNED.get(one.name, WORDS.get(one.name)) if plan else WORDS.get(one.name),
            hints[one.name],
            one.default is MISSING,
            values.get(one.name),
            GIVEN_IN[deposit] if one.name == "charge" else NUMBERS.get(one.name),
        )
        for one in fields(kind)  # type: ignore[arg-type]  # a declared dataclass
    ]


def _field(
    name: str,
    label: T | None,
    hint: Any,  # Any: a type
    required: bool,
    value: object,
    unit: T | None,
) -> Asked:
    options = _options(hint)
    kind = "radio" if options else "textarea" if name in LONG else TYPES.get(name, "text")
    return Asked(
        name=name,
        label=str(label or name),
        help=str(HELP[name]) if name in HELP else "",
        type=kind,
        unit=str(unit) if unit is not None else "",
        required=required,
        options=options,
        value="" if value is None else str(value),
    )


def _options(hint: Any) -> tuple[tuple[str, str], ...]:  # Any: a type
    if get_origin(hint) is Annotated:
        return _options(get_args(hint)[0])
    if get_origin(hint) is Literal:
        return tuple((str(one), str(one)) for one in get_args(hint))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return tuple((str(one.value), str(one.value)) for one in hint)
    parts = [part for part in get_args(hint) if part is not NoneType]
    return _options(parts[0]) if len(parts) == 1 else ()


def answers_of(request: HttpRequest, kind: type[object] | None) -> tuple[dict[str, str], ...]:
    """What was typed into the fields of a declared dataclass, as the door takes it."""
    if kind is None:
        return ()
    names = [one.name for one in fields(kind)]  # type: ignore[arg-type]  # a declared dataclass
    typed = ((name, request.POST.get(name, "").strip()) for name in names)
    return tuple({"name": name, "value": value} for name, value in typed if value)
