"""What takes two: limits, reversals, large payments of an organisation, closing a period."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dure.core import clock
from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.door import load_grants
from dure.core.errors import Refusal
from dure.core.models import AuditLine
from dure.ledger.models import Account, Book, LimitChange, Period, Transfer
from dure.ledger.queries import checks, trial
from tests.harness import people
from tests.ledger.givens import (
    a_book,
    a_transfer,
    an_account,
    an_issuer,
    approved,
    balance,
)


class House:
    """A co-op's book with a treasurer, an approver, an auditor and two members' accounts."""

    def __init__(self) -> None:
        self.book: Book = a_book()
        owner = self.book.organisation
        self.treasurer: Actor = people.person_with(Role.TREASURER, organisation=owner)
        self.approver: Actor = people.person_with(Role.APPROVER, organisation=owner)
        self.auditor: Actor = people.person_with(Role.AUDITOR, organisation=owner)
        self.member: Actor = people.person_with(Role.RESIDENT)
        self.issuer: Account = an_issuer(self.book, unit="KRW")
        self.fund = an_account(self.book, organisation=owner, unit="KRW", label="기금")
        self.wallet = an_account(self.book, owner=self.member, unit="KRW")


@pytest.fixture
def house(db: None) -> House:
    return House()


def limit(house: House, **more: object) -> dict[str, object]:
    return {"account_id": str(house.wallet.pk), "lo": -5000, "hi": 900, **more}


def refused(name: str, body: dict[str, object], actor: Actor, reason: str | None = None) -> str:
    with pytest.raises(Refusal) as caught:
        run(name, body, actor, reason=reason)
    return caught.value.name


def test_limits_are_set_by_two_and_remembered(house: House) -> None:
    approved("ledger.account.limit", limit(house), house.treasurer, house.approver, "총회 3호 의결")
    account = Account.rows.get(pk=house.wallet.pk)
    assert (account.lo, account.hi) == (-5000, 900)
    change = LimitChange.rows.latest("pk")
    assert (change.old_lo, change.new_lo, change.new_hi) == (0, -5000, 900)
    assert (change.actor, change.approver) == (house.treasurer.id, house.approver.id)
    assert change.reason == "총회 3호 의결"


def test_limit_that_the_balance_does_not_fit_is_refused(house: House) -> None:
    a_transfer(house.issuer, house.wallet, 700)
    with pytest.raises(Refusal) as caught:
        approved(
            "ledger.account.limit",
            limit(house, hi=600),
            house.treasurer,
            house.approver,
            "총회 3호 의결",
        )
    assert caught.value.name == "ledger.limit"
    assert Account.rows.get(pk=house.wallet.pk).hi is None


def test_member_sets_no_limits(house: House) -> None:
    name = "ledger.account.limit"
    assert refused(name, limit(house), house.member, "내 마음대로") == "core.not_allowed"


def test_organisation_pays_small_sums_by_one_and_large_ones_by_two(house: House) -> None:
    a_transfer(house.issuer, house.fund, 5_000_000)
    body = {
        "debit": str(house.fund.pk),
        "credit": str(house.wallet.pk),
        "amount": 600_000,
        "unit": "KRW",
        "purpose": "수당",
    }
    run("ledger.transfer.post", body, house.treasurer)
    run("ledger.transfer.post", {**body, "amount": 300_000}, house.treasurer)
    large = {**body, "amount": 100_001}
    assert refused("ledger.transfer.post", large, house.treasurer) == "core.second_person"
    assert balance(house.wallet)[0] == 900_000
    approved("ledger.transfer.post", large, house.treasurer, house.approver)
    assert balance(house.wallet)[0] == 1_000_001
    line = AuditLine.rows.filter(action="ledger.transfer.post", outcome="done").latest("seq")
    assert (line.actor, line.organisation) == (house.treasurer.id, house.book.organisation_id)


def test_exactly_the_limit_is_paid_alone(house: House) -> None:
    a_transfer(house.issuer, house.fund, 5_000_000)
    a_transfer(house.fund, house.wallet, 900_000)
    body = {
        "debit": str(house.fund.pk),
        "credit": str(house.wallet.pk),
        "amount": 100_000,
        "unit": "KRW",
        "purpose": "수당",
    }
    run("ledger.transfer.post", body, house.treasurer)
    assert balance(house.wallet)[0] == 1_000_000


def test_reversal_is_another_row_and_happens_once(house: House) -> None:
    number = a_transfer(house.issuer, house.wallet, 700)
    body = {"transfer_id": str(number)}
    approved("ledger.transfer.reverse", body, house.treasurer, house.approver, "잘못 보냄")
    row = Transfer.rows.get(ref=number)
    assert (row.kind, row.debit_id, row.credit_id, row.amount) == (
        5,
        house.wallet.pk,
        house.issuer.pk,
        700,
    )
    assert balance(house.wallet) == (0, 0, 0)
    with pytest.raises(Refusal) as caught:
        approved("ledger.transfer.reverse", body, house.treasurer, house.approver, "다시 한 번")
    assert caught.value.name == "ledger.already_reversed"


def test_reversal_is_refused_where_the_payee_has_spent_it(house: House) -> None:
    number = a_transfer(house.issuer, house.wallet, 700)
    a_transfer(house.wallet, house.fund, 1)
    body = {"transfer_id": str(number)}
    with pytest.raises(Refusal) as caught:
        approved("ledger.transfer.reverse", body, house.treasurer, house.approver, "잘못 보냄")
    assert caught.value.name == "ledger.short"
    assert balance(house.wallet) == (699, 0, 0)


def test_period_is_closed_by_two_and_takes_no_row_any_more(house: House) -> None:
    yesterday = clock.today() - timedelta(days=1)
    a_transfer(house.issuer, house.wallet, 700, event_date=yesterday)
    a_transfer(house.issuer, house.wallet, 30)
    body = {"book_id": str(house.book.pk), "to": yesterday.isoformat()}
    with pytest.raises(Refusal, match=r"core\.second_person"):
        run("ledger.period.close", body, house.treasurer)
    close(house, body)
    period = Period.rows.get()
    assert (period.closer, period.reviewer) == (house.treasurer.id, house.auditor.id)
    rows = {row[0]: row[2:] for row in period.rows_json}
    assert rows[house.wallet.pk] == [0, 0, 700, 700]
    backdated = {
        "debit": str(house.wallet.pk),
        "credit": str(house.fund.pk),
        "amount": 1,
        "unit": "KRW",
        "purpose": "늦은 줄",
        "event_date": yesterday.isoformat(),
    }
    with pytest.raises(Refusal) as caught:
        run("ledger.transfer.post", backdated, house.member)
    assert caught.value.name == "ledger.period_closed"
    assert caught.value.places["first_open"] == clock.today().isoformat()
    assert checks.check_books().is_clean


def close(house: House, body: dict[str, object]) -> None:
    """Ask, agree, and run the job that a long action becomes."""
    from dure.registry.models import Approval

    waiting = Approval.rows.filter(state="asked").latest("asked_at")
    decision = {"approval_id": str(waiting.pk), "outcome": "approve"}
    run("registry.approval.decide", decision, house.auditor)
    job = Actor.person(waiting.requester, origin="test")
    run("registry.approval.run", {"approval_id": str(waiting.pk)}, job)


def test_today_is_not_over(house: House) -> None:
    body = {"book_id": str(house.book.pk), "to": clock.today().isoformat()}
    with pytest.raises(Refusal, match=r"core\.second_person"):
        run("ledger.period.close", body, house.treasurer)
    with pytest.raises(Refusal) as caught:
        close(house, body)
    assert caught.value.name == "ledger.period_not_over"


def test_trial_balance_sums_to_zero_and_follows_the_date(house: House) -> None:
    yesterday = clock.today() - timedelta(days=1)
    a_transfer(house.issuer, house.wallet, 700, event_date=yesterday)
    a_transfer(house.wallet, house.fund, 30)
    a_transfer(house.wallet, house.fund, 5, kind=1)
    keeper = load_grants(house.treasurer, clock.now())
    before = trial.balance(keeper, str(house.book.pk), yesterday)
    now = trial.balance(keeper, str(house.book.pk), clock.today())
    assert [(t.unit, t.debits, t.credits, t.closing) for t in before.totals] == [
        ("KRW", 700, 700, 0)
    ]
    assert [(t.unit, t.debits, t.credits, t.closing) for t in now.totals] == [("KRW", 730, 730, 0)]
    closing = {row.account_id: row.closing for row in now.rows}
    assert closing[str(house.wallet.pk)] == 670
