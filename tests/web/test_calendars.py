"""The calendar of a member: a real parser reads it, the address opens nothing else, and it ends."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client
from icalendar import Calendar

from dure.core import tokens
from dure.exchange.models import Commitment
from dure.registry.models import Person
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.web.share_world import Share, a_share, step
from tests.web.test_listings import text_of
from tests.web.walk import client_of

HERE = "/exchange/calendar/"


@pytest.fixture(autouse=True)
def _now(db: object, clock: Clock) -> None:
    clock.at("2026-05-10T14:00:00+09:00")


@pytest.fixture
def share() -> Share:
    return a_share()


def address(share: Share) -> str:
    """A new address of Bada's calendar, as the page shows it once."""
    page = client_of(share.bada).post(HERE, {"key": str(uuid4())}).content.decode()
    found = re.search(r"/exchange/calendar/(dure_\w+)\.ics", page)
    assert found, page[:2000]
    return found.group(0)


def events(path: str) -> dict[str, str]:
    """UID → status of what a calendar programme reads."""
    answer = Client().get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    read = Calendar.from_ical(answer.content)
    return {str(one["UID"]): str(one["STATUS"]) for one in read.walk("VEVENT")}


def test_feed_is_read_by_a_parser_with_the_ids_and_states_of_the_commitments(
    share: Share,
) -> None:
    path = address(share)
    held = {f"{one.id}@dure": "TENTATIVE" for one in Commitment.rows.all()}
    assert events(path) == held
    step(share.loan, "cancel", share.bada)
    assert sorted(events(path).values()) == ["CANCELLED", "TENTATIVE"]


def test_withdrawn_unknown_and_foreign_addresses_are_not_found(share: Share) -> None:
    path = address(share)
    token = path.rpartition("/")[2].removesuffix(".ics")
    assert tokens.open_token(token) is None, "a calendar's address opens no API"
    bada = client_of(share.bada)
    found = re.search(r"/me/tokens/[0-9a-f-]+/revoke/", text_of(bada, HERE))
    assert found
    assert bada.post(found.group(0), {"key": str(uuid4())}).status_code == 303
    assert Client().get(path).status_code == 404
    assert Client().get(f"{HERE}{tokens.new_token()}.ics").status_code == 404
    assert Client().get(f"{HERE}x.ics").status_code == 404


def test_address_is_shown_once(share: Share) -> None:
    address(share)
    assert ".ics" not in text_of(client_of(share.bada), HERE)


def test_address_ends_with_who_is_here_no_more(share: Share) -> None:
    path = address(share)
    assert Client().get(path).status_code == 200
    with given() as audit:
        Person.rows.filter(pk=share.bada.id).update(state="paused", audit=audit)
    assert Client().get(path).status_code == 404
