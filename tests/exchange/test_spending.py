"""Local spending: the won that the ledger moved, told exactly, and anew when some went back."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as some

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.exchange import posting_out, spending
from dure.exchange.declaration import Portion, Seen
from dure.exchange.models import Agreement, Asset, Timer
from dure.exchange.processes import BY_VERSION
from dure.exchange.processes.equipment_loan import EQUIPMENT_LOAN
from dure.exchange.spending import Payment, parts
from dure.journal.models import Event
from dure.ledger.models import Account, Transfer, Unit
from dure.ledger.queries.groups import moved_by
from tests.exchange import promises, rides
from tests.exchange.cases import sums
from tests.exchange.hubs import PICKUP, Hub, hub, item, move, order
from tests.exchange.neighbours import NOW, answers, ask, at, bank, hold, library, offer, step, tick
from tests.exchange.test_food_cycle import close, handed
from tests.harness import people
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.harness.people import person_with
from tests.ledger.givens import a_book, an_account, limits
from tests.ledger.programmes import a_runner, decided, funded, granted, member, opened, rule

pytestmark = pytest.mark.usefixtures("db")
LABEL = "spending.local"
LATER = "2026-05-20T09:00:00+09:00"


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)


def told(case: str) -> Counter[tuple[object, ...]]:
    """Σ sign·qty of a case by (sector, payee, origin), what comes to nothing left out."""
    found: Counter[tuple[object, ...]] = Counter()
    for one in Event.rows.filter(label__code=LABEL, source__contains=case):
        assert (one.amount, one.unit, one.evidence) == (one.qty, "KRW", "C")
        row = Transfer.rows.get(ikey=one.transfer)
        assert one.proof == row.ikey and row.grp == UUID(case)
        dims = one.dims or {}
        found[tuple(dims.get(key) for key in ("sector", "payee", "origin"))] += one.sign * one.qty
    return Counter({key: won for key, won in found.items() if won})


def is_true() -> bool:
    """Whether what is told is what the books say, over all cases."""
    return promises.here(promises.PROMISES["spending told is what the ledger moved"])[0] == 0


def returned(here: Any, thing: str, clock: Clock) -> tuple[Actor, str]:  # Any: Library
    """A loan that is back and waits for who looks it over."""
    anna = here.neighbour()
    case = hold(anna, thing, "10T10:00", "10T12:00")
    step(anna, case, "book")
    clock.at(at("10T10:00"))
    step(here.keeper, case, "check_out")
    step(anna, case, "check_out")
    step(here.keeper, case, "check_in", note="깨끗함")
    return anna, case


# --- worked numbers


def test_fee_of_a_thing_is_told_and_the_deposit_given_back_is_not(clock: Clock) -> None:
    here = library()
    _, case = returned(here, here.thing(), clock)
    assert LABEL not in sums(), "what is only held is not spent"
    step(here.keeper, case, "pass")
    assert told(case) == {("sharing", "organisation", None): 1000}
    assert is_true()


def test_kept_part_of_a_deposit_is_told(clock: Clock) -> None:
    here = library()
    _, case = returned(here, here.thing(), clock)
    step(here.keeper, case, "damage", note="부러짐")
    judge = person_with(Role.STAFF, district=people.MAPO)
    step(judge, case, "decide", charge=7000)
    assert told(case) == {("sharing", "organisation", None): 8000}
    assert Event.rows.filter(label__code=LABEL).count() == 2, "one a row of the ledger"
    assert is_true()


def test_neighbour_s_own_thing_is_paid_to_a_neighbour(clock: Clock) -> None:
    here = library()
    ben = here.neighbour()
    body = {"title": "사다리", "terms": answers(fee=500)}
    thing = str(run("exchange.asset.add", body, ben).result.id)
    anna = here.neighbour()
    case = hold(anna, thing, "10T10:00", "10T12:00")
    step(anna, case, "book")
    clock.at(at("10T10:00"))
    step(ben, case, "check_out")
    step(anna, case, "check_out")
    step(ben, case, "check_in", note="깨끗함")
    clock.at(LATER)
    tick()  # nobody says a word: time settles it
    assert told(case) == {("sharing", "neighbour", None): 500}
    event = Event.rows.get(label__code=LABEL)
    assert (event.org_id, event.giver_key, event.taker_key, event.other_org_id) == (None,) * 4
    assert is_true()


def two_origins(pays: str = "won", **more: object) -> tuple[Hub, list[str]]:
    here = hub(pays, **more)
    lines = here.load(
        item("감자", lot=500, price=3001, origin="capital"),
        item("귤", lot=500, price=2000, origin="korea"),
        item("바나나", lot=500, price=999, origin="abroad"),
    )
    return here, lines


def test_food_is_told_by_origin_and_the_parts_sum_to_the_payment(clock: Clock) -> None:
    here, (potato, orange, banana) = two_origins()
    buyer = here.buyer()
    basket = order(here, buyer, (potato, 1000, 0), (orange, 500, 0), (banana, 1500, 0))
    close(here, clock)
    handed(here, buyer, basket)
    move(buyer, basket, "accept")
    origins = {"capital": 6002, "korea": 2000, "abroad": 2997}
    assert told(basket) == {("food", "organisation", key): won for key, won in origins.items()}
    assert here.money(buyer) == (-sum(origins.values()), 0, 0)
    assert is_true()


def test_decided_charge_is_divided_as_the_food_was_worth(clock: Clock) -> None:
    here, (potato, orange, _) = two_origins()
    buyer = here.buyer()
    basket = order(here, buyer, (potato, 1000, 0), (orange, 500, 0))  # 6,002 and 2,000
    close(here, clock)
    clock.at(PICKUP)
    tick()  # not packed
    move(here.keeper, basket, "judge", charge=1000)
    assert told(basket) == {
        ("food", "organisation", "capital"): 750,
        ("food", "organisation", "korea"): 250,
    }
    assert is_true()


def test_deposit_on_a_crate_has_no_origin_and_is_taken_back_with_it(clock: Clock) -> None:
    here, (potato, _, _) = two_origins(deposit=2000)
    buyer = here.buyer()
    basket = order(here, buyer, (potato, 1000, 0))
    close(here, clock)
    handed(here, buyer, basket)
    move(buyer, basket, "accept")
    food = {("food", "organisation", "capital"): 6002}
    assert told(basket) == {**food, ("food", "organisation", None): 2000}
    clock.at(LATER)
    run("exchange.crate.take_back", {"agreement_id": basket}, here.keeper)
    assert told(basket) == food
    back = Event.rows.get(label__code=LABEL, correction="reversal")
    assert (back.qty, back.sign, back.reason) == (2000, -1, "source_restated")
    assert back.corrects is not None and back.ended == back.corrects.ended
    assert is_true()


def test_vouchers_of_several_lots_are_told_as_the_won_that_they_stand_for(clock: Clock) -> None:
    here, (potato, orange, _) = two_origins("voucher")
    made = opened("voucher", a_runner(), name="마포 먹거리 바우처")
    funded(made, 100_000)
    body = {"programme_id": str(made.pk), "shop_id": str(here.host.pk), "sales": 90_000_000}
    decided(made, "ledger.programme.shop", body)
    buyer, _ = member(made)
    granted(made, "2026-11-30", (buyer, 5000))
    granted(made, "2026-12-31", (buyer, 30_000))
    basket = order(here, buyer, (potato, 1000, 0), (orange, 500, 0))
    close(here, clock)
    handed(here, buyer, basket)
    move(buyer, basket, "accept")
    assert told(basket) == {
        ("food", "organisation", "capital"): 6002,
        ("food", "organisation", "korea"): 2000,
    }
    assert Transfer.rows.filter(grp=basket, kind=2).count() == 2
    assert Event.rows.filter(label__code=LABEL).count() == 3, "two lots, two origins"
    assert is_true()


def test_payment_between_two_books_is_told_once(clock: Clock) -> None:
    clock.at(rides.NOW)
    road = rides.road()
    driver, rider = road.neighbour(), person_with(Role.RESIDENT)
    book = a_book("나루", people.organisation("나루협동조합"))
    there = an_account(book, owner=rider, unit="KRW", lo=-100_000)
    won = Unit.rows.get(code="KRW")
    mine = road.accounts[driver.id]
    for here, other in ((mine, there), (there, mine)):
        with given() as audit:
            pair = Account.rows.create(
                book=here.book, unit=won, type="clearing", other_book=other.book,
                label=f"clearing:{other.book_id}", opened_at=here.opened_at, audit=audit,
            )  # fmt: skip
            limits(pair.pk, -100_000, 100_000)
    case = rides.ask(rider, rides.offer(driver, reciprocity="won", won_per_km=200))
    step(driver, case, "accept")
    clock.at("2026-05-12T07:30:00+09:00")
    step(driver, case, "board")
    step(rider, case, "alight")
    step(rider, case, "confirm")
    assert Transfer.rows.filter(grp=case, kind=2).count() == 2
    assert told(case) == {("sharing", "neighbour", None): 503}
    assert is_true()


# --- what is no local spending


def test_hours_are_no_spending() -> None:
    here = bank()
    anna, ben = here.neighbour(), here.neighbour()
    case = ask(anna, offer(ben), 60)
    step(ben, case, "accept")
    step(ben, case, "claim", minutes=45)
    step(anna, case, "confirm")
    assert sums() == {"time.exchange": 45}


def test_gift_cycle_is_no_spending(clock: Clock) -> None:
    here = hub("gift")
    (potato,) = here.load(item(price=0))
    buyer = here.buyer()
    basket = order(here, buyer, (potato, 1000, 0))
    close(here, clock)
    handed(here, buyer, basket)
    move(buyer, basket, "accept")
    assert sums() == {"food.rescued": 1000}


def test_mutual_credit_and_its_fee_are_no_spending(clock: Clock) -> None:
    fee = (rule("fee_ppm", 15_000), rule("grant", 0), rule("credit", 1_000_000))
    money = opened("mutual", a_runner(), *fee)
    (anna, _), (ben, _) = member(money), member(money)
    terms = answers(fee=1000, fee_unit="local")
    body = {"title": "전동 드릴", "terms": terms}
    thing = str(run("exchange.asset.add", body, ben).result.id)
    case = hold(anna, thing, "10T10:00", "10T12:00")
    step(anna, case, "book")
    clock.at(at("10T10:00"))
    step(anna, case, "check_out")
    step(ben, case, "check_out")
    step(ben, case, "check_in", note="깨끗함")
    step(ben, case, "pass")
    assert [one.amount for one in moved_by([UUID(case)])] == [1000]
    assert LABEL not in sums()


def test_what_a_hub_passes_on_to_producers_counts_once(clock: Clock) -> None:
    here, (potato, _, _) = two_origins()
    an_account(here.book, organisation=here.producer, unit="KRW")
    buyer = here.buyer()
    basket = order(here, buyer, (potato, 1000, 0))
    close(here, clock)
    handed(here, buyer, basket)
    move(buyer, basket, "accept")
    treasurer = person_with(Role.TREASURER, organisation=here.host)
    run("exchange.cycle.pay", {"cycle_id": here.cycle}, treasurer)
    assert sums()[LABEL] == 6002


def paid_basket(clock: Clock) -> tuple[Hub, Actor, str, str]:
    """A basket of two origins, paid; gives the ledger's row, too."""
    here, (potato, orange, _) = two_origins()
    buyer = here.buyer()
    basket = order(here, buyer, (potato, 1000, 0), (orange, 500, 0))
    close(here, clock)
    handed(here, buyer, basket)
    move(buyer, basket, "accept")
    return here, buyer, basket, str(Transfer.rows.get(grp=basket, kind=2).pk)


# --- twice, never, and by a set


def test_step_asked_twice_tells_once(clock: Clock) -> None:
    here = library()
    _, case = returned(here, here.thing(), clock)
    body = {"agreement_id": case, "transition": "pass", "state": "returned", "answers": ()}
    key = str(uuid4())
    for _ in range(2):
        run("exchange.agreement.step", body, here.keeper, key=key)
    assert told(case) == {("sharing", "organisation", None): 1000}


def test_timer_that_the_ledger_refuses_tells_nothing(clock: Clock) -> None:
    here = library()
    _, first = returned(here, here.thing(), clock)
    anna, second = returned(here, here.thing(), clock)
    with given() as audit:
        frozen = here.accounts[anna.id]
        Account.rows.filter(pk=frozen.pk).update(status="frozen", audit=audit)
    clock.at(LATER)
    assert tick() == (1, 1)
    assert (told(first), told(second)) == ({("sharing", "organisation", None): 1000}, {})
    assert is_true()


@pytest.mark.parametrize("fault", ["raises", "unknown"])
def test_case_whose_spending_cannot_be_told_holds_up_no_other(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    here = library()
    cases = [returned(here, here.thing(), clock)[1] for _ in range(3)]

    def divides(seen: Seen, purpose: str) -> tuple[Portion, ...]:
        if seen.asset["fee"] != 700:
            return ()
        if fault == "unknown":
            return (Portion({"origin": "moon"}, 1),)
        raise ZeroDivisionError

    with given() as audit:
        middle = Agreement.rows.get(id=cases[1]).asset_id
        Asset.rows.filter(pk=middle).update(terms={"fee": 700}, audit=audit)
    process = replace(EQUIPMENT_LOAN, divides=divides)
    monkeypatch.setitem(BY_VERSION, ("equipment_loan", 1), process)
    clock.at(LATER)
    assert tick() == (2, 1)
    states = [Agreement.rows.get(id=case).state for case in cases]
    assert states == ["closed", "returned", "closed"]
    kept = {("sharing", "organisation", None): 1000}
    assert [told(case) for case in cases] == [kept, {}, kept]
    assert Timer.rows.get(agreement=cases[1], fired_at=None).refusal is not None
    assert is_true()


def test_planted_fault_is_seen(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    real = spending.parts
    monkeypatch.setattr(spending, "parts", lambda *given_: real(*given_)[1:])
    _, _, basket, _ = paid_basket(clock)
    assert sum(told(basket).values()) == 2000
    assert not is_true()


def test_nothing_of_the_room_posts_but_through_what_tells() -> None:
    folder = Path(posting_out.__file__).parent
    posts = re.compile(r"ledger\.posting import \(?[^)]*?\b(post|post_fitting)\b", re.DOTALL)
    files = folder.rglob("*.py")
    found = {one.name for one in files if posts.search(one.read_text(encoding="utf-8"))}
    assert found == {"posting_out.py"}


# --- how a payment is cut


@drawn(
    some.lists(some.integers(1, 10**9), min_size=1, max_size=6),
    some.lists(some.integers(0, 10**9), max_size=6),
)
def test_every_payment_and_every_portion_come_out_whole(paid: list[int], won: list[int]) -> None:
    payments = [Payment(uuid4(), amount, "organisation") for amount in paid]
    portions = [Portion({"origin": str(n)}, weight) for n, weight in enumerate(won)]
    found = parts(payments, portions)
    assert all(one.amount > 0 for one in found)
    for payment in payments:
        assert sum(one.amount for one in found if one.payment is payment) == payment.amount
    weighed = [one for one in won if one > 0]
    assert len(found) <= len(paid) + max(len(weighed), 1) - 1
    whole, total = sum(paid), sum(weighed)
    for place, weight in enumerate(won):
        share = sum(one.amount for one in found if one.dims == {"origin": str(place)})
        assert not total or abs(share * total - whole * weight) < total
