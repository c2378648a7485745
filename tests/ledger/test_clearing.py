"""Clearing rounds: the worked debts, consent of everyone concerned, no value moved."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.models import Notice
from dure.ledger import clearing
from dure.ledger.models import (
    Account,
    ClearingRound,
    PaymentRequest,
    Programme,
    SetOff,
    Transfer,
)
from tests.harness import people
from tests.harness.clock import Clock
from tests.ledger.programmes import a_runner, balance, code_of, member, opened, rule

pytestmark = pytest.mark.django_db


@dataclass
class World:
    """A, B, C owe A→B 50, B→C 30, C→A 40, B→A 10."""

    money: Programme
    people: dict[str, Actor]
    accounts: dict[str, Account]
    requests: dict[str, PaymentRequest]
    treasurer: Actor


@pytest.fixture
def world(clock: Clock) -> World:
    clock.at("2026-06-01T10:00:00+09:00")
    return a_circle()


def a_circle() -> World:
    """Three members of a mutual credit who asked each other and accepted."""
    here = a_runner()
    money = opened("mutual", here, rule("grant", 0))
    made = World(money, {}, {}, {}, here.treasurer)
    for name in ("aa", "bb", "cc"):
        who, account = member(money)
        run("ledger.account.handle", {"account_id": str(account.pk), "handle": name}, who)
        made.people[name], made.accounts[name] = who, account
    for debtor, creditor, amount in (
        ("aa", "bb", 50),
        ("bb", "cc", 30),
        ("cc", "aa", 40),
        ("bb", "aa", 10),
    ):
        body = {
            "account_id": str(made.accounts[creditor].pk),
            "kind": "request",
            "purpose": "일",
            "amount": amount,
            "payer": debtor,
        }
        sent = run("ledger.request.create", body, made.people[creditor]).result
        run("ledger.request.accept", {"request_id": sent.id}, made.people[debtor])
        made.requests[f"{debtor}-{creditor}"] = PaymentRequest.rows.get(pk=sent.id)
    return made


def propose(world: World) -> ClearingRound:
    body = {"book_id": str(world.money.book_id), "unit": "LOCAL"}
    made = run("ledger.clearing.propose", body, world.treasurer).result
    return ClearingRound.rows.get(pk=made.id)


def answer(world: World, proposed: ClearingRound, name: str, *, agreed: bool = True) -> None:
    body = {
        "round_id": str(proposed.pk),
        "account_id": str(world.accounts[name].pk),
        "agreed": agreed,
    }
    run("ledger.clearing.consent", body, world.people[name])


def settle(world: World, proposed: ClearingRound) -> int:
    body = {"round_id": str(proposed.pk)}
    found: int = run("ledger.clearing.settle", body, world.treasurer).result.total
    return found


def left(world: World) -> dict[str, int]:
    found = {}
    for name, request in world.requests.items():
        cleared = sum(SetOff.rows.filter(request=request).values_list("amount", flat=True))
        found[name] = (request.amount or 0) - cleared
    return found


def test_preview_shows_each_member_what_it_would_clear(world: World) -> None:
    proposed = propose(world)
    views = {one.account: one for one in clearing.members(proposed)}
    seen = [views[world.accounts[name].pk] for name in ("aa", "bb", "cc")]
    assert [(one.owes, one.is_owed, one.cleared) for one in seen] == [
        (50, 50, 40),
        (40, 50, 40),
        (40, 30, 30),
    ]
    assert proposed.plan["total"] == 110
    assert (SetOff.rows.count(), Transfer.rows.count()) == (0, 0)
    assert Notice.rows.filter(template="ledger.clearing").count() == 3


def test_worked_debts_are_cleared_when_all_agree(world: World) -> None:
    """clear 40, 30, 30, 10 = 110; left A→B 10, C→A 10."""
    proposed = propose(world)
    for name in ("aa", "bb", "cc"):
        answer(world, proposed, name)
    assert settle(world, proposed) == 110
    assert Notice.rows.filter(template="ledger.cleared").count() == 3
    assert left(world) == {"aa-bb": 10, "bb-cc": 0, "cc-aa": 10, "bb-aa": 0}
    assert Transfer.rows.count() == 0
    assert [balance(one) for one in world.accounts.values()] == [0, 0, 0]
    whole = PaymentRequest.rows.exclude(paid_at=None).values_list("pk", flat=True)
    assert set(whole) == {world.requests["bb-cc"].pk, world.requests["bb-aa"].pk}
    again = {"round_id": str(proposed.pk)}
    assert code_of("ledger.clearing.settle", again, world.treasurer) == "ledger.round_over"


def test_who_refuses_is_left_out_and_the_round_is_computed_anew(world: World) -> None:
    proposed = propose(world)
    answer(world, proposed, "aa")
    answer(world, proposed, "bb")
    answer(world, proposed, "cc", agreed=False)
    assert settle(world, proposed) == 20
    assert Notice.rows.filter(template="ledger.cleared").count() == 2
    assert left(world) == {"aa-bb": 40, "bb-cc": 30, "cc-aa": 40, "bb-aa": 0}


def test_silence_is_no_consent(world: World) -> None:
    proposed = propose(world)
    answer(world, proposed, "aa")
    body = {"round_id": str(proposed.pk)}
    assert code_of("ledger.clearing.settle", body, world.treasurer) == "ledger.consent_missing"
    assert SetOff.rows.count() == 0


def test_rest_of_a_request_is_paid_later(world: World) -> None:
    proposed = propose(world)
    for name in ("aa", "bb", "cc"):
        answer(world, proposed, name)
    settle(world, proposed)
    rest = world.requests["aa-bb"]
    body = {"code": rest.token, "account_id": str(world.accounts["aa"].pk)}
    assert run("ledger.request.pay", body, world.people["aa"]).result.amount == 10
    cleared = {"code": world.requests["bb-aa"].token, "account_id": str(world.accounts["bb"].pk)}
    assert code_of("ledger.request.pay", cleared, world.people["bb"]) == "ledger.ask_new_code"


def test_paid_meanwhile_is_not_cleared(world: World) -> None:
    proposed = propose(world)
    for name in ("aa", "bb", "cc"):
        answer(world, proposed, name)
    body = {"code": world.requests["bb-cc"].token, "account_id": str(world.accounts["bb"].pk)}
    run("ledger.request.pay", body, world.people["bb"])
    assert settle(world, proposed) == 20
    assert left(world)["bb-cc"] == 30


def test_answer_is_given_once_by_the_owner(world: World, clock: Clock) -> None:
    proposed = propose(world)
    answer(world, proposed, "aa")
    body = {
        "round_id": str(proposed.pk),
        "account_id": str(world.accounts["aa"].pk),
        "agreed": False,
    }
    assert code_of("ledger.clearing.consent", body, world.people["aa"]) == "ledger.round_over"
    assert code_of("ledger.clearing.consent", body, world.people["bb"]) == "core.not_found"
    assert code_of("ledger.clearing.consent", body, world.treasurer) == "core.not_allowed"
    clock.at("2026-06-08T10:00:00+09:00")
    late = {**body, "account_id": str(world.accounts["bb"].pk), "agreed": True}
    assert code_of("ledger.clearing.consent", late, world.people["bb"]) == "ledger.round_over"


def test_only_the_books_keepers_propose(world: World) -> None:
    body = {"book_id": str(world.money.book_id), "unit": "LOCAL"}
    assert code_of("ledger.clearing.propose", body, world.people["aa"]) == "core.not_found"
    other = people.person_with(Role.TREASURER, organisation=people.organisation("다솜협동조합"))
    assert code_of("ledger.clearing.propose", body, other) == "core.not_found"


def test_nothing_in_a_circle_is_no_round(world: World) -> None:
    for name in ("bb-cc", "bb-aa"):
        creditor = name.split("-")[1]
        body = {"request_id": str(world.requests[name].pk)}
        run("ledger.request.cancel", body, world.people[creditor])
    body = {"book_id": str(world.money.book_id), "unit": "LOCAL"}
    assert code_of("ledger.clearing.propose", body, world.treasurer) == "ledger.nothing_to_do"
