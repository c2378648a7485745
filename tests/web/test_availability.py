"""A library's public feed: the documents of GBFS 3.1, names that rotate, nobody named."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.harness.clock import Clock
from tests.web.share_world import Share, a_share, step

FEEDS = (
    "gbfs", "system_information", "station_information", "vehicle_types",
    "vehicle_availability", "system_pricing_plans",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _now(db: object, clock: Clock) -> None:
    clock.at("2026-05-10T14:00:00+09:00")


@pytest.fixture
def share() -> Share:
    return a_share()


def read(share: Share, feed: str) -> Any:  # Any: JSON
    """One document of the feed."""
    answer = Client().get(f"/exchange/library/gbfs/{share.host}/{feed}.json")
    assert answer.status_code == 200, feed
    assert answer.json()["version"] == "3.1"
    return answer.json()["data"]


def test_every_document_that_the_first_one_names_is_there(share: Share) -> None:
    assert {one["name"] for one in read(share, "gbfs")["feeds"]} == set(FEEDS) - {"gbfs"}
    for feed in FEEDS:
        read(share, feed)
    assert Client().get(f"/exchange/library/gbfs/{share.host}/x.json").status_code == 404


def test_windows_leave_the_booking_out_and_name_nobody(share: Share) -> None:
    found = read(share, "vehicle_availability")["vehicles"]
    assert len(found) == 2
    windows = [one["availabilities"] for one in found]
    assert sorted(len(one) for one in windows) == [1, 2]
    text = str(found)
    assert str(share.bada.id) not in text
    assert share.loan not in text


def test_name_of_a_lane_changes_after_a_loan(share: Share, clock: Clock) -> None:
    before = {one["vehicle_id"] for one in read(share, "vehicle_availability")["vehicles"]}
    clock.at("2026-05-12T10:05:00+09:00")
    for actor in (share.bada, share.steward):
        step(share.loan, "check_out", actor)
    clock.at("2026-05-13T10:05:00+09:00")
    step(share.loan, "check_in", share.steward)
    after = {one["vehicle_id"] for one in read(share, "vehicle_availability")["vehicles"]}
    assert len(before & after) == 1
