"""Programmes in a box: opened by two people from one body, joined, closed with nothing left."""

from __future__ import annotations

import pytest
from django.db.models import Sum

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.core.models import Notice
from dure.core.models.rules import RuleVersion
from dure.ledger.models import Account, Book, LimitChange, Programme, Transfer
from dure.ledger.posting import Movement
from tests.harness import people
from tests.harness.clock import Clock
from tests.ledger.programmes import (
    REGIONAL,
    a_runner,
    agreed,
    balance,
    code_of,
    decided,
    member,
    opened,
    posted,
    rule,
    shop,
)

pytestmark = pytest.mark.django_db
NOW = "2026-06-01T10:00:00+09:00"


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)


def body(organisation: object, kind: str = "timebank", **more: object) -> dict[str, object]:
    return {
        "organisation_id": str(organisation),
        "kind": kind,
        "name": "가람 시간은행",
        "opens": "2026-06-01",
        **more,
    }


def test_two_people_open_a_time_bank_from_one_body() -> None:
    here = a_runner()
    agreed("ledger.programme.open", body(here.organisation.pk), here.treasurer, here.board)
    made = Programme.rows.select_related("issuer", "book", "unit").get()
    assert (made.kind, made.state, made.unit.code) == ("timebank", "open", "TIME")
    assert made.book.organisation_id == here.organisation.pk
    assert made.issuer is not None
    assert (made.issuer.lo, made.issuer.hi, made.issuer.balance) == (-6_000_000, 0, 0)
    assert made.rules["grant"]["value"] == 300
    assert str(made.grant_rule) == made.rules["grant"]["version"]
    kinds = set(Account.rows.filter(book=made.book).values_list("type", flat=True))
    assert kinds == {"issuer", "equity", "income"}


def test_one_person_alone_opens_nothing() -> None:
    here = a_runner()
    assert code_of("ledger.programme.open", body(here.organisation.pk), here.board) == (
        "core.second_person"
    )
    assert (Programme.rows.count(), Book.rows.count()) == (0, 0)


@pytest.mark.parametrize("role", [Role.MEMBER, Role.STAFF, Role.AUDITOR])
def test_others_may_not_open(role: Role) -> None:
    here = a_runner()
    actor = people.person_with(role, organisation=here.organisation)
    name = code_of("ledger.programme.open", body(here.organisation.pk), actor)
    assert name == "core.not_allowed"


def test_operator_opens_nothing() -> None:
    here = a_runner()
    name = code_of("ledger.programme.open", body(here.organisation.pk), Actor.operator())
    assert name == "core.not_allowed"


def test_voucher_does_not_open_while_a_rule_is_unsigned() -> None:
    here = a_runner()
    for left_out in (str(one["part"]) for one in REGIONAL):
        some = [one for one in REGIONAL if one["part"] != left_out]
        with pytest.raises(Refusal) as caught:
            decided(
                here, "ledger.programme.open", body(here.organisation.pk, "regional", rules=some)
            )
        assert caught.value.name == "ledger.rule_unsigned", left_out
    assert (Programme.rows.count(), Book.rows.count()) == (0, 0)
    assert RuleVersion.rows.filter(scope_kind="bylaw").count() == 0


def test_signed_rules_become_by_laws_with_their_source() -> None:
    here = a_runner()
    made = opened("regional", here)
    kept = RuleVersion.rows.filter(scope_kind="bylaw", scope_id=str(here.organisation.pk))
    assert kept.count() == 5
    assert {one.status for one in kept} == {"decided"}
    assert made.rules["issue_limit"]["value"] == 100_000_000
    assert made.rules["validity_months"]["value"] == 60
    assert made.demurrage_rule is None and "credit" not in made.rules


@pytest.mark.parametrize(
    "bad",
    [
        rule("demurrage_ppm", 10_000),
        rule("credit", 1_000),
        rule("fee_ppm", 1_000_001),
        rule("validity_months", 0),
        rule("licence", 5),
        rule("issue_limit", "many"),
    ],
)
def test_voucher_takes_no_demurrage_credit_or_wrong_value(bad: dict[str, object]) -> None:
    here = a_runner()
    given = [*(one for one in REGIONAL if one["part"] != bad["part"]), bad]
    with pytest.raises(Refusal) as caught:
        decided(here, "ledger.programme.open", body(here.organisation.pk, "regional", rules=given))
    assert caught.value.name == "ledger.rule_unknown"


def test_member_gets_the_limits_and_the_grant_once() -> None:
    bank = opened("timebank", a_runner())
    who, account = member(bank)
    assert (account.lo, account.hi, account.owner_person_id) == (0, 6_000, who.id)
    assert (balance(account), balance(bank.issuer)) == (300, -300)
    row = Transfer.rows.get()
    assert (row.purpose, row.amount, row.kind) == ("programme.grant", 300, 0)
    again = {"programme_id": str(bank.pk)}
    assert code_of("ledger.programme.join", again, who) == "ledger.already_joined"
    assert LimitChange.rows.filter(account=account).count() == 1


def test_same_key_joins_once() -> None:
    bank = opened("timebank", a_runner())
    who = people.person_with(Role.RESIDENT)
    first = run("ledger.programme.join", {"programme_id": str(bank.pk)}, who, key="j")
    again = run("ledger.programme.join", {"programme_id": str(bank.pk)}, who, key="j")
    assert (again.replayed, again.result) == (True, first.result)
    assert Transfer.rows.count() == 1


def test_joining_needs_a_programme_that_is_open(clock: Clock) -> None:
    bank = opened("timebank", a_runner(), closes="2026-06-30")
    clock.at("2026-07-01T00:00:00+09:00")
    who = people.person_with(Role.RESIDENT)
    name = code_of("ledger.programme.join", {"programme_id": str(bank.pk)}, who)
    assert name == "ledger.programme_closed"
    assert code_of("ledger.programme.join", {"programme_id": "999"}, who) == "core.not_found"


def test_no_grant_above_the_issue_limit() -> None:
    bank = opened("timebank", a_runner(), rules=[rule("issue_limit", 400)])
    member(bank)
    who = people.person_with(Role.RESIDENT)
    name = code_of("ledger.programme.join", {"programme_id": str(bank.pk)}, who)
    assert name == "ledger.issue_limit"
    assert Account.rows.filter(owner_person=who.id).count() == 0


def test_shop_gets_its_two_accounts() -> None:
    city = opened("regional", a_runner())
    _, made = shop(city)
    assert made.won_account is not None
    assert (made.account.unit.code, made.won_account.unit.code) == ("VCH", "KRW")
    body = {"programme_id": str(city.pk), "shop_id": str(made.account.owner_organisation_id)}
    with pytest.raises(Refusal) as caught:
        decided(city, "ledger.programme.shop", {**body, "sales": 1})
    assert caught.value.name == "ledger.shop_known"


def test_shop_above_the_rule_is_refused() -> None:
    city = opened("regional", a_runner())
    large = people.organisation("큰가게")
    body = {"programme_id": str(city.pk), "shop_id": str(large.pk), "sales": 3_000_000_001}
    with pytest.raises(Refusal) as caught:
        decided(city, "ledger.programme.shop", body)
    assert caught.value.name == "ledger.shop_too_large"


def test_closing_brings_every_account_to_zero(clock: Clock) -> None:
    money = opened("mutual", a_runner())
    (anna, from_anna), (_, to_ben) = member(money), member(money)
    posted(Movement(from_anna.pk, to_ben.pk, 70_000, "일"))
    posted(Movement(money.issuer_id or 0, from_anna.pk, 20_000, "programme.grant"))
    told = decided(money, "ledger.programme.close", {"programme_id": str(money.pk)})
    assert (told.state, told.closes_on, told.left) == ("closing", "2026-07-01", 2)
    assert Notice.rows.filter(template="ledger.ending").count() == 2
    with pytest.raises(Refusal) as caught:
        decided(money, "ledger.programme.close", {"programme_id": str(money.pk)})
    assert caught.value.name == "ledger.programme_not_settled"
    assert code_of("ledger.programme.join", {"programme_id": str(money.pk)}, anna) == (
        "ledger.programme_closed"
    )
    clock.at("2026-07-02T00:00:00+09:00")
    done = decided(money, "ledger.programme.close", {"programme_id": str(money.pk)})
    assert (done.state, done.left) == ("closed", 0)
    rows = Account.rows.filter(book=money.book)
    assert set(rows.values_list("balance", flat=True)) == {0}
    assert set(rows.values_list("status", flat=True)) == {"closed"}
    settled = Transfer.rows.filter(purpose="programme.close")
    assert settled.aggregate(total=Sum("amount"))["total"] == 70_000 + 50_000


def test_closed_programme_closes_no_second_time(clock: Clock) -> None:
    bank = opened("timebank", a_runner())
    decided(bank, "ledger.programme.close", {"programme_id": str(bank.pk)})
    clock.at("2026-07-02T00:00:00+09:00")
    decided(bank, "ledger.programme.close", {"programme_id": str(bank.pk)})
    with pytest.raises(Refusal) as caught:
        decided(bank, "ledger.programme.close", {"programme_id": str(bank.pk)})
    assert caught.value.name == "ledger.programme_closed"
