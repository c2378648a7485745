"""Filters for amounts of the ledger."""

from __future__ import annotations

from django import template

from dure.interfaces.web import money_words

register = template.Library()


@register.filter
def amount(value: int | None, unit: str) -> str:
    """Write an amount with its unit."""
    return "–" if value is None else money_words.amount(int(value), unit)


@register.filter
def signed(value: int | None, unit: str) -> str:
    """Write an amount with its direction."""
    return "–" if value is None else money_words.signed(int(value), unit)


@register.filter
def in_words(value: int, unit: str) -> str:
    """Say an amount in words."""
    return money_words.in_words(int(value), unit)


@register.filter
def unit_name(unit: str) -> str:
    """Name what an account counts."""
    return str(money_words.UNIT_NAMES[unit])


@register.filter
def four_four(digits: str | None) -> str:
    """Write eight digits in two groups, as they are read aloud."""
    return f"{digits[:4]} {digits[4:]}" if digits else ""
