"""The demo's sharing: invented, through the door, once, and only where a demo is wanted."""

from __future__ import annotations

from typing import Any

import pytest

from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.exchange.models import Agreement, Asset, Listing

pytestmark = pytest.mark.usefixtures("db")


def test_demo_fills_listings_a_library_and_cases_once(settings: Any) -> None:
    settings.DEMO = True
    operator = Actor.operator()
    for name in ("registry.demo.load", "ledger.demo.load"):
        run(name, {}, operator, key=name)
    made = run("exchange.demo.share", {}, operator, key="share").result
    assert (made.listings, made.things, made.cases) == (14, 9, 12)
    again = run("exchange.demo.share", {}, operator, key="share")
    assert again.replayed
    assert Listing.rows.count() == 14
    assert Asset.rows.count() == 9
    states = set(Agreement.rows.values_list("state", flat=True))
    given = Agreement.rows.filter(process="give_away").values_list("state", flat=True)
    assert sorted(given) == ["asked", "asked", "asked", "closed", "promised"]
    assert {"asked", "scheduled", "done_claimed", "settled", "review", "booked", "out"} <= states


def test_demo_is_refused_where_none_is_wanted(settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(Refusal):
        run("exchange.demo.share", {}, Actor.operator(), key="share")
