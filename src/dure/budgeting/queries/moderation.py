"""Moderation as those see it who do it and who audit it: one thing, the log, open appeals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from dure.budgeting import policies
from dure.budgeting.models import (
    Call,
    Comment,
    Moderation,
    ModerationAppeal,
    Proposal,
    ProposalPhoto,
    kept_q,
)
from dure.budgeting.queries.voices import ActView, Veil, reason_words, veils
from dure.budgeting.subjects import authors
from dure.budgeting.words import TARGETS
from dure.core import clock
from dure.core.actors import Actor
from dure.core.text import T


@dataclass(frozen=True, slots=True)
class Thing:
    """What may be hidden. `key`: '' for the proposal, else the comment's or the upload's id."""

    target: str
    target_text: T
    key: str
    text: str
    veil: Veil | None
    is_own: bool
    hid_it: bool


@dataclass(frozen=True, slots=True)
class LogRow:
    """One act in the log of a round; `who` tells moderators apart without naming them."""

    at: datetime
    proposal: UUID
    number: int
    target: str
    key: str
    act: ActView
    who: T
    appeal: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Stub:
    """A hidden proposal as everybody sees it: its number and why, nothing of what it says."""

    id: UUID
    call: UUID
    number: int
    veil: Veil


@dataclass(frozen=True, slots=True)
class OpenAppeal:
    """An appeal that waits for an answer."""

    call: UUID
    proposal: UUID
    number: int
    target: str
    key: str
    at: datetime


def thing(proposal_id: UUID, target: str, key: str, actor: Actor) -> Thing | None:
    """One thing of a proposal for who may moderate it; None where there is none."""
    rows = Proposal.objects.within(actor).select_related("call").filter(pk=proposal_id)
    proposal: Proposal | None = rows.exclude(call__state="draft").first()
    if proposal is None or target not in TARGETS:
        return None
    if not policies.may_keep_call.holds(actor, proposal, clock.now()):
        return None
    wrote = authors(proposal)
    text = ""
    if target == "comment":
        said = Comment.rows.filter(proposal=proposal, pk=key).first()
        if said is None:
            return None
        text, wrote = said.text, wrote | {said.person}
    elif target == "photo":
        shown = ProposalPhoto.rows.filter(version__proposal=proposal, upload=key).first()
        if shown is None:
            return None
        text = shown.alt
    elif key:
        return None
    else:
        newest = proposal.versions.order_by("-number")[0]
        text = f"{newest.title}\n{newest.need}"
    veil = veils(proposal, target).get(key)
    hid_it = veil is not None and veil.by == actor.id
    return Thing(target, TARGETS[target], key, text, veil, actor.id in wrote, hid_it)


def may_read_log(call_id: UUID, actor: Actor) -> bool:
    """Whether the actor works for a call or audits it."""
    return bool(Call.objects.within(actor).filter(kept_q(actor), pk=call_id).exists())


def log(call_id: UUID, actor: Actor) -> QuerySet[Moderation]:
    """Every act of moderation in a call, the newest first; none for who may not read the log."""
    rows: QuerySet[Moderation] = Moderation.rows.filter(proposal__call=call_id)
    if not may_read_log(call_id, actor):
        return rows.none()
    return rows.order_by("-pk")


def log_rows(page: Sequence[Moderation] | QuerySet[Moderation], call_id: UUID) -> list[LogRow]:
    """A page of the log."""
    ids = [one.pk for one in page]
    acts = Moderation.rows.filter(pk__in=ids).select_related("proposal", "appeal").order_by("-pk")
    firsts = Moderation.rows.filter(proposal__call=call_id).order_by("pk")
    who = {by: n for n, by in enumerate(dict.fromkeys(firsts.values_list("by", flat=True)), 1)}
    waiting = {row.pk for row in _waiting().filter(proposal__call=call_id)}
    return [
        LogRow(
            one.at,
            one.proposal_id,
            one.proposal.number,
            one.target,
            one.target_id,
            ActView(TARGETS[one.target], one.hidden, reason_words(one), one.reason, one.at),
            T(f"담당자 {who[one.by]}", f"Moderator {who[one.by]}"),
            one.appeal.text if hasattr(one, "appeal") else "",
            one.pk in waiting,
        )
        for one in acts
    ]


def _waiting() -> QuerySet[Moderation]:
    """Hidings with an appeal that no later act on the same thing has answered."""
    later = Moderation.rows.filter(
        proposal=OuterRef("proposal"),
        target=OuterRef("target"),
        target_id=OuterRef("target_id"),
        pk__gt=OuterRef("pk"),
    )
    asked = ModerationAppeal.rows.filter(moderation=OuterRef("pk"))
    return Moderation.rows.filter(Exists(asked), ~Exists(later), hidden=True)


def open_appeals(actor: Actor) -> tuple[OpenAppeal, ...]:
    """Appeals that the actor may answer: in calls they work for, not against their own act."""
    if actor.id is None:
        return ()
    rows = _waiting().filter(kept_q(actor, "proposal__call__")).exclude(by=actor.id)
    now = clock.now()
    return tuple(
        OpenAppeal(one.proposal.call_id, one.proposal_id, one.proposal.number, one.target,
                   one.target_id, one.appeal.at)
        for one in rows.select_related("proposal__call", "appeal").order_by("pk")[:20]
        if policies.may_keep_call.holds(actor, one.proposal, now)
        and actor.id not in authors(one.proposal)
    )  # fmt: skip


def stubs(call_id: UUID) -> tuple[Stub, ...]:
    """The hidden proposals of a call that is public, by number."""
    rows = Proposal.rows.filter(call=call_id, is_hidden=True).exclude(call__state="draft")
    return tuple(found for one in rows.order_by("number") if (found := _stub(one)))


def stub(proposal_id: UUID) -> Stub | None:
    """One hidden proposal; None where there is none or it is shown."""
    rows = Proposal.rows.filter(pk=proposal_id, is_hidden=True).exclude(call__state="draft")
    one: Proposal | None = rows.first()
    return _stub(one) if one else None


def _stub(one: Proposal) -> Stub | None:
    veil = veils(one, "proposal").get("")
    return Stub(one.pk, one.call_id, one.number, veil) if veil else None
