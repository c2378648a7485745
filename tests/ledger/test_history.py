"""History, statements and receipts say what the rows say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dure.core import clock
from dure.core.actors import Actor, Role
from dure.core.door import load_grants
from dure.core.errors import Refusal
from dure.ledger.models import Account
from dure.ledger.queries import passages, payees, receipts, wallets
from dure.ledger.queries.passages import Mark, Passage, Sought
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


def rows_of(actor: Actor, account: Account, **more: Any) -> tuple[Passage, ...]:
    sought = more.pop("sought", Sought())
    return passages.rows(actor, account.pk, sought, **more)


def test_page_shows_signed_amounts_and_the_balance_after_each(world: World) -> None:
    rows = rows_of(world.owner, world.wallet)
    assert [(row.kind, row.delta, row.after) for row in rows] == [
        (5, 7, 800),
        (0, -7, 793),
        (6, 100, 800),
        (1, 0, 700),
        (0, -300, 700),
        (0, 1000, 1000),
    ]
    paid = rows[4]
    assert (paid.handle, paid.refunded, paid.reversed_by) == ("가게", 100, None)
    assert rows[1].reversed_by == world.undone
    assert [row.is_open_hold for row in rows] == [False, False, False, True, False, False]


def test_search_keeps_the_true_balance(world: World) -> None:
    (found,) = rows_of(world.owner, world.wallet, sought=Sought(text="점심"))
    assert (found.delta, found.after) == (-300, 700)


def test_pages_follow_each_other_without_loss(world: World) -> None:
    whole = rows_of(world.owner, world.wallet)
    assert len(whole) == 6
    parts: list[Passage] = []
    mark: Mark | None = None
    for _ in range(3):
        told = passages.page(world.owner, world.wallet.pk, Sought(), before=mark, limit=2)
        parts += told.rows
        mark = told.older
    assert tuple(parts) == whole
    assert mark is None


def test_statement_opens_and_closes_at_its_days(world: World) -> None:
    today = clock.today()
    whole = passages.statement(world.owner, world.wallet.pk, world.yesterday, today)
    assert (whole.opening, whole.closing) == (0, 800)
    part = passages.statement(world.owner, world.wallet.pk, today, today)
    assert (part.opening, part.closing) == (1000, 800)
    assert part.opening + sum(row.delta for row in part.rows) == part.closing


def test_nobody_else_reads_them(world: World) -> None:
    stranger = people.person_with(Role.RESIDENT)
    number = world.wallet.pk
    for read in (
        lambda: wallets.one(stranger, number),
        lambda: rows_of(stranger, world.wallet),
        lambda: passages.statement(stranger, number, world.yesterday, clock.today()),
        lambda: receipts.one(stranger, world.paid),
        lambda: wallets.one(stranger, "999999999"),
        lambda: wallets.one(stranger, "１２"),
    ):
        with pytest.raises(Refusal) as caught:
            read()
        assert caught.value.name == "core.not_found"


def test_receipt_is_for_both_sides(world: World) -> None:
    mine = receipts.one(world.owner, world.paid)
    theirs = receipts.one(world.other, world.paid)
    assert (mine.amount, mine.unit, mine.given_back) == (300, "TIME", 100)
    assert (mine.side, theirs.side) == ("paid", "got")


def test_my_accounts_show_what_is_spendable(world: World) -> None:
    (view,) = wallets.mine(world.owner)
    assert (view.balance, view.held_out, view.spendable, view.handle) == (800, 50, 750, "anna")
    assert payees.payee(world.other, "@Anna").id == world.wallet.pk


def test_district_sees_accounts_of_organisations_but_of_no_person(world: World) -> None:
    official = load_grants(people.person_with(Role.OFFICIAL, district=people.MAPO), clock.now())
    fund = an_account(world.book, organisation=world.book.organisation)
    assert wallets.one(official, fund.pk).id == fund.pk
    with pytest.raises(Refusal, match=r"core\.not_found"):
        wallets.one(official, world.wallet.pk)
    keeper = load_grants(
        people.person_with(Role.TREASURER, organisation=world.book.organisation), clock.now()
    )
    assert wallets.one(keeper, world.wallet.pk).id == world.wallet.pk
