"""Value of a case on its less usual ways: between two books, with a programme's fee, given back by
the keeper of the books; and seats, which are no things to be lent."""

from __future__ import annotations

from uuid import UUID

import pytest

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.exchange import accounts, dues
from dure.exchange.models import Agreement, Asset, Pool
from dure.ledger.models import Account, Transfer, Unit
from dure.ledger.payments import reversal_of
from dure.ledger.queries.groups import moved_by
from tests.exchange import rides
from tests.exchange.hubs import CLOSED, PICKUP, hub, item, move, order
from tests.exchange.neighbours import NOW, answers, ask, at, bank, hold, library, offer, step
from tests.harness import people
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.harness.people import person_with
from tests.ledger.givens import a_book, an_account, limits
from tests.ledger.programmes import a_runner, balance, member, opened, posted, rule

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)


def clearing(here: Account, there: Account) -> Account:
    with given() as audit:
        made = Account.rows.create(
            book=here.book,
            unit=Unit.rows.get(code="TIME"),
            type="clearing",
            other_book=there.book,
            label=f"clearing:{there.book_id}",
            opened_at=here.opened_at,
            audit=audit,
        )
        limits(made.pk, -1_000, 1_000)
    return made


def test_hours_between_two_books_leave_one_and_reach_the_other() -> None:
    here = bank()
    anna, ben = here.neighbour(), person_with(Role.RESIDENT)
    book = a_book("나루", people.organisation("나루협동조합"))
    there = an_account(book, owner=ben)
    mine = here.accounts[anna.id]
    out, into = clearing(mine, there), clearing(there, mine)
    case = ask(anna, offer(ben), 60)
    step(ben, case, "accept")
    step(ben, case, "claim", minutes=45)
    step(anna, case, "confirm")
    assert [balance(one) for one in (mine, out, into, there)] == [-45, 45, -45, 45]
    assert [(one.unit, one.amount) for one in moved_by([UUID(case)])] == [("TIME", 45)]


def test_fee_is_on_what_was_paid_and_none_on_a_deposit_given_back(clock: Clock) -> None:
    fee = (rule("fee_ppm", 15_000), rule("grant", 0), rule("credit", 1_000_000))
    money = opened("mutual", a_runner(), *fee)
    (anna, mine), (ben, his) = member(money), member(money)
    assert money.fees is not None
    unit = {"TIME": "minutes", "LOCAL": "local", "KRW": "won"}[mine.unit.code]
    terms = answers(fee=1000, fee_unit=unit, deposit=20_000, deposit_unit=unit)
    body = {"title": "전동 드릴", "terms": terms}
    thing = str(run("exchange.asset.add", body, ben).result.id)
    case = hold(anna, thing, "10T10:00", "10T12:00")
    step(anna, case, "book")
    clock.at(at("10T10:00"))
    step(anna, case, "check_out")
    step(ben, case, "check_out")
    step(ben, case, "check_in", note="깨끗함")
    step(ben, case, "pass")
    assert (balance(mine), balance(his), balance(money.fees)) == (-1000, 985, 15)
    assert [one.amount for one in moved_by([UUID(case)])] == [1000]


def test_what_the_keeper_of_the_books_gave_back_is_neither_owed_nor_counted(clock: Clock) -> None:
    here = hub()
    [potato] = here.load(item())
    an_account(here.book, organisation=here.producer, unit="KRW")
    buyer = here.buyer()
    basket = order(here, buyer, (potato, 1000, 0))
    clock.at(CLOSED)
    run("exchange.cycle.close", {"cycle_id": here.cycle}, here.keeper)
    run("exchange.pool.allot", {"pool_id": here.cycle}, Actor.timer("exchange.pool.allot"))
    engine = Actor.timer("exchange.pool.slice")
    run("exchange.pool.step", {"pool_id": here.cycle, "transition": "award"}, engine)
    move(here.keeper, basket, "pack")
    clock.at(PICKUP)
    move(here.keeper, basket, "hand_over")
    move(buyer, basket, "hand_over")
    move(buyer, basket, "accept")
    cycle = Pool.rows.get(id=here.cycle)
    assert sum(one.paid for one in dues.dues(cycle)) == 6000
    settled = Transfer.rows.get(grp=basket, kind=Transfer.Kind.SETTLE)
    posted(*reversal_of(settled))
    assert dues.dues(cycle) == ()
    assert accounts.standing(UUID(basket)) == []
    assert [one.amount for one in moved_by([UUID(basket)])] == [0]


def test_seat_of_a_ride_is_not_taken_as_a_thing_that_is_lent(clock: Clock) -> None:
    clock.at(rides.NOW)
    road = rides.road()
    driver, stranger = road.neighbour(), road.neighbour()
    trip = rides.offer(driver)
    for asset in (trip, *map(str, Asset.rows.filter(parent=trip).values_list("id", flat=True))):
        with pytest.raises(Refusal, match=r"exchange\.not_offered|core\.not_found"):
            hold(stranger, asset, "12T07:00", "12T09:00")
    assert Agreement.rows.count() == 0


def test_deposit_that_the_terms_no_longer_ask_goes_back_to_who_left_it(clock: Clock) -> None:
    here = library()
    anna = here.neighbour()
    thing = here.thing()
    case = hold(anna, thing, "10T10:00", "10T12:00")
    step(anna, case, "book")
    clock.at(at("10T10:00"))
    step(here.keeper, case, "check_out")
    step(anna, case, "check_out")
    step(here.keeper, case, "check_in", note="깨끗함")
    body = {"asset_id": thing, "terms": answers(fee=1000)}
    run("exchange.asset.change", body, here.keeper)
    step(here.keeper, case, "pass")
    assert balance(here.accounts[anna.id]) == -1000
    assert Account.rows.get(pk=here.accounts[anna.id].pk).held_out == 0


def test_way_of_a_trip_is_not_taken_from_its_riders_by_a_change_of_terms(clock: Clock) -> None:
    clock.at(rides.NOW)
    driver = rides.road().neighbour()
    trip = rides.offer(driver)
    for change in ({"terms": ()}, {"lanes": 8}):
        with pytest.raises(Refusal, match=r"exchange\.in_use"):
            run("exchange.asset.change", {"asset_id": trip, **change}, driver)


def test_nobody_is_made_to_pay_by_being_put_in_the_payer_s_place() -> None:
    here = bank()
    anna, ben, victim = (here.neighbour() for _ in range(3))
    case = ask(anna, offer(ben), 60)
    keeper = person_with(Role.STAFF, district=people.MAPO)
    body = {"agreement_id": case, "role": "requester", "person_id": str(victim.id)}
    with pytest.raises(Refusal, match=r"exchange\.not_reassigned"):
        run("exchange.agreement.reassign", body, keeper, reason="바꿔 주세요")


def test_fee_that_is_asked_after_the_return_is_not_taken(clock: Clock) -> None:
    here = library()
    anna = here.neighbour()
    thing = here.thing(terms=answers(deposit=5000))
    case = hold(anna, thing, "10T10:00", "10T12:00")
    step(anna, case, "book")
    clock.at(at("10T10:00"))
    step(here.keeper, case, "check_out")
    step(anna, case, "check_out")
    step(here.keeper, case, "check_in", note="깨끗함")
    body = {"asset_id": thing, "terms": answers(fee=50_000, deposit=5000)}
    run("exchange.asset.change", body, here.keeper)
    step(here.keeper, case, "pass")
    assert balance(here.accounts[anna.id]) == 0


def test_correction_pays_again_at_the_price_that_was_agreed(clock: Clock) -> None:
    here = library()
    anna = here.neighbour()
    thing = here.thing()
    case = hold(anna, thing, "10T10:00", "10T12:00")
    step(anna, case, "book")
    clock.at(at("10T10:00"))
    step(here.keeper, case, "check_out")
    step(anna, case, "check_out")
    step(here.keeper, case, "check_in", note="깨끗함")
    step(here.keeper, case, "pass")
    terms = answers(fee=50_000, deposit=20_000)
    run("exchange.asset.change", {"asset_id": thing, "terms": terms}, here.keeper)
    body = {"agreement_id": case, "why": "typo", "minutes": 30}
    staff = person_with(Role.STAFF, district=people.MAPO)
    run("exchange.agreement.correct", body, staff, reason="잘못 적음")
    assert balance(here.accounts[anna.id]) == -1000


def test_gift_does_not_become_hours_while_somebody_has_asked_for_it() -> None:
    here = bank()
    anna, ben = here.neighbour(), here.neighbour()
    listing = offer(ben, reciprocity="gift")
    ask(anna, listing, 60)
    with pytest.raises(Refusal, match=r"exchange\.in_use"):
        run("exchange.listing.change", {"listing_id": listing, "reciprocity": "hours"}, ben)
    run("exchange.listing.change", {"listing_id": listing, "title": "창문 고치기"}, ben)
