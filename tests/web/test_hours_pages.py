"""Pools of hours and rounds as pages: what is asked, shown before anybody agrees, and opened."""

from __future__ import annotations

import pytest
from django.test import Client

from dure.core.actors import Actor
from dure.exchange.models import Agreement, Claim, Pool
from tests.exchange.neighbours import NOW, Bank, at, bank
from tests.exchange.test_hours_rounds import propose, ring
from tests.harness.clock import Clock
from tests.ledger.givens import an_account
from tests.web.walk import client_of

pytestmark = pytest.mark.usefixtures("db")
HERE = "/exchange/pools/"


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)


@pytest.fixture
def here() -> Bank:
    found = bank()
    an_account(found.book, organisation=found.host, unit="TIME", lo=0)
    return found


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def post(actor: Actor, path: str, **form: str) -> str:
    answer = client_of(actor).post(path, form)
    assert answer.status_code == 303, answer.content.decode()[:2000]
    return str(answer["Location"])


def test_pool_of_hours_from_opening_to_division(here: Bank, clock: Clock) -> None:
    form = {"organisation_id": str(here.host.id), "title": "봄 나눔", "closes": "2026-05-15"}
    path = post(here.keeper, f"{HERE}new/?kind=gift", **form)
    giver, taker = here.neighbour(), here.neighbour()
    assert "로그인하면" in text(Client(), path)
    post(giver, path, do="give", minutes="60")
    post(taker, path, do="ask", minutes="90")
    page = text(client_of(taker), path)
    assert "지금 1시간 30분 바랐습니다" in page and "마감한 뒤에" in page
    clock.at(at("16T09:00"))
    assert "규칙대로 나누기" in text(client_of(here.keeper), path)
    assert "규칙대로 나누기" not in text(client_of(taker), path)
    post(here.keeper, path, do="divide")
    page = text(client_of(taker), path)
    assert "1시간 30분 바랐고 1시간 받았습니다" in page and "파일과 같음" in page
    assert Pool.rows.get().state == "settled"


def test_refused_form_says_so_and_changes_nothing(here: Bank) -> None:
    form = {"organisation_id": str(here.host.id), "title": "봄 나눔", "closes": "2026-05-15"}
    path = post(here.keeper, f"{HERE}new/?kind=gift", **form)
    answer = client_of(here.neighbour()).post(path, {"do": "give", "minutes": "50"})
    assert answer.status_code == 422 and "15분 단위" in answer.content.decode()
    assert Pool.rows.get().estate == 0
    assert client_of(here.neighbour()).get(f"{HERE}new/").status_code == 404


def test_round_shows_only_own_lines_and_opens_what_was_agreed(here: Bank) -> None:
    people = ring(here)
    path = f"{HERE}{propose(here)}/"
    page = text(client_of(people[0]), path)
    assert page.count("해 주기:") == 1 and page.count("받기:") == 1
    assert "이대로 동의하기" in page and "약속 열기" not in page
    stranger = text(client_of(here.neighbour()), path)
    assert "이 회차에 내 것은 없습니다" in stranger and "해 주기:" not in stranger
    assert "해 주기:" not in text(Client(), path)
    assert "3명" not in text(Client(), path) and "3명" in page, "few: sums are for those in it"
    for actor in people:
        post(actor, path, do="agree")
    assert "동의했습니다" in text(client_of(people[0]), path)
    assert "3 / 3" in text(client_of(here.keeper), path)
    post(here.keeper, path, do="run")
    assert Agreement.rows.filter(state="scheduled").count() == 3
    page = text(client_of(people[0]), path)
    assert page.count("약속 보기") == 2 and "이대로 동의하기" not in page


def test_round_is_proposed_anew_by_a_link(here: Bank) -> None:
    ring(here)
    old = propose(here)
    assert f"instead_of={old}" in text(client_of(here.keeper), f"{HERE}{old}/")
    form = {"organisation_id": str(here.host.id), "title": "다시"}
    new = post(here.keeper, f"{HERE}new/?kind=round&instead_of={old}", **form)
    assert "다시 제안한 회차가 있습니다" in text(client_of(here.keeper), f"{HERE}{old}/")
    assert "이 회차가 대신한 것" in text(client_of(here.keeper), new)
    assert Claim.rows.filter(pool=old).count() == 3, "the old one stays as it was"
