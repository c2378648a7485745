"""Words of the exchange's pages: sides, what is given back, times, fields of its forms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from dure.core import clock
from dure.core.text import T
from dure.interfaces.web import formats

SIDES: Mapping[str, T] = {"offer": T("나눔", "Offer"), "request": T("요청", "Request")}
KINDS: Mapping[str, T] = {
    "skill": T("기술·배움", "Skills"),
    "service": T("도움·돌봄", "Help"),
    "item": T("물건", "Things"),
    "food": T("먹거리", "Food"),
    "ride": T("함께 타기", "Rides"),
}
RECIPROCITY: Mapping[str, T] = {
    "gift": T("그냥 나눔", "A gift"),
    "hours": T("시간으로", "In hours"),
    "won": T("돈으로(원)", "In won"),
    "voucher": T("지역상품권으로", "By voucher"),
    "swap": T("맞바꿈", "A swap"),
}
GIVEN = T("물려주는 물건", "Things to keep")
GIVEN_BACK = T("물려줌(아무것도 받지 않음)", "To keep, for nothing")
AUDIENCES: Mapping[str, T] = {
    "public": T("누구나", "Everybody"),
    "district": T("같은 자치구 주민", "Residents of the district"),
    "members": T("우리 조직의 조합원", "Members of the organisation"),
}
WEEKDAYS: Mapping[str, T] = {
    "MO": T("월", "Mon"),
    "TU": T("화", "Tue"),
    "WE": T("수", "Wed"),
    "TH": T("목", "Thu"),
    "FR": T("금", "Fri"),
    "SA": T("토", "Sat"),
    "SU": T("일", "Sun"),
}
LISTING_STATES: Mapping[str, tuple[str, T]] = {
    "open": ("ok", T("열림", "Open")),
    "check": ("wait", T("살펴보는 중", "Being checked")),
    "paused": ("draft", T("쉬는 중", "Paused")),
    "closed": ("draft", T("닫힘", "Closed")),
}
LABELS: Mapping[str, T] = {
    "side": T("나눔인가요, 요청인가요?", "An offer or a request?"),
    "title": T("제목", "Title"),
    "text": T("자세한 글", "Details"),
    "spec_id": T("무엇에 관한 글인가요?", "What is it about?"),
    "reciprocity": T("무엇으로 주고받나요?", "What is given in return?"),
    "rate": T("값", "Price"),
    "qty_max": T("얼마나", "How much"),
    "starts": T("언제부터", "From"),
    "ends": T("언제까지", "Until"),
    "place": T("동네", "Neighbourhood"),
    "audience": T("누가 볼 수 있나요?", "Who can see it?"),
    "organisation_id": T("누구 이름으로 올리나요?", "In whose name?"),
    "district": T("자치구", "District"),
    "reason": T("이유", "Reason"),
    "role": T("역할", "Role"),
    "handle": T("이웃이 고른 이름", "The name they chose"),
    "on": T("날짜", "Day"),
    "minutes": T("걸리는 시간", "How long"),
    "lanes": T("똑같은 것 몇 개", "How many alike"),
    "buffer_min": T("앞뒤 여유", "Time between loans"),
    "condition": T("물건 상태", "Condition"),
    "deposit": T("보증금", "Deposit"),
    "fee": T("이용료", "Fee"),
    "maintain_days": T("점검 주기", "Days between two checks"),
    "maintained_on": T("마지막으로 점검한 날", "Last looked over"),
    "max_days": T("가장 길게", "Longest loan"),
    "digits": T("여섯 자리 숫자", "Six digits"),
}


def options(words: Mapping[str, T], *only: str) -> list[tuple[str, str]]:
    """Choices of a field, in the language of the page."""
    return [(key, str(text)) for key, text in words.items() if not only or key in only]


def given_back(reciprocity: str, rate: int | None, *, is_ride: bool = False) -> str:
    """What is given back, in words: a gift, hours, 3,000 won; of a ride, so much a kilometre."""
    text = str(RECIPROCITY[reciprocity])
    if rate is None or reciprocity not in ("won", "voucher"):
        return text
    amount = formats.won(rate)
    if is_ride:
        amount = T("1km에 %(won)s", "%(won)s a km") % {"won": amount}
    return f"{amount} ({T('지역상품권', 'voucher')})" if reciprocity == "voucher" else amount


def window(starts: datetime | None, ends: datetime | None) -> str:
    """A span in words; open ends are said."""
    if starts is None and ends is None:
        return str(T("때를 정하지 않음", "Any time"))
    if starts is not None and ends is not None:
        return between(starts, ends)
    if starts is not None:
        return T("%(a)s부터", "from %(a)s") % {"a": moment(starts)}
    assert ends is not None
    return T("%(b)s까지", "until %(b)s") % {"b": moment(ends)}


def times(row: Any) -> str:  # Any: a listing of the room's queries
    """When a listing is meant; a ride that repeats goes on days of the week, at an hour."""
    if row.starts is None and row.ends is None and row.rhythm:
        days = " ".join(str(WEEKDAYS[one]) for one in row.rhythm if one in WEEKDAYS)
        return f"{days} {row.at}"
    if row.is_ride and row.starts is None and row.ends is None:
        return str(T("차 찾기에서 때를 봅니다", "See when it goes under shared rides"))
    return window(row.starts, row.ends)


def between(starts: datetime, ends: datetime) -> str:
    """Two moments in words; whole days are said as days, one day is said once."""
    first, last = formats.local(starts), formats.local(ends)
    if not (first.hour or first.minute or last.hour or last.minute):
        final = last - timedelta(days=1)
        if first.date() == final.date():
            return formats.day(first)
        return f"{formats.day(first)} – {formats.day(final)}"
    if first.date() == last.date():
        return f"{formats.day(first)} {first:%H:%M}–{last:%H:%M}"
    return f"{moment(starts)} – {moment(ends)}"


def moment(when: datetime) -> str:
    """A moment with its weekday: `2026년 11월 21일(토) 15:00`."""
    return f"{formats.day(when)} {formats.local(when):%H:%M}"


def instant_of(day: str, hour: str) -> str:
    """The instant of a date and a time of day in Seoul; what is not one stays as typed."""
    try:
        typed = datetime.fromisoformat(f"{day.strip()}T{hour.strip() or '00:00'}")
        return typed.replace(tzinfo=clock.SEOUL).isoformat()
    except ValueError:
        return f"{day} {hour}".strip()


def day_after(day: str) -> str:
    """The day after a typed date, so that “until” takes the whole day in."""
    try:
        return (date.fromisoformat(day.strip()) + timedelta(days=1)).isoformat()
    except (ValueError, OverflowError):
        return day


def day_of(when: datetime) -> date:
    """The day of a moment in Seoul."""
    return formats.local(when).date()


def last_day(end: datetime) -> date:
    """The last day that an end takes in: midnight belongs to the day before."""
    return (formats.local(end) - timedelta(microseconds=1)).date()


def amount_of(least: int, most: int, unit: str, *, is_ride: bool = False) -> str:
    """How much is offered or asked, in words; a single piece needs none."""
    if unit == "MIN":
        if least == most or least == 1:
            return T("%(n)s까지", "up to %(n)s") % {"n": formats.hours(most)} if most > 1 else ""
        return f"{formats.hours(least)} – {formats.hours(most)}"
    if most == 1:
        return ""
    if is_ride:
        return T("%(n)s자리까지", "up to %(n)s seats") % {"n": formats.whole(most)}
    return T("%(n)s개까지", "up to %(n)s") % {"n": formats.whole(most)}


def number(text: str) -> int | str:
    """A typed whole number, separators left out; what is not one stays as typed."""
    plain = text.replace(",", "").strip()
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 16 else text
