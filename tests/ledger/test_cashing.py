"""Cash for the rest of a regional voucher: after the share is spent, by refund rows, by two."""

from __future__ import annotations

import pytest

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.models import Notice
from dure.ledger.models import Account, Lot, Programme, ProgrammeShop, Transfer
from dure.ledger.queries import checks, programmes
from dure.registry.models import Approval
from tests.harness import people
from tests.harness.clock import Clock
from tests.ledger.programmes import (
    Runner,
    a_runner,
    agreed,
    balance,
    code_of,
    funded,
    granted,
    held_by,
    member,
    opened,
    shop,
)

pytestmark = pytest.mark.django_db


class World:
    """A holder of 10,000 won in vouchers, of which 60 % must be spent; a shop; a fund."""

    def __init__(self) -> None:
        self.runner: Runner = a_runner()
        self.made: Programme = opened("regional", self.runner)
        funded(self.made, 100_000)
        self.who, self.account = member(self.made)
        granted(self.made, "2026-12-31", (self.who, 10_000))
        self.lot = Lot.rows.get()
        self.shop: ProgrammeShop = shop(self.made)[1]
        self.bank = Account.rows.get(book=self.made.book_id, type="asset")

    def spend(self, amount: int, to: Account | None = None, who: Actor | None = None) -> int:
        body = {
            "debit": str(self.account.pk),
            "credit": str((to or self.shop.account).pk),
            "amount": amount,
            "unit": "VCH",
            "purpose": "두부",
        }
        return int(run("ledger.transfer.post", body, who or self.who).result.id)

    @property
    def body(self) -> dict[str, object]:
        return {"lot_id": str(self.lot.pk), "account_id": str(self.account.pk)}

    def refused(self) -> str:
        return code_of("ledger.lot.cash", self.body, self.runner.treasurer, "환불 청함")

    def cash(self) -> None:
        agreed("ledger.lot.cash", self.body, self.runner.treasurer, self.runner.board, "환불 청함")


@pytest.fixture
def world(clock: Clock) -> World:
    clock.at("2026-06-01T10:00:00+09:00")
    return World()


def test_rest_is_paid_back_by_a_refund_of_the_issue_and_won_out_of_the_fund(world: World) -> None:
    world.spend(6_000)
    before = balance(world.made.fund), balance(world.bank), balance(world.made.issuer)
    assert before == (100_000, -100_000, -10_000)
    world.cash()
    assert held_by(world.account) == {}
    after = balance(world.made.fund), balance(world.bank), balance(world.made.issuer)
    assert after == (96_000, -96_000, -6_000)
    row = Transfer.rows.get(purpose="lot.cash")
    issue = Transfer.rows.get(purpose="lot.issue")
    assert (row.kind, row.ref_id, row.amount) == (6, issue.pk, 4_000)
    won = Transfer.rows.get(purpose="lot.cash.won")
    assert (won.grp, won.amount, won.kind) == (row.grp, 4_000, 0)
    assert Notice.rows.get(template="ledger.cashed").person == world.who.id
    assert checks.check_books().is_clean
    shown = programmes.one(Actor.operator(), world.made.code).totals
    assert shown is not None
    assert (shown.issued, shown.spent, shown.expired, shown.paid_back, shown.open) == (
        10_000, 0, 0, 4_000, 6_000,
    )  # fmt: skip


def test_one_won_less_than_the_share_is_refused_and_nobody_is_asked(world: World) -> None:
    world.spend(5_999)
    assert world.refused() == "ledger.spend_first"
    assert Approval.rows.count() == 0
    world.spend(1)
    world.cash()
    assert held_by(world.account) == {}


def test_what_a_shop_gave_back_was_not_spent(world: World) -> None:
    number = world.spend(6_000)
    keeper = people.person_with(Role.TREASURER, organisation=world.shop.account.owner_organisation)
    run("ledger.transfer.refund", {"transfer_id": str(number), "amount": 1}, keeper)
    assert world.refused() == "ledger.spend_first"


def test_what_went_to_a_neighbour_was_not_spent_and_is_not_paid_to_her(world: World) -> None:
    neighbour, their = member(world.made)
    world.spend(7_000, to=their)
    assert world.refused() == "ledger.spend_first"
    body = {"lot_id": str(world.lot.pk), "account_id": str(their.pk)}
    treasurer = world.runner.treasurer
    assert code_of("ledger.lot.cash", body, treasurer, "환불 청함") == "ledger.nothing_to_do"
    assert neighbour.id is not None
    assert held_by(their) == {world.lot.pk: 7_000}


def test_cash_is_paid_once(world: World) -> None:
    world.spend(6_000)
    world.cash()
    assert world.refused() == "ledger.nothing_to_do"
    assert Transfer.rows.filter(purpose="lot.cash").count() == 1


def test_lot_that_is_over_pays_no_cash(world: World, clock: Clock) -> None:
    world.spend(6_000)
    clock.at("2027-01-01T00:00:00+09:00")
    world.runner = Runner(
        world.runner.organisation,
        people.person_with(Role.TREASURER, organisation=world.runner.organisation),
        world.runner.board,
    )
    assert world.refused() == "ledger.nothing_to_do"
