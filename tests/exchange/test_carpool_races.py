"""Sixteen at once on one car: no leg carries more than its seats, and nobody has half a way."""

from __future__ import annotations

from collections import Counter

from dure.core.errors import Refusal
from dure.exchange.models import Agreement, Commitment
from tests.exchange.neighbours import step
from tests.exchange.rides import (
    GONGDEOK,
    HAPJEONG,
    MANGWON,
    NOW,
    SEOUL,
    SINCHON,
    ask,
    offer,
    points,
    road,
    the_trip,
)
from tests.exchange.test_slot_races import WRITERS, together
from tests.harness.clock import Clock

STOPS = (MANGWON, HAPJEONG, SINCHON, GONGDEOK, SEOUL)
WAYS = ((0, 4), (0, 2), (1, 3), (2, 4), (3, 4), (0, 1))
SEATS = 3


def test_sixteen_at_once_never_fill_a_leg_over_its_seats(commits: str, clock: Clock) -> None:
    clock.at(NOW)
    here = road()
    driver = here.neighbour()
    trip = offer(driver, *points(*STOPS), seats=SEATS)
    ways = [WAYS[n % len(WAYS)] for n in range(WRITERS)]
    cases = [ask(here.neighbour(), trip, STOPS[begin], STOPS[end]) for begin, end in ways]
    answered: Counter[str] = Counter()

    def accept(number: int) -> None:
        try:
            step(driver, cases[number], "accept")
        except Refusal as refusal:
            answered[refusal.name] += 1
        else:
            answered["accepted"] += 1

    assert together(accept) == []
    legs = the_trip(trip).legs
    held = Commitment.rows.filter(state="held")
    by_leg = [held.filter(asset_id=leg).count() for leg in legs]
    assert max(by_leg) == SEATS
    lanes = list(held.values_list("asset_id", "lane"))
    assert len(set(lanes)) == len(lanes)
    assert answered["accepted"] >= SEATS
    assert set(answered) <= {"accepted", "exchange.guard", "exchange.slot_taken", "core.busy"}
    for case, (begin, end) in zip(cases, ways, strict=True):
        has_seat = Agreement.rows.get(id=case).state == "accepted"
        taken = set(held.filter(agreement=case).values_list("asset_id", flat=True))
        assert taken == (set(legs[begin:end]) if has_seat else set())


def test_stops_put_in_by_two_at_once_keep_every_seat_on_its_way(commits: str, clock: Clock) -> None:
    """Two detours part the same leg while others take their seats on it."""
    clock.at(NOW)
    here = road()
    driver = here.neighbour()
    trip = offer(driver, *points(MANGWON, SEOUL), seats=8)
    asked = [(HAPJEONG, SEOUL), (SINCHON, SEOUL), (MANGWON, SEOUL), (MANGWON, GONGDEOK)] * 4
    cases = [ask(here.neighbour(), trip, *way) for way in asked]
    refused: Counter[str] = Counter()

    def accept(number: int) -> None:
        try:
            step(driver, cases[number], "accept")
        except Refusal as refusal:
            refused[refusal.name] += 1

    assert together(accept) == []
    assert set(refused) <= {"exchange.guard", "exchange.slot_taken", "core.busy"}
    now = the_trip(trip)
    accepted = 0
    for case, (board, alight) in zip(cases, asked, strict=True):
        taken = set(
            Commitment.rows.filter(agreement=case, state="held").values_list("asset_id", flat=True)
        )
        if Agreement.rows.get(id=case).state == "accepted":
            accepted += 1
            span = now.span(board, alight)
            assert span is not None
            assert taken == {now.legs[n] for n in span}
        else:
            assert taken == set()
    assert accepted >= 8
    held = list(Commitment.rows.filter(state="held").values_list("asset_id", "lane"))
    assert len(set(held)) == len(held)
