"""The treasurer's pages: whose books they show, changes by two people, columns that add up."""

from __future__ import annotations

import csv
import io
from uuid import uuid4

import pytest
from django.test import Client

from dure.core.actors import Role
from dure.core.errors import Refusal
from dure.core.models import ExportRecord
from dure.interfaces.web import money_words
from dure.ledger.models import Account, Transfer
from dure.registry.models import Approval
from tests.harness.clock import Clock
from tests.harness.people import organisation, person_with
from tests.harness.worker import work_off
from tests.web.money_world import World, a_world, pay
from tests.web.walk import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_files")]


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at("2026-11-21T10:00:00+09:00")


@pytest.fixture
def world(db: None) -> World:
    return a_world()


def pages_of(world: World) -> list[str]:
    book = f"/treasury/books/{world.book.pk}/"
    return [
        f"/treasury/{world.place.pk}/",
        book,
        f"{book}trial/",
        f"{book}periods/",
        f"{book}changes/",
        f"{book}reverse/",
        f"/treasury/accounts/{world.shop.pk}/",
    ]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_pages_are_whole_for_keepers(world: World, prefix: str) -> None:
    client = client_of(world.treasurer)
    for address in ["/treasury/", *pages_of(world)]:
        response = client.get(prefix + address)
        assert response.status_code == 200, address
        assert response.content.decode().count("<h1") == 1, address


def test_books_of_others_are_not_there(world: World) -> None:
    stranger = person_with(Role.TREASURER, organisation=organisation("다른 조합"))
    for one in (stranger, world.haneul):
        for address in pages_of(world):
            assert client_of(one).get(address).status_code == 404, address
    assert "마포 시간은행" not in client_of(stranger).get("/treasury/").content.decode()
    for address in pages_of(world):
        assert Client().get(address).status_code == 403, address


def test_a_book_and_an_account_are_opened(world: World) -> None:
    client = client_of(world.treasurer)
    opened = client.post(f"/treasury/{world.place.pk}/", {"name": "새 장부", "key": str(uuid4())})
    assert opened.status_code == 303
    form = {"label": "운영비", "unit": "KRW", "type": "asset", "key": str(uuid4())}
    made = client.post(opened["Location"], form)
    assert made.status_code == 303
    account = Account.rows.get(label="운영비")
    assert made["Location"].endswith(f"/treasury/accounts/{account.pk}/")
    assert (account.lo, account.hi) == (None, 0)
    again = client.post(opened["Location"], {**form, "label": "", "key": str(uuid4())})
    assert again.status_code == 422
    assert "계정 이름" in again.content.decode()


def test_accounts_are_found_by_name_unit_and_state(world: World) -> None:
    client = client_of(world.treasurer)
    book = f"/treasury/books/{world.book.pk}/"

    def labels(query: str) -> str:
        return client.get(book + query).content.decode()

    assert "하늘의 시간" in labels("?q=하늘")
    assert "바다의 시간" not in labels("?q=하늘")
    assert "하늘의 시간" not in labels("?unit=VCH")
    assert "찾는 계정이 없습니다" in labels("?status=frozen")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("-10시간", -600),
        ("−2시간 30분", -150),
        ("-100,000시간", -6_000_000),
        ("-100,000 h", -6_000_000),
        ("2:30", 150),
        ("-6,000,000", -6_000_000),
        ("0", 0),
        ("", None),
    ],
)
def test_limits_of_hours_are_typed_in_words(typed: str, read: int | None) -> None:
    assert money_words.typed_limit(typed, "TIME", field="lo") == read


@pytest.mark.parametrize("typed", ["--5", "１２", "1_0", "-1,00", "5상품", "900101-1234567", "1.5"])
def test_limit_that_is_no_amount_is_refused_at_its_field(typed: str) -> None:
    with pytest.raises(Refusal) as caught:
        money_words.typed_limit(typed, "KRW", field="lo")
    assert caught.value.field == "lo"


@pytest.mark.parametrize("unit", ["TIME", "KRW", "VCH"])
def test_limit_shown_is_a_limit_that_can_be_typed(unit: str) -> None:
    for number in (-6_000_000, -61, 0, 59, 10**12):
        shown = money_words.limit_text(number, unit)
        assert money_words.typed_limit(shown, unit, field="hi") == number
    assert money_words.limit_text(None, unit) == ""


def test_limits_change_when_another_agrees(world: World) -> None:
    address = f"/treasury/accounts/{world.shop.pk}/"
    client = client_of(world.treasurer)
    body = {"do": "limit", "lo": "0", "hi": "500000", "key": str(uuid4())}
    assert client.post(address, body).status_code == 422  # no reason given
    body = {**body, "reason": "이사회 결정", "key": str(uuid4())}
    waiting = client.post(address, body)
    assert waiting.status_code == 202
    assert "아직 아무것도 바뀌지 않았습니다" in waiting.content.decode()
    world.shop.refresh_from_db()
    assert world.shop.hi is None
    approval = Approval.rows.get(action="ledger.account.limit")
    approver = person_with(Role.APPROVER, organisation=world.place)
    decided = client_of(approver).post(
        f"/desk/approvals/{approval.pk}/", {"outcome": "approve", "key": str(uuid4())}
    )
    assert decided.status_code == 303
    world.shop.refresh_from_db()
    assert world.shop.hi == 500_000
    assert "이사회 결정" in client.get(address).content.decode()


def test_accounts_freeze_thaw_and_do_not_close_with_a_balance(world: World) -> None:
    address = f"/treasury/accounts/{world.bada_time.pk}/"
    client = client_of(world.treasurer)
    for deed, status in (("freeze", "frozen"), ("thaw", "open")):
        form = {"do": deed, "reason": "분실 신고", "key": str(uuid4())}
        assert client.post(address, form).status_code == 303
        world.bada_time.refresh_from_db()
        assert world.bada_time.status == status
    refused = client.post(address, {"do": "close", "key": str(uuid4())})
    assert refused.status_code == 409
    world.bada_time.refresh_from_db()
    assert world.bada_time.status == "open"


def test_columns_of_the_trial_balance_add_up(world: World) -> None:
    client = client_of(world.treasurer)
    address = f"/treasury/books/{world.book.pk}/trial/"
    answer = client.post(address, {"format": "csv"})
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # of a stream
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    for unit in ("TIME", "VCH"):
        body = [row for row in rows[1:] if row[4] == unit and row[0]]
        (total,) = [row for row in rows[1:] if row[4] == unit and not row[0]]
        sums = [sum(int(row[column]) for row in body) for column in (5, 6, 7, 8)]
        assert sums == [int(total[column]) for column in (5, 6, 7, 8)]
        assert sums[1] == sums[2] > 0
        assert sums[3] == 0
    xlsx = client.post(address, {"format": "xlsx"})
    assert b"".join(xlsx.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]  # as above
    kept = ExportRecord.rows.order_by("made_at").values_list("kind", "format", "row_count")
    assert list(kept) == [("ledger.trial", form, len(rows) - 1) for form in ("csv", "xlsx")]


def test_accounts_of_members_are_told_apart_by_handle(world: World) -> None:
    client = client_of(world.treasurer)
    pay(world.haneul, world.haneul_time, world.bada_time, 30, "TIME", "수리")
    book = f"/treasury/books/{world.book.pk}/"
    for address in (book, f"{book}trial/"):
        shown = client.get(address).content.decode()
        assert "하늘의 시간" in shown and "· haneul" in shown


def test_a_reversal_is_shown_before_it_is_asked(world: World) -> None:
    client = client_of(world.treasurer)
    first = Transfer.rows.filter(credit=world.bada_vouchers).get()
    address = f"/treasury/books/{world.book.pk}/reverse/"
    shown = client.get(f"{address}?transfer_id={first.pk}").content.decode()
    assert "상품권 20,000원" in shown
    form = {"transfer_id": str(first.pk), "reason": "잘못 지급", "key": str(uuid4())}
    assert client.post(address, form).status_code == 202
    assert not Transfer.rows.filter(ref=first.pk).exists()
    approval = Approval.rows.get(action="ledger.transfer.reverse")
    approver = person_with(Role.APPROVER, organisation=world.place)
    client_of(approver).post(
        f"/desk/approvals/{approval.pk}/", {"outcome": "approve", "key": str(uuid4())}
    )
    assert Transfer.rows.filter(ref=first.pk, kind=5).count() == 1
    listed = client.get(f"/treasury/books/{world.book.pk}/changes/").content.decode()
    assert f"처음 이체 {first.pk}" in listed


def test_a_month_is_closed_by_two(world: World) -> None:
    client = client_of(world.treasurer)
    address = f"/treasury/books/{world.book.pk}/periods/"
    assert 'value="2026-10-31"' in client.get(address).content.decode()
    form = {"to": "2026-10-31", "key": str(uuid4())}
    assert client.post(address, form).status_code == 202
    approval = Approval.rows.get(action="ledger.period.close")
    auditor = person_with(Role.AUDITOR, organisation=world.place)
    done = client_of(auditor).post(
        f"/desk/approvals/{approval.pk}/", {"outcome": "approve", "key": str(uuid4())}
    )
    assert done.status_code == 303
    assert work_off() == 1
    world.book.refresh_from_db()
    assert str(world.book.closed_through) == "2026-10-31"
    assert "2026" in client.get(address).content.decode()
