"""Public reads of rounds, results and winners; a token for budgeting works in its room alone."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.test import Client

from dure.core.actions import run
from dure.core.actors import Actor
from tests.api.test_acting import made
from tests.budgeting.calls import NOW, Round, begun, official, projects, resident, seconded, sent
from tests.budgeting.calls import voting as open_vote
from tests.harness.clock import Clock
from tests.harness.people import MAPO, district

pytestmark = pytest.mark.django_db
READS = ("", "/proposals", "/projects", "/result", "/winners")


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)
    district(MAPO)


def get(path: str, status: int = 200) -> object:
    response = Client().get(f"/api/v1/{path}")
    assert response.status_code == status, response.content
    return response.json()


def published() -> Round:
    voter = resident()
    here = open_vote()
    run("budgeting.ballot.cast", {"call_id": here.id, "items": [projects(here)[0].code]}, voter)
    here.do("close")
    result = run("budgeting.result.compute", {"call_id": here.id}, here.lead).result
    assert get(f"rounds/{here.id}/result", 404), "counted and not published"
    seconded("budgeting.result.publish", {"result_id": result.id, "district": MAPO},
             here.lead, here.second)  # fmt: skip
    return here


def test_a_round_is_read_with_its_result_and_winners() -> None:
    here = published()
    rounds = get("rounds?district=11440&limit=1")
    assert isinstance(rounds, dict)
    assert (rounds["total"], rounds["items"][0]["id"]) == (1, here.id)
    assert get("rounds?live=true") == {"total": 0, "items": []}
    one = get(f"rounds/{here.id}")
    assert isinstance(one, dict)
    assert one["rule_sha256"] == here.call.rule_set.sha256
    assert one["who_may_vote"]["en"].startswith("people who live")
    result = get(f"rounds/{here.id}/result")
    assert isinstance(result, dict)
    (part,) = result["parts"]
    assert (result["online"], part["ballots"], part["spent_won"]) == (1, 1, 10_000_000)
    assert [(line["code"], line["votes"], line["place"]) for line in part["lines"]] == [
        ("1", 1, 1), ("2", 0, None),
    ]  # fmt: skip
    winners = get(f"rounds/{here.id}/winners")
    assert isinstance(winners, list)
    assert [(row["code"], row["amount_won"], row["silent"]) for row in winners] == [
        ("1", 10_000_000, False)
    ]
    listed = get(f"rounds/{here.id}/projects")
    assert isinstance(listed, list)
    assert [row["cost_won"] for row in listed] == [10_000_000, 20_000_000]


def test_proposals_are_read_without_people_and_without_hidden_ones() -> None:
    here = begun()
    here.do("open")
    one, other = sent(here, author_name="아무개"), sent(here, title="가릴 것")
    body = {"proposal_id": str(other.id), "target": "proposal", "reason_code": "advert"}
    run("budgeting.moderation.hide", body, here.lead, reason="가게 광고입니다")
    found = get(f"rounds/{here.id}/proposals")
    assert isinstance(found, dict)
    assert [row["id"] for row in found["items"]] == [str(one.id)]
    assert "아무개" not in json.dumps(found, ensure_ascii=False)
    assert get(f"rounds/{here.id}/proposals?state=project")["total"] == 0  # type: ignore[index]
    get(f"rounds/{here.id}/proposals?state=moon", 422)
    author = resident()
    gone = sent(here, author, title="거둘 것")
    run("budgeting.proposal.withdraw", {"proposal_id": str(gone.id)}, author)
    assert get(f"rounds/{here.id}/proposals?state=withdrawn")["total"] == 1  # type: ignore[index]


def test_a_draft_is_not_read_and_says_the_same_as_none() -> None:
    here = begun()
    for path in READS:
        assert get(f"rounds/{here.id}{path}", 404) == get(f"rounds/{uuid4()}{path}", 404)
    assert get("rounds") == {"total": 0, "items": []}


@pytest.mark.parametrize(
    ("purpose", "status"),
    [("budgeting", 200), ("all", 200), ("exchange", 403), ("read", 403)],
)
def test_a_token_for_budgeting_works_in_its_room(purpose: str, status: int) -> None:
    lead = official()
    here = begun(lead)
    token, _ = made(lead.id, purpose=purpose)
    response = Client().post(
        "/api/v1/actions/budgeting.call.change",
        json.dumps({"call_id": here.id, "title": "새 이름"}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())},
    )
    assert response.status_code == status
    assert (here.call.title == "새 이름") == (status == 200)


def test_a_token_for_budgeting_opens_no_other_room() -> None:
    person = Actor.person(resident().id)
    token, _ = made(person.id, purpose="budgeting")
    response = Client().post(
        "/api/v1/actions/registry.organisation.rename",
        json.dumps({"organisation_id": str(uuid4()), "name": "다른 이름"}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())},
    )
    assert response.status_code == 403
