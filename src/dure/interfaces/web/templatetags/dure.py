"""The tags that every template of Dure loads: words in two languages, numbers, icons."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.template.context import RequestContext
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from dure.interfaces.web import formats, sitemap
from dure.interfaces.web.icons import ICONS

register = template.Library()


@register.simple_tag
def t(ko: str, en: str, **places: Any) -> str:  # Any: whatever a page shows
    """Give the half of the text that the active language asks for, with its named places filled.

    Values are escaped; the two halves are escaped too unless they are literals of the template.
    """
    half = conditional_escape(ko if formats.in_korean() else en)
    if not places:
        return half
    filled = {name: conditional_escape(value) for name, value in places.items()}
    return mark_safe(half % filled)  # noqa: S308  both the half and the values are escaped above


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw one of our line icons; without a label it is hidden from screen readers."""
    if label:
        return format_html(
            '<svg class="icon" viewBox="0 0 24 24" role="img" aria-label="{}"><path d="{}"/></svg>',
            label,
            ICONS[name],
        )
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>',
        ICONS[name],
    )


@register.simple_tag(takes_context=True)
def address(context: RequestContext, **changes: object) -> str:
    """Give the present address with some query parameters changed; an empty value drops one."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@register.simple_tag(takes_context=True)
def link(context: RequestContext, name: str, *args: object, **kwargs: object) -> str:
    """Give the address of a named page, or nothing when that page does not exist yet."""
    return sitemap.address_of(name, *args, **kwargs) or ""


@register.filter
def short_id(value: object) -> str:
    """Give a stable short name for an element id out of any text."""
    return "i" + hashlib.sha256(str(value).encode()).hexdigest()[:8]


@register.filter
def pick(mapping: Mapping[str, object] | None, key: object) -> object:
    """Look one key up; a missing one gives nothing."""
    return (mapping or {}).get(str(key), "")


@register.filter
def pairs(mapping: Mapping[str, object] | None) -> list[tuple[str, object]]:
    """Give keys and values of a mapping; a template's `.items` would find a key of that name."""
    return list((mapping or {}).items())


@register.filter
def whole(value: int | None) -> str:
    """Write an integer with separators."""
    return "–" if value is None else formats.whole(int(value))


@register.filter
def won(value: int | None) -> str:
    """Write won exactly."""
    return "–" if value is None else formats.won(int(value))


@register.filter
def won_short(value: int | None) -> str:
    """Write won in 억 and 만."""
    return "–" if value is None else formats.won_short(int(value))


@register.filter
def hours(value: int | None) -> str:
    """Write minutes as hours and minutes."""
    return "–" if value is None else formats.hours(int(value))


@register.filter
def day(value: date | None) -> str:
    """Write a date with its weekday."""
    return "–" if value is None else formats.day(value)


@register.filter
def instant(value: datetime | None) -> str:
    """Write an instant in Seoul."""
    return "–" if value is None else formats.instant(value)


@register.filter
def month(value: date | None) -> str:
    """Write a month."""
    return "–" if value is None else formats.month(value)


@register.filter
def quarter(value: date | None) -> str:
    """Write a quarter."""
    return "–" if value is None else formats.quarter(value)


@register.filter
def portion(num: int, den: int) -> str:
    """Write num / den in percent, truncated to one place."""
    return formats.portion(int(num), int(den))


@register.simple_tag(takes_context=True)
def form_key(context: RequestContext, only: str = "") -> str:
    """Give the idempotency key of a form: the one that was sent, else a new one.

    only : on a page of several forms, the `do` of this one; another's key is not its own
    """
    form = context.get("form")
    values = getattr(form, "values", None)
    if only and isinstance(values, Mapping) and values.get("do") != only:
        form = None
    return str(getattr(form, "key", "") or uuid.uuid4())


@register.filter
def typed(form: object, name: str) -> object:
    """Give what was typed into a field of a form that is shown again; nothing on its first view."""
    values = getattr(form, "values", None)
    return values.get(name, "") if isinstance(values, Mapping) else ""


@register.filter
def chosen(value: object, option: object) -> bool:
    """Say whether an option is among the chosen values."""
    if isinstance(value, (list, tuple, set, frozenset)):
        return str(option) in {str(one) for one in value}
    return value not in (None, "") and str(value) == str(option)


@register.simple_tag(takes_context=True)
def page_address(context: RequestContext, number: int, name: str = "page") -> str:
    """Give the present address at another page number."""
    return address(context, **{name: "" if number == 1 else number})


@register.filter
def pages_around(page: Page[object]) -> list[int]:
    """Give the page numbers worth showing: ends, neighbours; 0 stands for a gap."""
    last = page.paginator.num_pages
    near = {1, last, *(n for n in range(page.number - 1, page.number + 2) if 1 <= n <= last)}
    numbers: list[int] = []
    for number in sorted(near):
        if numbers and number - numbers[-1] == 2:
            numbers.append(number - 1)
        elif numbers and number - numbers[-1] > 2:
            numbers.append(0)
        numbers.append(number)
    return numbers
