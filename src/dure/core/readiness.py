"""Whether this installation can serve: each check with its state and what to do.

Law: no versions, paths or names; a stranger may read the answer.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from dure.core.text import T

WORKER_MAX = "60 seconds"
SEAL_MAX = "10 minutes"
FREE_PERCENT_MIN = 10


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its name, whether it holds, and the remedy when it does not."""

    name: str
    ok: bool
    remedy: T | None = None


DATABASE_REMEDY = T("데이터베이스를 다시 시작해 주세요.", "Start the database again.")


def readiness() -> tuple[Check, ...]:
    """All checks, in order; after a failed database check the ones that need it are left out."""
    checks = [_space()]
    try:
        connection.ensure_connection()
    except DatabaseError:
        return (*checks, Check("database", ok=False, remedy=DATABASE_REMEDY))
    checks.append(Check("database", ok=True))
    for check in (_migrations, _clock, _worker, _seal):
        try:
            checks.append(check())
        except DatabaseError:
            checks.append(Check(check.__name__.strip("_"), ok=False, remedy=DATABASE_REMEDY))
    return tuple(checks)


def _check(name: str, ok: bool, ko: str, en: str) -> Check:
    return Check(name, ok=ok, remedy=None if ok else T(ko, en))


def _space() -> Check:
    place = Path(settings.MEDIA_ROOT).parent
    usage = shutil.disk_usage(place if place.exists() else place.anchor)
    enough = usage.free * 100 >= usage.total * FREE_PERCENT_MIN
    return _check(
        "space",
        enough,
        "디스크 빈 자리를 10% 넘게 마련해 주세요.",
        "Free more than 10% of the disk.",
    )


_migrated: list[
    bool
] = []  # a process that has once seen all migrations applied need not read them again


def _migrations() -> Check:
    if not _migrated:
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            _migrated.append(True)
    return _check(
        "migrations", bool(_migrated), "`dure migrate`를 실행해 주세요.", "Run `dure migrate`."
    )


def _ask(statement: str, span: str | None = None) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement, None if span is None else (span,))
        row = cursor.fetchone()
    return row[0] if row else None


def _clock() -> Check:
    ahead = _ask(
        "SELECT coalesce(max(at), '-infinity') <= dure_now() + interval '5 seconds' "
        "FROM core_auditline"
    )
    return _check(
        "clock", ahead is not False, "서버 시계를 맞춰 주세요.", "Set the server's clock right."
    )


def _worker() -> Check:
    seen = _ask(
        "SELECT coalesce(max(last_heartbeat) > transaction_timestamp() - %s::interval, false)"
        " FROM procrastinate_workers",
        WORKER_MAX,
    )
    return _check(
        "worker", bool(seen), "`dure work`를 실행해 주세요.", "Start the worker with `dure work`."
    )


def _seal() -> Check:
    fresh = _ask(
        "SELECT NOT EXISTS (SELECT FROM core_auditline l WHERE l.batch >="
        " coalesce((SELECT horizon FROM core_sealhead WHERE chain = 'core.audit'), 0)"
        " AND l.at < dure_now() - %s::interval)",
        SEAL_MAX,
    )
    return _check(
        "seal",
        bool(fresh),
        "감사 기록 봉인이 늦었습니다. 작업 프로세스를 확인해 주세요.",
        "The audit log was not sealed in time. Look at the worker.",
    )
