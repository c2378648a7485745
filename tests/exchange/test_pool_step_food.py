"""A food cycle by its pool: closed, allotted, awarded, packed and settled, each the same as one by
one; run slice by slice, by those whose run it is.
"""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.core.models.audit import AuditLine
from dure.engines.rationing import Rule
from dure.exchange import interpreter, pooling
from dure.exchange.allotting import Ask, ProductInput, allot_product
from dure.exchange.cases import Case
from dure.exchange.models import Agreement, Asset, Claim, Pool, Timer
from tests.exchange.hubs import CLOSED, NOW, Hub, cart, hub, item, move, order
from tests.exchange.pool_snapshot import Snapshot, snapshot
from tests.exchange.test_pool_step import differences
from tests.harness.clock import Clock
from tests.harness.matrix import undone
from tests.harness.people import JONGNO, organisation, person_with

pytestmark = pytest.mark.django_db
ENGINE = Actor.timer("exchange.pool.slice")


@pytest.fixture
def here(clock: Clock) -> Hub:
    clock.at(NOW)
    return hub()


def a_cycle(here: Hub, buyers: int, seed: int = 1, short: int = 3) -> list[str]:
    """Products of which some are short, and baskets on them; gives the products."""
    chance = random.Random(seed)
    items = [
        item(f"품목 {n}", estate=500 * buyers * (1 if n % short else 4), margin_ppm=100_000)
        for n in range(4)
    ]
    items.append(item("사라진 것", estate=0))
    products = here.load(*items)
    for number in range(buyers):
        wishes = [
            (one, 500 * chance.randint(1, 5), 500 * chance.choice([0, 1]))
            for one in (products[4:] if number == 0 else chance.sample(products, 3))
        ]
        order(here, here.buyer(), *wishes)
    return products


def states(here: Hub) -> Counter[str]:
    return Counter(Agreement.rows.filter(pool=here.cycle).values_list("state", flat=True))


def allot(here: Hub) -> Any:  # Any: the result
    return run("exchange.pool.allot", {"pool_id": here.cycle}, Actor.timer("a")).result


def step(here: Hub, name: str, actor: Actor, **more: object) -> Any:  # Any: as above
    body = {"pool_id": here.cycle, "transition": name, **more}
    return run("exchange.pool.step", body, actor).result


def test_every_product_is_allotted_as_the_pure_part_says(here: Hub, clock: Clock) -> None:
    products = a_cycle(here, 6)
    clock.at(CLOSED)
    run("exchange.cycle.close", {"cycle_id": here.cycle}, here.keeper)
    result = allot(here)
    assert (result.products, result.claims) == (5, Claim.rows.count())
    cycle = Pool.rows.get(id=here.cycle)
    assert cycle.state == "awarded"
    for product in Pool.rows.filter(id__in=products):
        claims = list(Claim.rows.filter(pool=product).order_by("made_at", "pk"))
        asks = [
            Ask(str(c.pk), c.asked, c.firm, c.tolerance, c.weight, c.protected, order=n)
            for n, c in enumerate(claims)
        ]
        salt, version = bytes(cycle.tie_salt), str(cycle.rule_version)
        given = ProductInput(
            product.estate, product.lot, 0, product.price, Rule(cycle.terms["rule"]), salt, version
        )
        made = allot_product(given, asks)
        assert tuple(c.awarded for c in claims) == made.awards
        assert [c.reason for c in claims] == [dict(one) for one in made.reasons]
        assert product.input_hash == made.input_hash
        assert sum(made.awards) <= product.estate
    with pytest.raises(Refusal, match="no_orders_now"):
        allot(here)


def test_withdrawn_product_gives_nothing_and_says_so(here: Hub, clock: Clock) -> None:
    (product,) = here.load(item())
    order(here, here.buyer(), (product, 1000, 0))
    body = {"product_id": product, "estate": 10_000, "price": 3000, "withdrawn": True}
    run("exchange.product.change", body, here.keeper)
    clock.at(CLOSED)
    run("exchange.cycle.close", {"cycle_id": here.cycle}, here.keeper)
    allot(here)
    claim = Claim.rows.get()
    assert (claim.awarded, claim.reason) == (0, {"why": "withdrawn"})
    assert step(here, "zero", ENGINE).moved == 1


def test_a_cycle_by_its_pool_is_the_cycle_one_by_one(here: Hub, clock: Clock) -> None:
    a_cycle(here, 7)
    cart(here, here.buyer())
    clock.at(CLOSED)
    run("exchange.cycle.close", {"cycle_id": here.cycle}, here.keeper)
    allot(here)
    for name, actor in (("award", Actor.operator()), ("zero", Actor.operator())):
        _same(here, name, actor, "ordered")
    assert states(here) == {"allocated": 6, "cancelled": 1, "cart": 1}
    assert step(here, "dropped", ENGINE).moved == 1
    _same(here, "pack", here.keeper, "allocated")
    for case in Agreement.rows.filter(state="packed").order_by("pk")[1:]:
        buyer = Actor.person(case.parties.get(role="buyer").person)
        move(here.keeper, str(case.id), "hand_over")
        assert move(buyer, str(case.id), "hand_over") == "delivered"
    complaint = Agreement.rows.filter(state="delivered").order_by("pk").first()
    assert complaint is not None
    buyer = Actor.person(complaint.parties.get(role="buyer").person)
    product = complaint.terms["lines"][0]["product"]
    move(buyer, str(complaint.id), "claim", product=product, missing=500)
    clock.move(days=4)
    assert step(here, "taken_as_well", ENGINE).moved == 4
    assert states(here)["settled"] == 4
    assert Asset.rows.filter(reserved__gt=0).exists()  # of the one that nobody fetched
    assert step(here, "not_fetched", ENGINE).moved == 1
    assert not Asset.rows.filter(reserved__gt=0).exists()


def _same(here: Hub, name: str, actor: Actor, state: str) -> None:
    """Take a step both ways from the same rows; nothing differs, and the pool's way stands."""

    def alone() -> Snapshot:
        with undone():
            for case in Agreement.rows.filter(pool=here.cycle, state=state).order_by("pk"):
                body = {"agreement_id": str(case.id), "transition": name, "state": state}
                try:
                    run("exchange.agreement.step", body, actor)
                except Refusal as refusal:
                    assert refusal.name == "exchange.guard"  # noqa: PT017
            return snapshot()

    one_by_one = alone()
    lines = AuditLine.rows.count()
    step(here, name, actor)
    assert AuditLine.rows.count() == lines + 1
    assert differences(one_by_one, snapshot()) == {}


def test_run_goes_slice_by_slice(here: Hub, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pooling, "AT_ONCE", 3)
    a_cycle(here, 8)
    clock.at(CLOSED)
    run("exchange.cycle.close", {"cycle_id": here.cycle}, here.keeper)
    first = allot(here)
    assert first.job is not None
    result, slices = _slice(here, ("award", "zero")), 1
    while result.next_job is not None:
        result = _slice(here, *_asked(result.next_job))
        slices += 1
    assert states(here) == {"allocated": 7, "cancelled": 1}
    assert slices >= 4


def _slice(here: Hub, transitions: Any, after: Any = None, done: int = 0) -> Any:
    body = {"pool_id": here.cycle, "transitions": transitions, "after": after, "done": done}
    return run("exchange.pool.slice", body, ENGINE).result


def _asked(job: str) -> tuple[Any, ...]:  # Any: the body of the job
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT args->'body' FROM procrastinate_jobs WHERE args->>'job' = %s", [job])
        (found,) = cursor.fetchone()
    import json

    body = json.loads(found) if isinstance(found, str) else found
    return body["transitions"], body["after"], body["done"]


def test_closing_early_brings_the_timers_forward(here: Hub, clock: Clock) -> None:
    a_cycle(here, 2)
    empty = cart(here, here.buyer())
    before = {t.transition: t.due_at for t in Timer.rows.filter(agreement__state="ordered")}
    clock.at("2026-05-11T12:00:00+09:00")
    run("exchange.cycle.close", {"cycle_id": here.cycle}, here.keeper)
    assert Timer.rows.get(agreement=empty).due_at == clock.move()
    after = {t.transition: t.due_at for t in Timer.rows.filter(agreement__state="ordered")}
    assert {(before[k] - after[k]).total_seconds() for k in before} == {6 * 3600}
    with pytest.raises(Refusal, match="no_orders_now"):
        run("exchange.cycle.close", {"cycle_id": here.cycle}, here.keeper)
    with pytest.raises(Refusal, match="pool_not_open"):
        cart(here, here.buyer())


def test_time_closes_a_cycle(here: Hub, clock: Clock) -> None:
    close = ("exchange.cycle.close_due", {}, Actor.timer("exchange.cycle.close_due"))
    assert run(*close).result.closed == 0
    clock.at(CLOSED)
    assert run(*close).result.closed == 1
    assert Pool.rows.get(id=here.cycle).state == "closed"


@pytest.mark.parametrize("name", ["place", "hand_over", "claim"])
def test_steps_of_parties_are_not_the_pools(here: Hub, clock: Clock, name: str) -> None:
    before = {"place": "cart", "hand_over": "packed", "claim": "delivered"}[name]
    (product,) = here.load(item())
    buyer = here.buyer()
    case = cart(here, buyer)
    if before != "cart":
        from tests.exchange.hubs import fill

        fill(case, buyer, (product, 500, 0))
        move(buyer, case, "place")
        clock.at(CLOSED)
        run("exchange.cycle.close", {"cycle_id": here.cycle}, here.keeper)
        allot(here)
        step(here, "award", ENGINE)
        step(here, "pack", here.keeper)
        if before == "delivered":
            move(here.keeper, case, "hand_over")
            move(buyer, case, "hand_over")
    answers = [{"name": "product", "value": product}, {"name": "missing", "value": "1"}]
    given = answers if name == "claim" else []
    result = step(here, name, here.keeper, answers=given)
    assert (result.moved, len(result.left_out)) == (0, 1)
    assert Agreement.rows.get(id=case).state == before


def test_who_may_run_a_pool(here: Hub, clock: Clock) -> None:
    a_cycle(here, 2)
    elsewhere = person_with(Role.STAFF, organisation=organisation("딴 곳", district_sig=JONGNO))
    for actor in (elsewhere, here.buyer(), here.farmer):
        with pytest.raises(Refusal, match=r"not_found|not_allowed"):
            step(here, "award", actor)
    result = step(here, "award", here.keeper)  # the pool's own step is nobody's by hand
    assert (result.moved, len(result.left_out)) == (0, 2)
    run("exchange.pool.run", {"pool_id": here.cycle, "transitions": ("award",)}, here.keeper)
    body = {"pool_id": here.cycle, "transitions": ("award", "pack")}
    with pytest.raises(Refusal, match="not_your_step"):
        run("exchange.pool.run", body, here.keeper)


def test_named_cases_only_and_stale_ones_told(here: Hub, clock: Clock) -> None:
    a_cycle(here, 4, short=2)
    clock.at(CLOSED)
    run("exchange.cycle.close", {"cycle_id": here.cycle}, here.keeper)
    allot(here)
    step(here, "award", ENGINE)
    first, second, *_ = Agreement.rows.filter(state="allocated").order_by("pk")
    ids = [str(first.id), str(second.id)]
    assert step(here, "pack", here.keeper, agreement_ids=ids[:1]).moved == 1
    result = step(here, "pack", here.keeper, agreement_ids=ids)
    assert (result.moved, [one.agreement_id for one in result.left_out]) == (1, ids[:1])
    assert "상태" in result.left_out[0].ko
    other = Agreement.rows.exclude(pool=here.cycle).first()
    assert other is None
    with pytest.raises(Refusal, match="not_found"):
        step(here, "pack", here.keeper, agreement_ids=["01234567-89ab-4def-8123-456789abcdef"])


def test_fault_of_ours_in_one_basket_holds_no_other_up(
    here: Hub, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_cycle(here, 4)
    clock.at(CLOSED)
    run("exchange.cycle.close", {"cycle_id": here.cycle}, here.keeper)
    allot(here)
    bad = str(Claim.rows.filter(awarded__gt=0).order_by("pk").first().agreement_id)
    sound = interpreter.take

    def broken(case: Case, *rest: Any) -> interpreter.Taken:  # Any: as `take`
        assert str(case.agreement.id) != bad, "planted"
        return sound(case, *rest)

    monkeypatch.setattr(interpreter, "take", broken)
    done = step(here, "award", ENGINE)
    assert done.moved == 2
    told = {one.agreement_id: one.en for one in done.left_out}
    assert "fault" in told[bad]
    assert Agreement.rows.get(id=bad).state == "ordered"
    monkeypatch.undo()
    assert step(here, "award", ENGINE).moved == 1
