"""A report of one process over a span of days, for who hosts its cases: counts, times, value.

Law: no person stands in a report. What is counted is what the reader hosts, so two hosts see two
reports; the city's public numbers come from the journal, not from here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median_low
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from dure.core import clock
from dure.core.actors import Actor
from dure.core.text import T
from dure.exchange.cases import works_for
from dure.exchange.declaration import Process
from dure.exchange.models import HOSTING, Agreement, Attestation
from dure.exchange.models.places import hosted_q
from dure.exchange.processes import PROCESSES, newest
from dure.exchange.queries.spendings import SpentLine, spent_by, spent_of, with_spent
from dure.exchange.spending import LABEL
from dure.journal.queries import standing_events
from dure.ledger.queries.groups import Moved, moved_by
from dure.registry.models import Organisation

if TYPE_CHECKING:
    from dure.engines.tables_out import Value

DAYS_MAX = 366
CASES_MAX = 100_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What is reported: a process by its key, days [begins, ends], one host or all of one's own."""

    process: str
    begins: date
    ends: date
    organisation: UUID | None = None


@dataclass(frozen=True, slots=True)
class StateLine:
    """Cases in one state: those that ended there in the span, or stand there now."""

    text: T
    is_end: bool
    cases: int


@dataclass(frozen=True, slots=True)
class FactLine:
    """What the closed cases stated under one label: `qty` in the label's unit, corrected."""

    label: str
    text: T
    unit: str
    cases: int
    qty: int


@dataclass(frozen=True, slots=True)
class Report:
    """One report. `took` is the lower median time from the beginning to the end of the cases that
    ended; None = none ended. `disputes` counts cases with a dispute among those that ended."""

    process: Process
    asked: Asked
    opened: int
    ended: int
    running: int
    states: tuple[StateLine, ...]
    took: timedelta | None
    disputes: int
    moved: tuple[Moved, ...]
    facts: tuple[FactLine, ...]
    spent: tuple[SpentLine, ...]


def processes() -> list[Process]:
    """The newest version of every process, in the order of the list."""
    return [one for one in PROCESSES if newest(one.key) is one]


def cases(asked: Asked, actor: Actor) -> QuerySet[Agreement]:
    """Every case of the process that the reader hosts."""
    rows = Agreement.objects.within(actor).filter(hosted_q(actor, HOSTING), process=asked.process)
    if asked.organisation is not None:
        rows = rows.filter(organisation_id=asked.organisation)
    return rows


def hosts(actor: Actor) -> list[tuple[str, str]]:
    """The organisations among whose cases the reader may choose: (id, name)."""
    rows = Agreement.objects.within(actor).filter(hosted_q(actor, HOSTING))
    found = rows.filter(organisation__isnull=False).values_list(
        "organisation_id", "organisation__name"
    )
    return sorted({(str(one), name) for one, name in found.distinct()}, key=lambda one: one[1])


def is_hosted(organisation: UUID, actor: Actor) -> bool:
    """Whether the reader hosts for an organisation, or keeps its district."""
    found = Organisation.objects.everything("whether it is hosted is asked next").filter(
        pk=organisation
    )
    place = found.values_list("district_id", flat=True).first()
    return place is not None and works_for(actor, organisation, place, HOSTING)


def _declared(asked: Asked) -> Process:
    found = newest(asked.process)
    assert found is not None, asked.process
    return found


def _within(asked: Asked, field: str) -> Q:
    start = datetime.combine(asked.begins, time(), clock.SEOUL)
    end = datetime.combine(asked.ends + timedelta(days=1), time(), clock.SEOUL)
    return Q(**{f"{field}__gte": start, f"{field}__lt": end})


def report(asked: Asked, actor: Actor) -> Report:
    """Count, time and add up the cases of a process."""
    process = _declared(asked)
    mine = cases(asked, actor)
    closed = list(
        mine.filter(_within(asked, "closed_at")).values_list(
            "id", "case_id", "state", "version", "opened_at", "closed_at"
        )[:CASES_MAX]
    )
    ended = Counter(state for _, _, state, _, _, _ in closed)
    running = Counter(mine.filter(closed_at=None).values_list("state", flat=True))
    versions = [one for one in PROCESSES if one.key == asked.process]
    words = {state.key: state.text for one in versions for state in one.states}
    order = [state.key for state in process.states]
    order += sorted((ended.keys() | running.keys()) - set(order))
    ids = [row[0] for row in closed]
    times = [end - start for _, _, _, _, start, end in closed if end is not None]
    said = Attestation.rows.filter(agreement__in=ids)
    return Report(
        process=process,
        asked=asked,
        opened=mine.filter(_within(asked, "opened_at")).count(),
        ended=len(closed),
        running=sum(running.values()),
        states=tuple(
            StateLine(words[key], key in ended, ended.get(key) or running[key])
            for key in order
            if key in ended or key in running
        ),
        took=median_low(times) if times else None,
        disputes=said.filter(kind="dispute").values("agreement").distinct().count(),
        moved=tuple(moved_by(ids)),
        facts=_facts([row[1] for row in closed], process),
        spent=spent_by(row[1] for row in closed),
    )


def _facts(case_ids: list[UUID], process: Process) -> tuple[FactLine, ...]:
    found = standing_events((*process.labels, LABEL)).filter(case_id__in=case_ids).order_by()
    lines = found.values_list("label__code", "label__ko", "label__en", "unit").annotate(
        cases=Count("case_id", distinct=True), total=Sum("qty")
    )
    return tuple(
        FactLine(code, T(ko, en), unit, count, qty)
        for code, ko, en, unit, count, qty in lines.order_by("label__code", "unit")
    )


HEADER = (
    T("약속 번호", "Agreement"),
    T("절차", "Process"),
    T("판", "Version"),
    T("상태", "State"),
    T("시작한 날", "Begun"),
    T("끝난 날", "Ended"),
    T("걸린 시간(분)", "Took (minutes)"),
    T("조직", "Organisation"),
    T("자치구", "District"),
    T("모음", "Event or cycle"),
    T("지역 소비(원)", "Local spending (won)"),
)


def rows(asked: Asked, actor: Actor) -> Iterator[tuple[Value, ...]]:
    """One line a case that began or ended in the span, oldest first; no person, no free text."""
    process = _declared(asked)
    versions = [one for one in PROCESSES if one.key == asked.process]
    words = {state.key: state.text for one in versions for state in one.states}
    found = cases(asked, actor).filter(_within(asked, "opened_at") | _within(asked, "closed_at"))
    for case in (
        with_spent(found.select_related("organisation", "district", "pool"))
        .order_by("opened_at", "id")[:CASES_MAX]
        .iterator()
    ):
        took = case.closed_at - case.opened_at if case.closed_at else None
        yield (
            str(case.id),
            str(process.text),
            case.version,
            str(words.get(case.state, case.state)),
            clock.kst_date(case.opened_at).isoformat(),
            clock.kst_date(case.closed_at).isoformat() if case.closed_at else "",
            int(took.total_seconds()) // 60 if took is not None else "",
            case.organisation.name if case.organisation else "",
            case.district.name,
            case.pool.title if case.pool else "",
            spent_of(case),
        )
