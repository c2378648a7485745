"""Words for people: units, sectors, rules and classes of the journal in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dure.core.text import T

if TYPE_CHECKING:
    from dure.journal.models import Factor

UNITS: Mapping[str, T] = {
    "MIN": T("분", "minutes"),
    "GRM": T("그램", "grams"),
    "MLT": T("밀리리터", "millilitres"),
    "WHR": T("와트시", "watt-hours"),
    "MTR": T("미터", "metres"),
    "CMK": T("제곱센티미터", "square centimetres"),
    "C62": T("개", "count"),
    "H87": T("건", "items"),
    "GCO2E": T("그램 CO2e", "grams CO2e"),
    "KRW": T("원", "won"),
    "PPM": T("백만분율", "parts per million"),
}
SECTORS: Mapping[str, T] = {
    "repair": T("수리", "Repair"),
    "governance": T("조직과 운영", "Organisations and governance"),
    "finance": T("재정", "Finance"),
    "energy": T("에너지", "Energy"),
    "food": T("먹거리", "Food"),
    "housing": T("주거", "Housing"),
    "care": T("돌봄", "Care"),
    "sharing": T("나눔", "Sharing"),
    "mobility": T("이동", "Mobility"),
    "procurement": T("공공 구매", "Procurement"),
    "programme": T("사업", "Programme"),
}
DISTRICT_RULES: Mapping[str, T] = {
    "site": T("일이 일어난 자치구", "the district where it happened"),
    "resident": T("사는 자치구", "the district of residence"),
    "buyer": T("사는 쪽의 자치구", "the buyer's district"),
    "head_office": T("본점이 있는 자치구", "the district of the head office"),
    "city": T("서울 전체", "the whole city"),
}
EVIDENCE: Mapping[str, T] = {
    "E": T("추정", "estimated"),
    "A": T("스스로 밝힘", "self-declared"),
    "B": T("상대가 확인함", "confirmed by the other party"),
    "C": T("계측 또는 제삼자", "instrument or third party"),
}
DIMS: Mapping[str, T] = {
    "outcome": T("결과", "outcome"),
    "category": T("물건 종류", "kind of item"),
    "origin": T("나온 곳", "origin"),
    "sector": T("분야", "sector"),
    "payee": T("받은 쪽", "who was paid"),
    "status": T("자격", "status"),
    "kind": T("법적 형태", "legal form"),
    "activity": T("활동", "activity"),
    "age_band": T("연령대", "age band"),
    "sex": T("성별", "sex"),
}
_GRAM, _KILO = 10**6, 10**9


def unit(code: str) -> T:
    """A unit in words; one that is not listed shows its code."""
    return UNITS.get(code, T(code, code))


def sector(code: str) -> T:
    """A sector in words."""
    return SECTORS.get(code, T(code, code))


def dim(key: str) -> T:
    """A dimension in words."""
    return DIMS.get(key, T(key, key))


def factor_value(factor: Factor) -> T | None:
    """The value of a factor per unit in words; None when it is not known yet."""
    if factor.micrograms is None:
        return None
    if factor.from_unit == "PPM":
        share = f"{factor.micrograms / 1_000_000:.2f}".rstrip("0").rstrip(".")
        return T(f"{share} (비율)", f"{share} (share)")
    per = unit(factor.from_unit)
    whole, rest = divmod(factor.micrograms, _KILO)
    if whole:
        amount = f"{whole:,}" + (f".{rest:09d}".rstrip("0") if rest else "")
        return T(f"1{per.ko}에 {amount} kg", f"{amount} kg per {per.en}")
    whole, rest = divmod(factor.micrograms, _GRAM)
    amount = f"{whole:,}" + (f".{rest:06d}".rstrip("0") if rest else "")
    return T(f"1{per.ko}에 {amount} g", f"{amount} g per {per.en}")
