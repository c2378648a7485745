"""Reads of the exchange for faces and commands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from dure.core import clock
from dure.core.actors import Actor, Role
from dure.core.text import T
from dure.engines import carbon, ords_writing
from dure.engines.ords import Repair
from dure.engines.ords_words import Barrier, Outcome
from dure.exchange import interpreter, recording
from dure.exchange.models import HELPING, HOSTING, Agreement, Party, Pool
from dure.exchange.words import category as category_words
from dure.journal.models import Factor
from dure.registry.models import Organisation

# The newest result of each recorded case; a case made void has none.
_RESULTS = """
SELECT a.id, a.pool_id, s.code AS category, a.opened_at,
    r.value ->> 'outcome' AS outcome, r.value ->> 'barrier' AS barrier,
    (r.value ->> 'minutes')::int AS minutes
FROM exchange_agreement a
LEFT JOIN exchange_spec s ON s.id = a.spec_id
CROSS JOIN LATERAL (
    SELECT value FROM exchange_attestation t
    WHERE t.agreement_id = a.id AND t.kind IN ('outcome', 'correct')
    ORDER BY t.seq DESC LIMIT 1
) r
WHERE a.process = 'repair' AND a.state = 'handed_back' AND r.value ? 'outcome'
"""


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts over records: outcomes, minutes where measured, grams avoided where known."""

    fixed: int
    repairable: int
    end_of_life: int
    unknown: int
    minutes: int
    without_minutes: int
    avoided: carbon.Avoided
    reliability_worst: int | None
    is_synthetic: bool
    categories: tuple[tuple[int | None, int, int], ...]
    barriers: tuple[tuple[Barrier, int], ...]

    @property
    def attempts(self) -> int:
        """All items that were worked on."""
        return self.fixed + self.repairable + self.end_of_life + self.unknown

    @property
    def avoided_kg(self) -> int:
        """Whole kilograms avoided, rounded down."""
        return self.avoided.grams // 1_000

    @property
    def success_ppm(self) -> int | None:
        """Fixed among the known outcomes, in ppm; None when none is known."""
        return carbon.success_ppm(self.fixed, self.repairable, self.end_of_life)


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event in a list."""

    pool: Pool
    host: str
    attempts: int
    fixed: int


def events(*, district: str | None = None, upcoming: bool = False) -> QuerySet[Pool]:
    """Repair events, newest first (or next first); they are public."""
    rows = Pool.objects.everything("that an event takes place is public").filter(
        kind=Pool.Kind.EVENT_QUEUE
    )
    if district is not None:
        rows = rows.filter(district_id=district)
    rows = rows.select_related("organisation", "district")
    if upcoming:
        return rows.filter(closes__gt=clock.now(), cancelled=False).order_by("opens", "id")
    return rows.filter(closes__lte=clock.now()).order_by("-opens", "id")


def event(pool_id: UUID) -> Pool | None:
    """One event, or None."""
    rows = Pool.objects.everything("that an event takes place is public")
    return (
        rows.filter(id=pool_id, kind=Pool.Kind.EVENT_QUEUE)
        .select_related("organisation", "district")
        .first()
    )


def event_rows(pools: Sequence[Pool]) -> list[EventRow]:
    """A page of events with their counts, in two queries."""
    counted = _counts([pool.id for pool in pools])
    return [
        EventRow(
            pool,
            pool.organisation.name if pool.organisation is not None else pool.provider,
            *counted.get(pool.id, (0, 0)),
        )
        for pool in pools
    ]


def _counts(pool_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT pool_id, count(*), count(*) FILTER (WHERE outcome = 'fixed')"  # noqa: S608
            f" FROM ({_RESULTS} AND a.pool_id = ANY(%s)) x GROUP BY pool_id",
            [list(pool_ids)],
        )
        return {pool_id: (attempts, fixed) for pool_id, attempts, fixed in cursor.fetchall()}


def statistics_of(pool_ids: Sequence[UUID]) -> Statistics:
    """Statistics over some events."""
    on = clock.today()
    return _statistics(f"{_RESULTS} AND a.pool_id = ANY(%s)", [list(pool_ids)], on)


def statistics(*, district: str | None = None) -> Statistics:
    """Statistics over all events, of one district if named."""
    if district is None:
        return _statistics(_RESULTS, [], clock.today())
    return _statistics(f"{_RESULTS} AND a.district_id = %s", [district], clock.today())


def _statistics(sql: str, values: Sequence[str | list[UUID]], on: date) -> Statistics:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT category, outcome, barrier, count(*), coalesce(sum(minutes), 0),"  # noqa: S608
            f" count(*) FILTER (WHERE minutes IS NULL) FROM ({sql}) x GROUP BY 1, 2, 3",
            values,
        )
        rows = cursor.fetchall()
    outcomes = dict.fromkeys(Outcome, 0)
    categories: dict[int | None, list[int]] = {}
    barriers: dict[Barrier, int] = {}
    minutes = bare = 0
    for category, outcome, barrier, count, spent, without in rows:
        outcomes[Outcome(outcome)] += count
        both = categories.setdefault(None if category is None else int(category), [0, 0])
        both[0] += count
        both[1] += count if outcome == Outcome.FIXED else 0
        if barrier is not None:
            barriers[Barrier(barrier)] = barriers.get(Barrier(barrier), 0) + count
        minutes += spent
        bare += without
    avoided, used = _avoided(categories, on)
    marks = [factor.reliability for factor in used if factor.reliability is not None]
    return Statistics(
        fixed=outcomes[Outcome.FIXED],
        repairable=outcomes[Outcome.REPAIRABLE],
        end_of_life=outcomes[Outcome.END_OF_LIFE],
        unknown=outcomes[Outcome.UNKNOWN],
        minutes=minutes,
        without_minutes=bare,
        avoided=avoided,
        reliability_worst=min(marks, default=None),
        is_synthetic=any(factor.is_synthetic for factor in used),
        categories=tuple(
            sorted(
                ((c, n, k) for c, (n, k) in categories.items()), key=lambda x: (-x[1], x[0] or 99)
            )
        ),
        barriers=tuple(sorted(barriers.items(), key=lambda x: (-x[1], x[0]))),
    )


def _avoided(
    categories: dict[int | None, list[int]], on: date
) -> tuple[carbon.Avoided, list[Factor]]:
    known = recording.factors()
    parts: list[tuple[int, int | None]] = []
    used: list[Factor] = []
    for category, (_, fixed) in categories.items():
        factor = recording.factor_of(known, category, on) if fixed else None
        if factor is not None:
            used.append(factor)
        parts.append((fixed, recording.grams(factor) * fixed if factor is not None else None))
    return carbon.avoided_sum(parts), used


# --- records and cases


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record on the page of its event; no free text, no person."""

    id: UUID
    category: int | None
    outcome: Outcome
    barrier: Barrier | None
    minutes: int | None
    at: datetime


def records(pool_id: UUID) -> list[RecordRow]:
    """The records of an event, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, category, outcome, barrier, minutes, opened_at"  # noqa: S608 - constant
            f" FROM ({_RESULTS} AND a.pool_id = %s) x ORDER BY opened_at DESC, id",
            [pool_id],
        )
        rows = cursor.fetchall()
    return [
        RecordRow(
            new_id,
            None if category is None else int(category),
            Outcome(outcome),
            Barrier(barrier) if barrier is not None else None,
            minutes,
            at,
        )
        for new_id, category, outcome, barrier, minutes, at in rows
    ]


def case(agreement_id: UUID, actor: Actor) -> Agreement | None:
    """A case of the actor's scope, or None."""
    rows = Agreement.objects.within(actor).select_related("pool", "spec", "district", "asset")
    return rows.filter(id=agreement_id).first()


def open_cases(pool_id: UUID, actor: Actor) -> QuerySet[Agreement]:
    """The cases of an event that are not finished, oldest first, in the actor's scope."""
    rows = Agreement.objects.within(actor).filter(pool_id=pool_id, closed_at=None)
    return rows.select_related("pool", "spec", "asset").order_by("opened_at", "id")


@dataclass(frozen=True, slots=True)
class Can:
    """What an actor may do at an event; templates ask this and never for a role."""

    record: bool
    host: bool


def can_at(pool: Pool, actor: Actor) -> Can:
    """What `actor` (with grants loaded) may do at an event."""
    here = (actor, pool.organisation_id, pool.district_id)
    return Can(
        record=interpreter.works_for(*here, HELPING),
        host=interpreter.works_for(*here, HOSTING),
    )


def districts_with_events() -> list[tuple[str, str]]:
    """Code and name of the districts that have repair events, by name."""
    rows = Pool.objects.everything("that an event takes place is public").filter(
        kind=Pool.Kind.EVENT_QUEUE
    )
    found = rows.values_list("district_id", "district__name", "district__name_en").distinct()
    return sorted(((sig, str(T(ko, en))) for sig, ko, en in found), key=lambda pair: pair[1])


def hosted_organisations(actor: Actor) -> list[tuple[str, str]]:
    """Id and name of the organisations for which `actor` may open an event; at most 200."""
    ids = {scope for role in HOSTING for scope in actor.scope_ids(role, "organisation")}
    districts = actor.scope_ids(Role.STAFF, "district")
    if not ids and not districts:
        return []
    rows = Organisation.rows.filter(merged_into=None, ended_on=None)
    rows = rows.filter(Q(id__in=ids) | Q(district_id__in=districts))
    found = rows.order_by("name_key", "id").values_list("id", "name")[:200]
    return [(str(one), name) for one, name in found]


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the history of a case; roles, never names."""

    text: str
    by: str
    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case in which somebody can do something now."""

    agreement_id: UUID
    step: str
    title: str


def waiting_for(actor: Actor) -> list[Waiting]:
    """Cases in which it is this person's turn, as party or keeper of the host; at most five."""
    if actor.id is None:
        return []
    mine = Party.rows.filter(person=actor.id).values("agreement_id")
    hosts = {scope for role in HOSTING for scope in actor.scope_ids(role, "organisation")}
    rows = Agreement.objects.within(actor).filter(closed_at=None)
    rows = rows.filter(
        Q(id__in=mine, state__in=("assigned", "in_repair", "assessed"))
        | Q(organisation_id__in=hosts, state__in=("submitted", "review"))
    )
    found = []
    for agreement in rows.select_related("pool", "spec").order_by("entered_at")[:20]:
        steps = interpreter.steps_open(agreement, actor)
        if steps:
            kind = str(category_words(int(agreement.spec.code) if agreement.spec else None))
            found.append(Waiting(agreement.id, str(steps[0].text), kind))
    return found[:5]


# --- export


def ords_export(
    actor: Actor, *, district: str | None = None, problem: bool = False
) -> ords_writing.Written:
    """Write the records of the actor's scope as ORDS 0.3, strictly.

    problem : whether the volunteers' free text goes along; it may name people
    """
    rows = Agreement.objects.within(actor).filter(process="repair", state="handed_back")
    if district is not None:
        rows = rows.filter(district_id=district)
    rows = rows.select_related("pool", "pool__organisation", "spec").order_by("opened_at", "id")
    return ords_writing.write(_repairs(rows), problem=problem)


def _repairs(rows: Iterable[Agreement]) -> Iterator[Repair]:
    results = _all_results()
    for agreement in rows:
        result = results.get(agreement.id)
        pool = agreement.pool
        if result is None or pool is None:
            continue
        host = pool.organisation.name if pool.organisation is not None else pool.provider
        terms = agreement.terms
        yield Repair(
            id=terms.get("source_id") or f"dure-{agreement.id.int}",
            provider=terms.get("provider") or host,
            country=terms.get("country") or pool.country,
            partner_category=terms.get("partner_category") or "",
            category=int(agreement.spec.code) if agreement.spec is not None else None,
            brand=terms.get("brand"),
            year=terms.get("year"),
            age=terms.get("age"),
            outcome=result[0],
            barrier=result[1],
            group=terms.get("group") or host,
            on=clock.kst_date(pool.opens),
            problem=terms.get("problem") or "",
        )


def _all_results() -> dict[UUID, tuple[Outcome, Barrier | None]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, outcome, barrier FROM ({_RESULTS}) x")  # noqa: S608 - constant
        rows = cursor.fetchall()
    return {
        new_id: (Outcome(outcome), Barrier(barrier) if barrier is not None else None)
        for new_id, outcome, barrier in rows
    }
