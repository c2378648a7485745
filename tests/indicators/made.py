"""A made-up release without a database: facts, definitions, and the bundle over them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from dure.engines import release_bundle, release_compute, release_grid, release_verify
from dure.engines.measures import Measure
from dure.engines.published_heads import RELEASES, HeadLine
from dure.engines.release_bundle import Bundle, Contents
from dure.engines.release_compute import Spec
from dure.engines.release_grid import Key
from dure.engines.release_hash import FIRST
from dure.engines.release_metadata import Description

GU = ("11110", "11140", "11440")
BOTH = "month,quarter,year@gu,city@-"
OUTCOMES = ("fixed", "repairable", "end_of_life", "unknown")
ABOUT = Description(
    number=1,
    period="2026-Q3",
    since="2025-01",
    vintage="1",
    synthetic=True,
    issued="2026-11-21T11:00:00Z",
    publisher_ko="시험 자치구",
    publisher_en="Test district",
    licence_name="CC-BY-SA-4.0",
    licence_title="Creative Commons Attribution Share-Alike 4.0",
    licence_path="https://creativecommons.org/licenses/by-sa/4.0/",
    attribution="made-up data for tests",
    place_ko="서울특별시",
    place_en="Seoul",
)
SPECS = (
    Spec("N4", 1, "sum", "count repair.fixed", grid=BOTH, recomputable=True),
    Spec(
        "N4a", 1, "sum", "count repair.attempt",
        grid=f"{BOTH}; month,quarter,year@gu,city@outcome={'|'.join(OUTCOMES)}",
        recomputable=True,
    ),
    Spec(
        "N4r", 1, "ratio", "count repair.attempt outcome=fixed",
        "count repair.attempt outcome=fixed|repairable|end_of_life",
        grid=BOTH, scale=100, digits=2, recomputable=True,
    ),
    Spec(
        "N1a", 1, "sum", "gco2e repair.fixed", known="factored repair.fixed",
        all_of="count repair.fixed", floor_ppm=800_000, grid=BOTH, recomputable=True,
    ),
    Spec("C1", 1, "stock", grid="quarter@gu,city@-"),
    Spec("E1", 1, "ratio", scale=100, digits=2),
)  # fmt: skip


def events(count: int = 60, seed: int = 7) -> list[list[str]]:
    """Rows of a public-events table: attempts, what was fixed, and one reversal."""
    chance = random.Random(seed)
    rows: list[list[str]] = []
    for _ in range(count):
        day = (date(2025, 1, 1) + timedelta(days=chance.randrange(630))).isoformat()
        place, outcome = chance.choice(GU), chance.choice(OUTCOMES)
        dims = f"category={chance.randrange(1, 4):02d}|outcome={outcome}"
        uid = str(UUID(int=chance.getrandbits(128), version=4))
        rows.append(
            [uid, "repair.attempt", "1", place, "", dims, "1", "1", "H87", day, "A", "", "", ""]
        )
        if outcome == "fixed":
            grams = "130000" if chance.random() < 0.9 else ""
            rows.append(
                ["f" + uid[1:], "repair.fixed", "1", place, "", dims, "1", "1", "H87", day, "A",
                 "laptop" if grams else "", grams, ""]
            )  # fmt: skip
    back = list(rows[0])
    back[0], back[6], back[13] = "0" + back[0][1:], "-1", rows[0][0]
    return [*rows, back]


def cells_of(rows: Sequence[Sequence[str]], specs: Sequence[Spec] = SPECS) -> dict[Key, Measure]:
    """The cells that the engine computes from the events, and a stock that it does not."""
    from dure.engines import release_files

    groups = release_verify.read_groups(
        dict(zip(release_files.EVENTS, row, strict=True)) for row in rows
    )
    cells: dict[Key, Measure] = {}
    for spec in specs:
        where = {"since": ABOUT.since, "period": ABOUT.period, "districts": GU}
        if spec.recomputable:
            cells |= release_compute.flow(spec, groups, **where)  # type: ignore[arg-type]  # one dict for both calls
        elif spec.aggregation == "stock":
            for key in release_grid.keys(spec.indicator, spec.grid, **where):  # type: ignore[arg-type]  # as above
                cells[key] = Measure(num=6 if key.place == release_grid.CITY else 2)
        else:
            cells |= release_compute.not_collected(spec, **where)  # type: ignore[arg-type]  # as above
    return cells


def definition_row(spec: Spec) -> list[str]:
    return [
        spec.indicator, str(spec.version), "environment", "이름", "name", "count",
        spec.aggregation, "A", spec.numerator, spec.denominator, spec.known, spec.all_of,
        str(spec.floor_ppm), str(spec.scale), str(spec.digits), str(spec.better), spec.grid,
        "yes" if spec.recomputable else "no", "no" if spec.indicator == "E1" else "yes",
        "무엇", "what", "뺌", "excluded",
    ]  # fmt: skip


def others(number: int = 1) -> tuple[HeadLine, ...]:
    """The heads of two other chains, as they stood when a release was frozen."""
    return tuple(
        HeadLine("release", str(number), chain, 40 + number, "2026-11-21T10:59:00Z", digit * 64)
        for chain, digit in (("core.audit", "a"), ("journal.event", "b"))
    )


def published(*bundles: Bundle) -> list[HeadLine]:
    """The public list after releases 1, 2 … were frozen, with a day between."""
    lines: list[HeadLine] = []
    for number, one in enumerate(bundles, start=1):
        own = HeadLine("release", str(number), RELEASES, number, "2026-11-21T11:00:00Z", one.head)
        lines += [*others(number), own]
        lines += [
            replace(line, occasion="day", name=f"2026-11-2{number}")
            for line in [*others(number), own]
        ]
    return lines


def contents(count: int = 60, specs: Sequence[Spec] = SPECS) -> Contents:
    rows = events(count)
    return Contents(
        cells=cells_of(rows, specs),
        specs={spec.indicator: spec for spec in specs},
        definitions=[definition_row(spec) for spec in specs],
        factors=[
            ["laptop", "CO2e", "H87", "260000000000", "2026", "avoided", "made up", "3", "9", "yes"]
        ],
        places=[*([gu, "구", "gu"] for gu in GU), ["00000", "서울특별시", "Seoul"]],
        revisions=[],
        events={"public-events/repair.csv": rows},
        heads=others(),
    )


def bundle(what: Contents | None = None, *, number: int = 1, previous: str = FIRST) -> Bundle:
    what = what or contents()
    return release_bundle.pack(
        replace(what, heads=others(number)),
        replace(ABOUT, number=number),
        cut_seq=99,
        cut_day="2026-11-20",
        previous=previous,
    )
