"""Quantities of a pool in words, by their unit."""

from __future__ import annotations

from django import template

from dure.core.text import T
from dure.interfaces.web import formats

register = template.Library()
PIECES = ("C62", "H87", "")


@register.filter
def quantity(amount: int | None, unit: str) -> str:
    """So much of a pool: `2시간 30분`, `1,500g`, `3개`; nothing known is a dash."""
    if amount is None:
        return "–"
    if unit == "MIN":
        return formats.hours(amount)
    if unit == "KRW":
        return formats.won(amount)
    if unit in PIECES:
        return T("%(n)s개", "%(n)s") % {"n": formats.whole(amount)}
    return f"{formats.whole(amount)}{UNITS.get(unit, f' {unit}')}"


UNITS = {"GRM": "g", "KGM": "kg", "MLT": "mL", "LTR": "L", "WHR": "Wh", "MTR": "m"}
