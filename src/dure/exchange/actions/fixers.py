"""Fixers: what volunteers know, and to which event a thing without one is brought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import uuid4

from pydantic import Field

from dure.core import clock
from dure.core.actions import action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.types import CodeText, UuidText
from dure.exchange import policies, skills, subjects
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Agreement, Listing, Pool, Spec
from dure.exchange.searching import key_of
from dure.registry.models import Organisation

from .agreements import PARTIES, AgreementRef

SkillCodes = Annotated[tuple[CodeText, ...], Field(max_length=len(skills.GROUPS), strict=False)]


@dataclass(frozen=True, slots=True)
class Skills:
    """The skills that somebody offers at a host now."""

    codes: tuple[str, ...]


@action(
    "exchange.repair.skills",
    ko="고칠 줄 아는 것을 밝힙니다.",
    en="Say what one knows how to repair.",
    policy=policies.may_help,
    letters={Role.MEMBER: "m", Role.STAFF: "dm", Role.BOARD: "m"},
    subject=subjects.organisation,
    idempotent=True,
    writes=("exchange_listing",),
    refusals=(CoreCode.NOT_FOUND, ExchangeCode.BAD_ANSWER),
)
def say_skills(organisation_id: UuidText, codes: SkillCodes, *, actor: Actor) -> Skills:
    """Offer these repair skills at a host, and no others.

    Effects: a Listing each, an offer as a gift that members see; those no longer named are closed.
    """
    host = subject(Organisation)
    if any(code not in skills.GROUPS for code in codes):
        raise Refusal(ExchangeCode.BAD_ANSWER, field="codes")
    mine = Listing.rows.filter(
        side=Listing.Side.OFFER,
        person=actor.behalf,
        organisation=host,
        state=Listing.State.OPEN,
        spec__scheme=skills.SCHEME,
        spec__code__in=list(skills.GROUPS),
    )
    standing = set(mine.values_list("spec__code", flat=True))
    gone = mine.exclude(spec__code__in=codes).values_list("id", flat=True)
    Listing.rows.filter(id__in=list(gone)).update(
        state=Listing.State.CLOSED, closed_at=clock.now(), audit=line().id
    )
    new = Spec.rows.filter(scheme=skills.SCHEME, code__in=set(codes) - standing)
    Listing.rows.bulk_create([_offer(one, host, actor) for one in new.order_by("id")])
    line().organisation(host.id)
    line().changed("skills", sorted(standing), sorted(set(codes)))
    return Skills(tuple(sorted(set(codes))))


def _offer(spec: Spec, host: Organisation, actor: Actor) -> Listing:
    return Listing(
        id=uuid4(),
        side=Listing.Side.OFFER,
        person=actor.behalf,
        organisation=host,
        district_id=host.district_id,
        spec=spec,
        title=spec.ko,
        search_key=key_of(spec.ko, most=400),
        qty_min=1,
        qty_max=1,
        unit="C62",
        audience="members",
        reciprocity="gift",
        state=Listing.State.OPEN,
        created_at=clock.now(),
        audit=line().id,
    )


def unplaced(body: Any, actor: Actor) -> Agreement:  # Any: a body with agreement_id
    """A case of the actor's that has no event yet, locked."""
    return subjects.lock_agreement(body, actor)


@action(
    "exchange.repair.place",
    ko="고칠 물건을 가져갈 모임을 정합니다.",
    en="Choose the event to which an item is brought.",
    policy=policies.may_note,
    letters={**PARTIES, Role.STAFF: "od"},
    subject=subjects.agreement,
    lock=unplaced,
    idempotent=True,
    for_another=True,
    writes=("exchange_agreement",),
    refusals=(CoreCode.NOT_FOUND, CoreCode.STATE_CHANGED, ExchangeCode.POOL_NOT_OPEN),
)
def place_repair(agreement_id: UuidText, pool_id: UuidText, *, actor: Actor) -> AgreementRef:
    """Bring a thing that came back damaged to an event; its host then sees the case.

    Effects: the case's event, host and district. Only before triage, and only once.
    """
    found = subject(Agreement)
    if found.pool_id is not None or found.process != "repair" or found.closed_at is not None:
        raise Refusal(CoreCode.STATE_CHANGED, state=found.state)
    rows = Pool.objects.everything("that an event takes place is public")
    event: Pool | None = rows.filter(
        id=pool_id, kind=Pool.Kind.EVENT_QUEUE, external_ref=None
    ).first()
    if event is None:
        raise Refusal(CoreCode.NOT_FOUND, field="pool_id")
    if event.cancelled or event.closes <= clock.now():
        raise Refusal(ExchangeCode.POOL_NOT_OPEN)
    found.pool = event
    found.organisation_id, found.district_id = event.organisation_id, event.district_id
    found.audit = line().id
    found.save(update_fields=["pool", "organisation", "district", "audit"])
    line().object("exchange.agreement", found.id)
    line().organisation(event.organisation_id)
    line().changed("event", None, event.id)
    return AgreementRef(str(found.id), found.state)
