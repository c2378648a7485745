"""Why a claim got what it got: one sentence in both languages, from the reason kept with it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from dure.core.text import T
from dure.engines.allotment import Why
from dure.exchange.baskets import GRAM

WITHDRAWN = "withdrawn"


def amount(number: int | Fraction, unit: str) -> T:
    """An amount as people say it: grams as kg or g, pieces counted; three places at most.

    >>> amount(2500, "GRM").ko, amount(Fraction(7000, 3), "GRM").en, amount(3, "H87").ko
    ('2.5 kg', '2.333 kg', '3개')
    """
    value = Fraction(number)
    if unit == GRAM:
        text = f"{_decimal(value)} g" if value < 1000 else f"{_decimal(value / 1000)} kg"
        return T(text, text)
    text = _decimal(value)
    return T(f"{text}개", f"{text} {'pc' if value == 1 else 'pcs'}")


def _decimal(value: Fraction) -> str:
    """Three places, half up, without zeros at the end."""
    thousandths = (value.numerator * 2000 + value.denominator) // (2 * value.denominator)
    whole, rest = divmod(thousandths, 1000)
    return f"{whole:,}" if not rest else f"{whole:,}.{rest:03d}".rstrip("0")


def sentence(reason: Mapping[str, Any], asked: int, awarded: int, unit: str) -> T | None:
    """Say why; None while nothing has been allotted.

    reason  : as `allotting` wrote it    asked, awarded : in the product's unit
    """
    if not reason:
        return None
    why = reason["why"]
    want, got = amount(asked, unit), amount(awarded, unit)
    head = T(f"{want.ko} 주문, {got.ko} 받음", f"{want.en} asked, {got.en} given")
    told = _because(reason, why, asked, awarded, unit)
    case = unfilled(reason)
    if case and awarded < asked:
        first = _not_filled(case, reason, unit)
        if why == Why.NOTHING_LEFT:
            told = first
        else:
            told = T(f"{first.ko} {told.ko}", f"{first.en} {told.en[0].upper()}{told.en[1:]}")
    return T(f"{head.ko}: {told.ko}", f"{head.en}: {told.en}")


def unfilled(reason: Mapping[str, Any]) -> int:
    """How much of what all asked for filled no case and was not ordered, though there was more.

    >>> unfilled({"case": 12, "asked_by_all": 13, "ordered": 12, "estate": 60})
    1
    >>> unfilled({"case": 12, "asked_by_all": 80, "ordered": 60, "estate": 60})
    0
    """
    case, ordered = reason.get("case", 0), reason.get("ordered", 0)
    if not case or ordered + case > reason.get("estate", 0):
        return 0
    return max(0, int(reason.get("asked_by_all", 0)) - int(ordered))


def _not_filled(left: int, reason: Mapping[str, Any], unit: str) -> T:
    what, case = amount(left, unit), amount(int(reason["case"]), unit)
    return T(
        f"모두의 주문 가운데 {what.ko}{'은' if unit == GRAM else '는'} 한 상자({case.ko})를 채우지 "
        "못해 생산자에게 주문하지 못했습니다.",
        f"{what.en} of all orders did not fill a case of {case.en} and could not be ordered.",
    )


def _because(reason: Mapping[str, Any], why: str, asked: int, awarded: int, unit: str) -> T:
    there = amount(reason.get("ordered", 0), unit)
    number = _number(reason, unit)
    shared = there.ko + ("을" if unit == GRAM else "를")  # 그램, 킬로그램; 개
    if why == WITHDRAWN:
        return T("생산자가 거둔 물건입니다.", "the product was withdrawn.")
    if why == Why.IN_FULL:
        if awarded > asked:
            return T(
                "상자를 채우려고 더 받아도 된다고 한 만큼에서 더 나누었습니다.",
                "more of what you tolerated, so that a case fills.",
            )
        return T("주문한 만큼 모두 받습니다.", "all that you asked for.")
    if reason.get("stage") == "tolerance":
        return T(
            "주문한 만큼은 모두 받습니다. 더 받아도 된다고 한 것은 상자를 채우는 데 드는 만큼만 "
            "나눕니다.",
            "all that you asked for; of what you tolerated only as much as fills a case.",
        )
    if why == Why.NOTHING_LEFT:
        return T("나눌 것이 없었습니다.", "there was nothing to share.")
    lines: dict[str, T] = {
        Why.PORTION: T(
            f"{shared} 모두가 주문한 양에 비례해 나누었습니다(비율 {number.ko}).",
            f"{there.en} shared in proportion to what everybody asked (rate {number.en}).",
        ),
        Why.EQUAL_SHARE: T(
            f"{shared} 똑같이 나누었습니다(한 몫 {number.ko}). "
            "적게 주문한 분은 주문한 만큼만 받았습니다.",
            f"equal share of {there.en} (one share {number.en}); nobody got more than asked.",
        ),
        Why.WEIGHTED_SHARE: T(
            f"{shared} 무게에 따라 나누었습니다(한 몫 {number.ko}).",
            f"{there.en} shared by weight (one share {number.en}).",
        ),
        Why.EQUAL_LOSS: T(
            f"모자란 만큼을 똑같이 덜었습니다(덜어 낸 양 {number.ko}).",
            f"what was short was taken off equally (each {number.en}).",
        ),
        Why.HALF: T(
            "모두 주문의 절반을 먼저 받는 규칙입니다.",
            "by the rule that gives everybody half of what was asked first.",
        ),
        Why.ORDER: T(
            f"먼저 주문한 차례로 {shared} 나누었습니다.",
            f"{there.en} given in the order of asking.",
        ),
    }
    return lines[why]


def _number(reason: Mapping[str, Any], unit: str) -> T:
    text = reason.get("parameter")
    if text is None:
        return T("–", "–")
    value = Fraction(str(text))
    if reason.get("measure") == "rate":
        percent = f"{_decimal(value * 100)} %"
        return T(percent, percent)
    return amount(value, unit)
