"""Invitations and their links: computed from the row, stored nowhere."""

from __future__ import annotations

from datetime import datetime

from dure.registry.models import Invitation
from dure.registry.vault import links

LINK = "invitation"


def link_of(invitation: Invitation) -> str:
    """Return the link that accepts this invitation: bound to organisation, class and expiry."""
    return links.make(LINK, invitation.id, _stamp(invitation), until=invitation.expires_at)


def invitation_behind(link: str, *, now: datetime, locked: bool = False) -> Invitation | None:
    """Return the open invitation a link names; None for wrong, used, revoked and over."""
    try:
        rows = Invitation.rows.select_for_update(no_key=True) if locked else Invitation.rows
        invitation = rows.filter(pk=links.subject_of(link)).first()
        if invitation is None or invitation.accepted_at or invitation.revoked_at:
            return None
        links.check(link, LINK, _stamp(invitation), now=now)
    except links.BadLink:
        return None
    found: Invitation = invitation
    return found


def _stamp(invitation: Invitation) -> str:
    until = invitation.expires_at.isoformat()
    return f"{invitation.organisation_id}:{invitation.member_class}:{until}"


def fresh_link(invitation_id: str) -> str:
    """Return the link of an invitation that was just sent, for the page that shows it once."""
    return link_of(Invitation.rows.get(pk=invitation_id))
