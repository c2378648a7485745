"""The map of the 25 districts as a frozen value for `c-map`: true outline, or tiles of one size."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dure.core.text import T
from dure.engines.scale import Amount, class_of
from dure.interfaces.web import formats
from dure.interfaces.web.charts import STATE_WORDS, Point, plain

SOURCE = Path(__file__).resolve().parent / "data" / "districts.json"
TILE = 118
CLASSES_MAX = 5
CREDIT_EN = "National Geographic Information Institute of Korea, 2023-09-15"


@dataclass(frozen=True, slots=True)
class Outline:
    """One district as it is drawn."""

    code: str
    ko: str
    en: str
    path: str
    x: int
    y: int
    tile: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Shape:
    """One district on one map, coloured by its value."""

    code: str
    name: str
    short: str
    number: int
    kind: str
    path: str
    x: int
    y: int
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class DistrictMap:
    """A map for its component."""

    title: str
    unit: str
    period: str
    source: str
    shapes: tuple[Shape, ...]
    legend: tuple[tuple[str, str], ...]
    width: int
    height: int
    credit: str
    id: str
    mine: str
    points: tuple[Point, ...]

    @property
    def description(self) -> str:
        """The map in one sentence: where the value is least and greatest."""
        known = [p for p in self.points if p.value is not None]
        if not known:
            return str(T("보일 값이 없습니다.", "There is no value to show."))
        least = min(known, key=lambda p: p.value or 0)
        most = max(known, key=lambda p: p.value or 0)
        return T(
            "25개 자치구 가운데 %(n)s곳의 값. 가장 작은 곳 %(a)s %(av)s, 가장 큰 곳 %(b)s %(bv)s.",
            "Values of %(n)s of 25 districts. Least: %(a)s %(av)s, greatest: %(b)s %(bv)s.",
        ) % {
            "n": len(known),
            "a": least.label,
            "av": least.shown,
            "b": most.label,
            "bv": most.shown,
        }


@lru_cache(maxsize=1)
def outlines() -> tuple[tuple[Outline, ...], int, int, str]:
    """Read the drawing once: districts, width, height, attribution."""
    told = json.loads(SOURCE.read_text(encoding="utf-8"))
    shapes = tuple(
        Outline(d["code"], d["ko"], d["en"], d["d"], d["x"], d["y"], (d["tile"][0], d["tile"][1]))
        for d in told["districts"]
    )
    return shapes, told["width"], told["height"], told["source"]


def hexagon(column: int, row: int) -> tuple[str, int, int]:
    """Give the path and the middle of one tile; odd rows stand half a tile to the right."""
    half, tall = TILE // 2, TILE * 115 // 200
    x = TILE * column + (half if row % 2 else 0) + half + 30
    y = row * tall * 3 // 2 + tall + 10
    rise = tall // 2
    path = f"M{x} {y - tall}l{half} {rise}v{tall}l-{half} {rise}l-{half}-{rise}v-{tall}z"
    return path, x, y


def district_map(
    title: str,
    values: Mapping[str, Point],
    bounds: Sequence[Amount],
    *,
    unit: str,
    period: str = "",
    source: str = "",
    tiles: bool = False,
    mine: str = "",
) -> DistrictMap:
    """Colour the districts by class.

    values : a Point for each sig code; a district without one has no data
    bounds : at most 4 ascending lower bounds, fixed with the definition, never drawn from this page
    tiles  : hexagons of one size instead of the outline
    """
    assert len(bounds) < CLASSES_MAX, "at most five classes"
    korean = formats.in_korean()
    districts, width, height, credit = outlines()
    credit = credit if korean else CREDIT_EN
    shapes, points = [], []
    kinds = {"missing": "miss", "suppressed": "hid", "not_applicable": "na"}
    for number, one in enumerate(
        sorted(districts, key=lambda d: d.ko if korean else d.en), start=1
    ):
        name = one.ko if korean else one.en
        point = values.get(one.code) or Point(name, state="missing")
        kind = kinds.get(point.state) or f"k{class_of(point.value or 0, bounds) + 1}"
        path, x, y = hexagon(*one.tile) if tiles else (one.path, one.x, one.y)
        short = (
            one.ko.removesuffix("구") if korean and len(one.ko) > 2 else name.removesuffix("-gu")
        )
        shapes.append(
            Shape(one.code, name, short, number, kind, path, x, y, point.shown, point.href)
        )
        points.append(
            Point(name, point.value, point.text, point.state, href=point.href, note=point.note)
        )
    if tiles:
        width = max(shape.x for shape in shapes) + TILE // 2 + 30
        height = max(shape.y for shape in shapes) + TILE * 115 // 200 + 10
        credit = ""
    identity = "m" + hashlib.sha256(f"{title}|{period}|{tiles}".encode()).hexdigest()[:6]
    own = next((shape.path for shape in shapes if shape.code == mine), "")
    return DistrictMap(
        title, unit, period, source, tuple(shapes), _legend(bounds, points), width, height, credit,
        identity, own, tuple(points),
    )  # fmt: skip


def _legend(bounds: Sequence[Amount], points: Sequence[Point]) -> tuple[tuple[str, str], ...]:
    edges = [plain(bound) for bound in bounds]
    rows = []
    if edges:
        rows.append(("k1", T("%(a)s 미만", "below %(a)s") % {"a": edges[0]}))
        for index, (low, high) in enumerate(itertools.pairwise(edges), start=2):
            rows.append(
                (f"k{index}", T("%(a)s~%(b)s 미만", "%(a)s to below %(b)s") % {"a": low, "b": high})
            )
        rows.append((f"k{len(edges) + 1}", T("%(a)s 이상", "%(a)s or more") % {"a": edges[-1]}))
    for state, kind in (("missing", "miss"), ("suppressed", "hid"), ("not_applicable", "na")):
        if any(p.state == state for p in points):
            rows.append((kind, str(STATE_WORDS[state])))
    return tuple(rows)
