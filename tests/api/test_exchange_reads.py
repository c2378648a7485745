"""Reads of the local app: what is public for everybody, what is one's own behind a token."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dure.core.actors import Actor
from dure.exchange.processes import PROCESSES, newest
from tests.api.test_acting import made
from tests.exchange import hubs
from tests.exchange.neighbours import NOW, Bank, ask, bank, hold, library, offer, step
from tests.harness.clock import Clock
from tests.harness.people import MAPO, district
from tests.web.food_world import OPEN

pytestmark = pytest.mark.django_db


@pytest.fixture
def _now(clock: Clock) -> None:
    clock.at(NOW)
    district(MAPO)


def get(path: str, status: int = 200, token: str = "") -> dict[str, object]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    response = Client().get(f"/api/v1/{path}", headers=headers)
    assert response.status_code == status, response.content
    told: dict[str, object] = response.json()
    return told


def rows(told: dict[str, object]) -> list[dict[str, object]]:
    found = told["items"]
    assert isinstance(found, list)
    return found


@pytest.mark.usefixtures("_now")
def test_public_listings_are_read_with_filters_and_others_are_not() -> None:
    here = bank()
    giver = here.neighbour()
    shown = offer(giver, audience="public", title="베란다 고치기")
    hidden = offer(giver, audience="district", title="이웃에게만")
    told = get("listings?gives_back=hours&side=offer&q=ㅂㄹㄷ")
    assert [row["id"] for row in rows(told)] == [shown] and told["total"] == 1
    assert rows(told)[0]["gives_back"] == "hours"
    assert get(f"listings/{shown}")["title"] == "베란다 고치기"
    assert get(f"listings/{hidden}", 404) == get(f"listings/{uuid4()}", 404)
    assert str(giver.id) not in json.dumps(get("listings"))
    get("listings?gives_back=gold", 422)
    get("listings?district=마포", 422)


@pytest.mark.usefixtures("_now")
def test_things_say_how_many_are_free_now() -> None:
    here = library()
    drill = here.thing(lanes=2, audience="public")
    assert [(row["id"], row["lanes"], row["free_now"]) for row in rows(get("things"))] == [
        (drill, 2, 2)
    ]
    hold(here.neighbour(), drill, "10T09:00", "10T12:00")
    (row,) = rows(get("things?q=드릴"))
    assert (row["free_now"], row["fee"], row["deposit"]) == (1, 1_000, 20_000)
    assert get("things?q=톱")["total"] == 0


def test_a_cycle_is_read_with_its_products_and_no_buyer(clock: Clock) -> None:
    clock.at(OPEN)
    here = hubs.hub()
    here.load(hubs.item("감자"), hubs.item("대파"))
    (row,) = rows(get("food-cycles"))
    assert row["id"] == str(here.cycle) and row["open"] is True and row["products"] == 2
    whole = get(f"food-cycles/{here.cycle}")
    goods = whole["goods"]
    assert isinstance(goods, list)
    assert sorted(one["title"] for one in goods) == ["감자", "대파"]
    assert whole["tie_salt"] == "" and len(str(whole["tie_commitment"])) == 64
    assert get("food-cycles?past=true")["total"] == 0
    get(f"food-cycles/{uuid4()}", 404)


@pytest.mark.usefixtures("_now")
def test_every_process_is_read_as_it_is_declared() -> None:
    response = Client().get("/api/v1/processes")
    told = {one["key"]: one for one in response.json()}
    assert set(told) == {one.key for one in PROCESSES}
    for key, one in told.items():
        declared = newest(key)
        assert declared is not None and one["version"] == declared.version
        assert len(one["arrows"]) == len(declared.transitions)
        ends = {arrow["target"] for arrow in one["arrows"]}
        assert ends | {a["source"] for a in one["arrows"]} - {None} <= set(one["states"])
    assert get("processes/time_exchange") == told["time_exchange"]
    get("processes/moon", 404)


@pytest.fixture
def asked(_now: None) -> tuple[Bank, Actor, Actor, str]:
    """A neighbour who has asked another for help."""
    here = bank()
    giver, taker = here.neighbour(), here.neighbour()
    return here, giver, taker, ask(taker, offer(giver))


def test_my_agreements_show_the_steps_that_i_may_take(
    asked: tuple[Bank, Actor, Actor, str],
) -> None:
    _, giver, taker, case = asked
    (row,) = rows(get("agreements", token=made(giver.id)[0]))
    assert (row["id"], row["process"], row["state"]) == (case, "time_exchange", "asked")
    steps = row["steps"]
    assert isinstance(steps, list) and {one["name"] for one in steps} >= {"accept", "decline"}
    theirs = get(f"agreements/{case}", token=made(taker.id, purpose="read")[0])
    names = theirs["steps"]
    assert isinstance(names, list) and "accept" not in {one["name"] for one in names}
    assert theirs["until"] is not None and theirs["waits_for"]
    step(taker, case, "withdraw")
    token = made(taker.id, purpose="exchange")[0]
    assert get("agreements", token=token)["total"] == 0
    assert get("agreements?closed=true", token=token)["total"] == 1


def test_what_a_step_asks_is_told_as_a_schema(asked: tuple[Bank, Actor, Actor, str]) -> None:
    _, giver, _, case = asked
    step(giver, case, "accept")
    told = get(f"agreements/{case}", token=made(giver.id)[0])
    steps = told["steps"]
    assert isinstance(steps, list)
    claim = next(one for one in steps if one["name"] == "claim")
    assert "minutes" in claim["asks"]["properties"]


def test_nobody_else_reads_an_agreement(asked: tuple[Bank, Actor, Actor, str]) -> None:
    here, giver, _, case = asked
    for path in ("agreements", f"agreements/{case}"):
        get(path, 401)
        get(path, 403, made(giver.id, purpose="budgeting")[0])
    own = Client().get(
        "/api/v1/agreements", headers={"Authorization": f"Bearer {made(giver.id)[0]}"}
    )
    assert own["Cache-Control"] == "private, no-store"
    other = made(here.neighbour().id)[0]
    assert get("agreements", token=other)["total"] == 0
    assert get(f"agreements/{case}", 404, other) == get(f"agreements/{uuid4()}", 404, other)


@pytest.mark.usefixtures("_now")
def test_more_rows_take_no_more_queries() -> None:
    here = bank()
    giver = here.neighbour()
    for number in range(3):
        offer(giver, audience="public", title=f"일 {number}")
    with CaptureQueriesContext(connection) as few:
        get("listings?limit=1")
    with CaptureQueriesContext(connection) as all_of_them:
        get("listings?limit=3")
    assert len(few) == len(all_of_them)
