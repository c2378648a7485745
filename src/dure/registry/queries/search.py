"""Finding organisations: half words, 초성, filters, a bounded count and pages by key.

Nouns: *match* (the one condition a query text makes), *tier* (exact, begins, inside), *cursor* (the
last row of a page as text). Law: filter, then order, then page; the count stops at 1,000.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from dure.core import clock
from dure.engines import hangul

COUNT_MAX = 1000
SORT_MAX = 3000
LETTERS_MIN = 2
EXACT, BEGINS, INSIDE = 0, 1, 2
Row = tuple[int, str, UUID]
Param = str | int | date | UUID


@dataclass(frozen=True, slots=True)
class Filters:
    """What to look for. `on` is the day on which status and state must hold; None is today."""

    text: str = ""
    district: str = ""
    status: str = ""
    state: str = ""
    on: date | None = None

    @property
    def too_short(self) -> bool:
        """Whether a single letter was typed: one letter asks for a second."""
        return 0 < len(hangul.initials_key(self.text)) < LETTERS_MIN


@dataclass(frozen=True, slots=True)
class Found:
    """One organisation of a list."""

    id: UUID
    name: str
    name_en: str
    form: str
    district: str
    state: str | None
    statuses: tuple[str, ...]
    former: str | None


@dataclass(frozen=True, slots=True)
class Result:
    """A page of organisations, how many there are in all (at most `COUNT_MAX`), where to go on."""

    rows: tuple[Found, ...]
    count: int
    is_more: bool
    after: str | None


@dataclass(frozen=True, slots=True)
class _Match:
    """What a text asks of `registry_organisation o`, and which of it begins the name."""

    sql: str
    params: tuple[Param, ...]
    key: str
    begins: str
    begins_params: tuple[Param, ...]


RANGE = "o.name_key >= %s AND o.name_key < %s"


def matches_of(text: str) -> tuple[_Match, ...]:
    """The conditions a typed text makes, tried in this order until one finds something.

    Consonants only search the initials; text without a Hangul syllable searches the doubled key,
    where two letters carry whole trigrams; anything else the jamo key, and where its last syllable
    is closed also with that consonant as the next initial (두렝: 두레 + ㅇ).
    """
    key = hangul.search_key(text)
    if len(hangul.initials_key(text)) < LETTERS_MIN:
        return ()
    if hangul.is_initials(text):
        paired, bounds = hangul.paired_initials(text), hangul.beginning_range(key[0])
        begins = f"{RANGE} AND o.initials_keys LIKE %s"
        inside = ("o.initials_keys LIKE %s", (f"%{paired}%",))
        return (_Match(*inside, "", begins, (*bounds, f"{paired}%")),)
    bounds = hangul.beginning_range(text)
    if not any("가" <= char <= "힣" for char in key):
        sql = "o.initials_keys LIKE %s AND o.jamo_keys LIKE %s"
        like = (f"%{hangul.paired_initials(text)}%", f"%{hangul.jamo_key(text)}%")
        return (_Match(sql, like, key, RANGE, bounds),)
    typed = _Match("o.jamo_keys LIKE %s", (f"%{hangul.jamo_key(text)}%",), key, RANGE, bounds)
    shifted = hangul.jamo_key_shifted(text)
    if shifted is None:
        return (typed,)
    opened = hangul.composed_initial(shifted)
    bounds = hangul.beginning_range(opened)
    return (typed, _Match("o.jamo_keys LIKE %s", (f"%{shifted}%",), key, RANGE, bounds))


def search(filters: Filters, *, after: str | None = None, size: int = 20) -> Result:
    """Find organisations of the public register, a page at a time.

    Order: exact name, then names that begin so, then inside or former, each by name. Where more
    than `SORT_MAX` rows match, the page is read along the name index instead of sorted.
    """
    matches: tuple[_Match | None, ...] = matches_of(filters.text)
    if not matches:
        if filters.text.strip():
            return Result((), 0, False, None)
        matches = (None,)
    wanted, params = conditions(filters)
    start = _start(after)
    for match in matches:
        count, page = _sorted(match, wanted, params, start, size + 1)
        if count:
            break
    if count > SORT_MAX:
        page = _walk(match, wanted, params, start, size + 1)
    shown = page[:size]
    last = _cursor(shown[-1]) if len(page) > size else None
    rows = _details([row[2] for row in shown], filters)
    return Result(rows, min(count, COUNT_MAX), count > COUNT_MAX, last)


def conditions(filters: Filters) -> tuple[str, list[Param]]:
    """The filters without the text, as a condition on `registry_organisation o`."""
    day = filters.on or clock.today()
    parts = ["NOT o.annulled", "o.merged_into_id IS NULL"]
    params: list[Param] = []
    if filters.district:
        parts.append("o.district_id = %s")
        params.append(filters.district)
    if filters.status:
        parts.append(
            "EXISTS (SELECT FROM registry_orgstatus s WHERE s.organisation_id = o.id"
            " AND s.code = %s AND s.valid @> %s::date)"
        )
        params += [filters.status, day]
    if filters.state:
        parts.append(
            "EXISTS (SELECT FROM registry_orgstate t WHERE t.organisation_id = o.id"
            " AND t.state = %s AND t.valid @> %s::date)"
        )
        params += [filters.state, day]
    elif filters.on is not None:
        parts.append("(o.founded_on IS NULL OR o.founded_on <= %s::date)")
        params.append(day)
    return " AND ".join(parts), params


def _tier(match: _Match | None) -> tuple[str, tuple[Param, ...]]:
    if match is None:
        return "2", ()
    sql = f"CASE WHEN o.name_key = %s THEN 0 WHEN {match.begins} THEN 1 ELSE 2 END"
    return sql, (match.key, *match.begins_params)


def _sorted(
    match: _Match | None,
    wanted: str,
    params: list[Param],
    start: Row | None,
    size: int,
) -> tuple[int, list[Row]]:
    """How many rows match, at most SORT_MAX + 1, and one page of them, sorted."""
    tier, tier_params = _tier(match)
    where, where_params = (f"{match.sql} AND {wanted}", match.params) if match else (wanted, ())
    later, later_params = (
        ("WHERE (tier, name_key, id) > (%s, %s, %s)", start) if start else ("", ())
    )
    sql = (
        f"WITH hit AS MATERIALIZED (SELECT {tier} AS tier, o.name_key, o.id"  # noqa: S608
        f" FROM registry_organisation o WHERE {where} LIMIT %s)"
        " SELECT counted.n, page.* FROM (SELECT count(*) AS n FROM hit) counted LEFT JOIN"
        f" (SELECT * FROM hit {later} ORDER BY tier, name_key, id LIMIT %s) page ON true"
        " ORDER BY 2, 3, 4"
    )
    values = [*tier_params, *where_params, *params, SORT_MAX + 1, *later_params, size]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    return rows[0][0], [(tier, key, pk) for _, tier, key, pk in rows if pk is not None]


def _walk(
    match: _Match | None,
    wanted: str,
    params: list[Param],
    start: Row | None,
    size: int,
) -> list[Row]:
    """One page along the name index; used where too many rows match to be sorted."""
    found: list[Row] = []
    for tier in (EXACT, BEGINS, INSIDE) if match else (INSIDE,):
        if len(found) >= size or (start is not None and tier < start[0]):
            continue
        narrow, values = _tier_sql(match, tier)
        parts, values = [*narrow, wanted], [*values, *params]
        if start is not None and start[0] == tier:
            parts.append("(o.name_key, o.id) > (%s, %s)")
            values += [start[1], start[2]]
        sql = (
            "SELECT o.name_key, o.id FROM registry_organisation o"  # noqa: S608 - our own parts
            f" WHERE {' AND '.join(parts)} ORDER BY o.name_key, o.id LIMIT %s"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [*values, size - len(found)])
            found += [(tier, key, pk) for key, pk in cursor.fetchall()]
    return found


def _tier_sql(match: _Match | None, tier: int) -> tuple[list[str], list[Param]]:
    if match is None:
        return [], []
    if tier == EXACT:
        return ["o.name_key = %s"], [match.key]
    if tier == BEGINS:
        parts = [match.begins, "o.name_key <> %s", match.sql]
        return parts, [*match.begins_params, match.key, *match.params]
    return [match.sql, f"NOT ({match.begins})"], [*match.params, *match.begins_params]


DETAILS = """
SELECT o.id, o.name, o.name_en, o.form, o.district_id,
       (SELECT t.state FROM registry_orgstate t
        WHERE t.organisation_id = o.id AND t.valid @> %(day)s::date LIMIT 1),
       (SELECT array_agg(s.code ORDER BY s.code) FROM registry_orgstatus s
        WHERE s.organisation_id = o.id AND s.valid @> %(day)s::date),
       (SELECT array_agg(n.name ORDER BY n.valid DESC) FROM registry_orgname n
        WHERE n.organisation_id = o.id AND n.name <> o.name)
FROM registry_organisation o WHERE o.id = ANY(%(ids)s)
"""


def _details(ids: Sequence[UUID], filters: Filters) -> tuple[Found, ...]:
    if not ids:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(DETAILS, {"day": filters.on or clock.today(), "ids": list(ids)})
        rows = {row[0]: row for row in cursor.fetchall()}
    return tuple(_found(rows[pk], filters.text) for pk in ids)


def _found(row: tuple[Any, ...], text: str) -> Found:  # Any: columns as the driver gives them
    former = None
    if text and row[7] and not _bears(row[1], text):
        former = next((name for name in row[7] if _bears(name, text)), None)
    pk, name, name_en, form, district, state = row[:6]
    return Found(pk, name, name_en, form, district, state, tuple(row[6] or ()), former)


def _bears(name: str, text: str) -> bool:
    if hangul.is_initials(text):
        return hangul.paired_initials(text) in hangul.paired_initials(name)
    shifted = hangul.jamo_key_shifted(text)
    key = hangul.jamo_key(name)
    return hangul.jamo_key(text) in key or (shifted is not None and shifted in key)


def _cursor(row: Row) -> str:
    packed = json.dumps([row[0], row[1], row[2].hex], ensure_ascii=False)
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def _start(after: str | None) -> Row | None:
    """The row a cursor names; None for no cursor and for one that nobody made."""
    if not after or len(after) > 2000:
        return None
    try:
        padded = after + "=" * (-len(after) % 4)
        tier, key, pk = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if tier in (EXACT, BEGINS, INSIDE) and isinstance(key, str) and "\0" not in key:
            return tier, key, UUID(pk)
    except (ValueError, TypeError, AttributeError):
        return None
    return None
