"""Proposals of a round at the desk: accept or send back, have them reviewed, put on the ballot."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.budgeting.queries import proposals, reviews
from dure.budgeting.queries.calls import CallView
from dure.budgeting.queries.proposals import ProposalView
from dure.budgeting.queries.reviews import AssignmentRow, DeskRow
from dure.budgeting.words import PROPOSAL_STATES, REVIEW_REASONS, REVIEWS, VERDICTS
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.interfaces.web.base import act, body_of, known_actor, page, paged, picked
from dure.interfaces.web.budget_desk import kept
from dure.interfaces.web.budget_desk_forms import options
from dure.interfaces.web.things import Thing, provider
from dure.registry.vault import masked_names

TABS = ("sent", "returned", "accepted", "project", "rejected", "merged", "withdrawn")
MARKS = {
    "sent": "now", "returned": "wait", "accepted": "wait", "project": "ok", "rejected": "stop",
    "merged": "draft", "withdrawn": "draft",
}  # fmt: skip
LABELS = {
    "why": T("돌려보내는 까닭", "Why it is sent back"),
    "reason": T("이유", "Reason"),
    "kind": T("무슨 검토", "Which review"),
    "reviewer_id": T("맡을 사람", "Reviewer"),
    "department": T("부서", "Department"),
    "due_on": T("기한", "Due"),
    "envelope": T("재원", "Money"),
    "field": T("분야", "Field"),
    "name": T("사업 이름", "Name of the project"),
    "verdict": T("판단", "Verdict"),
    "reason_code": T("까닭", "Reason"),
    "text": T("설명", "Explanation"),
    "cost_won": T("비용", "Cost"),
    "upkeep_won": T("해마다 드는 돈", "Yearly cost"),
    "basis": T("비용의 근거", "Basis of the cost"),
}
DONE = {
    "accept": T("받아들였습니다. 이제 검토를 맡길 수 있습니다.",
                "Accepted. Reviews can be assigned now."),
    "return": T("돌려보냈습니다. 제안한 사람에게 알렸습니다.",
                "Sent back. Its author was told."),
    "reject": T("부적격으로 끝냈습니다.", "Ended as not eligible."),
    "assign": T("검토를 맡겼습니다.", "The review is assigned."),
    "release": T("맡긴 검토를 물렸습니다.", "The review was released."),
    "recuse": T("이 제안의 검토에서 빠졌습니다.", "You are out of reviewing this proposal."),
    "list": T("투표할 사업으로 올렸습니다.", "It is on the ballot as a project."),
    "drop": T("투표 목록에서 뺐습니다.", "It is off the ballot."),
}  # fmt: skip
ACTIONS = {
    "accept": ("budgeting.proposal.accept", ()),
    "return": ("budgeting.proposal.return", ("why",)),
    "reject": ("budgeting.proposal.reject", ()),
    "assign": ("budgeting.review.assign", ("kind", "reviewer_id", "department", "due_on")),
    "recuse": ("budgeting.review.recuse", ()),
    "list": ("budgeting.project.list", ("envelope", "field", "name", "name_en", "summary")),
}


def listing(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Proposals of a round by state, with their reviews; the reviews that wait for me."""
    shown = kept(request, call_id)
    actor = known_actor(request)
    state = picked(request, "state", frozenset(TABS), _first_state(call_id, actor))
    rows = paged(request, reviews.desk(call_id, actor, state=state))
    tabs = [
        {"href": f"?state={key}", "title": str(PROPOSAL_STATES[key]), "here": key == state}
        for key in TABS
    ]
    return page(
        request,
        "budgeting/desk_proposals.html",
        {
            "one": shown,
            "rows": rows,
            "tabs": tabs,
            "mark": MARKS[state],
            "mine": reviews.assignments(actor, call=call_id, only_mine=True),
            "verdicts": [
                (str(VERDICTS[key]), count)
                for key, count in sorted(reviews.review_count(call_id).items())
            ],
        },
    )


def _first_state(call_id: UUID, actor: Actor) -> str:
    """The state in which the desk has most to do: new ones first, then those under review."""
    waiting = proposals.proposals(actor, call=call_id, state="sent")
    return "sent" if waiting.exists() else "accepted"


def _proposal(shown: CallView, proposal_id: UUID, actor: Actor) -> ProposalView:
    found = proposals.proposal_view(proposal_id, actor)
    if found is None or found.row.call != shown.row.id:
        raise Refusal(CoreCode.NOT_FOUND)
    return found


def one(request: HttpRequest, call_id: UUID, proposal_id: UUID) -> HttpResponse:
    """One proposal at the desk: what it says, its reviews, what may be done with it now."""
    shown = kept(request, call_id)
    actor = known_actor(request)
    found = _proposal(shown, proposal_id, actor)
    rows = reviews.desk(call_id, actor, state=found.row.state)
    row = next(row for row in rows if row.proposal.id == proposal_id)
    context = _context(shown, found, row, actor)
    if request.method != "POST":
        return page(request, "budgeting/desk_proposal.html", context)
    do = request.POST.get("do", "")
    name, body = _asked(request, found, do)
    answer = act(
        request,
        name,
        body,
        success_url=reverse("web:budget_desk_proposal", args=[call_id, proposal_id]),
        again="budgeting/desk_proposal.html",
        context=context,
        labels=LABELS,
        done=DONE[do],
    )
    assert isinstance(answer, HttpResponse)
    return answer


def _context(shown: CallView, found: ProposalView, row: DeskRow, actor: Actor) -> dict[str, object]:
    context: dict[str, object] = {
        "one": shown,
        "found": found,
        "row": row,
        "mark": MARKS[found.row.state],
        "kinds": options(dict(REVIEWS)),
        "envelopes": [(e.code, str(e.name)) for e in shown.envelopes],
        "fields": [(f.code, str(f.name)) for f in shown.fields],
        "may_list": "project.list" in shown.can and "project.list" in found.can and row.is_fit,
        "offered": _offered(found),
        "may_drop": found.project is not None and "project.list" in shown.can,
    }
    if "review.assign" in found.can:
        people = reviews.reviewers(found.row.id, actor)
        free = [one for one in people if not one.is_out]
        names = masked_names([one.person for one in free], actor=actor, purpose="list_page")
        unnamed = str(T("이름을 적지 않은 담당자", "Somebody without a name"))
        context["reviewers"] = [
            (
                str(one.person),
                str(T("나", "Myself"))
                if one.person == actor.id
                else names.get(one.person, unnamed),
            )
            for one in free
        ]
        context["out_count"] = len(people) - len(free)
    return context


def _offered(found: ProposalView) -> list[str]:
    """The forms that the page shows; a refusal of another stands at the top."""
    shown = {
        "proposal.accept": ("accept", "return"),
        "review.assign": ("assign",),
        "proposal.reject": ("reject",),
    }
    return [do for name, forms in shown.items() if name in found.can for do in forms]


def _asked(
    request: HttpRequest, found: ProposalView, do: str
) -> tuple[str, dict[str, object]]:  # fmt: skip
    """The action that a form of the page asks for, and its body."""
    if do == "release":
        return "budgeting.review.release", body_of(request, "assignment_id")
    if do == "drop" and found.project is not None:
        return "budgeting.project.drop", {"project_id": str(found.project)}
    if do not in ACTIONS:
        raise Refusal(CoreCode.NOT_FOUND)
    name, fields = ACTIONS[do]
    return name, {"proposal_id": str(found.row.id), **body_of(request, *fields)}


def review(request: HttpRequest, call_id: UUID, assignment_id: UUID) -> HttpResponse:
    """Give a review that was assigned to oneself; it is public with its reason."""
    shown = kept(request, call_id)
    actor = known_actor(request)
    asked = _mine(call_id, assignment_id, actor)
    context = {
        "one": shown,
        "asked": asked,
        "found": _proposal(shown, asked.proposal, actor),
        "verdicts": options(dict(VERDICTS)),
        "reasons": options(dict(REVIEW_REASONS)),
    }
    if request.method != "POST":
        return page(request, "budgeting/desk_review.html", context)
    money = ("cost_won", "cost_low_won", "cost_high_won", "upkeep_won", "basis")
    body = body_of(
        request, "verdict", "reason_code", "text", *(money if asked.kind == "cost" else ())
    )
    answer = act(
        request,
        "budgeting.review.give",
        {"assignment_id": str(assignment_id), **body},
        success_url=reverse("web:budget_desk_proposals", args=[call_id]),
        again="budgeting/desk_review.html",
        context=context,
        labels=LABELS,
        done=T("검토를 냈습니다. 제안한 사람에게 알렸습니다.",
               "The review is given. The authors were told."),
    )  # fmt: skip
    assert isinstance(answer, HttpResponse)
    return answer


def _mine(call_id: UUID, assignment_id: UUID, actor: Actor) -> AssignmentRow:
    for row in reviews.assignments(actor, call=call_id, only_mine=True):
        if row.id == assignment_id:
            return row
    raise Refusal(CoreCode.NOT_FOUND)


REVIEW = T("검토하기: %(kind)s, %(title)s", "Review: %(kind)s, %(title)s")
REVIEW_WHY = T(
    "%(department)s의 검토를 맡았습니다.",
    "You were asked for the review of %(department)s.",
)


@provider
def things(actor: Actor) -> list[Thing]:
    """Reviews that were assigned to oneself and are not given."""
    if actor.id is None:
        return []
    return [
        Thing(
            title=REVIEW % {"kind": one.kind_text, "title": one.title},
            why=REVIEW_WHY % {"department": one.department},
            href=reverse("web:budget_desk_review", args=[one.call, one.id]),
            due=one.due_on,
            late=one.is_late,
            icon="edit",
        )
        for one in reviews.assignments(actor, only_mine=True)
    ]


HERE = "desk/budget/<uuid:call_id>/"
urlpatterns = [
    path(f"{HERE}proposals/", listing, name="budget_desk_proposals"),
    path(f"{HERE}proposals/<uuid:proposal_id>/", one, name="budget_desk_proposal"),
    path(f"{HERE}reviews/<uuid:assignment_id>/", review, name="budget_desk_review"),
]
