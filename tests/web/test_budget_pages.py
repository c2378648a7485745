"""Rounds on pages: the list, one round, voting step by step, the result with its files."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client

from dure.budgeting.queries import ballots
from dure.budgeting.queries.ballots import OwnMark
from dure.budgeting.queries.calls import EnvelopeView, ProjectRow
from dure.budgeting.queries.papers import Paper
from dure.core.actions import run
from dure.core.text import T
from dure.engines.pb.pabulib_writing import write
from dure.interfaces.web.budget_vote import choice_of
from tests.budgeting.calls import NOW, Round, official, projects, resident, seconded, voting
from tests.engines.pb.elections import worked
from tests.engines.pb.test_pabulib_writing import META
from tests.harness.clock import Clock
from tests.harness.people import MAPO, district
from tests.web.walk import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_files")]


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)
    district(MAPO)


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return re.sub(r"\s+", " ", response.content.decode())


def test_a_visitor_reads_the_list_and_a_round_and_is_asked_in_to_vote() -> None:
    here = voting()
    visitor = Client()
    assert "우리 구 주민참여예산" in text_of(visitor, "/budget/")
    assert "Participatory budget" in text_of(visitor, "/en/budget/")
    assert "보여 드릴 공모가 없습니다" in text_of(visitor, "/budget/?q=없는이름")
    shown = text_of(visitor, f"/budget/{here.id}/")
    assert "투표 중" in shown and "10,000,000원" in shown and "로그인하면" in shown
    asked = visitor.get(f"/budget/{here.id}/vote/")
    assert asked.status_code == 403 and "로그인" in asked.content.decode()
    assert visitor.get("/budget/00000000-0000-0000-0000-000000000000/").status_code == 404


def test_a_vote_goes_from_paper_over_check_to_receipt() -> None:
    voter = resident()
    here = voting()
    first, second = (one.code for one in projects(here))
    client = client_of(voter)
    address = f"/budget/{here.id}/vote/"
    assert "투표하기" in text_of(client, f"/budget/{here.id}/")
    assert "고른 것 확인하기" in text_of(client, address)
    checked = client.post(address, {"step": "check", "item": [first]})
    assert "고른 사업 1개" in checked.content.decode()
    assert ballots.own_mark(voter, here.call).channel is None
    back = client.post(address, {"step": "cast", "item": [first], "back": "1"}).content.decode()
    assert f'value="{first}" checked' in back
    done = client.post(address, {"step": "cast", "item": [second]})
    assert done.status_code == 303
    receipt = text_of(client, done["Location"])
    assert "내 표가 투표함에 있습니다" in receipt
    assert second not in re.findall(r"사업 (\S+)", receipt)
    refused = client.post(address, {"step": "cast", "item": ["none"]})
    assert refused.status_code == 422
    assert "고를 수 없는 사업" in refused.content.decode()
    assert text_of(client_of(resident()), address).count("이 공모의 명부에 없습니다") == 1


@pytest.mark.parametrize("typed", ["-1", "1.5", "２", "1e2", "1_0", "9999999"])
def test_numbers_of_a_ballot_are_read_strictly(typed: str) -> None:
    assert choice_of(a_paper("cumulative"), {"n-a": [typed]}).fault is not None


def test_points_and_ranks_become_a_choice() -> None:
    points = choice_of(a_paper("cumulative"), {"n-b": ["4"], "n-a": ["6"], "n-c": ["0"]})
    assert (points.items, points.points) == (("a", "b"), (6, 4))
    ranks = choice_of(a_paper("ordinal"), {"n-b": ["1"], "n-a": ["2"], "n-c": [""]})
    assert (ranks.items, ranks.points) == (("b", "a"), None)
    for given in ({"n-a": ["1"], "n-b": ["1"]}, {"n-a": ["2"]}, {"n-a": ["1"], "n-c": ["3"]}):
        assert choice_of(a_paper("ordinal"), given).fault is not None


@pytest.mark.parametrize(
    ("kind", "limits", "given", "says"),
    [
        ("approval", {"marks_min": 1}, {}, "0개"),
        ("approval", {"marks_max": 1}, {"item": ["a", "b"]}, "2개"),
        ("cumulative", {"points_sum": 5}, {"n-a": ["4"], "n-b": ["2"]}, "6점"),
        ("cumulative", {"points_max": 3}, {"n-a": ["4"]}, "3점까지"),
        ("knapsack", {"spend_max_won": 1}, {"item": ["a", "b"]}, "1원을 1원"),
    ],
)
def test_a_paper_over_a_limit_says_which_before_anything_is_cast(
    kind: str, limits: dict[str, int], given: dict[str, list[str]], says: str
) -> None:
    paper = replace(a_paper(kind), **limits)
    fault = choice_of(paper, given).fault
    assert fault is not None and says in fault.ko
    assert fault.en != fault.ko


def a_paper(kind: str) -> Paper:
    """A paper of three projects as the page has it."""
    none = T("", "")
    rows = tuple(
        ProjectRow(
            uuid4(), code, none, "", 1, None, None, "", None, "gu", none, "", none, "", "",
            None, None, None, None, (), (),
        )
        for code in "abc"
    )  # fmt: skip
    gu = EnvelopeView(uuid4(), "gu", none, 1, "", 3, 3)
    return Paper(
        uuid4(), none, kind, none, ((gu, rows),), 0, None, None, None, None, True, None, True,
        OwnMark(True, "", None, None),
    )  # fmt: skip


def counted(here: Round) -> str:
    here.do("close")
    made = run("budgeting.result.compute", {"call_id": here.id}, here.lead).result
    return str(made.id)


def checked(folder: Path, links: list[str]) -> subprocess.CompletedProcess[str]:
    """What the program of a result says, run beside the files that the page offers."""
    for link in links:
        file = folder / link.rsplit("/", 1)[-1]
        file.write_bytes(Client().get(link).content)
    return subprocess.run(
        [sys.executable, "check_result.py", "certificate.json", "ballots.pb"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_result_is_public_once_two_published_it_and_checks_with_its_own_program(
    tmp_path: Path,
) -> None:
    voter = resident()
    here = voting()
    code = projects(here)[0].code
    run("budgeting.ballot.cast", {"call_id": here.id, "items": [code]}, voter)
    made = counted(here)
    address = f"/budget/{here.id}/result/"
    assert "아직 결과가 없습니다" in text_of(Client(), address)
    assert "아직 공개하지 않은 결과" in text_of(client_of(here.lead), address)
    seconded(
        "budgeting.result.publish", {"result_id": made, "district": MAPO}, here.lead, here.second
    )
    shown = text_of(Client(), address)
    assert "온라인 1표" in shown and "다른 규칙이었다면" in shown
    assert "왜 뽑혔나요?" in shown and "동별로 쓰는 돈" not in shown
    assert "Why did it win?" in text_of(Client(), f"/en{address}")
    links = re.findall(r'href="([^"]+(?:certificate\.json|ballots\.pb|check_result\.py))"', shown)
    told = checked(tmp_path, links)
    assert told.returncode == 0, told.stdout + told.stderr


def test_an_imported_round_shows_where_it_came_from_and_checks_as_well(tmp_path: Path) -> None:
    body = {
        "district": MAPO,
        "title": "지난 투표",
        "year": 2024,
        "source": "구청 공개 자료",
        "content": write(replace(worked(), meta=META)).encode(),
        "rule": {"name": "mes", "satisfaction": "cost", "ties": ["id"]},
    }
    made = run("budgeting.election.import", body, official()).result
    assert "구청 공개 자료" in text_of(Client(), f"/budget/{made.id}/")
    shown = text_of(Client(), f"/budget/{made.id}/result/")
    assert "왜 안 뽑혔나요? B." in shown
    assert "2,500,000원" in shown and "A. A: 800,000원" in shown and "1,700,000원일 때까지" in shown
    links = re.findall(r'href="([^"]+(?:certificate\.json|ballots\.pb|check_result\.py))"', shown)
    told = checked(tmp_path, links)
    assert told.returncode == 0, told.stdout + told.stderr
