"""A member's bookings as a calendar programme reads them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db.models import Q

from dure.core import clock
from dure.core.text import T
from dure.engines import ical
from dure.exchange import interpreter
from dure.exchange.models import Commitment, Party
from dure.exchange.queries.agreements import title_of
from dure.registry.models import Person

PAST_DAYS = 90
ENTRIES_MAX = 500
QUIET_SECTORS = frozenset({"care"})  # a calendar stands on screens that others see
APPOINTMENT = T("약속", "Appointment")


def is_active(person: UUID) -> bool:
    """Whether somebody is still here; an address outlives neither a pause nor an erasure."""
    return Person.rows.filter(pk=person, state=Person.State.ACTIVE).exists()


def entries(person: UUID) -> list[ical.Entry]:
    """Commitments with a time of the agreements in which a person is a party, the last ninety
    days and all that is to come; of more than five hundred the latest. UID = the commitment,
    SEQUENCE = its version."""
    since = clock.now() - timedelta(days=PAST_DAYS)
    own = Party.rows.filter(person=person).values("agreement_id")
    rows = Commitment.rows.filter(agreement__in=own, agreement__starts__isnull=False)
    rows = rows.filter(Q(agreement__ends__gte=since) | Q(state="out"))
    rows = rows.select_related(*(f"agreement__{name}" for name in ("asset", "listing", "spec")))
    newest = rows.order_by("-agreement__starts", "id")[:ENTRIES_MAX]
    return [_entry(one) for one in reversed(_once_a_ride(newest))]


def _once_a_ride(rows: Iterable[Commitment]) -> list[Commitment]:
    """A ride takes a seat on each of its legs; in a calendar it stands once."""
    found: dict[UUID, Commitment] = {}
    for one in rows:
        trip = one.agreement.process == "carpool"
        found.setdefault(one.agreement_id if trip else one.id, one)
    return list(found.values())


def _entry(one: Commitment) -> ical.Entry:
    """One booking at the times agreed, not those widened by the buffer."""
    agreement = one.agreement
    process = interpreter.process_of(agreement)
    title = str(APPOINTMENT)
    if process.sector not in QUIET_SECTORS:
        title = f"{title_of(agreement, process)} ({process.text})"
    assert agreement.starts is not None, "only commitments with a time are asked for"
    return ical.Entry(
        uid=str(one.id),
        sequence=one.version,
        state=one.state,
        begins=agreement.starts,
        ends=agreement.ends,
        title=title,
        changed=agreement.entered_at,
    )
