"""What the registry states to the journal: organisations that are active, jobs, sales.

A stock holds from its moment until the next: a status that is entered late with an earlier date is
right in every later period.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from datetime import date, datetime, time
from uuid import UUID

from dure.core import clock, facts
from dure.registry.models import Organisation, OrgStatus, OrgYear

NOON = time(12)
YEAR_LABELS = {
    OrgYear.Kind.SALES.value: "org.sales",
    OrgYear.Kind.HEADS.value: "job.heads",
    OrgYear.Kind.FTE_MINUTES.value: "job.fte",
}


def moment(day: date) -> datetime:
    """Noon of a day in Seoul, or now where that is still to come today."""
    return min(datetime.combine(day, NOON, clock.SEOUL), clock.now())


def year_end(year: int) -> date:
    """The day a yearly value is stated for."""
    return date(year, 12, 31)


def active(
    status: OrgStatus, part: str, *, count: int, day: date, district: str | None = None
) -> facts.Row:
    """One row of `org.active`: from this day on a status is held (1) or not (0)."""
    organisation = status.organisation
    return facts.Row(
        source=f"registry.status:{status.pk}:{part}",
        qty=count,
        district=district or organisation.district_id,
        org=organisation.pk,
        ended=moment(day),
        evidence="C" if status.evidence_class == "C" else "A",
        proof=status.pk if status.evidence_class == "C" else None,
        dims={"status": status.code, "kind": organisation.form},
    )


def note_active(rows: Iterable[facts.Row], meanwhile: facts.Meanwhile = nullcontext) -> None:
    """State rows of `org.active`; those whose day is still to come wait for the daily timer."""
    now = clock.now()
    past = [row for row in rows if row.ended and row.ended <= now]
    facts.note("org.active", rows=past, meanwhile=meanwhile)


def note_began(status: OrgStatus) -> None:
    """State that a status began, and that it ended where its last day is past."""
    today = clock.today()
    rows = []
    if status.valid.lower is None or status.valid.lower <= today:
        rows.append(active(status, "began", count=1, day=status.valid.lower or first_day(status)))
    if status.valid.upper is not None and status.valid.upper <= today:
        rows.append(active(status, "ended", count=0, day=status.valid.upper))
    note_active(rows)


def first_day(status: OrgStatus) -> date:
    """The day from which a status without a first day is counted: the founding day, else today."""
    return status.organisation.founded_on or clock.today()


def note_moved(
    organisation: Organisation, statuses: Iterable[OrgStatus], old: str, day: date, mark: UUID
) -> None:
    """State that an active organisation left one district and stands in another from a day on."""
    rows = []
    for status in statuses:
        status.organisation = organisation
        rows.append(active(status, f"left.{mark.hex[:8]}", count=0, day=day, district=old))
        rows.append(active(status, f"came.{mark.hex[:8]}", count=1, day=day))
    note_active(rows)


def yearly(value: OrgYear) -> tuple[str, facts.Row] | None:
    """The label and row of a yearly value, or None for kinds that state no fact."""
    label = YEAR_LABELS.get(value.kind)
    if label is None:
        return None
    organisation = value.organisation
    return label, facts.Row(
        source=f"registry.year:{value.pk}",
        qty=value.value,
        district=organisation.district_id,
        org=organisation.pk,
        ended=moment(year_end(value.year)),
        evidence="C" if value.evidence_class == "C" else "A",
        proof=value.pk if value.evidence_class == "C" else None,
        dims={"kind": organisation.form},
    )
