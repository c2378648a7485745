"""What an actor may do now with a call or a proposal, by the names of the actions."""

from __future__ import annotations

from datetime import datetime

from dure.budgeting import policies
from dure.budgeting.models import Call, Proposal
from dure.budgeting.subjects import authors
from dure.core import clock
from dure.core.actors import Actor, Role

_RUNNING = {
    "draft": ("call.change", "call.open", "call.void"),
    "open": ("call.change", "call.review", "call.void"),
    "reviewing": ("call.change", "call.list", "call.void", "project.list", "review.assign"),
    "listed": ("call.change", "call.freeze", "call.void", "roll.draft", "project.list"),
    "frozen": ("call.vote", "call.void"),
    "voting": ("call.close",),
    "counting": ("result.compute", "result.publish"),
    "published": ("call.finish",),
    "following": ("call.finish",),
}
_ALIVE = ("sent", "returned", "accepted")


def takes_proposals(call: Call, now: datetime) -> bool:
    """Whether a call takes proposals at a moment; a synthetic one does while it is open."""
    if call.state != Call.State.OPEN:
        return False
    during = call.phases.filter(kind="proposing", during__contains=now)
    return call.is_synthetic or bool(during.exists())


def call_abilities(call: Call, actor: Actor) -> frozenset[str]:
    """What an actor may do with a call: its own verbs, `desk`, `log`, `proposal.send`."""
    now = clock.now()
    found: set[str] = set()
    if policies.may_run_call.holds(actor, call, now):
        found.update(_RUNNING.get(call.state, ()))
    if policies.may_keep_call.holds(actor, call, now):
        found.update(("desk", "log"))
    elif _audits(call, actor):
        found.add("log")
    if actor.id and takes_proposals(call, now) and policies.belongs(actor.behalf, call, now):
        found.add("proposal.send")
    return frozenset(found)


def _audits(call: Call, actor: Actor) -> bool:
    """Whether the actor audits the district, or the organisation whose fund it is."""
    if call.organisation_id is not None:
        return actor.has(Role.AUDITOR, organisation=call.organisation_id)
    return actor.has(Role.AUDITOR, district=call.district_id)


def proposal_abilities(one: Proposal, actor: Actor, my_role: str) -> frozenset[str]:
    """What an actor may do with a proposal; `my_role` is coauthor, supporter or empty."""
    if actor.id is None:
        return frozenset()
    now = clock.now()
    wrote = actor.behalf in authors(one)
    found = _as_author(one, now) if wrote else set()
    if policies.belongs(actor.behalf, one.call, now):
        if one.state in (*_ALIVE, "project"):
            found.add("proposal.comment")
        if one.state in _ALIVE and one.author != actor.behalf:
            found.add("proposal.leave" if my_role else "proposal.join")
    if policies.may_keep_call.holds(actor, one, now):
        found |= _as_keeper(one)
    if one.state == "accepted" and policies.may_run_call.holds(actor, one, now):
        found.update(("review.assign", "project.list", "proposal.reject"))
    return frozenset(found)


def _as_author(one: Proposal, now: datetime) -> set[str]:
    found: set[str] = set()
    again = one.state == "returned" and one.call.state == Call.State.REVIEWING
    if again or (one.state in ("sent", "returned") and takes_proposals(one.call, now)):
        found.add("proposal.revise")
    if one.state in _ALIVE:
        found.update(("proposal.withdraw", "merge.offer"))
    if one.state == "accepted":
        found.add("review.answer")
    return found


def _as_keeper(one: Proposal) -> set[str]:
    found = {"moderate", "proposal.comment"}
    if one.state == "sent":
        found.update(("proposal.return", "proposal.accept"))
    if one.state in _ALIVE:
        found.add("merge.offer")
    return found
