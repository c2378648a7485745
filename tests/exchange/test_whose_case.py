"""Whose thing, whose case, whose word: nobody borrows through another's listing, no member reads
a neighbour's case, no helper judges what she said herself."""

from __future__ import annotations

from copy import copy
from dataclasses import replace

import pytest

from dure.core import clock, door
from dure.core.actions import run
from dure.core.actors import Role
from dure.core.errors import Refusal
from dure.exchange import accounts
from dure.exchange.cases import Case, process_of
from dure.exchange.declaration import SETTLE, Price
from dure.exchange.effects import Underway, value
from dure.exchange.models import Agreement, Commitment, Listing
from dure.exchange.queries import agreements, browsing
from dure.ledger.models import Transfer
from dure.ledger.posting import Kind
from tests.exchange.neighbours import (
    NOW,
    Library,
    answers,
    ask,
    at,
    bank,
    hold,
    library,
    offer,
    step,
)
from tests.exchange.test_equipment_loan import booked, code
from tests.harness.clock import Clock
from tests.harness.people import MAPO, person_with
from tests.ledger.givens import an_account
from tests.registry.test_acting import allow, begin

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(clock: Clock) -> Clock:
    clock.at(NOW)
    return clock


@pytest.fixture
def here() -> Library:
    return library()


def test_thing_is_not_taken_through_a_listing_about_something_else(here: Library) -> None:
    asset, anna, carl = here.thing(), here.neighbour(), here.neighbour()
    listing = offer(carl, reciprocity="gift")
    with pytest.raises(Refusal, match=r"exchange\.bad_start"):
        hold(anna, asset, "10T10:00", "10T12:00", listing_id=listing)
    with pytest.raises(Refusal, match=r"exchange\.bad_start"):
        ask(anna, listing, asset_id=asset, starts=at("10T10:00"), ends=at("10T12:00"))
    assert not Commitment.rows.exists()


def test_place_in_the_waiting_list_is_seen_by_its_own_and_begins_nothing(here: Library) -> None:
    asset, anna, carl = here.thing(), here.neighbour(), here.neighbour()
    times = {"starts": at("10T14:00"), "ends": at("10T18:00")}
    waits = offer(anna, "request", "gift", asset_id=asset, **times)
    with pytest.raises(Refusal, match=r"core\.not_found"):
        run("exchange.listing.answer", {"listing_id": waits}, carl)
    assert browsing.found(browsing.Filters(), carl).count() == 0
    with pytest.raises(Refusal, match=r"exchange\.not_offered"):
        ask(anna, waits, other_id=str(carl.id))
    assert Listing.objects.within(anna).filter(id=waits).exists()


def test_thing_that_was_taken_out_is_not_lent(here: Library) -> None:
    asset = here.thing()
    run("exchange.asset.change", {"asset_id": asset, "retired": True}, here.keeper)
    with pytest.raises(Refusal, match=r"exchange\.not_offered"):
        hold(here.keeper, asset, "10T10:00", "10T12:00")


def test_member_of_the_host_reads_no_neighbours_case(here: Library) -> None:
    _, case = booked(here, here.thing(), "10T10:00", "10T12:00")
    member, writer = (person_with(Role.MEMBER, organisation=here.host) for _ in range(2))
    text = {"text": "Dementia", "organisation_id": str(here.host.id)}
    listing = offer(writer, reciprocity="gift", **text)
    assert Listing.rows.get(id=listing).state == "check"
    for who, sees in ((member, False), (here.keeper, True)):
        actor = door.load_grants(who, clock.now())
        assert Agreement.objects.within(actor).filter(id=case).exists() is sees
        assert Listing.objects.within(actor).filter(id=listing).exists() is sees


def test_member_who_borrows_does_not_take_back_for_her_library(here: Library, now: Clock) -> None:
    anna = person_with(Role.MEMBER, organisation=here.host)
    an_account(here.book, owner=anna, unit="KRW", lo=-100_000)
    case = hold(anna, here.thing(), "10T10:00", "10T12:00")
    step(anna, case, "book")
    now.at(at("10T10:00"))
    step(anna, case, "check_out")
    assert step(here.keeper, case, "check_out") == "out"
    with pytest.raises(Refusal, match=r"core\.not_allowed"):
        step(anna, case, "check_in")
    assert step(here.keeper, case, "check_in") == "returned"


def test_scan_counts_after_a_confirmation_of_ones_own(here: Library) -> None:
    anna, case = booked(here, here.thing(), "10T10:00", "10T12:00")
    keeper = door.load_grants(here.keeper, clock.now())
    assert step(anna, case, "check_out") == "booked"
    with pytest.raises(Refusal, match=r"exchange\.hand_over_invalid"):
        step(anna, case, "check_out", code=code(case, anna))
    assert step(anna, case, "check_out", code=code(case, keeper)) == "out"


def test_place_stays_hidden_from_who_declined() -> None:
    here = bank()
    anna, ben = here.neighbour(), here.neighbour()
    case = ask(anna, offer(ben), terms=answers(minutes=60, place="합정동 12"))
    step(ben, case, "decline")
    found = Agreement.rows.get(id=case)
    assert not agreements.shows_place(found, ben)
    assert agreements.shows_place(found, anna)


def test_helper_who_told_for_a_party_does_not_judge() -> None:
    here = bank()
    witness, helper = (person_with(Role.STAFF, district=MAPO) for _ in range(2))
    anna, elder = here.neighbour(), here.neighbour()
    assert elder.id is not None
    case = ask(anna, offer(elder))
    allow(witness, helper, elder.id)
    acting = begin(helper, elder.id)
    step(acting, case, "accept")
    step(acting, case, "claim", minutes=60)
    step(anna, case, "dispute", why="반만 했어요")
    with pytest.raises(Refusal, match=r"exchange\.same_person"):
        step(helper, case, "judge", minutes=60)
    assert step(witness, case, "judge", minutes=30) == "settled"


@pytest.mark.parametrize("text", ["9:000", "1:030", "10:３０"])
def test_what_is_no_time_of_day_is_refused(here: Library, text: str) -> None:
    with pytest.raises(Refusal, match=r"exchange\.bad_answer"):
        here.thing(terms=answers(opens=text, closes="18:00"))


def test_part_of_a_deposit_held_in_several_lots_is_kept_once(
    here: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, case = booked(here, here.thing(), "10T10:00", "10T12:00")
    found = Agreement.rows.select_related("asset").get(id=case)
    process = process_of(found)
    transition = process.leaving(process.state("lost"))[0]
    under = Underway(Case(found, transition, process), here.keeper, "coordinator")
    deposit = Transfer.rows.get(grp=case, amount=20_000)
    lots = [copy(deposit), copy(deposit)]
    lots[0].amount, lots[1].amount = 12_000, 8_000
    monkeypatch.setattr(accounts, "open_holds", lambda _: lots)
    kept = Price("KRW", 20_000, "borrower", "steward", deposit.purpose, deposit=True)
    monkeypatch.setattr(value, "prices_of", lambda _: (kept,))
    decided = replace(process, settled=lambda seen, price: 13_000)
    under.case = replace(under.case, process=decided)
    value.settle(under, SETTLE)
    assert [(one.kind, one.amount) for one in under.movements] == [
        (Kind.SETTLE, 12_000),
        (Kind.SETTLE, 1_000),
    ]
