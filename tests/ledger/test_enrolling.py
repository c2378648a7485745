"""Members and shops in bulk: judged row by row, all or none; a shop that leaves."""

from __future__ import annotations

import io
from uuid import uuid4

import pytest

from dure.core.actions import run
from dure.core.actors import Role
from dure.core.errors import Refusal
from dure.core.models import AuditLine, Notice
from dure.engines.tables_out import write_xlsx
from dure.ledger import enrolling
from dure.ledger.models import Account, Programme, ProgrammeShop, Transfer
from dure.registry.models import Approval
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
    member,
    opened,
    rule,
    shop,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at("2026-06-01T10:00:00+09:00")


def enrol(programme: Programme, *members: str) -> dict[str, object]:
    return {"programme_id": str(programme.pk), "members": list(members)}


def shops(programme: Programme, *rows: dict[str, object]) -> dict[str, object]:
    return {"programme_id": str(programme.pk), "shops": list(rows)}


def faults(rows: list[enrolling.Judged]) -> list[list[str]]:
    return [[one.ko for one in row.faults] for row in rows]


def test_two_people_enrol_members_who_get_their_grant_and_are_told() -> None:
    runner = a_runner()
    bank = opened("timebank", runner, rule("grant", 120))
    one, two = (people.person_with(Role.RESIDENT) for _ in range(2))
    body = enrol(bank, str(one.id), str(two.id))
    agreed("ledger.programme.enrol", body, runner.treasurer, runner.board)
    found = Account.rows.filter(book=bank.book_id, owner_person__in=(one.id, two.id))
    assert [account.balance for account in found] == [120, 120]
    assert Transfer.rows.filter(purpose="programme.grant").count() == 2
    assert Notice.rows.filter(template="ledger.enrolled").count() == 2
    assert AuditLine.rows.filter(action="ledger.programme.enrol", outcome="done").count() == 1


def test_list_with_a_faulty_row_enrols_nobody_and_asks_nobody() -> None:
    runner = a_runner()
    bank = opened("timebank", runner, rule("grant", 120))
    known, (joined, _account) = people.person_with(Role.RESIDENT), member(bank)
    before = Account.rows.count(), Transfer.rows.count()
    for body in (
        enrol(bank, str(known.id), str(uuid4())),
        enrol(bank, str(known.id), str(known.id)),
        enrol(bank, str(joined.id)),
    ):
        assert code_of("ledger.programme.enrol", body, runner.treasurer) == "ledger.bad_list"
    assert (Account.rows.count(), Transfer.rows.count()) == before
    assert Approval.rows.count() == 0


def test_grants_of_a_list_never_pass_the_issue_limit() -> None:
    bank = opened("timebank", a_runner(), rule("grant", 120), rule("issue_limit", 200))
    body = enrol(bank, *(str(people.person_with(Role.RESIDENT).id) for _ in range(2)))
    with pytest.raises(Refusal, match=r"ledger\.issue_limit"):
        decided(bank, "ledger.programme.enrol", body)
    assert Transfer.rows.count() == 0


def test_members_are_read_from_csv_and_xlsx_alike_and_judged_by_handle() -> None:
    bank = opened("timebank", a_runner())
    other = opened("mutual", a_runner("다솜협동조합"))
    who, account = member(other)
    run("ledger.account.handle", {"account_id": str(account.pk), "handle": "haneul"}, who)
    joined, _ = member(bank)
    rows = ["haneul", "@Haneul", "nobody", str(joined.id), "900101-1234567"]
    told = "\n".join(["회원", *rows]).encode()
    sheet = io.BytesIO()
    write_xlsx(sheet, "회원", ["회원"], [(one,) for one in rows])
    for content in (told, sheet.getvalue()):
        judged = enrolling.members(bank, enrolling.read(content, shops=False))
        assert faults(judged) == [
            [],
            ["두 번 적힘"],
            ["모르는 사람"],
            ["이미 들어온 사람"],
            ["주민등록번호가 든 줄은 받지 않음"],
        ]
        assert judged[0].who == who.id
        assert judged[4].typed == ""


def test_file_without_its_column_is_refused() -> None:
    for content, is_shops in ((b"name\nx\n", False), ("회원\n".encode(), False), (b"a\nb\n", True)):
        with pytest.raises(Refusal, match=r"core\.bad_field"):
            enrolling.read(content, shops=is_shops)


def test_shops_are_judged_by_id_name_and_sales() -> None:
    made = opened("regional", a_runner())
    people.organisation("누리빵집")
    people.organisation("가온")
    people.organisation("가온")
    _, known = shop(made)
    assert known.account.owner_organisation is not None
    rows = ["가맹점,매출", "누리빵집,90000000", "누리빵집,5", "가온,5", "없는가게,5",
            f"{known.account.owner_organisation_id},5"]  # fmt: skip
    judged = enrolling.shops(made, enrolling.read("\n".join(rows).encode(), shops=True))
    assert faults(judged) == [
        [],
        ["두 번 적힘"],
        ["이름이 같은 조직이 둘 넘음. 사업자등록번호를 적을 것"],
        ["등록되지 않은 조직"],
        ["이미 등록한 가맹점"],
    ]
    people.organisation("한빛식당")
    for sales, fault in (
        ("", "한 해 매출을 숫자로 적을 것"),
        ("１２", "한 해 매출을 숫자로 적을 것"),
        ("-5", "한 해 매출을 숫자로 적을 것"),
        ("3000000001", "한 해 매출이 한도(3,000,000,000원)를 넘음"),
    ):
        content = f"가맹점,매출\n한빛식당,{sales}\n".encode()
        assert faults(enrolling.shops(made, enrolling.read(content, shops=True))) == [[fault]]


def test_shops_are_registered_all_or_none() -> None:
    runner = a_runner()
    made = opened("regional", runner)
    one, two = people.organisation("누리빵집"), people.organisation("가온")
    bad = shops(made, {"shop": str(one.pk), "sales": 5}, {"shop": str(two.pk)})
    assert code_of("ledger.programme.shops", bad, runner.treasurer) == "ledger.bad_list"
    assert ProgrammeShop.rows.count() == 0
    good = shops(
        made, {"shop": str(one.pk), "sales": 5}, {"shop": str(two.pk), "sales": 3_000_000_000}
    )
    agreed("ledger.programme.shops", good, runner.treasurer, runner.board)
    found = ProgrammeShop.rows.filter(programme=made)
    assert sorted(row.account.owner_organisation_id for row in found) == sorted([one.pk, two.pk])
    assert all(row.won_account_id for row in found)


def test_shop_that_left_takes_nothing_more_but_redeems_what_it_took() -> None:
    made = opened("regional", a_runner())
    funded(made, 100_000)
    who, account = member(made)
    granted(made, "2026-12-31", (who, 50_000))
    keeper, stood = shop(made)
    pay = {
        "debit": str(account.pk),
        "credit": str(stood.account_id),
        "amount": 10_000,
        "unit": "VCH",
        "purpose": "두부",
    }
    run("ledger.transfer.post", pay, who)
    body = {"programme_id": str(made.pk), "account_id": str(stood.account_id)}
    assert decided(made, "ledger.programme.stop", body).left == 10_000
    assert code_of("ledger.transfer.post", pay, who) == "ledger.not_a_shop"
    redeem = {"account_id": str(stood.account_id), "amount": 10_000}
    assert run("ledger.lot.redeem", redeem, keeper).result.won == 10_000
    assert balance(stood.won_account_id) == 10_000
    treasurer = people.person_with(Role.TREASURER, organisation=made.book.organisation)
    again = code_of("ledger.programme.stop", body, treasurer, "한 번 더 멈춤")
    assert again == "core.not_found"


def test_shop_of_a_currency_leaves_with_an_empty_account() -> None:
    made = opened("mutual", a_runner(), rule("grant", 0), rule("credit", 100_000))
    who, account = member(made)
    _keeper, stood = shop(made)
    run(
        "ledger.transfer.post",
        {
            "debit": str(account.pk),
            "credit": str(stood.account_id),
            "amount": 10,
            "unit": "LOCAL",
            "purpose": "두부",
        },
        who,
    )
    body = {"programme_id": str(made.pk), "account_id": str(stood.account_id)}
    with pytest.raises(Refusal, match=r"ledger\.not_empty"):
        decided(made, "ledger.programme.stop", body)
    other_shop = shop(made, "다른가게")[1]
    body = {"programme_id": str(made.pk), "account_id": str(other_shop.account_id)}
    decided(made, "ledger.programme.stop", body)
    assert Account.rows.get(pk=other_shop.account_id).status == "closed"


def test_reason_is_asked_to_stop_a_shop() -> None:
    made = opened("regional", a_runner())
    _keeper, stood = shop(made)
    treasurer = people.person_with(Role.TREASURER, organisation=made.book.organisation)
    body = {"programme_id": str(made.pk), "account_id": str(stood.account_id)}
    assert code_of("ledger.programme.stop", body, treasurer) == "core.reason_required"
