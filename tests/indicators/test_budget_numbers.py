"""Numbers of participatory budgeting: turnout, won decided, what became of it."""

from __future__ import annotations

import pytest

from dure.engines import release_grid
from dure.engines.formula import NotAFormula, is_until
from dure.engines.measures import State
from dure.engines.release_grid import Key
from dure.indicators import computing
from dure.indicators.computing import Cell, Window
from dure.indicators.models import DefinitionVersion
from tests.indicators.facts import JONGNO, MAPO, Journal, noon

pytestmark = pytest.mark.django_db
CITY = "00000"
DISTRICT = {"field": "care", "money": "district"}


def cells(period: str = "2026-Q3", since: str = "2026-01") -> dict[Key, Cell]:
    versions = DefinitionVersion.rows.filter(definition__in=("G1p", "G1b", "G1s", "G1f"))
    window = Window(since, period, computing.cut_now(), noon("2026-11-21").date())
    return computing.compute(list(versions), window).cells


def cell(found: dict[Key, Cell], code: str, period: str, place: str, part: str = "") -> Cell:
    return found[Key(code, part, release_grid.grain_of(period), period, place)]


def award(journal: Journal, day: str, won: int, **more: object) -> None:
    journal.event("budget.awarded", day, qty=won, dims=DISTRICT, **more)  # type: ignore[arg-type]  # of event()


def test_won_decided_are_those_of_the_period_and_the_share_is_of_all_so_far(
    journal: Journal,
) -> None:
    award(journal, "2025-12-20", 400_000_000)
    award(journal, "2026-08-01", 100_000_000)
    award(journal, "2026-08-01", 50_000_000, district=JONGNO)
    wrong = journal.event("budget.awarded", "2026-08-02", qty=7, dims=DISTRICT)
    journal.reverse(wrong)
    journal.event("budget.spent", "2026-02-01", qty=100_000_000, dims=DISTRICT)
    journal.event("budget.spent", "2026-10-01", qty=300_000_000, dims=DISTRICT)  # after the period
    journal.event("budget.finished", "2026-09-01", dims=DISTRICT)
    found = cells()
    assert cell(found, "G1b", "2026-Q3", MAPO).measure.num == 100_000_000
    assert cell(found, "G1b", "2026-Q3", CITY).measure.num == 150_000_000
    assert cell(found, "G1b", "2026-Q3", CITY, "field=care").measure.num == 150_000_000
    spent = cell(found, "G1s", "2026-Q3", MAPO).measure
    assert (spent.num, spent.den) == (100_000_000, 500_000_000)
    done = cell(found, "G1f", "2026-Q3", CITY).measure
    assert (done.num, done.den) == (1, 3)
    assert cell(found, "G1s", "2026-Q3", "11680").measure.state is State.NOT_APPLICABLE
    assert cell(found, "G1s", "2026-Q3", MAPO).rows_read == 5


def test_money_of_a_fund_is_not_the_residents(journal: Journal) -> None:
    dims = {"field": "none", "money": "fund"}
    journal.event("budget.awarded", "2026-08-01", qty=5, dims=dims)
    found = cells()
    assert cell(found, "G1b", "2026-Q3", CITY).measure.num == 0
    assert cell(found, "G1s", "2026-Q3", CITY).measure.state is State.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("eligible", "cast", "state"),
    [
        (200, 30, State.VALUE),
        (200, 9, State.SUPPRESSED),
        (200, 191, State.SUPPRESSED),
        (200, 190, State.VALUE),
        (12, 12, State.SUPPRESSED),
        (12, 0, State.SUPPRESSED),
        (0, 0, State.NOT_APPLICABLE),
    ],
)
def test_turnout_rests_on_ten_people_on_both_sides(
    journal: Journal, eligible: int, cast: int, state: State
) -> None:
    dims = {"matter": "budget"}
    journal.event("vote.eligible", "2026-08-01", qty=eligible, dims=dims)
    journal.event("vote.cast", "2026-08-01", qty=cast, dims=dims)
    journal.event("vote.cast", "2026-08-01", qty=4, dims={"matter": "fund"})
    measure = cell(cells(), "G1p", "2026-Q3", CITY).measure
    assert measure.state is state
    if state is State.VALUE:
        assert (measure.num, measure.den) == (cast, eligible)


def test_a_sum_so_far_is_not_mixed_with_one_of_the_period() -> None:
    with pytest.raises(NotAFormula):
        is_until("qty_until budget.spent", "qty budget.awarded")
