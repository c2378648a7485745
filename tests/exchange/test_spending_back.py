"""Won that goes back: its local spending goes back with it, in the same transaction."""

from __future__ import annotations

import pytest

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.journal.models import Event
from tests.exchange.cases import sums
from tests.exchange.neighbours import NOW, library, step
from tests.exchange.test_spending import (
    LABEL,
    is_true,
    paid_basket,
    returned,
    told,
)
from tests.harness import people
from tests.harness.clock import Clock
from tests.harness.people import person_with
from tests.ledger.givens import approved

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)


def test_void_correction_takes_the_spending_back_with_the_money(clock: Clock) -> None:
    here = library()
    _, case = returned(here, here.thing(), clock)
    step(here.keeper, case, "pass")
    judge = person_with(Role.STAFF, district=people.MAPO)
    body = {"agreement_id": case, "why": "duplicate"}
    run("exchange.agreement.correct", body, judge, reason="두 번 적었습니다")
    assert told(case) == {}
    assert sums() == {}
    assert {one.reason for one in Event.rows.filter(correction="reversal")} == {"duplicate"}
    assert is_true()
    with pytest.raises(Refusal, match=r"exchange\.not_correctable"):
        run("exchange.agreement.correct", body, judge, reason="두 번 적었습니다")


def test_correction_to_another_quantity_tells_what_was_paid_again(clock: Clock) -> None:
    here = library()
    _, case = returned(here, here.thing(), clock)
    step(here.keeper, case, "pass")
    judge = person_with(Role.STAFF, district=people.MAPO)
    for minutes in (90, 60):
        body = {"agreement_id": case, "why": "typo", "minutes": minutes}
        run("exchange.agreement.correct", body, judge, reason="시간을 잘못 적었습니다")
        assert told(case) == {("sharing", "organisation", None): 1000}
        assert sums()["loan.use"] == minutes
    assert Event.rows.filter(label__code=LABEL).count() == 5
    assert is_true()


def test_reversal_by_the_keepers_of_the_book_is_told_in_its_transaction(clock: Clock) -> None:
    here, buyer, basket, row = paid_basket(clock)
    treasurer = person_with(Role.TREASURER, organisation=here.host)
    second = person_with(Role.APPROVER, organisation=here.host)
    body = {"transfer_id": row}
    approved("ledger.transfer.reverse", body, treasurer, second, "잘못 받았습니다")
    assert here.money(buyer) == (0, 0, 0)
    assert told(basket) == {}
    assert is_true()
    again = run("exchange.spending.restate", {"transfer_ids": (row,)}, Actor.operator())
    assert again.result.events == 0, "what stands so already is left alone"


def test_refunds_by_the_payee_leave_the_rest_divided_as_before(clock: Clock) -> None:
    here, buyer, basket, row = paid_basket(clock)  # 6,002 and 2,000
    treasurer = person_with(Role.TREASURER, organisation=here.host)
    for back, capital, korea in ((4001, 3001, 1000), (3000, 751, 250), (1001, 0, 0)):
        run("ledger.transfer.refund", {"transfer_id": row, "amount": back}, treasurer)
        left = {
            ("food", "organisation", "capital"): capital,
            ("food", "organisation", "korea"): korea,
        }
        assert told(basket) == {key: won for key, won in left.items() if won}
        assert is_true()
    assert here.money(buyer) == (0, 0, 0)


def test_payment_outside_a_case_that_goes_back_tells_nothing() -> None:
    here = library()
    anna = here.neighbour()
    account = here.accounts[anna.id]
    body = {
        "debit": str(account.pk), "credit": str(here.till.pk), "amount": 700, "unit": "KRW",
        "purpose": "회비",
    }  # fmt: skip
    row = run("ledger.transfer.post", body, anna).result.id
    treasurer = person_with(Role.TREASURER, organisation=here.host)
    run("ledger.transfer.refund", {"transfer_id": row, "amount": 300}, treasurer)
    assert Event.rows.count() == 0
