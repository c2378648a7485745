"""Lots: judged as a list, issued, spent oldest first, refunded, expired, recalled, redeemed."""

from __future__ import annotations

import pytest
from django.db.models import Sum

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.ledger.models import Account, Lot, LotGrant, LotList, Programme, Transfer
from dure.ledger.payments import movements_of
from dure.ledger.posting import Movement
from tests.harness import people
from tests.harness.clock import Clock
from tests.ledger.programmes import (
    a_runner,
    agreed,
    balance,
    code_of,
    decided,
    funded,
    granted,
    held_by,
    member,
    opened,
    posted,
    rule,
    shop,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at("2026-05-20T10:00:00+09:00")


@pytest.fixture
def city() -> Programme:
    made = opened("regional", a_runner())
    funded(made, 1_000_000)
    return made


def listed(programme: Programme, text: str, actor: Actor | None = None) -> object:
    body = {
        "programme_id": str(programme.pk),
        "content": text.encode(),
        "valid_from": "2026-05-20",
    }
    return decided(programme, "ledger.lot.prepare", body)


def fresh(account: Account) -> Account:
    return Account.rows.select_related("book", "unit").get(pk=account.pk)


def pay(payer: Account, payee: Account, amount: int) -> list[Movement]:
    """What a payment would be, posted by its payer."""
    body = {"account_id": str(payee.pk), "kind": "static", "purpose": "장보기"}
    asked = run("ledger.request.create", body, _actor(payee)).result
    run(
        "ledger.request.pay",
        {"code": asked.token, "account_id": str(payer.pk), "amount": amount},
        _actor(payer),
    )
    return []


def _actor(account: Account) -> Actor:
    if account.owner_person_id:
        return Actor.person(account.owner_person_id)
    return people.person_with(Role.TREASURER, organisation=account.owner_organisation)


# -- the list --------------------------------------------------------------------------------------


def test_list_is_judged_row_by_row(city: Programme) -> None:
    (anna, _), (ben, from_ben) = member(city), member(city)
    Account.rows.filter(pk=from_ben.pk)
    stranger = people.person_with(Role.RESIDENT)
    rows = [
        "받는 사람,금액",
        f"{anna.id},10000",
        f"{ben.id},500001",
        f"{stranger.id},10",
        "nobody,10",
        f"{anna.id},5",
        f"{ben.id},1_0",
    ]
    told = listed(city, "\n".join(rows))
    faults = list(LotGrant.rows.order_by("row").values_list("row", "fault"))
    assert faults == [
        (2, ""),
        (3, "holding"),
        (4, "no_account"),
        (5, "unknown"),
        (6, "twice"),
        (7, "amount"),
    ]
    assert (told.good, told.faulty, told.amount) == (1, 5, 10_000)  # type: ignore[attr-defined]
    assert (Lot.rows.count(), Transfer.rows.filter(purpose="lot.issue").count()) == (0, 0)


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"", b"name,amount\nx,1\n", "받는 사람,금액\n".encode()]
)
def test_what_is_no_list_is_refused(city: Programme, content: bytes) -> None:
    body = {"programme_id": str(city.pk), "content": content or b" ", "valid_from": "2026-05-20"}
    with pytest.raises(Refusal) as caught:
        decided(city, "ledger.lot.prepare", body)
    assert caught.value.name == "ledger.bad_list"


def test_lot_lasts_no_longer_than_the_statute(city: Programme) -> None:
    who, _ = member(city)
    text = f"받는 사람,금액\n{who.id},10\n".encode()
    body = {"programme_id": str(city.pk), "content": text, "valid_from": "2026-05-20"}
    decided(city, "ledger.lot.prepare", body)
    assert LotList.rows.get().valid_to.isoformat() == "2031-05-19"
    with pytest.raises(Refusal) as caught:
        decided(city, "ledger.lot.prepare", {**body, "valid_to": "2031-05-20"})
    assert caught.value.name == "ledger.lot_over"


def test_faulty_list_issues_nothing(city: Programme) -> None:
    who, _ = member(city)
    made = listed(city, f"받는 사람,금액\n{who.id},10\nnobody,5\n")
    with pytest.raises(Refusal) as caught:
        decided(city, "ledger.lot.issue", {"list_id": made.id})  # type: ignore[attr-defined]
    assert caught.value.name == "ledger.bad_list"
    assert Lot.rows.count() == 0


def test_two_people_issue_and_members_are_told(city: Programme) -> None:
    who, account = member(city)
    made = listed(city, f"받는 사람,금액\n{who.id},30000\n")
    organisation = city.book.organisation
    treasurer = people.person_with(Role.TREASURER, organisation=organisation)
    board = people.person_with(Role.BOARD, organisation=organisation)
    assert code_of("ledger.lot.issue", {"list_id": made.id}, treasurer) == "core.second_person"  # type: ignore[attr-defined]
    assert Lot.rows.count() == 0
    assert board.id != treasurer.id
    granted(city, "2026-07-01", (who, 5_000))
    lot = Lot.rows.get()
    assert held_by(account) == {lot.pk: 5_000}
    assert balance(city.issuer) == -5_000


def test_never_more_than_the_won_in_the_fund(city: Programme) -> None:
    people_of = [member(city)[0] for _ in range(3)]
    rows = "\n".join(f"{who.id},400000" for who in people_of)
    made = listed(city, f"받는 사람,금액\n{rows}\n")
    with pytest.raises(Refusal) as caught:
        decided(city, "ledger.lot.issue", {"list_id": made.id})  # type: ignore[attr-defined]
    assert caught.value.name == "ledger.issue_limit"
    assert Lot.rows.count() == 0


# -- spending --------------------------------------------------------------------------------------


def test_earliest_lot_is_spent_first_one_row_a_lot(city: Programme) -> None:
    """The worked numbers of the design: rows b 5,000 and a 1,000; left a 2,000."""
    who, account = member(city)
    a = int(granted(city, "2026-07-01", (who, 3_000)))
    b = int(granted(city, "2026-06-01", (who, 5_000)))
    _, there = shop(city)
    pay(fresh(account), there.account, 6_000)
    rows = Transfer.rows.filter(purpose="장보기").order_by("id")
    assert [(row.lot, row.amount) for row in rows] == [(b, 5_000), (a, 1_000)]
    assert len({row.grp for row in rows}) == 1 and rows[0].grp is not None
    assert held_by(account) == {a: 2_000}
    assert balance(there.account) == 6_000


def test_neighbour_gets_parts_of_the_same_lots(city: Programme) -> None:
    (anna, from_anna), (_, to_ben) = member(city), member(city)
    lot = int(granted(city, "2026-06-01", (anna, 5_000)))
    pay(fresh(from_anna), fresh(to_ben), 2_000)
    assert (held_by(from_anna), held_by(to_ben)) == ({lot: 3_000}, {lot: 2_000})
    assert balance(to_ben) == 0


def test_more_than_all_lots_is_refused_with_what_is_left(city: Programme, clock: Clock) -> None:
    who, account = member(city)
    granted(city, "2026-06-01", (who, 5_000))
    granted(city, "2026-07-01", (who, 1_000))
    _, there = shop(city)
    clock.at("2026-06-02T00:00:00+09:00")
    with pytest.raises(Refusal) as caught:
        pay(fresh(account), there.account, 1_001)
    assert caught.value.name == "ledger.insufficient"
    assert caught.value.places["spendable"] == 1_000
    pay(fresh(account), there.account, 1_000)


def test_voucher_goes_to_registered_shops_alone(city: Programme) -> None:
    who, account = member(city)
    granted(city, "2026-06-01", (who, 5_000))
    _, there = shop(city)
    there.left_at = there.joined_at
    assert city.community is not None
    with pytest.raises(Refusal) as caught:
        movements_of(fresh(account), city.community, 10, "기부")
    assert caught.value.name == "ledger.not_a_shop"


# -- expiry ----------------------------------------------------------------------------------------


def test_lot_is_swept_the_day_after_its_last(city: Programme, clock: Clock) -> None:
    who, account = member(city)
    granted(city, "2026-06-01", (who, 5_000))
    timer = Actor.timer("ledger.lot.expire")
    clock.at("2026-06-01T23:59:59+09:00")
    assert run("ledger.lot.expire", {}, timer).result.parts == 0
    assert held_by(account) != {}
    clock.at("2026-06-02T00:00:00+09:00")
    done = run("ledger.lot.expire", {}, timer).result
    assert (done.parts, done.amount) == (1, 5_000)
    assert (held_by(account), balance(city.issuer)) == ({}, 0)
    assert run("ledger.lot.expire", {}, timer).result.parts == 0


def test_database_lets_no_lot_be_spent_past_its_day(city: Programme, clock: Clock) -> None:
    """The last line behind the choice of lots: a row written without it is refused."""
    who, account = member(city)
    granted(city, "2026-06-01", (who, 5_000))
    _, there = shop(city)
    part = Account.rows.get(parent=account)
    clock.at("2026-06-01T23:59:59+09:00")
    posted(Movement(part.pk, there.account_id, 10, "장보기"))
    clock.at("2026-06-02T00:00:00+09:00")
    with pytest.raises(Refusal) as caught:
        posted(Movement(part.pk, there.account_id, 10, "장보기"))
    assert caught.value.name == "ledger.lot_over"
    assert balance(there.account) == 10


def test_shop_keeps_what_it_took(city: Programme, clock: Clock) -> None:
    who, account = member(city)
    granted(city, "2026-06-01", (who, 5_000))
    _, there = shop(city)
    pay(fresh(account), there.account, 2_000)
    clock.at("2026-06-02T00:00:00+09:00")
    done = run("ledger.lot.expire", {}, Actor.timer("ledger.lot.expire")).result
    assert (done.amount, balance(there.account)) == (3_000, 2_000)


def test_refund_into_an_expired_lot_may_be_spent_for_the_grace_days(
    city: Programme, clock: Clock
) -> None:
    who, account = member(city)
    lot = int(granted(city, "2026-06-01", (who, 5_000)))
    _, there = shop(city)
    pay(fresh(account), there.account, 5_000)
    row = Transfer.rows.get(purpose="장보기")
    clock.at("2026-06-10T10:00:00+09:00")
    posted(
        Movement(row.credit_id, row.debit_id, 1_500, "환불", kind=6, ref=row.pk, lot=lot)  # type: ignore[arg-type]
    )
    assert held_by(account) == {lot: 1_500}
    timer = Actor.timer("ledger.lot.expire")
    clock.at("2026-07-10T23:59:59+09:00")
    assert run("ledger.lot.expire", {}, timer).result.parts == 0
    pay(fresh(account), there.account, 500)
    clock.at("2026-07-11T00:00:00+09:00")
    assert run("ledger.lot.expire", {}, timer).result.amount == 1_000
    assert held_by(account) == {}


def test_recall_returns_the_unspent_part(city: Programme) -> None:
    who, account = member(city)
    lot = granted(city, "2026-07-01", (who, 5_000))
    _, there = shop(city)
    pay(fresh(account), there.account, 2_000)
    done = decided(city, "ledger.lot.recall", {"lot_id": lot})
    assert (done.posted, done.amount, done.left) == (1, 3_000, 0)
    assert (held_by(account), balance(there.account)) == ({}, 2_000)
    with pytest.raises(Refusal) as caught:
        decided(city, "ledger.lot.recall", {"lot_id": lot})
    assert caught.value.name == "ledger.nothing_to_do"


# -- redemption ------------------------------------------------------------------------------------


def test_shop_redeems_for_won_in_one_group(city: Programme) -> None:
    who, account = member(city)
    granted(city, "2026-07-01", (who, 5_000))
    treasurer, there = shop(city)
    pay(fresh(account), there.account, 5_000)
    body = {"account_id": str(there.account_id), "amount": 4_000}
    done = run("ledger.lot.redeem", body, treasurer, key="r").result
    again = run("ledger.lot.redeem", body, treasurer, key="r")
    assert again.replayed and again.result == done
    assert (done.vouchers, done.won) == (4_000, 4_000)
    assert (balance(there.account), balance(there.won_account)) == (1_000, 4_000)
    assert (balance(city.issuer), balance(city.fund)) == (-1_000, 996_000)
    groups = Transfer.rows.filter(purpose__startswith="lot.redeem").values_list("grp", flat=True)
    assert len(groups) == 2 and len(set(groups)) == 1
    too_much = {"account_id": str(there.account_id), "amount": 1_001}
    assert code_of("ledger.lot.redeem", too_much, treasurer) == "ledger.insufficient"


def test_discount_stays_in_the_fund() -> None:
    made = opened("regional", a_runner(), rule("redeem_discount_ppm", 15_000))
    funded(made, 100_000)
    who, account = member(made)
    granted(made, "2026-07-01", (who, 12_345))
    treasurer, there = shop(made)
    pay(fresh(account), there.account, 12_345)
    body = {"account_id": str(there.account_id), "amount": 12_345}
    assert run("ledger.lot.redeem", body, treasurer).result.won == 12_345 - 185
    assert balance(made.fund) == 100_000 - 12_160


def test_holder_is_no_shop(city: Programme) -> None:
    who, account = member(city)
    body = {"account_id": str(account.pk), "amount": 1}
    assert code_of("ledger.lot.redeem", body, who) == "core.not_allowed"


def test_issued_is_spent_and_expired_and_paid_back(city: Programme, clock: Clock) -> None:
    (anna, from_anna), (ben, _) = member(city), member(city)
    granted(city, "2026-06-01", (anna, 9_000), (ben, 4_000))
    late = granted(city, "2026-12-31", (ben, 2_000))
    treasurer, there = shop(city)
    pay(fresh(from_anna), there.account, 6_000)
    run(
        "ledger.lot.redeem",
        {"account_id": str(there.account_id), "amount": 6_000},
        treasurer,
    )
    clock.at("2026-06-02T00:00:00+09:00")
    run("ledger.lot.expire", {}, Actor.timer("ledger.lot.expire"))
    decided(city, "ledger.lot.recall", {"lot_id": late})
    sums = {
        purpose: Transfer.rows.filter(purpose=purpose).aggregate(t=Sum("amount"))["t"]
        for purpose in ("lot.issue", "lot.redeem", "lot.expire", "lot.recall")
    }
    assert sums == {
        "lot.issue": 15_000,
        "lot.redeem": 6_000,
        "lot.expire": 7_000,
        "lot.recall": 2_000,
    }
    assert balance(city.issuer) == 0


def test_long_list_is_issued_in_parts_of_a_thousand(city: Programme) -> None:
    assert agreed  # the two-person road is walked in test_programmes
    made = opened("regional", a_runner("다솜협동조합"), name="큰 사업")
    funded(made, 10_000_000)
    rows = []
    for _ in range(1_003):
        who = people.person(None)
        rows.append(who.id)
    from tests.harness.given import given

    with given() as audit:
        Account.rows.bulk_create(
            [
                Account(
                    book=made.book,
                    unit=made.unit,
                    type="liability",
                    owner_person_id=number,
                    label="회원",
                    opened_at=made.opened_at,
                    audit=audit,
                )
                for number in rows
            ]
        )
    text = "받는 사람,금액\n" + "\n".join(f"{number},10" for number in rows)
    ready = listed(made, text)
    first = decided(made, "ledger.lot.issue", {"list_id": ready.id})  # type: ignore[attr-defined]
    assert (first.posted, first.left) == (1_000, 3)
    assert LotList.rows.get(pk=ready.id).state == "issuing"  # type: ignore[attr-defined]
    rest = decided(made, "ledger.lot.continue", {"list_id": ready.id})  # type: ignore[attr-defined]
    assert (rest.posted, rest.left) == (3, 0)
    assert Lot.rows.get(pk=first.lot).amount == 10_030
    assert balance(made.issuer) == -10_030
    groups = set(Transfer.rows.filter(lot=int(first.lot)).values_list("grp", flat=True))
    assert len(groups) == 1
