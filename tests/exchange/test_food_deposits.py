"""Deposits on crates: held with the basket, back with the crate, kept of one that is out."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Sum

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.exchange.models import Agreement, Attestation, Pool
from dure.exchange.processes import food_order
from dure.exchange.processes.food_order import DEPOSIT, PURPOSE
from dure.exchange.queries import food
from dure.ledger.models import Account, Transfer
from tests.exchange.hubs import (
    NOW,
    PICKUP,
    Hub,
    a_cycle,
    cart,
    fill,
    hub,
    item,
    move,
    order,
    reading,
)
from tests.exchange.neighbours import tick
from tests.exchange.pool_snapshot import Snapshot, snapshot
from tests.exchange.test_food_cycle import close, handed, state
from tests.exchange.test_pool_step import differences
from tests.harness.matrix import undone
from tests.harness.people import person_with
from tests.ledger.givens import an_account, balance
from tests.ledger.programmes import a_runner, decided, funded, granted, held_by, member, opened

pytestmark = pytest.mark.usefixtures("db")
CRATE, LATER = 2000, "2026-05-20T09:00:00+09:00"


@pytest.fixture
def here(clock: Any) -> Hub:
    clock.at(NOW)
    return hub(deposit=CRATE)


def ordered(here: Hub) -> tuple[Actor, str]:
    """A kilogram of potatoes at 6,000 won, and its crate."""
    (potatoes,) = here.load(item())
    buyer = here.buyer()
    return buyer, order(here, buyer, (potatoes, 1000, 0))


def take_back(here: Hub, basket: str, by: Actor | None = None) -> int:
    body = {"agreement_id": basket}
    return int(run("exchange.crate.take_back", body, by or here.keeper).result.given_back)


def crate(here: Hub, basket: str) -> str:
    found = food.basket(Agreement.rows.get(id=basket).id, reading(here.keeper))
    assert found is not None
    return found.crate


def till(here: Hub) -> int:
    assert Account.rows.filter(book=here.book).aggregate(total=Sum("balance"))["total"] == 0
    return balance(here.till)[0]


def test_deposit_is_held_beside_the_food_and_given_back_by_edit(here: Hub) -> None:
    buyer, basket = ordered(here)
    assert here.money(buyer) == (0, 6000 + CRATE, 0)
    held = Transfer.rows.filter(grp=basket, kind=Transfer.Kind.HOLD)
    assert dict(held.values_list("purpose", "amount")) == {PURPOSE: 6000, DEPOSIT: CRATE}
    move(buyer, basket, "edit")
    assert here.money(buyer) == (0, 0, 0)
    move(buyer, basket, "place")
    assert (here.money(buyer)[1], crate(here, basket)) == (6000 + CRATE, "promised")


def test_crate_that_is_out_at_settlement_is_kept_and_given_back_later(
    here: Hub, clock: Any
) -> None:
    buyer, basket = ordered(here)
    close(here, clock)
    handed(here, buyer, basket)
    assert crate(here, basket) == "out"
    move(buyer, basket, "accept")
    assert (here.money(buyer), crate(here, basket)) == ((-6000 - CRATE, 0, 0), "kept")
    assert till(here) == 6000 + CRATE
    assert take_back(here, basket) == CRATE
    assert (here.money(buyer), crate(here, basket)) == ((-6000, 0, 0), "back")
    assert till(here) == 6000
    with pytest.raises(Refusal, match=r"exchange\.no_crate"):
        take_back(here, basket)
    assert till(here) == 6000


def test_crate_that_is_back_before_settlement_costs_nothing(here: Hub, clock: Any) -> None:
    buyer, basket = ordered(here)
    close(here, clock)
    handed(here, buyer, basket)
    assert take_back(here, basket) == 0
    assert here.money(buyer) == (0, 6000 + CRATE, 0)
    clock.at(LATER)
    tick()
    assert (state(basket), here.money(buyer)) == ("settled", (-6000, 0, 0))
    assert (till(here), crate(here, basket)) == (6000, "back")


def test_complaint_and_judgement_leave_the_deposit_to_the_crate(here: Hub, clock: Any) -> None:
    buyer, basket = ordered(here)
    product = str(Pool.rows.get(parent=here.cycle).id)
    close(here, clock)
    handed(here, buyer, basket)
    move(buyer, basket, "claim", product=product, missing=500)
    clock.at(LATER)
    tick()
    assert (state(basket), crate(here, basket)) == ("review", "out")
    move(here.keeper, basket, "judge", charge=0)
    assert here.money(buyer) == (-CRATE, 0, 0)
    assert take_back(here, basket) == CRATE
    assert (here.money(buyer), till(here)) == ((0, 0, 0), 0)


def test_word_of_the_hub_alone_keeps_no_deposit(here: Hub, clock: Any) -> None:
    buyer, basket = ordered(here)
    close(here, clock)
    move(here.keeper, basket, "pack")
    move(here.keeper, basket, "hand_over")  # the buyer never said so
    assert state(basket) == "packed"
    clock.at(LATER)
    tick()
    move(here.keeper, basket, "charge", charge=6000)
    assert here.money(buyer) == (-6000, 0, 0)
    assert crate(here, basket) == "none"
    with pytest.raises(Refusal, match=r"exchange\.no_crate"):
        take_back(here, basket)


@pytest.mark.parametrize("end", ["zero", "dropped", "not_allotted", "void", "waive", "cancel"])
def test_every_way_out_gives_the_deposit_back(here: Hub, clock: Any, end: str) -> None:
    (potatoes,) = here.load(item(estate=0 if end == "zero" else 10_000))
    buyer = here.buyer()
    basket = cart(here, buyer)
    fill(basket, buyer, (potatoes, 1000, 0))
    if end != "dropped":
        move(buyer, basket, "place")
    if end in ("zero", "void", "waive"):
        close(here, clock)
    if end == "waive":
        move(here.keeper, basket, "pack")
    if end == "cancel":
        run("exchange.cycle.cancel", {"cycle_id": here.cycle}, here.keeper, reason="비가 옵니다")
    clock.at(PICKUP if end == "void" else LATER)
    tick()
    if end in ("void", "waive"):
        move(here.keeper, basket, end)
    assert state(basket) in ("cancelled", "dropped")
    assert (here.money(buyer), till(here)) == ((0, 0, 0), 0)


def test_deposits_are_no_part_of_what_producers_get(here: Hub, clock: Any) -> None:
    buyer, basket = ordered(here)
    paid = an_account(here.book, organisation=here.producer, unit="KRW")
    close(here, clock)
    handed(here, buyer, basket)
    move(buyer, basket, "accept")
    treasurer = person_with(Role.TREASURER, organisation=here.host)
    run("exchange.cycle.pay", {"cycle_id": here.cycle}, treasurer)
    assert (balance(paid)[0], till(here)) == (6000, CRATE)
    assert take_back(here, basket) == CRATE
    assert till(here) == 0


def test_only_who_packs_takes_a_crate_back_and_never_her_own(here: Hub, clock: Any) -> None:
    buyer, basket = ordered(here)
    close(here, clock)
    with pytest.raises(Refusal, match=r"exchange\.no_crate"):
        take_back(here, basket)  # not handed over yet
    handed(here, buyer, basket)
    with pytest.raises(Refusal, match=r"core\.not_allowed"):
        take_back(here, basket, buyer)
    with pytest.raises(Refusal, match=r"core\.not_found"):
        take_back(here, basket, here.farmer)
    assert not Attestation.rows.filter(value__has_key="noted").exists()
    assert take_back(here, basket) == 0  # the control


@pytest.mark.parametrize("pays", ["gift", "local"])
def test_deposit_is_in_won_or_vouchers(here: Hub, pays: str) -> None:
    with pytest.raises(Refusal, match=r"exchange\.bad_quantity"):
        a_cycle(here, pays=pays, deposit=1)
    a_cycle(here, pays=pays)  # the control


def test_cycle_without_a_deposit_knows_no_crate(clock: Any) -> None:
    clock.at(NOW)
    here = hub()
    buyer, basket = ordered(here)
    close(here, clock)
    handed(here, buyer, basket)
    assert (here.money(buyer), crate(here, basket)) == ((0, 6000, 0), "none")
    with pytest.raises(Refusal, match=r"exchange\.no_crate"):
        take_back(here, basket)


# --- many at once, and at random


def test_pool_settles_deposits_as_the_single_step_does(here: Hub, clock: Any) -> None:
    (potatoes,) = here.load(item())
    made = [(who := here.buyer(), order(here, who, (potatoes, 500, 0))) for _ in range(4)]
    close(here, clock)
    for who, basket in made:
        handed(here, who, basket)
    for _, basket in made[:2]:
        take_back(here, basket)
    clock.at(LATER)

    def alone() -> Snapshot:
        with undone():
            for _ in range(20):
                run("exchange.agreement.tick", {}, Actor.timer("exchange.agreement.tick"))
            return snapshot()

    one_by_one = alone()
    body = {"pool_id": here.cycle, "transition": "taken_as_well"}
    assert run("exchange.pool.step", body, Actor.timer("exchange.pool.slice")).result.moved == 4
    assert differences(one_by_one, snapshot()) == {}
    kept = [here.money(who)[0] for who, _ in made]
    assert kept == [-3000, -3000, -3000 - CRATE, -3000 - CRATE]


def a_random_cycle(here: Hub, clock: Any) -> None:
    """Orders with a deposit, handed over, brought back or not, before or after the settlement;
    whether every won is where the crates say."""
    chance = random.Random(20261122)
    products = here.load(item(margin_ppm=100_000, estate=4000), item("무", lot=1000, price=1999))
    made: list[tuple[Actor, str]] = []
    for minute in range(9):
        clock.at(f"2026-05-10T11:{minute:02}:00+09:00")
        who = here.buyer()
        wishes = ((products[0], 500 * chance.randint(1, 3), 500), (products[1], 1000, 0))
        made.append((who, order(here, who, *wishes[chance.randrange(2) :])))
    close(here, clock)
    late: list[str] = []
    for who, basket in made:
        if state(basket) != "allocated":
            continue
        if chance.random() < 0.2:
            move(here.keeper, basket, "pack")  # nobody fetches it
            continue
        handed(here, who, basket)
        when = chance.choice(["before", "after", "never"])
        if when == "before":
            take_back(here, basket)
        elif when == "after":
            late.append(basket)
        if chance.random() < 0.5:
            move(who, basket, "accept")
    clock.at(LATER)
    tick()
    for _, basket in made:
        if state(basket) == "uncollected":
            move(here.keeper, basket, chance.choice(["charge", "waive"]), charge=500)
    for basket in late:
        assert take_back(here, basket) == CRATE
    ends = Agreement.rows.filter(process="food_order")
    assert set(ends.values_list("state", flat=True)) <= {"settled", "cancelled"}
    spent = [here.money(who) for who, _ in made]
    assert {one[1:] for one in spent} == {(0, 0)}
    assert till(here) == -sum(one[0] for one in spent) > 0
    told = [food.basket(one.id, reading(here.keeper)) for one in ends]
    food_paid = sum(one.charged or 0 for one in told if one is not None)
    kept = sum(one.crate == "kept" for one in told if one is not None)
    assert 0 < kept < len(made)
    assert till(here) == food_paid + kept * CRATE


def test_random_cycle_keeps_every_won(here: Hub, clock: Any) -> None:
    a_random_cycle(here, clock)


@pytest.mark.parametrize(
    "fault",
    [
        lambda seen: True,  # kept although the crate is back, or was never taken
        lambda seen: False,  # never kept
    ],
)
def test_planted_fault_is_seen(
    here: Hub, clock: Any, monkeypatch: pytest.MonkeyPatch, fault: Callable[[object], bool]
) -> None:
    monkeypatch.setattr(food_order, "has_crate", fault)
    with pytest.raises((AssertionError, Refusal)):
        a_random_cycle(here, clock)


def test_voucher_deposit_comes_back_into_the_lot_that_it_came_from(clock: Any) -> None:
    clock.at(NOW)
    here = hub(pays="voucher", deposit=CRATE)
    made = opened("voucher", a_runner(), name="마포 먹거리 바우처")
    funded(made, 100_000)
    body = {"programme_id": str(made.pk), "shop_id": str(here.host.pk), "sales": 90_000_000}
    decided(made, "ledger.programme.shop", body)
    till_ = Account.rows.get(owner_organisation=here.host, unit__code="VCH", parent=None)
    buyer, account = member(made)
    granted(made, "2026-12-31", (buyer, 30_000))
    (potatoes,) = here.load(item())
    basket = order(here, buyer, (potatoes, 1000, 0))
    close(here, clock)
    handed(here, buyer, basket)
    move(buyer, basket, "accept")
    assert sum(held_by(account).values()) == 30_000 - 6000 - CRATE
    assert take_back(here, basket) == CRATE
    assert sum(held_by(account).values()) == 30_000 - 6000
    assert balance(till_)[0] == 6000
