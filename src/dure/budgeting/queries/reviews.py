"""The review desk: what waits for whom, and which proposals can become projects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dure.budgeting.models import Call, Proposal, Review, ReviewAssignment, kept_q
from dure.budgeting.queries.proposals import (
    ProposalRow,
    ReviewView,
    proposal_rows,
    proposals,
    reviews,
)
from dure.budgeting.words import REVIEWS
from dure.core import clock
from dure.core.actors import Actor, Role
from dure.core.text import T
from dure.governance.freezing import recused_from
from dure.registry.models import Mandate


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """A review that waits to be given."""

    id: UUID
    proposal: UUID
    number: int
    title: str
    call: UUID
    kind: str
    kind_text: T
    round: int
    department: str
    reviewer: UUID
    due_on: date | None
    is_late: bool
    assigned_at: datetime
    is_mine: bool


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A proposal at the desk: its reviews, what is assigned, what is missing, what is next."""

    proposal: ProposalRow
    reviews: tuple[ReviewView, ...]
    waiting: tuple[AssignmentRow, ...]
    missing: tuple[T, ...]
    is_fit: bool
    is_unfit: bool
    cost_won: int | None


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Somebody who may be asked for a review; the face shows a masked name."""

    person: UUID
    role: str
    is_out: bool


def assignments(
    actor: Actor, *, call: UUID | str | None = None, only_mine: bool = False
) -> tuple[AssignmentRow, ...]:
    """Reviews that were assigned and not given yet, the earliest due first.

    Those of a proposal that is not under review any more wait for nobody.
    """
    rows = ReviewAssignment.rows.filter(
        kept_q(actor, "proposal__call__"),
        released_at=None,
        review__isnull=True,
        proposal__state=Proposal.State.ACCEPTED,
    ).exclude(proposal__call__state=Call.State.VOID)
    if call is not None:
        rows = rows.filter(proposal__call=call)
    if only_mine:
        rows = rows.filter(reviewer=actor.id)
    found = list(rows.select_related("proposal").order_by("due_on", "assigned_at", "pk"))
    titles = _titles({one.proposal for one in found})
    return tuple(_assignment(one, titles[one.proposal_id], actor) for one in found)


def _titles(found: set[Proposal]) -> dict[UUID, str]:
    return {row.id: row.title for row in proposal_rows(sorted(found, key=lambda p: p.number))}


def _assignment(one: ReviewAssignment, title: str, actor: Actor) -> AssignmentRow:
    return AssignmentRow(
        one.pk,
        one.proposal_id,
        one.proposal.number,
        title,
        one.proposal.call_id,
        one.kind,
        REVIEWS[one.kind],
        one.round,
        one.department,
        one.reviewer,
        one.due_on,
        one.due_on is not None and one.due_on < clock.today(),
        one.assigned_at,
        one.reviewer == actor.id,
    )


def desk(call_id: UUID | str, actor: Actor, *, state: str = "accepted") -> tuple[DeskRow, ...]:
    """The proposals of a call in one state with all that the desk needs to go on."""
    rows = list(
        proposals(actor, call=call_id, state=state, sort="old", withdrawn=True).filter(
            kept_q(actor, "call__")
        )
    )
    waiting: dict[UUID, list[AssignmentRow]] = {}
    for one in assignments(actor, call=call_id):
        waiting.setdefault(one.proposal, []).append(one)
    found = []
    for row, proposal in zip(proposal_rows(rows), rows, strict=True):
        given = reviews(proposal)
        standing = {review.kind: review for review in given}  # the second round stands last
        missing = tuple(text for kind, text in REVIEWS.items() if kind not in standing)
        unfit = any(review.verdict == "unfit" for review in standing.values())
        cost = standing.get("cost")
        found.append(
            DeskRow(
                row,
                given,
                tuple(waiting.get(row.id, ())),
                missing,
                not missing and not unfit,
                unfit,
                cost.cost_won if cost else None,
            )
        )
    return tuple(found)


def reviewers(proposal_id: UUID | str, actor: Actor) -> tuple[Reviewer, ...]:
    """Who may be asked to review a proposal; those who are out of it say so."""
    proposal: Proposal | None = (
        Proposal.objects.within(actor)
        .filter(kept_q(actor, "call__"), pk=proposal_id)
        .select_related("call")
        .first()
    )
    if proposal is None:
        return ()
    call: Call = proposal.call
    rows = Mandate.rows.filter(valid__contains=clock.now())
    if call.organisation_id is not None:
        rows = rows.filter(scope_kind="organisation", scope_id=str(call.organisation_id))
        rows = rows.filter(role__in=(Role.BOARD.code, Role.STAFF.code))
    else:
        rows = rows.filter(scope_kind="district", scope_id=call.district_id)
        rows = rows.filter(role__in=(Role.OFFICIAL.code, Role.STAFF.code))
    people = dict(rows.order_by("role", "person").values_list("person", "role"))
    return tuple(
        Reviewer(
            person,
            role,
            person == proposal.author
            or bool(recused_from("budgeting.proposal", [proposal.pk], person)),
        )
        for person, role in people.items()
    )


def review_count(call_id: UUID | str) -> dict[str, int]:
    """How many reviews of each verdict a call has; public."""
    found: dict[str, int] = {}
    for verdict in Review.rows.filter(proposal__call=call_id).values_list("verdict", flat=True):
        found[verdict] = found.get(verdict, 0) + 1
    return found
