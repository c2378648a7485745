"""Batches of papers as the desk sees them; a typing is shown to its own typist alone.

A third person sees both typings of a paper on which they differ, once both are done.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from dure.budgeting import typings
from dure.budgeting.models import Call, PaperBatch, PaperMatch, kept_q
from dure.budgeting.queries import ballots
from dure.budgeting.typings import Slip
from dure.core.actors import Actor


@dataclass(frozen=True, slots=True)
class BatchRow:
    """How far a batch is.

    people, done : how many typed it, and how many of them to the end
    mine         : whether the actor typed it: "", "typing" or "done"
    merged, void : papers that were merged, and those of them that count for nothing; None before
    differ       : papers on which two finished typings differ still
    may_type     : whether the actor may type it; may_settle: whether she may look as a third
    """

    code: str
    part: str
    people: int
    done: int
    mine: str
    merged: int | None
    void: int | None
    differ: int
    may_type: bool
    may_settle: bool


@dataclass(frozen=True, slots=True)
class Papers:
    """The batches of a call beside the people who were marked at its booths."""

    marked: int
    merged: int
    void: int
    rows: tuple[BatchRow, ...]


@dataclass(frozen=True, slots=True)
class OwnTyping:
    """What the actor typed of a batch herself."""

    part: str
    slips: tuple[Slip, ...]
    is_done: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One paper as two people read it (None: not typed), and what a third one said of it."""

    serial: str
    first: Slip | None
    second: Slip | None
    is_settled: bool
    settled: Slip | None


def papers_view(call_id: UUID, actor: Actor) -> Papers | None:
    """The batches of a call that the actor works for, by code; None where there is none such."""
    call = Call.objects.within(actor).filter(kept_q(actor), pk=call_id).first()
    if call is None:
        return None
    held = PaperBatch.rows.filter(call=call).select_related("match").order_by("code")
    rows = tuple(_row(one, actor) for one in held)
    marked = sum(one.paper for one in ballots.turnout(call)) if call.roll_id else 0
    return Papers(
        marked, sum(row.merged or 0 for row in rows), sum(row.void or 0 for row in rows), rows
    )


def _row(batch: PaperBatch, actor: Actor) -> BatchRow:
    found = typings.typings(batch)
    match: PaperMatch | None = getattr(batch, "match", None)
    own = next((one for one in found if one.person == actor.id), None)
    done = sum(one.is_done for one in found)
    differ = 0 if match else len(typings.differing(batch))
    looked = bool(typings.looks(batch))
    void = sum(slip.items is None for slip in typings.counted(batch).values()) if match else None
    return BatchRow(
        code=batch.code,
        part=batch.part,
        people=len(found),
        done=done,
        mine="" if own is None else "done" if own.is_done else "typing",
        merged=match.slips if match else None,
        void=void,
        differ=differ,
        may_type=match is None and not looked and (own is not None or len(found) < 2),
        may_settle=match is None and own is None and done == 2 and (differ > 0 or looked),
    )


def _batch(call_id: UUID, code: str, actor: Actor) -> PaperBatch | None:
    mine = Call.objects.within(actor).filter(kept_q(actor), pk=call_id)
    found: PaperBatch | None = PaperBatch.rows.filter(call__in=mine, code=code).first()
    return found


def own_typing(call_id: UUID, code: str, actor: Actor) -> OwnTyping | None:
    """What the actor typed of a batch; None where nobody began it."""
    batch = _batch(call_id, code, actor)
    if batch is None:
        return None
    own = next((one for one in typings.typings(batch) if one.person == actor.id), None)
    if own is None:
        return OwnTyping(batch.part, (), False)
    return OwnTyping(batch.part, tuple(own.slips.values()), own.is_done)


def sides(call_id: UUID, code: str, actor: Actor) -> tuple[str, tuple[Side, ...]] | None:
    """The part of a batch, and its papers on which two finished typings differ.

    None for whoever typed it, and before both are done.
    """
    batch = _batch(call_id, code, actor)
    found = typings.typings(batch) if batch else []
    if batch is None or len(found) != 2 or any(one.person == actor.id for one in found):
        return None
    if not all(one.is_done for one in found):
        return None
    one, other = (typing.slips for typing in found)
    settled = typings.looks(batch)
    return batch.part, tuple(
        Side(key, one.get(key), other.get(key), key in settled, settled.get(key))
        for key in sorted(one.keys() | other.keys(), key=number_of)
        if one.get(key) != other.get(key)
    )


def number_of(serial: str) -> tuple[int, str]:
    """Numbers in their order, before other serials."""
    return (int(serial), "") if serial.isdecimal() else (10**9, serial)
