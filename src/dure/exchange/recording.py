"""What a finished repair states to the journal.

Law: an attempt is stated once, a success beside it, volunteer time only when somebody measured
or wrote it down; free text, brand and provider never leave this room.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dure.core import clock, facts
from dure.engines.ords_words import Outcome
from dure.journal.models import Event, Factor

from .processes.repair import Result

AVOIDED = "repair.avoided."
PURPOSE = "avoided"
MICROGRAMS_A_GRAM = 10**6


@dataclass(frozen=True, slots=True)
class Recorded:
    """One case as the journal needs it."""

    agreement_id: UUID
    case_id: UUID
    organisation_id: UUID | None
    district: str
    category: int | None
    origin: str
    ended: datetime
    result: Result
    evidence: str = "A"
    proof: UUID | None = None
    part: str = ""


def factors() -> tuple[Factor, ...]:
    """All factors of avoided emissions, oldest first; one query for any number of cases."""
    rows = Factor.rows.filter(code__startswith=AVOIDED, purpose=PURPOSE)
    return tuple(rows.order_by("year", "seq"))


def category_code(category: int | None) -> str:
    """The dimension value of a device category."""
    return "unknown" if category is None else f"{category:02d}"


def factor_of(known: Iterable[Factor], category: int | None, on: date) -> Factor | None:
    """The factor of a category in force on a day, newest year last; None = not known."""
    code = AVOIDED + category_code(category)
    found = None
    for factor in known:
        upper = factor.valid.upper
        if factor.code == code and factor.valid.lower <= on and (upper is None or on < upper):
            found = factor
    return found if found is not None and found.micrograms is not None else None


def grams(factor: Factor) -> int:
    """Whole grams of one piece, rounded half to even."""
    assert factor.micrograms is not None
    whole, rest = divmod(factor.micrograms, MICROGRAMS_A_GRAM)
    half = MICROGRAMS_A_GRAM // 2
    return whole + (rest > half or (rest == half and whole % 2 == 1))


def state(cases: Iterable[Recorded]) -> int:
    """Note attempts, successes and volunteer time of these cases; gives the new events."""
    held = list(cases)
    by_code = _by_code(factors())
    attempts = [_row(case, "attempt", 1, _dims(case)) for case in held]
    fixed = [_fixed(case, by_code) for case in held if case.result.outcome is Outcome.FIXED]
    times = [
        _row(case, "time", case.result.minutes, {"activity": "repair"})
        for case in held
        if case.result.minutes is not None
    ]
    return (
        facts.note("repair.attempt", rows=attempts)
        + (facts.note("repair.fixed", rows=fixed) if fixed else 0)
        + (facts.note("time.volunteer", rows=times) if times else 0)
    )


def _by_code(known: Iterable[Factor]) -> Mapping[str, tuple[Factor, ...]]:
    sorted_out: dict[str, list[Factor]] = {}
    for factor in known:
        sorted_out.setdefault(factor.code, []).append(factor)
    return {code: tuple(rows) for code, rows in sorted_out.items()}


def _dims(case: Recorded) -> dict[str, str]:
    return {
        "outcome": case.result.outcome.value,
        "category": category_code(case.category),
        "origin": case.origin,
    }


def _row(case: Recorded, part: str, qty: int, dims: dict[str, str], **more: object) -> facts.Row:
    return facts.Row(
        source=f"exchange.agreement:{case.agreement_id}:{part}{case.part}",
        qty=qty,
        district=case.district,
        org=case.organisation_id,
        ended=case.ended,
        evidence=case.evidence,
        proof=case.proof,
        case_id=case.case_id,
        dims=dims,
        **more,  # type: ignore[arg-type]  # factor and grams of a success
    )


def _fixed(case: Recorded, by_code: Mapping[str, tuple[Factor, ...]]) -> facts.Row:
    known = by_code.get(AVOIDED + category_code(case.category), ())
    factor = factor_of(known, case.category, clock.kst_date(case.ended))
    if factor is None:
        return _row(case, "fixed", 1, _dims(case))
    return _row(case, "fixed", 1, _dims(case), factor=str(factor.uid), gco2e=grams(factor))


def unstate(events: Iterable[Event], part: str, reason: str) -> int:
    """Reverse events of this room, each under its label; gives the number of reversals."""
    by_label: dict[str, list[facts.Row]] = {}
    for event in events:
        by_label.setdefault(event.label.code, []).append(
            facts.Row(
                source=f"{event.source}{part}",
                qty=event.qty,
                district=event.district,
                corrects=event.uid,
                correction="reversal",
                reason=reason,
            )
        )
    return sum(facts.note(label, rows=rows) for label, rows in by_label.items())
