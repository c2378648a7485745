"""Pages of programmes without a browser: what is public, who opens, who issues."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dure.core.actors import Role
from dure.ledger.models import Account, LotList, Programme
from dure.registry.models import Approval
from tests.harness import people
from tests.harness.clock import Clock
from tests.ledger.programmes import a_runner, decided, funded, granted, member, opened, shop
from tests.web.walk import client_of

NOW = "2026-06-01T10:00:00+09:00"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_files")]


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)


def key_of(text: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', text)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_list_answers_visitors_empty_and_full(prefix: str) -> None:
    text = Client().get(f"{prefix}/programmes/").content.decode()
    assert text.count("<h1") == 1
    made = opened("timebank", a_runner())
    text = Client().get(f"{prefix}/programmes/").content.decode()
    assert made.code in text and "사업 열기" not in text


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("kind", ["timebank", "mutual", "regional", "voucher"])
def test_programme_tells_its_rules_with_their_source(prefix: str, kind: str) -> None:
    made = opened(kind, a_runner())
    text = Client().get(f"{prefix}/programmes/{made.code}/").content.decode()
    assert text.count("<h1") == 1
    assert ("두레 규칙" in text) or ("시간은행" in text)
    if kind == "regional":
        assert "지역사랑상품권 이용 활성화에 관한 법률" in text
    if kind == "voucher":
        assert "지역사랑상품권 이용" not in text
        assert ("가맹점에서만 씀" in text) or ("spent at shops alone" in text)
    assert "90" not in text or "회전" not in text


def test_few_members_hide_the_totals_from_all_but_the_keepers() -> None:
    made = opened("timebank", a_runner())
    for _ in range(9):
        member(made)
    hidden = Client().get(f"/programmes/{made.code}/").content.decode()
    assert "10명보다 적어" in hidden
    treasurer = people.person_with(Role.TREASURER, organisation=made.book.organisation)
    kept = client_of(treasurer).get(f"/programmes/{made.code}/").content.decode()
    assert "45시간" in kept and "회전" in kept
    member(made)
    shown = Client().get(f"/programmes/{made.code}/").content.decode()
    assert "50시간" in shown and "회전" not in shown


def test_resident_joins_by_one_press() -> None:
    made = opened("timebank", a_runner())
    who = people.person_with(Role.RESIDENT)
    client = client_of(who)
    here = f"/programmes/{made.code}/"
    body = {"do": "join", "key": key_of(client.get(here).content.decode())}
    assert client.post(here, body).status_code == 303
    assert Account.rows.get(owner_person=who.id).balance == 300
    assert client.post(here, body).status_code == 303
    assert Account.rows.filter(owner_person=who.id).count() == 1


def test_wizard_asks_a_second_person() -> None:
    here = a_runner()
    client = client_of(here.treasurer)
    first = client.get("/programmes/new/").content.decode()
    assert "시간은행" in first and str(here.organisation.pk) in first
    address = f"/programmes/new/?kind=timebank&organisation={here.organisation.pk}"
    text = client.get(address).content.decode()
    assert "0001" not in text and "정해짐" in text
    body = {"name": "가람 시간은행", "opens": "2026-06-01", "key": key_of(text)}
    answer = client.post(address, body)
    assert answer.status_code == 202
    assert Programme.rows.count() == 0
    assert Approval.rows.get().action == "ledger.programme.open"


def test_wizard_of_a_voucher_names_what_must_be_signed() -> None:
    here = a_runner()
    client = client_of(here.treasurer)
    address = f"/programmes/new/?kind=regional&organisation={here.organisation.pk}"
    text = client.get(address).content.decode()
    assert text.count("정해야 함") == 5
    body = {"name": "가람 상품권", "opens": "2026-06-01", "key": key_of(text)}
    answer = client.post(address, body)
    assert answer.status_code == 409
    assert "발행하는 상품권의 한도" in answer.content.decode()
    assert Approval.rows.count() == 0
    signed = {}
    for part, value in (
        ("issue_limit", "1000000"),
        ("holding", "300000"),
        ("refund_share_ppm", "600000"),
        ("shop_sales_most", "3000000000"),
        ("licence", "확인함"),
    ):
        signed |= {f"value_{part}": value, f"source_{part}": "조례 제3조"}
    answer = client.post(address, {**body, **signed, "key": str(uuid4())})
    assert answer.status_code == 202
    kept = {one["part"]: one for one in Approval.rows.get().body["rules"]}
    assert kept["issue_limit"]["value"] == 1_000_000
    assert kept["licence"]["words"] == "확인함"


def test_visitor_opens_nothing() -> None:
    text = Client().get("/programmes/new/").content.decode()
    assert "열 수 있는 조직이 없습니다" in text
    assert Client().get("/programmes/none-11440-1/").status_code == 404


def test_list_of_vouchers_is_previewed_row_by_row() -> None:
    made = opened("regional", a_runner())
    funded(made, 1_000_000)
    who, _ = member(made)
    treasurer = people.person_with(Role.TREASURER, organisation=made.book.organisation)
    client = client_of(treasurer)
    here = f"/programmes/{made.code}/"
    key = key_of(client.get(here).content.decode())
    file = SimpleUploadedFile("l.csv", f"받는 사람,금액\n{who.id},10000\nnobody,5\n".encode())
    body = {"do": "list", "key": key, "file": file, "valid_from": "2026-06-01"}
    assert client.post(here, body).status_code == 303
    text = client.get(here).content.decode()
    assert "모르는 사람" in text and "나눌 줄 1" in text
    assert "이대로 발행 요청하기" not in text
    good = SimpleUploadedFile("l.csv", f"받는 사람,금액\n{who.id},10000\n".encode())
    client.post(here, {**body, "key": str(uuid4()), "file": good})
    assert "이대로 발행 요청하기" in client.get(here).content.decode()
    listed = LotList.rows.latest("made_at")
    issue = {"do": "issue", "list_id": str(listed.pk), "key": str(uuid4())}
    assert client.post(here, issue).status_code == 202
    assert Approval.rows.get().action == "ledger.lot.issue"


def test_page_after_issue_tells_what_became_of_it() -> None:
    made = opened("regional", a_runner())
    funded(made, 1_000_000)
    who, _ = member(made)
    granted(made, "2026-12-31", (who, 10_000))
    shop(made)
    treasurer = people.person_with(Role.TREASURER, organisation=made.book.organisation)
    text = client_of(treasurer).get(f"/programmes/{made.code}/").content.decode()
    assert "나루가게" in text and "상품권 10,000원" in text and "쓰지 않은 것 거두기" in text


def test_ending_is_told_on_the_page() -> None:
    made = opened("timebank", a_runner())
    decided(made, "ledger.programme.close", {"programme_id": str(made.pk)})
    text = Client().get(f"/programmes/{made.code}/").content.decode()
    assert "마치는 중" in text and "들어갈 수 있습니다" not in text
