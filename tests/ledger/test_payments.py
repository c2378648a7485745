"""Payments as rows: fees beside them, two books by their clearing pair, no row for nothing."""

from __future__ import annotations

import pytest

from dure.core.actions import run
from dure.core.actors import Role
from dure.core.errors import Refusal
from dure.ledger.models import Account, Transfer, Unit
from dure.ledger.payments import movements_of
from tests.harness import people
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.ledger.givens import a_book, an_account
from tests.ledger.programmes import a_runner, balance, member, opened, posted, rule

pytestmark = pytest.mark.django_db
FEE = (rule("fee_ppm", 15_000), rule("grant", 0), rule("credit", 1_000_000))


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at("2026-06-01T10:00:00+09:00")


@pytest.mark.parametrize(("amount", "fee"), [(12_345, 185), (10_000, 150), (67, 1), (66, 0)])
def test_fee_is_a_row_of_its_own_and_none_at_nothing(amount: int, fee: int) -> None:
    money = opened("mutual", a_runner(), *FEE)
    (_, anna), (_, ben) = member(money), member(money)
    rows = movements_of(anna, ben, amount, "일")
    assert [row.amount for row in rows] == [amount, fee][: 2 if fee else 1]
    posted(*rows)
    assert balance(anna) == -amount
    assert balance(ben) == amount - fee
    assert balance(money.fees) == fee
    if fee:
        last = Transfer.rows.latest("id")
        assert (last.debit_id, last.purpose, last.rule_version) == (ben.pk, "fee", money.fee_rule)
        assert last.grp is not None


def test_payer_pays_the_fee_where_the_rule_says_so() -> None:
    money = opened("mutual", a_runner(), *FEE, rule("fee_payer", "payer"))
    (_, anna), (_, ben) = member(money), member(money)
    posted(*movements_of(anna, ben, 10_000, "일"))
    assert (balance(anna), balance(ben), balance(money.fees)) == (-10_150, 10_000, 150)


def test_gift_to_the_community_fund_is_free_of_fees() -> None:
    money = opened("mutual", a_runner(), *FEE)
    _, anna = member(money)
    assert money.community is not None
    assert len(movements_of(anna, money.community, 10_000, "기부")) == 1


def _pair(first: Account, second: Account) -> tuple[Account, Account]:
    made = []
    for here, there in ((first, second), (second, first)):
        with given() as audit:
            account = Account.rows.create(
                book=here.book,
                unit=Unit.rows.get(code="TIME"),
                type="clearing",
                other_book=there.book,
                label=f"clearing:{there.book_id}",
                opened_at=here.opened_at,
                audit=audit,
            )
            from tests.ledger.givens import limits

            limits(account.pk, -1_000, 1_000)
        made.append(account)
    return made[0], made[1]


def test_two_books_are_joined_by_their_clearing_pair() -> None:
    anna, ben = people.person_with(Role.RESIDENT), people.person_with(Role.RESIDENT)
    here = an_account(a_book("가람"), owner=anna, lo=-100)
    there = an_account(a_book("나루", people.organisation("나루협동조합")), owner=ben)
    with pytest.raises(Refusal) as caught:
        movements_of(here, there, 60, "도움")
    assert caught.value.name == "ledger.cross_book"
    out, into = _pair(here, there)
    rows = movements_of(here, there, 60, "도움")
    posted(*rows)
    assert [balance(one) for one in (here, out, into, there)] == [-60, 60, -60, 60]
    groups = set(Transfer.rows.values_list("grp", flat=True))
    assert len(groups) == 1 and None not in groups


def test_request_is_paid_across_books() -> None:
    anna, ben = people.person_with(Role.RESIDENT), people.person_with(Role.RESIDENT)
    here = an_account(a_book("가람"), owner=anna, lo=-100)
    there = an_account(a_book("나루", people.organisation("나루협동조합")), owner=ben)
    _pair(here, there)
    body = {"account_id": str(there.pk), "kind": "sale", "purpose": "도움", "amount": 60}
    sale = run("ledger.request.create", body, ben).result
    done = run("ledger.request.pay", {"code": sale.token, "account_id": str(here.pk)}, anna)
    assert len(done.result.transfers) == 2
    assert (balance(here), balance(there)) == (-60, 60)
