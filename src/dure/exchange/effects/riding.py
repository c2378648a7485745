"""Riding: stops put in when a driver takes somebody along, seats by leg, the end of a ride."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from dure.core import clock, rulebook
from dure.core.actions import line
from dure.core.errors import CoreCode, Refusal
from dure.core.running import current
from dure.core.text import T
from dure.engines.carpool_proofs import Evidence, NoProof, Shared, proofs
from dure.engines.sphere import distance_m
from dure.exchange import rerouting
from dure.exchange.cases import people_in
from dure.exchange.declaration import Effect
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Agreement, Asset, Attestation, Commitment
from dure.exchange.models.commitments import OPEN
from dure.exchange.riding import Trip, trip_of

from .underway import Underway, effect, guard
from .value import prices_of

EARLY = timedelta(minutes=30)
AHEAD = {"about_to_leave": EARLY, "has_left": timedelta()}  # guards of time, by how early
PROOF_RULE = "exchange.ride.proof"
TAPS = ("board", "alight", "confirm")


def _trip(step: Underway) -> Trip:
    asset = step.agreement.asset
    trip = trip_of(asset.terms) if asset is not None else None
    assert trip is not None, "a ride is of a trip"
    return trip


@guard("suited")
def suited(step: Underway) -> T | None:
    """A trip whose driver asks something of riders is asked for by the action that compares it
    (`exchange.ride.ask`) alone; to others it is not there."""
    if _trip(step).wants and current().depth == 0:
        raise Refusal(CoreCode.NOT_FOUND, field="asset_id")
    return None


@guard("seats")
def seats(step: Underway) -> T | None:
    """A seat is free on every leg of the way; the database decides again."""
    trip = _trip(step)
    terms = step.agreement.terms
    span = trip.span(terms["board"], terms["alight"])
    if span is None:
        return None
    for number in span:
        leg = Asset.rows.get(pk=trip.legs[number])
        taken = Commitment.rows.filter(asset=leg, state__in=OPEN).count()
        if taken >= leg.lanes:
            begin, end = trip.stops[number].text, trip.stops[number + 1].text
            return T(
                f"{begin.ko}에서 {end.ko}까지 남은 자리가 없습니다",
                f"no seat is left from {begin.en} to {end.en}",
            )
    return None


@guard("about_to_leave")
def about_to_leave(step: Underway) -> T | None:
    """Not earlier than half an hour before the time agreed."""
    starts = step.agreement.starts
    if starts is not None and clock.now() < starts - EARLY:
        return T("아직 떠날 때가 아닙니다", "it is not yet time to leave")
    return None


@guard("has_left")
def has_left(step: Underway) -> T | None:
    """Nobody is missed before the time agreed."""
    starts = step.agreement.starts
    if starts is not None and clock.now() < starts:
        return T("만나기로 한 때가 아직 안 되었습니다", "the time agreed has not come yet")
    return None


@effect("plan_stops")
def plan_stops(step: Underway, what: Effect) -> None:
    """Put both stops on the trip's way, if they are not on it yet; seats are taken after that.

    The trip is locked: nobody takes a leg that is being parted.
    """
    rows = Asset.rows.select_for_update(no_key=True)
    row = rows.get(pk=step.agreement.asset_id)
    step.agreement.asset = row
    trip = _trip(step)
    terms = step.agreement.terms
    if trip.span(terms["board"], terms["alight"]) is not None:
        return
    halts = rerouting.halts_of(terms["board"], terms["alight"])
    planned = rerouting.way_with(trip, *halts) if halts is not None else None
    if planned is None:
        raise Refusal(
            ExchangeCode.GUARD,
            why=T("이제는 돌아가는 길이 너무 깁니다", "the detour has become too long"),
        )
    why = rerouting.kept_waiting(row, planned)
    if why is not None:
        raise Refusal(ExchangeCode.GUARD, why=why)
    rerouting.take_on(row, trip, planned)
    full = seats(step)
    if full is not None:
        raise Refusal(ExchangeCode.GUARD, why=full)


@effect("close_ride")
def close_ride(step: Underway, what: Effect) -> None:
    """Say what the ride came to: the rider's share among all aboard, and whether it is proved."""
    case = step.agreement
    assert case.asset is not None
    trip = _trip(step)
    aboard = {one.id: one for one in rerouting.riders_of(case.asset)}
    aboard[case.id] = case
    among_all = rerouting.shares(trip, aboard.values()).get(case.id, 0)
    judged = step.seen().answers.get("judge")
    share = judged.share if judged is not None else among_all
    share = min(share, sum(price.amount for price in prices_of(step)))
    case.terms = {**case.terms, "share": share, "proof": _proof(step)}
    case.audit = line().id
    case.save(update_fields=["terms", "audit"])
    line().changed("proof", None, case.terms["proof"])


def _proof(step: Underway) -> str:
    """Whether this ride counts: both have tapped, or somebody judged; long enough, and no
    repetition by the same two."""
    case = step.agreement
    rule = rulebook.value(PROOF_RULE).value
    judged = step.case.transition.name == "judge"
    taps = Attestation.rows.filter(agreement=case, transition__in=TAPS)
    both = _is_of_two(taps)
    before, after = _near(case, rule["pause_min"])
    if after:
        return str(NoProof.TOO_SOON)  # a later one counts already
    found = proofs(
        [*before, _shared(case, both or judged)],
        pause_min=rule["pause_min"],
        length_min_m=rule["length_min_m"],
    )[str(case.id)]
    if found is Evidence.PROVEN:
        return "judged" if judged else "both_taps"
    return "told" if found is Evidence.TOLD else str(found)


def _shared(case: Agreement, tapped: bool) -> Shared:
    halts = rerouting.halts_of(case.terms["board"], case.terms["alight"])
    assert halts is not None and case.starts is not None
    pair = [str(one) for role in ("driver", "rider") for one in people_in(case, role)]
    assert len(pair) == 2, case.id
    return Shared(
        str(case.id),
        (pair[0], pair[1]),
        int(case.starts.timestamp()) // 60,
        distance_m(halts[0].point, halts[1].point),
        has_trace=False,
        has_both_taps=tapped,
    )


def _is_of_two(taps: Iterable[Attestation]) -> bool:
    """Whether rider and driver have both tapped, and neither did it for the other."""
    people: dict[str, set[UUID | None]] = {"rider": set(), "driver": set()}
    for tap in taps:
        people.setdefault(tap.role, set()).update({tap.by, tap.acted_for} - {None})
    return all(people.values()) and not people["rider"] & people["driver"]


def _near(case: Agreement, pause_min: int) -> tuple[list[Shared], list[Shared]]:
    """Proved rides of the same two, whoever drove, that began within the pause: until this one
    began, and after it."""
    assert case.starts is not None
    pause = timedelta(minutes=pause_min)
    rows = Agreement.rows.filter(
        process="carpool",
        state="settled",
        starts__gt=case.starts - pause,
        starts__lt=case.starts + pause,
        terms__proof__in=("both_taps", "judged"),
    ).exclude(pk=case.pk)
    for role in ("driver", "rider"):
        for person in people_in(case, role):
            rows = rows.filter(parties__person=person)
    found = list(rows.distinct())
    return (
        [_shared(one, True) for one in found if one.starts and one.starts <= case.starts],
        [_shared(one, True) for one in found if one.starts and one.starts > case.starts],
    )
