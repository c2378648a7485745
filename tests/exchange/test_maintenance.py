"""Maintenance: a thing with a plan is lent only until its next check, and says so everywhere."""

from __future__ import annotations

import pytest

from dure.core import clock as core_clock
from dure.core.actions import run
from dure.core.door import load_grants
from dure.core.errors import Refusal
from dure.exchange.models import Asset
from dure.exchange.queries import library as reads
from dure.exchange.queries.availability import of_library
from tests.exchange.neighbours import NOW, Library, answers, hold, library
from tests.harness.clock import Clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(clock: Clock) -> Library:
    clock.at(NOW)  # 10 May 2026
    return library()


def thing(here: Library, **terms: object) -> str:
    place = {"latitude_e5": 3_755_600, "longitude_e5": 12_691_000}
    return here.thing(terms=answers(**terms), **place)


def test_it_is_lent_up_to_the_day_of_its_next_check_and_not_past_it(here: Library) -> None:
    asset = thing(here, maintain_days=30, maintained_on="2026-04-15")  # due 15 May
    hold(here.neighbour(), asset, "14T10:00", "15T18:00")
    with pytest.raises(Refusal) as refused:
        hold(here.neighbour(), asset, "15T19:00", "16T10:00")
    assert "점검" in str(refused.value.places["why"])


def test_without_a_first_check_a_plan_is_due_at_once(here: Library) -> None:
    asset = thing(here, maintain_days=30)
    with pytest.raises(Refusal, match=r"exchange\.bad_quantity"):
        hold(here.neighbour(), asset, "11T10:00", "11T18:00")


def test_control_a_thing_without_a_plan_is_lent(here: Library) -> None:
    hold(here.neighbour(), thing(here), "14T10:00", "16T18:00")


def test_a_check_that_is_written_down_opens_it_again(here: Library) -> None:
    asset = thing(here, maintain_days=30, maintained_on="2026-04-01")
    keeper = load_grants(here.keeper, core_clock.now())
    assert [str(one.id) for one in reads.to_look_over(keeper)] == [asset]
    terms = answers(maintain_days=30, maintained_on="2026-05-10")
    run("exchange.asset.change", {"asset_id": asset, "terms": terms}, here.keeper)
    assert reads.to_look_over(keeper) == []
    hold(here.neighbour(), asset, "14T10:00", "16T18:00")


@pytest.mark.parametrize("day", ["2026-02-30", "어제", "12", "2026-5-1T00:00"])
def test_what_is_no_day_is_refused(here: Library, day: str) -> None:
    with pytest.raises(Refusal):
        thing(here, maintain_days=30, maintained_on=day)
    assert not Asset.rows.exists()


def test_the_public_feed_ends_where_the_check_is_due(here: Library) -> None:
    thing(here, maintain_days=30, maintained_on="2026-04-15")
    found = of_library(here.host.id, contact="a@example.test", secret=b"x" * 32)
    assert found is not None
    windows = [window for one in found.vehicles for window in one.windows]
    assert [str(end.astimezone(core_clock.SEOUL))[:16] for _, end in windows] == [
        "2026-05-16 00:00"
    ]
