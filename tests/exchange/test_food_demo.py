"""The demo's food hub: invented, through the door, once, and only where a demo is wanted."""

from __future__ import annotations

from typing import Any

import pytest

from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.exchange.models import Agreement, Claim, Pool

pytestmark = pytest.mark.usefixtures("db")


def test_demo_runs_two_cycles_with_a_shortage_once(settings: Any) -> None:
    settings.DEMO = True
    operator = Actor.operator()
    for name in ("registry.demo.load", "ledger.demo.load"):
        run(name, {}, operator, key=name)
    made = run("exchange.demo.feed", {}, operator, key="feed").result
    assert (made.cycles, made.products, made.baskets) == (2, 16, 8)
    assert run("exchange.demo.feed", {}, operator, key="feed").replayed
    cycles = Pool.rows.filter(kind="order_cycle", parent=None)
    assert {(one.is_synthetic, one.state) for one in cycles} == {(True, "awarded"), (True, "open")}
    states = set(Agreement.rows.filter(process="food_order").values_list("state", flat=True))
    assert states == {"cart", "ordered", "allocated", "packed", "delivered", "settled"}
    short = Claim.rows.filter(pool__title="딸기", pool__parent__state="awarded")
    assert sum(one.awarded or 0 for one in short) == 1000 < sum(one.asked for one in short)


def test_demo_is_refused_where_none_is_wanted(settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(Refusal):
        run("exchange.demo.feed", {}, Actor.operator(), key="feed")
