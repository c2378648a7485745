"""Carpool (카풀), version 1: a seat in a neighbour's car, on every leg of the way, all or none.

A rider's part of the cost is held when the driver accepts, and moves when the rider confirms, or
when a coordinator judges. Metres are stated only where both have tapped, or a coordinator judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator

from dure.core import parsers
from dure.core.text import T
from dure.core.types import Count, Line
from dure.engines.sphere import distance_m
from dure.exchange.declaration import (
    HAND_OUT,
    HOLD_SLOT,
    HOLD_VALUE,
    RELEASE_SLOT,
    SETTLE,
    VOID_VALUE,
    Effect,
    Fact,
    Guard,
    Price,
    Process,
    Role,
    Seen,
    States,
    Wanted,
    notify,
    record,
    ruled,
    start,
    step,
    timer,
)
from dure.exchange.meeting_points import chosen_no_more
from dure.exchange.riding import share_won, stop_at, trip_of


class S(States):
    """How far a shared ride has come."""

    ASKED = "asked", "부탁함", "Asked"
    ACCEPTED = "accepted", "약속됨", "Agreed"
    BOARDED = "boarded", "타고 있음", "On board"
    ALIGHTED = "alighted", "내림", "Got out"
    REVIEW = "review", "살펴보는 중", "Being looked at"
    SETTLED = "settled", "마침", "Settled"
    DECLINED = "declined", "사양함", "Declined"
    CANCELLED = "cancelled", "취소됨", "Cancelled"
    EXPIRED = "expired", "답 없이 지나감", "Expired"
    NO_SHOW = "no_show", "나오지 않음", "Nobody came"
    VOIDED = "voided", "없던 일로 함", "Void"


RIDER = Role("rider", T("타는 사람", "rider"), pays=True, confirms=True)
DRIVER = Role("driver", T("운전하는 사람", "driver"))
COORDINATOR = Role("coordinator", T("코디네이터", "coordinator"), trusted=True, works="hosting")

UNITS = {"won": "KRW", "voucher": "VCH"}
SHARED = "카풀 비용 나눔"
PROVED = ("both_taps", "judged")
NoteText = Annotated[str, BeforeValidator(parsers.note)]


@dataclass(frozen=True, slots=True)
class Terms:
    """From which stop to which; `share` and `proof` are what it came to, written at the end."""

    board: Line
    alight: Line
    note: NoteText | None = None
    share: Count | None = None
    proof: Line | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """What is wrong, in the words of who disputes it."""

    why: NoteText


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rider pays in the end, in won; never more than was held."""

    share: Count


def metres(seen: Seen) -> int:
    """The straight way from boarding to alighting; as corrected, if it was."""
    corrected: int | None = seen.qty
    if corrected is not None:
        return corrected
    trip = trip_of(seen.asset)
    halts = {stop.key: stop for stop in trip.stops} if trip is not None else {}
    board, alight = (
        halts.get(key) or stop_at(key) for key in (seen.terms.board, seen.terms.alight)
    )
    assert board is not None and alight is not None, seen.terms
    return distance_m(board.point, alight.point)


def fits(seen: Seen) -> T | None:
    """A ride begins and ends where and when its trip can be; nobody brings along the outcome."""
    trip, terms = trip_of(seen.asset), seen.terms
    if trip is None:
        return T("함께 타는 차가 아닙니다", "this is no shared ride")
    if terms.share is not None or terms.proof is not None:
        return T("몫은 끝난 뒤에 정해집니다", "the share is settled at the end")
    if terms.board == terms.alight or None in (stop_at(terms.board), stop_at(terms.alight)):
        return T("타는 곳과 내리는 곳을 골라 주세요", "choose where to get in and out")
    span = trip.span(terms.board, terms.alight)
    known = {stop.key for stop in trip.stops}
    if chosen_no_more({terms.board, terms.alight} - known):
        return T("더는 고르지 않는 만나는 곳입니다", "that meeting point is chosen no more")
    if span is None:
        on_the_way = seen.starts and seen.ends and trip.departs <= seen.starts
        if not on_the_way or seen.ends is None or seen.ends > trip.until:
            return T("이 차가 가는 때가 아닙니다", "the trip is not there at that time")
        return None
    first, last = trip.stops[span.start], trip.stops[span.stop]
    if (seen.starts, seen.ends) != (trip.at(first), trip.at(last)):
        return T("이 차가 서는 때가 아닙니다", "the trip does not halt at that time")
    return None


def wanted(seen: Seen) -> tuple[Wanted, ...]:
    """A seat on every leg from boarding to alighting.

    A leg belongs to one trip of one day: its slot is the whole trip's, so that the seats stay
    counted when a new stop makes the trip a little later.
    """
    trip = trip_of(seen.asset)
    assert trip is not None
    span = trip.span(seen.terms.board, seen.terms.alight)
    assert span is not None, "stops are put in before seats are taken"
    return tuple(Wanted(trip.legs[n], trip.departs, trip.until) for n in span)


def price(seen: Seen) -> tuple[Price, ...]:
    """The rider's part of the running cost, never a fare; nothing where it is a gift."""
    trip = trip_of(seen.asset)
    if trip is None or trip.back not in UNITS:
        return ()
    most = share_won(metres(seen), trip.won_per_km, trip.share_won_max)
    return (Price(UNITS[trip.back], most, RIDER.key, DRIVER.key, SHARED),)


def settled(seen: Seen, price: Price) -> int:
    """As judged; else the share among all who sat in the car."""
    judged = seen.answers.get("judge")
    if judged is not None:
        decided: int = judged.share
        return min(decided, price.amount)
    share: int | None = seen.terms.share
    return price.amount if share is None else min(share, price.amount)


def facts(seen: Seen) -> tuple[Fact, ...]:
    """Metres not driven apart, where the ride is proved."""
    if seen.terms.proof not in PROVED:
        return ()
    ended = min(seen.moments.get("alight", seen.ends or seen.now), seen.now)
    began = min(seen.moments.get("board", seen.starts or ended), ended)
    return (Fact("ride.shared", metres(seen), began, ended),)


LIMIT = Guard("within_limit", T("잔액과 상한 안인가", "within the limits"))
SUITED = Guard("suited", T("서로 바라는 것이 맞는가", "what both ask is met"))
SEATS = Guard("seats", T("구간마다 자리가 남았는가", "a seat on every leg"))
SOON = Guard("about_to_leave", T("떠날 때가 되었는가", "it is about to leave"))
LEFT = Guard("has_left", T("떠날 때가 지났는가", "it should have left"))
PLAN = Effect("plan_stops")
CLOSE = Effect("close_ride")
RODE = record("ride.shared", evidence="B")
LATE = "exchange.ride.late_minutes"
BOTH = (RIDER, DRIVER)

CARPOOL = Process(
    "carpool",
    version=1,
    sector="sharing",
    text=T("함께 타기", "Shared ride"),
    states=S,
    roles=(RIDER, DRIVER, COORDINATOR),
    terms=Terms,
    asset_kind="trip",
    price=price,
    settled=settled,
    wanted=wanted,
    facts=facts,
    fits=fits,
    transitions=(
        start(
            "ask",
            S.ASKED,
            T("자리 부탁하기", "Ask for a seat"),
            by=(RIDER,),
            binds=RIDER,
            meets=DRIVER,
            needs=("asset", "slot"),
            when=(SUITED,),
            do=(notify(DRIVER),),
        ),
        step(
            "accept",
            S.ASKED,
            S.ACCEPTED,
            T("함께 타기로 하기", "Take them along"),
            by=(DRIVER,),
            when=(LIMIT, SEATS),
            do=(PLAN, HOLD_SLOT, HOLD_VALUE, notify(RIDER)),
        ),
        step(
            "decline",
            S.ASKED,
            S.DECLINED,
            T("사양하기", "Decline"),
            by=(DRIVER,),
            do=(notify(RIDER),),
        ),
        step(
            "withdraw",
            S.ASKED,
            S.CANCELLED,
            T("부탁 거두기", "Take it back"),
            by=(RIDER,),
            do=(notify(DRIVER),),
        ),
        timer(
            "expire",
            S.ASKED,
            S.EXPIRED,
            ruled("exchange.ride.answer_hours"),
            T("답 없이 기한이 지남", "Time passed without an answer"),
            do=(notify(RIDER),),
        ),
        step(
            "cancel",
            S.ACCEPTED,
            S.CANCELLED,
            T("함께 타기 취소하기", "Cancel the ride"),
            by=BOTH,
            do=(RELEASE_SLOT, VOID_VALUE, notify(*BOTH)),
        ),
        step(
            "no_show",
            S.ACCEPTED,
            S.NO_SHOW,
            T("나오지 않았다고 알리기", "Say that nobody came"),
            by=(DRIVER, RIDER),
            when=(LEFT,),
            says="inspect",
            do=(RELEASE_SLOT, VOID_VALUE, notify(*BOTH)),
        ),
        step(
            "board",
            S.ACCEPTED,
            S.BOARDED,
            T("탔어요", "On board"),
            by=BOTH,
            when=(SOON,),
            says="inspect",
            do=(HAND_OUT,),
        ),
        timer(
            "not_boarded",
            S.ACCEPTED,
            S.REVIEW,
            ruled(LATE, "start"),
            T("탔다는 말 없이 시간이 지남", "Time passed and nobody said that they got in"),
            do=(RELEASE_SLOT,),
        ),
        step(
            "alight",
            S.BOARDED,
            S.ALIGHTED,
            T("내렸어요", "Got out"),
            by=BOTH,
            says="inspect",
            do=(RELEASE_SLOT, notify(RIDER)),
        ),
        timer(
            "not_alighted",
            S.BOARDED,
            S.REVIEW,
            ruled(LATE, "end"),
            T("내렸다는 말 없이 시간이 지남", "Time passed and nobody said that they got out"),
            do=(RELEASE_SLOT,),
        ),
        step(
            "confirm",
            S.ALIGHTED,
            S.SETTLED,
            T("잘 타고 왔다고 확인하기", "Confirm the ride"),
            by=(RIDER,),
            says="confirm",
            do=(CLOSE, RODE, SETTLE, notify(DRIVER)),
        ),
        step(
            "dispute",
            S.ALIGHTED,
            S.REVIEW,
            T("다르다고 알리기", "Dispute"),
            by=BOTH,
            asks=Why,
            says="dispute",
            do=(notify(*BOTH),),
        ),
        timer(
            "unconfirmed",
            S.ALIGHTED,
            S.REVIEW,
            ruled("exchange.ride.confirm_days"),
            T("확인 없이 기한이 지남", "Time passed without confirmation"),
        ),
        step(
            "judge",
            S.REVIEW,
            S.SETTLED,
            T("몫 정하기", "Decide the share"),
            by=(COORDINATOR,),
            asks=Judged,
            do=(CLOSE, RODE, SETTLE, notify(*BOTH)),
        ),
        step(
            "void",
            S.REVIEW,
            S.VOIDED,
            T("없던 일로 하기", "Make void"),
            by=(COORDINATOR,),
            do=(VOID_VALUE, notify(*BOTH)),
        ),
    ),
)
