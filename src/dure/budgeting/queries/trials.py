"""A trial count before the vote: invented voters, the call's own rule, nothing kept.

Nouns: trial (시험 개표), invented voter (가상 투표자).
Law: a trial only reads. Its voters stand on no roll, its ballots enter no urn, its result is no
result: nothing of it is stored, and no audit line, fact or file tells of it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random
from typing import Final
from uuid import UUID

import numpy as np

from dure.budgeting import counting, policies
from dure.budgeting.models import Call, Envelope, Project
from dure.budgeting.queries.calls import ProjectRow, project_rows
from dure.budgeting.queries.papers import BEFORE_VOTE
from dure.core import clock
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.core.text import T
from dure.engines.pb import election as pb
from dure.engines.pb import invented

VOTERS_MAX: Final = 2_000
SEED_MAX: Final = 999_999
NO_BALLOT = T(
    "고를 수의 아래를 채울 수 있는 표가 없습니다. 투표 방법이나 사업을 고쳐 주세요.",
    "No ballot can reach the least number of marks. Please change the ballot or the projects.",
)


@dataclass(frozen=True, slots=True)
class TrialLine:
    """One project in a trial; `place`: which winner it is, None = it lost."""

    project: ProjectRow
    votes: int
    place: int | None


@dataclass(frozen=True, slots=True)
class TrialPart:
    """One envelope counted by the call's rule on invented ballots."""

    name: T
    budget_won: int
    spent_won: int
    left_won: int
    ballot_count: int
    lines: tuple[TrialLine, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial; `fault` says why nothing could be counted."""

    voters: int
    seed: int
    parts: tuple[TrialPart, ...]
    fault: T | None = None


def trial(call_id: UUID, actor: Actor, *, voters: int, seed: int) -> Trial | None:
    """Count invented ballots by the rule of a call whose vote has not begun.

    voters : 1 … VOTERS_MAX; seed : 0 … SEED_MAX, the same one gives the same ballots
    None where the call is not the actor's to prepare or its vote has begun.
    """
    assert 1 <= voters <= VOTERS_MAX
    assert 0 <= seed <= SEED_MAX
    call = Call.objects.within(actor).filter(pk=call_id).first()
    if call is None or call.state not in BEFORE_VOTE:
        return None
    if not policies.may_keep_call.holds(actor, call, clock.now()):
        return None
    try:
        ballots = ballots_of(call, voters, seed)
    except invented.NoBallot:
        return Trial(voters, seed, (), NO_BALLOT)
    rows = {row.code: row for row in project_rows(call_id, actor)}
    lot = hashlib.sha256(f"trial:{seed}".encode()).digest()

    def take(call: Call, envelope: Envelope) -> pb.Election:
        return _filled(counting.election_of(call, envelope), ballots[envelope.part])

    try:
        parts = [
            (one.envelope.position, _part(one, rows))
            for one in counting.counted(call, lot, take=take, is_beside=False)
        ]
    except Refusal as refusal:
        return Trial(voters, seed, (), T(refusal.sentence("ko"), refusal.sentence("en")))
    return Trial(voters, seed, tuple(part for _, part in sorted(parts, key=lambda p: p[0])))


def ballots_of(call: Call, voters: int, seed: int) -> dict[str, list[invented.Choice]]:
    """Invented ballots by part of the call; '' holds everybody's. Raises NoBallot."""
    chance = Random(seed)  # noqa: S311 - invents, hides nothing
    projects = [
        (row.envelope.part, _project(row))
        for row in Project.rows.filter(call=call, is_dropped=False)
        .select_related("envelope", "field")
        .order_by("code")
    ]
    limits = limits_of(call)
    tastes = invented.tastes([one for _, one in projects], chance)
    parts = sorted({part for part in call.envelopes.values_list("part", flat=True) if part})
    found: dict[str, list[invented.Choice]] = {part: [] for part in ("", *parts)}
    for _ in range(voters):
        part = chance.choice(parts) if parts else ""
        paper = [one for where, one in projects if where in ("", part)]
        drawn = invented.choice(paper, chance.choice(tastes), limits, chance)
        for where in dict.fromkeys(("", part)):
            found[where].append(drawn)
    return found


def limits_of(call: Call) -> invented.Limits:
    """What a ballot of a call must obey."""
    caps = {one.code: one.marks_max for one in call.fields.all() if one.marks_max is not None}
    return invented.Limits(
        kind=counting.KINDS[Call.Ballot(call.ballot_kind)],
        marks_min=call.marks_min,
        marks_max=call.marks_max,
        points_max=call.points_max,
        points_sum=call.points_sum,
        spend_max=call.spend_max_won,
        category_max=caps,
    )


def _project(row: Project) -> pb.Project:
    return pb.Project(
        row.code, Fraction(row.cost_won), row.name, (row.field.code,) if row.field else ()
    )


def _filled(election: pb.Election, drawn: list[invented.Choice]) -> pb.Election:
    """The same election with invented ballots: of each, the marks on its own projects."""
    place = {one.id: at for at, one in enumerate(election.projects)}
    starts, items, points = [0], [], []
    for one in drawn:
        given = one.points or (1,) * len(one.items)
        marks = [
            (place[code], n) for code, n in zip(one.items, given, strict=True) if code in place
        ]
        if election.kind is not pb.BallotKind.ORDINAL:
            marks.sort()
        items += [at for at, _ in marks]
        points += [n for _, n in marks]
        starts.append(len(items))
    ballots = pb.Ballots(
        np.array(starts, dtype=np.int64),
        np.array(items, dtype=np.int32),
        np.array(points, dtype=np.int64) if election.kind in pb.HAS_POINTS else None,
    )
    return replace(election, ballots=ballots)


def _part(part: counting.Part, rows: dict[str, ProjectRow]) -> TrialPart:
    place = {code: at for at, code in enumerate(part.winners, 1)}
    lines = [
        TrialLine(rows[one.id], votes, place.get(one.id))
        for one, votes in zip(part.election.projects, part.election.votes(), strict=True)
    ]
    lines.sort(key=lambda line: (line.place or 10**9, -line.votes, line.project.code))
    name = part.envelope.name
    return TrialPart(
        name=T(name, part.envelope.name_en or name),
        budget_won=int(part.election.budget),
        spent_won=int(part.outcome.spent),
        left_won=int(part.outcome.left),
        ballot_count=part.election.ballots.count,
        lines=tuple(lines),
    )
