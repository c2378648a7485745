"""Charts as frozen values for their components: what to draw is decided here, how in the template.

Every chart has a title that states the finding, and a table twin that says the same. The four
states of a value are drawn differently: a mark, a hatched gap (missing), a grey block (hidden),
nothing at all (not applicable). Places are percent or thousandths as text, never computed in CSS.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dure.core.text import T
from dure.engines.scale import Amount, place, portions, ticks
from dure.interfaces.web import formats
from dure.interfaces.web.chart_values import (
    HEIGHT,
    STATE_WORDS,
    Chart,
    Mark,
    Point,
    percent,
    plain,
    states_of,
    thousandth,
    told_of,
)

__all__ = [
    "STATE_WORDS", "Chart", "Mark", "Point", "Span", "bar", "bullet", "line", "plain", "share",
    "spark", "timeline",
]  # fmt: skip


def line(
    title: str,
    points: Sequence[Point],
    *,
    unit: str,
    period: str = "",
    source: str = "",
    label: str = "",
    target: Amount | None = None,
    target_text: str = "",
    low: Amount | None = 0,
    description: str = "",
) -> Chart:
    """Draw values along time as a line, with a target and an uncertainty where they are known.

    points : at most 60, in order of time
    low    : where the axis begins; None lets the data decide
    Returns  the chart; a gap in the data is a gap in the line.
    """
    assert len(points) <= 60, "a line holds at most 60 points"
    known = [v for p in points for v in (p.value, p.low, p.high) if v is not None]
    known += [] if target is None else [target]
    known += [] if low is None else [low]
    steps = ticks(min(known, default=0), max(known, default=1))
    bottom, top = steps[0], steps[-1]
    body = HEIGHT - 44

    def y_of(value: Amount) -> int:
        return 14 + body - place(value, bottom, top) * body // 1_000_000

    target_words = "" if target is None else f"{T('목표', 'Target')} {target_text or plain(target)}"
    count = max(len(points), 1)
    middles = [(2 * i + 1) * 500_000 // count for i in range(len(points))]
    lines = [Mark("ax0" if step == 0 else "ax", y=str(y_of(step))) for step in steps]
    words = [
        Mark("t-soft", "0", str(y_of(step) - 4), text=plain(step), anchor="start")
        for step in steps[1:]
    ]
    marks: list[Mark] = []
    pieces: list[list[str]] = [[]]
    bands: list[list[tuple[str, int, int]]] = [[]]
    for point, x in zip(points, middles, strict=True):
        if point.value is None:
            pieces.append([])
            bands.append([])
            if point.state != "not_applicable":
                kind = "miss" if point.state == "missing" else "hid"
                left, width = percent(max(x - 400_000 // count, 0)), percent(800_000 // count)
                marks.append(Mark(kind, left, "14", width, str(body)))
            continue
        pieces[-1].append(f"{thousandth(x)} {y_of(point.value)}")
        marks.append(Mark("dt", percent(x), str(y_of(point.value))))
        if point.low is not None and point.high is not None:
            bands[-1].append((thousandth(x), y_of(point.low), y_of(point.high)))
    paths = [Mark("ln", text="M" + "L".join(piece)) for piece in pieces if len(piece) > 1]
    for band in bands:
        if len(band) > 1:
            edge = [f"{x} {high}" for x, _low, high in band] + [
                f"{x} {least}" for x, least, _high in band[::-1]
            ]
            paths.insert(0, Mark("band", text="M" + "L".join(edge) + "z"))
    if target is not None:
        lines.append(Mark("tg", y=str(y_of(target))))
    last = next((i for i in range(len(points) - 1, -1, -1) if points[i].value is not None), None)
    if last is not None:
        y = y_of(points[last].value or 0)
        marks = [
            Mark("dt on", m.x, m.y) if m.x == percent(middles[last]) and m.kind == "dt" else m
            for m in marks
        ]
        anchor = "end" if last > count * 2 // 3 else "middle"
        words.append(
            Mark(
                "t-b",
                percent(middles[last]),
                str(max(y - 10, 14)),
                text=points[last].shown,
                anchor=anchor,
            )
        )
    if len(marks) > 24:
        marks = [mark for mark in marks if mark.kind != "dt"]
    words += _along(points, middles)
    return Chart(
        title, unit, period, source, description or told_of(points, unit), tuple(points), label,
        HEIGHT, tuple(marks), tuple(lines), tuple(paths), tuple(words), states_of(points),
        target=target_words,
    )  # fmt: skip


def _along(points: Sequence[Point], middles: Sequence[int]) -> list[Mark]:
    """Name the first, a middle and the last point below the line."""
    if not points:
        return []
    chosen = {0: "start", len(points) - 1: "end"}
    if len(points) >= 5:
        chosen[len(points) // 2] = "middle"
    if len(points) == 1:
        chosen = {0: "middle"}
    ends = {"start": "0", "end": "100%"}
    return [
        Mark(
            "t-soft",
            ends.get(anchor, percent(middles[i])),
            str(HEIGHT - 6),
            text=points[i].label,
            anchor=anchor,
        )
        for i, anchor in sorted(chosen.items())
    ]


def bar(
    title: str,
    points: Sequence[Point],
    *,
    unit: str,
    period: str = "",
    source: str = "",
    label: str = "",
    mine: str = "",
    description: str = "",
) -> Chart:
    """Draw values side by side as lying bars, in the order given; `mine` is the label set apart."""
    assert len(points) <= 40, "a bar chart holds at most 40 bars"
    most = max((p.value for p in points if p.value is not None), default=1)
    top = ticks(0, max(most, 1))[-1] if most > 0 else 1
    marks, words = [], []
    for row, point in enumerate(points):
        y = row * 46
        words.append(Mark("", "0", str(y + 15), text=point.label, anchor="start"))
        words.append(
            Mark(
                "t-b" if point.value is not None else "t-soft",
                "100%",
                str(y + 15),
                text=point.shown,
                anchor="end",
            )
        )
        marks.append(Mark("trk", "0", str(y + 22), "100%", "12"))
        if point.value is not None:
            kind = "br on" if not mine or point.label == mine else "br"
            marks.append(Mark(kind, "0", str(y + 22), percent(place(point.value, 0, top)), "12"))
        elif point.state == "missing":
            marks.append(Mark("miss", "0", str(y + 22), "100%", "12"))
        elif point.state == "suppressed":
            marks.append(Mark("hid", "0", str(y + 22), "100%", "12"))
        else:
            marks.pop()
    return Chart(
        title, unit, period, source, description or told_of(points, unit), tuple(points), label,
        max(len(points) * 46 - 8, 40), tuple(marks), words=tuple(words), states=states_of(points),
    )  # fmt: skip


def bullet(
    title: str,
    point: Point,
    *,
    target: Amount,
    target_text: str = "",
    top: Amount | None = None,
    unit: str = "",
    period: str = "",
    source: str = "",
    label: str = "",
) -> Chart:
    """Draw one value against its target."""
    high = top or ticks(0, max(target, point.value or 0, 1))[-1]
    at = place(target, 0, high)
    marks = [Mark("trk", "0", "20", "100%", "16")]
    if point.value is not None:
        marks.append(Mark("br on", "0", "20", percent(place(point.value, 0, high)), "16"))
    elif point.state != "not_applicable":
        marks.append(Mark("miss" if point.state == "missing" else "hid", "0", "20", "100%", "16"))
    aim = target_text or plain(target)
    words = [
        Mark("t-b", "0", "14", text=point.shown, anchor="start"),
        Mark(
            "t-soft",
            percent(at),
            "56",
            text=f"{T('목표', 'Target')} {aim}",
            anchor="end" if at > 500_000 else "start",
        ),
    ]
    lines = (Mark("aim", percent(at)),)
    told = T("%(v)s, 목표 %(t)s.", "%(v)s, target %(t)s.") % {"v": point.shown, "t": aim}
    goal = Point(str(T("목표", "Target")), target, aim)
    return Chart(
        title, unit, period, source, told, (point, goal), label, 62, tuple(marks), lines,
        words=tuple(words), states=states_of([point]),
    )  # fmt: skip


def share(
    title: str,
    points: Sequence[Point],
    *,
    unit: str,
    period: str = "",
    source: str = "",
    label: str = "",
) -> Chart:
    """Draw parts of a whole as one bar; at most five parts, the twin is their key."""
    assert 1 <= len(points) <= 5, "a share holds one to five parts"
    amounts = [int(p.value) if p.value is not None else 0 for p in points]
    cut = portions(amounts)
    marks, left = [], 0
    for index, width in enumerate(cut, start=1):
        if width:
            marks.append(Mark(f"p{index} sep", percent(left), "0", percent(width), "28"))
        left += width
    told = ", ".join(
        f"{p.label} {p.shown} ({ppm // 10_000}%)" for p, ppm in zip(points, cut, strict=True)
    )
    keys = tuple(f"p{index}" for index in range(1, len(points) + 1))
    return Chart(
        title, unit, period, source, told, tuple(points), label, 28, tuple(marks),
        states=states_of(points), keys=keys,
    )  # fmt: skip


def spark(title: str, points: Sequence[Point]) -> Chart:
    """Draw a small line beside a number; it has no twin, the number beside it speaks."""
    known = [p.value for p in points if p.value is not None]
    low, high = min(known, default=0), max(known, default=1)
    high = high if high > low else low + 1
    count = max(len(points) - 1, 1)
    pieces: list[list[str]] = [[]]
    for index, point in enumerate(points):
        if point.value is None:
            pieces.append([])
            continue
        pieces[-1].append(
            f"{index * 120 // count} {28 - place(point.value, low, high) * 24 // 1_000_000}"
        )
    paths = tuple(Mark("ln", text="M" + "L".join(piece)) for piece in pieces if len(piece) > 1)
    return Chart(title, "", "", "", told_of(points, ""), tuple(points), "", 32, paths=paths)


@dataclass(frozen=True, slots=True)
class Span:
    """One stretch of time: its name, first and last day (both within), its state in words."""

    label: str
    began: date
    ended: date
    note: str = ""


def timeline(
    title: str,
    spans: Sequence[Span],
    *,
    today: date | None = None,
    source: str = "",
    label: str = "",
) -> Chart:
    """Draw stretches of time below each other on one scale, with today as a line."""
    assert 1 <= len(spans) <= 20, "a timeline holds 1 to 20 spans"
    first = min(s.began for s in spans).toordinal()
    last = max(s.ended for s in spans).toordinal() + 1
    marks, words = [], []
    for row, span in enumerate(spans):
        y = row * 46
        left = place(span.began.toordinal(), first, last)
        width = max(place(span.ended.toordinal() + 1, first, last) - left, 8_000)
        words.append(Mark("", "0", str(y + 15), text=span.label, anchor="start"))
        words.append(Mark("t-soft", "100%", str(y + 15), text=span.note, anchor="end"))
        marks.append(Mark("trk", "0", str(y + 22), "100%", "12"))
        now = today is None or span.began <= today <= span.ended
        marks.append(
            Mark("br on" if now else "br", percent(left), str(y + 22), percent(width), "12")
        )
    lines: tuple[Mark, ...] = ()
    if today is not None and first <= today.toordinal() < last:
        lines = (
            Mark(
                "now",
                percent(place(today.toordinal(), first, last)),
                height=str(len(spans) * 46 - 8),
            ),
        )
    points = tuple(
        Point(
            s.label,
            s.ended.toordinal() - s.began.toordinal() + 1,
            f"{formats.day(s.began)} – {formats.day(s.ended)}",
            note=s.note,
        )
        for s in spans
    )
    told = ". ".join(f"{p.label}: {p.text}" for p in points)
    return Chart(
        title, str(T("기간", "Period")), "", source, told, points, label,
        len(spans) * 46 - 8, tuple(marks), lines, words=tuple(words),
    )  # fmt: skip
