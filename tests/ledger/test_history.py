"""History, statements and receipts say what the rows say."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dure.core import clock
from dure.core.actors import Actor, Role
from dure.core.door import load_grants
from dure.core.errors import Refusal
from dure.ledger.queries import accounts, history
from tests.harness import people
from tests.ledger.givens import a_book, a_transfer, an_account, an_issuer


class World:
    """A wallet with income, payments, a hold, a refund and a reversal, over two days."""

    def __init__(self) -> None:
        self.book = a_book()
        self.owner: Actor = people.person_with(Role.RESIDENT)
        self.other: Actor = people.person_with(Role.RESIDENT)
        self.issuer = an_issuer(self.book)
        self.wallet = an_account(self.book, owner=self.owner, handle="anna", label="내 시간")
        self.till = an_account(self.book, owner=self.other, handle="가게", label="가게")
        self.yesterday = clock.today() - timedelta(days=1)
        self.income = a_transfer(self.issuer, self.wallet, 1000, event_date=self.yesterday)
        self.paid = a_transfer(self.wallet, self.till, 300, purpose="점심")
        self.hold = a_transfer(self.wallet, self.till, 50, kind=1)
        self.back = a_transfer(self.till, self.wallet, 100, kind=6, ref=self.paid)
        self.wrong = a_transfer(self.wallet, self.till, 7, purpose="잘못")
        self.undone = a_transfer(self.till, self.wallet, 7, kind=5, ref=self.wrong)


@pytest.fixture
def world(db: None) -> World:
    return World()


def test_page_shows_signed_amounts_and_the_balance_after_each(world: World) -> None:
    rows = history.page(world.owner, str(world.wallet.pk)).rows
    assert [(row.kind, row.amount, row.balance) for row in rows] == [
        (5, 7, 800),
        (0, -7, 793),
        (6, 100, 800),
        (1, -50, 700),
        (0, -300, 700),
        (0, 1000, 1000),
    ]
    paid = rows[4]
    assert (paid.other_handle, paid.refunded, paid.reversed_by) == ("가게", 100, None)
    assert rows[1].reversed_by == str(world.undone)


def test_search_keeps_the_true_balance(world: World) -> None:
    found = history.page(world.owner, str(world.wallet.pk), text="점심")
    assert [(row.amount, row.balance) for row in found.rows] == [(-300, 700)]


def test_pages_follow_each_other_without_loss(world: World) -> None:
    whole = history.page(world.owner, str(world.wallet.pk)).rows
    before, seen = None, []
    while True:
        page = history.page(world.owner, str(world.wallet.pk), before=before, limit=2)
        seen += page.rows
        before = page.before
        if before is None:
            break
    assert [row.id for row in seen] == [row.id for row in whole]


def test_statement_opens_and_closes_at_its_days(world: World) -> None:
    today = clock.today()
    whole = history.statement(world.owner, str(world.wallet.pk), world.yesterday, today)
    assert (whole.opening, whole.closing) == (0, 800)
    part = history.statement(world.owner, str(world.wallet.pk), today, today)
    assert (part.opening, part.closing) == (1000, 800)
    assert part.opening + sum(row.amount for row in part.rows) == part.closing
    assert 1 not in {row.kind for row in part.rows}


def test_nobody_else_reads_them(world: World) -> None:
    stranger = people.person_with(Role.RESIDENT)
    number = str(world.wallet.pk)
    for read in (
        lambda: accounts.one(stranger, number),
        lambda: history.page(stranger, number),
        lambda: history.statement(stranger, number, world.yesterday, clock.today()),
        lambda: history.receipt(stranger, str(world.paid)),
        lambda: accounts.one(stranger, "999999999"),
        lambda: accounts.one(stranger, "１２"),
    ):
        with pytest.raises(Refusal) as caught:
            read()
        assert caught.value.name == "core.not_found"


def test_receipt_is_for_both_sides(world: World) -> None:
    mine = history.receipt(world.owner, str(world.paid))
    theirs = history.receipt(world.other, str(world.paid))
    assert (mine.amount, mine.unit, mine.refunded) == (300, "TIME", 100)
    assert (mine.is_payer, mine.is_payee) == (True, False)
    assert (theirs.is_payer, theirs.is_payee) == (False, True)


def test_my_accounts_show_what_is_spendable(world: World) -> None:
    (view,) = accounts.mine(world.owner)
    assert (view.balance, view.held_out, view.spendable, view.handle) == (800, 50, 750, "anna")
    assert accounts.payee(world.other, "@Anna").account_id == str(world.wallet.pk)


def test_district_sees_accounts_of_organisations_but_of_no_person(world: World) -> None:
    official = load_grants(people.person_with(Role.OFFICIAL, district=people.MAPO), clock.now())
    fund = an_account(world.book, organisation=world.book.organisation)
    assert accounts.one(official, str(fund.pk)).id == str(fund.pk)
    with pytest.raises(Refusal, match=r"core\.not_found"):
        accounts.one(official, str(world.wallet.pk))
    keeper = load_grants(
        people.person_with(Role.TREASURER, organisation=world.book.organisation), clock.now()
    )
    assert accounts.one(keeper, str(world.wallet.pk)).id == str(world.wallet.pk)
