"""Two runs at once, and a run beside single steps and ticks: no case moves twice, none is lost."""

from __future__ import annotations

from collections import Counter
from typing import Any

from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.exchange.models import Agreement, Asset, Attestation, Commitment
from dure.ledger.models import Account, Transfer
from tests.exchange.hubs import CLOSED, NOW, Hub, hub, item, move, order
from tests.exchange.test_races import RACERS, race
from tests.harness.clock import Clock

ENGINE = Actor.timer("exchange.pool.slice")
BASKETS = 12


def ordered(clock: Clock) -> Hub:
    """An allotted cycle with twelve baskets."""
    clock.at(NOW)
    here = hub()
    products = here.load(item("감자", estate=20_000), item("콩", estate=20_000))
    for _ in range(BASKETS):
        order(here, here.buyer(), *((one, 1000, 0) for one in products))
    clock.at(CLOSED)
    run("exchange.cycle.close", {"cycle_id": here.cycle}, here.keeper)
    run("exchange.pool.allot", {"pool_id": here.cycle}, ENGINE)
    return here


def step(here: Hub, name: str, actor: Actor) -> Any:  # Any: the result
    return run("exchange.pool.step", {"pool_id": here.cycle, "transition": name}, actor).result


def test_runs_at_once_award_each_basket_once(commits: str, clock: Clock) -> None:
    here = ordered(clock)
    given, refused = race(lambda n: step(here, "award", ENGINE))
    assert set(refused) <= {"core.busy"}
    assert sum(one.moved for one in given) == BASKETS  # type: ignore[attr-defined]  # results
    assert Agreement.rows.filter(state="allocated").count() == BASKETS
    assert Commitment.rows.count() == 2 * BASKETS
    held = Counter(Commitment.rows.values_list("agreement_id", "asset_id"))
    assert set(held.values()) == {1}
    for stock in Asset.rows.filter(kind="stock"):
        promised = Commitment.rows.filter(asset=stock).values_list("qty", flat=True)
        assert stock.reserved == sum(promised)


def test_packing_all_beside_packing_each(commits: str, clock: Clock) -> None:
    here = ordered(clock)
    step(here, "award", ENGINE)
    cases = [str(one) for one in Agreement.rows.order_by("-pk").values_list("pk", flat=True)]

    def pack(number: int) -> int:
        if number % 2:
            moved: int = step(here, "pack", here.keeper).moved
            return moved
        return sum(_packed(here, case) for case in cases[number::RACERS])

    given, refused = race(pack)
    assert set(refused) <= {"core.busy"}
    assert sum(int(str(one)) for one in given) == BASKETS
    assert Agreement.rows.filter(state="packed").count() == BASKETS


def _packed(here: Hub, case: str) -> bool:
    body = {"agreement_id": case, "transition": "pack", "state": "allocated"}
    try:
        run("exchange.agreement.step", body, here.keeper)
    except Refusal as refusal:
        assert refusal.name == "exchange.stale_state"  # noqa: PT017  # somebody was first
        return False
    return True


def test_settling_beside_the_tick_and_the_buyers(commits: str, clock: Clock) -> None:
    here = ordered(clock)
    step(here, "award", ENGINE)
    step(here, "pack", here.keeper)
    buyers = {}
    for case in Agreement.rows.order_by("pk"):
        buyers[str(case.pk)] = Actor.person(case.parties.get(role="buyer").person)
        move(here.keeper, str(case.pk), "hand_over")
        move(buyers[str(case.pk)], str(case.pk), "hand_over")
    clock.move(days=3)
    cases = sorted(buyers)

    def settle(number: int) -> None:
        if number < 2:
            step(here, "taken_as_well", ENGINE)
        elif number < 4:
            run("exchange.agreement.tick", {}, Actor.timer("exchange.agreement.tick"))
        else:
            for case in cases[number - 4 :: 2]:
                _accepted(buyers[case], case)

    _, refused = race(settle)
    assert set(refused) <= {"core.busy"}
    step(here, "taken_as_well", ENGINE)
    assert Agreement.rows.filter(state="settled").count() == BASKETS
    assert Transfer.rows.filter(kind=2).count() == BASKETS
    assert sum(Account.rows.values_list("balance", flat=True)) == 0
    assert not Account.rows.filter(held_out__gt=0).exists()
    assert Attestation.rows.filter(transition="hand_over").count() == 2 * BASKETS


def _accepted(buyer: Actor, case: str) -> None:
    body = {"agreement_id": case, "transition": "accept", "state": "delivered"}
    try:
        run("exchange.agreement.step", body, buyer)
    except Refusal as refusal:
        assert refusal.name in ("exchange.stale_state", "core.busy")  # noqa: PT017
