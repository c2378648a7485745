"""The API face: operations drawn from the catalogue, one shape of refusal."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.test import Client

from dure.core import tokens
from dure.core.actions import CATALOGUE, run
from dure.core.actors import Actor
from dure.core.models import ApiToken
from dure.interfaces.api.main import api

ADDRESS = "/api/v1/actions/core.token.revoke"


def made(person: object, *, purpose: str = "all", days: int = 1) -> tuple[str, str]:
    token = tokens.new_token()
    body = {"label": "시험", "purpose": purpose, "days": days, "token_hash": tokens.hash_of(token)}
    outcome = run("core.token.create", body, Actor.person(str(person)))
    return token, outcome.result.id


def post(token: str | None, body: object, **headers: str) -> tuple[int, dict[str, object]]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    if token:
        headers["Authorization"] = f"Bearer {token}"
    response = Client().post(ADDRESS, data, content_type="application/json", headers=headers)
    return response.status_code, response.json()


def test_document_names_every_action_with_the_face() -> None:
    paths = api.get_openapi_schema()["paths"]
    drawn = {path.rsplit("/", 1)[1] for path in paths if "/actions/" in path}
    assert drawn == {name for name, entry in CATALOGUE.items() if "api" in entry.faces}


def test_action_runs_and_names_its_line(db: None) -> None:
    token, number = made(uuid4())
    status, answer = post(token, {"token_id": number})
    assert status == 200
    assert answer["result"] == {"id": number}
    assert answer["replayed"] is False
    assert ApiToken.rows.get(id=number).revoked_at is not None


def test_revoked_wrong_and_missing_token_get_the_same_answer(db: None) -> None:
    token, number = made(uuid4())
    post(token, {"token_id": number})
    answers = [
        post(given, {"token_id": number}) for given in (token, tokens.new_token(), "x", None)
    ]
    assert [status for status, _ in answers] == [401] * 4
    assert all(answer == answers[0][1] for _, answer in answers)


def test_token_of_another_person_is_not_found(db: None) -> None:
    token, _ = made(uuid4())
    _, other = made(uuid4())
    foreign = post(token, {"token_id": other})
    missing = post(token, {"token_id": str(uuid4())})
    assert foreign == missing
    assert foreign[0] == 404


def test_reading_token_still_may_not_act_in_a_room(db: None) -> None:
    assert tokens.Opened(Actor.anonymous(), "read").allows("registry") is False
    assert tokens.Opened(Actor.anonymous(), "registry").allows("registry") is True
    assert tokens.Opened(Actor.anonymous(), "registry").allows("exchange") is False
    assert tokens.Opened(Actor.anonymous(), "all").allows("exchange") is True


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"token_id": 1, "token_id": 2}', 422),
        (b'{"token_id": NaN}', 422),
        (b"[" * 21 + b"]" * 21, 422),
        (b"[]", 422),
        (b"{} x", 422),
        (b"\xff", 422),
        (b'{"token_id": "x", "more": 1}', 422),
        (b" " * (1024 * 1024 + 1), 413),
    ],
)
def test_bad_body_is_refused_before_the_action(db: None, body: bytes, status: int) -> None:
    token, _ = made(uuid4())
    answered, answer = post(token, body)
    assert answered == status
    assert set(answer) == {"code", "ko", "en", "fields"}


def test_other_content_type_is_refused(db: None) -> None:
    token, _ = made(uuid4())
    response = Client().post(
        ADDRESS, {"token_id": "x"}, headers={"Authorization": f"Bearer {token}"}
    )
    assert response.status_code == 415


def test_token_lasts_no_longer_than_the_rule(db: None) -> None:
    from dure.core.errors import Refusal

    with pytest.raises(Refusal) as caught:
        made(uuid4(), days=366)
    assert caught.value.name == "core.token_too_long"


def test_token_is_never_stored(db: None) -> None:
    token, number = made(uuid4())
    row = ApiToken.rows.get(id=number)
    assert token not in json.dumps({f.name: str(getattr(row, f.name)) for f in row._meta.fields})
    assert row.token_hash == tokens.hash_of(token)


@pytest.mark.parametrize("path", ["actions", "rules", "seals", "labels", "rules/notice.quiet"])
def test_public_reads_answer(db: None, path: str) -> None:
    assert Client().get(f"/api/v1/{path}").status_code == 200


def test_missing_rule_is_404_in_the_one_shape(db: None) -> None:
    response = Client().get("/api/v1/rules/no.such")
    assert (response.status_code, response.json()["code"]) == (404, "core.not_found")


def test_odd_query_is_422_in_the_one_shape(db: None) -> None:
    response = Client().get("/api/v1/rules?limit=0")
    assert (response.status_code, response.json()["code"]) == (422, "core.bad_field")
