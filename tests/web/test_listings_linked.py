"""A listing as linked data: what is public goes out, nobody's name, and a price only in won."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client

from dure.core.actors import Role
from dure.exchange.models import Listing, Spec
from tests.harness.people import MAPO, organisation, person_with
from tests.web.test_listings import AT, HERE, listing
from tests.web.walk import client_of

pytestmark = pytest.mark.usefixtures("db")


def read(found: Listing, language: str = "", status: int = 200) -> dict[str, object]:
    answer = Client().get(f"{language}{HERE}{found.id}/offer.jsonld")
    assert answer.status_code == status
    if status != 200:
        return {}
    assert answer["Content-Type"].startswith("application/ld+json")
    told: dict[str, object] = answer.json()
    return told


def test_an_offer_goes_out_whole_and_names_no_person() -> None:
    me = person_with(Role.RESIDENT, district=MAPO)
    window = DateTimeTZRange(AT, AT + timedelta(days=2), "[)")
    spec = Spec.rows.get(scheme="dure", code="repair_light")
    found = listing("등 갈아 드려요", me, spec=spec, window=window, text="높은 곳도 됩니다")
    told = read(found)
    assert told["@context"] == "https://schema.org" and told["@type"] == "Offer"
    assert told["itemOffered"] == {"@type": "Service", "name": spec.ko}
    assert read(found, "/en")["itemOffered"] == {"@type": "Service", "name": spec.en}
    assert told["price"] == "0" and told["priceCurrency"] == "KRW"
    assert str(told["availabilityStarts"]).startswith("2026-05-10T05:00")
    assert told["areaServed"] == {"@type": "AdministrativeArea", "name": "마포구"}
    assert str(told["url"]).endswith(f"{HERE}{found.id}/")
    assert "offeredBy" not in told and str(me.id) not in str(told)


def test_an_organisation_is_named_and_hours_are_no_price() -> None:
    me = person_with(Role.RESIDENT, district=MAPO)
    hall = organisation()
    hours = listing("회의실", me, organisation=hall, reciprocity="hours", rate=60)
    won = listing("회의실 하루", me, organisation=hall, reciprocity="won", rate=5_000)
    assert read(hours)["offeredBy"] == {"@type": "Organization", "name": hall.name}
    assert "price" not in read(hours) and read(won)["price"] == "5000"


def test_a_request_is_a_demand_without_a_price() -> None:
    me = person_with(Role.RESIDENT, district=MAPO)
    told = read(listing("등 갈아 주실 분", me, side="request", reciprocity="won", rate=5_000))
    assert told["@type"] == "Demand" and "price" not in told


@pytest.mark.parametrize("hidden", [{"audience": "district"}, {"state": "paused"}])
def test_what_is_not_public_is_not_found_by_its_own_maker_either(hidden: dict[str, str]) -> None:
    me = person_with(Role.RESIDENT, district=MAPO)
    found = listing("이웃에게만", me, **hidden)
    read(found, status=404)
    page = client_of(me).get(f"{HERE}{found.id}/")
    assert page.status_code == 200 and "offer.jsonld" not in page.content.decode()
    assert client_of(me).get(f"{HERE}{found.id}/offer.jsonld").status_code == 404
    assert Client().get(f"{HERE}{uuid4()}/offer.jsonld").status_code == 404


def test_the_page_leads_to_the_file() -> None:
    found = listing("누구나", person_with(Role.RESIDENT, district=MAPO))
    page = Client().get(f"{HERE}{found.id}/").content.decode()
    assert 'type="application/ld+json"' in page and "offer.jsonld" in page
