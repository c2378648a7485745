"""Reads of the journal for faces and for the rooms above."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from dure.core import clock, rulebook

from .models import Event, Factor, Label

_CANONICAL = """
SELECT e.seq, concat_ws(
    '|', e.seq, e.uid, l.code, l.version, e.action, e.sector, e.district,
    coalesce(e.org_id::text, '-'), coalesce(encode(e.giver_key, 'hex'), '-'),
    coalesce(encode(e.taker_key, 'hex'), '-'), coalesce(e.other_org_id::text, '-'),
    coalesce(e.dims::text, '-'), coalesce(e.case_id::text, '-'), e.sign, e.qty, e.unit,
    to_char(e.began AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
    to_char(e.ended AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
    coalesce(e.amount::text, '-'), coalesce(e.transfer::text, '-'), e.evidence,
    coalesce(e.proof::text, '-'), coalesce(f.uid::text, '-'), coalesce(e.gco2e::text, '-'),
    e.care, coalesce(e.corrects_id::text, '-'), coalesce(e.correction, '-'),
    coalesce(e.reason, '-'), e.source,
    to_char(e.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'))
FROM journal_event e
JOIN journal_label l ON l.id = e.label_id
LEFT JOIN journal_factor f ON f.seq = e.factor_id
WHERE e.seq >= %s AND e.seq <= %s
ORDER BY e.seq
"""


def district_rule(code: str, day: date) -> str:
    """Whose district the version of a label that is in force on a day asks for; "" = none is."""
    rows = Label.rows.filter(code=code, valid__contains=day)
    return str(rows.values_list("district_rule", flat=True).first() or "")


@dataclass(frozen=True, slots=True)
class Chain:
    """The end of a stretch of the journal: its last position, its size and its head."""

    seq_to: int
    row_count: int
    head: str


def chain(previous: str, seq_from: int, seq_to: int | None) -> Chain:
    """Hash the events of a stretch after the head `previous`; `seq_to` None = to the last."""
    digest = hashlib.sha256(bytes.fromhex(previous))
    last, count = seq_from - 1, 0
    with connection.cursor() as cursor:
        cursor.execute(_CANONICAL, [seq_from, 2**62 if seq_to is None else seq_to])
        while rows := cursor.fetchmany(5_000):
            for seq, text in rows:
                digest.update(text.encode())
                digest.update(b"\n")
                last, count = seq, count + 1
    return Chain(seq_to=last, row_count=count, head=digest.hexdigest())


def factors_on(prefix: str, purpose: str, on: date) -> dict[str, Factor]:
    """The factors whose code starts with `prefix`, in force on a day, by code.

    Several rows of a code: the newest year, then the newest recording. A row without a value
    stands, too: it says that the factor is required and not yet known.
    """
    rows = Factor.rows.filter(
        code__startswith=prefix, purpose=purpose, valid__contains=on
    ).order_by("year", "seq")
    return {factor.code: factor for factor in rows}


def factors() -> QuerySet[Factor]:
    """All factors for the public page, by code and year."""
    return Factor.objects.everything("factors are public").order_by("code", "-year", "-seq")


def labels_in_use() -> QuerySet[Label]:
    """The labels in use today, for the public page."""
    rows = Label.objects.everything("labels are public")
    return rows.filter(valid__contains=clock.today()).order_by("sector", "code")


def label_versions(code: str) -> list[Label]:
    """All versions of a label, newest first; empty when there is none."""
    return list(
        Label.objects.everything("labels are public").filter(code=code).order_by("-version")
    )


@dataclass(frozen=True, slots=True)
class LabelDesk:
    """What a steward sees of a label: how many events, reversed, late, weak, without factor."""

    code: str
    ko: str
    en: str
    events: int
    reversed: int
    late: int
    stated: int
    without_factor: int
    last_on: date | None


def steward_desk() -> list[LabelDesk]:
    """Count the journal by label for the steward's desk; no event itself is shown."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT l.code, min(l.ko), min(l.en), count(*) FILTER (WHERE e.sign = 1),
                count(*) FILTER (WHERE e.sign = -1),
                count(*) FILTER (WHERE e.sign = 1
                    AND e.recorded_at > e.ended + make_interval(days => %s)),
                count(*) FILTER (WHERE e.evidence IN ('A', 'E')),
                coalesce(sum(e.sign) FILTER (WHERE e.factor_id IS NULL), 0),
                max(e.on_date)
            FROM journal_event e JOIN journal_label l ON l.id = e.label_id
            GROUP BY l.code ORDER BY l.code
            """,
            [rulebook.value("journal.late_days").integer],
        )
        return [LabelDesk(*row) for row in cursor.fetchall()]


def standing_events(labels: tuple[str, ...], *, case_id: UUID | None = None) -> QuerySet[Event]:
    """Events of some labels that stand: no reversal, not reversed; of one case if named."""
    reversed_ones = Event.rows.filter(correction="reversal").values("corrects_id")
    rows = Event.rows.filter(label__code__in=labels, sign=1).exclude(seq__in=reversed_ones)
    if case_id is not None:
        rows = rows.filter(case_id=case_id)
    return rows.select_related("label").order_by("seq")
