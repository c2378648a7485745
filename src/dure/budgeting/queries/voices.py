"""What people say and show with a proposal, and what of it is hidden, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dure.budgeting.models import Comment, Moderation, Proposal, ProposalPhoto
from dure.budgeting.words import MODERATED, RESTORED, TARGETS
from dure.core.actors import Actor
from dure.core.text import T


@dataclass(frozen=True, slots=True)
class Veil:
    """Why a thing is hidden. `appeal`: what its writer said to that, while nobody answered;
    `may_appeal`: whether its writer still can.
    """

    reason_text: T
    reason: str
    at: datetime
    appeal: str
    may_appeal: bool
    by: UUID


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A photo: its upload and what it shows; `veil` where it is hidden."""

    upload: UUID
    alt: str
    veil: Veil | None = None


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment; where it is hidden its `text` is empty for all but its writer."""

    id: UUID
    author: T
    text: str
    at: datetime
    is_mine: bool
    veil: Veil | None

    @property
    def is_hidden(self) -> bool:
        """Whether others do not see it."""
        return self.veil is not None


@dataclass(frozen=True, slots=True)
class ActView:
    """One act of moderation, public with its reason."""

    target_text: T
    hidden: bool
    reason_text: T
    reason: str
    at: datetime


def reason_words(act: Moderation) -> T:
    """The reason of the closed list; an unknown code as it stands."""
    words = MODERATED if act.hidden else RESTORED
    return words.get(act.reason_code, T(act.reason_code, act.reason_code))


def veils(proposal: Proposal, target: str) -> dict[str, Veil]:
    """What of a proposal is hidden now: by comment, by upload, or '' for the proposal itself."""
    last: dict[str, Moderation] = {}
    said: dict[str, Moderation] = {}
    rows = proposal.moderations.filter(target=target).select_related("appeal").order_by("pk")
    for one in rows:
        last[one.target_id] = one
        if not one.hidden:
            said.pop(one.target_id, None)
        elif hasattr(one, "appeal"):
            said[one.target_id] = one
    return {
        key: Veil(
            reason_words(one),
            one.reason,
            one.at,
            one.appeal.text if hasattr(one, "appeal") else "",
            key not in said,
            one.by,
        )
        for key, one in last.items()
        if one.hidden
    }


def acts(proposal: Proposal) -> tuple[ActView, ...]:
    """Every act of moderation on a proposal and what stands with it, the newest first."""
    return tuple(
        ActView(TARGETS[one.target], one.hidden, reason_words(one), one.reason, one.at)
        for one in proposal.moderations.order_by("-at", "-pk")
    )


def photos(proposal: Proposal, version: int) -> tuple[PhotoView, ...]:
    """The photos of one version; hidden ones keep their place."""
    hidden = veils(proposal, "photo")
    rows = ProposalPhoto.rows.filter(version=version).order_by("position", "pk")
    return tuple(PhotoView(p.upload, p.alt, hidden.get(str(p.upload))) for p in rows)


def comments(proposal: Proposal, actor: Actor) -> tuple[CommentView, ...]:
    """The comments of a proposal, the oldest first; hidden ones keep their place."""
    hidden = veils(proposal, "comment")
    found = []
    for number, one in enumerate(Comment.rows.filter(proposal=proposal).order_by("at", "pk"), 1):
        veil = hidden.get(str(one.pk))
        name = one.shown_name
        who = T(name, name) if name else T(f"주민 {number}", f"Neighbour {number}")
        is_mine = actor.behalf is not None and one.person == actor.behalf
        text = one.text if veil is None or is_mine else ""
        found.append(CommentView(one.pk, who, text, one.at, is_mine, veil))
    return tuple(found)
