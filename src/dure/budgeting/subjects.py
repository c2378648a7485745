"""The objects that actions act on, fetched through the actor's scope; outside it: not found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from dure.core import locks
from dure.core.actions import line
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.registry.models import District, Organisation

from .models import (
    Award,
    Call,
    MergeOffer,
    Project,
    Proposal,
    Result,
    Review,
    ReviewAssignment,
    Spending,
    kept_q,
)

M = TypeVar("M")

# Any: each action its own body, each table its own rows; the door hands over what was declared.


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a call is to be made: a district, or an organisation of it for its fund."""

    district_id: str
    organisation_id: UUID | None


def scope(body: Any, actor: Actor) -> Scope:
    """The district, and the organisation if one is named. Raises Refusal(NOT_FOUND)."""
    if not District.rows.filter(sig=body.district).exists():
        raise Refusal(CoreCode.NOT_FOUND, field="district")
    if body.organisation_id is None:
        return Scope(body.district, None)
    found: Organisation | None = Organisation.rows.filter(
        id=body.organisation_id, district_id=body.district, merged_into=None
    ).first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND, field="organisation_id")
    return Scope(body.district, found.id)


def kept_call(body: Any, actor: Actor) -> Call:
    """A call that the actor works for; others do not find it by this way."""
    found = _first(Call, _kept_calls(actor).filter(id=body.call_id), "call_id")
    return _placed(found, body)


def _placed(found: Call, body: Any) -> Call:
    """The call where the body says that it lies: there a second person is asked."""
    if getattr(body, "district", found.district_id) != found.district_id:
        raise Refusal(CoreCode.NOT_FOUND, field="district")
    line().organisation(found.organisation_id)
    return found


def lock_kept_call(body: Any, actor: Actor) -> Call:
    """The same call, locked."""
    return _placed(_lock(Call, _kept_calls(actor).filter(id=body.call_id), "call_id"), body)


def _kept_calls(actor: Actor) -> Any:
    return Call.objects.within(actor).filter(kept_q(actor))


def kept_result(body: Any, actor: Actor) -> Result:
    """A result of a call that the actor works for."""
    found = _first(Result, _kept_results(actor, body), "result_id")
    _placed(found.call, body)
    return found


def lock_kept_result(body: Any, actor: Actor) -> Result:
    """The same result, its call locked."""
    found = _first(Result, _kept_results(actor, body), "result_id")
    found.call = _lock(Call, _kept_calls(actor).filter(id=found.call_id), "result_id")
    _placed(found.call, body)
    return found


def _kept_results(actor: Actor, body: Any) -> Any:
    calls = _kept_calls(actor).values("pk")
    return Result.rows.filter(id=body.result_id, call__in=calls).select_related("call")


def award(body: Any, actor: Actor) -> Award:
    """A winner that stands, of a call that the actor works for."""
    found = _first(Award, _kept_awards(actor, body), "award_id")
    _placed(found.result.call, body)
    return found


def lock_award(body: Any, actor: Actor) -> Award:
    """The same winner, its call locked; asked again then, for a correction may have come."""
    found = _first(Award, _kept_awards(actor, body), "award_id")
    calls = _kept_calls(actor).filter(id=found.result.call_id)
    locked = _lock(Call, calls, "award_id")
    found = _first(Award, _kept_awards(actor, body), "award_id")
    found.result.call = locked
    _placed(found.result.call, body)
    return found


def spending(body: Any, actor: Actor) -> Spending:
    """Money spent on a winner of a call that the actor works for."""
    return _first(Spending, _kept_spendings(actor, body), "spending_id")


def lock_spending(body: Any, actor: Actor) -> Spending:
    """The same spending, its call locked."""
    found = spending(body, actor)
    calls = _kept_calls(actor).filter(id=found.award.result.call_id)
    found.award.result.call = _lock(Call, calls, "spending_id")
    return found


def _kept_spendings(actor: Actor, body: Any) -> Any:
    calls = _kept_calls(actor).values("pk")
    rows = Spending.rows.filter(id=body.spending_id, award__result__call__in=calls)
    return rows.select_related("award__result__call", "award__project__field")


def _kept_awards(actor: Actor, body: Any) -> Any:
    calls = _kept_calls(actor).values("pk")
    rows = Award.standing().filter(id=body.award_id, result__call__in=calls)
    return rows.select_related("result__call", "project__proposal")


def open_call(body: Any, actor: Actor) -> Call:
    """A call that everybody may see."""
    return _first(Call, Call.objects.within(actor).filter(id=body.call_id), "call_id")


def lock_open_call(body: Any, actor: Actor) -> Call:
    """The same call, locked, so that numbers follow each other."""
    return _lock(Call, Call.objects.within(actor).filter(id=body.call_id), "call_id")


def proposal(body: Any, actor: Actor) -> Proposal:
    """A proposal that the actor may see."""
    return _first(Proposal, _proposals(actor).filter(id=body.proposal_id), "proposal_id")


def lock_proposal(body: Any, actor: Actor) -> Proposal:
    """The same proposal, locked."""
    return _lock(Proposal, _proposals(actor).filter(id=body.proposal_id), "proposal_id")


def kept_proposal(body: Any, actor: Actor) -> Proposal:
    """A proposal of a call that the actor works for."""
    rows = _proposals(actor).filter(kept_q(actor, "call__"))
    return _first(Proposal, rows.filter(id=body.proposal_id), "proposal_id")


def lock_kept_proposal(body: Any, actor: Actor) -> Proposal:
    """The same proposal, locked."""
    rows = _proposals(actor).filter(kept_q(actor, "call__"))
    return _lock(Proposal, rows.filter(id=body.proposal_id), "proposal_id")


def _proposals(actor: Actor) -> Any:
    return Proposal.objects.within(actor).exclude(call__state="draft").select_related("call")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two proposals of one call: the one that would go into the other."""

    source: Proposal
    target: Proposal

    @property
    def call(self) -> Call:
        """The call of both."""
        return self.source.call

    @property
    def proposal(self) -> Proposal:
        """The one that would be merged."""
        return self.source


def pair(body: Any, actor: Actor) -> Pair:
    """Two proposals that the actor may see, of one call."""
    source = _first(Proposal, _proposals(actor).filter(id=body.source_id), "source_id")
    target = _first(Proposal, _proposals(actor).filter(id=body.target_id), "target_id")
    if source.call_id != target.call_id:
        raise Refusal(CoreCode.NOT_FOUND, field="target_id")
    return Pair(source, target)


def lock_pair(body: Any, actor: Actor) -> Pair:
    """The same two, locked in the order of their ids."""
    ids = (body.source_id, body.target_id)
    held = {str(one.id): one for one in locks.rows(_proposals(actor).filter(id__in=ids))}
    for field, name in (("source_id", body.source_id), ("target_id", body.target_id)):
        if name not in held:
            raise Refusal(CoreCode.NOT_FOUND, field=field)
    return Pair(held[body.source_id], held[body.target_id])


def offer(body: Any, actor: Actor) -> MergeOffer:
    """An offer to merge, for an author of one of the two proposals."""
    rows = MergeOffer.rows.select_related("source__call", "target")
    found: MergeOffer | None = rows.filter(id=body.offer_id).first()
    if found is None or actor.behalf not in authors_of(found):
        raise Refusal(CoreCode.NOT_FOUND, field="offer_id")
    return found


def lock_offer(body: Any, actor: Actor) -> MergeOffer:
    """The same offer; its proposals are locked first, in the order of their ids."""
    found = offer(body, actor)
    ids = (found.source_id, found.target_id)
    locks.rows(Proposal.rows.filter(id__in=ids))
    locks.row(MergeOffer.rows.filter(id=found.id))
    return offer(body, actor)


def authors_of(found: MergeOffer) -> frozenset[UUID]:
    """Every author of both proposals of an offer."""
    return frozenset(authors(found.source) | authors(found.target))


def authors(one: Proposal) -> set[UUID]:
    """The author of a proposal and the co-authors who have not left."""
    joined = one.people.filter(role="coauthor", left_at=None).values_list("person", flat=True)
    return {one.author, *joined}


def assignment(body: Any, actor: Actor) -> ReviewAssignment:
    """A review that was assigned in a call the actor works for."""
    return _first(
        ReviewAssignment, _assignments(actor).filter(id=body.assignment_id), "assignment_id"
    )


def lock_assignment(body: Any, actor: Actor) -> ReviewAssignment:
    """The same assignment, its proposal locked first."""
    found = assignment(body, actor)
    locks.row(Proposal.rows.filter(id=found.proposal_id))
    return _lock(
        ReviewAssignment, _assignments(actor).filter(id=body.assignment_id), "assignment_id"
    )


def _assignments(actor: Actor) -> Any:
    rows = ReviewAssignment.rows.select_related("proposal__call")
    return rows.filter(kept_q(actor, "proposal__call__"), released_at=None)


def review(body: Any, actor: Actor) -> Review:
    """A review of a proposal that one wrote."""
    rows = Review.rows.select_related("proposal__call")
    found: Review | None = rows.filter(id=body.review_id).first()
    if found is None or actor.behalf not in authors(found.proposal):
        raise Refusal(CoreCode.NOT_FOUND, field="review_id")
    return found


def project(body: Any, actor: Actor) -> Project:
    """A project of a call that the actor works for."""
    rows = Project.rows.select_related("call").filter(kept_q(actor, "call__"))
    return _first(Project, rows.filter(id=body.project_id), "project_id")


def _first(kind: type[M], rows: Any, field: str) -> M:
    found = rows.first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND, field=field)
    assert isinstance(found, kind)
    return found


def _lock(kind: type[M], rows: Any, field: str) -> M:
    found = locks.row(rows)
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND, field=field)
    assert isinstance(found, kind)
    return found
