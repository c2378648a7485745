"""Suggestions as pages: reasons in words, why not with its number, take, decline, leave, desk."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.exchange.models import Agreement, Listing, Match, Spec
from tests.exchange.neighbours import Bank, at, bank, offer
from tests.harness.clock import Clock
from tests.harness.people import MAPO, person_with
from tests.web.walk import client_of

pytestmark = pytest.mark.usefixtures("db")
NOW = "2026-05-10T14:00:00+09:00"
TUESDAY = {"starts": at("12T09:00"), "ends": at("12T12:00")}
PLACE = {"latitude_e5": 3_755_000, "longitude_e5": 12_691_000}
NEAR = {"latitude_e5": 3_757_700, "longitude_e5": 12_691_000}


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)


@pytest.fixture
def here() -> Bank:
    return bank()


@pytest.fixture
def keeper() -> Actor:
    return person_with(Role.STAFF, district=MAPO)


def put_up(actor: Actor, side: str, code: str = "house", **more: object) -> str:
    pk = Spec.rows.get(scheme="dure", code=code).id
    body = {"spec_id": pk, "unit": "MIN", "qty_max": 60, "district": MAPO, **more}
    return offer(actor, side, **body)


def a_match(here: Bank, keeper: Actor) -> tuple[Actor, Actor, str, str, str]:
    """Who asks, who offers, their listings, the suggestion."""
    anna, ben = here.neighbour(), here.neighbour()
    wish = put_up(anna, "request", **TUESDAY, **PLACE)
    give = put_up(ben, "offer", **TUESDAY, **NEAR)
    run("exchange.match.run", {"district": MAPO}, keeper)
    return anna, ben, wish, give, str(Match.rows.get().id)


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def test_both_sides_read_the_reasons_in_words(here: Bank, keeper: Actor) -> None:
    anna, ben, wish, give, one = a_match(here, keeper)
    for actor, listing in ((anna, wish), (ben, give)):
        page = text(client_of(actor), f"/exchange/listings/{listing}/matches/")
        assert "2.2 km 거리" in page and "(화)에 비어 있음" in page and "바라는 솜씨 그대로" in page
    page = text(client_of(anna), f"/en/exchange/proposals/{one}/")
    assert "2.2 km away" in page and "free on" in page and "exactly this skill" in page
    text(client_of(here.neighbour()), f"/exchange/listings/{wish}/matches/", 404)
    text(client_of(here.neighbour()), f"/exchange/proposals/{one}/", 404)


def test_balance_of_another_is_never_told(here: Bank, keeper: Actor) -> None:
    anna, ben = here.neighbour(), here.neighbour()
    pay = put_up(ben, "request", "garden")
    run("exchange.listing.answer", {"listing_id": pay}, anna)
    body = {
        "process": "time_exchange", "start": "request", "listing_id": pay,
        "other_id": str(anna.id), "terms": ({"name": "minutes", "value": "315"},),
    }  # fmt: skip
    case = str(run("exchange.agreement.open", body, ben).result.id)
    for actor, name in ((anna, "accept"), (anna, "claim"), (ben, "confirm")):
        answers = ({"name": "minutes", "value": "315"},) if name == "claim" else ()
        state = Agreement.rows.get(id=case).state
        step = {"agreement_id": case, "transition": name, "state": state, "answers": answers}
        run("exchange.agreement.step", step, actor)
    wish, give = put_up(anna, "request"), put_up(ben, "offer")
    run("exchange.match.run", {"district": MAPO}, keeper)
    one = Match.rows.get(offer=give).id
    theirs = text(client_of(anna), f"/exchange/proposals/{one}/")
    assert "시간이 모자라는 이웃" in theirs and "5시간 15분" not in theirs
    assert "5시간 15분" in text(client_of(ben), f"/exchange/proposals/{one}/")
    assert "시간이 모자라는 이웃" in text(client_of(anna), f"/exchange/listings/{wish}/matches/")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"reciprocity": "gift"}, "주고받는 것이 다릅니다"),
        ({"code": "pets"}, "다른 솜씨입니다"),
        (
            {"starts": at("12T11:50"), "ends": at("12T13:00")},
            "함께 비는 때가 10분뿐입니다. 적어도 15분",
        ),
        ({"qty_min": 90, "qty_max": 120}, "많아야 60인데 적어도 90"),
        ({"latitude_e5": 3_765_000}, ""),
    ],
)
def test_why_not_names_the_first_rule_with_its_number(
    here: Bank, keeper: Actor, more: dict[str, object], told: str
) -> None:
    anna, ben = here.neighbour(), here.neighbour()
    wish = put_up(anna, "request", **TUESDAY, **PLACE)
    body: dict[str, object] = {**TUESDAY, **NEAR, "title": "다른 글", **more}
    put_up(ben, "offer", str(body.pop("code", "house")), **body)
    run("exchange.match.run", {"district": MAPO}, keeper)
    page = text(client_of(anna), f"/exchange/listings/{wish}/matches/")
    assert "아직 맞는 이웃이 없습니다" in page
    assert told in page if told else "다른 글" not in page, "beyond the farthest way nobody asks"


def test_requester_takes_on_the_page(here: Bank, keeper: Actor) -> None:
    anna, _, _, give, one = a_match(here, keeper)
    form = {"do": "take", "on": "2026-05-12", "at": "10:00", "minutes": "60"}
    answer = client_of(anna).post(f"/exchange/proposals/{one}/", form)
    case = Agreement.rows.get()
    assert answer.status_code == 303
    assert answer["Location"] == f"/exchange/agreements/{case.id}/"
    assert (str(case.listing_id), case.terms["minutes"]) == (give, 60)
    assert "지금 할 일이 없습니다" in text(client_of(anna), f"/exchange/proposals/{one}/")


def test_decline_wants_a_reason_of_the_list(here: Bank, keeper: Actor) -> None:
    _, ben, _, give, one = a_match(here, keeper)
    client_of(ben).post(f"/exchange/proposals/{one}/", {"do": "decline", "why": "time"})
    assert Match.rows.get().reasons[-1] == {"code": "declined", "why": "time"}
    assert "이미 답한 제안" in text(client_of(ben), f"/exchange/listings/{give}/matches/")


def test_leave_and_come_back(here: Bank, keeper: Actor) -> None:
    _, ben, _, give, _ = a_match(here, keeper)
    path = f"/exchange/listings/{give}/matches/"
    client_of(ben).post(path, {"do": "leave"})
    assert Listing.rows.get(id=give).terms == {"unmatched": "yes"}
    assert "이어 주기에서 빠져 있습니다" in text(client_of(ben), path)
    client_of(ben).post(path, {"do": "join"})
    assert Listing.rows.get(id=give).terms == {}


def test_desk_lists_who_is_unmatched_and_asks_for_a_run(here: Bank, keeper: Actor) -> None:
    path = "/exchange/desk/matching/"
    assert "짝이 없는 요청이 없습니다" in text(client_of(keeper), path)
    put_up(here.neighbour(), "request", title="외로운 부탁")
    page = text(client_of(keeper), path)
    assert "외로운 부탁" in page and "아직 이어 본 적이 없습니다" in page
    text(client_of(here.neighbour()), path, 404)
    answer = client_of(keeper).post(path, {"district": MAPO})
    assert answer.status_code == 303 and "/me/jobs/" in answer["Location"]


def test_more_neighbours_cost_no_more_queries(here: Bank, keeper: Actor) -> None:
    anna = here.neighbour()
    wish = put_up(anna, "request", **TUESDAY, **PLACE)
    client = client_of(anna)
    text(client, "/me/")  # the first one begins a session

    def asked(path: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            text(client, path)
        return len(seen)

    def neighbours(count: int) -> tuple[int, int]:
        for _ in range(count):
            put_up(here.neighbour(), "offer", **TUESDAY, **NEAR)
            put_up(here.neighbour(), "offer", "garden", **NEAR)
        run("exchange.match.run", {"district": MAPO}, keeper)
        return asked(f"/exchange/listings/{wish}/matches/"), asked("/me/")

    few, many = neighbours(1), neighbours(5)
    page = text(client, f"/exchange/listings/{wish}/matches/")
    assert page.count("/exchange/proposals/") == 5, "the control: as many as the rule lets be"
    assert (many[0] - few[0], many[1] - few[1]) == (0, 0)
