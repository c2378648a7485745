"""Who may import a list: staff of its district's centre; staff of the city for the whole city."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dure.core.actors import Actor, Role
from dure.core.policies import fact, is_operator
from dure.registry.policies import acts_for_another


def _covers(actor: Actor, role: Role, thing: Any) -> bool:  # Any: an Import or a body's scope
    return actor.has(role, district=thing.district_id or "city")


@fact("imports_for_district", ko="그 범위의 센터 직원", en="centre staff of the list's scope")
def is_staff_of_scope(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: as above
    """Staff with a mandate that covers the list's district, or the city."""
    return _covers(actor, Role.STAFF, thing)


@fact("official_of_scope", ko="그 범위의 담당 공무원", en="official of the list's scope")
def is_official_of_scope(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: as above
    """An official with a mandate that covers the list's district, or the city."""
    return _covers(actor, Role.OFFICIAL, thing)


@fact("is_import_opener", ko="명단을 올린 사람", en="who brought the list")
def is_opener(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: as above
    """The actor brought the list."""
    return actor.id is not None and thing.opener == actor.id


may_import = (is_staff_of_scope | is_operator) & ~acts_for_another
may_approve_import = (is_staff_of_scope | is_official_of_scope) & ~is_opener & ~acts_for_another
