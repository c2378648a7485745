"""The errand of importing a list, without a browser: bring, match, answer, store, undo."""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dure.core.actors import Actor, Role
from dure.interfaces.web import uploads
from dure.registry import models as registry
from tests.harness import people
from tests.harness.given import given
from tests.registry.lists import GOOD, csv_of, places  # noqa: F401 - an automatic fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_files")]


def signed_in(actor: Actor) -> Client:
    with given() as line:
        login = login_of(actor, line)
        login.set_unusable_password()
        login.save()
    client = Client()
    client.force_login(login, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def login_of(actor: Actor, line: object) -> registry.Login:
    return registry.Login(
        person_id=actor.id, handle=f"p{uuid4().hex[:12]}", skeleton=uuid4().hex,
        created_at="2026-07-01T00:00:00Z", audit=line,
    )  # fmt: skip


@pytest.fixture
def staff() -> Actor:
    made = people.person()
    people.mandate(made.id, Role.STAFF, city=True)
    return Actor.person(made.id)


def posted(client: Client, address: str, page: str, data: dict[str, object]) -> object:
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key is not None
    return client.post(address, {"key": key[1], **data})


def brought(client: Client, data: bytes, prefix: str = "") -> str:
    page = client.get(f"{prefix}/imports/").content.decode()
    file = SimpleUploadedFile("명단.csv", data)
    body = {"file": file, "district": "city", "year": "2025", "encoding": ""}
    done = posted(client, f"{prefix}/imports/", page, body)
    assert done.status_code == 303, done.content.decode()
    return done["Location"]


def matched(client: Client, address: str) -> str:
    page = client.get(address).content.decode()
    imp = registry.Import.rows.get(pk=address.rstrip("/").rsplit("/", 1)[1])
    body = {f"c{n}": column for n, column in enumerate(imp.columns)}
    done = posted(client, f"{address}columns/", page, body)
    assert done.status_code == 303, done.content.decode()
    return done["Location"]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_list_is_brought_stored_and_undone(staff, prefix):
    client = signed_in(staff)
    address = matched(client, brought(client, csv_of(*GOOD), prefix))
    page = client.get(address).content.decode()
    assert page.count("<h1") == 1
    assert registry.Organisation.rows.count() == 0
    posted(client, f"{address}store/", page, {})
    assert registry.Organisation.rows.count() == 3
    page = client.get(address).content.decode()
    refused = posted(client, f"{address}undo/", page, {"reason": "짧"})
    assert refused.status_code == 422
    done = posted(client, f"{address}undo/", page, {"reason": "잘못 올린 파일"})
    assert (done.status_code, registry.Organisation.rows.filter(annulled=False).count()) == (303, 0)
    assert client.get(address).content.decode().count("<h1") == 1


def test_refused_rows_download_with_line_value_and_remedy(staff, shared_data):
    client = signed_in(staff)
    data = (shared_data / "imports" / "orgs_cp949.csv").read_bytes()
    address = matched(client, brought(client, data))
    page = client.get(address).content.decode()
    assert "고쳐야 할 줄이 있습니다" in page
    text = b"".join(client.get(f"{address}refused.csv").streaming_content).decode("utf-8-sig")
    assert text.splitlines()[0].startswith("줄 line,열 column,값 value")
    assert "900101" not in text + page
    assert "8503152345671" not in text + page
    assert "010-0000-0000" not in text + page
    assert "13,비고,••••,주민등록번호로 보이는 글이 있습니다. 값은 남기지 않았습니다." in text
    done = posted(client, f"{address}store/", page, {})
    assert (done.status_code, registry.Organisation.rows.count()) == (409, 0)


def test_questions_are_answered_before_storing(staff):
    client = signed_in(staff)
    low = GOOD[0].replace(",5,1000000,한별나루연합회", ",3,,")
    address = matched(client, brought(client, csv_of(low, GOOD[1])))
    page = client.get(address).content.decode()
    assert "먼저 답해 주세요" in page
    assert "모두 저장하기" not in page
    posted(client, f"{address}answer/", page, {"a_below_five": "hold", "a_amount_missing": "so"})
    page = client.get(address).content.decode()
    assert "모두 저장하기" in page
    posted(client, f"{address}store/", page, {})
    assert list(registry.Organisation.rows.values_list("name", flat=True)) == ["한별나루연합회"]


def test_the_same_file_again_leads_to_its_receipt(staff):
    client = signed_in(staff)
    address = matched(client, brought(client, csv_of(*GOOD)))
    posted(client, f"{address}store/", client.get(address).content.decode(), {})
    again = matched(client, brought(client, csv_of(*GOOD)))
    assert again == f"{address}?again=1"
    assert "이미 저장한 명단입니다" in client.get(again).content.decode()


def test_a_long_list_waits_for_another_and_goes_by_the_worker(staff):
    from tests.registry.lists import many

    client, other = signed_in(staff), people.person()
    people.mandate(other.id, Role.STAFF, city=True)
    address = matched(client, brought(client, many(1200)))
    imp = registry.Import.rows.get(pk=address.rstrip("/").rsplit("/", 1)[1])
    if imp.job is not None:
        page = client.get(address).content.decode()
        assert "명단을 읽고 있습니다" in page
        from dure.core.actions import run

        run("registry.import.judge", {"import_id": str(imp.pk)}, staff)
    page = client.get(address).content.decode()
    assert "두 번째 사람을 기다립니다" in page
    assert "이 명단 승인하기" not in page
    second = signed_in(Actor.person(other.id))
    page = second.get(address).content.decode()
    assert posted(second, f"{address}approve/", page, {}).status_code == 303
    page = client.get(address).content.decode()
    assert posted(client, f"{address}store/", page, {}).status_code == 303
    assert "명단을 읽고 있습니다" in client.get(address).content.decode()


def test_bad_files_come_back_with_a_sentence(staff):
    client = signed_in(staff)
    page = client.get("/imports/").content.decode()
    for data, said in ((b"", "파일이 비어"), (b"%PDF-1.4", "CSV나 XLSX"), (b"a,\x00", "U+0000")):
        file = SimpleUploadedFile("a.csv", data)
        done = posted(client, "/imports/", page, {"file": file, "district": "city", "year": "2025"})
        assert done.status_code == 422
        assert said in done.content.decode()
    assert registry.Import.rows.count() == 0


def test_others_do_not_see_a_list(staff):
    client = signed_in(staff)
    address = brought(client, csv_of(*GOOD))
    stranger = signed_in(people.person_with(Role.STAFF, district="11110"))
    assert stranger.get(address).status_code == 404
    assert stranger.get(f"{address}refused.csv").status_code == 404
    assert Client().get(address).status_code == 404
    assert Client().get("/imports/").status_code in (302, 303)


def test_the_register_downloads_and_reads_back(staff):
    client = signed_in(staff)
    address = matched(client, brought(client, csv_of(*GOOD)))
    posted(client, f"{address}store/", client.get(address).content.decode(), {})
    page = client.get("/imports/").content.decode()
    for form in ("csv", "xlsx"):
        assert client.get(f"/organisations/list.{form}").status_code == 404
        answer = posted(client, f"/organisations/list.{form}", page, {})
        assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
        data = b"".join(answer.streaming_content)
        assert matched(client, brought(client, data)) is not None
    assert registry.Import.rows.filter(state="judged", counts__same=3).count() == 2


@pytest.mark.parametrize("slack", [0, 10**6])
def test_an_upload_over_the_cap_is_dropped_and_named(staff, monkeypatch, slack):
    monkeypatch.setattr(uploads, "CAPS", replace(uploads.CAPS, file_bytes=100_000))
    monkeypatch.setattr(uploads, "SLACK", slack)
    client = signed_in(staff)
    page = client.get("/imports/").content.decode()
    file = SimpleUploadedFile("a.csv", b"a,b\n" * 100_000)
    body = {"file": file, "district": "city", "year": "2025"}
    done = posted(client, "/imports/", page, body)
    assert done.status_code == 422
    assert "파일이 너무 큽니다" in done.content.decode()
    assert registry.Import.rows.count() == 0
