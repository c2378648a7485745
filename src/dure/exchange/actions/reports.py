"""Downloading the cases of a process: each download leaves one record."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from dure.core import clock
from dure.core.actions import Who, action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.models import ExportRecord
from dure.core.types import CodeText, IsoDate, UuidText
from dure.engines.tables_out import Value, csv_lines, write_xlsx
from dure.exchange import policies
from dure.exchange.processes import newest
from dure.exchange.queries import reports
from dure.registry import spool

KEPT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class ReportRef:
    """A written download: its record, its file in the spool, its rows and hash."""

    id: str
    file: str
    rows: int
    sha256: str


def asked(body: Any, actor: Actor) -> reports.Asked:  # Any: the drawn body
    """What is to be reported. Raises Refusal(NOT_FOUND) for a process that is not declared, and
    Refusal(BAD_FIELD) for days the wrong way round or more than a year."""
    if newest(body.process) is None:
        raise Refusal(CoreCode.NOT_FOUND)
    begins, ends = body.begins, body.ends
    if not timedelta() <= ends - begins < timedelta(days=reports.DAYS_MAX):
        raise Refusal(CoreCode.BAD_FIELD, field="ends", range=f"{begins} – +{reports.DAYS_MAX}")
    organisation = UUID(body.organisation_id) if body.organisation_id else None
    if organisation is not None and not reports.is_hosted(organisation, actor):
        raise Refusal(CoreCode.NOT_FOUND)
    return reports.Asked(body.process, begins, ends, organisation)


@action(
    "exchange.report.export",
    ko="절차 하나의 약속들을 파일로 내려받습니다.",
    en="Download the agreements of a process as a file.",
    policy=policies.may_report,
    letters={Role.STAFF: "dm", Role.BOARD: "m", Role.OPERATOR: "o"},
    subject=asked,
    who=(Who.PERSON, Who.OPERATOR),
    faces=("web",),
    long=True,
    writes=("core_exportrecord",),
    refusals=(CoreCode.NOT_FOUND, CoreCode.BAD_FIELD),
)
def export_report(
    process: CodeText,
    begins: IsoDate,
    ends: IsoDate,
    form: Literal["csv", "xlsx"],
    organisation_id: UuidText | None = None,
    *,
    actor: Actor,
) -> ReportRef:
    """Write a line a case that the actor hosts; no person and no free text stand in it."""
    wanted = subject(reports.Asked)
    head = [str(one) for one in reports.HEADER]
    written: list[tuple[Value, ...]] = list(reports.rows(wanted, actor))
    name = secrets.token_hex(16)
    path = spool.folder() / name
    with path.open("xb") as file:
        path.chmod(0o600)
        if form == "csv":
            for piece in csv_lines(head, written):
                file.write(piece)
        else:
            write_xlsx(file, process, head, written)
    now = clock.now()
    record = ExportRecord.rows.create(
        actor_kind=actor.kind.value,
        actor=actor.id,
        kind="exchange.cases",
        format=form,
        query={
            "process": process,
            "begins": str(begins),
            "ends": str(ends),
            "organisation": organisation_id,
        },
        columns=head,
        row_count=len(written),
        size=path.stat().st_size,
        sha256=spool.sha256_of(path),
        watermark=hashlib.sha256(name.encode()).hexdigest()[:16],
        made_at=now,
        expires_at=now + KEPT,
        audit=line().id,
    )
    line().object("core.export", record.pk)
    return ReportRef(str(record.pk), name, len(written), record.sha256)
