"""The closed grid: calendars, blocks, and each cell once."""

from __future__ import annotations

import pytest

from dure.engines import release_grid
from dure.engines.release_grid import NotAGrid


def test_two_years_from_february_hold_one_whole_year() -> None:
    assert release_grid.periods("2024-02", "2025-Q4", "year") == ("2025",)
    assert len(release_grid.periods("2024-02", "2025-Q4", "month")) == 23
    assert release_grid.periods("2024-02", "2025-Q4", "quarter")[0] == "2024-Q2"


def test_leap_february_ends_on_the_29th() -> None:
    assert release_grid.last_day("2024-02").day == 29


@pytest.mark.parametrize("period", ["2026-Q5", "2026-13", "26", "2026-7", "２０２６", "2026-Q3\n"])
def test_an_unknown_period_is_refused(period: str) -> None:
    with pytest.raises(NotAGrid):
        release_grid.grain_of(period)


def test_a_first_month_after_the_period_is_refused() -> None:
    with pytest.raises(NotAGrid):
        release_grid.periods("2026-08", "2026-Q3", "month")


def test_every_cell_stands_once_even_where_blocks_meet() -> None:
    grid = "quarter@gu,city@-; period@city@-; month@city@outcome=a|b"
    keys = release_grid.keys(
        "N4", grid, since="2026-07", period="2026-Q3", districts=["11110", "11140"]
    )
    assert len(keys) == len(set(keys)) == 3 + 3 * 2
    assert list(keys) == sorted(keys)
