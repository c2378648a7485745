"""Every view of the exchange and of notices, asked with what no form sends: never a fault of ours.

The names of the fields are read from the source of each view, so that a new one is tried as well.
"""

from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver
from django.utils.translation import override

from dure.core.actors import Actor, Role
from tests.exchange.neighbours import bank
from tests.harness.clock import Clock
from tests.harness.people import JONGNO, MAPO, organisation, person_with
from tests.web.food_world import OPEN, a_food
from tests.web.ride_world import a_road, ask
from tests.web.test_matching import a_match
from tests.web.walk import client_of

WEB = Path(__file__).resolve().parents[2] / "src" / "dure" / "interfaces" / "web"
FIELD = re.compile(r'(?:GET|POST)(?:\.get|\.getlist)?[\[(]"(\w+)"|picked\(request, "(\w+)"')
BODY = re.compile(r"body_of\(([^)]*)\)")
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
HOSTILE = ("9" * 40, "2200-12-31", "1900-01-01", "../%s%(x)s{0}")
Views = list[tuple[str, str]]  # pattern, module


def views() -> Views:
    """Each view of the exchange and of notices."""
    found: Views = []

    def below(patterns: list[URLPattern | URLResolver], prefix: str) -> None:
        for one in patterns:
            here = prefix + str(one.pattern)
            if isinstance(one, URLResolver):
                below(one.url_patterns, here)
            elif here.startswith(("exchange/", "me/notices", "push-worker")):
                found.append((f"/{here}", one.callback.__module__.rpartition(".")[2]))

    with override("ko"):
        below(get_resolver().url_patterns, "")
    return found


def fields_of(module: str) -> list[str]:
    """The fields that the views of a module read."""
    text = (WEB / f"{module}.py").read_text()
    found = {one or other for one, other in FIELD.findall(text)}
    for arguments in BODY.findall(text):
        found |= set(re.findall(r'"(\w+)"', arguments))
    return sorted(found - {"key"})


class Town:
    """A hub, a road, a suggestion: what the addresses name, and who reads them."""

    def __init__(self) -> None:
        food, road = a_food(), a_road()
        keeper = person_with(Role.STAFF, district=MAPO)
        asks, _, wish, _, match = a_match(bank(), keeper)
        self.ids = {
            "cycle_id": food.cycle,
            "product_id": food.potatoes,
            "producer_id": str(food.hub.producer.id),
            "agreement_id": food.baskets[0],
            "asset_id": road.trip,
            "listing_id": wish,
            "match_id": match,
            "pool_id": food.potatoes,
            "organisation_id": str(food.hub.host.id),
            "key": "carpool",
            "form": "csv",
            "feed": "gbfs",
        }
        self.rides = {**self.ids, "agreement_id": ask(road.rider, road.trip)}
        people = (food.hub.keeper, road.driver, asks, keeper, food.buyers[0], Actor.anonymous())
        self.clients = [client_of(one) for one in people]

    def addresses(self, pattern: str) -> set[str]:
        """The addresses of a view."""
        both = (self.ids, self.rides) if "agreement_id" in pattern else (self.ids,)
        return {
            ARGUMENT.sub(lambda one, ids=ids: ids.get(one[1], str(uuid4())), pattern)  # type: ignore[misc]  # bound at once
            for ids in both
        }

    def reader(self, path: str) -> Client | None:
        """The first who finds something there."""
        return next((one for one in self.clients if one.get(path).status_code == 200), None)


@pytest.mark.usefixtures("db")
def test_no_address_of_the_exchange_is_a_fault_of_ours(clock: Clock) -> None:
    clock.at(OPEN)
    town = Town()
    faults, asked = [], 0
    for pattern, module in views():
        fields = fields_of(module)
        for path in town.addresses(pattern):
            client = town.reader(path)
            for value in HOSTILE if client is not None and fields else ():
                assert client is not None
                status = client.get(path, dict.fromkeys(fields, value)).status_code
                asked += 1
                if status >= 500:
                    faults.append((path, value[:40], status))
    assert faults == []
    assert asked > 100, "the control: pages were found and asked"


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("path", ["/exchange/food/", "/exchange/listings/", "/en/organisations/"])
def test_the_character_that_no_database_keeps_is_refused_in_both_languages(path: str) -> None:
    for query in ("q=%00", "place=a%00b", "%00=1"):
        answer = Client().get(f"{path}?{query}")
        assert answer.status_code == 400 and "character" in answer.content.decode(), query
    assert Client().get(f"{path}?q=%2500").status_code == 200, "that is three characters"


def found_by(client: Client, town: Town) -> set[str]:
    """The views with an id in their address that show this reader something."""
    return {
        pattern
        for pattern, _ in views()
        if "<" in pattern
        for path in town.addresses(pattern)
        if client.get(path).status_code == 200
    }


CYCLE, LISTING = "/exchange/food/<uuid:cycle_id>/", "/exchange/listings/<uuid:listing_id>/"
PUBLIC = {
    CYCLE,
    f"{CYCLE}dfc.jsonld",
    "/exchange/food/products/<uuid:product_id>/",
    LISTING,
    f"{LISTING}offer.jsonld",
    "/exchange/processes/<slug:key>/simulation/",
    "/exchange/rides/<uuid:asset_id>/",
}
TO_ANSWER = {f"{LISTING}answer/"}  # who is signed in may answer a public listing


@pytest.mark.usefixtures("db")
def test_strangers_find_what_is_public_and_nothing_of_a_case(clock: Clock) -> None:
    clock.at(OPEN)
    town = Town()
    resident = person_with(Role.RESIDENT, district=JONGNO)
    staff = person_with(Role.STAFF, district=JONGNO)
    board = person_with(Role.BOARD, organisation=organisation("다른 모임", district_sig=JONGNO))
    assert found_by(Client(), town) == PUBLIC
    for actor in (resident, staff, board):
        assert found_by(client_of(actor), town) == PUBLIC | TO_ANSWER
