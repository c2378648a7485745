"""Pages of value on real programmes: a fee beside the amount, redeeming, acting, handles."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest
from django.test import Client

from dure.ledger.models import Account, Transfer
from tests.harness.clock import Clock
from tests.ledger.givens import balance
from tests.ledger.programmes import a_runner, funded, granted, member, opened, rule, shop
from tests.registry.test_acting import allow, staff
from tests.web.money_world import World, a_world
from tests.web.walk import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_files")]
NOW = "2026-05-20T10:00:00+09:00"


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def named(client: Client, account: Account, handle: str) -> int:
    body = {"key": uuid4().hex, "handle": handle}
    return client.post(f"/money/{account.pk}/handle/", body).status_code


def test_fee_is_told_before_and_stands_beside_the_amount(db: None) -> None:
    programme = opened(
        "mutual", a_runner(), rule("fee_ppm", 15_000), rule("fee_payer", "payer"),
        rule("credit", 100_000),
    )  # fmt: skip
    one, wallet = member(programme)
    other, their = member(programme)
    client = client_of(one)
    assert named(client_of(other), their, "bada") == 303
    check = text_of(client, "/money/send/?to=bada&amount=12,345&purpose=김치")
    assert "지역화폐 185원" in check
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', check))
    before = balance(wallet)[0], balance(their)[0]
    done = client.post("/money/send/", hidden)
    assert done.status_code == 303
    assert balance(wallet)[0] == before[0] - 12_530
    assert balance(their)[0] == before[1] + 12_345
    receipt = text_of(client, done["Location"])
    for words in ("지역화폐 12,345원", "지역화폐 185원", "함께 적은 줄"):
        assert words in receipt


def test_shop_takes_vouchers_by_their_ends_and_redeems_them(db: None) -> None:
    programme = opened("regional", a_runner())
    funded(programme, 1_000_000)
    one, _wallet = member(programme)
    granted(programme, "2026-06-01", (one, 5_000))
    granted(programme, "2026-07-01", (one, 3_000))
    treasurer, registered = shop(programme)
    keeper, client = client_of(treasurer), client_of(one)
    organisation = registered.account.owner_organisation_id
    assert "2026년 6월 1일(월)까지" in text_of(client, "/money/")
    done = keeper.post(
        f"/till/{organisation}/",
        {"key": "s", "do": "sale", "account": str(registered.account.pk), "amount": "6,000"},
    )
    assert done.status_code == 303
    token = re.search(r"/pay/[\w-]{22}", text_of(keeper, done["Location"]))
    digits = re.search(r'class="digits">(\d{4}) (\d{4})<', text_of(keeper, done["Location"]))
    assert (token, digits is not None) == (None, True), "the address stands in the drawing alone"
    assert digits is not None
    found = client.post("/money/scan/", {"key": "f", "code": digits[1] + digits[2]})
    check = text_of(client, found["Location"])
    assert check.count("끝나는 몫에서") == 2
    account = re.search(r'name="account" value="(\d+)"', check)
    assert account is not None
    paid = client.post(found["Location"], {"key": "p", "account": account[1]})
    assert paid.status_code == 303
    assert balance(registered.account)[0] == 6_000
    assert "상품권 6,000원" in text_of(keeper, f"/till/{organisation}/day/")
    redeem = f"/till/{organisation}/redeem/"
    body = {"account": str(registered.account.pk)}
    assert keeper.post(redeem, {**body, "key": "r1", "amount": "6,001"}).status_code == 409
    assert keeper.post(redeem, {**body, "key": "r2", "amount": "1_0"}).status_code == 422
    changed = keeper.post(redeem, {**body, "key": "r3", "amount": "6,000원"})
    assert changed.status_code == 303
    assert balance(registered.account)[0] == 0
    assert text_of(keeper, changed["Location"]).count("<h1") == 1


def test_staff_pay_for_somebody_without_a_phone_and_the_receipt_says_so(db: None) -> None:
    world: World = a_world()
    helper = staff()
    person = UUID(str(world.haneul.id))
    allow(staff(), helper, person)
    client = client_of(helper)
    assert client.post(f"/people/{person}/acting/begin/").status_code == 303
    assert "하늘의 시간" in text_of(client, "/money/")
    body = {
        "key": "a", "to": "bada", "debit": str(world.haneul_time.pk), "amount": "60",
        "purpose": "말벗",
    }  # fmt: skip
    done = client.post("/money/send/", body)
    assert done.status_code == 303
    row = Transfer.rows.latest("id")
    assert (row.actor, row.debit_id) == (helper.id, world.haneul_time.pk)
    assert "다른 사람이 대신 보냈습니다" in text_of(client_of(world.haneul), done["Location"])
    assert balance(world.bada_time)[0] == 360


def test_handle_is_chosen_once_and_plain(db: None) -> None:
    world = a_world()
    client = client_of(world.haneul)
    assert named(client, world.haneul_time, "하늘-2") == 303
    assert "하늘-2" in text_of(client, "/money/")
    assert named(client, world.haneul_time, "bada") == 409
    for bad in ("a", "a b", "<b>", "900101-1234567"):
        assert named(client, world.haneul_time, bad) == 422
    assert named(client_of(world.bada), world.haneul_time, "mine") == 404
