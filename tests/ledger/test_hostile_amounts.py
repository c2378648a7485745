"""Hostile amounts at every way in beside the forms: the API, a CSV list, a workbook."""

from __future__ import annotations

import io
import json
from uuid import uuid4

import pytest
from django.test import Client
from openpyxl import Workbook

from dure.core import tokens
from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.ledger import lists
from dure.ledger.models import Account, Transfer
from tests.harness import people
from tests.ledger.givens import a_book, a_transfer, an_account, an_issuer, balance

ADDRESS = "/api/v1/actions/ledger.transfer.post"
# as they stand in a JSON body; NaN and 1e3 are no JSON numbers of ours
HOSTILE_JSON = (
    "-1", "0", str(10**20), "NaN", "Infinity", "0.5", "1e3", "true", "null", "[1]", '"1_0"',
    '"１２"', '"-1"', '"0.5"', '"1e3"', '"2시간"', '"30원"', '""', '"1,00"', '"0x10"',
)  # fmt: skip
HOSTILE_CELLS = (
    "-1", "0", str(10**20), "NaN", "1_0", "１２", "0.5", "0.5원", "1e3", "+5", "1,00", "2시간",
    "=1+1", "삼천",
)  # fmt: skip


class Pair:
    """Two people of one book, and the first one's API token."""

    def __init__(self) -> None:
        book = a_book()
        self.one: Actor = people.person_with(Role.RESIDENT)
        self.from_one: Account = an_account(book, owner=self.one)
        self.to_other = an_account(book, owner=people.person_with(Role.RESIDENT))
        a_transfer(an_issuer(book), self.from_one, 100)
        self.token = tokens.new_token()
        body = {
            "label": "시험",
            "purpose": "all",
            "days": 1,
            "token_hash": tokens.hash_of(self.token),
        }
        run("core.token.create", body, self.one)

    def posted(self, amount: str, unit: str = "TIME") -> tuple[int, dict[str, object]]:
        """One call with the amount written as it stands."""
        rest = {
            "debit": str(self.from_one.pk),
            "credit": str(self.to_other.pk),
            "unit": unit,
            "purpose": "x",
        }
        data = json.dumps(rest)[:-1] + f', "amount": {amount}' + "}"
        answer = Client().post(
            ADDRESS,
            data.encode(),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}", "Idempotency-Key": uuid4().hex},
        )
        return answer.status_code, answer.json()


@pytest.fixture
def pair(db: None) -> Pair:
    return Pair()


def test_plain_amount_passes_the_api(pair: Pair) -> None:
    status, answer = pair.posted("60")
    assert status == 200, answer
    assert balance(pair.to_other)[0] == 60


@pytest.mark.parametrize("amount", HOSTILE_JSON)
def test_hostile_amount_is_refused_by_the_api_with_the_reason(pair: Pair, amount: str) -> None:
    before = Transfer.rows.count()
    status, answer = pair.posted(amount)
    assert status in (400, 422), answer
    assert answer["code"]
    assert Transfer.rows.count() == before


def test_other_unit_is_refused_by_the_api(pair: Pair) -> None:
    status, answer = pair.posted("60", unit="KRW")
    assert (status, answer["code"]) == (422, "ledger.cross_unit")
    assert balance(pair.to_other)[0] == 0


def sheet(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    for row in (("받는 사람", "금액"), *rows):
        book.active.append(list(row))
    for row in book.active.iter_rows(min_row=2):
        for cell in row:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("amount", HOSTILE_CELLS)
def test_hostile_amount_of_a_list_is_no_amount(amount: str) -> None:
    as_csv = f'받는 사람,금액\nanna,"{amount}"\nben,3000\n'.encode()
    for content in (as_csv, sheet(("anna", amount), ("ben", 3000))):
        assert [one.amount for one in lists.read(content)] == [None, 3_000]


@pytest.mark.parametrize("amount", [0.5, -1, 0, 1e20, True, None])
def test_hostile_number_of_a_workbook_is_no_amount(amount: object) -> None:
    assert [one.amount for one in lists.read(sheet(("anna", amount), ("ben", 7)))] == [None, 7]


def test_list_reads_the_same_from_both_kinds_of_file() -> None:
    as_csv = '받는 사람,금액\nanna,3000\nben,"4,500"\n'.encode()
    from_sheet = sheet(("anna", 3000), ("ben", "4,500"))
    assert lists.read(as_csv) == lists.read(from_sheet)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04rubbish", b"\xff\xfe\x00", b"a,b\n1,2\n"])
def test_what_is_no_list_is_refused(content: bytes) -> None:
    with pytest.raises(Refusal) as caught:
        lists.read(content)
    assert caught.value.name == "ledger.bad_list"
