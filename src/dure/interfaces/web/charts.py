"""Charts as frozen values for their components: what to draw is decided here, how in the template.

Every chart has a title that states the finding, and a table twin that says the same. The four
states of a value are drawn differently: a mark, a hatched gap (missing), a grey block (hidden),
nothing at all (not applicable). Places are percent or thousandths as text, never computed in CSS.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from dure.core.text import T
from dure.engines.scale import Amount, place, portions, ticks
from dure.interfaces.web import formats

State = Literal["value", "missing", "suppressed", "not_applicable"]
HEIGHT = 200
WIDE = 1000

STATE_WORDS = {
    "missing": T("자료 없음", "No data"),
    "suppressed": T("비공개(소수)", "Hidden (few people)"),
    "not_applicable": T("해당 없음", "Not applicable"),
}


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a chart in its state.

    label : what it is of, in words (a month, a district)
    value : whole or fraction in the chart's unit; only in the state `value`
    text  : the value in words with its unit; made from `value` when empty
    low, high : uncertainty around the value, or None
    href  : where the value is explained; shown in the twin
    note  : reason of a missing value
    """

    label: str
    value: Amount | None = None
    text: str = ""
    state: State = "value"
    low: Amount | None = None
    high: Amount | None = None
    href: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        assert (self.state == "value") == (self.value is not None), self

    @property
    def shown(self) -> str:
        """The value in words, or the words of its state."""
        if self.state != "value":
            return str(STATE_WORDS[self.state])
        return self.text or plain(self.value)


@dataclass(frozen=True, slots=True)
class Mark:
    """One drawn thing: its kind (a CSS class), its place, and its words."""

    kind: str
    x: str = "0"
    y: str = "0"
    width: str = "0"
    height: str = "0"
    text: str = ""
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart for its component."""

    title: str
    unit: str
    period: str
    source: str
    description: str
    points: tuple[Point, ...]
    label: str
    height: int = HEIGHT
    marks: tuple[Mark, ...] = ()
    lines: tuple[Mark, ...] = ()
    paths: tuple[Mark, ...] = ()
    words: tuple[Mark, ...] = ()
    states: tuple[tuple[str, str], ...] = ()
    keys: tuple[str, ...] = field(default=())

    @property
    def id(self) -> str:
        """A name for the elements of this chart, the same on every draw."""
        seed = f"{self.title}|{self.period}|{self.label}"
        return "c" + hashlib.sha256(seed.encode()).hexdigest()[:6]


def plain(value: Amount | None) -> str:
    """Write a whole number with separators; a fraction truncated to two places."""
    if value is None:
        return ""
    if value == int(value):
        return formats.whole(int(value))
    hundredths = int(abs(value) * 100)
    return f"{'-' if value < 0 else ''}{hundredths // 100:,}.{hundredths % 100:02d}"


def percent(ppm: int) -> str:
    """Write parts per million as percent for a drawing: `33.33%`."""
    return f"{ppm // 10_000}.{ppm % 10_000 // 100:02d}%" if ppm % 10_000 else f"{ppm // 10_000}%"


def thousandth(ppm: int) -> str:
    """Write parts per million as thousandths for a path."""
    return str(ppm // 1000)


def _states(points: Sequence[Point]) -> tuple[tuple[str, str], ...]:
    kinds = {"missing": "miss", "suppressed": "hid", "not_applicable": "na"}
    return tuple((kinds[s], str(STATE_WORDS[s])) for s in kinds if any(p.state == s for p in points))


def _told(points: Sequence[Point], unit: str) -> str:
    known = [p for p in points if p.value is not None]
    gone = len(points) - len(known)
    if not known:
        return str(T("보일 값이 없습니다.", "There is no value to show."))
    least = min(known, key=lambda p: p.value or 0)
    most = max(known, key=lambda p: p.value or 0)
    text = T(
        "%(n)s개 값, 단위 %(unit)s. 가장 작은 값 %(a)s %(av)s, 가장 큰 값 %(b)s %(bv)s, 마지막 %(c)s %(cv)s.",
        "%(n)s values, unit %(unit)s. Least %(a)s %(av)s, greatest %(b)s %(bv)s, last %(c)s %(cv)s.",
    ) % {
        "n": len(known), "unit": unit, "a": least.label, "av": least.shown, "b": most.label,
        "bv": most.shown, "c": known[-1].label, "cv": known[-1].shown,
    }  # fmt: skip
    if gone:
        text += " " + T("값이 없는 것 %(n)s개.", "%(n)s without a value.") % {"n": gone}
    return text


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

    count = max(len(points), 1)
    middles = [(2 * i + 1) * 500_000 // count for i in range(len(points))]
    lines = [Mark("ax0" if step == 0 else "ax", y=str(y_of(step))) for step in steps]
    words = [Mark("t-soft", "0", str(y_of(step) - 4), text=plain(step), anchor="start") for step in steps[1:]]
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
            edge = [f"{x} {high}" for x, _low, high in band] + [f"{x} {least}" for x, least, _high in band[::-1]]
            paths.insert(0, Mark("band", text="M" + "L".join(edge) + "z"))
    if target is not None:
        y = y_of(target)
        lines.append(Mark("tg", y=str(y)))
        words.append(Mark("t-b", "100%", str(y - 5), text=target_text or plain(target), anchor="end"))
    last = next((i for i in range(len(points) - 1, -1, -1) if points[i].value is not None), None)
    if last is not None:
        y = y_of(points[last].value or 0)
        clear = y - 10 if target is None or abs(y - 10 - y_of(target)) > 18 else y + 22
        marks = [Mark("dt on", m.x, m.y) if m.x == percent(middles[last]) and m.kind == "dt" else m for m in marks]
        anchor = "end" if last > count * 2 // 3 else "middle"
        words.append(Mark("t-b", percent(middles[last]), str(max(clear, 14)), text=points[last].shown, anchor=anchor))
    if len(marks) > 24:
        marks = [mark for mark in marks if mark.kind != "dt"]
    words += _along(points, middles)
    return Chart(
        title, unit, period, source, description or _told(points, unit), tuple(points), label,
        HEIGHT, tuple(marks), tuple(lines), tuple(paths), tuple(words), _states(points),
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
        Mark("t-soft", ends.get(anchor, percent(middles[i])), str(HEIGHT - 6), text=points[i].label, anchor=anchor)
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
        words.append(Mark("t-b" if point.value is not None else "t-soft", "100%", str(y + 15), text=point.shown, anchor="end"))
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
        title, unit, period, source, description or _told(points, unit), tuple(points), label,
        max(len(points) * 46 - 8, 40), tuple(marks), words=tuple(words), states=_states(points),
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
        Mark("t-soft", percent(at), "56", text=f"{T('목표', 'Target')} {aim}", anchor="end" if at > 500_000 else "start"),
    ]
    lines = (Mark("aim", percent(at)),)
    told = T("%(v)s, 목표 %(t)s.", "%(v)s, target %(t)s.") % {"v": point.shown, "t": aim}
    goal = Point(str(T("목표", "Target")), target, aim)
    return Chart(
        title, unit, period, source, told, (point, goal), label, 62, tuple(marks), lines,
        words=tuple(words), states=_states([point]),
    )  # fmt: skip


def share(
    title: str, points: Sequence[Point], *, unit: str, period: str = "", source: str = "", label: str = ""
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
    told = ", ".join(f"{p.label} {p.shown} ({ppm // 10_000}%)" for p, ppm in zip(points, cut, strict=True))
    keys = tuple(f"p{index}" for index in range(1, len(points) + 1))
    return Chart(
        title, unit, period, source, told, tuple(points), label, 28, tuple(marks),
        states=_states(points), keys=keys,
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
        pieces[-1].append(f"{index * 120 // count} {28 - place(point.value, low, high) * 24 // 1_000_000}")
    paths = tuple(Mark("ln", text="M" + "L".join(piece)) for piece in pieces if len(piece) > 1)
    return Chart(title, "", "", "", _told(points, ""), tuple(points), "", 32, paths=paths)


@dataclass(frozen=True, slots=True)
class Span:
    """One stretch of a timeline: its name, first and last day (both within), and its state in words."""

    label: str
    began: date
    ended: date
    note: str = ""


def timeline(
    title: str, spans: Sequence[Span], *, today: date | None = None, source: str = "", label: str = ""
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
        marks.append(Mark("br on" if now else "br", percent(left), str(y + 22), percent(width), "12"))
    lines: tuple[Mark, ...] = ()
    if today is not None and first <= today.toordinal() < last:
        lines = (Mark("now", percent(place(today.toordinal(), first, last)), height=str(len(spans) * 46 - 8)),)
    points = tuple(
        Point(s.label, s.ended.toordinal() - s.began.toordinal() + 1, f"{formats.day(s.began)} – {formats.day(s.ended)}", note=s.note)
        for s in spans
    )
    told = ". ".join(f"{p.label}: {p.text}" for p in points)
    return Chart(
        title, str(T("기간", "Period")), "", source, told, points, label,
        len(spans) * 46 - 8, tuple(marks), lines, words=tuple(words),
    )  # fmt: skip
