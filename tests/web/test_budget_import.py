"""A past election at the desk: what is read is shown with its lines, then it is imported."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dure.budgeting.models import Call, MoneyBallot
from dure.engines.pb.pabulib_writing import write
from dure.registry import spool
from tests.budgeting.calls import NOW, official, resident
from tests.engines.pb.elections import worked
from tests.engines.pb.test_pabulib_writing import META
from tests.harness.clock import Clock
from tests.harness.people import MAPO, district
from tests.web.walk import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_files")]
PAGE = "/desk/budget/import/"
FORM = {
    "place": MAPO,
    "title": "지난 투표",
    "year": "2024",
    "source": "구청 공개 자료",
    "rule_name": "mes",
    "satisfaction": "cost",
    "completion": "none",
    "ties": "id",
}


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)
    district(MAPO)


def file_of(text: str = "") -> SimpleUploadedFile:
    told = text or write(replace(worked(), meta=META), winners=frozenset({0, 3}))
    return SimpleUploadedFile("past.pb", told.encode(), "text/plain")


def send(client: Client, status: int, page: str = PAGE, **more: object) -> str:
    response = client.post(page, {**FORM, **more})
    words = re.sub(r"\s+", " ", response.content.decode())
    assert response.status_code == status, words[-3000:]
    return words


def kept() -> list[str]:
    return [one.name for one in spool.folder().iterdir() if spool.NAME.fullmatch(one.name)]


def test_what_is_read_is_shown_and_nothing_stored_until_import() -> None:
    client = client_of(official())
    assert PAGE in client.get("/desk/budget/").content.decode()
    assert client.get(PAGE).status_code == 200
    before = len(kept())
    text = write(replace(worked(), meta=META), winners=frozenset({0, 3}))
    text = text.replace("num_votes;10", "num_votes;11")
    shown = send(client, 200, content=file_of(text))
    assert "5,000,000원" in shown and "이렇게 읽었습니다" in shown and "11" in shown
    assert "번째 줄" in shown, "a difference by its line"
    assert "This was read" in send(client, 200, f"/en{PAGE}", content=file_of())
    assert not Call.rows.exists()
    assert len(kept()) == before + 2
    name = re.findall(r'name="file" value="([0-9a-f]{32})"', shown)[0]
    response = client.post(PAGE, {**FORM, "file": name, "step": "import"}, follow=True)
    words = response.content.decode()
    assert "센 결과가 파일에 적힌 결과와 같습니다" in words and "3,000,000원" in words
    call = Call.rows.get()
    assert (call.title, call.state, MoneyBallot.rows.count()) == ("지난 투표", "published", 10)
    assert name not in kept()
    send(client, 422, file=name, step="import")
    assert Call.rows.count() == 1


def test_the_line_at_fault_is_told_and_the_file_is_not_kept() -> None:
    client = client_of(official())
    good = write(replace(worked(), meta=META))
    lines = good.splitlines()
    at = next(n for n, row in enumerate(lines, 1) if row.startswith("VOTES")) + 2
    lines[at - 1] = lines[at - 1].rsplit(";", 1)[0] + ";ZZ"
    before = len(kept())
    assert f"{at}번째 줄" in send(client, 422, content=file_of("\n".join(lines)))
    assert f"Line {at}" in send(client, 422, f"/en{PAGE}", content=file_of("\n".join(lines)))
    assert "원화(KRW)" in send(
        client, 422, content=file_of(write(replace(worked(), meta={**META, "currency": "EUR"})))
    )
    assert "파일" in send(client, 422)
    assert len(kept()) == before


def test_a_rule_that_lacks_something_is_refused_with_what_was_typed() -> None:
    client = client_of(official())
    shown = send(client, 200, content=file_of())
    name = re.findall(r'name="file" value="([0-9a-f]{32})"', shown)[0]
    told = send(client, 422, file=name, step="import", satisfaction="")
    assert "규칙을 고쳐 주세요" in told and 'value="지난 투표"' in told
    assert not Call.rows.exists()


def test_who_begins_no_rounds_does_not_find_it() -> None:
    client = client_of(resident())
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, FORM).status_code == 404
    assert Client().get(PAGE).status_code == 403
