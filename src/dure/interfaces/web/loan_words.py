"""Words of a loan: its fee and its deposit, as a thing asks them and as they were agreed."""

from __future__ import annotations

from typing import Any

from dure.core.text import T
from dure.interfaces.web import formats

AS_SEEN = ("fee", "fee_unit", "deposit", "deposit_unit")


def price(amount: int, unit: str) -> str:
    """A fee or deposit in words; nothing is free of charge."""
    if not amount:
        return str(T("무료", "Free of charge"))
    if unit == "minutes":
        return formats.hours(amount)
    text = formats.won(amount)
    words_of = {"voucher": T("지역상품권", "voucher"), "local": T("지역화폐", "local currency")}
    return f"{words_of[unit]} {text}" if unit in words_of else text


def facts_of(case: Any) -> list[tuple[str, str]]:  # Any: a face names no model
    """What a loan costs, as it was agreed when its place was held; nothing for other cases."""
    if case.process != "equipment_loan" or "fee" not in case.terms:
        return []
    terms = case.terms
    found = [(str(T("빌리는 값", "Fee")), price(terms["fee"], terms["fee_unit"]))]
    if terms["deposit"]:
        deposit = price(terms["deposit"], terms["deposit_unit"])
        found.append((str(T("보증금", "Deposit")), deposit))
    return found
