"""A refused form names its fields as it labels them, and leads to the field at fault."""

from __future__ import annotations

import re
from html import unescape
from uuid import uuid4

import pytest
from django.test import Client

from dure.core.actors import Role
from dure.interfaces.web.base import field_of
from tests.exchange.hubs import hub, item
from tests.harness.clock import Clock
from tests.harness.people import MAPO, person_with
from tests.web.food_world import OPEN
from tests.web.walk import client_of


@pytest.fixture
def resident(db: object, clock: Clock) -> Client:
    clock.at(OPEN)
    return client_of(person_with(Role.RESIDENT, district=MAPO))


def faults(client: Client, path: str, **typed: object) -> list[tuple[str, str]]:
    """The faults of the summary with the fields that they lead to; every field is there."""
    answer = client.post(path, {"key": str(uuid4()), **typed})
    assert answer.status_code == 422
    page = unescape(answer.content.decode())
    found = re.findall(r'<li><a href="#f-([^"]+)">([^<]+)</a></li>', page)
    for name, _sentence in found:
        assert f'id="f-{name}"' in page, name
    return found


@pytest.mark.parametrize(
    ("told", "field"), [("board.point", "board"), ("lines.0.asked", "lines.0.asked"), ("on", "on")]
)
def test_part_of_a_field_is_told_at_the_field(told: str, field: str) -> None:
    assert field_of(told, {"board": "Get in at", "on": "Day"}) == field


def test_empty_field_is_asked_to_be_filled_in(resident: Client) -> None:
    path = "/exchange/listings/new/"
    typed = {"side": "offer", "title": " ", "reciprocity": "gift", "audience": "public"}
    assert faults(resident, path, **typed) == [("title", "제목 칸을 채워 주세요.")]
    assert faults(resident, f"/en{path}", **typed) == [("title", "Please fill in: Title.")]


def test_places_of_a_ride_are_asked_for_at_their_own_fields(resident: Client) -> None:
    asked = faults(resident, "/en/exchange/rides/wish/", on="2026-05-12", at="07:30")
    assert asked == [
        ("board", "Please fill in: Get in at."),
        ("alight", "Please fill in: Get out at."),
    ]
    offered = faults(resident, "/exchange/rides/new/", on="2026-05-12", at="07:30", seats="3")
    assert offered == [("from", "떠나는 곳 칸을 채워 주세요."), ("to", "가는 곳 칸을 채워 주세요.")]


def test_amount_that_is_no_number_is_told_by_the_name_of_its_product(
    db: object, clock: Clock
) -> None:
    clock.at(OPEN)
    here = hub()
    (product,) = here.load(item())
    buyer = client_of(here.buyer())
    found = faults(
        buyer, f"/exchange/food/{here.cycle}/", shown=[product], **{f"n_{product}": "세 묶음"}
    )
    assert found == [(f"n_{product}", "감자: 묶음 수를 숫자로만 적어 주세요. 예: 2")]
