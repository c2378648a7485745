"""Hours given to all: they move at once, are divided once by the rule, and the rest is carried."""

from __future__ import annotations

import hashlib
from uuid import uuid4

import pytest

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.core.models import Notice
from dure.exchange.models import Claim, Pool
from dure.exchange.pool_inputs import inputs_of
from dure.ledger.models import Account, Transfer
from tests.exchange.neighbours import NOW, Bank, at, bank
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.harness.people import JONGNO, person_with
from tests.ledger.givens import an_account, balance

pytestmark = pytest.mark.django_db
AFTER = at("20T09:00")


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)


@pytest.fixture
def here() -> Bank:
    found = bank()
    an_account(found.book, organisation=found.host, unit="TIME", lo=0)
    return found


def purse(here: Bank) -> tuple[int, int, int]:
    return balance(Account.rows.get(owner_organisation=here.host, unit__code="TIME"))


def opened(here: Bank, actor: Actor | None = None) -> str:
    body = {"organisation_id": str(here.host.id), "title": "봄 시간 나눔", "closes": at("15T09:00")}
    return str(run("exchange.gift_pool.open", body, actor or here.keeper).result.id)


def give(actor: Actor, pool: str, minutes: int) -> None:
    run("exchange.gift_pool.give", {"pool_id": pool, "minutes": minutes}, actor)


def ask(actor: Actor, pool: str, minutes: int) -> None:
    run("exchange.gift_pool.ask", {"pool_id": pool, "minutes": minutes}, actor)


def divide(actor: Actor, pool: str) -> str:
    return str(run("exchange.gift_pool.divide", {"pool_id": pool}, actor).result.state)


def test_hours_are_given_asked_divided_by_the_rule_and_move(here: Bank, clock: Clock) -> None:
    giver, *askers = [here.neighbour() for _ in range(4)]
    pool = opened(here)
    give(giver, pool, 120)
    assert here.balance(giver)[0] == -120 and purse(here)[0] == 120
    for who, minutes in zip(askers, (30, 60, 90), strict=True):
        ask(who, pool, minutes)
    with pytest.raises(Refusal, match=r"exchange\.guard"):
        divide(here.keeper, pool)
    clock.at(AFTER)
    assert divide(here.keeper, pool) == "settled"
    assert [here.balance(who)[0] for who in askers] == [30, 45, 45]
    assert purse(here)[0] == 0
    assert {str(row.grp) for row in Transfer.rows.all()} == {pool}
    kept = Pool.rows.get(id=pool)
    assert kept.input_hash == hashlib.sha256(inputs_of(kept)).hexdigest()
    assert hashlib.sha256(bytes(kept.tie_salt or b"")).hexdigest() == kept.tie_commitment
    reasons = [one.reason for one in Claim.rows.order_by("asked")]
    assert [(one["rule"], one["exact"], one["why"]) for one in reasons] == [
        ("cea", "30", "in_full"),
        ("cea", "45", "equal_share"),
        ("cea", "45", "equal_share"),
    ]
    with pytest.raises(Refusal, match=r"exchange\.pool_not_open"):
        divide(here.keeper, pool)
    assert Transfer.rows.count() == 4, "a pool is divided once"


def test_what_is_left_over_is_carried_once(here: Bank, clock: Clock) -> None:
    giver, asker = here.neighbour(), here.neighbour()
    pool = opened(here)
    give(giver, pool, 90)
    ask(asker, pool, 60)
    clock.at(AFTER)
    divide(here.keeper, pool)
    body = {"organisation_id": str(here.host.id), "title": "다음", "closes": at("30T09:00")}
    for minutes in (30, 0):
        made = run("exchange.gift_pool.open", body, here.keeper).result
        assert made.minutes == minutes
    assert purse(here)[0] == 30


def test_asking_again_replaces_and_nothing_takes_back(here: Bank) -> None:
    asker = here.neighbour()
    pool = opened(here)
    for minutes in (60, 30, 0):
        ask(asker, pool, minutes)
    assert Claim.rows.filter(withdrawn_at=None).count() == 0
    assert Claim.rows.count() == 2


def test_refusals(here: Bank, clock: Clock) -> None:
    giver = here.neighbour(lo=-60)
    pool = opened(here)
    for minutes, code in ((50, "bad_quantity"), (75, "insufficient")):
        with pytest.raises(Refusal, match=code):
            give(giver, pool, minutes)
    with pytest.raises(Refusal, match=r"exchange\.no_account"):
        ask(person_with(Role.RESIDENT), pool, 30)
    with pytest.raises(Refusal, match=r"exchange\.bad_quantity"):
        ask(here.neighbour(hi=30), pool, 60)
    for stranger in (giver, person_with(Role.STAFF, district=JONGNO)):
        with pytest.raises(Refusal, match=r"core\.not_allowed"):
            opened(here, stranger)
    assert (Pool.rows.get().estate, Claim.rows.count(), Transfer.rows.count()) == (0, 0, 0)
    clock.at(AFTER)
    with pytest.raises(Refusal, match=r"exchange\.nothing_to_divide"):
        divide(here.keeper, pool)
    with pytest.raises(Refusal, match=r"exchange\.pool_not_open"):
        give(giver, pool, 15)


def test_who_asks_does_not_divide(here: Bank, clock: Clock) -> None:
    here.accounts[here.keeper.id] = an_account(here.book, owner=here.keeper)
    pool = opened(here)
    give(here.neighbour(), pool, 60)
    ask(here.keeper, pool, 60)
    clock.at(AFTER)
    with pytest.raises(Refusal, match=r"core\.not_allowed"):
        divide(here.keeper, pool)
    assert divide(person_with(Role.STAFF, district="11440"), pool) == "settled"


def test_who_has_no_room_left_is_left_out_and_others_are_served(here: Bank, clock: Clock) -> None:
    full, other, giver = here.neighbour(hi=60), here.neighbour(), here.neighbour()
    pool, second = opened(here), opened(here)
    give(giver, pool, 60)
    ask(full, pool, 60)
    ask(other, pool, 60)
    give(giver, second, 30)
    ask(full, second, 30)
    clock.at(AFTER)
    divide(here.keeper, second)
    divide(here.keeper, pool)
    assert (here.balance(full)[0], here.balance(other)[0]) == (30, 60)
    assert Claim.rows.get(pool=pool, person=full.id).reason == {"why": "ceiling"}
    left = Notice.rows.filter(template="exchange.hours_left_out")
    assert [one.person for one in left] == [full.id]


def test_hours_that_nobody_asked_for_and_rests_of_two_pools_are_carried_on(
    here: Bank, clock: Clock
) -> None:
    giver, asker = here.neighbour(), here.neighbour()
    pools = [opened(here), opened(here)]
    for pool in pools:
        give(giver, pool, 60)
    ask(asker, pools[0], 15)
    clock.at(AFTER)
    for pool in pools:
        assert divide(here.keeper, pool) == "settled"
    body = {"organisation_id": str(here.host.id), "title": "다음", "closes": at("30T09:00")}
    assert run("exchange.gift_pool.open", body, here.keeper).result.minutes == 45 + 60
    assert run("exchange.gift_pool.open", body, here.keeper).result.minutes == 0
    assert purse(here)[0] == 105


def test_who_has_no_open_account_left_keeps_nobody_waiting(here: Bank, clock: Clock) -> None:
    giver, asker, gone = here.neighbour(), here.neighbour(), here.neighbour()
    pool = opened(here)
    give(giver, pool, 60)
    ask(asker, pool, 30)
    ask(gone, pool, 30)
    with given():
        Account.rows.filter(pk=here.accounts[gone.id].pk).update(status="frozen")
    clock.at(AFTER)
    divide(here.keeper, pool)
    assert here.balance(asker)[0] == 30
    assert Claim.rows.get(person=gone.id).reason == {"why": "no_account"}


def test_account_of_a_bank_that_is_not_joined_holds_nobody_up(here: Bank, clock: Clock) -> None:
    giver, asker = here.neighbour(), here.neighbour()
    other = bank()
    stranger = other.neighbour()
    pool = opened(here)
    give(giver, pool, 60)
    ask(asker, pool, 60)
    with pytest.raises(Refusal, match=r"exchange\.bad_quantity"):
        ask(stranger, pool, 60)
    with given():
        Claim.rows.create(pool_id=pool, person=stranger.id, asked=60, made_at=NOW, audit=uuid4())
    clock.at(AFTER)
    assert divide(here.keeper, pool) == "settled"
    assert (here.balance(asker)[0], other.balance(stranger)[0]) == (60, 0)
    assert Claim.rows.get(person=stranger.id).reason == {"why": "not_joined"}
    assert Notice.rows.filter(template="exchange.hours_left_out").count() == 1
