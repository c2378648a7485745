"""The demo's shared rides: invented, through the door, once, and only where a demo is wanted."""

from __future__ import annotations

from typing import Any

import pytest

from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.exchange.models import Agreement, Asset, Listing

pytestmark = pytest.mark.usefixtures("db")


def test_demo_fills_rides_wishes_and_seats_once(settings: Any) -> None:
    settings.DEMO = True
    operator = Actor.operator()
    for name in ("registry.demo.load", "ledger.demo.load"):
        run(name, {}, operator, key=name)
    made = run("exchange.demo.ride", {}, operator, key="ride").result
    assert (made.rides, made.cases) == (5, 3)
    assert run("exchange.demo.ride", {}, operator, key="ride").replayed
    assert Listing.rows.filter(side="offer").count() == 6
    assert Listing.rows.filter(side="request").count() == 1
    assert sorted(Agreement.rows.values_list("state", flat=True)) == [
        "accepted", "asked", "settled",
    ]  # fmt: skip
    assert Asset.rows.filter(parent=None).count() >= 30


def test_demo_of_rides_is_refused_where_none_is_wanted(settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(Refusal):
        run("exchange.demo.ride", {}, Actor.operator(), key="ride")
