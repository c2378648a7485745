"""Who may do what in a call: small named facts, composed into one sentence a verb."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dure.core import clock
from dure.core.actors import EVERY_PERSON, Actor, Role
from dure.core.policies import fact, is_operator, is_person, is_timer
from dure.registry.models import Membership, PersonFact

from .models import Award, Call, Proposal, Spending

RUNNERS = {Role.OFFICIAL: "d", Role.BOARD: "m"}
SECONDED = {Role.OFFICIAL: "d2", Role.BOARD: "m2"}
KEEPERS = {Role.STAFF: "dm", Role.OFFICIAL: "d", Role.BOARD: "m"}
EVERYBODY = EVERY_PERSON


def call_of(thing: Any) -> Any:  # Any: Call, its scope, or what belongs to a call
    """The call that a thing is or belongs to."""
    if isinstance(thing, Call):
        return thing
    if isinstance(thing, Award):
        return thing.result.call
    if isinstance(thing, Spending):
        return thing.award.result.call
    if hasattr(thing, "call"):
        return thing.call
    return thing.proposal.call if hasattr(thing, "proposal") else thing


def proposal_of(thing: Any) -> Any:  # Any: Proposal, or what belongs to one
    """The proposal that a thing is or belongs to."""
    return thing if isinstance(thing, Proposal) else thing.proposal


@fact("runs_call", ko="공모를 맡은 담당자", en="in charge of the call")
def runs_call(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: as call_of
    """An official of the district; of an organisation's fund, one of its board."""
    call = call_of(thing)
    if call.organisation_id is not None:
        return actor.has(Role.BOARD, organisation=call.organisation_id)
    return actor.has(Role.OFFICIAL, district=call.district_id)


@fact("keeps_call", ko="공모를 돌보는 실무자", en="staff of the call")
def keeps_call(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: as call_of
    """Staff of the district's centre, or of the organisation whose fund it is."""
    call = call_of(thing)
    if call.organisation_id is not None:
        return actor.has(Role.STAFF, organisation=call.organisation_id)
    return actor.has(Role.STAFF, district=call.district_id)


def belongs(person: object, call: Call, now: datetime) -> bool:
    """Whether a person is a resident or member that a call is for, by the grounds of its roll."""
    today = clock.kst_date(now)
    if call.organisation_id is not None:
        return Membership.rows.filter(
            organisation_id=call.organisation_id,
            person_id=person,
            state="admitted",
            valid__contains=today,
        ).exists()
    grounds = call.roll_rule.get("grounds") or ["home"]
    return PersonFact.rows.filter(
        person_id=person, kind__in=grounds, value=call.district_id, valid__contains=today
    ).exists()


@fact("is_of_call", ko="이 공모의 주민이나 조합원", en="resident or member of this call")
def is_of_call(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: as call_of
    """The person (or who one acts for) lives, works or studies there, or is a member."""
    return actor.behalf is not None and belongs(actor.behalf, call_of(thing), now)


@fact("wrote_proposal", ko="제안한 사람", en="author of the proposal")
def wrote_proposal(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: as proposal_of
    """The author or a co-author who has not left."""
    proposal = proposal_of(thing)
    if actor.behalf is None:
        return False
    return bool(
        proposal.author == actor.behalf
        or proposal.people.filter(person=actor.behalf, role="coauthor", left_at=None).exists()
    )


@fact("was_assigned", ko="검토를 맡은 사람", en="assigned to the review")
def was_assigned(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: ReviewAssignment
    """The reviewer named in the assignment."""
    return actor.id is not None and thing.reviewer == actor.id


may_run_call = runs_call
may_run_or_demo = runs_call | is_operator
may_keep_call = runs_call | keeps_call
may_propose = is_person
may_revise = wrote_proposal
may_offer_merge = runs_call | keeps_call | wrote_proposal
may_review = was_assigned & (runs_call | keeps_call)
may_vote = is_person
may_tick = is_timer | is_operator
may_install = is_operator
