"""Casting: a person's ballot goes into the urn, and that she voted onto the marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from django.db import connection
from pydantic import Field

from dure.budgeting import credentials, policies, subjects
from dure.budgeting.ballot_errors import RAISED, BallotCode
from dure.budgeting.models import Call
from dure.core import jobs
from dure.core.actions import Who, action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.types import UuidText

from .projects import ProjectCode


@dataclass(frozen=True, slots=True)
class Cast:
    """That a ballot lies in the urn, never what it says.

    changed : it took the place of an earlier one
    """

    call_id: str
    changed: bool


@action(
    "budgeting.ballot.cast",
    ko="투표합니다. 마감까지 다시 하면 마지막 표만 셉니다.",
    en="Vote. Until the close a new ballot takes the place of the last one.",
    policy=policies.may_vote,
    letters=policies.EVERYBODY,
    subject=subjects.open_call,
    secret=True,
    writes=(),
    refusals=(CoreCode.NOT_FOUND, *BallotCode),
    constraints=RAISED,
)
def cast_ballot(
    call_id: UuidText,
    items: Annotated[tuple[ProjectCode, ...], Field(max_length=500)],
    points: Annotated[tuple[int, ...], Field(max_length=500)] | None = None,
    *,
    actor: Actor,
) -> Cast:
    """Put a ballot into the urn and the person on the marks, in one transaction.

    items  : codes of projects; in order of rank where the ballot ranks
    points : one for each of `items` where the ballot gives points, else None
    Effects: marks, urn; nothing here says which ballot is whose.
    """
    call = subject(Call)
    assert actor.id is not None
    line().object("budgeting.call", call.id)
    try:
        token = credentials.credential(call.id, actor.id)
    except credentials.KeyMissing:
        raise Refusal(BallotCode.NOT_OPEN) from None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT urn.cast_ballot(%s, %s, %s, %s, %s)",
            (call.id, actor.id, token, list(items), None if points is None else list(points)),
        )
        (is_new,) = cursor.fetchone()
    return Cast(str(call.id), changed=not is_new)


@dataclass(frozen=True, slots=True)
class Shaken:
    """How many slips lie in the urn."""

    slips: int


@action(
    "budgeting.urn.shake",
    ko="투표함을 섞습니다.",
    en="Shake the urn.",
    policy=policies.may_tick,
    letters={Role.OPERATOR: "o"},
    who=(Who.TIMER, Who.OPERATOR),
    faces=("cli", "job"),
    writes=(),
)
def shake_urn(*, actor: Actor) -> Shaken:
    """Write the whole urn anew in a fresh random order, so that no place or number of a row says
    when it came; destroy what is left of the keys of votes that are over. Effects: urn, key files.
    """
    for call_id in _left_over():
        credentials.destroy(call_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT urn.shake()")
        (slips,) = cursor.fetchone()
    return Shaken(slips)


def _left_over() -> frozenset[UUID]:
    """Calls that have a key though nobody can vote in them any more: a stop came in between."""
    keyed = credentials.keyed()
    living = Call.rows.filter(pk__in=keyed, state__in=(Call.State.FROZEN, Call.State.VOTING))
    return keyed - set(living.values_list("pk", flat=True))


def is_shaking_due() -> bool:
    """Whether somebody can vote now, or a key is left; a closed urn needs no shaking."""
    return bool(Call.rows.filter(state=Call.State.VOTING).exists()) or bool(_left_over())


jobs.timer("budgeting.urn.shake", cron="* * * * *", when=is_shaking_due)
