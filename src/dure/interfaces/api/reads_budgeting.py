"""Public reads of budgeting: rounds, their proposals and projects, published results, winners.

Everything is read as a visitor: a token gives nothing more here, and nobody is named.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from dure.budgeting.queries import awards, calls, proposals, results
from dure.budgeting.queries.calls import CallRow, CallView
from dure.budgeting.words import PROPOSAL_STATES
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.interfaces.api.pages import (
    DOCUMENTED,
    DOCUMENTED_ONE,
    Listed,
    Query,
    Window,
    Words,
    words,
)

router = Router(tags=["budgeting"])
VISITOR = Actor.anonymous(origin="api")


class RoundOut(Schema):
    """One round in a list."""

    id: str
    title: Words
    year: int
    district: str
    state: str
    amount_won: int
    proposals: int
    projects: int
    voting_from: datetime | None
    voting_to: datetime | None
    synthetic: bool


class PhaseOut(Schema):
    """One phase with its half-open dates."""

    kind: str
    begins: datetime | None
    ends: datetime | None


class EnvelopeOut(Schema):
    """Money for one part of the ballot; `part`: the dong whose people vote on it, or empty."""

    code: str
    name: Words
    amount_won: int
    part: str


class RoundWhole(RoundOut):
    """One round with its rules; `rule` as it is stored, hashes from the freeze on."""

    about: Words
    phases: list[PhaseOut]
    envelopes: list[EnvelopeOut]
    ballot: Words
    rule: dict[str, Any]  # Any: a stored rule
    who_may_vote: Words
    rule_sha256: str | None
    roll_sha256: str | None
    roll_count: int | None
    seed_commit: str | None
    imported_from: str


class ProposalOut(Schema):
    """One proposal as everybody sees it; hidden ones are left out."""

    id: str
    number: int
    title: str
    state: str
    place: str
    dong: str
    estimate_won: int | None
    support: int
    comments: int
    received: datetime


class ProjectOut(Schema):
    """One project on the ballot."""

    id: str
    code: str
    name: Words
    cost_won: int
    upkeep_won: int | None
    envelope: str
    field: str
    place: str
    dong: str


class LineOut(Schema):
    """A project in a result; `place`: which winner it is, none where it lost."""

    code: str
    votes: int
    points: int | None
    place: int | None


class PartOut(Schema):
    """One envelope counted by the round's rule."""

    id: str
    name: Words
    rule: Words
    budget_won: int
    spent_won: int
    left_won: int
    ballots: int
    input_sha256: str
    lines: list[LineOut]


class ResultOut(Schema):
    """The newest published result; its certificates are on the round's result page.

    online, paper : none where fewer than ten people voted one of the ways
    """

    number: int
    published: datetime
    replaces_why: str
    online: int | None
    paper: int | None
    rule_sha256: str
    roll_sha256: str
    seed: str
    engine: str
    parts: list[PartOut]


class WinnerOut(Schema):
    """How one winner gets on; `silent`: no report for longer than the round allows."""

    code: str
    name: Words
    place: int
    awarded_won: int
    amount_won: int
    spent_won: int
    state: str
    silent: bool
    heard: datetime
    late_steps: int
    next_due: date | None


class Which(Schema):
    """Which rounds."""

    district: Annotated[str, Field(pattern="^([0-9]{5})?$")] = ""
    live: bool | None = None


class WhichProposals(Schema):
    """Which proposals."""

    state: Annotated[str, Field(max_length=10, pattern="^[a-z]*$")] = ""


@router.get("/rounds", response=Listed[RoundOut], openapi_extra=DOCUMENTED, operation_id="rounds")
def rounds(request: HttpRequest, window: Query[Window], which: Query[Which]) -> dict[str, object]:
    """Rounds of the participatory budget, the newest first."""
    rows = calls.calls(VISITOR, district=which.district or None, live=which.live)
    shown = calls.call_rows(list(rows[window.offset : window.offset + window.limit]))
    return {"total": rows.count(), "items": [_round(row) for row in shown]}


@router.get(
    "/rounds/{round_id}", response=RoundWhole, openapi_extra=DOCUMENTED_ONE, operation_id="round"
)
def one_round(request: HttpRequest, round_id: UUID) -> dict[str, object]:
    """One round: phases, money, ballot, rule, roll."""
    one = _shown(round_id)
    return {
        **_round(one.row),
        "about": words(one.about),
        "phases": [
            {"kind": phase.kind, "begins": phase.begins, "ends": phase.ends}
            for phase in one.phases
            if phase.kind != "following"
        ],
        "envelopes": [
            {"code": e.code, "name": words(e.name), "amount_won": e.amount_won, "part": e.part}
            for e in one.envelopes
        ],
        "ballot": words(one.ballot_text),
        "rule": one.rule,
        "who_may_vote": words(one.roll_text),
        "rule_sha256": one.rule_sha256,
        "roll_sha256": one.roll.sha256 if one.roll else None,
        "roll_count": one.roll.voting_count if one.roll else None,
        "seed_commit": one.seed_commit,
        "imported_from": one.imported_from,
    }


@router.get(
    "/rounds/{round_id}/proposals",
    response=Listed[ProposalOut],
    openapi_extra=DOCUMENTED_ONE,
    operation_id="round_proposals",
)
def round_proposals(
    request: HttpRequest, round_id: UUID, window: Query[Window], which: Query[WhichProposals]
) -> dict[str, object]:
    """The proposals of a round, the oldest first; nobody who wrote them is named."""
    _shown(round_id)
    if which.state and which.state not in PROPOSAL_STATES:
        accepted = ", ".join(PROPOSAL_STATES)
        raise Refusal(CoreCode.BAD_FIELD, field="state", range=T(accepted, accepted))
    rows = proposals.proposals(VISITOR, call=round_id, state=which.state, sort="old",
                               withdrawn=which.state == "withdrawn")  # fmt: skip
    shown = proposals.proposal_rows(rows[window.offset : window.offset + window.limit])
    return {
        "total": rows.count(),
        "items": [
            {
                "id": str(row.id),
                "number": row.number,
                "title": row.title,
                "state": row.state,
                "place": row.place,
                "dong": row.dong,
                "estimate_won": row.estimate_won,
                "support": row.support_count,
                "comments": row.comment_count,
                "received": row.received_at,
            }
            for row in shown
        ],
    }


@router.get(
    "/rounds/{round_id}/projects",
    response=list[ProjectOut],
    openapi_extra=DOCUMENTED_ONE,
    operation_id="round_projects",
)
def round_projects(request: HttpRequest, round_id: UUID) -> list[dict[str, object]]:
    """The projects on the ballot of a round."""
    _shown(round_id)
    return [
        {
            "id": str(row.id),
            "code": row.code,
            "name": words(row.name),
            "cost_won": row.cost_won,
            "upkeep_won": row.upkeep_won,
            "envelope": row.envelope,
            "field": row.field,
            "place": row.place,
            "dong": row.dong,
        }
        for row in calls.project_rows(round_id, VISITOR)
    ]


@router.get(
    "/rounds/{round_id}/result",
    response=ResultOut,
    openapi_extra=DOCUMENTED_ONE,
    operation_id="round_result",
)
def round_result(request: HttpRequest, round_id: UUID) -> dict[str, object]:
    """The newest published result of a round; not found before there is one."""
    _shown(round_id)
    found = results.result_view(round_id, VISITOR)
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return {
        "number": found.number,
        "published": found.published_at,
        "replaces_why": found.replaces_why,
        "online": found.online_count,
        "paper": found.paper_count,
        "rule_sha256": found.rule_sha256,
        "roll_sha256": found.roll_sha256,
        "seed": found.seed,
        "engine": found.engine_version,
        "parts": [
            {
                "id": str(part.id),
                "name": words(part.name),
                "rule": words(part.rule_text),
                "budget_won": part.budget_won,
                "spent_won": part.spent_won,
                "left_won": part.left_won,
                "ballots": part.ballot_count,
                "input_sha256": part.input_sha256,
                "lines": [
                    {
                        "code": line.project.code,
                        "votes": line.votes,
                        "points": line.points,
                        "place": line.place,
                    }
                    for line in part.lines
                ],
            }
            for part in found.parts
        ],
    }


@router.get(
    "/rounds/{round_id}/winners",
    response=list[WinnerOut],
    openapi_extra=DOCUMENTED_ONE,
    operation_id="round_winners",
)
def round_winners(request: HttpRequest, round_id: UUID) -> list[dict[str, object]]:
    """How the winners of a round get on."""
    _shown(round_id)
    return [
        {
            "code": row.code,
            "name": words(row.name),
            "place": row.position,
            "awarded_won": row.awarded_won,
            "amount_won": row.amount_won,
            "spent_won": row.spent_won,
            "state": row.state or "going_on",
            "silent": row.is_silent,
            "heard": row.heard_at,
            "late_steps": sum(step.is_late for step in row.steps),
            "next_due": min((s.due_on for s in row.steps if s.done_on is None), default=None),
        }
        for row in awards.awards(round_id, VISITOR)
    ]


def _shown(round_id: UUID) -> CallView:
    found = calls.call_view(round_id, VISITOR)
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return found


def _round(row: CallRow) -> dict[str, object]:
    return {
        "id": str(row.id),
        "title": words(row.title),
        "year": row.year,
        "district": row.district.ko,
        "state": row.state,
        "amount_won": row.amount_won,
        "proposals": row.proposal_count,
        "projects": row.project_count,
        "voting_from": row.voting_from,
        "voting_to": row.voting_to,
        "synthetic": row.is_synthetic,
    }
