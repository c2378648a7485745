"""Avoided emissions: stated again where a factor has become known since."""

from __future__ import annotations

from dataclasses import dataclass

from dure.core import clock, facts
from dure.core.actions import Who, action, line
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.engines.carbon import PPM
from dure.exchange import policies, recording
from dure.exchange.errors import ExchangeCode
from dure.exchange.recording import AVOIDED, PURPOSE
from dure.journal import queries as journal
from dure.journal.actions.factors import derive_factor
from dure.journal.models import Event

FOOTPRINT = "repair.footprint."
DISPLACEMENT = "repair.displacement"


@dataclass(frozen=True, slots=True)
class Estimated:
    """How many kinds have a factor, how many repairs were stated again, how many still lack one."""

    kinds: int
    restated: int
    without_factor: int


@action(
    "exchange.carbon.estimate",
    ko="계수가 생긴 수리의 회피 배출을 다시 적습니다.",
    en="State avoided emissions again for repairs whose factor is known now.",
    policy=policies.may_estimate,
    letters={Role.OPERATOR: "o", Role.OFFICIAL: "d", Role.ANALYST: "p"},
    who=(Who.PERSON, Who.OPERATOR),
    faces=("cli", "job"),
    long=True,
    writes=("journal_event", "journal_factor"),
    labels=("repair.fixed",),
    refusals=(ExchangeCode.NO_FACTORS,),
)
def estimate_avoided(*, actor: Actor) -> Estimated:
    """Multiply footprints by the displacement and restate the successes that had no factor.

    Source: The Restart Project, methodology (displacement 0.5, an assumption). A success that
    has a factor keeps it; a kind without a footprint stays without, it is never 0.
    """
    today = clock.today()
    shares = journal.factors_on(DISPLACEMENT, PURPOSE, today)
    share = shares.get(DISPLACEMENT)
    footprints = journal.factors_on(FOOTPRINT, PURPOSE, today)
    if share is None or share.micrograms is None or not footprints:
        raise Refusal(ExchangeCode.NO_FACTORS)
    assert share.micrograms <= PPM, "a displacement above the whole footprint"
    for code, footprint in sorted(footprints.items()):
        derive_factor(
            AVOIDED + code.removeprefix(FOOTPRINT),
            str(footprint.uid),
            str(share.uid),
            actor=actor,
        )
    restated, without = _restate()
    line().changed("restated", None, restated)
    return Estimated(kinds=len(footprints), restated=restated, without_factor=without)


def _restate() -> tuple[int, int]:
    known = recording.factors()
    bare = journal.standing_events(("repair.fixed",)).filter(factor=None)
    reversals: list[facts.Row] = []
    again: list[facts.Row] = []
    without = 0
    for event in bare:
        category = (event.dims or {}).get("category", "unknown")
        number = int(category) if category.isdecimal() else None
        factor = recording.factor_of(known, number, event.on_date)
        if factor is None:
            without += 1
            continue
        both = {"corrects": event.uid, "reason": Event.Reason.FACTOR.value}
        reversals.append(_row(event, "-fr", correction="reversal", **both))
        again.append(
            _row(
                event,
                "-f",
                correction="restatement",
                factor=str(factor.uid),
                gco2e=recording.grams(factor),
                **both,
            )
        )
    facts.note("repair.fixed", rows=reversals + again)
    return len(again), without


def _row(event: Event, part: str, **more: object) -> facts.Row:
    return facts.Row(
        source=f"{event.source}{part}",
        qty=event.qty,
        district=event.district,
        org=event.org_id,
        began=event.began,
        ended=event.ended,
        evidence=event.evidence,
        proof=event.proof,
        dims=event.dims or {},
        case_id=event.case_id,
        **more,  # type: ignore[arg-type]  # the fields of a correction
    )
