"""In which district food counts: its buyer's, as the labels say from December 2026 on."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.exchange.models import Agreement
from dure.journal.models import Event
from dure.registry.models import PersonFact
from tests.exchange.hubs import Hub, hub, item, move, order
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.harness.people import JONGNO, MAPO, person_with
from tests.ledger.givens import an_account

pytestmark = pytest.mark.usefixtures("db")


def december(clock: Clock) -> Hub:
    """A hub of Mapo that takes orders on the 10th of December."""
    clock.at("2026-12-10T09:00:00+09:00")
    return hub(
        opens="2026-12-10T08:00:00+09:00",
        closes="2026-12-11T18:00:00+09:00",
        pickup="2026-12-12T17:00:00+09:00",
    )


def shared_out(here: Hub, clock: Clock) -> None:
    """Closed and allotted; it is the time of the hand-over."""
    clock.at("2026-12-11T18:00:01+09:00")
    run("exchange.cycle.close", {"cycle_id": here.cycle}, here.keeper)
    run("exchange.pool.allot", {"pool_id": here.cycle}, Actor.timer("exchange.pool.allot"))
    body = {"pool_id": here.cycle, "transition": "award"}
    run("exchange.pool.step", body, Actor.timer("exchange.pool.slice"))
    clock.at("2026-12-12T16:00:00+09:00")


def handed(here: Hub, buyer: Actor, basket: str) -> None:
    """Packed as awarded, and handed over."""
    move(here.keeper, basket, "pack")
    move(here.keeper, basket, "hand_over")
    assert move(buyer, basket, "hand_over") == "delivered"
    assert Agreement.rows.get(id=basket).district_id == MAPO


def test_food_counts_in_the_district_of_its_buyer_else_in_that_of_the_hub(clock: Clock) -> None:
    here = december(clock)
    (rice,) = here.load(item("쌀"))
    people = {
        MAPO: here.buyer(),
        JONGNO: person_with(Role.RESIDENT, district=JONGNO),
        "nowhere": person_with(Role.RESIDENT, district=JONGNO),
        "abroad": person_with(Role.RESIDENT, district=JONGNO),
    }
    with given() as audit:
        homes = PersonFact.rows.filter(kind="home")
        homes.filter(person=people["nowhere"].id).update(
            valid=DateRange(date(2020, 1, 1), date(2026, 12, 12)), audit=audit
        )
        homes.filter(person=people["abroad"].id).update(value="부산", audit=audit)
    placed = {}
    for place, buyer in people.items():
        if place != MAPO:
            here.accounts[buyer.id] = an_account(here.book, owner=buyer, unit="KRW", lo=-100_000)
        placed[place] = order(here, buyer, (rice, 1000, 0))
    shared_out(here, clock)
    for place, buyer in people.items():
        handed(here, buyer, placed[place])
    found = dict.fromkeys((MAPO, JONGNO), 0)
    for event in Event.rows.filter(label__code="food.delivered"):
        assert event.label.version == 2
        found[event.district] += event.qty
    assert found == {MAPO: 3000, JONGNO: 1000}


def test_buyer_who_moved_is_corrected_where_the_food_was_counted(clock: Clock) -> None:
    here = december(clock)
    (rice,) = here.load(item("쌀"))
    buyer = person_with(Role.RESIDENT, district=JONGNO)
    here.accounts[buyer.id] = an_account(here.book, owner=buyer, unit="KRW", lo=-100_000)
    basket = order(here, buyer, (rice, 1000, 0))
    shared_out(here, clock)
    handed(here, buyer, basket)
    clock.at("2026-12-13T10:00:00+09:00")
    with given() as audit:
        home = PersonFact.rows.get(person=buyer.id, kind="home")
        home.valid, home.audit = DateRange(date(2020, 1, 1), date(2026, 12, 13)), audit
        home.save()
        PersonFact.rows.create(
            person_id=buyer.id,
            kind="home",
            value=MAPO,
            derived_at="2026-12-13T00:00:00+09:00",
            valid=DateRange(date(2026, 12, 13), None),
            audit=audit,
        )
    move(buyer, basket, "claim", product=rice, missing=500)
    move(here.keeper, basket, "resolve", missing=500)
    rows = Event.rows.filter(label__code="food.delivered").order_by("seq")
    assert [(e.district, e.sign * e.qty) for e in rows] == [
        (JONGNO, 1000),
        (JONGNO, -1000),
        (JONGNO, 500),
    ]
