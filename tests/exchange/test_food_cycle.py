"""A cycle from its list to settled baskets: shortage by rule, weights, claims, money and facts."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Sum

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.exchange import answers as typed
from dure.exchange import baskets
from dure.exchange.models import Agreement, Asset, Claim, Pool
from dure.exchange.queries import food
from dure.journal.models import Event
from dure.ledger.models import Account, Transfer
from tests.exchange.hubs import CLOSED, NOW, Hub, a_cycle, hub, item, move, order, reading
from tests.exchange.neighbours import tick
from tests.harness.given import given
from tests.harness.people import organisation, person_with
from tests.ledger.givens import an_account, balance

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(autouse=True)
def _morning(clock: Any) -> None:
    clock.at(NOW)


def close(here: Hub, clock: Any, cycle: str = "") -> None:
    """Close, allot, and move the baskets, as the jobs do one after another."""
    clock.at(CLOSED)
    number = cycle or here.cycle
    run("exchange.cycle.close", {"cycle_id": number}, here.keeper)
    run("exchange.pool.allot", {"pool_id": number}, Actor.timer("exchange.pool.allot"))
    for name in ("award", "zero"):
        body = {"pool_id": number, "transition": name}
        run("exchange.pool.step", body, Actor.timer("exchange.pool.slice"))


def ruled(here: Hub, rule: str) -> None:
    """Let the cycle run by another rule than the hub's."""
    with given() as audit:
        cycle = Pool.rows.get(id=here.cycle)
        cycle.terms["rule"] = rule
        cycle.rule_key, cycle.rule_version, cycle.audit = rule, None, audit
        cycle.save()


def awards(placed: Sequence[str]) -> list[int | None]:
    found = dict(Claim.rows.filter(withdrawn_at=None).values_list("agreement_id", "awarded"))
    return [found[Agreement.rows.get(id=one).id] for one in placed]


def state(basket: str) -> str:
    return str(Agreement.rows.get(id=basket).state)


def events(label: str) -> int:
    rows = Event.rows.filter(label__code=label)
    return sum(one.qty * one.sign for one in rows)


def handed(here: Hub, buyer: Actor, basket: str, **weights: int) -> None:
    """Pack with these weights by product, and hand over."""
    if weights:
        given_ = [{"product_id": k.replace("_", "-"), "weighed": v} for k, v in weights.items()]
        run("exchange.basket.weigh", {"agreement_id": basket, "weights": given_}, here.keeper)
    move(here.keeper, basket, "pack")
    move(here.keeper, basket, "hand_over")
    assert move(buyer, basket, "hand_over") == "delivered"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("prop", (714, 3571, 2143, 1429, 2143)),
        ("cea", (1000, 2333, 2333, 2000, 2333)),
        ("cel", (200, 4200, 2200, 1200, 2200)),
        ("talmud", (500, 4125, 2125, 1125, 2125)),
        ("first_come", (1000, 5000, 3000, 1000, 0)),
    ],
)
def test_published_shortage_through_the_actions(
    rule: str, expected: tuple[int, ...], clock: Any
) -> None:
    here = hub()
    ruled(here, rule)
    (rice,) = here.load(item("쌀", lot=1, price=4, estate=10_000))
    asked = (1000, 5000, 3000, 2000, 3000)
    placed = []
    for minute, one in enumerate(asked):
        clock.at(f"2026-05-10T10:0{minute}:00+09:00")
        placed.append(order(here, here.buyer(), (rice, one, 0)))
    close(here, clock)
    got = awards(placed)
    rest = 10_000 - sum(expected)
    assert sum(one or 0 for one in got) == 10_000
    extra = [(one or 0) - floor for one, floor in zip(got, expected, strict=True)]
    assert sorted(set(extra)) in ([0], [0, 1]) and sum(extra) == rest
    states = [state(one) for one in placed]
    assert states == ["cancelled" if one == 0 else "allocated" for one in got]
    assert Asset.rows.get(title="쌀").reserved == 10_000


def test_tolerance_fills_the_last_case_and_an_unfilled_case_is_not_ordered(clock: Any) -> None:
    here = hub()
    full, short = here.load(
        item("두부", unit="H87", lot=1, price=2000, estate=60, case=12, gram_each=400),
        item("달걀", unit="H87", lot=1, price=300, estate=60, case=12, gram_each=60),
    )
    one, two = here.buyer(), here.buyer()
    first = order(here, one, (full, 11, 3), (short, 11, 0))
    second = order(here, two, (full, 12, 0), (short, 2, 0))
    close(here, clock)
    got = {
        (str(c.pool_id), str(c.agreement_id)): c.awarded for c in Claim.rows.all().order_by("pk")
    }
    assert (got[full, first], got[full, second]) == (12, 12)
    assert sum(v or 0 for k, v in got.items() if k[0] == short) == 12
    assert all(Claim.rows.filter(awarded__isnull=False).values_list("reason__why", flat=True))


def test_real_weight_is_paid_and_never_more_than_the_margin_held(clock: Any) -> None:
    here = hub()
    (potatoes,) = here.load(item(margin_ppm=100_000))
    light, heavy = here.buyer(), here.buyer()
    one = order(here, light, (potatoes, 2000, 0))
    two = order(here, heavy, (potatoes, 2000, 0))
    assert here.money(light) == (0, 13_200, 0)
    close(here, clock)
    handed(here, light, one, **{potatoes: 1901})
    handed(here, heavy, two, **{potatoes: 2900})
    assert move(light, one, "accept") == move(heavy, two, "accept") == "settled"
    assert here.money(light) == (-11_406, 0, 0)
    assert here.money(heavy) == (-13_200, 0, 0)
    here.till.refresh_from_db()
    assert here.till.balance == 11_406 + 13_200
    assert Account.rows.filter(book=here.book).aggregate(total=Sum("balance"))["total"] == 0
    assert events("food.delivered") == 1901 + 2900
    told = Event.rows.values_list("label__code", "dims__origin", "evidence")
    assert set(told) == {("food.delivered", "capital", "B"), ("spending.local", "capital", "C")}
    assert events("spending.local") == 11_406 + 13_200
    stock = Asset.rows.get(title="감자")
    assert (stock.stock, stock.reserved) == (10_000 - 4000, 0)


def test_a_weight_beyond_reason_is_refused(clock: Any) -> None:
    here = hub()
    (potatoes,) = here.load(item(margin_ppm=100_000))
    basket = order(here, here.buyer(), (potatoes, 500, 0))
    close(here, clock)
    body = {
        "agreement_id": basket,
        "weights": [{"product_id": potatoes, "weighed": 1001}],
    }
    with pytest.raises(Refusal, match=r"exchange\.bad_quantity"):
        run("exchange.basket.weigh", body, here.keeper)
    assert Claim.rows.get(agreement=basket).weighed is None


def test_a_gift_cycle_costs_nothing_and_is_rescued_food(clock: Any) -> None:
    here = hub(pays="gift")
    (bread,) = here.load(item("빵", unit="H87", lot=1, price=0, estate=5, gram_each=300))
    buyers = [here.buyer(won=0) for _ in range(2)]
    placed = [order(here, who, (bread, 3, 0)) for who in buyers]
    close(here, clock)
    for who, basket in zip(buyers, placed, strict=True):
        handed(here, who, basket)
        assert move(who, basket, "accept") == "settled"
    assert [here.money(who) for who in buyers] == [(0, 0, 0), (0, 0, 0)]
    assert (events("food.rescued"), events("food.delivered")) == (1500, 0)


def test_a_withdrawn_product_gives_nothing_and_says_so(clock: Any) -> None:
    here = hub()
    (potatoes,) = here.load(item())
    buyer = here.buyer()
    basket = order(here, buyer, (potatoes, 500, 0))
    run("exchange.product.change", {"product_id": potatoes, "withdrawn": True}, here.farmer)
    close(here, clock)
    assert (state(basket), here.money(buyer)) == ("cancelled", (0, 0, 0))
    assert Claim.rows.get(agreement=basket).reason["why"] == "withdrawn"


def test_two_hubs_share_a_producers_stock_and_never_promise_more(clock: Any) -> None:
    here = hub()
    here.load(item(estate=1000))
    other = a_cycle(here, title="다른 회차")
    here.cycle, first = other, here.cycle
    here.load(item(estate=1000))
    assert Asset.rows.get(title="감자").stock == 1000
    mine = Pool.rows.get(parent=first, title="감자")
    theirs = Pool.rows.get(parent=other, title="감자")
    one = order(here, here.buyer(), (str(mine.id), 1000, 0), cycle=first)
    two = order(here, here.buyer(), (str(theirs.id), 1000, 0), cycle=other)
    close(here, clock, first)
    close(here, clock, other)
    assert [state(one), state(two)] == ["allocated", "cancelled"]
    stock = Asset.rows.get(title="감자")
    assert (stock.stock, stock.reserved) == (1000, 1000)


def test_a_producer_sees_its_own_lines_and_nobody_elses(clock: Any) -> None:
    here = hub()
    here.load(item())
    first, farmer = here.producer, here.farmer
    here.producer = organisation("양평두물머리농장")
    other = person_with(Role.BOARD, organisation=here.producer)
    here.load(item("무"))
    mine, theirs = (Pool.rows.get(title=one) for one in ("감자", "무"))
    buyer = here.buyer()
    order(here, buyer, (str(mine.id), 500, 0), (str(theirs.id), 1000, 0))
    cycle = UUID(here.cycle)
    farmer, other, keeper = (reading(one) for one in (farmer, other, here.keeper))
    seen = food.delivery(cycle, first.id, farmer)
    assert [(one.product.title, one.amount) for one in seen or ()] == [("감자", 500)]
    assert food.delivery(cycle, here.producer.id, farmer) is None
    assert food.delivery(cycle, first.id, other) is None
    assert food.packing(cycle, farmer) is None
    assert Agreement.objects.within(farmer).count() == 0
    kept = food.delivery(cycle, here.producer.id, keeper)
    assert [one.amount for one in kept or ()] == [1000]  # the control: the hub sees both


def test_random_cycles_keep_every_won_and_every_gram(clock: Any) -> None:
    chance = random.Random(20261122)
    here = hub()
    products = here.load(
        item(margin_ppm=100_000, estate=4000),
        item("무", lot=1000, price=1999, estate=3000, case=3000),
        item("두부", unit="H87", lot=1, price=2501, estate=9, case=6, gram_each=420),
    )
    lots = dict(Pool.rows.filter(parent=here.cycle).values_list("id", "lot"))
    made: list[tuple[Actor, str]] = []
    for minute in range(9):
        clock.at(f"2026-05-10T11:{minute:02}:00+09:00")
        who = here.buyer()
        wishes = [
            (one, lots[UUID(one)] * chance.randrange(3), lots[UUID(one)] * chance.randrange(2))
            for one in products
        ]
        if any(asked + more for _, asked, more in wishes):
            made.append((who, order(here, who, *wishes)))
    close(here, clock)
    assert Asset.rows.get(title="감자").reserved <= 4000
    for who, basket in made:
        if state(basket) != "allocated":
            continue
        claims = Claim.rows.filter(agreement=basket, pool__title="감자", awarded__gt=0)
        weights = {
            str(c.pool_id): (c.awarded or 0) * chance.randint(80, 120) // 100 for c in claims
        }
        handed(here, who, basket, **weights)
        if chance.random() < 0.5:
            move(who, basket, "claim", product=products[0], missing=chance.randrange(300))
            move(here.keeper, basket, "resolve", missing=chance.randrange(300))
        else:
            move(who, basket, "accept")
    clock.at("2026-05-20T09:00:00+09:00")
    tick()
    ends = Agreement.rows.filter(process="food_order")
    assert set(ends.values_list("state", flat=True)) <= {"settled", "cancelled"}
    here.till.refresh_from_db()
    spent = [here.money(who) for who, _ in made]
    assert {one[1:] for one in spent} == {(0, 0)}
    assert here.till.balance == -sum(one[0] for one in spent) > 0
    for stock in Asset.rows.filter(kind="stock"):
        assert 0 == stock.reserved <= stock.stock
    for basket in ends.filter(state="settled"):
        limit = sum(baskets.held(one) for one in typed.restore(baskets.Terms, basket.terms).lines)
        moved = Transfer.rows.filter(grp=basket.id, kind=Transfer.Kind.SETTLE)
        assert sum(one.amount for one in moved) <= limit


def test_producers_are_paid_once_what_buyers_paid_for_their_food(clock: Any) -> None:
    here = hub()
    here.load(item())
    potatoes = Pool.rows.get(title="감자")
    first = an_account(here.book, organisation=here.producer, unit="KRW")
    here.producer = organisation("양평두물머리농장")
    second = an_account(here.book, organisation=here.producer, unit="KRW")
    here.load(item("무", price=1999))
    radish = Pool.rows.get(title="무")
    buyer = here.buyer()
    basket = order(here, buyer, (str(potatoes.id), 1000, 0), (str(radish.id), 1000, 0))
    close(here, clock)
    treasurer = person_with(Role.TREASURER, organisation=here.host)
    body = {"cycle_id": here.cycle}
    handed(here, buyer, basket)
    with pytest.raises(Refusal, match=r"exchange\.in_use"):
        run("exchange.cycle.pay", body, treasurer)
    move(buyer, basket, "claim", product=str(radish.id), missing=500)
    move(here.keeper, basket, "resolve", missing=500)
    with pytest.raises(Refusal, match=r"core\.not_allowed"):
        run("exchange.cycle.pay", body, here.keeper)
    paid = run("exchange.cycle.pay", body, treasurer).result
    assert (paid.producers, paid.paid, paid.kept) == (2, 7999, 0)
    assert (balance(first)[0], balance(second)[0]) == (6000, 1999)
    assert balance(here.till)[0] == 0
    with pytest.raises(Refusal, match=r"exchange\.no_orders_now"):
        run("exchange.cycle.pay", body, treasurer)


def test_one_product_is_weighed_for_many_baskets_by_the_rules_of_one(clock: Any) -> None:
    here = hub()
    pumpkin, tofu = here.load(
        item("단호박", margin_ppm=100_000), item("두부", unit="H87", lot=1, gram_each=400)
    )
    buyers = [here.buyer() for _ in range(3)]
    placed = [order(here, one, (pumpkin, 1000, 0), (tofu, 2, 0)) for one in buyers]
    own = (
        order(here, here.keeper, (tofu, 1, 0))
        if an_account(here.book, owner=here.keeper, unit="KRW", lo=-100_000)
        else ""
    )
    close(here, clock)

    def weigh(product: str, *weights: tuple[str, int]) -> tuple[str, dict[str, str]]:
        rows = [{"agreement_id": one, "weighed": n} for one, n in weights]
        try:
            body = {"product_id": product, "weights": rows}
            return str(run("exchange.product.weigh", body, here.keeper).result.baskets), {}
        except Refusal as refusal:
            return refusal.name, {key: why.en for key, why in refusal.details}

    def weighed() -> list[int | None]:
        rows = Claim.rows.filter(pool=pumpkin).order_by("pk")
        found = dict(rows.values_list("agreement_id", "weighed"))
        return [found[UUID(one)] for one in placed]

    bad = "exchange.bad_quantity"
    too_much = "it is too much more than was allotted"
    assert weigh(pumpkin, (placed[0], 1340), (placed[1], 2001), (own, 5)) == (
        bad,
        {placed[1]: too_much, own: "it is not in this basket"},
    )
    assert weighed() == [None, None, None]
    assert weigh(tofu, (placed[0], 3)) == (bad, {placed[0]: too_much})
    assert weigh(tofu, (own, 1)) == (bad, {own: "it is your own basket; somebody else weighs it"})
    assert weigh(pumpkin, (placed[0], 1340), (placed[0], 1300)) == (bad, {})
    assert weigh(pumpkin, (placed[0], 1340), (placed[1], 1220)) == ("2", {})
    assert weighed() == [1340, 1220, None]
    move(here.keeper, placed[0], "pack")
    packed = {placed[0]: "it is not weighed now (Packed)"}
    assert weigh(pumpkin, (placed[0], 900), (placed[2], 900)) == (bad, packed)
    assert weigh(pumpkin, (placed[2], 900)) == ("1", {})
    assert weighed() == [1340, 1220, 900]


def test_who_does_not_run_the_cycle_weighs_nothing(clock: Any) -> None:
    here = hub()
    (pumpkin,) = here.load(item("단호박", margin_ppm=100_000))
    buyer = here.buyer()
    basket = order(here, buyer, (pumpkin, 1000, 0))
    close(here, clock)
    rows = [{"agreement_id": basket, "weighed": 900}]
    stranger = person_with(Role.STAFF, organisation=organisation("다른나눔터"))
    for actor, said in (
        (buyer, "core.not_found"),
        (here.farmer, "core.not_found"),
        (stranger, "core.not_found"),
    ):
        with pytest.raises(Refusal) as refused:
            run("exchange.product.weigh", {"product_id": pumpkin, "weights": rows}, actor)
        assert refused.value.name == said
    assert Claim.rows.get(agreement=basket).weighed is None
