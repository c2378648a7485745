"""Payment requests: paid exactly once, by who confirms, within their life and amount."""

from __future__ import annotations

import pytest

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.core.models import AuditLine, Notice
from dure.ledger.models import PaymentRequest, Programme, Transfer
from tests.harness import people
from tests.harness.clock import Clock
from tests.ledger.givens import an_account
from tests.ledger.programmes import a_runner, balance, code_of, member, opened

pytestmark = pytest.mark.django_db
NEW_CODE = "ledger.ask_new_code"


class World:
    """Anna and Ben of one time bank, 300 minutes each; Anna's handle is anna."""

    def __init__(self) -> None:
        self.bank: Programme = opened("timebank", a_runner())
        self.anna, self.from_anna = member(self.bank)
        self.ben, self.to_ben = member(self.bank)
        handle = {"account_id": str(self.from_anna.pk), "handle": "anna"}
        run("ledger.account.handle", handle, self.anna)


@pytest.fixture
def world(clock: Clock) -> World:
    clock.at("2026-06-01T10:00:00+09:00")
    return World()


def asked(world: World, kind: str = "sale", **more: object) -> PaymentRequest:
    body: dict[str, object] = {
        "account_id": str(world.to_ben.pk),
        "kind": kind,
        "purpose": "자전거 손보기",
        **more,
    }
    if kind in ("sale", "request"):
        body.setdefault("amount", 60)
    made = run("ledger.request.create", body, world.ben).result
    return PaymentRequest.rows.get(pk=made.id)


def paying(world: World, code: str, **more: object) -> dict[str, object]:
    return {"code": code, "account_id": str(world.from_anna.pk), **more}


def test_sale_is_paid_exactly_once(world: World) -> None:
    sale = asked(world)
    done = run("ledger.request.pay", paying(world, sale.token), world.anna).result
    assert done.amount == 60
    assert balance(world.to_ben) == 360
    assert code_of("ledger.request.pay", paying(world, sale.token), world.anna) == NEW_CODE
    found = PaymentRequest.rows.get(pk=sale.pk)
    assert (str(found.paid_by_id), balance(world.to_ben)) == (done.transfers[0], 360)
    row = Transfer.rows.get(pk=done.transfers[0])
    assert (row.purpose, row.actor) == ("자전거 손보기", world.anna.id)
    assert Notice.rows.filter(template="ledger.received", person=world.ben.id).count() == 1
    assert Notice.rows.filter(template="ledger.received", person=world.anna.id).count() == 0


def test_same_key_pays_once_and_gives_the_same_receipt(world: World) -> None:
    sale = asked(world)
    first = run("ledger.request.pay", paying(world, sale.token), world.anna, key="k")
    again = run("ledger.request.pay", paying(world, sale.token), world.anna, key="k")
    assert (again.replayed, again.result) == (True, first.result)
    other = paying(world, sale.token, amount=60)
    with pytest.raises(Refusal) as caught:
        run("ledger.request.pay", other, world.anna, key="k")
    assert caught.value.name == "core.key_reused"


def test_eight_digits_stand_for_the_token(world: World) -> None:
    sale = asked(world)
    assert sale.digits is not None and len(sale.digits) == 8
    typed = f"{sale.digits[:4]} {sale.digits[4:]}"
    assert run("ledger.request.pay", paying(world, typed), world.anna).result.amount == 60


def test_sale_lives_five_minutes(world: World, clock: Clock) -> None:
    sale = asked(world)
    clock.at("2026-06-01T10:05:00+09:00")
    assert code_of("ledger.request.pay", paying(world, sale.token), world.anna) == NEW_CODE
    clock.at("2026-06-01T10:04:59+09:00")
    run("ledger.request.pay", paying(world, sale.token), world.anna)


def test_used_expired_cancelled_and_unknown_are_one_answer(world: World, clock: Clock) -> None:
    cancelled, expired = asked(world), asked(world)
    run("ledger.request.cancel", {"request_id": str(cancelled.pk)}, world.ben)
    answers = {code_of("ledger.request.pay", paying(world, cancelled.token), world.anna)}
    answers.add(code_of("ledger.request.pay", paying(world, "A" * 22), world.anna))
    clock.at("2026-06-01T10:06:00+09:00")
    answers.add(code_of("ledger.request.pay", paying(world, expired.token), world.anna))
    assert answers == {NEW_CODE}


def test_five_wrong_codes_an_hour(world: World, clock: Clock) -> None:
    for wrong in range(5):
        code = f"0000000{wrong}"
        assert code_of("ledger.request.pay", paying(world, code), world.anna) == NEW_CODE
    sale = asked(world)
    right = paying(world, sale.token)
    assert code_of("ledger.request.pay", right, world.anna) == "ledger.too_many_codes"
    lines = AuditLine.rows.filter(outcome=f"refused:{NEW_CODE}", actor=world.anna.id)
    assert lines.count() == 5
    clock.at("2026-06-01T11:00:01+09:00")
    run("ledger.request.pay", paying(world, asked(world).token), world.anna)


def test_another_payers_wrong_codes_do_not_count(world: World) -> None:
    """Negative control of the count: it is of one payer."""
    other, account = member(world.bank)
    for wrong in range(5):
        body = {"code": f"0000000{wrong}", "account_id": str(account.pk)}
        code_of("ledger.request.pay", body, other)
    run("ledger.request.pay", paying(world, asked(world).token), world.anna)


def test_static_code_is_paid_any_number_of_times(world: World) -> None:
    code = asked(world, "static")
    for amount in (10, 20):
        run("ledger.request.pay", paying(world, code.token, amount=amount), world.anna)
    assert balance(world.to_ben) == 330
    no_amount = code_of("ledger.request.pay", paying(world, code.token), world.anna)
    assert no_amount == "ledger.request_amount"


def test_shown_code_is_taken_once_within_its_maximum(world: World, clock: Clock) -> None:
    body = {
        "account_id": str(world.from_anna.pk),
        "kind": "shown",
        "purpose": "장보기",
        "most": 100,
    }
    shown = run("ledger.request.create", body, world.anna).result
    take = {"code": shown.token, "account_id": str(world.to_ben.pk), "amount": 101}
    assert code_of("ledger.request.pay", take, world.ben) == "ledger.request_amount"
    run("ledger.request.pay", {**take, "amount": 100}, world.ben)
    assert (balance(world.from_anna), balance(world.to_ben)) == (200, 400)
    assert code_of("ledger.request.pay", {**take, "amount": 1}, world.ben) == NEW_CODE
    late = run("ledger.request.create", body, world.anna).result
    clock.at("2026-06-01T10:01:00+09:00")
    assert code_of("ledger.request.pay", {**take, "code": late.token}, world.ben) == NEW_CODE


def test_only_who_is_asked_pays_a_request(world: World) -> None:
    sent = asked(world, "request", payer="anna")
    assert Notice.rows.filter(template="ledger.asked", person=world.anna.id).count() == 1
    third, account = member(world.bank)
    other = {"code": sent.token, "account_id": str(account.pk)}
    assert code_of("ledger.request.pay", other, third) == NEW_CODE
    run("ledger.request.pay", paying(world, sent.token), world.anna)
    assert balance(world.to_ben) == 360


def test_who_is_asked_may_refuse_until_she_accepts(world: World) -> None:
    first, second = (asked(world, "request", payer="anna") for _ in range(2))
    run("ledger.request.cancel", {"request_id": str(first.pk)}, world.anna)
    run("ledger.request.accept", {"request_id": str(second.pk)}, world.anna)
    again = {"request_id": str(second.pk)}
    assert code_of("ledger.request.accept", again, world.anna) == "ledger.request_done"
    assert code_of("ledger.request.cancel", again, world.anna) == "core.not_allowed"
    assert code_of("ledger.request.accept", again, world.ben) == "core.not_allowed"
    run("ledger.request.cancel", again, world.ben)
    assert code_of("ledger.request.pay", paying(world, second.token), world.anna) == NEW_CODE


@pytest.mark.parametrize(
    "bad",
    [
        {"kind": "sale", "amount": None},
        {"kind": "static", "amount": 5},
        {"kind": "shown"},
        {"kind": "sale", "amount": 5, "most": 5},
    ],
)
def test_body_that_fits_no_kind_is_refused(world: World, bad: dict[str, object]) -> None:
    body = {"account_id": str(world.to_ben.pk), "purpose": "장보기", **bad}
    assert code_of("ledger.request.create", body, world.ben) == "ledger.request_amount"


@pytest.mark.parametrize("hostile", [0, -5, "1_0", "１２", "1e3", 10**13, 1.5, True])
def test_hostile_amounts_are_refused(world: World, hostile: object) -> None:
    code = asked(world, "static")
    name = code_of("ledger.request.pay", paying(world, code.token, amount=hostile), world.anna)
    assert name in ("ledger.amount", "core.bad_field")
    assert balance(world.to_ben) == 300


def test_more_than_she_has_is_refused_and_the_code_lives_on(world: World) -> None:
    sale = asked(world, amount=301)
    name = code_of("ledger.request.pay", paying(world, sale.token), world.anna)
    assert name == "ledger.insufficient"
    assert PaymentRequest.rows.get(pk=sale.pk).paid_by_id is None


def test_staff_show_the_tills_code_but_pay_nothing(world: World) -> None:
    organisation = people.organisation("다솜협동조합")
    staff = people.person_with(Role.STAFF, organisation=organisation)
    till = an_account(world.bank.book, organisation=organisation, lo=-100)
    body = {"account_id": str(till.pk), "kind": "sale", "purpose": "장보기", "amount": 30}
    sale = run("ledger.request.create", body, staff).result
    run("ledger.request.pay", paying(world, sale.token), world.anna)
    assert balance(till) == 30
    pay = {"code": asked(world).token, "account_id": str(till.pk)}
    assert code_of("ledger.request.pay", pay, staff) == "core.not_allowed"


def test_organisation_pays_more_only_with_a_second_person(world: World) -> None:
    organisation = people.organisation("다솜협동조합")
    treasurer = people.person_with(Role.TREASURER, organisation=organisation)
    account = an_account(world.bank.book, organisation=organisation, lo=-5_000_000)
    pay = {"account_id": str(account.pk)}
    small = asked(world, amount=60)
    run("ledger.request.pay", {**pay, "code": small.token}, treasurer)
    large = asked(world, amount=1_000_000)
    name = code_of("ledger.request.pay", {**pay, "code": large.token}, treasurer)
    assert name == "core.second_person"
    assert balance(account) == -60


def test_stranger_neither_sees_nor_cancels(world: World) -> None:
    sale = asked(world)
    stranger = people.person_with(Role.RESIDENT)
    body = {"request_id": str(sale.pk)}
    assert code_of("ledger.request.cancel", body, stranger) == "core.not_found"
    foreign = {"code": sale.token, "account_id": str(world.from_anna.pk)}
    assert code_of("ledger.request.pay", foreign, stranger) == "core.not_found"
    assert code_of("ledger.request.pay", foreign, Actor.anonymous()) == "core.not_found"
