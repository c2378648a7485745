"""Numbers, amounts, durations and dates in words, in Korean and English.

The law of this module: what is shown never says more than what is held. Amounts and minutes are
integers; a share is truncated, never rounded up to its target.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.utils import translation

SEOUL = ZoneInfo("Asia/Seoul")
DAYS_KO = ("월", "화", "수", "목", "금", "토", "일")
DAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def in_korean() -> bool:
    """Say whether the active language is Korean; it is, unless English is active."""
    return not (translation.get_language() or "ko").startswith("en")


def whole(number: int) -> str:
    """Write an integer with separators.

    >>> whole(1234567)
    '1,234,567'
    """
    return f"{number:,}"


def won(amount: int) -> str:
    """Write won exactly: `1,234원`, in English `1,234 won`."""
    return f"{amount:,}원" if in_korean() else f"{amount:,} won"


def won_short(amount: int) -> str:
    """Write won in 억 and 만, or billion and million, truncated; below 10,000 exactly."""
    size, sign = abs(amount), "-" if amount < 0 else ""
    if not in_korean():
        for unit, name in ((10**9, "billion"), (10**6, "million")):
            if size >= unit:
                tenths = size * 10 // unit
                tail = f".{tenths % 10}" if tenths % 10 else ""
                return f"{sign}{tenths // 10:,}{tail} {name} won"
        return won(amount)
    eok, rest = divmod(size, 10**8)
    man = rest // 10**4
    if eok:
        return f"{sign}{eok:,}억{f' {man:,}만' if man else ''} 원"
    return f"{sign}{man:,}만 원" if man else won(amount)


def hours(minutes: int) -> str:
    """Write minutes as hours: `2시간 30분`, in English `2 h 30 min`."""
    sign = "-" if minutes < 0 else ""
    full, rest = divmod(abs(minutes), 60)
    names = ("시간", "분") if in_korean() else (" h", " min")
    parts = [f"{full:,}{names[0]}"] if full else []
    if rest or not full:
        parts.append(f"{rest}{names[1]}")
    return sign + " ".join(parts)


def portion(num: int, den: int, places: int = 1) -> str:
    """Write num / den in percent, truncated toward zero; `–` when den is zero.

    >>> portion(49_999_999, 1_000_000_000)
    '4.9%'
    """
    if den == 0:
        return "–"
    scaled = abs(num) * 100 * 10**places // abs(den)
    sign = "-" if (num < 0) != (den < 0) and scaled else ""
    full, rest = divmod(scaled, 10**places)
    return f"{sign}{full:,}.{rest:0{places}d}%" if places else f"{sign}{full:,}%"


def day(when: date, weekday: bool = True) -> str:
    """Write a date: `2026년 11월 21일(토)`, in English `Sat 21 Nov 2026`."""
    when = local(when) if isinstance(when, datetime) else when
    if in_korean():
        tail = f"({DAYS_KO[when.weekday()]})" if weekday else ""
        return f"{when.year}년 {when.month}월 {when.day}일{tail}"
    head = f"{DAYS_EN[when.weekday()]} " if weekday else ""
    return f"{head}{when.day} {MONTHS_EN[when.month - 1]} {when.year}"


def local(when: datetime) -> datetime:
    """Give the instant in Seoul; a naive one is taken as UTC, as the database stores it."""
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(SEOUL)


def instant(when: datetime) -> str:
    """Write an instant in Seoul: `2026년 11월 30일 18:00`."""
    here = local(when)
    return f"{day(here, weekday=False)} {here:%H:%M}"


def month(when: date) -> str:
    """Write a month: `2026년 11월`, in English `Nov 2026`."""
    if in_korean():
        return f"{when.year}년 {when.month}월"
    return f"{MONTHS_EN[when.month - 1]} {when.year}"


def quarter(when: date) -> str:
    """Write a quarter: `2026년 4분기`, in English `Q4 2026`."""
    number = (when.month + 2) // 3
    return f"{when.year}년 {number}분기" if in_korean() else f"Q{number} {when.year}"


def soon(when: datetime, now: datetime) -> str:
    """Write an instant in words beside today: `오늘 오후 3시`, in English `today 3 pm`.

    Noon is called so, and the hour after midnight is the first of its day.
    """
    here, today = local(when), local(now).date()
    gap = (here.date() - today).days
    hour = here.hour % 12 or 12
    minutes = here.minute
    if in_korean():
        name = {-1: "어제", 0: "오늘", 1: "내일", 2: "모레"}.get(gap) or day(here)
        half = "오전" if here.hour < 12 else "오후"
        if here.hour % 12 == 0:
            half, hour = ("낮", 12) if here.hour else ("오전", 0)
        return f"{name} {half} {hour}시" + (f" {minutes}분" if minutes else "")
    name = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(gap) or day(here)
    half = "am" if here.hour < 12 else "pm"
    if here.hour == 0:
        return f"{name} 00:{minutes:02d}"
    if here.hour == 12 and not minutes:
        return f"{name} noon"
    return f"{name} {hour}" + (f":{minutes:02d}" if minutes else "") + f" {half}"
