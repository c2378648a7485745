"""Downloading the register as a list: each download leaves one record."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from dure.core import clock
from dure.core.actions import Reason, action, line, subject
from dure.core.actors import EVERY_PERSON, Actor, Role
from dure.core.models import ExportRecord
from dure.core.policies import anyone
from dure.engines.tables_out import Value, csv_lines, write_xlsx
from dure.registry import import_policies, spool
from dure.registry.actions.imports import ScopeText, YearNumber
from dure.registry.queries import imports as queries
from dure.registry.queries import listing

KEPT = timedelta(hours=24)
EVERYBODY = {**EVERY_PERSON, Role.VISITOR: "o", Role.OPERATOR: "o"}


@dataclass(frozen=True, slots=True)
class ExportRef:
    """A written download: its record, its file in the spool, its rows and hash."""

    id: str
    file: str
    rows: int
    sha256: str


@action(
    "registry.organisation.export",
    ko="조직 목록의 공개 열을 내려받습니다.",
    en="Download the public columns of the register.",
    policy=anyone,
    letters=EVERYBODY,
    subject=queries.scope,
    faces=("web", "cli"),
    long=True,
    writes=("core_exportrecord",),
)
def export_organisations(
    district: ScopeText, form: Literal["csv", "xlsx"], *, actor: Actor
) -> ExportRef:
    """Write the public columns of a district or the city; imported again all is the same."""
    return _written(subject(queries.Scope), form, None, actor, None)


@action(
    "registry.organisation.export_yearly",
    ko="조직 목록을 조합원 수와 출자금까지 내려받습니다.",
    en="Download the register with members and paid-in capital.",
    policy=import_policies.may_import,
    letters={Role.STAFF: "d", Role.OPERATOR: "o"},
    subject=queries.scope,
    reason=Reason.REQUIRED,
    faces=("web", "cli"),
    long=True,
    writes=("core_exportrecord",),
)
def export_yearly(
    district: ScopeText, form: Literal["csv", "xlsx"], year: YearNumber, *, actor: Actor
) -> ExportRef:
    """Write the public columns and one year's members and capital, for a stated reason."""
    return _written(subject(queries.Scope), form, year, actor, "yearly")


def _written(
    scope: queries.Scope, form: str, year: int | None, actor: Actor, kind: str | None
) -> ExportRef:
    head = listing.header(yearly=year is not None)
    count = [0]

    def rows() -> Iterator[tuple[Value, ...]]:
        for row in listing.organisations(scope.district_id, year):
            count[0] += 1
            yield row

    name = secrets.token_hex(16)
    path = spool.folder() / name
    with path.open("xb") as file:
        path.chmod(0o600)
        if form == "csv":
            for piece in csv_lines(head, rows()):
                file.write(piece)
        else:
            write_xlsx(file, "조직 목록", head, rows())
    now = clock.now()
    record = ExportRecord.rows.create(
        actor_kind=actor.kind.value,
        actor=actor.id,
        kind="registry.organisations" + (f".{kind}" if kind else ""),
        format=form,
        query={"district": scope.district_id or queries.CITY, "year": year},
        columns=list(head),
        row_count=count[0],
        size=path.stat().st_size,
        sha256=spool.sha256_of(path),
        watermark=hashlib.sha256(name.encode()).hexdigest()[:16],
        made_at=now,
        expires_at=now + KEPT,
        audit=line().id,
    )
    line().object("core.export", record.pk)
    return ExportRef(str(record.pk), name, count[0], record.sha256)
