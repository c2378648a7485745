"""Pages of repair without a browser: what is shown, to whom, and the errand of recording."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.core.models import ExportRecord
from dure.exchange.models import Agreement
from dure.registry.models import Login
from tests.exchange.cases import NOW, Cafe, cafe, record, sums
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.web.walk import sent_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_files")]


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)


@pytest.fixture
def here() -> Cafe:
    return cafe()


def signed_in(actor: Actor) -> Client:
    """A browser session of a person, without the sign-in pages, which have tests of their own."""
    with given() as line:
        login = Login(
            person_id=actor.id,
            handle=f"p{uuid4().hex[:12]}",
            skeleton=uuid4().hex,
            created_at=NOW,
            audit=line,
        )
        login.set_unusable_password()
        login.save()
    client = Client()
    client.force_login(login, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def key_of(text: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', text)
    assert found is not None
    return found[1]


PAGES = ("", "numbers/", "new/")


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("tail", PAGES)
def test_pages_answer_visitors_in_both_languages_empty(prefix: str, tail: str) -> None:
    text = Client().get(f"{prefix}/exchange/repair/{tail}").content.decode()
    assert text.count("<h1") == 1


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_pages_of_an_event_answer_visitors(here: Cafe, prefix: str) -> None:
    record(
        here,
        {"category": 16, "outcome": "fixed", "minutes": 30},
        {"category": 1, "outcome": "unknown"},
    )
    record(here, {"category": 7, "outcome": "end_of_life", "barrier": "worn_out"})
    for tail in ("", "sheet/", "many/", "paper/", "bring/"):
        response = Client().get(f"{prefix}/exchange/repair/{here.pool_id}/{tail}")
        assert (response.status_code, response.content.decode().count("<h1")) == (200, 1), tail
    assert Client().get(f"{prefix}/exchange/repair/{uuid4()}/").status_code == 404
    for tail in ("/exchange/", "/exchange/repair/", "/exchange/repair/numbers/"):
        assert Client().get(prefix + tail).status_code == 200


def test_event_page_shows_rate_and_what_is_missing(here: Cafe) -> None:
    record(here, {"category": 16, "outcome": "fixed"}, {"category": 16, "outcome": "repairable"})
    text = Client().get(f"/exchange/repair/{here.pool_id}/").content.decode()
    assert "50" in text
    assert "봉사 시간" not in text, "the time of volunteers at one event is no public figure"
    mine = signed_in(here.member).get(f"/exchange/repair/{here.pool_id}/").content.decode()
    assert "아무도 시간을 적지 않았습니다" in mine
    assert "쓸 수 있는 환산 계수가 없습니다" in text


def test_errand_of_recording_on_a_phone_without_script(here: Cafe) -> None:
    client = signed_in(here.member)
    address = f"/exchange/repair/{here.pool_id}/sheet/"
    assert "어떤 물건인가요?" in client.get(address).content.decode()
    assert "어떻게 되었나요?" in client.get(address, {"category": 16}).content.decode()
    end = {"category": 16, "outcome": "end_of_life"}
    assert "무엇 때문에 못 고쳤나요?" in client.get(address, end).content.decode()
    timed = {**end, "barrier": "worn_out"}
    assert "얼마나 걸렸나요?" in client.get(address, timed).content.decode()
    last = "&".join(f"{k}={v}" for k, v in {**timed, "minutes": "1:30"}.items())
    text = client.get(f"{address}?{last}").content.decode()
    assert "이대로 적을까요?" in text
    done = client.post(f"{address}?{last}", {"key": key_of(text), "brand": "Sam"})
    assert (done.status_code, done["Location"]) == (303, f"{address}?saved=yes")
    assert sums() == {"repair.attempt": 1, "time.volunteer": 90}
    again = client.post(f"{address}?{last}", {"key": key_of(text), "brand": "Sam"})
    assert (again.status_code, Agreement.rows.count()) == (303, 1)


def test_fixed_item_is_not_asked_for_a_barrier(here: Cafe) -> None:
    address = f"/exchange/repair/{here.pool_id}/sheet/?category=16&outcome=fixed"
    assert "얼마나 걸렸나요?" in signed_in(here.member).get(address).content.decode()


def test_wrong_minutes_come_back_with_the_field_named(here: Cafe) -> None:
    client = signed_in(here.member)
    address = f"/exchange/repair/{here.pool_id}/sheet/?category=16&outcome=fixed&minutes=2:60"
    response = client.post(address, {"key": "k1"})
    assert response.status_code == 422
    assert "봉사 시간" in response.content.decode()
    assert Agreement.rows.count() == 0


def test_visitor_and_stranger_cannot_record(here: Cafe) -> None:
    address = f"/exchange/repair/{here.pool_id}/sheet/?category=16&outcome=fixed&minutes="
    for client in (Client(), signed_in(here.stranger)):
        assert client.post(address, {"key": "k1"}).status_code == 404
        assert "이 모임의 기록을 적을 수 없습니다" in client.get(address).content.decode()
    assert Agreement.rows.count() == 0


def test_many_lines_are_saved_together_or_not_at_all(here: Cafe) -> None:
    client = signed_in(here.keeper)
    address = f"/exchange/repair/{here.pool_id}/many/"
    lines = {"category_1": "16", "outcome_1": "fixed", "category_3": "7", "outcome_3": "unknown"}
    bad = client.post(address, {"key": "a", **lines, "minutes_3": "x"})
    assert (bad.status_code, Agreement.rows.count()) == (422, 0)
    assert 'href="#f-minutes_3"' in bad.content.decode()
    assert client.post(address, {"key": "b", **lines}).status_code == 303
    assert sums() == {"repair.attempt": 2, "repair.fixed": 1}


def test_host_opens_an_event(here: Cafe) -> None:
    client = signed_in(here.keeper)
    assert here.host.name in client.get("/exchange/repair/new/").content.decode()
    body = {
        "key": "e", "organisation_id": str(here.host.id), "title": "6월 모임", "place": "회관",
        "on": "2026-06-14", "opens": "13:00", "closes": "17:00",
    }  # fmt: skip
    assert client.post("/exchange/repair/new/", body).status_code == 303
    assert "6월 모임" in Client().get("/exchange/repair/").content.decode()
    wrong = client.post("/exchange/repair/new/", {**body, "key": "f", "closes": "12:00"})
    assert (wrong.status_code, "끝" in wrong.content.decode()) == (422, True)


def test_host_cancels_with_a_reason_and_nobody_else(here: Cafe) -> None:
    address = f"/exchange/repair/{here.pool_id}/"
    body = {"key": "c1", "reason": "비가 많이 옵니다"}
    assert signed_in(here.stranger).post(address, body).status_code == 404
    assert signed_in(here.member).post(address, body).status_code == 403
    keeper = signed_in(here.keeper)
    assert keeper.post(address, {"key": "c2", "reason": "비"}).status_code == 422
    assert keeper.post(address, body).status_code == 303
    assert "취소됨" in Client().get(address).content.decode()
    with pytest.raises(Refusal) as caught:
        record(here, {"category": 16, "outcome": "fixed"})
    assert caught.value.name == "exchange.pool_not_open"


def test_owner_hands_in_and_the_case_goes_its_way(here: Cafe) -> None:
    owner, fixer, keeper = (signed_in(a) for a in (here.stranger, here.member, here.keeper))
    brought = owner.post(
        f"/exchange/repair/{here.pool_id}/bring/",
        {"key": "o", "category": "16", "problem": "안 켜져요"},
    )
    address = brought["Location"]
    assert "접수함" in owner.get(address).content.decode()
    assert Client().get(address).status_code == 404

    def step(client: Client, name: str, state: str, **answers: str) -> int:
        body = {"key": f"{name}-{state}", "transition": name, "state": state, **answers}
        return client.post(address, body).status_code

    assert step(keeper, "triage", "submitted") == 303
    assert step(fixer, "claim", "queued") == 303
    assert step(owner, "start", "assigned") == 403
    assert step(fixer, "start", "assigned") == 303
    assert step(fixer, "start", "assigned") == 303, "the same key, the first answer"
    assert step(fixer, "result", "in_repair", outcome="fixed", minutes="40") == 303
    assert "돌려받고 결과 확인하기" in owner.get(address).content.decode()
    assert "노트북" in owner.get("/me/").content.decode()
    assert step(owner, "hand_back", "assessed") == 303
    assert sums() == {"repair.attempt": 1, "repair.fixed": 1, "time.volunteer": 40}
    correct = {
        "key": "c",
        "do": "correct",
        "why": "typo",
        "outcome": "unknown",
        "reason": "잘못 적었음",
    }
    assert keeper.post(address, correct).status_code == 303
    assert sums() == {"repair.attempt": 1}


def test_export_is_for_those_who_work_there(here: Cafe) -> None:
    record(here, {"category": 16, "outcome": "fixed", "problem": "비밀"})
    page = "/exchange/repair/export.csv"
    assert Client().post(page).status_code == 403
    assert signed_in(here.stranger).post(page).status_code == 403
    assert not ExportRecord.rows.exists()
    text = sent_file(signed_in(here.keeper).post(page)).decode()
    assert len(text.splitlines()) == 2
    assert "비밀" not in text
    kept = ExportRecord.rows.get()
    assert (kept.kind, kept.row_count, kept.actor) == ("exchange.repairs", 1, here.keeper.id)


ORDS = (
    b"id,data_provider,country,product_category_id,repair_status,event_date\n"
    b"rc_7,Cafe,KOR,16,Fixed,2025-06-07\nrc_8,Cafe,KOR,16,Fixed,\n"
)


def test_keeper_imports_a_file_and_reads_what_became_of_it(here: Cafe) -> None:
    client = signed_in(here.keeper)
    address = "/exchange/repair/import/"
    body = {"key": "i", "organisation_id": str(here.host.id)}
    sent = client.post(address, {**body, "file": SimpleUploadedFile("r.csv", ORDS)})
    text = sent.content.decode()
    assert (sent.status_code, Agreement.rows.count()) == (200, 1)
    assert "번호의 꼴이 표준과 다름" in text
    assert "3번째 줄" in text
    wrong = client.post(address, {**body, "file": SimpleUploadedFile("r.csv", b"\xb0\xa1,1\n")})
    assert (wrong.status_code, Agreement.rows.count()) == (422, 1)
    assert client.post(address, body).status_code == 422


def test_visitor_imports_nothing(here: Cafe) -> None:
    address = "/exchange/repair/import/"
    for client in (Client(), signed_in(here.stranger)):
        assert client.get(address).status_code == 200
        client.post(address, {"key": "i", "file": SimpleUploadedFile("r.csv", ORDS)})
    assert Agreement.rows.count() == 0
