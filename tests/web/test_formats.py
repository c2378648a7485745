"""Numbers, amounts and dates in words, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from django.template import Context, Template
from django.utils.translation import override

from dure.interfaces.web import formats

AT = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        (
            "ko",
            ["1,234원", "12억 3,456만 원", "9,999원", "2시간 30분", "0분", "2026년 11월 21일(토)"],
        ),
        (
            "en",
            ["1,234 won", "1.2 billion won", "9,999 won", "2 h 30 min", "0 min", "Sat 21 Nov 2026"],
        ),
    ],
)
def test_each_language_has_its_own_way(language: str, shown: list[str]) -> None:
    with override(language):
        assert shown == [
            formats.won(1234),
            formats.won_short(1_234_567_890),
            formats.won_short(9_999),
            formats.hours(150),
            formats.hours(0),
            formats.day(date(2026, 11, 21)),
        ]


def test_instants_are_shown_in_seoul() -> None:
    with override("ko"):
        assert formats.instant(AT) == "2026년 11월 30일 18:00"
        assert formats.instant(AT.replace(tzinfo=None)) == "2026년 11월 30일 18:00"
        assert formats.day(datetime(2026, 11, 30, 15, 30, tzinfo=UTC)) == "2026년 12월 1일(화)"


@pytest.mark.parametrize(
    ("num", "den", "shown"),
    [
        (49_999_999, 10**9, "4.9%"),
        (1, 0, "–"),
        (-1, 1000, "-0.1%"),
        (1, 3, "33.3%"),
        (5, 100, "5.0%"),
    ],
)
def test_portions_are_truncated_never_rounded_up(num: int, den: int, shown: str) -> None:
    assert formats.portion(num, den) == shown


@pytest.mark.parametrize(
    ("hour", "ko", "en"),
    [
        (6, "오늘 오후 3시", "today 3 pm"),
        (15, "내일 오전 0시", "tomorrow 00:00"),
        (3, "오늘 낮 12시", "today noon"),
        (-15, "어제 오후 6시", "yesterday 6 pm"),
    ],
)
def test_time_is_told_beside_today(hour: int, ko: str, en: str) -> None:
    now = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
    when = datetime(2026, 11, 21 if hour >= 0 else 20, hour % 24, 0, tzinfo=UTC)
    with override("ko"):
        assert formats.soon(when, now) == ko
    with override("en"):
        assert formats.soon(when, now) == en


def drawn(text: str, **values: object) -> str:
    return Template("{% load dure %}" + text).render(Context(values))


def test_tag_takes_the_active_half_and_fills_its_places() -> None:
    text = '{% t "%(n)s건" "%(n)s items" n=count %}'
    with override("ko"):
        assert drawn(text, count=3) == "3건"
    with override("en"):
        assert drawn(text, count=3) == "3 items"


def test_tag_escapes_values_and_variable_halves_once() -> None:
    evil, clean = "<b>&", "&lt;b&gt;&amp;"
    with override("ko"):
        assert drawn('{% t "%(n)s 님" "%(n)s" n=name %}', name=evil) == f"{clean} 님"
        assert drawn("{% t ko en %}", ko=evil, en="x") == clean
        assert drawn('{% t "%(n)s & <b>" "%(n)s" n=1 %}') == "1 & <b>"


def test_filters_show_a_missing_number_as_a_dash() -> None:
    with override("ko"):
        assert drawn("{{ x|whole }}{{ x|won }}{{ x|day }}", x=None) == "–––"
        assert drawn("{{ 1204|whole }} {{ 4|portion:8 }}") == "1,204 50.0%"


def test_chart_words_truncate_fractions() -> None:
    from dure.interfaces.web.charts import plain

    assert [plain(Fraction(49, 10)), plain(Fraction(2, 3)), plain(1200), plain(None)] == [
        "4.90", "0.66", "1,200", "",
    ]  # fmt: skip
