"""Pages of the journal: meanings for everybody, a desk for stewards, never a single event."""

from __future__ import annotations

import pytest
from django.test import Client

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.exchange.actions.demo import FACTORS
from tests.exchange.cases import NOW, cafe, record
from tests.harness.clock import Clock
from tests.harness.people import MAPO, person_with
from tests.web.test_repair import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_files")]


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_label_has_its_page(prefix: str) -> None:
    text = Client().get(f"{prefix}/data/labels/").content.decode()
    assert text.count("/data/labels/") >= 10
    for code in ("repair.attempt", "repair.fixed", "org.active", "time.volunteer"):
        page = Client().get(f"{prefix}/data/labels/{code}/")
        assert (page.status_code, page.content.decode().count("<h1")) == (200, 1)
    assert Client().get(f"{prefix}/data/labels/repair.nothing/").status_code == 404


def test_factors_show_source_and_what_is_not_known() -> None:
    assert "계수가 없습니다" in Client().get("/data/factors/").content.decode()
    run("journal.factor.load", {"content": FACTORS.read_bytes()}, Actor.operator())
    text = Client().get("/data/factors/").content.decode()
    assert "1건에 200 kg" in text
    assert "0.5 (비율)" in text
    assert text.count("아직 모름") == 3
    assert "가상 자료" in text


def test_desk_is_for_stewards() -> None:
    here = cafe()
    record(here, {"category": 16, "outcome": "fixed"})
    assert Client().get("/desk/labels/").status_code == 403
    assert signed_in(here.stranger).get("/desk/labels/").status_code == 403
    steward = signed_in(person_with(Role.OFFICIAL, district=MAPO))
    text = steward.get("/desk/labels/").content.decode()
    assert "수리 시도" in text
    assert "수리 성공" in text
