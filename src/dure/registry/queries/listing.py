"""The register as a list: the columns an import reads, so that an export reads back the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import connection, transaction

from dure.core import clock
from dure.engines.headers import Field
from dure.engines.organisation_rows import KINDS, STATES
from dure.engines.tables_out import Value

PUBLIC = {
    Field.NAME: "기관명",
    Field.KIND: "유형",
    Field.STATE: "상태",
    Field.DISTRICT: "자치구",
    Field.ADDRESS: "주소",
    Field.BIZ: "사업자등록번호",
    Field.CORP: "법인등록번호",
    Field.FOUNDED: "설립일",
    Field.ENDED: "종료일",
    Field.PARENT: "소속연합회",
    Field.MAIL: "대표메일",
    Field.PHONE: "대표전화",
    Field.WEB: "누리집",
}
YEARLY = {Field.MEMBERS: "조합원수", Field.CAPITAL: "출자금(원)"}

# Only what a list can say: an organisation with a state and a status. A closed one shows its last.
LIST = """
SELECT o.name, t.code, s.state, d.name, coalesce(h.address, ''), b.digits, c.digits, o.founded_on,
  o.ended_on, coalesce(p.name, ''), m.mail, m.phone, m.web, y.members, y.capital
FROM registry_organisation o JOIN registry_district d ON d.sig = o.district_id
JOIN LATERAL (SELECT state FROM registry_orgstate s WHERE s.organisation_id = o.id
  AND s.valid @> %(today)s::date LIMIT 1) s ON true
JOIN LATERAL (SELECT code FROM registry_orgstatus t WHERE t.organisation_id = o.id
  AND (t.valid @> %(today)s::date OR s.state = 'closed') AND t.code = ANY(%(codes)s)
  ORDER BY array_position(%(codes)s, t.code::text) LIMIT 1) t ON true
LEFT JOIN LATERAL (SELECT address FROM registry_site h WHERE h.organisation_id = o.id AND h.is_head
  AND (h.valid @> %(today)s::date OR s.state = 'closed') ORDER BY h.valid DESC LIMIT 1) h ON true
LEFT JOIN LATERAL (SELECT digits FROM registry_orgnumber n WHERE n.organisation_id = o.id
  AND n.scheme = 'biz' AND n.valid @> %(today)s::date LIMIT 1) b ON true
LEFT JOIN LATERAL (SELECT digits FROM registry_orgnumber n WHERE n.organisation_id = o.id
  AND n.scheme = 'corp' AND n.valid @> %(today)s::date LIMIT 1) c ON true
LEFT JOIN LATERAL (SELECT f.name FROM registry_membership e
  JOIN registry_organisation f ON f.id = e.organisation_id
  WHERE e.member_id = o.id AND e.valid @> %(today)s::date ORDER BY f.name LIMIT 1) p ON true
LEFT JOIN LATERAL (SELECT min(value) FILTER (WHERE kind = 'mail') AS mail,
    min(value) FILTER (WHERE kind = 'phone') AS phone, min(value) FILTER (WHERE kind = 'web') AS web
  FROM registry_orgcontact x WHERE x.organisation_id = o.id AND x.is_public) m ON true
LEFT JOIN LATERAL (SELECT max(v.value) FILTER (WHERE v.kind = 'members') AS members,
    max(v.value) FILTER (WHERE v.kind = 'capital') AS capital
  FROM registry_orgyear v WHERE v.organisation_id = o.id AND v.year = %(year)s
    AND NOT EXISTS (SELECT FROM registry_orgyear w WHERE w.corrects_id = v.id)) y ON true
WHERE o.merged_into_id IS NULL AND NOT o.annulled
  AND (%(district)s::text IS NULL OR o.district_id = %(district)s)
ORDER BY o.name_key, o.id
"""
ROWS_AT_ONCE = 2_000


def header(*, yearly: bool) -> tuple[str, ...]:
    """The labels of the list's columns; `yearly` adds members and capital."""
    return tuple({**PUBLIC, **(YEARLY if yearly else {})}.values())


def organisations(district: str | None, year: int | None) -> Iterator[tuple[Value, ...]]:
    """The rows of the list, by name; with `year` also members and capital of that year.

    Read in pieces inside the present transaction.
    """
    kinds = {code: label for label, code in KINDS.items()}
    states = {code: label for label, code in STATES.items()}
    places: dict[str, Any] = {  # Any: values of SQL places
        "today": clock.today(), "codes": list(kinds), "year": year, "district": district,
    }  # fmt: skip
    with transaction.atomic(savepoint=False), connection.chunked_cursor() as cursor:
        cursor.execute(LIST, places)
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            for name, code, state, *rest in rows:
                yearly = rest[-2:] if year is not None else []
                yield (name, kinds[code], states[state], *map(_value, (*rest[:-2], *yearly)))


def _value(value: str | int | date | None) -> Value:
    return "" if value is None else value
