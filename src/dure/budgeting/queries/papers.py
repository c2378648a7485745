"""The ballot paper of one voter: the projects of her envelopes in an order of her own."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dure.budgeting.models import Call, kept_q
from dure.budgeting.queries.ballots import OwnMark, own_mark
from dure.budgeting.queries.calls import EnvelopeView, ProjectRow, call_view, project_rows
from dure.core.actors import Actor
from dure.core.text import T

BEFORE_VOTE = frozenset({"draft", "open", "reviewing", "listed", "frozen"})


@dataclass(frozen=True, slots=True)
class Paper:
    """What a voter has before her. `groups`: each envelope of hers with its projects in order."""

    call_id: UUID
    title: T
    kind: str
    sentence: T
    groups: tuple[tuple[EnvelopeView, tuple[ProjectRow, ...]], ...]
    marks_min: int
    marks_max: int | None
    points_max: int | None
    points_sum: int | None
    spend_max_won: int | None
    may_revote: bool
    closes: datetime | None
    is_open: bool
    mark: OwnMark


def paper(call_id: UUID, actor: Actor) -> Paper | None:
    """The ballot paper of the actor; None where there is no such call.

    The order of projects is drawn per voter: SHA-256 of the published commitment, the person and
    the project's code, the least first. The same person sees the same order every time.
    """
    call = Call.objects.within(actor).filter(pk=call_id).first()
    if call is None:
        return None
    is_open = call.state == Call.State.VOTING
    return _paper(call, actor, own_mark(actor, call), is_open=is_open)


def preview(call_id: UUID, actor: Actor, part: str = "") -> Paper | None:
    """The paper that a voter of this part will have, before the vote, for who works for the call.

    None where there is no such call, it is not the actor's to prepare, or its vote has begun.
    Nothing of it is stored and nothing can be cast with it.
    """
    call = Call.objects.within(actor).filter(kept_q(actor), pk=call_id).first()
    if call is None or call.state not in BEFORE_VOTE:
        return None
    return _paper(call, actor, OwnMark(True, part, None, None), is_open=True)


def sheet(call_id: UUID, actor: Actor, part: str = "") -> Paper | None:
    """The paper of a part as it is printed and typed at the desk: projects in order of their code.

    None where there is no such call or the actor does not work for it.
    """
    call = Call.objects.within(actor).filter(kept_q(actor), pk=call_id).first()
    if call is None:
        return None
    mark = OwnMark(True, part, None, None)
    return _paper(call, actor, mark, is_open=False, is_drawn=False)


def _paper(
    call: Call, actor: Actor, mark: OwnMark, *, is_open: bool, is_drawn: bool = True
) -> Paper:
    shown = call_view(call.pk, actor)
    assert shown is not None, "whoever sees the call sees its page"
    mine = [one for one in shown.envelopes if one.part in ("", mark.part)]
    rows = project_rows(call.pk, actor)

    def place(row: ProjectRow) -> str:
        if not is_drawn:
            return f"{int(row.code):09}" if row.code.isdecimal() else row.code
        drawn = f"{call.seed_commit}:{actor.id}:{row.code}"
        return hashlib.sha256(drawn.encode()).hexdigest()

    return Paper(
        call_id=call.pk,
        title=shown.row.title,
        kind=shown.ballot_kind,
        sentence=shown.ballot_text,
        groups=tuple(
            (one, tuple(sorted((r for r in rows if r.envelope == one.code), key=place)))
            for one in mine
        ),
        marks_min=shown.marks_min,
        marks_max=shown.marks_max,
        points_max=shown.points_max,
        points_sum=shown.points_sum,
        spend_max_won=shown.spend_max_won,
        may_revote=shown.may_revote,
        closes=shown.row.voting_to,
        is_open=is_open,
        mark=mark,
    )
