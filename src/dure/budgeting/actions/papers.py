"""Papers: marked at the booth, typed by two people, merged once when both say the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID, uuid4

from django.db import connection
from pydantic import Field

from dure.budgeting import credentials, policies, subjects, typings
from dure.budgeting.ballot_errors import PAPER_RAISED, RAISED, BallotCode, PaperCode
from dure.budgeting.models import Call, PaperBatch, PaperEntry, PaperLook
from dure.core import clock
from dure.core.actions import action, line, subject
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.types import CodeText, Count, Line, Part, UuidText
from dure.governance.models import RollEntry
from dure.registry.models.login import Login, normal_handle

from .projects import ProjectCode

SLIPS_MAX = 500
NAMED_MAX = 20
Items = Annotated[tuple[ProjectCode, ...], Field(max_length=500, strict=False)]
Points = Annotated[tuple[int, ...], Field(max_length=500, strict=False)]
Slip = tuple[str, tuple[str, ...] | None, tuple[int, ...] | None]


@dataclass(frozen=True, slots=True)
class Marked:
    """That a person may take a paper; `left_urn` tells that an online ballot was taken out."""

    call_id: str
    left_urn: bool


@action(
    "budgeting.paper.mark",
    ko="투표소에서 종이로 투표한 사람을 표시합니다.",
    en="Mark a person who votes on paper at the booth.",
    policy=policies.may_keep_call,
    letters=policies.KEEPERS,
    subject=subjects.kept_call,
    writes=(),
    refusals=(CoreCode.NOT_FOUND, *BallotCode),
    constraints=RAISED,
)
def mark_paper(
    call_id: UuidText,
    person_id: UuidText | None = None,
    handle: Line | None = None,
    *,
    actor: Actor,
) -> Marked:
    """Give a person on the roll a paper: an online ballot leaves the urn and none comes after.

    person_id, handle : one of them; a stranger's handle is answered as not on the roll
    Effects: marks, urn.
    """
    call = subject(Call)
    person = _person(person_id, handle)
    if person is None:
        raise Refusal(BallotCode.NOT_ON_ROLL, field="handle")
    line().object("budgeting.call", call.id)
    line().object("registry.person", person)
    try:
        token = credentials.credential(call.id, person)
    except credentials.KeyMissing:
        raise Refusal(BallotCode.NOT_OPEN) from None
    with connection.cursor() as cursor:
        cursor.execute("SELECT urn.mark_paper(%s, %s, %s)", (call.id, person, token))
        (left_urn,) = cursor.fetchone()
    return Marked(str(call.id), left_urn)


def _person(person_id: str | None, handle: str | None) -> UUID | None:
    if person_id is not None:
        return UUID(person_id)
    rows = Login.objects.filter(handle=normal_handle(handle or ""))
    return rows.values_list("person_id", flat=True).first()


class PaperIn(Part):
    """One paper as typed: the serial stamped on it when the box was opened, and its marks.

    items : None for a paper that counts for nothing
    """

    serial: ProjectCode
    items: Items | None
    points: Points | None = None


@dataclass(frozen=True, slots=True)
class BatchRef:
    """A batch, which typing of the person this was, and how many papers it has."""

    id: str
    take: int
    papers: int


@action(
    "budgeting.paper.enter",
    ko="종이 표 한 묶음을 입력합니다.",
    en="Type in a batch of papers.",
    policy=policies.may_keep_call,
    letters=policies.KEEPERS,
    subject=subjects.kept_call,
    lock=subjects.lock_kept_call,
    idempotent=True,
    writes=("budgeting_paperbatch", "budgeting_paperentry"),
    refusals=(CoreCode.NOT_FOUND, *BallotCode, *PaperCode),
    constraints=PAPER_RAISED,
)
def enter_papers(
    call_id: UuidText,
    batch: ProjectCode,
    papers: Annotated[tuple[PaperIn, ...], Field(min_length=1, max_length=SLIPS_MAX)],
    part: CodeText | None = None,
    done: bool = True,
    counted: Count | None = None,
    *,
    actor: Actor,
) -> BatchRef:
    """Keep what one person read on the papers of a batch; typing again stands for it.

    batch   : code on the bundle; the first typing makes it
    part    : dong whose voters the papers are of; None where all vote alike
    done    : false while papers of the batch are left; nothing is compared before both are done
    counted : how many papers the person counted by hand; another number than typed is refused
    Effects: PaperBatch, PaperEntry.
    """
    call = subject(Call)
    assert actor.id is not None
    if call.state != Call.State.COUNTING or not call.paper_allowed:
        raise Refusal(PaperCode.NOT_NOW)
    slips = _slips(call, papers)
    _refuse_faults(call, part or "", slips)
    if counted is not None and counted != len(slips):
        raise Refusal(PaperCode.COUNTED, field="counted", counted=counted, typed=len(slips))
    held = PaperBatch.rows.filter(call=call, code=batch).first()
    if held is None:
        on_roll = RollEntry.objects.everything("whether a part exists")
        if not on_roll.filter(roll=call.roll_id, part=part or "").exists():
            raise Refusal(PaperCode.PART, field="part", part=part or "–")
        held = PaperBatch.rows.create(
            id=uuid4(),
            call=call,
            code=batch,
            part=part or "",
            made_by=actor.id,
            made_at=clock.now(),
            audit=line().id,
        )
    elif held.part != (part or ""):
        raise Refusal(PaperCode.PART, field="part", part=part or "–")
    take = PaperEntry.rows.filter(batch=held, person=actor.id).count() + 1
    PaperEntry.rows.create(
        batch=held,
        person=actor.id,
        take=take,
        slips=slips,
        is_done=done,
        at=clock.now(),
        audit=line().id,
    )
    line().object("budgeting.call", call.id)
    line().changed("papers", None, len(slips))
    return BatchRef(str(held.id), take, len(slips))


def _slips(call: Call, papers: Iterable[PaperIn]) -> list[Slip]:
    """The papers by serial; marks in one order, unless the order is the choice."""
    found: dict[str, Slip] = {}
    twice: list[str] = []
    for one in papers:
        items, points = one.items, one.points
        if items is None:
            points = None
        elif call.ballot_kind != Call.Ballot.ORDINAL:
            order = sorted(range(len(items)), key=items.__getitem__)
            items = tuple(items[at] for at in order)
            if points is not None and len(points) == len(items):
                points = tuple(points[at] for at in order)
        if one.serial in found:
            twice.append(one.serial)
        found[one.serial] = (one.serial, items, points)
    if twice:
        raise Refusal(PaperCode.TWICE, field="papers", serials=_named(twice))
    return [found[serial] for serial in sorted(found)]


def _refuse_faults(call: Call, part: str, slips: Iterable[Slip]) -> None:
    """Name the first paper that the rules of the ballot do not allow."""
    with connection.cursor() as cursor:
        for serial, items, points in slips:
            if items is None:
                continue
            cursor.execute(
                "SELECT budgeting_choice_fault(%s, %s, %s, %s)",
                (call.id, part, list(items), None if points is None else list(points)),
            )
            (fault,) = cursor.fetchone()
            if fault is not None:
                why = RAISED[fault].spec.text
                raise Refusal(PaperCode.FAULT, field="papers", serial=serial, why=why)


@action(
    "budgeting.paper.match",
    ko="두 사람이 입력한 종이 표를 견주어 합칩니다.",
    en="Compare what two people typed, and merge the papers.",
    policy=policies.may_keep_call,
    letters=policies.KEEPERS,
    subject=subjects.kept_call,
    lock=subjects.lock_kept_call,
    idempotent=True,
    writes=("budgeting_moneyballot", "budgeting_papermatch"),
    refusals=(CoreCode.NOT_FOUND, *BallotCode, *PaperCode),
    constraints=PAPER_RAISED,
)
def match_papers(call_id: UuidText, batch: ProjectCode, *, actor: Actor) -> BatchRef:
    """Turn a batch that two people typed alike into ballots, once; else name what differs.

    Effects: MoneyBallot, PaperMatch, both by the urn's own function.
    """
    call = subject(Call)
    held = PaperBatch.rows.filter(call=call, code=batch).first()
    if held is None:
        raise Refusal(PaperCode.BATCH, field="batch", batch=batch)
    differ = typings.differing(held)
    if differ:
        raise Refusal(PaperCode.DIFFERS, field="batch", serials=_named(differ))
    merged = PaperBatch.rows.filter(call=call).exclude(match=None).exclude(pk=held.pk)
    known = {serial for one in merged for serial in typings.counted(one)}
    twice = sorted(known & typings.counted(held).keys())
    if twice:
        raise Refusal(PaperCode.TWICE, field="batch", serials=_named(twice))
    with connection.cursor() as cursor:
        cursor.execute("SELECT urn.match_paper(%s, %s, %s)", (held.id, actor.id, line().id))
        (papers,) = cursor.fetchone()
    line().object("budgeting.call", call.id)
    line().changed("paper_ballots", None, papers)
    return BatchRef(str(held.id), 0, papers)


@dataclass(frozen=True, slots=True)
class LookRef:
    """A paper that was looked at, and how many of its batch still differ."""

    serial: str
    left: int


@action(
    "budgeting.paper.settle",
    ko="두 입력이 다른 종이 표를 세 번째 사람이 보고 정합니다.",
    en="Settle a paper that two people typed differently, as a third who looks at it.",
    policy=policies.may_keep_call,
    letters=policies.KEEPERS,
    subject=subjects.kept_call,
    lock=subjects.lock_kept_call,
    idempotent=True,
    writes=("budgeting_paperlook",),
    refusals=(CoreCode.NOT_FOUND, *BallotCode, *PaperCode),
    constraints=PAPER_RAISED,
)
def settle_paper(
    call_id: UuidText,
    batch: ProjectCode,
    serial: ProjectCode,
    items: Items | None = None,
    points: Points | None = None,
    missing: bool = False,
    *,
    actor: Actor,
) -> LookRef:
    """Say what a paper reads on which two finished typings differ; nobody settles her own.

    items   : None where the paper counts for nothing
    missing : there is no such paper in the batch
    Effects: PaperLook.
    """
    call = subject(Call)
    assert actor.id is not None
    held = PaperBatch.rows.filter(call=call, code=batch).first()
    if held is None:
        raise Refusal(PaperCode.BATCH, field="batch", batch=batch)
    slips = _slips(call, [PaperIn(serial=serial, items=items, points=points)])
    if not missing:
        _refuse_faults(call, held.part, slips)
    PaperLook.rows.create(
        batch=held,
        serial=serial,
        slip=None if missing else slips[0],
        person=actor.id,
        at=clock.now(),
        audit=line().id,
    )
    line().object("budgeting.call", call.id)
    line().changed("serial", None, serial)
    return LookRef(serial, len(typings.differing(held)))


def _named(serials: list[str]) -> str:
    named = ", ".join(serials[:NAMED_MAX])
    return named if len(serials) <= NAMED_MAX else f"{named} … ({len(serials)})"
