"""Members and shops of a programme on pages: found, one more, a list with verdicts, stopped."""

from __future__ import annotations

import re
from html import unescape
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dure.core.actors import Actor, Role
from dure.ledger.models import Account, Programme, ProgrammeShop
from dure.registry.models import Approval
from tests.harness import people
from tests.harness.clock import Clock
from tests.ledger.programmes import a_runner, member, opened, shop
from tests.web.walk import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_files")]


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at("2026-06-01T10:00:00+09:00")


def keeper(programme: Programme) -> Actor:
    return people.person_with(Role.TREASURER, organisation=programme.book.organisation)


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return re.sub(r"\s+", " ", response.content.decode())


def brought(client: Client, at: str, content: str) -> tuple[int, str]:
    file = SimpleUploadedFile("l.csv", content.encode())
    answer = client.post(at, {"do": "list", "key": str(uuid4()), "file": file})
    return answer.status_code, unescape(answer.content.decode())


def test_list_of_members_is_checked_and_asked_of_a_second_person() -> None:
    bank = opened("timebank", a_runner())
    client, at = client_of(keeper(bank)), f"/programmes/{bank.code}/members/"
    one, two = (people.person_with(Role.RESIDENT) for _ in range(2))
    status, text = brought(client, at, f"회원\n{one.id}\nnobody\n")
    assert status == 422
    assert "모르는 사람" in text and "등록 요청하기" not in text
    assert Account.rows.filter(owner_person=one.id).count() == 0
    status, text = brought(client, at, f"회원\n{one.id}\n{two.id}\n")
    assert status == 200 and "2줄 모두 등록할 수 있습니다" in text
    rows = re.search(r'name="rows" value="(\[.*?\])"', text)
    assert rows is not None
    answer = client.post(at, {"do": "enrol", "key": "e", "rows": rows[1]})
    assert answer.status_code == 202
    kept = Approval.rows.get()
    assert kept.action == "ledger.programme.enrol"
    assert kept.body["members"] == [str(one.id), str(two.id)]


def test_one_member_by_handle_and_her_fault_at_the_field() -> None:
    bank = opened("timebank", a_runner())
    client, at = client_of(keeper(bank)), f"/programmes/{bank.code}/members/"
    joined, _ = member(bank)
    answer = client.post(at, {"do": "one", "key": "o", "who": str(joined.id)})
    assert answer.status_code == 422
    assert "이미 들어온 사람" in answer.content.decode()
    who = people.person_with(Role.RESIDENT)
    assert client.post(at, {"do": "one", "key": "p", "who": str(who.id)}).status_code == 202


def test_members_are_found_by_handle_or_number_and_by_keepers_alone() -> None:
    bank = opened("timebank", a_runner())
    client, at = client_of(keeper(bank)), f"/programmes/{bank.code}/members/"
    who, account = member(bank)
    member(bank)
    client_of(who).post(f"/money/{account.pk}/handle/", {"key": "h", "handle": "haneul"})
    assert "2명" in text_of(client, at)
    for sought in ("hane", str(account.pk)):
        found = text_of(client, f"{at}?q={sought}")
        assert "1명" in found and "haneul" in found
    assert "찾는 회원이 없습니다" in text_of(client, f"{at}?q=zzz")
    assert client_of(who).get(at).status_code == 404
    assert Client().get(at).status_code == 404
    elsewhere = people.person_with(Role.TREASURER, organisation=people.organisation("남의조합"))
    assert client_of(elsewhere).get(at).status_code == 404


def test_shops_are_public_and_registered_by_list() -> None:
    made = opened("regional", a_runner())
    shop(made)
    at = f"/programmes/{made.code}/shops/"
    assert "나루가게" in text_of(Client(), at)
    assert "등록 요청하기" not in text_of(Client(), at)
    assert "찾는 가맹점이 없습니다" in text_of(Client(), f"{at}?q=없음")
    client = client_of(keeper(made))
    people.organisation("누리빵집")
    status, text = brought(client, at, "가맹점,매출\n누리빵집,\n나루가게,5\n")
    assert status == 422
    assert "한 해 매출을 숫자로 적을 것" in text and "이미 등록한 가맹점" in text
    status, text = brought(client, at, '가맹점,매출\n누리빵집,"90,000,000"\n')
    assert status == 200 and "90,000,000원" in text
    rows = re.search(r'name="rows" value="(\[.*?\])"', text)
    assert rows is not None
    assert client.post(at, {"do": "enrol", "key": "e", "rows": rows[1]}).status_code == 202
    assert Approval.rows.get().body["shops"][0]["sales"] == 90_000_000
    stranger = client_of(people.person_with(Role.RESIDENT))
    assert stranger.post(at, {"do": "one", "key": "s", "who": "누리빵집"}).status_code == 404


def test_shop_is_stopped_with_a_reason_by_two() -> None:
    made = opened("regional", a_runner())
    _keeper, stood = shop(made)
    client, at = client_of(keeper(made)), f"/programmes/{made.code}/shops/"
    body = {"do": "stop", "account_id": str(stood.account_id)}
    refused = client.post(at, {**body, "key": "s"})
    assert refused.status_code == 422
    assert client.post(at, {**body, "key": "t", "reason": "문을 닫음"}).status_code == 202
    assert ProgrammeShop.rows.get().left_at is None
    assert Approval.rows.get().action == "ledger.programme.stop"


def test_programme_page_leads_to_shops_and_members() -> None:
    made = opened("regional", a_runner())
    shop(made)
    address = f"/programmes/{made.code}/"
    assert f"{address}shops/" in text_of(Client(), address)
    assert f"{address}members/" not in text_of(Client(), address)
    assert f"{address}members/" in text_of(client_of(keeper(made)), address)
