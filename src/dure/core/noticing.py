"""What a person does with her notices: read them all, and say how she wants to be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Annotated

from pydantic import Field

from dure.core import clock
from dure.core.actions import action, line
from dure.core.actors import EVERY_PERSON, Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.models.work import Notice, NoticePreference
from dure.core.policies import is_person
from dure.core.sending import NoticeCount
from dure.core.text import T

BOTH = T("시작과 끝이 서로 다른 두 때", "two different times, a beginning and an end")
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


@dataclass(frozen=True, slots=True)
class Preference:
    """How a person wants to be told; quiet hours in Korean time, none = the house's alone."""

    mail: bool
    push: bool
    digest: bool
    quiet_from: str | None
    quiet_to: str | None


def preference_of(actor: Actor) -> Preference:
    """What a person chose, or what holds for whoever chose nothing."""
    row = NoticePreference.rows.filter(person=actor.id).first() if actor.id else None
    if row is None:
        return Preference(True, True, False, None, None)
    return Preference(row.mail, row.push, row.digest, _told(row.quiet_from), _told(row.quiet_to))


def _told(at: time | None) -> str | None:
    return at.isoformat("minutes") if at else None


@action(
    "core.notice.prefer",
    ko="알림을 어떻게 받을지 정합니다.",
    en="Say how you want to be told.",
    policy=is_person,
    letters=EVERY_PERSON,
    writes=("core_noticepreference",),
    refusals=(CoreCode.BAD_FIELD,),
)
def prefer(
    mail: bool,
    push: bool,
    digest: bool,
    quiet_from: Clock | None = None,
    quiet_to: Clock | None = None,
    *,
    actor: Actor,
) -> Preference:
    """Keep one's own ways; security and deadlines pass quiet hours and gathering.

    Own quiet hours come on top of the house's: they never shorten them.
    """
    if (quiet_from is None) != (quiet_to is None) or (quiet_from and quiet_from == quiet_to):
        raise Refusal(CoreCode.BAD_FIELD, field="quiet_to", range=BOTH)
    before = preference_of(actor)
    chosen = Preference(mail, push, digest, quiet_from, quiet_to)
    NoticePreference.rows.update_or_create(
        person=actor.id,
        defaults={
            "mail": mail,
            "push": push,
            "digest": digest,
            "quiet_from": time.fromisoformat(quiet_from) if quiet_from else None,
            "quiet_to": time.fromisoformat(quiet_to) if quiet_to else None,
            "audit": line().id,
        },
    )
    line().changed("preference", str(before), str(chosen))
    return chosen


@action(
    "core.notice.see_all",
    ko="모든 알림을 읽은 것으로 둡니다.",
    en="Mark all notices as read.",
    policy=is_person,
    letters=EVERY_PERSON,
    writes=("core_notice",),
)
def see_all_notices(*, actor: Actor) -> NoticeCount:
    """Mark every notice of one's own as read."""
    unread = Notice.rows.filter(person=actor.id, seen_at__isnull=True)
    return NoticeCount(unread.update(seen_at=clock.now()))
