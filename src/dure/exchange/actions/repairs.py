"""Repairs whose result is known: sheets filled in at the event, and partners' files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated
from uuid import uuid4

from django.db import connection
from pydantic import Field

from dure.core import clock
from dure.core.actions import Who, action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.types import District, Line, Minutes, Note, Part, UuidText
from dure.engines import ords
from dure.engines.rrn import has_rrn
from dure.exchange import opening, policies, subjects
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Pool, Spec
from dure.exchange.opening import NewCase
from dure.exchange.processes.repair import LABELS, REPAIR, BarrierCode, OutcomeCode, Result, Terms
from dure.exchange.subjects import Target

from .specs import SCHEME

WRITES = ("exchange_agreement", "exchange_attestation", "journal_event")
ITEMS_MAX = 50
LOCK_CLASS = 8001
FILE_MAX = 64 * 1024 * 1024
FileBytes = Annotated[bytes, Field(max_length=FILE_MAX)]


class Item(Part):
    """One item of a record sheet."""

    category: Annotated[int, Field(ge=1, le=40)]
    outcome: OutcomeCode
    barrier: BarrierCode | None = None
    minutes: Minutes | None = None
    brand: Line | None = None
    year: Annotated[int, Field(ge=1900, le=2200)] | None = None
    problem: Note | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """The new records, in the order given."""

    ids: tuple[str, ...]


@action(
    "exchange.repair.record",
    ko="수리 기록을 적습니다.",
    en="Record repairs at an event.",
    policy=policies.may_record,
    letters={Role.MEMBER: "m", Role.STAFF: "dm", Role.BOARD: "m", Role.OPERATOR: "o"},
    who=(Who.PERSON, Who.OPERATOR),
    subject=subjects.pool,
    idempotent=True,
    writes=WRITES,
    labels=LABELS,
    refusals=(CoreCode.NOT_FOUND, ExchangeCode.BAD_BARRIER, ExchangeCode.POOL_NOT_OPEN),
)
def record_repairs(
    pool_id: UuidText,
    items: Annotated[tuple[Item, ...], Field(min_length=1, max_length=ITEMS_MAX, strict=False)],
    *,
    actor: Actor,
) -> Recorded:
    """Write one or many record sheets of one event.

    Effects: a finished case each, its result as attestation, events of class A; minutes only
    where somebody measured or wrote them down.
    """
    event = subject(Pool)
    if event.cancelled:
        raise Refusal(ExchangeCode.POOL_NOT_OPEN)
    specs = _specs()
    cases = [
        NewCase(
            pool=event,
            terms=Terms(brand=item.brand, year=item.year, problem=item.problem),
            result=Result(item.outcome, item.barrier, item.minutes),
            spec_id=specs[item.category],
            category=item.category,
        )
        for item in items
    ]
    start = REPAIR.transition(None, "sheet")
    assert start is not None
    opened = opening.open_recorded(REPAIR, start, cases, actor)
    line().object("exchange.pool", event.id)
    line().organisation(event.organisation_id)
    line().changed("records", None, len(cases))
    return Recorded(tuple(str(new_id) for new_id in opened.ids))


def _specs() -> dict[int, int]:
    rows = Spec.rows.filter(scheme=SCHEME).values_list("code", "id")
    return {int(code): spec_id for code, spec_id in rows}


@dataclass(frozen=True, slots=True)
class Kind:
    """A way in which lines deviate from the standard, and how many do."""

    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that could not become a repair."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file: rows = new + known + changed + repeated + unusable."""

    rows: int
    new: int
    known: int
    changed: int
    repeated: int
    unusable: int
    district: str
    providers: tuple[str, ...]
    events: int
    facts: int
    deviations: tuple[Kind, ...]
    bad_lines: tuple[BadLine, ...]

    @property
    def lost(self) -> int:
        """Lines whose content stands nowhere here."""
        return self.unusable + self.changed


@action(
    "exchange.repair.import",
    ko="공개 수리 기록 파일(ORDS)을 가져옵니다.",
    en="Import a file of the Open Repair Data Standard.",
    policy=policies.may_import,
    letters={Role.STAFF: "dm", Role.BOARD: "m", Role.OPERATOR: "o"},
    who=(Who.PERSON, Who.OPERATOR),
    subject=subjects.target,
    faces=("web", "cli", "import"),
    long=True,
    writes=("exchange_pool", *WRITES),
    labels=LABELS,
    refusals=(ExchangeCode.NOT_ORDS, CoreCode.NOT_FOUND, CoreCode.RULE_MISSING),
)
def import_repairs(
    content: FileBytes,
    organisation_id: UuidText | None = None,
    district: District | None = None,
    *,
    actor: Actor,
) -> Imported:
    """Take in a partner's file: every line, or a reason for it; the same line once.

    A line is known by the id its provider gave it. Known with equal content: nothing is written;
    with other content: counted as changed and left as it stands, a correction is a step of its
    own. The records are counted in the district named and stay labelled by provider and country.
    """
    goal = subject(Target)
    _one_at_a_time()
    try:
        reading = ords.read(content, forbidden=_is_forbidden)
    except ords.NotOrds as refused:
        problem = f"{refused.reason} {refused.detail}"[:120]
        raise Refusal(ExchangeCode.NOT_ORDS, field="content", problem=problem) from None
    refs = {_ref(repair): repair for repair in reading.repairs}
    known = _known(refs)
    new = {ref: repair for ref, repair in refs.items() if ref not in known}
    changed = sum(known[ref] != refs[ref].digest() for ref in known)
    pools, made = _pools(list(new.values()), goal)
    specs = _specs()
    start = REPAIR.transition(None, "import")
    assert start is not None
    cases = [_case(ref, repair, pools, specs) for ref, repair in new.items()]
    opened = opening.open_recorded(REPAIR, start, cases, actor) if cases else None
    line().object("exchange.district", goal.district)
    line().organisation(goal.organisation_id)
    line().changed("new", None, len(new))
    line().changed("rows", None, reading.line_count)
    return Imported(
        rows=reading.line_count,
        new=len(new),
        known=len(known) - changed,
        changed=changed,
        repeated=reading.repeat_count,
        unusable=len(reading.unusable),
        district=goal.district,
        providers=tuple(sorted({repair.provider for repair in reading.repairs}))[:50],
        events=made,
        facts=opened.event_count if opened else 0,
        deviations=tuple(Kind(kind.value, count) for kind, count in reading.deviations),
        bad_lines=tuple(BadLine(b.line, b.reason.value) for b in reading.unusable[:100]),
    )


def _one_at_a_time() -> None:
    """Imports of repairs wait for each other, so that two of one file are one new and one known."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [LOCK_CLASS])


def _is_forbidden(text: str) -> bool:
    """Whether a text holds the shape of a resident registration number; short ones cannot."""
    return len(text) >= 13 and any(c.isdecimal() for c in text) and has_rrn(text)


def _ref(repair: ords.Repair) -> str:
    return f"ords:{repair.id}"


def _known(refs: Mapping[str, ords.Repair]) -> dict[str, str]:
    """Content hashes of the lines that stand here already, by reference; one array, one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT external_ref, external_digest FROM exchange_agreement"
            " WHERE process = %s AND external_ref = ANY(%s)",
            [REPAIR.key, list(refs)],
        )
        return dict(cursor.fetchall())


def _pool_ref(repair: ords.Repair) -> str:
    return f"ords:{repair.provider[:100]}|{repair.group[:100]}|{repair.on.isoformat()}"


def _pools(repairs: Sequence[ords.Repair], goal: Target) -> tuple[dict[str, Pool], int]:
    """The events of these repairs, by provider, group and day; missing ones are made."""
    wanted = {_pool_ref(repair): repair for repair in repairs}
    rows = Pool.rows.filter(kind="event_queue", external_ref__in=list(wanted))
    found = {str(pool.external_ref): pool for pool in rows}
    made = [_pool(ref, repair, goal) for ref, repair in wanted.items() if ref not in found]
    Pool.rows.bulk_create(made, batch_size=1_000)
    found.update({str(pool.external_ref): pool for pool in made})
    return found, len(made)


def _pool(ref: str, repair: ords.Repair, goal: Target) -> Pool:
    opens = _midnight(repair.on)
    return Pool(
        id=uuid4(),
        kind=Pool.Kind.EVENT_QUEUE,
        organisation_id=goal.organisation_id,
        district_id=goal.district,
        title=(repair.group or repair.provider or "–")[:200],
        opens=opens,
        closes=opens + timedelta(days=1),
        provider=repair.provider[:200],
        country=repair.country,
        external_ref=ref,
        created_at=clock.now(),
        audit=line().id,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.SEOUL)


def _case(
    ref: str, repair: ords.Repair, pools: Mapping[str, Pool], specs: Mapping[int, int]
) -> NewCase:
    terms = Terms(
        brand=repair.brand,
        year=repair.year,
        age=repair.age,
        partner_category=repair.partner_category or None,
        problem=repair.problem or None,
        provider=repair.provider or None,
        country=repair.country or None,
        group=repair.group or None,
        source_id=repair.id,
    )
    return NewCase(
        pool=pools[_pool_ref(repair)],
        terms=terms,
        result=Result(repair.outcome, repair.barrier),
        spec_id=None if repair.category is None else specs[repair.category],
        category=repair.category,
        external_ref=ref,
        external_digest=repair.digest(),
    )
