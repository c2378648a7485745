"""When timers fall due: after a state was entered, or at a moment of the case or its pool."""

from __future__ import annotations

from datetime import datetime, timedelta

from dure.core.actions import line
from dure.exchange import rows
from dure.exchange.declaration import Due, Process, States
from dure.exchange.models import Agreement, Timer

OF_CASE = {"start": "starts", "end": "ends", "due": "ends"}
GRACE = timedelta(days=90)  # a hold outlives the last timer of its case by so much


def timers(agreement: Agreement, process: Process, state: States, now: datetime) -> list[Timer]:
    """The timers of a state that was just entered."""
    return [
        Timer(
            agreement=agreement,
            transition=transition.name,
            due_at=due_at(transition.due, now, agreement),
            audit=line().id,
        )
        for transition in process.leaving(state)
        if transition.due is not None
    ]


def due_at(due: Due, entered: datetime, agreement: Agreement) -> datetime:
    """When a timer falls due; a moment that has passed is due at once."""
    offset = _offset(due, agreement)
    if due.anchor == "entered":
        return entered + offset
    return max(entered, _moment(due.anchor, agreement, entered) + offset)


def _offset(due: Due, agreement: Agreement) -> timedelta:
    if not due.rule:
        return due.offset
    scopes = [("district", agreement.district_id)]
    if agreement.organisation_id is not None:
        scopes.insert(0, ("bylaw", str(agreement.organisation_id)))
    count = rows.here().rule(due.rule, tuple(scopes)).integer
    return timedelta(**{due.rule.rpartition("_")[2]: count})


def _moment(anchor: str, agreement: Agreement, entered: datetime) -> datetime:
    if anchor in OF_CASE:
        found: datetime | None = getattr(agreement, OF_CASE[anchor])
        return found if found is not None else entered
    pool = agreement.pool
    assert pool is not None, f"{anchor} is a moment of a pool"
    moment: datetime | None = getattr(pool, anchor)
    return moment if moment is not None else pool.closes


def last_moment(agreement: Agreement, process: Process, now: datetime) -> datetime:
    """No timer of this version can fall due later, whatever way the case goes; with its grace."""
    length = timedelta()
    latest = now
    for transition in process.transitions:
        due = transition.due
        if due is None:
            continue
        length += _offset(due, agreement)
        if due.anchor != "entered":
            latest = max(latest, _moment(due.anchor, agreement, now))
    return latest + length + GRACE
