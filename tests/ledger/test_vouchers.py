"""Vouchers for an aim: opened from one body with rules of their own, none of the regional law."""

from __future__ import annotations

import pytest

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.ledger.models import Account, Programme, Transfer
from dure.ledger.queries import checks
from tests.harness import people
from tests.harness.clock import Clock
from tests.ledger.programmes import (
    VOUCHER,
    Runner,
    a_runner,
    balance,
    code_of,
    decided,
    funded,
    granted,
    held_by,
    member,
    opened,
    rule,
    shop,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at("2026-06-01T10:00:00+09:00")


def pay(debit: Account, credit: Account, amount: int) -> dict[str, object]:
    return {
        "debit": str(debit.pk),
        "credit": str(credit.pk),
        "amount": amount,
        "unit": "VCH",
        "purpose": "쌀",
    }


def test_meal_vouchers_are_issued_spent_at_shops_redeemed_and_expire(clock: Clock) -> None:
    made = opened("voucher", a_runner(), name="마포 먹거리 바우처")
    assert made.rules["aim"]["value"] == "먹거리"
    assert "refund_share_ppm" not in made.rules and "shop_sales_most" not in made.rules
    funded(made, 100_000)
    who, account = member(made)
    granted(made, "2026-12-31", (who, 30_000))
    keeper, stood = shop(made)
    run("ledger.transfer.post", pay(account, stood.account, 10_000), who)
    redeem = {"account_id": str(stood.account_id), "amount": 10_000}
    assert run("ledger.lot.redeem", redeem, keeper).result.won == 10_000
    assert balance(stood.won_account_id) == 10_000
    clock.at("2027-01-01T00:10:00+09:00")
    run("ledger.lot.expire", {}, Actor.timer("test"))
    assert held_by(account) == {}
    assert balance(made.issuer) == 0
    assert checks.check_books().is_clean


def test_voucher_is_passed_on_only_where_its_rule_says_so() -> None:
    for allowed in (0, 1):
        made = opened("voucher", a_runner(f"조합{allowed}"), rule("pass_on", allowed))
        funded(made, 100_000)
        who, account = member(made)
        _other, their = member(made)
        granted(made, "2026-12-31", (who, 30_000))
        if allowed:
            run("ledger.transfer.post", pay(account, their, 1_000), who)
            assert sum(held_by(their).values()) == 1_000
        else:
            name = code_of("ledger.transfer.post", pay(account, their, 1_000), who)
            assert name == "ledger.not_a_shop"
            assert Transfer.rows.filter(credit__parent=their).count() == 0


@pytest.mark.parametrize("left_out", [str(one["part"]) for one in VOUCHER])
def test_voucher_does_not_open_while_a_rule_is_unsigned(left_out: str) -> None:
    some = [one for one in VOUCHER if one["part"] != left_out]
    runner = a_runner()
    body = {
        "organisation_id": str(runner.organisation.pk),
        "kind": "voucher",
        "name": "먹거리",
        "opens": "2026-06-01",
        "rules": some,
    }
    with pytest.raises(Refusal) as caught:
        decided(runner, "ledger.programme.open", body)
    assert caught.value.name == "ledger.rule_unsigned"
    assert Programme.rows.count() == 0


@pytest.mark.parametrize(
    "bad", [rule("refund_share_ppm", 1), rule("shop_sales_most", 1), rule("pass_on", 2)]
)
def test_voucher_takes_no_rule_of_the_regional_law(bad: dict[str, object]) -> None:
    with pytest.raises(Refusal) as caught:
        opened("voucher", a_runner(), bad)
    assert caught.value.name == "ledger.rule_unknown"


def test_voucher_for_an_aim_pays_no_cash() -> None:
    runner = a_runner()
    made = opened("voucher", runner)
    funded(made, 100_000)
    who, account = member(made)
    lot = granted(made, "2026-12-31", (who, 30_000))
    body = {"lot_id": lot, "account_id": str(account.pk)}
    assert code_of("ledger.lot.cash", body, runner.treasurer, "환불 청함") == "ledger.no_cash"


def test_one_organisation_opens_two_aims(clock: Clock) -> None:
    runner = a_runner()
    food = opened("voucher", runner, name="먹거리")
    clock.at("2026-06-02T10:00:00+09:00")
    renewed = people.person_with(Role.TREASURER, organisation=runner.organisation)
    runner = Runner(runner.organisation, renewed, runner.board)
    art = opened("voucher", runner, rule("aim", "문화"), name="문화")
    food.refresh_from_db()
    assert (food.rules["aim"]["value"], art.rules["aim"]["value"]) == ("먹거리", "문화")
    assert food.code != art.code
