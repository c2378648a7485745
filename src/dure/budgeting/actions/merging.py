"""Merging: offered, never automatic; every author of both proposals must agree."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from dure.budgeting import policies, subjects, telling
from dure.budgeting.errors import BudgetCode
from dure.budgeting.models import MergeConsent, MergeOffer, Proposal, ProposalPerson
from dure.budgeting.subjects import Pair, authors, authors_of
from dure.core import clock, notices
from dure.core.actions import action, line, subject
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.types import Note, UuidText

P = Proposal.State
ALIVE = (P.SENT, P.RETURNED, P.ACCEPTED)
WRITES = (
    "budgeting_mergeoffer",
    "budgeting_mergeconsent",
    "budgeting_proposal",
    "budgeting_proposalperson",
    "core_notice",
)


@dataclass(frozen=True, slots=True)
class OfferRef:
    """An offer to merge and its state."""

    id: str
    state: str


@action(
    "budgeting.merge.offer",
    ko="비슷한 두 제안을 합치자고 권합니다.",
    en="Offer to merge two similar proposals.",
    policy=policies.may_offer_merge,
    letters={**policies.EVERYBODY, **policies.KEEPERS},
    subject=subjects.pair,
    lock=subjects.lock_pair,
    idempotent=True,
    writes=WRITES,
    refusals=(CoreCode.NOT_FOUND, BudgetCode.MERGE),
    constraints={"merge_offered_once_at_a_time": BudgetCode.MERGE},
    notices=(telling.MERGE_ASKED, telling.MERGED),
)
def offer_merge(source_id: UuidText, target_id: UuidText, text: Note, *, actor: Actor) -> OfferRef:
    """Ask every author of both proposals; the first would go into the second.

    Who offers as an author has agreed. Effects: MergeOffer, notices.
    """
    pair = subject(Pair)
    fits = pair.source.state in ALIVE and pair.target.state in ALIVE
    if not fits or pair.source.id == pair.target.id or pair.source.merged.exists():
        raise Refusal(BudgetCode.MERGE)
    assert actor.id is not None, "the policy lets persons alone through"
    offer = MergeOffer(
        id=uuid4(),
        source=pair.source,
        target=pair.target,
        text=text[:1000],
        offered_by=actor.id,
        offered_at=clock.now(),
        audit=line().id,
    )
    offer.save(force_insert=True)
    line().object("budgeting.mergeoffer", offer.id)
    line().organisation(pair.call.organisation_id)
    asked = authors_of(offer)
    if actor.id in asked:
        _consent(offer, actor)
    others = sorted(asked - {actor.id})
    places = {"proposal": str(pair.target.id)}
    notices.tell_many(others, telling.MERGE_ASKED, places=places)
    if not others:
        _merge(offer)
    return OfferRef(str(offer.id), offer.state)


@action(
    "budgeting.merge.accept",
    ko="합치자는 권유에 답합니다.",
    en="Answer an offer to merge.",
    policy=policies.may_propose,
    letters=policies.EVERYBODY,
    subject=subjects.offer,
    lock=subjects.lock_offer,
    idempotent=True,
    for_another=True,
    writes=WRITES,
    refusals=(CoreCode.NOT_FOUND, BudgetCode.MERGE_DECIDED, BudgetCode.MERGE),
    constraints={"merge_answered_once": BudgetCode.MERGE_DECIDED},
    notices=(telling.MERGED,),
)
def accept_merge(offer_id: UuidText, agrees: bool, *, actor: Actor) -> OfferRef:
    """Agree or not, as one of the authors; the last to agree merges, one no ends the offer.

    Supporters of the source are not carried over. Effects: MergeConsent, Proposal.
    """
    offer = subject(MergeOffer)
    if offer.state != MergeOffer.State.OPEN:
        raise Refusal(BudgetCode.MERGE_DECIDED)
    assert actor.behalf is not None, "the policy lets persons alone through"
    if offer.consents.filter(person=actor.behalf).exists():
        raise Refusal(BudgetCode.MERGE_DECIDED)
    line().object("budgeting.mergeoffer", offer.id)
    line().organisation(offer.source.call.organisation_id)
    line().changed("agrees", None, agrees)
    _consent(offer, actor, agrees=agrees)
    if not agrees:
        _end(offer, MergeOffer.State.REFUSED)
        return OfferRef(str(offer.id), offer.state)
    given = set(offer.consents.filter(agrees=True).values_list("person", flat=True))
    if authors_of(offer) <= given:
        _merge(offer)
    return OfferRef(str(offer.id), offer.state)


def _consent(offer: MergeOffer, actor: Actor, *, agrees: bool = True) -> None:
    MergeConsent.rows.create(
        offer=offer, person=actor.behalf, agrees=agrees, at=clock.now(), audit=line().id
    )


def _end(offer: MergeOffer, state: MergeOffer.State) -> None:
    offer.state, offer.decided_at, offer.audit = state, clock.now(), line().id
    offer.save(update_fields=["state", "decided_at", "audit"])


def _merge(offer: MergeOffer) -> None:
    source, target = offer.source, offer.target
    if source.state not in ALIVE or target.state not in ALIVE or source.merged.exists():
        raise Refusal(BudgetCode.MERGE)
    line().changed("state", source.state, P.MERGED.value)
    source.state, source.merged_into = P.MERGED, target
    source.entered_at, source.audit = clock.now(), line().id
    source.save(update_fields=["state", "merged_into", "entered_at", "audit"])
    known = authors(target)
    for person in sorted(authors(source) - known):
        ProposalPerson.rows.update_or_create(
            proposal=target,
            person=person,
            defaults={
                "role": "coauthor",
                "shown_name": source.author_name if person == source.author else "",
                "joined_at": clock.now(),
                "left_at": None,
                "audit": line().id,
            },
        )
    _end(offer, MergeOffer.State.DONE)
    telling.tell_authors(target, telling.MERGED)
    supporters = source.people.filter(role="supporter", left_at=None)
    places: dict[str, str | int] = {"proposal": str(target.id), "number": target.number}
    others = set(supporters.values_list("person", flat=True)) - authors(target)
    telling.tell_once(others, telling.MERGED, places, since=clock.now())
