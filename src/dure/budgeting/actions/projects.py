"""Projects: reviewed proposals on the ballot, with their fixed cost and their links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import uuid4

from pydantic import Field as Bound

from dure.budgeting import policies, subjects, telling, writing
from dure.budgeting.errors import BudgetCode
from dure.budgeting.models import Call, Project, ProjectLink, Proposal, Review
from dure.budgeting.words import REVIEWS
from dure.core import clock
from dure.core.actions import Reason, action, line, subject
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.core.types import CodeText, Line, Name, Note, UuidText

from .calls import FROZEN
from .proposals import P, must_be

ProjectCode = Annotated[str, Bound(pattern=r"^[0-9A-Za-z가-힣][0-9A-Za-z가-힣._-]{0,19}$")]
LISTING = (Call.State.REVIEWING, Call.State.LISTED)


@dataclass(frozen=True, slots=True)
class ProjectRef:
    """A project on the ballot."""

    id: str
    code: str
    cost_won: int


def _ref(project: Project) -> ProjectRef:
    line().object("budgeting.project", project.id)
    line().organisation(project.call.organisation_id)
    return ProjectRef(str(project.id), project.code, project.cost_won)


def standing_reviews(proposal: Proposal) -> dict[str, Review]:
    """The review of each kind that counts: of the second round where there is one."""
    found: dict[str, Review] = {}
    for review in proposal.reviews.order_by("round"):
        found[review.kind] = review
    return found


@action(
    "budgeting.project.list",
    ko="검토가 끝난 제안을 투표할 사업으로 올립니다.",
    en="Put a reviewed proposal on the ballot as a project.",
    policy=policies.may_run_call,
    letters=policies.RUNNERS,
    subject=subjects.kept_proposal,
    lock=subjects.lock_kept_proposal,
    idempotent=True,
    writes=("budgeting_project", "budgeting_proposal", "core_notice"),
    refusals=(
        CoreCode.NOT_FOUND,
        BudgetCode.WRONG_STATE,
        BudgetCode.NOT_OPEN,
        BudgetCode.NOT_REVIEWED,
        BudgetCode.HIDDEN,
        BudgetCode.UNKNOWN_CODE,
        BudgetCode.CODE_TAKEN,
        BudgetCode.FROZEN,
    ),
    constraints=FROZEN,
    notices=(telling.LISTED,),
)
def list_project(
    proposal_id: UuidText,
    envelope: CodeText,
    field: CodeText | None = None,
    code: ProjectCode | None = None,
    name: Name | None = None,
    name_en: Line | None = None,
    summary: Note | None = None,
    *,
    actor: Actor,
) -> ProjectRef:
    """Make a project of an accepted proposal that is fit by all three reviews.

    Its cost is the cost review's; name and place are the proposal's where none is given.
    Effects: Project, Proposal, a notice. Source: 지방재정법 37조④⑤.
    """
    proposal = subject(Proposal)
    must_be(proposal, P.ACCEPTED)
    if proposal.is_hidden:
        raise Refusal(BudgetCode.HIDDEN)
    call = proposal.call
    if call.state not in LISTING:
        raise Refusal(BudgetCode.FROZEN if call.state != Call.State.OPEN else BudgetCode.NOT_OPEN)
    reviews = standing_reviews(proposal)
    missing = [
        text
        for kind, text in REVIEWS.items()
        if kind not in reviews or reviews[kind].verdict == "unfit"
    ]
    if missing:
        kinds = T(", ".join(t.ko for t in missing), ", ".join(t.en for t in missing))
        raise Refusal(BudgetCode.NOT_REVIEWED, kinds=kinds)
    said, cost = writing.newest(proposal), reviews["cost"]
    assert cost.cost_won is not None, "a fit cost review states its cost"
    chosen = code or str(proposal.number)
    if Project.rows.filter(call=call, code=chosen).exists():
        raise Refusal(BudgetCode.CODE_TAKEN, field="code", name=chosen)
    made = Project(
        id=uuid4(),
        call=call,
        proposal=proposal,
        code=chosen,
        name=name or said.title,
        name_en=name_en or "",
        summary=summary or said.need,
        cost_won=cost.cost_won,
        cost_low_won=cost.cost_low_won,
        cost_high_won=cost.cost_high_won,
        cost_basis=cost.basis,
        upkeep_won=cost.upkeep_won,
        envelope=writing.envelope_of(call, envelope),
        field=writing.field_of(call, field) if field else said.field,
        place=said.place,
        dong=said.dong,
        latitude_e5=said.latitude_e5,
        longitude_e5=said.longitude_e5,
        received=proposal.number,
        listed_at=clock.now(),
        audit=line().id,
    )
    made.save(force_insert=True)
    writing.move(proposal, P.PROJECT)
    telling.tell_authors(proposal, telling.LISTED, code=chosen)
    line().changed("cost_won", None, made.cost_won)
    return _ref(made)


@action(
    "budgeting.project.drop",
    ko="사업을 투표 목록에서 뺍니다.",
    en="Take a project off the ballot.",
    policy=policies.may_run_call,
    letters=policies.RUNNERS,
    subject=subjects.project,
    idempotent=True,
    reason=Reason.REQUIRED,
    writes=("budgeting_project",),
    refusals=(CoreCode.NOT_FOUND, BudgetCode.FROZEN),
    constraints=FROZEN,
)
def drop_project(project_id: UuidText, *, actor: Actor) -> ProjectRef:
    """Take a project off the list before it is frozen, with a reason. Effects: Project."""
    project = subject(Project)
    if project.call.state not in LISTING:
        raise Refusal(BudgetCode.FROZEN)
    project.is_dropped, project.audit = True, line().id
    project.save(update_fields=["is_dropped", "audit"])
    line().changed("is_dropped", False, True)
    return _ref(project)


@action(
    "budgeting.project.link",
    ko="함께라야 하거나 함께일 수 없는 사업을 잇습니다.",
    en="Link projects that need or exclude each other.",
    policy=policies.may_run_call,
    letters=policies.RUNNERS,
    subject=subjects.project,
    idempotent=True,
    writes=("budgeting_projectlink",),
    refusals=(
        CoreCode.NOT_FOUND,
        BudgetCode.LINKS_OFF,
        BudgetCode.FROZEN,
        BudgetCode.UNKNOWN_CODE,
    ),
    constraints=FROZEN,
)
def link_projects(
    project_id: UuidText,
    other: Line,
    kind: Literal["requires", "excludes", "none"],
    *,
    actor: Actor,
) -> ProjectRef:
    """Say that a project requires or excludes another, by its code, or take the link away.

    Effects: ProjectLink; only where the call's rule allows links.
    """
    project = subject(Project)
    if project.call.state not in LISTING:
        raise Refusal(BudgetCode.FROZEN)
    if not project.call.links_allowed:
        raise Refusal(BudgetCode.LINKS_OFF)
    beside = Project.rows.filter(call=project.call_id, code=other).exclude(id=project.id).first()
    if beside is None:
        raise Refusal(BudgetCode.UNKNOWN_CODE, field="other", name=other)
    ProjectLink.rows.filter(project=project, other=beside).delete()
    if kind != "none":
        ProjectLink.rows.create(
            call=project.call, kind=kind, project=project, other=beside, audit=line().id
        )
    line().changed("link", None, f"{kind} {other}")
    return _ref(project)
