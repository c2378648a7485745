"""What the registry serves to core: the grants of a person in force now."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection

from dure.core.actors import Grant, Role
from dure.core.clock import kst_date
from dure.core.door import ACTORS_LOAD

IN_FORCE = """
SELECT 'mandate', m.role, m.scope_kind, m.scope_id
FROM registry_mandate m JOIN registry_person p ON p.id = m.person_id
WHERE m.person_id = %(person)s AND m.valid @> %(now)s::timestamptz AND p.state = 'active'
UNION ALL
SELECT 'member', 'member', 'organisation', coalesce(o.merged_into_id, o.id)::text
FROM registry_membership s JOIN registry_person p ON p.id = s.person_id
JOIN registry_organisation o ON o.id = s.organisation_id
WHERE s.person_id = %(person)s AND s.valid @> %(today)s::date AND p.state = 'active'
UNION ALL
SELECT 'home', 'resident', 'district', f.value
FROM registry_personfact f JOIN registry_person p ON p.id = f.person_id
WHERE f.person_id = %(person)s AND f.kind = 'home' AND f.valid @> %(today)s::date
  AND p.state = 'active'
UNION ALL
SELECT 'person', 'resident', 'person', p.id::text
FROM registry_person p WHERE p.id = %(person)s AND p.state = 'active'
"""
ROLES = {role.code for role in Role}


@ACTORS_LOAD.plug
def grants_of(person_id: UUID, now: datetime) -> tuple[Grant, ...]:
    """Return the mandates and memberships of an active person in force at `now`, as grants.

    A mandate of a role that opens nothing by itself (contact, acts_for) gives no grant. A person
    who is paused or erased has none.
    """
    with connection.cursor() as cursor:
        cursor.execute(IN_FORCE, {"person": person_id, "now": now, "today": kst_date(now)})
        rows = cursor.fetchall()
    return tuple(
        Grant(Role.of(role), kind, scope) for _, role, kind, scope in rows if role in ROLES
    )
