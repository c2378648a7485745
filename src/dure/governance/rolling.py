"""Building a roll from the register, as it stands on one day.

Nouns: ground (근거, what puts a person on the roll), part (동, the dong a person votes in).
Law: a person stands once, with one vote; nothing is guessed: whose age was never shown is counted
as such. Preferred shares carry no vote (협동조합 기본법 제22조의2④).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from dure.registry.vault import roll_tokens

from .models import Roll
from .types import RollRule

_RESIDENTS = """
SELECT DISTINCT ON (p.id) p.id, f.kind, coalesce(d.value, '') AS part, a.least, a.most
FROM registry_personfact f
JOIN registry_person p ON p.id = f.person_id AND p.state <> 'erased'
LEFT JOIN LATERAL (
    SELECT value FROM registry_personfact
    WHERE person_id = p.id AND kind = 'dong' AND valid @> %(as_of)s::date
    ORDER BY lower(valid) DESC LIMIT 1) d ON true
{ages}
WHERE f.kind = ANY(%(grounds)s) AND f.value = %(district)s AND f.valid @> %(as_of)s::date
    AND lower(f.valid) <= %(since)s AND (%(dong)s::text IS NULL OR d.value = %(dong)s)
ORDER BY p.id, array_position(%(grounds)s, f.kind::text)
"""

# Members in good standing; a household votes once, by the person it named.
_MEMBERS = """
SELECT DISTINCT ON (p.id) p.id, 'member' AS kind, '' AS part, a.least, a.most
FROM registry_membership m
JOIN registry_person p ON p.id = m.person_id AND p.state <> 'erased'
LEFT JOIN registry_household h ON h.id = m.household_id
{ages}
WHERE m.organisation_id = %(organisation)s AND m.state = 'admitted' AND m.valid @> %(as_of)s::date
    AND lower(m.valid) <= %(since)s
    AND (h.id IS NULL OR h.voting_person_id = p.id)
    AND CASE WHEN %(classes)s::text[] = '{{}}' THEN m.member_class <> 'preferred'
        ELSE m.member_class = ANY(%(classes)s) END
    AND NOT EXISTS (SELECT FROM registry_standing s WHERE s.membership_id = m.id
        AND s.standing = 'suspended' AND s.valid @> %(as_of)s::date)
ORDER BY p.id
"""

# The least age that is known of a person, and the most (an age band such as 10-19 has both).
_AGES = """
LEFT JOIN LATERAL (
    SELECT max(substring(value FROM '^[0-9]{1,3}')::int) AS least,
        min(CASE WHEN kind = 'age_band'
            THEN substring(value FROM '-([0-9]{1,3})$')::int END) AS most
    FROM registry_personfact
    WHERE person_id = p.id AND kind IN ('age_min', 'age_band') AND valid @> %(as_of)s::date
) a ON true
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """One person taken on a roll."""

    person: UUID
    ground: str
    part: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """The people of a roll, and how many of those asked about have an age nobody showed."""

    people: tuple[Taken, ...]
    unknown_count: int


def gather(rule: RollRule, *, district: str, organisation: UUID | None, as_of: date) -> Gathered:
    """Find who is on a roll by its rule; each person once, in the order of their ids.

    as_of : the day on which facts and memberships must be valid
    """
    basis = _MEMBERS if rule.basis == "members" else _RESIDENTS
    values: dict[str, Any] = {  # Any: parameters of a statement
        "as_of": as_of,
        "since": as_of - timedelta(days=rule.days_min),
        "district": district,
        "dong": rule.dong,
        "grounds": list(rule.grounds),
        "organisation": organisation,
        "classes": list(rule.classes),
    }
    with connection.cursor() as cursor:
        cursor.execute(basis.format(ages=_AGES), values)
        rows = cursor.fetchall()
    taken: list[Taken] = []
    unknown = 0
    for person, ground, part, least, most in rows:
        if rule.age_min is not None:
            if most is not None and most < rule.age_min:
                continue
            if least is None or least < rule.age_min:
                unknown += 1
                if rule.age_unknown == "leave":
                    continue
        taken.append(Taken(person, ground, part))
    return Gathered(tuple(taken), unknown)


def write_lines(roll: Roll, people: tuple[Taken, ...], audit: UUID) -> None:
    """Write the lines of a draft in the order of their tokens, so that nothing tells who is who."""
    tokens = roll_tokens(roll.id, [one.person for one in people])
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(
            "COPY governance_rollentry (roll_id, person, token, weight, standing, ground, part,"
            " audit) FROM STDIN"
        ) as copy,
    ):
        for token, one in sorted(zip(tokens, people, strict=True), key=lambda pair: pair[0]):
            copy.write_row((roll.id, one.person, token, 1, "voting", one.ground, one.part, audit))


def hash_of(roll_id: UUID) -> tuple[str, int]:
    """The hash that the database computes over a roll's lines, and how many may vote."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT governance_roll_hash(%s), (SELECT count(*) FROM governance_rollentry"
            " WHERE roll_id = %s AND standing = 'voting')",
            [roll_id, roll_id],
        )
        sha256, voting_count = cursor.fetchone()
    return str(sha256), int(voting_count)
