"""What is drawn of a result: money by field as bars with a twin, the winners' places on a map."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import translation

from dure.budgeting.models import Proposal
from dure.budgeting.queries import ballots, turnouts
from dure.budgeting.queries.ballots import Turnout
from dure.budgeting.queries.explanations import Share
from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.text import T
from dure.interfaces.web.budget_result import _chart
from tests.budgeting.calls import NOW, Round, begun, projects, resident, seconded, sent, voting
from tests.harness.clock import Clock
from tests.harness.people import MAPO, district
from tests.web.walk import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_files")]
TYPED = {"step": "check", "title": "골목 의자", "need": "어르신이 쉴 곳이 없어요"}


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)
    district(MAPO)


def published() -> Round:
    voters = [resident() for _ in range(3)]
    here = voting(300_000_000, 150_000_000)
    first, second = (one.code for one in projects(here))
    for voter in voters:
        run("budgeting.ballot.cast", {"call_id": here.id, "items": [first, second]}, voter)
    here.do("close")
    made = run("budgeting.result.compute", {"call_id": here.id}, here.lead).result
    body = {"result_id": made.id, "district": MAPO}
    seconded("budgeting.result.publish", body, here.lead, here.second)
    return here


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return re.sub(r"\s+", " ", response.content.decode())


def test_a_result_without_places_or_fields_draws_neither() -> None:
    here = published()
    shown = text_of(Client(), f"/budget/{here.id}/result/")
    assert "지도의 번호" not in shown and "분야에 가장 많이" not in shown
    assert "이랬다면?" in shown
    assert "What if?" in text_of(Client(), f"/en/budget/{here.id}/result/")


def test_bars_say_who_gets_most_and_fold_the_rest(part: object) -> None:
    names = [T(f"동{at}", f"dong {at}") for at in range(20)]
    shares = [Share(name, 1_000_000 * (30 - at), 1) for at, name in enumerate(names)]
    with translation.override("ko"):
        chart = _chart(shares, T("%(name)s에", "to %(name)s"), T("동", "dong"), part)  # type: ignore[arg-type]  # name alone
    assert chart is not None
    assert chart.title == "동0에"
    assert len(chart.points) == 13
    assert sum(int(point.value or 0) for point in chart.points) == sum(one.won for one in shares)
    assert "· 사업 8개" in chart.points[-1].note


@pytest.fixture
def part() -> object:
    """A part of a result, by its name alone."""
    return type("Part", (), {"name": T("구 전체", "Whole district")})()


def test_a_proposal_is_sent_with_a_point_and_shows_it_on_a_map() -> None:
    here = begun()
    here.do("open")
    client = client_of(resident())
    address = f"/budget/{here.id}/propose/"
    form = text_of(client, address)
    assert 'name="point"' in form and "data-choose=" in form and "place.js" in form
    checked = client.post(address, {**TYPED, "point": "37.56631, 126.90151"}).content.decode()
    assert "37.56631, 126.90151" in checked and 'class="pin"' in checked
    done = client.post(address, {**TYPED, "step": "send", "point": "37.56631, 126.90151"})
    assert done.status_code == 303
    said = Proposal.rows.get(call=here.id)
    shown = text_of(client, f"/budget/proposals/{said.id}/")
    assert 'class="pin"' in shown
    revising = text_of(client, f"/budget/proposals/{said.id}/revise/")
    assert 'value="37.56631, 126.90151"' in revising
    changed = {**TYPED, "point": "37.5555, 126.9123"}
    assert client.post(f"/budget/proposals/{said.id}/revise/", changed).status_code == 303
    assert 'value="37.55550, 126.91230"' in text_of(client, f"/budget/proposals/{said.id}/revise/")


@pytest.mark.parametrize("point", ["우리 집 앞", "35", "37.5, 226.9", "10.12345, 126.90151"])
def test_a_point_that_is_none_is_said_at_its_field(point: str) -> None:
    here = begun()
    here.do("open")
    client = client_of(resident())
    refused = client.post(f"/budget/{here.id}/propose/", {**TYPED, "point": point})
    assert refused.status_code == 422
    assert 'id="e-point"' in refused.content.decode()
    own = sent(here, resident())
    other = client_of_author(own)
    again = other.post(f"/budget/proposals/{own.id}/revise/", {**TYPED, "point": point})
    assert again.status_code == 422


def client_of_author(one: Proposal) -> Client:
    """The author, signed in."""
    return client_of(Actor.person(one.author, origin="web"))


def test_turnout_is_told_beside_a_result_and_hidden_where_few_voted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = published()
    address = f"/budget/{here.id}/result/"
    assert 'id="turnout"' not in text_of(Client(), address)  # three voters
    exact = (Turnout("a", 900, 400, 20), Turnout("b", 90, 4, 0), Turnout("c", 90, 30, 0))
    monkeypatch.setattr(turnouts.ballots, "turnout", lambda call: exact)
    shown = text_of(Client(), address)
    assert "454명 (42.0%)" in shown
    told = shown[shown.index('id="turnout"') :]
    assert "420 (46.6%)" in told
    assert told.count("가림") == 2  # b has too few, and c would follow from the whole
    assert "나이와 성별이 없어" in told


def test_papers_that_count_for_nothing_are_told_beside_a_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    voters = [resident() for _ in range(3)]
    here = voting(300_000_000, 150_000_000)
    for voter in voters:
        run("budgeting.paper.mark", {"call_id": here.id, "person_id": str(voter.id)}, here.lead)
    here.do("close")
    first = projects(here)[0].code
    sheets = [{"serial": "1", "items": [first]}, *({"serial": n, "items": None} for n in "23")]
    for person in (here.lead, here.second):
        run("budgeting.paper.enter", {"call_id": here.id, "batch": "A", "papers": sheets}, person)
    assert ballots.papers_void(here.call.pk) == (0, 0), "control: before they are merged"
    run("budgeting.paper.match", {"call_id": here.id, "batch": "A"}, here.lead)
    assert ballots.papers_void(here.call.pk) == (3, 2)
    made = run("budgeting.result.compute", {"call_id": here.id}, here.lead).result
    body = {"result_id": made.id, "district": MAPO}
    seconded("budgeting.result.publish", body, here.lead, here.second)
    address = f"/budget/{here.id}/result/"
    exact = (Turnout("a", 900, 400, 90),)
    monkeypatch.setattr(turnouts.ballots, "turnout", lambda call: exact)
    shown = text_of(Client(), address)
    assert "무효인 종이 표" in shown and "10장보다 적음" in shown
    monkeypatch.setattr(turnouts.ballots, "papers_void", lambda call: (90, 12))
    assert "12장" in text_of(Client(), address)
    assert "12 papers" in text_of(Client(), f"/en{address}")
    monkeypatch.setattr(turnouts.ballots, "papers_void", lambda call: (0, 0))
    assert "무효인 종이 표" not in text_of(Client(), address)


def test_nothing_of_turnout_is_told_before_the_result() -> None:
    here = voting()
    assert turnouts.published_turnout(here.id, Actor.anonymous()) is None
