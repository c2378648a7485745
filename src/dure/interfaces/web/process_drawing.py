"""A declared process as a drawing: states in rows by their distance from the start, arrows between.

Law: drawn from the declaration alone, so the drawing cannot differ from what runs. Arrows of time
are dashed. The table beside it says the same in words.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from dure.exchange.declaration import Process, States

WIDE, TALL, GAP_X, GAP_Y, EDGE = 132, 40, 16, 56, 12
TROUBLE = frozenset({"review", "overdue", "displaced", "damaged", "lost", "stalled"})


@dataclass(frozen=True, slots=True)
class Box:
    """A state on the drawing."""

    key: str
    text: str
    kind: str
    x: int
    y: int
    mid: int
    base: int


@dataclass(frozen=True, slots=True)
class Arrow:
    """One or more transitions between two states; dashed when only time takes it."""

    path: str
    tip: str
    is_time: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """A whole process."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def levels(process: Process) -> list[list[States]]:
    """States by how many steps they are from the start; each once, in the order declared."""
    depth: dict[States, int] = {}
    waiting: deque[States] = deque()
    for start in process.leaving(None):
        if start.target not in depth:
            depth[start.target] = 0
            waiting.append(start.target)
    while waiting:
        state = waiting.popleft()
        for transition in process.leaving(state):
            if transition.target not in depth:
                depth[transition.target] = depth[state] + 1
                waiting.append(transition.target)
    rows: list[list[States]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for state in process.states:
        if state in depth:
            rows[depth[state]].append(state)
    return rows


def draw(process: Process) -> Drawing:
    """Place the boxes row by row, each row in the middle, and join them."""
    rows = levels(process)
    most = max((len(row) for row in rows), default=1)
    width = most * (WIDE + GAP_X) - GAP_X + 2 * EDGE
    boxes: dict[States, Box] = {}
    for number, row in enumerate(rows):
        left = (width - len(row) * (WIDE + GAP_X) + GAP_X) // 2
        y = EDGE + number * (TALL + GAP_Y)
        for place, state in enumerate(row):
            x = left + place * (WIDE + GAP_X)
            boxes[state] = Box(
                state.key,
                str(state.text),
                _kind(process, state),
                x,
                y,
                x + WIDE // 2,
                y + TALL // 2 + 5,
            )
    height = 2 * EDGE + len(rows) * (TALL + GAP_Y) - GAP_Y
    return Drawing(width, height, tuple(boxes.values()), _arrows(process, boxes))


def _kind(process: Process, state: States) -> str:
    if state.key in TROUBLE:
        return "trouble"
    return "end" if process.is_terminal(state) else "plain"


def _arrows(process: Process, boxes: dict[States, Box]) -> tuple[Arrow, ...]:
    joined: dict[tuple[States, States], bool] = {}
    for t in process.transitions:
        if t.source is None or t.source is t.target:
            continue
        pair = (t.source, t.target)
        joined[pair] = joined.get(pair, True) and t.is_timer
    return tuple(
        _arrow(boxes[a], boxes[b], is_time)
        for (a, b), is_time in joined.items()
        if a in boxes and b in boxes
    )


def _arrow(a: Box, b: Box, is_time: bool) -> Arrow:
    """Down: from the foot to the head; up or level: round by the side."""
    if b.y > a.y:
        x1, y1, x2, y2 = a.mid, a.y + TALL, b.mid, b.y - 6
        bend = (y2 - y1) // 2
        path = f"M{x1} {y1}C{x1} {y1 + bend} {x2} {y2 - bend} {x2} {y2}"
        return Arrow(path, f"M{x2 - 4} {y2}h8l-4 6z", is_time)
    side = 1 if b.x >= a.x else -1
    x1 = a.x + (WIDE if side > 0 else 0)
    if b.y == a.y:
        x2, y2 = (b.x - 6 if side > 0 else b.x + WIDE + 6), b.y + TALL // 2
        path = f"M{x1} {a.y + TALL // 2}L{x2} {y2}"
        return Arrow(path, f"M{x2} {y2 - 4}v8l{6 * side} -4z", is_time)
    x2, y2 = b.mid + 20 * side, b.y + TALL + 6
    path = f"M{a.mid} {a.y}C{a.mid} {a.y - 30} {x2} {y2 + 30} {x2} {y2}"
    return Arrow(path, f"M{x2 - 4} {y2}h8l-4 -6z", is_time)
