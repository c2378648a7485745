"""Papers at the desk: marked at the booth, typed by two people, merged; others find no page."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from dure.budgeting.models import MoneyBallot
from dure.core.actions import run
from tests.budgeting.calls import NOW, official, projects, resident, staff, voting
from tests.harness.clock import Clock
from tests.harness.people import MAPO, district
from tests.web.walk import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_files")]


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)
    district(MAPO)


def sent(client: Client, address: str, status: int, **form: str) -> str:
    answer = client.post(address, form)
    words = re.sub(r"\s+", " ", answer.content.decode())
    assert answer.status_code == status, words[-3000:]
    return words


def test_papers_go_from_the_booth_to_ballots() -> None:
    voter = resident()
    here = voting()
    address = f"/desk/budget/{here.id}/papers/"
    one, other = client_of(staff()), client_of(official())
    assert client_of(voter).get(address).status_code == 404
    assert "투표소에서 표시하기" in one.get(address).content.decode()
    assert "명부에 없어" in sent(one, address, 403, do="mark", handle="nobody")
    mark = {"call_id": here.id, "person_id": str(voter.id)}
    run("budgeting.paper.mark", mark, here.lead)
    here.do("close")
    first, second = (project.code for project in projects(here))
    typed = {"do": "enter", "batch": "A1", "papers": f"1: {first}, {second}"}
    sent(one, address, 303, **typed)
    sent(other, address, 303, **{**typed, "papers": f"1 {first}"})
    assert "일련번호: 1." in sent(one, address, 409, do="match", batch="A1")
    sent(other, address, 303, **{**typed, "papers": f"1 {second} {first}"})
    shown = one.get(f"/en{address}").content.decode()
    assert "waits" in shown
    assert 'value="1: ' not in shown
    sent(one, address, 303, do="match", batch="A1")
    assert MoneyBallot.rows.filter(call=here.id, channel="paper").count() == 1
    assert "1장 합침" in other.get(address).content.decode()
