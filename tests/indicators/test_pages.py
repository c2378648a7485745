"""The public pages: one release on one light page, four states, both languages, the desk."""

from __future__ import annotations

import gzip
import html
import re
from typing import Any

import pytest
from django.test import Client

from dure.core import clock, door
from dure.core.actors import Actor
from dure.engines import published_heads, release_verify
from dure.indicators.models import ReleaseStep
from dure.interfaces.web import base, fragments, releases
from tests.harness import people
from tests.harness.worker import work_off
from tests.indicators.facts import JONGNO, MAPO, Freeze, Journal

PAGE_BYTES_MAX = 60 * 1024


@pytest.fixture(autouse=True)
def plain_static(settings: Any) -> None:  # Any: pytest-django's settings
    """Static files without the manifest that an installation collects."""
    backend = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": backend}}
    fragments.forget()


@pytest.fixture
def filled(journal: Journal, freeze: Freeze) -> str:
    factor = journal.factor()
    for month in range(1, 10):
        for outcome in ("fixed", "fixed", "repairable", "end_of_life", "unknown"):
            journal.repair(f"2026-{month:02d}-10", outcome, factor=factor, gco2e=130_000)
        journal.repair(f"2026-{month:02d}-11", district=JONGNO, category="15")
    place = people.organisation("두레 하나")
    journal.event("org.active", "2026-01-05", org=place.id, dims={"status": "coop.worker"})
    journal.event("job.heads", "2026-01-05", org=place.id, qty=7)
    return freeze(since="2025-01")


def read(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def words_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.parametrize("start", ["", "/en"])
def test_the_page_is_light_and_has_no_script(filled: str, client: Client, start: str) -> None:
    page = read(client, f"{start}/?district={MAPO}")
    assert len(gzip.compress(page.encode(), 6)) <= PAGE_BYTES_MAX
    assert "<script" not in page and "style=" not in page and "onclick" not in page
    assert page.count("<h1>") == 1


def test_the_headline_and_the_four_states_are_on_the_page(filled: str, client: Client) -> None:
    text = words_of(read(client, f"/?district={MAPO}"))
    assert "2026년 3분기, 마포구에서 6건을 고치거나 다시 썼습니다." in text
    assert "수리를 시도한 물건의 50.00%를 고쳤습니다." in text
    for heading in ("경제", "사회", "환경", "거버넌스", "서울"):
        assert heading in text
    assert "아직 재지 않습니다" in text
    assert "비공개(소수)" in text
    assert "결과 모름 3건은 따로" in text
    assert "추정: 대체율은 가정" in text
    assert "계수 신뢰 등급 3(5가 가장 높음)" in text
    jongno = words_of(read(client, f"/?district={JONGNO}"))
    assert "계수 없음" in jongno
    empty = words_of(read(client, "/?district=11740"))
    assert "0건을 고치거나" in empty and "해당 없음" in empty


def test_every_number_links_to_its_definition_and_release(filled: str, client: Client) -> None:
    page = read(client, "/")
    codes = re.findall(r'href="(/data/definitions/[^"]+)"', page)
    assert len(codes) == 13 + 6 + 6
    for address in {*codes, "/data/releases/1/"}:
        read(client, address)
        read(client, f"/en{address}")


def test_an_english_page_holds_no_korean_but_names(filled: str, client: Client) -> None:
    for address in ("/en/", "/en/city/", "/en/data/", "/en/data/releases/1/", "/en/data/verify/",
                    "/en/data/definitions/", "/en/data/definitions/N1a/",
                    "/en/data/releases/1/cells/"):  # fmt: skip
        body = read(client, address).partition("<main")[2].partition("</main>")[0]
        assert re.findall(r"[가-힣]+", words_of(body)) == [], address


def test_the_bundle_downloads_and_verifies(filled: str, client: Client) -> None:
    head = ReleaseStep.rows.get(state="frozen").head
    listed = read(client, "/data/heads.txt")
    assert re.fullmatch(
        rf"dure-heads 1\nrelease 1 indicators\.release 1 2026-11-21T09:00:00Z {head}\n", listed
    )
    response = client.get("/data/releases/1/release-0001.zip")
    assert response["Content-Type"] == "application/zip"
    report = release_verify.verify(
        response.content, published=published_heads.read(listed.encode())
    )
    assert (report.findings, report.published) == ((), "equal")
    cells = client.get("/data/releases/1/files/cells.csv")
    assert cells.content.startswith(b"indicator,version,")
    for address in ("/data/releases/2/", "/data/releases/1/release-0002.zip",
                    "/data/releases/1/files/secret.csv", "/data/definitions/X9/"):  # fmt: skip
        assert client.get(address).status_code == 404


def test_without_a_release_the_page_says_so(journal: Journal, client: Client) -> None:
    text = words_of(read(client, "/"))
    assert "아직 공표한 숫자가 없습니다." in text
    assert "아직 재지 않습니다" in text
    for address in ("/city/", "/data/", "/data/definitions/", "/data/verify/", "/data/heads.txt"):
        read(client, address)


def test_a_new_release_changes_the_page_at_once(
    journal: Journal, freeze: Freeze, client: Client
) -> None:
    assert "아직 공표한 숫자가 없습니다." in words_of(read(client, "/"))
    journal.repair("2026-07-10")
    freeze()
    assert "1건을 고치거나" in words_of(read(client, "/"))
    journal.repair("2026-07-11")
    assert "1건을 고치거나" in words_of(read(client, "/"))
    freeze(vintage="2")
    assert "2건을 고치거나" in words_of(read(client, "/"))


def test_the_city_page_lists_25_districts(filled: str, client: Client) -> None:
    page = read(client, "/city/")
    assert len(re.findall(r'<th scope="row"><a href="/\?district=\d{5}">', page)) == 26


def test_strangers_do_not_see_the_desk(filled: str, client: Client) -> None:
    assert client.get("/desk/releases/").status_code in (302, 403)


def test_the_desk_takes_a_release_through_three_people(
    journal: Journal,
    client: Client,
    analyst: Actor,
    official: Actor,
    publisher: Actor,
    sign_in: object,
) -> None:
    journal.repair("2026-07-10")
    sign_in(client, analyst)  # type: ignore[operator]  # fixture below
    read(client, "/desk/releases/")
    response = client.post(
        "/desk/releases/new/",
        {"period": "2026-Q3", "since": "2026-01", "vintage": "1", "key": "k-draft"},
    )
    assert response.status_code == 303
    address = response["Location"]
    for verb in ("compute", "check"):
        read(client, address)
        assert client.post(f"{address}{verb}/", {"key": f"k-{verb}"}).status_code == 303
        waiting = read(client, address)
        assert "차례를 기다리고 있습니다." in waiting and f"{address}{verb}/" not in waiting
        assert work_off() == 1
    assert client.post(f"{address}approve/", {"key": "k-own"}).status_code == 403
    sign_in(client, official)  # type: ignore[operator]  # as above
    known = door.load_grants(official, clock.now())
    assert [thing.href for thing in releases.waiting_releases(known)] == [address]
    assert client.post(f"{address}approve/", {"key": "k-approve"}).status_code == 303
    assert releases.waiting_releases(known) == []
    assert client.post(f"{address}freeze/", {"key": "k-same"}).status_code == 403
    sign_in(client, publisher)  # type: ignore[operator]  # as above
    assert "공표하고 굳히기" in read(client, address)
    assert client.post(f"{address}freeze/", {"key": "k-freeze"}).status_code == 303
    assert "공표하고 굳히기" not in read(client, f"/en{address}")
    work_off()
    assert "공표본 1호" in words_of(read(client, "/data/releases/1/"))


def test_a_bad_draft_comes_back_with_what_was_typed(
    journal: Journal, client: Client, analyst: Actor, sign_in: object
) -> None:
    sign_in(client, analyst)  # type: ignore[operator]  # fixture below
    response = client.post(
        "/desk/releases/new/",
        {"period": "2027-Q3", "since": "2026-01", "vintage": "1", "key": "k"},
    )
    assert response.status_code == 409
    assert 'value="2027-Q3"' in response.content.decode()


@pytest.fixture
def sign_in(monkeypatch: pytest.MonkeyPatch) -> object:
    """Let a client act as a person, past the sign-in pages that have their own tests."""

    def enter(client: Client, actor: Actor) -> None:
        monkeypatch.setattr(base, "actor_of", lambda request: actor)
        monkeypatch.setattr(releases, "known_actor", _known(actor))

    return enter


def _known(actor: Actor) -> object:
    return lambda request: door.load_grants(actor, clock.now())
