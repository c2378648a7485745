"""Proposals as their pages show them: lists with search, one proposal with all that belongs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from dure.budgeting import policies
from dure.budgeting.models import (
    MergeOffer,
    Proposal,
    ProposalPhoto,
    ProposalVersion,
    Review,
)
from dure.budgeting.queries.abilities import proposal_abilities
from dure.budgeting.queries.voices import (
    ActView,
    CommentView,
    PhotoView,
    Veil,
    acts,
    comments,
    photos,
    veils,
)
from dure.budgeting.subjects import authors_of
from dure.budgeting.words import PROPOSAL_STATES, REVIEW_REASONS, REVIEWS, VERDICTS
from dure.core import clock
from dure.core.actors import Actor
from dure.core.text import T

SORTS = {
    "new": ("-received_at", "-number"),
    "old": ("received_at", "number"),
    "support": ("-support", "number"),
    "comments": ("-said", "number"),
}
NUMBERED = T("제안 %(n)s번", "Proposal %(n)s")


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal in a list."""

    id: UUID
    call: UUID
    number: int
    title: str
    need: str
    state: str
    state_text: T
    author: T
    place: str
    dong: str
    latitude_e5: int | None
    longitude_e5: int | None
    estimate_won: int | None
    envelope: str
    field: str
    field_name: T
    support_count: int
    comment_count: int
    received_at: datetime
    is_synthetic: bool


@dataclass(frozen=True, slots=True)
class VersionView:
    """What a proposal said since a moment."""

    number: int
    title: str
    need: str
    benefits: str
    place: str
    estimate_won: int | None
    change_note: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A review with its reason, and the author's answer if there is one."""

    id: UUID
    kind: str
    kind_text: T
    round: int
    department: str
    verdict: str
    verdict_text: T
    reason_text: T
    text: str
    cost_won: int | None
    cost_low_won: int | None
    cost_high_won: int | None
    upkeep_won: int | None
    basis: str
    at: datetime
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class OfferView:
    """An offer to merge this proposal; `asks_me` where the actor still has to answer."""

    id: UUID
    source: UUID
    source_title: str
    target: UUID
    target_title: str
    text: str
    state: str
    agreed_count: int
    needed_count: int
    asks_me: bool


@dataclass(frozen=True, slots=True)
class ProposalView:
    """One proposal. `can` names what the actor may do now, as the actions are named."""

    row: ProposalRow
    need: str
    benefits: str
    state_reason: str
    coauthors: tuple[T, ...]
    photos: tuple[PhotoView, ...]
    versions: tuple[VersionView, ...]
    comments: tuple[CommentView, ...]
    reviews: tuple[ReviewView, ...]
    offers: tuple[OfferView, ...]
    merged_into: UUID | None
    merged_from: tuple[tuple[UUID, int], ...]
    project: UUID | None
    project_code: str
    previous: UUID | None
    veil: Veil | None
    moderated: tuple[ActView, ...]
    my_role: str
    can: frozenset[str]


def proposals(
    actor: Actor,
    *,
    call: UUID | str | None = None,
    words: str = "",
    field: str = "",
    envelope: str = "",
    state: str = "",
    dong: str = "",
    sort: str = "new",
    withdrawn: bool = False,
) -> QuerySet[Proposal]:
    """Proposals that an actor may see, narrowed and sorted; a page of it goes to `proposal_rows`.

    words : each must stand in title, need or place of the newest version
    sort  : new, old, support or comments; anything else counts as new
    """
    rows = Proposal.objects.within(actor).exclude(call__state="draft")
    if call is not None:
        rows = rows.filter(call=call)
    if not withdrawn:
        rows = rows.exclude(state="withdrawn")
    now = Q(versions__number=F("version_count"))
    for word in words.split()[:8]:
        said = Q(versions__title__icontains=word) | Q(versions__need__icontains=word)
        rows = rows.filter(now & (said | Q(versions__place__icontains=word)))
    if field:
        rows = rows.filter(now & Q(versions__field__code=field))
    if envelope:
        rows = rows.filter(now & Q(versions__envelope__code=envelope))
    if dong:
        rows = rows.filter(now & Q(versions__dong=dong))
    if state in PROPOSAL_STATES:
        rows = rows.filter(state=state)
    rows = rows.annotate(
        support=Count(
            "people", filter=Q(people__role="supporter", people__left_at=None), distinct=True
        ),
        said=Count("comments", distinct=True),
    )
    found: QuerySet[Proposal] = rows.order_by(*SORTS.get(sort, SORTS["new"]), "pk")
    return found


def mine(actor: Actor) -> QuerySet[Proposal]:
    """Proposals that one wrote or co-wrote, withdrawn ones too."""
    wrote = Q(author=actor.behalf) | Q(
        people__person=actor.behalf, people__role="coauthor", people__left_at=None
    )
    found = proposals(actor, withdrawn=True)
    return (
        found.filter(pk__in=Proposal.rows.filter(wrote).values("pk")) if actor.id else found.none()
    )


def proposal_rows(found: Sequence[Proposal] | QuerySet[Proposal]) -> list[ProposalRow]:
    """A page of proposals, each with its newest version, in two more queries."""
    page = list(found)
    said = _newest([one.pk for one in page])
    return [_row(one, said[one.pk]) for one in page]


def _newest(ids: Sequence[UUID]) -> dict[UUID, ProposalVersion]:
    rows = ProposalVersion.rows.filter(
        proposal__in=ids, number=F("proposal__version_count")
    ).select_related("field", "envelope")
    return {one.proposal_id: one for one in rows}


def named(name: str, number: int) -> T:
    """The name that an author shows, or how a person without one is called."""
    return T(name, name) if name else T(f"제안자 {number}", f"Proposer {number}")


def _row(one: Any, said: ProposalVersion) -> ProposalRow:  # Any: a proposal with annotations
    return ProposalRow(
        id=one.pk,
        call=one.call_id,
        number=one.number,
        title=said.title,
        need=said.need,
        state=one.state,
        state_text=PROPOSAL_STATES[one.state],
        author=named(one.author_name, one.number),
        place=said.place,
        dong=said.dong,
        latitude_e5=said.latitude_e5,
        longitude_e5=said.longitude_e5,
        estimate_won=said.estimate_won,
        envelope=said.envelope.code if said.envelope else "",
        field=said.field.code if said.field else "",
        field_name=T(said.field.name, said.field.name_en or said.field.name)
        if said.field
        else T("", ""),
        support_count=getattr(one, "support", 0),
        comment_count=getattr(one, "said", 0),
        received_at=one.received_at,
        is_synthetic=one.is_synthetic,
    )


def proposal_view(proposal_id: UUID | str, actor: Actor) -> ProposalView | None:
    """One proposal as an actor sees it; None when there is none to be seen."""
    rows = proposals(actor, withdrawn=True).filter(pk=proposal_id)
    one: Any = rows.select_related("call", "previous").first()  # Any: with annotations
    if one is None:
        return None
    said = _newest([one.pk])[one.pk]
    project = getattr(one, "project", None)
    joined = list(one.people.filter(left_at=None).order_by("joined_at", "pk"))
    me = next((p.role for p in joined if p.person == actor.behalf), "")
    return ProposalView(
        row=_row(one, said),
        need=said.need,
        benefits=said.benefits,
        state_reason=one.state_reason,
        coauthors=tuple(
            T(p.shown_name, p.shown_name) if p.shown_name else T("함께한 주민", "a neighbour")
            for p in joined
            if p.role == "coauthor"
        ),
        photos=photos(one, said.pk),
        versions=tuple(
            VersionView(
                v.number, v.title, v.need, v.benefits, v.place, v.estimate_won, v.change_note,
                v.made_at,
            )
            for v in one.versions.order_by("-number")
        ),
        comments=comments(one, actor),
        reviews=reviews(one),
        offers=offers(one, actor),
        merged_into=one.merged_into_id,
        merged_from=tuple(one.merged.order_by("number").values_list("pk", "number")),
        project=project.pk if project else None,
        project_code=project.code if project else "",
        previous=one.previous_id,
        veil=veils(one, "proposal").get(""),
        moderated=acts(one),
        my_role="author" if actor.behalf and one.author == actor.behalf else me,
        can=proposal_abilities(one, actor, me),
    )  # fmt: skip


def may_see_photo(upload_id: UUID | str, actor: Actor) -> bool:
    """Whether a photo stands in a proposal that the actor may see, and is not hidden from them."""
    rows = ProposalPhoto.rows.filter(upload=upload_id, version__proposal__in=proposals(actor))
    for one in rows.select_related("version__proposal__call")[:3]:
        proposal = one.version.proposal
        if str(upload_id) not in veils(proposal, "photo"):
            return True
        if policies.may_keep_call.holds(actor, proposal, clock.now()):
            return True
    return False


def reviews(proposal: Proposal) -> tuple[ReviewView, ...]:
    """The reviews of a proposal in their order, with the answers."""
    order = list(REVIEWS)
    rows = Review.rows.filter(proposal=proposal).select_related("assignment", "answer")
    return tuple(
        ReviewView(
            id=r.pk,
            kind=r.kind,
            kind_text=REVIEWS[r.kind],
            round=r.round,
            department=r.assignment.department,
            verdict=r.verdict,
            verdict_text=VERDICTS[r.verdict],
            reason_text=REVIEW_REASONS[r.reason_code],
            text=r.text,
            cost_won=r.cost_won,
            cost_low_won=r.cost_low_won,
            cost_high_won=r.cost_high_won,
            upkeep_won=r.upkeep_won,
            basis=r.basis,
            at=r.at,
            answer=r.answer.text if hasattr(r, "answer") else "",
            answered_at=r.answer.at if hasattr(r, "answer") else None,
        )
        for r in sorted(rows, key=lambda r: (order.index(r.kind), r.round))
    )


def offers(proposal: Proposal, actor: Actor) -> tuple[OfferView, ...]:
    """The offers to merge a proposal with another, the open ones first.

    A side that is hidden from the actor goes by its number.
    """
    rows = list(
        MergeOffer.rows.filter(Q(source=proposal) | Q(target=proposal))
        .select_related("source", "target")
        .order_by("-offered_at")
    )
    sides = {pk for one in rows for pk in (one.source_id, one.target_id)}
    shown = Proposal.objects.within(actor).filter(pk__in=sides)
    said = _newest(list(shown.values_list("pk", flat=True)))

    def title(one: Proposal) -> str:
        return said[one.pk].title if one.pk in said else str(NUMBERED) % {"n": one.number}

    found = []
    for one in rows:
        needed = authors_of(one)
        answers = dict(one.consents.values_list("person", "agrees"))
        asks = one.state == "open" and actor.behalf in needed and actor.behalf not in answers
        found.append(
            OfferView(
                one.pk,
                one.source_id,
                title(one.source),
                one.target_id,
                title(one.target),
                one.text,
                one.state,
                sum(answers.values()),
                len(needed),
                asks,
            )
        )
    return tuple(sorted(found, key=lambda o: o.state != "open"))
