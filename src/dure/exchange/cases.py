"""A case in motion: its row, its process, who holds which role in it.

Law: a role is held by a party, or by those who work for the organisation of the case; who is a
party never coordinates her own case.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from dure.core import clock
from dure.core.actors import Actor, ActorKind, Role
from dure.exchange import answers as typed
from dure.exchange import rows
from dure.exchange.declaration import Process, Seen, SeenClaim, Transition
from dure.exchange.declaration import Role as CaseRole
from dure.exchange.models import HELPING, HOSTING, Agreement, Asset, Attestation, Pool
from dure.exchange.processes import BY_VERSION

DEVICES = "ords"  # the scheme of specs that are categories of devices


@dataclass(frozen=True, slots=True)
class Case:
    """One agreement at one transition, as policies, guards and effects see it."""

    agreement: Agreement
    transition: Transition
    process: Process

    @property
    def pool(self) -> Pool | None:
        """The event or cycle that the case belongs to."""
        return self.agreement.pool


def process_of(agreement: Agreement) -> Process:
    """The version of the process that this case began with."""
    return BY_VERSION[(agreement.process, agreement.version)]


def steps_open(agreement: Agreement, actor: Actor) -> tuple[Transition, ...]:
    """The steps that `actor` may take now, in the order declared."""
    process = process_of(agreement)
    return tuple(
        t
        for t in process.leaving(process.state(agreement.state))
        if not t.is_timer and may_take(Case(agreement, t, process), actor)
    )


def may_take(case: Case, actor: Actor) -> bool:
    """Whether `actor` holds one of the roles of the transition in this case."""
    if case.transition.is_timer:
        return actor.kind in (ActorKind.TIMER, ActorKind.OPERATOR)
    return any(holds(role, case, actor) for role in case.transition.by)


def held_roles(case: Case, actor: Actor) -> tuple[str, ...]:
    """The roles of the transition that `actor` holds; what she is as a party comes first."""
    held = [role for role in case.transition.by if holds(role, case, actor)]
    return tuple(role.key for role in sorted(held, key=lambda role: bool(role.works)))


def holds(role: CaseRole, case: Case, actor: Actor) -> bool:
    """Whether `actor` holds a role in a case: by working for its organisation, or as a party."""
    agreement = case.agreement
    here = (actor, agreement.organisation_id, agreement.district_id)
    if role.works == "nobody":
        return actor.kind in (ActorKind.TIMER, ActorKind.OPERATOR)
    if role.works:
        if (role.trusted or role.confirms) and is_party(agreement, actor):
            return False
        if role.trusted and _answers_through(case, actor):
            return False
        return works_for(*here, HELPING if role.works == "helping" else HOSTING)
    if actor.kind is not ActorKind.PERSON:
        return False
    binds = case.transition.binds
    if binds is not None and binds.key == role.key:
        if case.transition.source is None:
            return True
        return works_for(*here, HELPING)
    parties = [one for one in rows.here().parties(agreement) if one.role == role.key]
    if any(one.person == actor.behalf for one in parties if one.person is not None):
        return True
    ours = {str(scope) for one in HOSTING for scope in actor.scope_ids(one, "organisation")}
    if is_party(agreement, actor):
        return False  # who borrows of her own organisation does not lend in its name
    return any(str(one.organisation_id) in ours for one in parties)


def is_party(agreement: Agreement, actor: Actor) -> bool:
    """Whether the actor, or the person she acts for, is a party of the case."""
    people = [one for one in (actor.id, actor.acting_for) if one is not None]
    if not people or agreement.pk is None:
        return False
    return any(one.person in people for one in rows.here().parties(agreement))


def _answers_through(case: Case, actor: Actor) -> bool:
    """Whether an organisation that pays in this case, or answers for what it gave, is one that
    `actor` hosts: who acts for it does not judge it."""
    payers = [role.key for role in case.process.roles if role.pays or role.answers]
    ours = {scope for one in HOSTING for scope in actor.scope_ids(one, "organisation")}
    if not ours or case.agreement.pk is None:
        return False
    parties = rows.here().parties(case.agreement)
    return any(one.role in payers and str(one.organisation_id) in ours for one in parties)


def works_for(
    actor: Actor, organisation: UUID | None, district: str, roles: tuple[Role, ...]
) -> bool:
    """Whether `actor` holds one of `roles` for the host, or keeps its district."""
    if actor.kind is ActorKind.OPERATOR or actor.has(Role.STAFF, district=district):
        return True
    return organisation is not None and any(
        actor.has(role, organisation=organisation) for role in roles
    )


def people_in(agreement: Agreement, role: str) -> list[UUID]:
    """The persons who hold a role of a case as parties."""
    parties = rows.here().parties(agreement)
    return [one.person for one in parties if one.role == role and one.person is not None]


def seen(agreement: Agreement, process: Process, qty: int | None = None) -> Seen:
    """The case as the functions of its declaration see it."""
    answers: dict[str, object] = {}
    moments = {}
    asked = {t.name: t.asks for t in process.transitions if t.asks is not None}
    for row in rows.here().said(agreement):
        if row.kind == Attestation.Kind.CORRECT:
            qty = row.value.get("qty", qty)
        if not row.transition:
            if row.kind == Attestation.Kind.INSPECT and "noted" in row.value:
                moments[str(row.value["noted"])] = row.made_at
            continue
        moments[row.transition] = row.made_at
        kind = asked.get(row.transition)
        if kind is not None and row.kind != Attestation.Kind.CONFIRM:
            answers[row.transition] = typed.restore(kind, row.value)
    listing, asset, pool = agreement.listing, agreement.asset, agreement.pool
    told = {"reciprocity": listing.reciprocity, "rate": listing.rate} if listing else {}
    return Seen(
        now=clock.now(),
        terms=typed.restore(process.terms, agreement.terms) if process.terms else None,
        starts=agreement.starts,
        ends=agreement.ends,
        answers=answers,
        moments=moments,
        asset=_thing(agreement, asset) if asset is not None else {},
        listing={**listing.terms, **told} if listing is not None else {},
        pool=pool.terms if pool is not None else {},
        opens=pool.opens if pool is not None else None,
        closes=pool.closes if pool is not None else None,
        asset_id=agreement.asset_id,
        qty=qty,
        claims=_claims(agreement) if process.claims else {},
    )


def _thing(agreement: Agreement, asset: Asset) -> dict[str, object]:
    """A thing's terms, with whether a person owns it, how many alike there are and on which days
    it is handed over; of a device, its category."""
    told: dict[str, object] = {**asset.terms, "owned": asset.owner is not None}
    told |= {"lanes": asset.lanes, "hours": asset.hours}
    if agreement.spec is not None and agreement.spec.scheme == DEVICES:
        told["category"] = int(agreement.spec.code)
    return told


def _claims(agreement: Agreement) -> dict[str, SeenClaim]:
    """The claims of a case that stand, by the pool that they are made of."""
    return {
        str(row.pool_id): SeenClaim(row.asked, row.tolerance, row.awarded, row.weighed)
        for row in rows.here().claims(agreement)
    }
