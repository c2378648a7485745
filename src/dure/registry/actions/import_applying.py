"""Storing a judged list as a whole, and undoing it by reversal: one set-wise action each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from psycopg import ClientCursor

from dure.core import clock, facts, jobs, progress
from dure.core.actions import Reason, action, line, subject
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.types import UuidText
from dure.registry import import_changes as changes
from dure.registry import import_policies
from dure.registry import import_statements as new
from dure.registry.actions import imports as opening
from dure.registry.actions.import_judging import compare
from dure.registry.errors import RegistryCode
from dure.registry.import_errors import ImportCode
from dure.registry.models import Import, Organisation
from dure.registry.naming import search_columns
from dure.registry.queries import imports as queries
from dure.registry.stating import moment, note_active

REGISTER = (
    "registry_organisation",
    "registry_orgname",
    "registry_orgnumber",
    "registry_orgstate",
    "registry_orgstatus",
    "registry_site",
    "registry_orgcontact",
    "registry_orgyear",
    "registry_membership",
)
STAGE = ("등록부에 적는 중", "writing the register")
FACT_STAGE = ("사건 기록에 적는 중", "writing the journal")
# The database works at these while this process makes, then checks, the rows of the journal.
FIRST = (new.NEW_ORGANISATIONS, new.NEW_NAMES)
OTHERS = (
    new.NEW_STATUSES,
    new.NEW_NUMBERS,
    new.NEW_STATES,
    new.NEW_SITES,
    new.NEW_CONTACTS,
    new.YEARS,
    new.PARENTS,
    "SET CONSTRAINTS ALL IMMEDIATE",  # foreign keys are looked up now, not at the end
    "SET CONSTRAINTS ALL DEFERRED",
)
# Rows staged in this hour have no statistics yet: joins over all of them go by hash, never by loop.
BY_HASH = "SELECT set_config('enable_nestloop', 'off', true)"
BY_LOOP = "SELECT set_config('enable_nestloop', 'on', true)"
CHANGED_MEANWHILE = """
SELECT EXISTS (SELECT FROM core_auditline WHERE at > %s AND outcome = 'done'
  AND (action LIKE 'registry.organisation.%%' OR action LIKE 'registry.status.%%'
    OR action LIKE 'registry.year.%%' OR action LIKE 'registry.merge.%%'
    OR action IN ('registry.import.apply', 'registry.import.undo')))
"""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What was stored: organisations made, changed, left as they are, and rows held."""

    id: str
    state: str
    made: int
    changed: int
    same: int
    held: int
    left: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportJob:
    """An import that the worker will carry out; its progress is found by the job."""

    id: str
    job: str


@action(
    "registry.import.apply",
    ko="판정을 마친 명단을 모두 저장합니다.",
    en="Store a judged list as a whole.",
    policy=import_policies.may_import,
    letters=opening.LETTERS,
    subject=queries.one,
    lock=queries.lock,
    idempotent=True,
    reason=Reason.OPTIONAL,
    audit_refusals=True,
    long=True,
    faces=("web", "cli", "job"),
    writes=("registry_import", "registry_importrow", *REGISTER),
    labels=("org.active",),
    refusals=(
        CoreCode.STATE_CHANGED,
        CoreCode.SECOND_PERSON,
        CoreCode.CANCELLED,
        ImportCode.REJECTED,
        ImportCode.UNANSWERED,
        RegistryCode.CROSSED,
        RegistryCode.FEDERATION_CYCLE,
    ),
    constraints={
        "orgnumber_belongs_to_one_organisation_a_day": RegistryCode.CROSSED,
        "orgnumber_belongs_to_one_organisation_a_day_by_end": RegistryCode.CROSSED,
        "import_of_one_list_is_applied_once": RegistryCode.CROSSED,
    },
)
def apply_import(import_id: UuidText, *, actor: Actor) -> ImportResult:
    """Store every row that is not held, or nothing at all.

    Effects: organisations with names, numbers, states, statuses, head sites, contacts, yearly
    values and federations; facts `org.active`; one audit line. An empty cell erases nothing.
    """
    imp = subject(Import)
    if imp.state == Import.State.REFUSED:
        raise Refusal(ImportCode.REJECTED, count=imp.counts.get("reject", 0))
    opening.refuse_state(imp, "judged")
    opening.refuse_unanswered(imp)
    if queries.waits_for_second(imp, actor):
        raise Refusal(CoreCode.SECOND_PERSON)
    places = _places(imp)
    _compare_again(imp)
    progress.report(*STAGE, 0, 2)
    with connection.cursor() as cursor:
        began = _fetched(cursor, new.BEGAN, places)
    made, rows = _sent(FIRST, places, lambda: _began(began))
    progress.stop_if_cancelled(afresh=True)
    if queries.staged(imp, against="change").exists():
        rows += _changed(imp, places)
    progress.report(*FACT_STAGE, 1, 2)
    _note(rows, places)
    progress.stop_if_cancelled(afresh=True)
    result = _counted(imp, made)
    now = clock.now()
    imp.state, imp.applied_at, imp.ended_at = Import.State.APPLIED, now, now
    imp.applied_line = imp.audit = line().id
    imp.save(update_fields=["state", "applied_at", "ended_at", "applied_line", "audit"])
    line().object("registry.import", imp.pk)
    line().changed("state", "judged", "applied")
    line().changed("rows", None, [result.made, result.changed, result.same, result.held])
    return result


def _places(imp: Import) -> dict[str, Any]:  # Any: values of SQL places
    return {
        "imp": imp.pk,
        "audit": line().id,
        "today": clock.today(),
        "now": clock.now(),
        "year": imp.year,
        "source": f"import:{imp.pk}",
        "applied": imp.applied_line,
    }


T = TypeVar("T")


def _sent(
    statements: Sequence[str], places: dict[str, Any], meanwhile: Callable[[], T]
) -> tuple[int, T]:  # Any: values of SQL places
    """Send statements, work while the database does, and wait; gives the rows of the first."""
    with connection.wrap_database_errors, connection.connection.pipeline():
        cursors = [ClientCursor(connection.connection) for _ in statements]
        for cursor, statement in zip(cursors, statements, strict=True):
            cursor.execute(statement, places)
        worked = meanwhile()
    return cursors[0].rowcount, worked


def _note(rows: Sequence[facts.Row], places: dict[str, Any]) -> None:  # Any: as above
    """Write the other tables, and the journal, whose rows are checked at the same time."""
    left = [OTHERS]

    @contextmanager
    def meanwhile() -> Iterator[None]:
        with connection.wrap_database_errors, connection.connection.pipeline():
            for statement in left.pop():
                ClientCursor(connection.connection).execute(statement, places)
            yield

    if rows:
        note_active(rows, meanwhile)
    if left:
        with meanwhile():
            pass


def _fetched(
    cursor: Any, statement: str, places: dict[str, Any]
) -> list[tuple[Any, ...]]:  # Any: as above
    cursor.execute(statement, places)
    return list(cursor.fetchall())


def _compare_again(imp: Import) -> None:
    """Compare anew when the register changed since the list was judged; a new refusal stops it."""
    with connection.cursor() as cursor:
        cursor.execute(CHANGED_MEANWHILE, [imp.judged_at])
        (changed,) = cursor.fetchone()
    if not changed:
        return
    compare(imp)
    refused = queries.staged(imp, verdict="reject").count()
    if refused:
        raise Refusal(ImportCode.REJECTED, count=refused)


def _changed(imp: Import, places: dict[str, Any]) -> list[facts.Row]:  # Any: as above
    """Change what the register holds already; gives what the journal is told of it."""
    with connection.cursor() as cursor:
        cursor.execute(BY_HASH)
        for statement in changes.CHANGES:
            cursor.execute(statement, places)
        began = _fetched(cursor, changes.NEW_STATUSES_OF_KNOWN, places)
        ended = _fetched(cursor, changes.ENDED_STATUSES, places)
        moved = _fetched(cursor, changes.MOVED, places)
        cursor.execute(BY_LOOP)
    known = _organisations({row[1] for row in (*began, *ended, *moved)})
    rows = _began([(*row, *known[row[1]]) for row in began])
    today = clock.today()
    for status, org, code, day in ended:
        district, form, _ = known[org]
        rows.append(_active(status, "closed", 0, min(day, today), org, district, form, code))
    mark = imp.pk.hex
    for status, org, code, old in moved:
        district, form, _ = known[org]
        rows.append(_active(status, f"left.{mark}", 0, today, org, old, form, code))
        rows.append(_active(status, f"came.{mark}", 1, today, org, district, form, code))
    return rows


def _began(began: Sequence[tuple[Any, ...]]) -> list[facts.Row]:  # Any: as above
    """What the journal is told of statuses that began, and of those that ended since."""
    today, rows = clock.today(), []
    for status, org, code, lower, upper, district, form, founded in began:
        if lower is None or lower <= today:
            rows.append(
                _active(status, "began", 1, lower or founded or today, org, district, form, code)
            )
        if upper is not None and upper <= today:
            rows.append(_active(status, "ended", 0, upper, org, district, form, code))
    return rows


def _organisations(ids: set[UUID]) -> dict[UUID, tuple[str, str, date | None]]:
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, district_id, form, founded_on FROM registry_organisation"
            " WHERE id = ANY(%s)",
            [list(ids)],
        )
        return {row[0]: row[1:] for row in cursor.fetchall()}


def _active(
    status: UUID, part: str, count: int, day: date, org: UUID, district: str, form: str, code: str
) -> facts.Row:
    return facts.Row(
        source=f"registry.status:{status}:{part}",
        qty=count,
        district=district,
        org=org,
        ended=moment(day),
        dims={"status": code, "kind": form},
    )


def _counted(imp: Import, made: int) -> ImportResult:
    staged = queries.staged(imp)
    held = staged.filter(held=True).count()
    changed = staged.filter(held=False, against="change").count()
    same = staged.filter(held=False, against="same").count()
    return ImportResult(str(imp.pk), Import.State.APPLIED, made, changed, same, held)


@action(
    "registry.import.hand",
    ko="긴 명단의 저장을 작업으로 맡깁니다.",
    en="Hand the storing of a long list to the worker.",
    policy=import_policies.may_import,
    letters=opening.LETTERS,
    subject=queries.one,
    lock=queries.lock,
    idempotent=True,
    faces=("web",),
    writes=("registry_import",),
    refusals=(CoreCode.STATE_CHANGED, CoreCode.SECOND_PERSON, ImportCode.UNANSWERED),
)
def hand_import(import_id: UuidText, *, actor: Actor) -> ImportJob:
    """Have the worker apply a judged and answered list; the person may leave the page."""
    imp = subject(Import)
    opening.refuse_state(imp, "judged")
    opening.refuse_unanswered(imp)
    if queries.waits_for_second(imp, actor):
        raise Refusal(CoreCode.SECOND_PERSON)
    job = jobs.later("registry.import.apply", {"import_id": str(imp.pk)}, actor).id
    imp.job, imp.audit = UUID(job), line().id
    imp.save(update_fields=["job", "audit"])
    line().object("registry.import", imp.pk)
    return ImportJob(str(imp.pk), job)


@action(
    "registry.import.undo",
    ko="저장한 명단을 되돌립니다.",
    en="Undo a stored list by reversal.",
    policy=import_policies.may_import,
    letters=opening.LETTERS,
    subject=queries.one,
    lock=queries.lock,
    idempotent=True,
    reason=Reason.REQUIRED,
    audit_refusals=True,
    long=True,
    faces=("web", "cli", "job"),
    writes=("registry_import", "registry_importrow", *REGISTER),
    labels=("org.active",),
    refusals=(CoreCode.STATE_CHANGED, ImportCode.EMPTIED),
)
def undo_import(import_id: UuidText, *, actor: Actor) -> ImportResult:
    """Restore what the import changed, where nobody changed it since; the rest is left and listed.

    Effects: organisations that it made are annulled and their rows removed; old values stand again;
    corrections of yearly values; facts `org.active` 0.
    """
    imp = subject(Import)
    opening.refuse_state(imp, "applied")
    if not queries.staged(imp).exists():
        raise Refusal(ImportCode.EMPTIED)
    places = _places(imp)
    with connection.cursor() as cursor:
        cursor.execute(BY_HASH)
        left = tuple(number for number, _ in _fetched(cursor, changes.CHANGED_SINCE, places))
        if left:
            cursor.execute(changes.LEAVE, {**places, "lines": list(left)})
        ending = _fetched(cursor, changes.STATUSES_TO_END, places)
        restored = _fetched(cursor, changes.CHANGED_ROWS, places)
        for statement in changes.UNDO:
            cursor.execute(statement, places)
        cursor.execute(BY_LOOP)
    _restore(restored)
    today = clock.today()
    rows = [
        _active(status, "undone", 0, lower or today, org, district, form, code)
        for status, org, code, district, form, lower in ending
    ]
    if rows:
        note_active(rows)
    made = queries.staged(imp).filter(held=False, against="new").count()
    imp.state, imp.ended_at, imp.audit = Import.State.UNDONE, clock.now(), line().id
    imp.save(update_fields=["state", "ended_at", "audit"])
    line().object("registry.import", imp.pk)
    line().changed("state", "applied", "undone")
    return ImportResult(str(imp.pk), imp.state, made, len(restored), 0, len(left), left)


def _restore(rows: Sequence[tuple[UUID, dict[str, list[Any]] | str]]) -> None:
    """Put the old values of organisations' own columns back."""
    for organisation_id, stored in rows:
        old = {
            k: v[0] for k, v in (json.loads(stored) if isinstance(stored, str) else stored).items()
        }
        values: dict[str, Any] = {"audit": line().id}
        if "name" in old:
            former = _former_names(organisation_id, old["name"])
            values |= search_columns(old["name"], former)
        if "district" in old:
            values["district_id"] = old["district"]
        for field, column in (("founded", "founded_on"), ("ended", "ended_on")):
            if field in old:
                values[column] = old[field] or None
        Organisation.rows.filter(pk=organisation_id).update(**values)


def _former_names(organisation_id: UUID, present: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM registry_orgname WHERE organisation_id = %s AND name <> %s"
            " ORDER BY lower(valid) DESC",
            [organisation_id, present],
        )
        return [name for (name,) in cursor.fetchall()]
