"""Who prepares, approves and freezes releases."""

from __future__ import annotations

from datetime import datetime

from dure.core.actors import Actor, Role
from dure.core.policies import fact, is_operator
from dure.indicators.models import Release, ReleaseStep


@fact("is_analyst", ko="분석가", en="analyst")
def is_analyst(actor: Actor, thing: object, now: datetime) -> bool:
    """True for an analyst with a purpose in force."""
    return actor.has(Role.ANALYST)


@fact("is_publishing_official", ko="공표 담당 공무원", en="official who publishes")
def is_publishing_official(actor: Actor, thing: object, now: datetime) -> bool:
    """True for an official of the city or of a district: a release covers all districts."""
    return any(
        grant.role is Role.OFFICIAL and grant.scope_kind in ("city", "district")
        for grant in actor.grants
    )


@fact("did_not_draft_it", ko="초안을 만들지 않은 사람", en="somebody who did not draft it")
def did_not_draft_it(actor: Actor, thing: object, now: datetime) -> bool:
    """True when somebody else drafted the release."""
    return not isinstance(thing, Release) or thing.drafted_by != actor.id


@fact("did_not_approve_it", ko="승인하지 않은 사람", en="somebody who did not approve it")
def did_not_approve_it(actor: Actor, thing: object, now: datetime) -> bool:
    """True when somebody else approved the release."""
    if not isinstance(thing, Release):
        return True
    return not ReleaseStep.rows.filter(release=thing, state="approved", actor=actor.id).exists()


may_install = is_operator
may_prepare = is_analyst
may_approve = is_publishing_official & did_not_draft_it
may_freeze = may_approve & did_not_approve_it
may_see_desk = is_analyst | is_publishing_official
