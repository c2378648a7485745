"""Many payments from a file: every row judged, all or nothing, hostile amounts refused by line."""

from __future__ import annotations

import html
import io
import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from dure.core.actors import Role
from dure.engines.tables_out import write_xlsx
from dure.ledger.models import Account, Transfer
from tests.harness.clock import Clock
from tests.harness.people import person_with
from tests.ledger.givens import an_account, balance
from tests.web.money_world import World, a_world
from tests.web.walk import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_files")]
HEAD = "보내는 계정,받는 쪽,금액,용도,날짜"
HOSTILE = ("-5", "0", "100000000000000000000", "NaN", "1_0", "１２", "0.5", "1e3", "12,34", "", "∞")


@pytest.fixture
def world(db: None, clock: Clock) -> World:
    clock.at("2026-11-21T10:00:00+09:00")
    return a_world()


@pytest.fixture
def fund(world: World) -> Account:
    return an_account(world.book, organisation=world.place, unit="VCH", lo=-50_000, label="기금")


@pytest.fixture
def at(world: World) -> str:
    return f"/treasury/books/{world.book.pk}/batch/"


def bring(client: Client, address: str, *lines: str, head: str = HEAD) -> HttpResponse:
    content = "\n".join((head, *lines, "")).encode()
    file = SimpleUploadedFile("지급.csv", content)
    return client.post(address, {"file": file, "key": str(uuid4())})


def hidden(answer: HttpResponse) -> dict[str, str]:
    text = answer.content.decode()
    rows = re.search(r'name="rows" value="([^"]*)"', text)
    key = re.search(r'name="key" value="([^"]*)"', text)
    assert rows and key, text
    return {"rows": html.unescape(rows[1]), "key": key[1]}


def test_batches_are_for_who_keeps_the_book(world: World, at: str) -> None:
    assert client_of(world.treasurer).get(at).status_code == 200
    assert client_of(world.haneul).get(at).status_code == 404
    assert Client().get(at).status_code == 403
    answer = client_of(world.treasurer).get(at + "?format=csv")
    assert answer.content.decode("utf-8-sig").startswith(HEAD)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_good_file_is_shown_then_posted_once(
    world: World, at: str, fund: Account, prefix: str
) -> None:
    client = client_of(world.treasurer)
    lines = (f'{fund.pk},haneul-v,"1,000",격려금,', f"{fund.pk},@bada-v,2000,격려금,2026-11-20")
    shown = bring(client, prefix + at, *lines)
    assert shown.status_code == 200
    text = shown.content.decode()
    assert text.count("<h1") == 1
    assert ("3,000 won in vouchers" if prefix else "상품권 3,000원") in text
    assert balance(fund)[0] == 0, "nothing is posted before it is asked"
    sent = hidden(shown)
    for _twice in range(2):
        done = client.post(prefix + at, sent)
        assert done.status_code == 303
    assert balance(fund)[0] == -3_000
    assert balance(world.haneul_vouchers)[0] == 21_000
    receipt = client.get(done["Location"])
    assert receipt.status_code == 200
    assert receipt.content.decode().count("격려금") == 2
    second = Transfer.rows.latest("pk").pk
    assert client.get(f"{at}{second}/").status_code == 404
    assert client_of(world.haneul).get(done["Location"]).status_code == 404


@pytest.mark.parametrize("amount", HOSTILE)
def test_hostile_amount_is_refused_with_line_and_column(
    world: World, at: str, fund: Account, amount: str
) -> None:
    good = f"{fund.pk},haneul-v,10,좋음,"
    answer = bring(client_of(world.treasurer), at, good, f'{fund.pk},haneul-v,"{amount}",나쁨,')
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "고칠 줄이 1건" in text
    assert re.search(r">3번째 줄</th>.*?<b>금액</b>", text, re.DOTALL)
    assert 'name="rows"' not in text, "there is nothing to post"
    assert balance(fund)[0] == 0


@pytest.mark.parametrize("amount", [-5, 0, 0.5, 10**20, "１２"])
def test_hostile_amount_of_a_workbook_is_refused(
    world: World, at: str, fund: Account, amount: object
) -> None:
    buffer = io.BytesIO()
    write_xlsx(buffer, "지급", HEAD.split(","), [(fund.pk, "haneul-v", amount, "나쁨", "")])  # type: ignore[list-item]  # hostile
    file = SimpleUploadedFile("지급.xlsx", buffer.getvalue())
    answer = client_of(world.treasurer).post(at, {"file": file})
    assert answer.status_code == 422
    assert "고칠 줄이 1건" in answer.content.decode()


def test_every_faulty_row_is_named(world: World, at: str, fund: Account) -> None:
    answer = bring(
        client_of(world.treasurer),
        at,
        f"{world.haneul_vouchers.pk},bada-v,10,남의 계정,",
        f"{fund.pk},haneul,10,다른 단위,",
        f"{fund.pk},nobody-here,10,모르는 쪽,",
        "999999,haneul-v,10,없는 계정,",
        f"{fund.pk},{fund.pk},10,같은 계정,",
        f"{fund.pk},haneul-v,10,,",
        f"{fund.pk},haneul-v,10,앞날,2027-01-01",
        f"{fund.pk},haneul-v,10,없는 날,2026-02-30",
        f"{fund.pk},haneul-v,50001,모자람,",
        f"{fund.pk},haneul-v,10,900101-1234567,",
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "고칠 줄이 10건" in text
    for line in range(2, 12):
        assert f">{line}번째 줄</th>" in text
    assert "900101" not in text, "what looks like a resident number is not echoed"


def test_rows_are_played_in_their_order(world: World, at: str, fund: Account) -> None:
    rows = [f"{fund.pk},haneul-v,30000,하나,", f"{fund.pk},haneul-v,30000,둘,"]
    text = bring(client_of(world.treasurer), at, *rows).content.decode()
    assert "고칠 줄이 1건" in text
    assert "20,000" in text, "what is left is told to who spends it"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "파일"),
        (b"%PDF-1.4", "PDF"),
        ("가,나,다\n1,2,3\n".encode(), "제목 줄"),
        ((HEAD + ",금액\n").encode(), "제목 줄"),
        ((HEAD + "\n").encode(), "1,000건"),
        ((HEAD + "\n" + "1,2,3,4,\n" * 1001).encode(), "1,000건"),
    ],
)
def test_what_is_no_list_of_payments_is_refused(
    world: World, at: str, content: bytes, words: str
) -> None:
    file = SimpleUploadedFile("x.csv", content)
    answer = client_of(world.treasurer).post(at, {"file": file} if content else {})
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_rows_that_were_tampered_with_are_judged_by_the_door(
    world: World, at: str, fund: Account
) -> None:
    client = client_of(world.treasurer)
    sent = hidden(bring(client, at, f"{fund.pk},haneul-v,10,좋음,"))
    for old, new in (
        ('"amount": 10', '"amount": 0.5'),
        ('"amount": 10', '"amount": -10'),
        (f'"debit": "{fund.pk}"', f'"debit": "{world.haneul_vouchers.pk}"'),
        ('"purpose"', '"surprise"'),
    ):
        answer = client.post(at, {**sent, "rows": sent["rows"].replace(old, new)})
        assert answer.status_code in (409, 422), (new, answer.status_code)
    for broken in ("", "[]", "[[],[]]", "{", '[["x"],[1]]'):
        assert client.post(at, {**sent, "rows": broken}).status_code in (422, 404)
    assert balance(fund)[0] == 0


def test_what_changed_since_the_check_is_told_by_row(world: World, at: str, fund: Account) -> None:
    client = client_of(world.treasurer)
    sent = hidden(bring(client, at, f"{fund.pk},haneul-v,40000,하나,"))
    other = hidden(bring(client, at, f"{fund.pk},haneul-v,40000,둘,"))
    assert client.post(at, other).status_code == 303
    answer = client.post(at, sent)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "고칠 줄이 1건" in text
    assert "모자랍니다" in text


def test_large_sum_waits_for_a_second_person(world: World, at: str) -> None:
    fund = an_account(world.book, organisation=world.place, unit="VCH", lo=None, label="큰 기금")
    client = client_of(world.treasurer)
    answer = client.post(at, hidden(bring(client, at, f"{fund.pk},haneul-v,900000000,큰돈,")))
    assert answer.status_code == 202
    assert "승인을 기다립니다" in answer.content.decode()
    assert balance(fund)[0] == 0
    approver = client_of(person_with(Role.APPROVER, organisation=world.place))
    assert approver.get("/treasury/").status_code == 200
