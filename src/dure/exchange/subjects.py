"""The objects that actions act on, fetched through the actor's scope; outside it: not found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dure.core import rulebook
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.registry.models import District, Organisation

from . import interpreter
from .errors import ExchangeCode
from .interpreter import Case
from .models import Agreement, Pool

# Any: each action its own body; the door hands over what the action declared.


def organisation(body: Any, actor: Actor) -> Organisation:
    """The organisation that opens an event; organisations are public, the policy decides."""
    found: Organisation | None = Organisation.rows.filter(
        id=body.organisation_id, merged_into=None
    ).first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND, field="organisation_id")
    return found


def pool(body: Any, actor: Actor) -> Pool:
    """An event that the actor works at."""
    found: Pool | None = (
        Pool.objects.within(actor).filter(id=body.pool_id, kind="event_queue").first()
    )
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND, field="pool_id")
    return found


def lock_pool(body: Any, actor: Actor) -> Pool:
    """The same event, locked."""
    found: Pool | None = (
        Pool.objects.within(actor)
        .filter(id=body.pool_id, kind="event_queue")
        .select_for_update(of=("self",), no_key=True)
        .first()
    )
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND, field="pool_id")
    return found


def agreement(body: Any, actor: Actor) -> Agreement:
    """A case of the actor's scope."""
    found: Agreement | None = _agreements(actor).filter(id=body.agreement_id).first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND, field="agreement_id")
    return found


def lock_agreement(body: Any, actor: Actor) -> Agreement:
    """The same case, locked; its pool, thing and listing are read when the lock is there, as who
    had it before may have closed them."""
    rows = Agreement.objects.within(actor).filter(id=body.agreement_id)
    list(rows.select_for_update(of=("self",), no_key=True).values_list("pk"))
    return agreement(body, actor)


def _agreements(actor: Actor) -> Any:  # Any: a queryset with its related rows
    return Agreement.objects.within(actor).select_related("pool", "spec", "asset", "listing")


def case(body: Any, actor: Actor) -> Case:
    """A case at the step asked for."""
    return _at(agreement(body, actor), body, actor)


def lock_case(body: Any, actor: Actor) -> Case:
    """The same, locked; the state is asked again."""
    return _at(lock_agreement(body, actor), body, actor)


def _at(found: Agreement, body: Any, actor: Actor) -> Case:
    process = interpreter.process_of(found)
    state = process.state(found.state)
    transition = process.transition(state, body.transition)
    if found.state != body.state or transition is None or transition.is_timer:
        steps = ", ".join(str(t.text) for t in interpreter.steps_open(found, actor))
        raise Refusal(ExchangeCode.STALE_STATE, state=state.text, steps=steps or "–")
    return Case(found, transition, process)


@dataclass(frozen=True, slots=True)
class Target:
    """For whom a partner's file comes in: a district, and an organisation if one is named."""

    organisation_id: UUID | None
    district: str


def target(body: Any, actor: Actor) -> Target:
    """Where imported repairs are counted: the district named, the organisation's, or the one
    that the rulebook names for files that say nothing."""
    host = organisation(body, actor) if body.organisation_id is not None else None
    if host is not None and body.district not in (None, host.district_id):
        raise Refusal(CoreCode.NOT_FOUND, field="organisation_id")
    named = body.district or (host.district_id if host is not None else None)
    sig = str(named or rulebook.value("exchange.import.district").value)
    if not District.rows.filter(sig=sig).exists():
        raise Refusal(CoreCode.NOT_FOUND, field="district")
    return Target(host.id if host is not None else None, sig)
