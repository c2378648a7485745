"""The page on which a published vote is counted again with something changed."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import replace

import pytest
from django.test import Client

from dure.budgeting import trying
from dure.core.actions import run
from dure.engines.pb.pabulib_writing import write
from tests.budgeting.calls import NOW, official, voting
from tests.engines.pb.elections import worked
from tests.engines.pb.test_pabulib_writing import META
from tests.harness.clock import Clock
from tests.harness.people import MAPO, district

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_files")]


@pytest.fixture(autouse=True)
def _fresh(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    clock.at(NOW)
    district(MAPO)
    monkeypatch.setattr(trying, "_begun", deque())
    trying._answers.clear()


@pytest.fixture
def address() -> str:
    return imported({"name": "greedy", "ties": ["id"]})


def imported(rule: dict[str, object]) -> str:
    body = {
        "district": MAPO,
        "title": "지난 투표",
        "year": 2026,
        "source": "시험",
        "content": write(replace(worked(), meta=META)).encode(),
        "rule": rule,
    }
    made = run("budgeting.election.import", body, official()).result
    return f"/budget/{made.id}/what-if/"


def read(address: str, status: int = 200) -> str:
    response = Client().get(address)
    assert response.status_code == status, address
    return re.sub(r"\s+", " ", response.content.decode())


def test_nothing_is_counted_until_something_is_asked(address: str) -> None:
    shown = read(address)
    assert "생각해 보는 실험입니다" in shown
    assert "이랬다면 뽑힐 사업" not in shown
    assert "A thought experiment" in read(f"/en{address}")
    assert not trying._answers


def test_another_rule_stands_beside_the_real_result(address: str) -> None:
    shown = read(f"{address}?rule=mes-cost&code1=B&cost1=1,700,000&budget=&step=")
    assert "새로 뽑히는 사업 0개, 빠지는 사업 1개" in shown and "빠짐" in shown
    assert "1,700,000원" in shown and "(실제 2,000,000원)" in shown
    permalink = re.findall(r'href="(/budget/[^"]+/what-if/\?[^"]+)"', shown)[-1]
    assert "budget" not in permalink.partition("?")[2]
    assert "빠짐" in read(permalink.replace("&amp;", "&"))
    assert "새로 뽑힘" in read(f"{address}?rule=mes-cost")
    assert Client().get(f"{address}?rule=mes-cost")["X-Robots-Tag"] == "noindex, nofollow"
    same = read(f"{address}?budget=5,000,000")
    assert "뽑히는 사업이 그대로입니다" in same


@pytest.mark.parametrize(
    ("query", "status", "text"),
    [
        ("budget=-1", 422, "쓸 수 있는 돈"),
        ("budget=0", 422, "쓸 수 있는 돈"),
        ("budget=1e9", 422, "쓸 수 있는 돈"),
        ("budget=99999999999999999999", 422, "쓸 수 있는 돈"),
        ("code1=A", 422, "바꾼 비용을 적어 주세요"),
        ("cost1=5", 422, "어느 사업의 비용인지"),
        ("code1=ZZ&cost1=5", 404, "세어 보지 못했습니다"),
        ("rule=nonsense", 422, "셀 수 없는 규칙"),
        ("rule=mes-cost&completion=add1", 422, "한 표당 늘릴 돈"),
        ("rule=mes-cost&completion=nonsense", 422, "목록에서"),
    ],
)
def test_what_cannot_be_asked_is_said_at_its_field(
    address: str, query: str, status: int, text: str
) -> None:
    page = read(f"{address}?{query}", status)
    assert text in page
    assert page.count('role="alert"') == 1  # one summary of what is wrong, not two


@pytest.mark.parametrize("query", ["part=nonsense", "part=00000000-0000-0000-0000-000000000000"])
def test_a_part_that_is_not_there_is_not_found(address: str, query: str) -> None:
    read(f"{address}?{query}", 404)


def test_too_many_counts_ask_for_patience(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trying, "COUNTS_A_MINUTE", 1)
    read(f"{address}?budget=1000")
    refused = Client().get(f"{address}?budget=1001")
    assert refused.status_code == 429 and refused["Retry-After"]
    read(f"{address}?budget=1000")


def test_nothing_is_tried_while_a_vote_is_open() -> None:
    here = voting()
    assert "아직 결과가 없습니다" in read(f"/budget/{here.id}/what-if/?budget=1000")
    assert not trying._answers


def test_the_price_of_a_loser_leads_to_a_count_in_which_it_wins() -> None:
    rule = {"name": "mes", "satisfaction": "cost", "completion": "none", "ties": ["id"]}
    result = read(imported(rule).replace("what-if", "result"))
    links = re.findall(r'href="(/budget/[^"]+/what-if/\?part=[^"]+)"', result)
    assert any(link.endswith("code1=B&amp;cost1=1700000") for link in links)
    for link in links:
        assert "새로 뽑힘" in read(link.replace("&amp;", "&"))
