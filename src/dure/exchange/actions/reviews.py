"""Reviews after an agreement: written from lists, answered, objected to, ruled on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from django.db.models import QuerySet
from pydantic import Field

from dure.core import notices
from dure.core.actions import Reason, action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.models.work import Notice
from dure.core.running import current
from dure.core.text import T
from dure.core.types import UuidText
from dure.exchange import policies, proofs, reviewing, subjects
from dure.exchange.actions.agreements import PARTIES
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Agreement, Attestation, Party
from dure.exchange.queries import reviews

WRITES = ("exchange_attestation",)
Words = Annotated[tuple[reviewing.Word, ...], Field(max_length=reviewing.WORDS_MAX)]
REVIEWED = notices.template(
    "exchange.reviewed",
    subject=T("후기가 있습니다", "There is a review"),
    text=T(
        "함께한 이웃이 후기를 남겼습니다. 나도 쓰거나 정해진 날이 지나면 보이고, "
        "그때 답하거나 이의를 낼 수 있습니다.",
        "A neighbour has written a review. You see it once you have written too, or after some "
        "days; then you may answer or object.",
    ),
    path="/exchange/reviews/",
    urgency=Notice.Urgency.DIGEST,
)
RULED = notices.template(
    "exchange.review_ruled",
    subject=T("후기의 이의를 살펴봤습니다", "An objection to a review was looked at"),
    text=T(
        "코디네이터가 후기를 살펴보고 정했습니다. 까닭을 확인해 주세요.",
        "A coordinator has looked at the review and decided. Please see the reason.",
    ),
    path="/exchange/reviews/",
    urgency=Notice.Urgency.DAY,
)


@dataclass(frozen=True, slots=True)
class ReviewRef:
    """The id of a review."""

    id: str


@dataclass(frozen=True, slots=True)
class About:
    """A review and its case, as the policies of what follows it see them."""

    review: reviewing.Review
    agreement: Agreement

    @property
    def organisation_id(self) -> UUID | None:
        """The host of the case."""
        return self.agreement.organisation_id

    @property
    def district_id(self) -> str:
        """The district of the case."""
        return str(self.agreement.district_id)


def about(body: Any, actor: Actor) -> About:  # Any: a body with review_id
    """A review of a case in the actor's scope. Raises Refusal(NOT_FOUND)."""
    return _about(body.review_id, Agreement.objects.within(actor))


def lock_about(body: Any, actor: Actor) -> About:  # Any: as above
    """The same behind its locked case: what two say of it at once is said once."""
    cases = Agreement.objects.within(actor)
    return _about(body.review_id, cases.select_for_update(of=("self",), no_key=True))


def _about(review_id: str, cases: QuerySet[Agreement]) -> About:
    known = reviews.one(UUID(review_id))
    case = cases.filter(pk=known.case).first() if known is not None else None
    found = reviews.one(UUID(review_id)) if case is not None else None
    if found is None or case is None:
        raise Refusal(CoreCode.NOT_FOUND, field="review_id")
    return About(found, case)


@action(
    "exchange.review.write",
    ko="함께한 이웃에 대해 후기를 남깁니다.",
    en="Write a review of a neighbour.",
    policy=policies.may_review,
    letters=PARTIES,
    subject=subjects.agreement,
    lock=subjects.lock_agreement,
    idempotent=True,
    for_another=True,
    writes=WRITES,
    notices=(REVIEWED,),
    refusals=(CoreCode.NOT_FOUND, ExchangeCode.NO_REVIEW),
)
def write_review(
    agreement_id: UuidText,
    of: UuidText,
    points: reviewing.Points,
    words: Words = (),
    *,
    actor: Actor,
) -> ReviewRef:
    """Say how it was with one other person of an ended case: points, at most three words.

    Effects: Attestation, once for each of the others; never changed. Who was reviewed is told.
    """
    case = subject(Agreement)
    if UUID(of) not in reviews.others(case, actor):
        raise Refusal(ExchangeCode.NO_REVIEW)
    role = Party.rows.filter(agreement=case, person=actor.behalf).values_list("role", flat=True)
    value = {"of": of, "points": points, "words": sorted(set(words))}
    made = proofs.attest(case, Attestation.Kind.REVIEW.value, value, actor, role[0])
    notices.tell(of, REVIEWED)
    line().object("exchange.agreement", case.id)
    line().organisation(case.organisation_id)
    return ReviewRef(str(made.uid))


@action(
    "exchange.review.reply",
    ko="내 후기에 답합니다.",
    en="Answer a review of oneself.",
    policy=policies.is_reviewed,
    letters=PARTIES,
    subject=about,
    lock=lock_about,
    idempotent=True,
    for_another=True,
    writes=WRITES,
    refusals=(CoreCode.NOT_FOUND, ExchangeCode.REVIEW_SETTLED),
)
def reply_to_review(review_id: UuidText, code: reviewing.Reply, *, actor: Actor) -> ReviewRef:
    """Answer with one sentence from the list; once."""
    found = subject(About)
    if found.review.reply is not None:
        raise Refusal(ExchangeCode.REVIEW_SETTLED)
    return _said(found, Attestation.Kind.REPLY, code, actor, "")


@action(
    "exchange.review.object",
    ko="내 후기에 이의를 냅니다.",
    en="Object to a review of oneself.",
    policy=policies.is_reviewed,
    letters=PARTIES,
    subject=about,
    lock=lock_about,
    idempotent=True,
    for_another=True,
    writes=WRITES,
    refusals=(CoreCode.NOT_FOUND, ExchangeCode.REVIEW_SETTLED),
)
def object_to_review(review_id: UuidText, code: reviewing.Objection, *, actor: Actor) -> ReviewRef:
    """Say what is wrong with it; nobody else sees the review until a coordinator has looked."""
    found = subject(About)
    if found.review.objection is not None:
        raise Refusal(ExchangeCode.REVIEW_SETTLED)
    return _said(found, Attestation.Kind.OBJECT, code, actor, "")


@action(
    "exchange.review.rule",
    ko="이의가 있는 후기를 살펴보고 정합니다.",
    en="Rule on a review that was objected to.",
    policy=policies.may_rule_on_review,
    letters={Role.STAFF: "dm", Role.BOARD: "m", Role.OPERATOR: "o"},
    subject=about,
    lock=lock_about,
    idempotent=True,
    reason=Reason.REQUIRED,
    writes=WRITES,
    notices=(RULED,),
    refusals=(CoreCode.NOT_FOUND, ExchangeCode.REVIEW_SETTLED),
)
def rule_on_review(review_id: UuidText, code: reviewing.Ruling, *, actor: Actor) -> ReviewRef:
    """Let a review stand or hide it, with a reason that both sides read; they are told."""
    found = subject(About)
    if found.review.objection is None or found.review.ruling is not None:
        raise Refusal(ExchangeCode.REVIEW_SETTLED)
    why = current().reason or ""
    made = _said(found, Attestation.Kind.RULING, code, actor, "coordinator", why)
    notices.tell_many([found.review.of, found.review.by], RULED)
    return made


def _said(
    found: About, kind: Attestation.Kind, code: str, actor: Actor, role: str, why: str = ""
) -> ReviewRef:
    value = {"about": str(found.review.uid), "code": code, **({"why": why} if why else {})}
    proofs.attest(found.agreement, kind.value, value, actor, role)
    line().object("exchange.agreement", found.agreement.id)
    line().organisation(found.agreement.organisation_id)
    return ReviewRef(str(found.review.uid))
