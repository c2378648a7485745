"""What a chart holds: points in four states, drawn marks, and the whole for its component."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from dure.core.text import T
from dure.engines.scale import Amount
from dure.interfaces.web import formats

State = Literal["value", "missing", "suppressed", "not_applicable"]
HEIGHT = 200

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
    target: str = ""

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
    hundredths = int(abs(Fraction(value)) * 100)
    return f"{'-' if value < 0 else ''}{hundredths // 100:,}.{hundredths % 100:02d}"


def percent(ppm: int) -> str:
    """Write parts per million as percent for a drawing: `33.33%`."""
    return f"{ppm // 10_000}.{ppm % 10_000 // 100:02d}%" if ppm % 10_000 else f"{ppm // 10_000}%"


def thousandth(ppm: int) -> str:
    """Write parts per million as thousandths for a path."""
    return str(ppm // 1000)


def states_of(points: Sequence[Point]) -> tuple[tuple[str, str], ...]:
    kinds = {"missing": "miss", "suppressed": "hid", "not_applicable": "na"}
    return tuple(
        (kinds[s], str(STATE_WORDS[s])) for s in kinds if any(p.state == s for p in points)
    )


def told_of(points: Sequence[Point], unit: str) -> str:
    known = [p for p in points if p.value is not None]
    gone = len(points) - len(known)
    if not known:
        return str(T("보일 값이 없습니다.", "There is no value to show."))
    least = min(known, key=lambda p: p.value or 0)
    most = max(known, key=lambda p: p.value or 0)
    text = T(
        "%(n)s개 값, 단위 %(unit)s. 가장 작은 값 %(a)s %(av)s, "
        "가장 큰 값 %(b)s %(bv)s, 마지막 %(c)s %(cv)s.",
        "%(n)s values, unit %(unit)s. Least %(a)s %(av)s, "
        "greatest %(b)s %(bv)s, last %(c)s %(cv)s.",
    ) % {
        "n": len(known), "unit": unit, "a": least.label, "av": least.shown, "b": most.label,
        "bv": most.shown, "c": known[-1].label, "cv": known[-1].shown,
    }  # fmt: skip
    if gone:
        text += " " + T("값이 없는 것 %(n)s개.", "%(n)s without a value.") % {"n": gone}
    return text
