"""Made-up charts for the gallery; their numbers mean nothing."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from dure.core.text import T
from dure.interfaces.web import formats
from dure.interfaces.web.charts import Point, Span, bar, bullet, line, share, spark, timeline
from dure.interfaces.web.maps import district_map, outlines

SAMPLE = T("보기용으로 지어낸 수", "Made-up numbers")


def _months(count: int) -> list[Point]:
    points = []
    for index in range(count):
        when = date(2025 + index // 12, index % 12 + 1, 1)
        value = 40 + (index * 29) % 61 + index * 3
        label = formats.month(when)
        if index == 4:
            points.append(Point(label, state="missing", note=str(T("보고 늦음", "late report"))))
        elif index == 8 and count > 9:
            points.append(Point(label, state="suppressed"))
        else:
            text = f"{value}건" if formats.in_korean() else str(value)
            points.append(Point(label, value, text, low=value - 12, high=value + 12))
    return points


def chart_samples(state: str) -> dict[str, object]:
    """Give one sample of each chart; `empty` and `one` with no value and one value."""
    count = {"empty": 0, "one": 1}.get(state, 14)
    fix, total, unit = T("고친 것", "repairs"), T("모두", "all"), str(T("건", "items"))
    names = [
        T("고침", "Fixed"),
        T("고칠 수 있음", "Repairable"),
        T("수명 다함", "End of life"),
        T("모름", "Unknown"),
    ]
    values = [
        Point(str(name), value, f"{value}{unit if formats.in_korean() else ''}")
        for name, value in zip(names, (61, 24, 12, 3), strict=True)
    ]
    bars = [
        *values,
        Point(str(T("부품 없음", "No part")), state="missing"),
        Point(str(T("그 밖", "Other")), state="suppressed"),
        Point(str(T("해당 없음", "Not applicable")), state="not_applicable"),
    ]
    places, *_rest = outlines()
    mapped = {}
    for index, one in enumerate(places):
        label = one.ko if formats.in_korean() else one.en
        value = (index * 37) % 90
        mapped[one.code] = (
            Point(label, state="missing")
            if index == 3
            else Point(label, state="suppressed")
            if index in (8, 20)
            else Point(label, state="not_applicable")
            if index == 14
            else Point(label, value, f"{value}", href="#main")
        )
    bounds = (10, 30, 50, 70)
    return {
        "line": line(
            str(
                T(
                    "수리 건수는 열네 달 동안 두 배로 늘었습니다",
                    "Repairs doubled in fourteen months",
                )
            ),
            _months(count),
            unit=unit,
            period="2025–2026",
            source=str(SAMPLE),
            target=90,
            target_text=str(T("90건", "90 items")),
        ),
        "bar": bar(
            str(T("열에 여섯은 고쳤습니다", "Six of ten were fixed")),
            bars if count > 1 else bars[:count],
            unit=unit,
            period="2026",
            source=str(SAMPLE),
        ),
        "bullet": bullet(
            str(
                T(
                    "지역 조달 비중은 목표에 조금 못 미칩니다",
                    "Local purchasing is just short of its target",
                )
            ),
            Point(str(fix), Fraction(49, 10), "4.9%"),
            target=5,
            target_text="5.0%",
            top=8,
            unit="%",
            period="2026",
        ),
        "share": share(
            str(T("결과의 몫", "Shares of outcomes")),
            values,
            unit=f"{unit} ({total})",
            period="2026",
            source=str(SAMPLE),
        ),
        "spark": spark(str(T("지난 열네 달", "Last fourteen months")), _months(14)),
        "time": timeline(
            str(T("올해의 일정", "This year’s phases")),
            [
                Span(
                    str(T("제안", "Proposals")),
                    date(2026, 1, 5),
                    date(2026, 3, 31),
                    formats.day(date(2026, 3, 31), False),
                ),
                Span(
                    str(T("검토", "Review")),
                    date(2026, 4, 1),
                    date(2026, 6, 30),
                    formats.day(date(2026, 6, 30), False),
                ),
                Span(
                    str(T("투표", "Vote")),
                    date(2026, 9, 1),
                    date(2026, 12, 14),
                    formats.day(date(2026, 12, 14), False),
                ),
            ],
            today=date(2026, 11, 21),
            source=str(SAMPLE),
        ),
        "map": district_map(
            str(T("수리 건수는 북쪽이 많습니다", "Most repairs are in the north")),
            mapped,
            bounds,
            unit=unit,
            period="2026",
            source=str(SAMPLE),
            mine="11440",
        ),
        "tiles": district_map(
            str(T("같은 크기로 본 25개 자치구", "The 25 districts at equal size")),
            mapped,
            bounds,
            unit=unit,
            period="2026",
            source=str(SAMPLE),
            tiles=True,
        ),
    }
