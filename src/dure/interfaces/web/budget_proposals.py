"""Proposals of a round: the list, one proposal with all that belongs to it, what waits for me."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.budgeting.queries import moderation, waiting
from dure.budgeting.queries import proposals as found_proposals
from dure.budgeting.queries.proposals import SORTS, ProposalView
from dure.budgeting.queries.similar import SimilarRow, similar
from dure.budgeting.words import PROPOSAL_STATES
from dure.core import clock
from dure.core.actions import Outcome
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.interfaces.web.base import (
    Form,
    act,
    body_of,
    known_actor,
    page,
    paged,
    picked,
    refused,
)
from dure.interfaces.web.budget import MARKS as CALL_MARKS
from dure.interfaces.web.budget import shown_call
from dure.interfaces.web.budget_propose import place_of, where_map
from dure.interfaces.web.money_frame import signed_in
from dure.interfaces.web.things import Thing, provider

MARKS = {
    "sent": "now", "returned": "wait", "accepted": "now", "merged": "draft", "withdrawn": "draft",
    "rejected": "stop", "project": "ok",
}  # fmt: skip
SORT_WORDS = {
    "new": T("새로 온 것부터", "Newest first"),
    "old": T("먼저 온 것부터", "Oldest first"),
    "support": T("공감 많은 것부터", "Most support first"),
    "comments": T("댓글 많은 것부터", "Most comments first"),
}
OFFERS = {
    "open": T("답을 기다리는 중", "Waiting for answers"),
    "done": T("합쳤습니다", "Merged"),
    "refused": T("합치지 않기로 했습니다", "Not merged"),
    "void": T("끝났습니다", "Over"),
}
LABELS = {
    "text": T("글", "Text"),
    "shown_name": T("보일 이름", "Name to be shown"),
    "number": T("합칠 제안의 번호", "Number of the other proposal"),
    "agrees": T("답", "Answer"),
}
DONE = {
    "support": T("공감했습니다.", "You support this proposal."),
    "coauthor": T("함께 제안하는 사람이 되었습니다.", "You are a co-author now."),
    "leave": T("함께하기를 그만두었습니다.", "You have left."),
    "comment": T("댓글을 남겼습니다.", "Your comment stands."),
    "withdraw": T("제안을 거두었습니다.", "The proposal is withdrawn."),
    "answer": T("검토에 답했습니다.", "Your answer to the review stands."),
    "offer": T("합치자고 권했습니다.", "The offer to merge was sent."),
    "appeal": T("이의를 냈습니다.", "Your appeal was sent."),
    "merge": T("권유에 답했습니다.", "You answered the offer."),
}
TEXTS = ("answer", "offer", "appeal")
INSTANT = timedelta(microseconds=1)  # a vote that ends at midnight ends on the day before
NO_NUMBER = T("이 공모에 있는 제안의 번호", "the number of another proposal of this round")
WAITS = {
    "returned": (
        T("제안 고치기: %(title)s", "Revise: %(title)s"),
        T("담당자가 고쳐 달라고 했습니다.", "You were asked to change it."),
    ),
    "review": (
        T("검토에 답하기: %(title)s", "Answer a review: %(title)s"),
        T(
            "그대로 하기 어렵다는 검토가 나왔습니다. 한 번 답할 수 있습니다.",
            "A review found it unfit or set a condition. You may answer once.",
        ),
    ),
    "offer": (
        T("합치자는 권유에 답하기: %(title)s", "Answer an offer to merge: %(title)s"),
        T("비슷한 제안과 합치자고 합니다.", "It is to be merged with a similar one."),
    ),
}


def listing(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """The proposals of one round: search, state, field, order."""
    call = shown_call(request, call_id)
    words = request.GET.get("q", "").strip()[:100]
    fields = {row.code: str(row.name) for row in call.fields}
    state, field = picked(request, "state", PROPOSAL_STATES), picked(request, "field", fields)
    sort = picked(request, "sort", SORTS, "new")
    found = found_proposals.proposals(
        known_actor(request),
        call=call_id,
        words=words,
        state=state,
        field=field,
        sort=sort,
        withdrawn=state == "withdrawn",
    )
    rows = paged(request, found)
    shown = found_proposals.proposal_rows(list(rows.object_list))
    return page(
        request,
        "budgeting/proposals.html",
        {
            "one": call,
            "rows": rows,
            "cards": [(row, MARKS[row.state]) for row in shown],
            "words": words,
            "stubs": () if words or rows.number > 1 else moderation.stubs(call_id),
            "state": state,
            "field": field,
            "sort": sort,
            "states": [(code, str(text)) for code, text in PROPOSAL_STATES.items()],
            "fields": list(fields.items()),
            "sorts": [(code, str(text)) for code, text in SORT_WORDS.items()],
        },
    )


def one(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """One proposal; everything that can be done with it is done here."""
    actor = known_actor(request)
    found = found_proposals.proposal_view(proposal_id, actor)
    if found is None:
        return _veiled(request, proposal_id)
    if request.method != "POST":
        return _draw(request, found)
    signed_in(request)
    deed = request.POST.get("do", "")

    def again(form: Form) -> HttpResponse:
        if "text" in form.errors and deed in TEXTS:
            form.errors[_text_name(request, deed)] = form.errors.pop("text")
        return _draw(request, found, form)

    try:
        name, body = _deed(request, found, deed)
    except Refusal as refusal:
        return refused(request, refusal, again=again, labels=LABELS)
    done = act(
        request,
        name,
        body,
        success_url=reverse("web:budget_proposal", args=[proposal_id]),
        again=again,
        labels=LABELS,
        done=DONE[deed],
    )
    assert not isinstance(done, Outcome)
    return done


def _veiled(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """The place of a hidden proposal: its number and the reason. Raises Refusal(NOT_FOUND)."""
    stub = moderation.stub(proposal_id)
    if stub is None or request.method == "POST":
        raise Refusal(CoreCode.NOT_FOUND)
    context = {"stub": stub, "call": shown_call(request, stub.call)}
    return page(request, "budgeting/proposal_hidden.html", context)


def _deed(request: HttpRequest, found: ProposalView, deed: str) -> tuple[str, dict[str, object]]:
    """The action that a form of the page asks for, with its body."""
    own: dict[str, object] = {"proposal_id": str(found.row.id)}
    if deed in ("support", "coauthor", "leave"):
        role = {"support": "supporter", "leave": "none"}.get(deed, deed)
        return "budgeting.proposal.join", {**own, "role": role, **body_of(request, "shown_name")}
    if deed == "comment":
        return "budgeting.proposal.comment", {**own, **body_of(request, "text", "shown_name")}
    if deed == "withdraw":
        return "budgeting.proposal.withdraw", own
    if deed == "answer":
        return "budgeting.review.answer", {**body_of(request, "review_id"), **_text(request, deed)}
    if deed == "appeal":
        about = body_of(request, "target", "target_id")
        return "budgeting.moderation.appeal", {**own, **about, **_text(request, deed)}
    if deed == "merge":
        agrees = {"yes": True, "no": False}.get(request.POST.get("agrees", ""))
        body = body_of(request, "offer_id")
        return "budgeting.merge.accept", body if agrees is None else {**body, "agrees": agrees}
    if deed == "offer":
        target = {"target_id": str(_by_number(request, found))}
        source = {"source_id": str(found.row.id)}
        return "budgeting.merge.offer", {**source, **target, **_text(request, deed)}
    raise Refusal(CoreCode.NOT_FOUND)


def _text_name(request: HttpRequest, deed: str) -> str:
    """The name of a form's text on a page of several: each field has its own."""
    names = {"answer": "review_id", "appeal": "target_id"}
    return f"{deed}-{request.POST.get(names[deed], '')}" if deed in names else deed


def _text(request: HttpRequest, deed: str) -> dict[str, object]:
    found = request.POST.get(_text_name(request, deed), "").strip()
    return {"text": found} if found else {}


def _by_number(request: HttpRequest, found: ProposalView) -> UUID:
    typed = request.POST.get("number", "").strip()
    if typed.isascii() and typed.isdigit() and len(typed) < 7:
        rows = found_proposals.proposals(known_actor(request), call=found.row.call)
        other = rows.filter(number=int(typed)).first()
        if other is not None:
            return UUID(str(other.pk))
    raise Refusal(CoreCode.BAD_FIELD, field="number", range=NO_NUMBER)


def _draw(request: HttpRequest, found: ProposalView, form: Form | None = None) -> HttpResponse:
    row, actor = found.row, known_actor(request)
    may_answer = "review.answer" in found.can
    alike: tuple[SimilarRow, ...] = ()
    if "merge.offer" in found.can:
        alike = similar(row.call, actor, title=row.title, need=found.need, without=row.id)
    call, place = shown_call(request, row.call), place_of(row)
    return page(
        request,
        "budgeting/proposal.html",
        {
            "one": found,
            "row": row,
            "call": call,
            "map": where_map(call.district_id, place) if place else None,
            "tone": MARKS[row.state],
            "reviews": [
                (said, may_answer and said.round == 1 and not said.answer) for said in found.reviews
            ],
            "offers": [(offer, OFFERS.get(offer.state, offer.state)) for offer in found.offers],
            "alike": alike,
            "asked": request.GET.get("ask") == "withdraw" and "proposal.withdraw" in found.can,
            "form": form,
            "signed_in": actor.id is not None,
            "wrote": found.my_role in ("author", "coauthor"),
        },
        status=form.status if form else 200,
    )


def mine(request: HttpRequest) -> HttpResponse:
    """One's own proposals, and the rounds in which one votes."""
    actor = signed_in(request)
    rows = paged(request, found_proposals.mine(actor))
    shown = found_proposals.proposal_rows(list(rows.object_list))
    return page(
        request,
        "budgeting/mine.html",
        {
            "rows": rows,
            "cards": [(row, MARKS[row.state]) for row in shown],
            "votes": [(vote, CALL_MARKS[vote.call.state]) for vote in waiting.votes(actor)],
        },
    )


@provider
def things(actor: Actor) -> list[Thing]:
    """Rounds to vote in, proposals to change, reviews and offers to answer."""
    found = []
    for vote in waiting.waiting_votes(actor):
        closes = vote.call.voting_to
        found.append(
            Thing(
                title=T("투표하기: %(title)s", "Vote: %(title)s") % {"title": vote.call.title},
                why=str(
                    T(
                        "명부에 있는 공모의 투표가 열려 있습니다.",
                        "The vote of a round is open and you are on its roll.",
                    )
                ),
                href=reverse("web:budget_vote", args=[vote.call.id]),
                due=clock.kst_date(closes - INSTANT) if closes else None,
                icon="check",
            )
        )
    for waits in waiting.waiting_proposals(actor):
        title, why = WAITS[waits.kind]
        view = "web:budget_revise" if waits.kind == "returned" else "web:budget_proposal"
        href = reverse(view, args=[waits.proposal])
        found.append(Thing(title % {"title": waits.title}, str(why), href, icon="edit"))
    return found


urlpatterns = [
    path("budget/mine/", mine, name="budget_mine"),
    path("budget/<uuid:call_id>/proposals/", listing, name="budget_proposals"),
    path("budget/proposals/<uuid:proposal_id>/", one, name="budget_proposal"),
]
