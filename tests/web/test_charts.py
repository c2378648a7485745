"""Charts and maps: four states, twins that say the same, weight, words that stay words."""

from __future__ import annotations

import gzip
import re
from datetime import date
from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest
from django.template import engines
from django.utils.translation import override

from dure.interfaces.web import charts
from dure.interfaces.web.charts import Point, Span
from dure.interfaces.web.maps import district_map, outlines

SAMPLES = [
    Point("가", 10),
    Point("나", state="missing", note="늦음"),
    Point("다", state="suppressed"),
    Point("라", state="not_applicable"),
    Point("마", 40),
    Point("바", 30),
]


def drawn(tag: str, **values: object) -> str:
    text = engines["django"].engine.template_loaders[0].loaders[0].cotton_compiler.process(tag)
    return str(engines["django"].from_string(text).render(values))


def kinds(chart: charts.Chart) -> list[str]:
    return [mark.kind for mark in chart.marks]


def test_line_draws_the_four_states_apart() -> None:
    chart = charts.line("t", SAMPLES, unit="건")
    assert kinds(chart) == ["dt", "miss", "hid", "dt", "dt on"]
    assert len(chart.paths) == 1
    assert [state for state, _words in chart.states] == ["miss", "hid", "na"]


def test_gap_in_the_data_is_a_gap_in_the_line() -> None:
    points = [Point(str(n), n) for n in range(3)] + [Point("x", state="missing")]
    chart = charts.line("t", points + [Point(str(n), n) for n in range(3)], unit="")
    assert len(chart.paths) == 2


def test_bar_draws_the_four_states_apart() -> None:
    chart = charts.bar("t", SAMPLES, unit="건")
    assert kinds(chart) == [
        "trk", "br on", "trk", "miss", "trk", "hid", "trk", "br on", "trk", "br on",
    ]  # fmt: skip


def test_zero_is_a_value_and_no_value_is_not_zero() -> None:
    chart = charts.bar("t", [Point("a", 0), Point("b", state="missing")], unit="")
    assert chart.marks[1].width == "0%"
    assert [point.shown for point in chart.points] == ["0", "자료 없음"]
    with pytest.raises(AssertionError):
        Point("c", 0, state="missing")


def test_just_short_of_the_target_never_reaches_it() -> None:
    chart = charts.bullet("t", Point("x", Fraction(4_999_999, 10**6), "4.9%"), target=5, top=10)
    reached = next(mark.width for mark in chart.marks if mark.kind == "br on")
    assert reached == "49.99%"
    assert chart.lines[0].x == "50%"


def test_parts_of_a_share_fill_it_exactly() -> None:
    chart = charts.share("t", [Point(str(n), 1) for n in range(3)], unit="")
    ends = [float(m.x.rstrip("%")) + float(m.width.rstrip("%")) for m in chart.marks]
    assert ends[-1] == pytest.approx(100, abs=0.02)


def test_timeline_marks_what_runs_today() -> None:
    spans = [
        Span("가", date(2026, 1, 1), date(2026, 3, 31)),
        Span("나", date(2026, 4, 1), date(2026, 12, 31)),
    ]
    chart = charts.timeline("t", spans, today=date(2026, 11, 21))
    assert kinds(chart) == ["trk", "br", "trk", "br on"]
    assert len(chart.lines) == 1


TAGS = {
    "line": charts.line(
        "수리가 늘었습니다", [Point(f"{n}월", n * 7 % 31) for n in range(1, 15)], unit="건"
    ),
    "bar": charts.bar("마포가 가장 많습니다", SAMPLES, unit="건"),
    "share": charts.share("결과의 몫", [Point(str(n), n) for n in range(1, 5)], unit="건"),
    "bullet": charts.bullet("목표에 못 미칩니다", Point("x", 4), target=5),
    "time": charts.timeline("일정", [Span("가", date(2026, 1, 1), date(2026, 3, 31))]),
}


@pytest.mark.parametrize("name", sorted(TAGS))
def test_chart_is_told_and_has_its_twin_within_its_weight(name: str) -> None:
    html = drawn(f'<c-chart-{name} :chart="chart" twin="below" />', chart=TAGS[name])
    assert len(gzip.compress(html.encode())) <= 1536
    svg = re.search(r"<svg role=\"img\".*</svg>(?=\s*(<ul|<div|</figure))", html, re.DOTALL)
    assert svg is not None
    tree = ET.fromstring(svg[0])  # noqa: S314  our own drawing
    assert [child.tag for child in tree][:2] == ["title", "desc"]
    rows = re.findall(r"<th scope=\"row\">", html)
    assert len(rows) == len(TAGS[name].points)
    assert "style=" not in html
    assert "<script" not in html


def test_words_of_a_chart_are_escaped() -> None:
    html = drawn(
        '<c-chart-bar :chart="chart" />', chart=charts.bar("<b>", [Point("</text>", 1)], unit='"')
    )
    assert "<b><b>" not in html
    assert html.count("</text>") == 2
    assert "&lt;/text&gt;" in html


def points_of_map() -> dict[str, Point]:
    districts, *_rest = outlines()
    values = {one.code: Point(one.ko, index, href="/x") for index, one in enumerate(districts)}
    values["11440"] = Point("마포구", state="suppressed")
    del values["11110"]
    return values


def test_map_classes_by_the_bounds_of_the_definition() -> None:
    drawing = district_map("t", points_of_map(), (5, 10, 15, 20), unit="건")
    shown = {shape.code: shape.kind for shape in drawing.shapes}
    assert shown["11110"] == "miss"
    assert shown["11440"] == "hid"
    assert shown["11740"] == "k5"
    assert [kind for kind, _words in drawing.legend] == [
        "k1",
        "k2",
        "k3",
        "k4",
        "k5",
        "miss",
        "hid",
    ]


def test_map_names_every_district_in_the_language_of_the_page() -> None:
    with override("en"):
        html = drawn(
            '<c-map :map="map" />',
            map=district_map("t", points_of_map(), (9,), unit="n"),
            LANGUAGE_CODE="en",
        )
    assert html.count('aria-label="') == 25 + 1
    assert "Yeongdeungpo" in html
    assert not re.search(r"[가-힣]", html.split("<desc")[0])


def test_tiles_do_not_lie_on_each_other() -> None:
    drawing = district_map("t", {}, (1,), unit="", tiles=True)
    places = {(shape.x, shape.y) for shape in drawing.shapes}
    nearest = min((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 for a in places for b in places if a != b)
    assert len(places) == 25
    assert nearest**0.5 >= 110
