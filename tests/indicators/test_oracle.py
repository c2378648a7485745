"""The engine's numbers against a slow plain count of the same events."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from dure.core.actors import Actor
from dure.indicators import computing
from dure.indicators.computing import Window
from dure.indicators.models import DefinitionVersion
from dure.journal.models import Event
from tests.indicators.facts import Journal, noon

OUTCOMES = ("fixed", "repairable", "end_of_life", "unknown")


def plain_counts(window: Window) -> dict[str, Counter[tuple[str, str]]]:
    """Walk the events one by one: (period, place) → sums, by indicator."""
    found: dict[str, Counter[tuple[str, str]]] = {
        name: Counter() for name in ("N4", "N4a", "fixed", "known", "gco2e", "factored", "repairs")
    }
    for event in Event.rows.select_related("label").filter(seq__lte=window.cut):
        if not window.first <= event.on_date <= window.last:
            continue
        code, dims = event.label.code, event.dims or {}
        year, month = event.on_date.year, event.on_date.month
        for period in (f"{year}-{month:02d}", f"{year}-Q{-(-month // 3)}", f"{year}"):
            for place in (event.district, "00000"):
                where, one = (period, place), event.sign
                if code == "repair.fixed":
                    found["N4"][where] += one
                    found["repairs"][where] += one
                    if event.gco2e is not None:
                        found["gco2e"][where] += one * event.gco2e
                        found["factored"][where] += one
                elif code == "repair.attempt":
                    found["N4a"][where] += one
                    if dims["outcome"] == "fixed":
                        found["fixed"][where] += one
                    if dims["outcome"] != "unknown":
                        found["known"][where] += one
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_every_cell_equals_the_plain_count(
    journal: Journal, places: tuple[str, ...], seed: int
) -> None:
    chance = random.Random(seed)
    factor = journal.factor()
    attempts = []
    for _ in range(120):
        day = (
            f"202{chance.choice('56')}-{chance.randrange(1, 10):02d}-{chance.randrange(1, 29):02d}"
        )
        grams = chance.choice((None, None, 130_000, 40_000))
        attempts.append(
            journal.repair(
                day, chance.choice(OUTCOMES), district=chance.choice(places[:4]),
                category=f"{chance.randrange(1, 41):02d}",
                factor=factor if grams else None, gco2e=grams,
            )
        )  # fmt: skip
    for event in chance.sample(attempts, 9):
        journal.reverse(event)
    window = Window("2025-01", "2026-Q2", computing.cut_now(), noon("2026-11-21").date())
    versions = list(DefinitionVersion.rows.filter(definition_id__in=("N4", "N4a", "N4r", "N1a")))
    cells = computing.compute(versions, window).cells
    plain = plain_counts(window)
    compared = 0
    for key, cell in cells.items():
        if key.breakdown:
            continue
        where, measure = (key.period, key.place), cell.measure
        if key.indicator in ("N4", "N4a"):
            assert measure.num == plain[key.indicator][where]
        elif key.indicator == "N4r":
            den = plain["known"][where]
            expected = (plain["fixed"][where], den) if den else (None, None)
            assert (measure.num, measure.den) == expected
        else:
            enough = plain["factored"][where] * 10 >= plain["repairs"][where] * 8
            assert measure.num == (plain["gco2e"][where] if enough else None)
        compared += 1
    assert compared == 4 * 26 * (18 + 6 + 1)


def test_the_order_of_writing_does_not_matter(journal: Journal, places: tuple[str, ...]) -> None:
    def measured() -> list[object]:
        window = Window("2026-07", "2026-Q3", computing.cut_now(), noon("2026-11-21").date())
        versions = list(DefinitionVersion.rows.filter(definition_id="N4a"))
        found = computing.compute(versions, window).cells
        return [found[key].measure for key in sorted(found)]

    first = journal.repair("2026-07-10", "unknown")
    journal.reverse(first)
    journal.repair("2026-07-10", "repairable")
    one_way = measured()
    second = journal.repair("2026-07-10", "unknown")
    journal.reverse(second)
    assert measured() == one_way


def test_the_release_counts_the_real_files(
    journal: Journal, shared_data: Path, analyst: Actor
) -> None:
    """All 6,600 rows of the two files: imported by action, released, counted independently."""
    import csv

    from dure.core.actions import CATALOGUE, run
    from tests.harness import people

    if "exchange.repair.import" not in CATALOGUE:
        pytest.skip("the import of repairs does not stand in this installation")
    rows = []
    for path in sorted((shared_data / "ords").glob("OpenRepairData*.csv")):
        host = people.organisation(path.stem[:40])
        staff = people.person_with(people.Role.STAFF, district="11440")
        body = {"content": path.read_bytes(), "organisation_id": str(host.id), "district": "11440"}
        run("exchange.repair.import", body, staff)
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows += list(csv.DictReader(file))
    counted = Counter((row["event_date"][:4], row["repair_status"]) for row in rows)
    assert len(rows) == 6600
    window = Window("2010-01", "2025", computing.cut_now(), noon("2026-11-21").date())
    versions = list(DefinitionVersion.rows.filter(definition_id__in=("N4", "N4a", "N4r")))
    cells = {
        (key.indicator, key.period): cell.measure
        for key, cell in computing.compute(versions, window).cells.items()
        if key.grain == "year" and key.place == "00000" and not key.breakdown
    }
    for year in map(str, range(2010, 2026)):
        total = sum(n for (y, _), n in counted.items() if y == year)
        fixed = counted[year, "Fixed"]
        unknown = counted[year, "Unknown"]
        assert cells["N4a", year].num == total
        assert cells["N4", year].num == fixed
        rate = cells["N4r", year]
        assert (rate.num, rate.den) == (
            (fixed, total - unknown) if total > unknown else (None, None)
        )
    assert sum(cells["N4a", str(y)].num or 0 for y in range(2010, 2026)) == 6600
