"""Avoided emissions: by factor, never guessed, stated again when a factor becomes known."""

from __future__ import annotations

import pytest

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.exchange import queries
from dure.exchange.actions.demo import FACTORS
from dure.exchange.models import Pool
from dure.journal.models import Event, Factor
from tests.exchange.cases import NOW, cafe, record, sums
from tests.harness.clock import Clock
from tests.harness.people import MAPO, organisation, person_with

pytestmark = pytest.mark.django_db
HEAD = "code,value,value_unit,from_unit,year,purpose,source,reliability"
HALF = "repair.displacement,500000,ppm,PPM,2026,avoided,방법론,2"
LAPTOP = "repair.footprint.16,260,kg,H87,2026,avoided,시험,4"
LAMP = "repair.footprint.15,,kg,H87,2026,avoided,채워야 함,"


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)


def load(*lines: str) -> object:
    content = "\n".join((HEAD, *lines, "")).encode()
    return run("journal.factor.load", {"content": content}, Actor.operator()).result


def estimate() -> tuple[int, int, int]:
    result = run("exchange.carbon.estimate", {}, Actor.operator()).result
    return result.kinds, result.restated, result.without_factor


def grams() -> list[tuple[int, int | None, bool]]:
    """(sign, grams, has factor) of all successes in the order written."""
    rows = Event.rows.filter(label__code="repair.fixed").order_by("seq")
    return [(e.sign, e.gco2e, e.factor_id is not None) for e in rows]


def test_repair_of_a_laptop_of_260_kg_avoids_130_kg() -> None:
    load(HALF, LAPTOP, LAMP)
    assert estimate() == (2, 0, 0)
    here = cafe()
    record(here, {"category": 16, "outcome": "fixed"})
    assert grams() == [(1, 130_000, True)]
    made = Event.rows.get(label__code="repair.fixed").factor
    assert made is not None
    parts = {f.code for f in Factor.rows.filter(uid__in=made.made_of)}
    assert (made.code, parts) == (
        "repair.avoided.16", {"repair.footprint.16", "repair.displacement"},
    )  # fmt: skip


def test_missing_factor_stays_missing_and_is_counted() -> None:
    load(HALF, LAPTOP, LAMP)
    estimate()
    here = cafe()
    record(here, {"category": 15, "outcome": "fixed"}, {"category": 16, "outcome": "fixed"})
    record(here, {"category": 1, "outcome": "fixed"})
    assert grams() == [(1, None, False), (1, 130_000, True), (1, None, False)]
    told = queries.statistics_of([Pool.rows.get().id])
    assert (told.avoided.grams, told.avoided.piece_count, told.avoided.missing_count) == (
        130_000, 1, 2,
    )  # fmt: skip
    assert (told.avoided_kg, told.reliability_worst, told.is_synthetic) == (130, 4, False)


def test_factor_known_later_is_stated_again_by_reversal() -> None:
    here = cafe()
    record(here, {"category": 16, "outcome": "fixed"}, {"category": 15, "outcome": "fixed"})
    assert grams() == [(1, None, False), (1, None, False)]
    load(HALF, LAPTOP)
    assert estimate() == (1, 1, 1)
    assert grams() == [(1, None, False), (1, None, False), (-1, None, False), (1, 130_000, True)]
    assert sums()["repair.fixed"] == 2
    assert estimate() == (1, 0, 1), "what has a factor keeps it"


def test_corrected_record_takes_its_grams_back() -> None:
    load(HALF, LAPTOP)
    estimate()
    here = cafe()
    (new_id,) = record(here, {"category": 16, "outcome": "fixed"})
    body = {"agreement_id": new_id, "why": "typo", "outcome": "unknown"}
    run("exchange.agreement.correct", body, here.keeper, reason="잘못 적었음")
    assert sum(sign * (g or 0) for sign, g, _ in grams()) == 0
    assert sums() == {"repair.attempt": 1}


def test_without_displacement_nothing_is_estimated() -> None:
    load(LAPTOP)
    with pytest.raises(Refusal) as caught:
        estimate()
    assert caught.value.name == "exchange.no_factors"


def test_same_file_again_adds_nothing_and_a_new_value_is_a_new_row() -> None:
    first, again = load(HALF, LAPTOP), load(HALF, LAPTOP)
    assert (first.new, again.new) == (2, 0)
    assert load(HALF, LAPTOP.replace("260", "250")).new == 1
    assert Factor.rows.filter(code="repair.footprint.16").count() == 2


def test_bad_line_stores_nothing() -> None:
    with pytest.raises(Refusal) as caught:
        load(HALF, LAPTOP.replace("kg", "lb"))
    assert (caught.value.name, caught.value.places["row"]) == ("journal.bad_factor_file", 3)
    assert Factor.rows.count() == 0


def test_resident_may_not_load_factors() -> None:
    content = f"{HEAD}\n{HALF}\n".encode()
    resident = person_with(Role.RESIDENT)
    with pytest.raises(Refusal) as caught:
        run("journal.factor.load", {"content": content}, resident)
    assert caught.value.name == "core.not_allowed"


def test_demo_is_synthetic_and_says_so() -> None:
    organisation("가람수리협동조합", district_sig=MAPO)
    result = run("exchange.demo.load", {}, Actor.operator(), key="demo").result
    assert result.events in range(15, 22)
    assert sums()["repair.attempt"] == result.records
    assert set(Pool.rows.values_list("is_synthetic", flat=True)) == {True}
    told = queries.statistics()
    assert told.is_synthetic
    assert told.avoided.piece_count + told.avoided.missing_count == told.fixed
    assert FACTORS.read_text().count("yes") == 40
    again = run("exchange.demo.load", {}, Actor.operator(), key="demo")
    assert again.replayed
