"""The sink behind `core.facts.note`: the one way into the journal.

Nouns: a *row* is a fact as a room states it; an *event* is the row that stands in the journal.
Law: everything is checked before the first event is written; a source that is known already
writes nothing; an event is never touched again, a correction is a further event.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, connection

from dure.core import clock, facts, running
from dure.core.errors import CoreCode, Refusal
from dure.engines.rrn import has_rrn
from dure.ledger.queries.groups import won_paid_by
from dure.registry.models import District

from .errors import JournalCode
from .models import EVIDENCE_ORDER, Event, Factor, Label

CITY = "00000"
WON = "KRW"
LOCK_CLASS = 6001  # writers hold it shared, the sealer alone: a cut has no holes to come
FUTURE = timedelta(minutes=5)
SOURCES_AT_ONCE = 20_000
_SOURCE = re.compile(r"[a-z_]+\.[a-z_]+:[0-9A-Za-z-]{1,50}(:[0-9A-Za-z_.-]{1,50}){0,2}")

COLUMNS = (
    "uid", "label_id", "action", "sector", "district", "org_id", "giver_key", "taker_key",
    "other_org_id", "dims", "case_id", "sign", "qty", "unit", "began", "ended", "amount",
    "transfer", "evidence", "proof", "factor_id", "gco2e", "care", "corrects_id", "correction",
    "reason", "source", "recorded_at", "audit",
)  # fmt: skip
COPY = f"COPY journal_event ({', '.join(COLUMNS)}) FROM STDIN"


@dataclass(frozen=True, slots=True)
class _Known:
    """What the rows of one call are checked against."""

    code: str
    versions: tuple[Label, ...]
    districts: frozenset[str]
    originals: Mapping[UUID, Event]
    corrected: frozenset[tuple[int, str]]
    factors: Mapping[UUID, int]
    paid: Mapping[UUID, int]
    now: datetime
    audit: UUID
    room: str


@facts.SINK.plug
def write(label: str, rows: Sequence[facts.Row], meanwhile: facts.Meanwhile = nullcontext) -> int:
    """Write facts under one label in the running action's transaction.

    label   : code of a label
    rows    : any number of facts; a source seen before, or twice here, is written once
    meanwhile : a block around the checks, in which the database is not asked
    Returns   the number of new events
    Raises    Refusal with a JournalCode before anything is written
    """
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, 0)", [LOCK_CLASS])
    known = _known(label, rows)
    found = _sources_known(row.source for row in rows)
    events: dict[str, tuple[object, ...]] = {}
    with meanwhile():
        for row in rows:
            if row.source not in found and row.source not in events:
                events[row.source] = _event(row, known)
    if events:
        _copy(events.values())
    return len(events)


def _copy(events: Iterable[tuple[object, ...]]) -> None:
    """Write by COPY; a source that somebody else wrote in this very moment asks for a retry."""
    try:
        with (
            connection.cursor() as cursor,
            connection.wrap_database_errors,
            cursor.copy(COPY) as copy,
        ):
            for event in events:
                copy.write_row(event)
    except IntegrityError as error:
        constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if constraint not in ("event_source_once", "event_uid_once"):
            raise
        raise Refusal(CoreCode.BUSY, seconds=1) from error


def _known(code: str, rows: Sequence[facts.Row]) -> _Known:
    present = running.current()
    versions = tuple(Label.rows.filter(code=code))
    if not versions:
        raise _unknown(code, clock.kst_date(present.now))
    corrected_ids = {row.corrects for row in rows if row.corrects is not None}
    originals = {event.uid: event for event in Event.rows.filter(uid__in=corrected_ids)}
    seqs = [event.seq for event in originals.values()]
    factor_ids = {UUID(row.factor) for row in rows if row.factor is not None}
    transfers = {row.transfer for row in rows if row.transfer is not None}
    return _Known(
        code=code,
        versions=versions,
        districts=frozenset(District.rows.values_list("sig", flat=True)),
        originals=originals,
        corrected=frozenset(
            Event.rows.filter(corrects__in=seqs).values_list("corrects_id", "correction")
        ),
        factors=dict(Factor.rows.filter(uid__in=factor_ids).values_list("uid", "seq")),
        paid=won_paid_by(transfers) if transfers else {},
        now=present.now,
        audit=present.line.id,
        room=present.entry.room,
    )


def _unknown(code: str, day: date) -> Refusal:
    codes = sorted(set(Label.rows.values_list("code", flat=True)))
    nearest = difflib.get_close_matches(code, codes, n=1, cutoff=0.0)
    return Refusal(
        JournalCode.UNKNOWN_LABEL,
        field="label",
        label=code if re.fullmatch(r"[a-z._]{1,40}", code) else "?",
        day=day.isoformat(),
        nearest=nearest[0] if nearest else "–",
    )


def _sources_known(sources: Iterable[str]) -> frozenset[str]:
    wanted = list(sources)
    found: set[str] = set()
    with connection.cursor() as cursor:
        for start in range(0, len(wanted), SOURCES_AT_ONCE):
            cursor.execute(
                "SELECT source FROM journal_event WHERE source = ANY(%s)",
                [wanted[start : start + SOURCES_AT_ONCE]],
            )
            found.update(source for (source,) in cursor.fetchall())
    return frozenset(found)


def _event(row: facts.Row, known: _Known) -> tuple[object, ...]:
    assert _SOURCE.fullmatch(row.source), f"not a source: {row.source!r}"
    assert not has_rrn(row.source), "a resident registration number in a source"
    assert row.source.split(".", 1)[0] == known.room, f"{row.source} is not of {known.room}"
    if row.giver is not None or row.taker is not None:
        raise Refusal(JournalCode.NO_KEY)
    if row.correction == Event.Correction.REVERSAL:
        return _reversal(row, known)
    original = _original(row, known) if row.corrects is not None else None
    ended = row.ended or row.began or known.now
    began = row.began or ended
    if not began <= ended <= known.now + FUTURE:
        raise Refusal(JournalCode.BAD_TIME, field="ended")
    label = _version(known, clock.kst_date(ended))
    _check_values(row, label, known)
    return (
        facts.event_id(row.source), label.id, label.action, label.sector, row.district, row.org,
        None, None,
        row.other_org, json.dumps(row.dims, sort_keys=True) if row.dims else None, row.case_id,
        1, row.qty, label.unit, began, ended, row.amount, row.transfer, row.evidence, row.proof,
        known.factors[UUID(row.factor)] if row.factor is not None else None, row.gco2e,
        label.sector == "care", original.seq if original else None,
        row.correction if original else None, row.reason if original else None, row.source,
        known.now, known.audit,
    )  # fmt: skip


def _version(known: _Known, day: date) -> Label:
    for label in known.versions:
        if day in _Days(label.valid):
            return label
    raise _unknown(known.code, day)


class _Days:
    """A stored date range [from, to) asked in Python."""

    def __init__(self, valid: object) -> None:
        self.lower: date | None = getattr(valid, "lower", None)
        self.upper: date | None = getattr(valid, "upper", None)

    def __contains__(self, day: date) -> bool:
        after = self.lower is None or self.lower <= day
        return after and (self.upper is None or day < self.upper)


def _check_values(row: facts.Row, label: Label, known: _Known) -> None:
    if type(row.qty) is not int or not 0 <= row.qty < 2**63:  # a bool or a float is no quantity
        raise Refusal(JournalCode.BAD_QUANTITY, field="qty", label=label.code, unit=label.unit)
    if row.district not in known.districts and not _is_city(row.district, label):
        raise Refusal(JournalCode.BAD_DISTRICT, field="district", district=row.district[:5])
    for key, value in row.dims.items():
        if value not in label.dims.get(key, ()):
            raise Refusal(JournalCode.BAD_DIMENSION, field="dims", label=label.code, key=key[:20])
    if row.evidence not in EVIDENCE_ORDER:
        raise Refusal(JournalCode.LOW_EVIDENCE, label=label.code, floor=label.evidence_floor)
    if EVIDENCE_ORDER.index(row.evidence) < EVIDENCE_ORDER.index(label.evidence_floor):
        raise Refusal(JournalCode.LOW_EVIDENCE, label=label.code, floor=label.evidence_floor)
    if row.evidence in ("B", "C") and row.proof is None:
        raise Refusal(JournalCode.NO_PROOF, evidence=row.evidence)
    if (row.factor is None) != (row.gco2e is None):
        raise Refusal(JournalCode.HALF_FACTOR)
    _check_payment(row, label, known)


def _check_payment(row: facts.Row, label: Label, known: _Known) -> None:
    """Won paid and the transfer that paid them stand together; the ledger moved at least so much
    by it, and of a label in won they are the quantity itself."""
    if (row.amount is None) != (row.transfer is None):
        raise Refusal(JournalCode.HALF_PAYMENT)
    if row.amount is None or row.transfer is None:
        return
    if type(row.amount) is not int or row.amount < 1:
        raise Refusal(JournalCode.BAD_QUANTITY, field="amount", label=label.code, unit=WON)
    paid = known.paid.get(row.transfer, 0)
    if row.amount > paid or (label.unit == WON and row.amount != row.qty):
        raise Refusal(JournalCode.BAD_PAYMENT, field="amount", label=label.code)


def _is_city(district: str, label: Label) -> bool:
    return district == CITY and label.district_rule in ("city", "resident")


def _original(row: facts.Row, known: _Known) -> Event:
    """The event that a row corrects; it must be of this room, whole, and not corrected so yet."""
    assert row.corrects is not None
    original = known.originals.get(row.corrects)
    why = None
    if original is None or original.label_id not in {v.id for v in known.versions}:
        why = "not_here"
    elif original.source.split(".", 1)[0] != known.room:
        why = "other_room"
    elif original.correction == Event.Correction.REVERSAL:
        why = "is_reversal"
    elif (original.seq, row.correction) in known.corrected:
        why = "corrected_already"
    elif row.reason not in Event.Reason.values or row.correction not in Event.Correction.values:
        why = "no_reason"
    if why is not None or original is None:
        raise Refusal(JournalCode.NOT_CORRECTABLE, field="corrects", why=why)
    return original


def _reversal(row: facts.Row, known: _Known) -> tuple[object, ...]:
    """The same event once more with sign −1; it carries the original's times."""
    old = _original(row, known)
    return (
        facts.event_id(row.source), old.label_id, old.action, old.sector, old.district,
        old.org_id, old.giver_key, old.taker_key, old.other_org_id,
        json.dumps(old.dims, sort_keys=True) if old.dims else None, old.case_id, -1, old.qty,
        old.unit, old.began, old.ended, old.amount, old.transfer, old.evidence, old.proof,
        old.factor_id, old.gco2e, old.care, old.seq, row.correction, row.reason, row.source,
        known.now, known.audit,
    )  # fmt: skip
